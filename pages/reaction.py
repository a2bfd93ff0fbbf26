"""Market reaction: what a share did on a day of news, beside its market and its sector."""

from functools import partial

import pandas as pd
import streamlit as st

from core.draw import reaction as draw
from core.draw import reaction_headlines as headlines
from core.draw import reaction_method as method
from core.draw import worked_example
from core.errors import NothingToShow
from core.measure import reaction as measure
from core.ui import prices as shares
from core.ui import reaction as parts
from core.ui import reaction_launches as launches
from core.ui import reaction_tables as tables
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick_view, read_address, show_notes
from core.ui.figure import figure
from core.ui.link import copy_link, say
from core.ui.page import REACTION, boundary, say_faults, show
from core.ui.site import Site

NO_SESSIONS = pd.DatetimeIndex([])


def content(site: Site) -> None:
    """Draw the page from the site's data."""
    st.title("Market reaction", anchor=False)
    head = st.container()
    address, once, families = read_address(), site.once, site.families
    example = site.worked_example
    names = once(parts.companies, families)

    # What the reader chooses
    levels, sessions = None, NO_SESSIONS
    with boundary():
        levels = shares.series(site)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        share = parts.pick_share(address, names, example.ticker)
        if levels is not None:
            sessions = once(parts.sessions_of, levels, share)
        asked = parts.asked_day(address, example.at.date())
        parts.pick_day(asked, sessions)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = pick_view(
            address, "window", "Sessions counted", list(parts.WINDOWS), noun="window", wrap=True
        )
        window = parts.pick_window(address, view)
    company = once(parts.company, families, share)
    here = f"{share}_{asked}"
    events, places = once(shares.no_events), {}
    with boundary():
        events = shares.events(site)
        if levels is not None:
            places = once(parts.places_of_events, events, levels, families, share)
            parts.go_to_event(places, here)

    # What the share did
    found, row = None, None
    with head, boundary():
        show_notes(address)
        say_faults(site.faults("prices"))
        if levels is None:
            raise NothingToShow(headlines.NO_TABLE)
        day = once(parts.session_of, levels, share, asked)
        against = once(measure.benchmarks, share, families)
        found = once(measure.reaction, levels, share, day, against, window)
        headline = once(headlines.headline, found, company)
        st.subheader(headline, anchor=False)
        cautions = once(headlines.cautions, found, company)
        moved = headlines.not_a_session(pd.Timestamp(asked), day, share)
        if said := " ".join([moved, *cautions]).strip():
            st.text(said)
    if found is not None:
        with boundary():
            news = once(measure.news_on, events, sessions, found)
            parts.show_news(news, found.window_dates)
            both = [found]
            if window == (0, 0) and pd.isna(news.column("at")).any():
                with boundary():
                    both.append(once(measure.reaction, levels, share, day, against, (0, 1)))
                    if said := once(headlines.next_day_too, both[-1]):
                        st.markdown(said)
            if parts.is_story(example, found):
                sources = f"Sources: {example.source_name}; {example.closes_source}."
                st.text("\n\n".join([*once(worked_example.story, example), sources]))
            st.markdown(headlines.NOT_A_CAUSE)

        st.subheader("The days around it", anchor=False)
        with boundary():
            rows = once(measure.around, levels, found, parts.AROUND_SESSIONS)
            about = partial(once, tables.facts, site, levels, found, tuple(cautions))
            row = figure(
                "around_tab",
                chart=lambda: show_chart(
                    draw.around_days(parts.colour(families, share)),
                    once(arrow, **once(draw.around_data, rows)),
                    description=headline,
                    key=f"around_{here}_{window}",
                ),
                table=partial(once, tables.around_table, rows),
                columns=tables.around_columns(),
                description=headline,
                facts=about,
                file_name=f"groundswell-days-around-{asked}.csv",
            )

        st.subheader("How unusual that is", anchor=False)
        with boundary():
            if not found.studies:
                raise NothingToShow(headlines.NO_COMPARISON)
            st.markdown(method.ORDINARY_DAYS)
            figure(
                "ordinary_tab",
                chart=partial(parts.ordinary_charts, once, found, here),
                table=partial(tables.study_table, both),
                columns=tables.study_columns(),
                description=headline,
                facts=about,
                file_name=f"groundswell-reaction-{asked}.csv",
            )

    state = {"share": share, "day": str(asked), "window": view}
    if view == parts.OTHER:
        state |= {"first": str(window[0]), "last": str(window[1])}
    say(state)
    with row or st.container():
        copy_link()

    # Several events at once
    if levels is not None:
        launches.show(site, levels, events, share, window)

    st.subheader("All events", anchor=False)
    st.markdown(method.ALL_EVENTS)
    with boundary():
        parts.event_list(events, places, here)


def method_told() -> None:
    """What does not depend on anything chosen."""
    st.subheader("How this is worked out", anchor=False)
    st.markdown(method.HOW)
    with st.expander("The formula"):
        st.markdown(f"{method.FORMULA}\n\n{method.SOURCES}")
    st.subheader("What this cannot tell", anchor=False)
    st.markdown(method.CANNOT_TELL)


show(REACTION, content)
method_told()

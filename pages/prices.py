"""The share price: listed companies behind the families, on the dates a reader chooses."""

from functools import partial

import streamlit as st

from core.draw import price_headlines as headlines
from core.draw import prices as draw
from core.draw import words
from core.errors import NothingToShow
from core.measure import events as measure_events
from core.measure import overlay as measure
from core.ui import prices as parts
from core.ui.below_prices import BELOW, PUBLISHED, published_below, readings_below
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick_several, pick_view, read_address, show_notes, switch
from core.ui.figure import copy_link, figure
from core.ui.page import PRICES, boundary, page, say_faults

LOG, PERCENT = "Log", "Percent change"

with page(PRICES) as site:
    st.title("Share price", anchor=False)
    notes_place, headline_place, private_place = (st.container() for _ in range(3))
    address, once = read_address(), site.once
    names = sorted((family.name for family in site.families), key=str.casefold)

    # What the reader chooses
    chosen = tuple(
        pick_several(
            address,
            "shares",
            "Families",
            names,
            noun="family",
            empty="Choose families to see the shares behind them",
            default=("Qwen",),
        )
    )
    families = tuple(family for family in site.families if family.name in chosen)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # A link that gives only a range means it.
        typed = parts.DATES if "range" in st.query_params else ""
        span = pick_view(
            address, "span", "Dates shown", parts.SPANS, noun="span", otherwise=typed, wrap=True
        )
        dates_place = st.container(width=240)
        scale = pick_view(address, "scale", "Scale", (LOG, PERCENT), noun="scale")
    benchmarks = switch(
        address,
        "benchmarks",
        "With a market fund and a sector fund",
        "If the whole market or the whole sector moved alike, the reason is hardly one model.",
        on=True,
    )
    percent = scale == PERCENT
    shares = once(parts.shares, families, benchmarks=benchmarks)
    tickers = tuple(share.ticker for share in shares)

    series, known, row = None, None, None
    with boundary():
        series = parts.series(site)
        known = once(measure.spans, series, tickers)
    with dates_place:
        start, end = parts.pick_dates(address, known, span)
    pinned = [words.iso(start), words.iso(end)]
    figure_place, event_place = st.container(), st.container()

    # Events: their controls stand below the chart that they decide about
    shown = event = once(parts.no_events)
    kinds = []
    with boundary():
        every = parts.events(site)
        kinds = pick_several(
            address,
            "kinds",
            "Kinds of event",
            once(measure_events.kinds, every),
            noun="kind of event",
            empty="All kinds: choose to narrow down",
        )
        shown = once(measure_events.in_view, every, chosen, tuple(kinds), start, end)
        with event_place:
            event = parts.pick_event(address, shown)
            parts.show_event(event)
        if len(shown):
            parts.event_list(shown)
        else:
            st.markdown("No event of these kinds about these families lies in these dates.")

    # The shares
    if private := headlines.private(families):
        private_place.text(private)
    with figure_place, boundary():
        if series is None:
            raise NothingToShow(headlines.NO_TABLE)
        if not chosen:
            raise NothingToShow(headlines.NO_FAMILY, advice="Choose one in the box above.")
        if not tickers:
            raise NothingToShow(headlines.NO_SHARE)
        overlay = once(measure.overlay, series, tickers, start, end)
        headline = once(headlines.headline, overlay, shares, percent=percent)
        data = once(draw.price_data, overlay, shares, percent=percent)
        marks = once(draw.event_marks, shown, start, end, site.palette)
        picked = marks[marks["event"].isin(event["name"])]
        with headline_place:
            say_faults(site.faults("prices"))
            st.subheader(headline, anchor=False)
            told = (
                headlines.AN_INDEX,
                once(headlines.starting_later, overlay, shares),
                once(headlines.not_there, overlay, once(measure.spans, series)),
                once(headlines.data_end, overlay),
            )
            st.markdown(" ".join(says for says in told if says))
        row = figure(
            "prices_tab",
            chart=lambda: show_chart(
                draw.price_lines(
                    int(marks["lane"].max()) + 1 if len(marks) else 0, percent=percent
                ),
                once(arrow, **data) | once(arrow, marks=marks) | arrow(chosen=picked),
                description=headline,
                key="_".join(["prices", *tickers, *pinned, scale, *kinds, str(len(event))]),
                selection=draw.PICK,
                on_select=parts.choose_event,
            ),
            table=partial(parts.index_table, overlay, shares),
            columns=parts.index_columns(),
            description=headline,
            facts=partial(parts.index_facts, site, overlay, families),
            file_name=f"groundswell-index-{'-'.join(pinned)}.csv",
        )
        st.markdown(headlines.marks(shown, len(marks)))

    # Downloads on the same dates
    st.subheader("Downloads on the same dates", anchor=False)
    st.markdown(headlines.PROVES_NOTHING)
    below = pick_view(address, "below", "What is shown", BELOW, noun="figure")
    with boundary():
        show = published_below if below == PUBLISHED else readings_below
        show(site, chosen, start, end)

    state = {
        "shares": chosen,
        "benchmarks": str(benchmarks).lower(),
        **parts.pinned(span, start, end),
        "scale": scale,
        "kinds": kinds,
        "event": str(event["name"].iloc[0]) if len(event) else "",
        "below": below,
    }
    for key in ("prices_tab", "below_tab"):
        state[key] = str(st.session_state.get(key) or "")
    with row or st.container():
        copy_link(state)
    with notes_place:
        show_notes(address)

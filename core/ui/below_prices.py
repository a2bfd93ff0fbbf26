"""What stands below the shares on the same dates: downloads, published or read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.draw import below_prices as draw
from core.draw import headlines, price_headlines, words
from core.errors import NothingToShow
from core.measure import artefacts
from core.measure.leaderboard import Index
from core.measure.totals import published_totals
from core.schemas import MILESTONES
from core.ui import leaderboard as parts
from core.ui import prices_together as together
from core.ui.answered import answered
from core.ui.boundary import boundary
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick_view, read_address, show_notes
from core.ui.figure import figure
from core.ui.link import say
from core.ui.section import section

if TYPE_CHECKING:
    import pandas as pd

    from core.draw.prices import Share
    from core.measure.history import History
    from core.measure.session_sums import SessionSums
    from core.ui.site import Site

PUBLISHED, READINGS = "Published totals", "30-day readings"
BELOW: Final = (PUBLISHED, READINGS, together.TOGETHER, together.REVENUE_VIEW)


@section
def below(  # noqa: PLR0913, PLR0917 - all that was chosen above
    site: Site,
    families: tuple[str, ...],
    shares: tuple[Share, ...],
    series: pd.DataFrame | None,
    sums: tuple[SessionSums, ...],
    history: History | None,
    dates: tuple[pd.Timestamp, pd.Timestamp],
) -> None:
    """What else there is on the same dates."""
    st.subheader("Downloads on the same dates", anchor=False)
    st.markdown(price_headlines.PROVES_NOTHING)
    address = read_address()
    view = pick_view(address, "below", "What is shown", BELOW, noun="figure", wrap=True)
    say({"below": view, "pair": "", "company": ""})
    with boundary():
        if view == PUBLISHED:
            published_below(site, families, *dates)
        elif view == READINGS:
            readings_below(site, families, *dates)
        elif series is None:
            raise NothingToShow(price_headlines.NO_TABLE)
        elif view == together.TOGETHER:
            pair = together.together_below(site, address, series, shares, sums, history)
            say({"pair": pair})
        else:
            company = together.revenue_below(site, address, families, shares, history, *dates)
            say({"company": company})
    show_notes(address)


def published_below(
    site: Site, families: tuple[str, ...], start: pd.Timestamp, end: pd.Timestamp
) -> None:
    """Published totals of ``families``. Raises ``NothingToShow`` where there are none."""
    once = site.once
    totals = answered(once, published_totals, site.frame(MILESTONES.name), families, start, end)
    says = once(price_headlines.totals, totals, families)
    st.markdown(says)
    figure(
        "below_tab",
        chart=lambda: show_chart(
            draw.totals_points(),
            once(arrow, **once(draw.totals_data, totals, start, end, site.palette)),
            description=says,
            key=f"below_published_{'_'.join(families)}_{words.iso(start)}_{words.iso(end)}",
        ),
        table=lambda: totals.drop(columns=["first_day", "last_day"]),
        columns={"family": st.column_config.TextColumn("Family"), **parts.published_columns()},
        description=says,
        facts=partial(parts.published_facts, words.listing(families), totals),
        file_name=f"groundswell-published-totals-{words.iso(start)}-{words.iso(end)}.csv",
    )


def readings_below(
    site: Site, families: tuple[str, ...], start: pd.Timestamp, end: pd.Timestamp
) -> None:
    """Readings of ``families``. Raises ``NothingToShow`` where fewer than two days were read."""
    once = site.once
    days = [day for day in site.days if start <= day <= end]
    if len(days) < 2:  # noqa: PLR2004 - a change needs two
        message = (
            f"Fewer than two days between {words.day(start)} and {words.day(end)} have readings "
            "that can be compared."
        )
        raise NothingToShow(
            message,
            advice=f"The readings run from {words.day(site.days[0])} to "
            f"{words.day(site.days[-1])}: choose dates that reach into them.",
        )
    first, last = days[0], days[-1]
    every = site.index_over_time(first, last, without_biggest=False)
    index = once(Index.only, every, frozenset(families))
    if index.rows.empty:
        raise NothingToShow(
            headlines.not_drawn(index.left_out)
            or "None of the families chosen has a model on the lists of these days."
        )
    says = once(headlines.index, index, without_biggest=False)
    scopes = index.model_ids | {"downloads_30d"}
    touching = once(artefacts.touching, site.artefacts, scopes, first, last)
    left_out = headlines.not_drawn(index.left_out) if index.left_out else ""
    st.markdown("\n\n".join(text for text in (says, left_out) if text))
    shaded = parts.artefact_sentences(site, index.model_ids, first, last)
    if shaded:
        st.text("\n".join(f"Shaded or marked: {sentence}" for sentence in shaded))
    figure(
        "below_tab",
        chart=lambda: show_chart(
            draw.readings_lines(),
            once(arrow, **once(draw.readings_data, index, touching, start, end, site.palette)),
            description=says,
            key=f"below_readings_{'_'.join(families)}_{words.iso(start)}_{words.iso(end)}",
        ),
        table=partial(parts.index_table, index),
        columns=parts.index_columns(),
        description=says,
        facts=lambda: parts.index_facts(
            site, site.leaderboard(last, first, without_biggest=False), index
        ),
        file_name=f"groundswell-readings-{words.iso(first)}-{words.iso(last)}.csv",
    )

"""Several events at once: the mean reaction of a share to one kind of news."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.draw import reaction as draw
from core.draw import reaction_headlines as headlines
from core.draw.reaction_method import DOTS
from core.errors import NothingToShow
from core.measure import reaction as measure
from core.measure.event_reactions import event_reactions, mean_of_counted
from core.ui import reaction_tables as tables
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick, pick_view, read_address, show_notes, switch
from core.ui.figure import figure
from core.ui.link import say
from core.ui.reaction import colour, company
from core.ui.section import section

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from core.schemas import Family
    from core.ui.site import Site

RELEASE = "model release"
BY_ROLE = {"The whole market": measure.MARKET, "Its sector": measure.SECTOR}


@section
def show(
    site: Site,
    levels: pd.DataFrame,
    events: pd.DataFrame,
    share: str,
    window: tuple[int, int],
) -> None:
    """The section with its controls."""
    address, once, families = read_address(), site.once, site.families
    family = next(one for one in families if share in {one.ticker, *one.also_listed})
    st.subheader(f"All launches and other events of {family.name}", anchor=False)
    own = once(about, events, family)
    if own.empty:
        st.markdown(f"This site lists no event of {family.name} whose day is known.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=260):
            kind = pick(address, "kind", "Kind of event", once(kinds, own), noun="kind of event")
        against = pick_view(address, "against", "Compared with", list(BY_ROLE), noun="comparison")
    leave_out = switch(
        address,
        "apart",
        "Leave out events that share a day with another",
        "One price change must not count as the answer to two events.",
        on=True,
    )
    say({"kind": kind, "against": against, "apart": str(leave_out).lower()})
    show_notes(address)
    role = BY_ROLE[against]
    fund = dict(once(measure.benchmarks, share, families)).get(role)
    if fund is None:
        raise NothingToShow(headlines.NO_COMPARISON)
    found = once(event_reactions, levels, share, fund, once(of_kind, own, kind), window)
    # Where none overlap, both positions of the switch show the same.
    left_out = leave_out and any(found.overlaps)
    mean = once(mean_of_counted, found, left_out=left_out)
    what = "launches" if kind == RELEASE else "events of this kind"
    sentence = headlines.launches(mean, company(families, share), role, what)
    told = (
        headlines.mean_in_figures(mean),
        headlines.overlapping(found, left_out=leave_out),
        headlines.not_studied(len(found) - len(found.studied)),
        headlines.LAUNCHES_SAY_LITTLE,
    )
    st.markdown(f"**{sentence}**\n\n{' '.join(said for said in told if said)}")
    figure(
        "launches_tab",
        chart=lambda: _chart(
            site,
            once(draw.event_data, found, colour(families, share), left_out=left_out),
            len(found.studied),
            sentence,
            f"{share}_{kind}_{role}_{window}_{leave_out}",
        ),
        table=partial(once, tables.launches_table, found, left_out=left_out),
        columns=tables.launches_columns(),
        description=sentence,
        facts=partial(once, tables.launches_facts, site, levels, (share, fund), found),
        file_name=f"groundswell-events-{share}.csv",
    )


def _chart(
    site: Site, data: Mapping[str, pd.DataFrame], number: int, sentence: str, view: str
) -> None:
    st.markdown(DOTS)
    show_chart(
        draw.event_dots(number),
        site.once(arrow, **data),
        description=sentence,
        key=f"launches_{view}",
    )


def about(events: pd.DataFrame, family: Family) -> pd.DataFrame:
    """The events about ``family`` whose day is known."""
    rows: pd.DataFrame = events[events["exact"] & (events["subject"] == family.name)]
    return rows


def kinds(own: pd.DataFrame) -> list[str]:
    """Kinds of these events: launches first, then the most frequent."""
    found = [str(kind) for kind in own["kind"].value_counts(sort=True).index]
    return sorted(found, key=lambda kind: kind != RELEASE)


def of_kind(own: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Those of one kind."""
    rows: pd.DataFrame = own[own["kind"] == kind]
    return rows

"""The leaderboard of 30-day readings: what there is without a daily history."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.draw import headlines, words
from core.draw import leaderboard as draw
from core.errors import NothingToShow
from core.measure import artefacts
from core.measure.leaderboard import Index, Leaderboard
from core.ui import leaderboard as parts
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick_day, pick_several, pick_view, read_address, show_notes, switch
from core.ui.figure import figure
from core.ui.link import copy_link, say
from core.ui.page import boundary, say_faults
from core.ui.section import section

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from core.ui.address import Address
    from core.ui.site import Site

DOWNLOADS, SHARE, LOG, INDEX = "Downloads", "Share", "Log scale", "Index"


@dataclass
class Shown:
    """What the board shows: the families, and its days."""

    board: Leaderboard | None = None
    day: pd.Timestamp | None = None
    earlier: pd.Timestamp | None = None


def show(site: Site, address: Address, names: list[str], headline_place: DeltaGenerator) -> Shown:
    """Controls, headline, chart and table. What fails leaves the rest as it is."""
    shown = Shown()
    with boundary():
        _show(site, address, names, headline_place, shown)
    return shown


def _show(
    site: Site,
    address: Address,
    names: list[str],
    headline_place: DeltaGenerator,
    found: Shown,
) -> None:
    # What the reader chooses
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=170):
            day = pick_day(address, "day", "As of", site.days, newest_first=True)
        with st.container(width=170):
            since = pick_day(address, "since", "Compared with", site.days, newest_first=False)
    chosen = pick_several(
        address,
        "families",
        "Families",
        names,
        noun="family",
        empty="All families: choose to narrow down",
    )
    without_biggest = switch(
        address,
        "without_biggest",
        "Without each family's most downloaded model",
        "One busy model can make a whole family look big. This leaves it out everywhere.",
    )
    if since > day:
        day, since = since, day
        address.notes.append(
            "The two days were the wrong way round and have been swapped: "
            f"{words.day(since)} to {words.day(day)}."
        )
    earlier = since if since < day else None
    found.day, found.earlier = day, earlier
    say(
        {
            "day": words.iso(day),
            "since": words.iso(since),
            "families": chosen,
            "without_biggest": without_biggest,
        }
    )
    board = found.board = site.leaderboard(day, earlier, without_biggest=without_biggest)
    with headline_place:
        say_faults(site.faults("readings", "artefacts", "milestones"))
        st.subheader(site.once(headlines.leader, board), anchor=False)
        ahead = (site.once(headlines.lead, board), site.once(headlines.change, board))
        st.markdown(" ".join(ahead))
        parts.one_model_call_out(site, board)
    wanted = frozenset(chosen or names)
    _figure(site, board, wanted, (since, day), without_biggest=without_biggest)
    if unranked := site.once(headlines.not_ranked, site.once(Leaderboard.only, board, wanted)):
        st.markdown(unranked)
    if chosen:
        st.markdown("Ranks and shares are among all families, not only those shown.")


@section
def _figure(
    site: Site,
    board: Leaderboard,
    wanted: frozenset[str],
    days: tuple[pd.Timestamp, pd.Timestamp],
    *,
    without_biggest: bool,
) -> None:
    """How the ``wanted`` families of ``board`` are drawn, and the figure."""
    once, (since, day), address = site.once, days, read_address()
    view = pick_view(address, "view", "Show", (DOWNLOADS, SHARE, LOG, INDEX), noun="view")
    say({"view": view})
    show_notes(address)
    headline, shown = once(headlines.leader, board), once(Leaderboard.only, board, wanted)
    row = None
    with boundary():
        if view == INDEX:
            every = site.index_over_time(since, day, without_biggest=without_biggest)
            index = once(Index.only, every, wanted)
            if index.rows.empty:
                raise NothingToShow(
                    headlines.not_drawn(index.left_out)
                    or "None of the families chosen has a model on the lists of these days."
                )
            headline = once(headlines.index, index, without_biggest=without_biggest)
            scopes = parts.known_scopes(site, index.model_ids)
            touching = once(artefacts.touching, site.artefacts, scopes, since, day)
            spec = partial(draw.lines, site.palette, index.days)
            datasets = partial(once, draw.index_data, index, touching)
            table, columns = partial(parts.index_table, index), parts.index_columns()
            facts = partial(once, parts.index_facts, site, board, index)
            st.markdown(headline)
            if index.left_out:
                st.markdown(headlines.not_drawn(index.left_out))
            for sentence in parts.artefact_sentences(site, index.model_ids, since, day):
                st.text(f"Shaded: {sentence}")
        else:
            amount: draw.Amount = "share" if view == SHARE else "downloads"
            datasets = partial(_bar_rows, site, shown, amount)
            kind = draw.dots if view == LOG else draw.bars
            spec = partial(kind, site.palette, amount, len(shown.in_order))
            table, columns = partial(parts.board_table, shown), parts.board_columns(shown)
            facts = partial(once, parts.board_facts, site, board)
        row = figure(
            "tab",
            chart=lambda: show_chart(
                spec(), once(arrow, **datasets()), description=headline, key=f"leaderboard_{view}"
            ),
            table=table,
            columns=columns,
            description=headline,
            facts=facts,
            file_name=f"groundswell-{view.lower().replace(' ', '-')}-{words.iso(day)}.csv",
        )
    with row or st.container():
        copy_link()


def _bar_rows(site: Site, shown: Leaderboard, amount: draw.Amount) -> dict[str, pd.DataFrame]:
    return {"rows": site.once(draw.bar_rows, shown, amount)}

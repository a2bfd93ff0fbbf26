"""The leaderboard over any range of days, where the daily history is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import streamlit as st

from core.draw import history as draw
from core.draw import history_data, words
from core.draw import range_headlines as headlines
from core.errors import NothingToShow
from core.measure import ranges, series
from core.measure.bases import BASES, OFFICIAL, SHARED, WITHOUT_BIGGEST
from core.measure.ranges import Range
from core.ui import daily
from core.ui import range_parts as parts
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick, pick_several, pick_view, read_address, show_notes
from core.ui.figure import figure
from core.ui.levels import offer_level
from core.ui.link import copy_link, say
from core.ui.page import boundary, say_faults
from core.ui.section import section

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from core.measure.history import Artefact, History
    from core.measure.ranges import RangeBoard
    from core.ui.address import Address
    from core.ui.site import Site

_MOST_PIECES: Final = 120
"""A stack of more days than this is drawn by weeks: thinner pieces could not be seen."""

_LONGEST_NAME: Final = 200

CallOuts = list[tuple[str, str]]
"""A sentence, and the name of the model it is about."""


@dataclass(frozen=True)
class Chosen:
    """What the reader chose for the whole page; ``span`` is cut to the data."""

    basis: str
    preset: str
    asked: tuple[pd.Timestamp, pd.Timestamp]
    span: Range | None
    families: tuple[str, ...]

    @property
    def state(self) -> dict[str, str | list[str]]:
        """The choices for a link."""
        return {
            "basis": BASES[self.basis].name,
            **parts.pinned(self.preset, *self.asked),
            "families": list(self.families),
        }


def choose(site: Site, address: Address, names: list[str]) -> Chosen:
    """The controls of the board, and what they say."""
    loaded = daily.bases(site)
    by_name = {basis.name: key for key, basis in BASES.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=330):
            name = pick(address, "basis", "What is counted", list(by_name), noun="basis")
        basis = by_name[name]
        history = daily.on_basis(site, basis if basis in loaded else loaded[0], None)
        preset, start, end = parts.pick_span(site, address, history)
    st.caption(f"{name}: {BASES[basis].meaning}.")
    families = pick_several(
        address,
        "families",
        "Families",
        names,
        noun="family",
        empty="All families: choose to narrow down",
    )
    span = None
    with boundary():
        span = ranges.within(history, start, end)
    return Chosen(basis, preset, (start, end), span, tuple(families))


def show(site: Site, chosen: Chosen, headline_place: DeltaGenerator) -> bool:
    """Headline, chart, table and what to know; says whether there is anything to take away."""
    if chosen.span is None:
        return False
    if chosen.basis not in daily.bases(site):
        with headline_place:
            st.subheader(f"{BASES[chosen.basis].name}: not loaded", anchor=False)
        st.text(
            "Here the families would be ranked by downloads "
            f"{headlines.dates(chosen.span)} on this basis: {BASES[chosen.basis].meaning}."
        )
        offer_level(site, BASES[chosen.basis].level)
        return False
    # How the dates were asked for decides nothing below.
    once, span = site.once, Range(chosen.span.start, chosen.span.end)
    history = daily.on_basis(site, chosen.basis, span)
    board = _board(site, chosen.basis, span)
    wanted = frozenset(chosen.families or history.families)
    told = (
        once(headlines.gaps, board),
        once(headlines.without_figures, board),
        "" if BASES[chosen.basis].adds_up else headlines.MORE_THAN_ONE,
    )
    with headline_place:
        say_faults([*daily.faults(site), *site.faults("artefacts")])
        st.subheader(once(headlines.leader, board), anchor=False)
        ahead = f"{once(headlines.lead, board)} {once(headlines.moved, board)}"
        said = (ahead, headlines.cut(chosen.asked, chosen.span), *told)
        st.markdown("\n\n".join(sentence for sentence in said if sentence))
        _bursts(board, wanted, site)
    _figure(site, board, history, wanted, told)
    if chosen.families:
        st.markdown("Ranks and shares in the table are among all families, not only those shown.")
    return True


@section
def _figure(
    site: Site,
    board: RangeBoard,
    history: History,
    wanted: frozenset[str],
    told: tuple[str, ...],
) -> None:
    """How it is drawn, the chart, and what to know of its days."""
    address, basis, span = read_address(), board.basis, board.range
    with st.container(horizontal=True, vertical_alignment="bottom"):
        look = pick_view(address, "look", "Show", draw.LOOKS, noun="view", wrap=True)
        each = pick_view(address, "each", "Each point is a", series.EACH, noun="step", wrap=True)
    say({"look": look, "each": each})
    show_notes(address)
    once = site.once
    headline = once(headlines.leader, board)
    problems = parts.known_problems(site, history, span, wanted)
    row = None
    with boundary():
        row = figure(
            "range_tab",
            chart=partial(_chart, site, View(basis, span, wanted, look, each), problems, headline),
            table=partial(once, _table, board, wanted),
            columns=parts.board_columns(board),
            description=headline,
            facts=partial(parts.facts, site, history, span, list(told), problems),
            file_name=(
                f"groundswell-{look.lower().replace(' ', '-')}-{basis}-"
                f"{words.iso(span.start)}-{words.iso(span.end)}.csv"
            ),
        )
    with row or st.container():
        copy_link()
    parts.problem_list(site, problems)


def _board(site: Site, basis: str, span: Range) -> RangeBoard:
    loaded = daily.bases(site)
    official = daily.stored(site, OFFICIAL) if OFFICIAL in loaded else None
    whole = None
    if not BASES[basis].adds_up and SHARED in loaded:
        whole = daily.stored(site, SHARED)
    return site.once(
        ranges.board,
        daily.on_basis(site, basis, span),
        span,
        models=daily.models(site),
        official=official,
        whole=whole,
    )


def _table(board: RangeBoard, families: frozenset[str]) -> pd.DataFrame:
    return parts.board_table(board.only(families))


def _bursts(board: RangeBoard, families: frozenset[str], site: Site) -> None:
    """Call out families that were largely one model; its name is outside text."""
    leader, others = site.once(_call_outs, board, families)
    for said, model in leader:
        with st.container(border=True):
            st.markdown(f":material/warning: **{said}**")
            left_out = " It is left out here." if board.basis == WITHOUT_BIGGEST else ""
            st.text(f"It is {model}.{left_out}")
    if not others:
        return
    count = words.plural(len(others), "other family", "other families")
    with st.expander(f":material/warning: Much of the downloads in one model: {count}"):
        st.text("\n".join(f"{said} {model}" for said, model in others))


def _call_outs(board: RangeBoard, families: frozenset[str]) -> tuple[CallOuts, CallOuts]:
    """What is to be called out of the leader, and of the other families, with the model."""
    leader, others = list[tuple[str, str]](), list[tuple[str, str]]()
    for row in board.bursts:
        if row.family in families:
            first = row.family == board.ranked[0].family
            model = words.quoted(row.biggest, _LONGEST_NAME)
            (leader if first else others).append((headlines.burst(row), model))
    return leader, others


class View(NamedTuple):
    """All that decides what a chart shows."""

    basis: str
    span: Range
    families: frozenset[str]
    look: str
    each: str


def _chart(site: Site, view: View, problems: tuple[Artefact, ...], headline: str) -> None:
    spec, data, notes = site.once(_drawn, site, view, problems)
    for note in notes:
        st.markdown(note)
    show_chart(
        spec,
        data,
        description=headline,
        key=f"range_{view.look}_{view.each}_{view.basis}",
    )


def _drawn(
    site: Site, view: View, problems: tuple[Artefact, ...]
) -> tuple[dict[str, Any], dict[str, bytes], list[str]]:
    """The specification, its data as they travel, and what is to be said above it."""
    basis, span, families, look, each = view
    history = daily.on_basis(site, basis, span)
    if not families.issuperset(history.families):
        history = history.only(families)
    notes = list[str]()
    if look == draw.SHARE and span.days > _MOST_PIECES and each in {series.DAY, series.SMOOTH}:
        each = series.WEEK
        notes.append("So many days are stacked by weeks.")
    rows = series.lines(history, span, each)
    heading = headlines.heading(basis, span)
    if look == draw.SHARE:
        stacked, dropped = series.shares(rows)
        if dropped:
            notes.append(
                f"{words.plural(dropped, 'point')} left out of the stack: a family was below zero "
                "there, or figures of different days cannot be stacked."
            )
        data = history_data.share_data(stacked, span, site.palette, problems, heading=heading)
        return draw.share_stack(), arrow(**data), notes
    if look == draw.INDEX:
        rows, left_out = series.indexed(rows)
        notes.append(headlines.left_out(left_out, "No figure above zero where the others begin."))
    elif look == draw.LAUNCH:
        launches = series.launch_days(history, parts.launches(site))
        rows, left_out = series.aligned(rows, launches)
        notes.append(
            "Day 0 is the first launch that is known of one of the family's models, else its first "
            "day with data."
        )
        notes.append(
            headlines.left_out(left_out, "Already there when the history begins, launch not known.")
        )
    elif look == draw.LOG and (rows["value"] <= 0).any():
        if not (rows["value"] > 0).any():
            message = "No figure in these dates is above zero: a log scale has no place for it."
            raise NothingToShow(message)
        notes.append("A log scale has no place for zero or less: those points are left out.")
    data = history_data.line_data(rows, span, site.palette, problems, look=look, heading=heading)
    return draw.history_lines(look), arrow(**data), [note for note in notes if note]

"""Sentences about families over a range of days, computed from the data.

They hold names of families and bases, which this project defines, numbers and
dates; no outside text.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.draw import words
from core.measure.bases import BASES
from core.measure.leaderboard import ONE_MODEL_SHARE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measure.ranges import Range, RangeBoard, Standing

DAILY: Final = (
    "Downloads are differences of the Hub's all-time counter from day to day, never its 30-day "
    "counter added up. They count requests for files, not people."
)
MORE_THAN_ONE: Final = (
    "A merge of two families counts in both, so shares on this basis can add to more than 100%."
)
_MOST_NAMED: Final = 4


def dates(span: Range) -> str:
    """When, as it stands in a sentence: "in December 2025", "on 3 May 2026", "from … to …"."""
    start, end = span.start, span.end
    if start == end:
        return f"on {words.day(start)}"
    if start.day == 1 and end == start + pd.offsets.MonthEnd(0):
        return f"in {start:%B %Y}"
    if (start.month, start.day) == (1, 1) and end == start + pd.offsets.YearEnd(0):
        return f"in {start:%Y}"
    return f"from {words.day(start)} to {words.day(end)}"


def heading(basis: str, span: Range) -> str:
    """Two lines for a picture: what is counted, and when."""
    when = dates(span)
    return f"{BASES[basis].name}\n{when[0].upper()}{when[1:]}"


def leader(board: RangeBoard) -> str:
    """Who led, with how much, of what, on which basis."""
    ranked, name = board.ranked, BASES[board.basis].name
    if not ranked:
        return f"{name}: no family has figures {dates(board.range)}."
    first = ranked[0]
    said = (
        f"{name}: {first.family} led {dates(board.range)} with "
        f"{words.count(first.downloads)} downloads"
    )
    if not isnan(first.share):
        said += (
            f", {words.percent(first.share)} of the {words.count(board.denominator)} of "
            f"{words.plural(len(ranked), 'family', 'families')}"
        )
        if not board.adds_up:
            said += ", each download counted once"
    return said + "."


def lead(board: RangeBoard) -> str:
    """How far the first was ahead of the second; empty with fewer than two."""
    ranked = board.ranked
    if len(ranked) < 2 or not ranked[1].downloads > 0:  # noqa: PLR2004
        return ""
    times, second = ranked[0].downloads / ranked[1].downloads, ranked[1].family
    if times == 1:
        return f"{second} had exactly as many."
    if times < 1.05:  # noqa: PLR2004 - would be written as 1.0 times
        return f"That is only {words.percent(times - 1)} more than {second}, which is second."
    return f"That is {times:.1f} times {second}, which is second."


def moved(board: RangeBoard) -> str:
    """Who gained and who lost most ranks against the period before, where that is known."""
    compared = [(row.rank_change, row) for row in board.ranked if row.rank_change is not None]
    before = board.range.before
    period = f"the {words.plural(before.days, 'day')} before"
    if not compared:
        return (
            f"Changes of rank against {period} are not told: some of those days are not known."
            if before.days > 1
            else "A change of rank against the day before is not told: that day is not known."
        )
    parts = []
    most, least = max(change for change, _ in compared), min(change for change, _ in compared)
    if most > 0:
        parts.append(f"{_movers(compared, most)} gained most ranks ({most})")
    if least < 0:
        parts.append(f"{_movers(compared, least)} lost most ({-least})")
    if not parts:
        return f"No family changed its rank against {period}."
    return f"Against {period}, {words.listing(parts)}."


def cut(asked: tuple[pd.Timestamp, pd.Timestamp], span: Range) -> str:
    """That the dates asked for reach beyond the data; empty where they do not."""
    if not span.cut:
        return ""
    return (
        f"{words.day(asked[0])} to {words.day(asked[1])} reaches beyond the daily history: what "
        f"it holds of that, {words.day(span.start)} to {words.day(span.end)}, is shown."
    )


def gaps(board: RangeBoard) -> str:
    """Which families have days without figures, and what was done about them."""
    ranked, days = board.ranked, board.range.days
    said = []
    missing = [row for row in ranked if row.missing > 0]
    if missing:
        same = len({row.missing for row in missing}) == 1 and len(missing) == len(ranked)
        named = [f"{row.family} ({words.plural(row.missing, 'day')})" for row in missing]
        if len(named) > _MOST_NAMED:
            named = [*named[:_MOST_NAMED], f"{len(named) - _MOST_NAMED} more, see the table"]
        every = f"every family ({words.plural(missing[0].missing, 'day')})"
        who = every if same else words.listing(named)
        said.append(
            f"Not every one of the {words.plural(days, 'day')} has figures: they are missing for "
            f"{who}, and not filled in."
        )
    if any(row.cut > 0 for row in ranked):
        said.append(
            "A figure after a gap covers several days and cannot be divided: where it reaches "
            "over an edge of these dates it is not counted."
        )
    longest = max((row.longest for row in ranked), default=0)
    if longest > 1:
        said.append(f"One figure covers up to {longest} days, after a gap: it is one flat step.")
    most = max((row.unfinished for row in ranked), default=0)
    if most > 0:
        said.append(
            f"{words.plural(most, 'day')} in these dates {'is' if most == 1 else 'are'} not "
            "finished or only partly known: counted as far as known, dashed in the chart."
        )
    names = [row.family for row in ranked if row.downloads < 0]
    if names:
        said.append(
            f"{words.listing(names)} {'is' if len(names) == 1 else 'are'} below zero because the "
            "Hub took counts back in these dates."
        )
    return " ".join(said)


def without_figures(board: RangeBoard) -> str:
    """Which families have no figure at all; empty where all have."""
    if not board.without_figures:
        return ""
    return f"No figures in these dates: {words.listing(board.without_figures)}."


def burst(row: Standing) -> str:
    """The call-out for a family that was largely, or suddenly more, one model."""
    share, before = row.biggest_share, row.biggest_share_before
    said = f"One model was {words.percent(share)} of {row.family}'s downloads of official models"
    if before >= 0:
        said += f", after {words.percent(before)} in the period before"
    return said + ("." if share > ONE_MODEL_SHARE else ": a jump.")


def left_out(names: Sequence[str], why: str) -> str:
    """Which families are not drawn, and why; empty where all are."""
    return f"Not drawn: {words.listing(list(names))}. {why}" if names else ""


def _movers(compared: Sequence[tuple[int, Standing]], change: int) -> str:
    rows = [row for moved, row in compared if moved == change]
    return words.listing([f"{row.family} ({row.rank_before} to {row.rank})" for row in rows])

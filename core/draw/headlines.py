"""Sentences computed from the data: each is a page's headline and a chart's alt text.

They hold names of families, which this project defines, and no outside text.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from core.draw import words
from core.measure.leaderboard import FEWEST_MODELS, ONE_MODEL_SHARE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from core.measure.leaderboard import Index, Leaderboard, Standing


def basis(board: Leaderboard) -> str:
    """What a leaderboard counts, in words."""
    if board.without_biggest:
        return "official models, each family without its most downloaded one"
    return "official models only"


def leader(board: Leaderboard) -> str:
    """Who leads, with how much, of what."""
    if not board.in_order:
        return (
            f"No family has {FEWEST_MODELS} official models on the list of "
            f"{words.day(board.day)}, so none is ranked."
        )
    first = board.in_order[0]
    counted = "Counting each family without its most downloaded model, " * board.without_biggest
    sentence = (
        f"{counted}{first.family} leads with {words.count(first.downloads)} downloads "
        f"in the 30 days to {words.day(board.day)}"
    )
    if board.total:
        sentence += (
            f": {words.percent(first.share)} of the {words.count(board.total)} counted "
            f"for {words.plural(board.counted, 'official model')} of "
            f"{words.plural(len(board.rows), 'family', 'families')}"
        )
    return sentence + "."


def lead(board: Leaderboard) -> str:
    """How far the first is ahead of the second; empty with fewer than two."""
    ranked = board.in_order
    if len(ranked) < 2 or not ranked[1].downloads:  # noqa: PLR2004
        return ""
    first, second = ranked[:2]
    times = first.downloads / second.downloads
    return f"That is {times:.1f} times {second.family}, which is second."


def one_model(board: Leaderboard, family: str) -> str:
    """The call-out for a family that is largely one model; empty where it is not.

    The model itself is named beside it, as data.
    """
    row = board.standing(family)
    if row is None or not row.biggest_share > ONE_MODEL_SHARE:
        return ""
    total = round(row.biggest_downloads / row.biggest_share)
    return (
        f"One model is {words.percent(row.biggest_share)} of {family}'s "
        f"{words.count(total)} downloads."
    )


def change(board: Leaderboard) -> str:
    """The steepest rise and fall among ranked families; empty without an earlier day."""
    if board.since is None:
        return ""
    compared = [
        (row.change, row)
        for row in board.in_order
        if row.on_both >= FEWEST_MODELS and row.change is not None
    ]
    if not compared:
        return ""
    parts = []
    # Of families that rose equally the last is named, of those that fell the first.
    rise, top = max(reversed(compared), key=itemgetter(0))
    fall, bottom = min(compared, key=itemgetter(0))
    if rise > 0:
        parts.append(f"{_moved(top)} rose most ({words.change(rise)})")
    if fall < 0:
        parts.append(f"{_moved(bottom)} fell most ({words.change(fall)})")
    if not parts:
        return f"Nothing changed since {words.day(board.since)} over the models on both lists."
    return (
        f"Since {words.day(board.since)}, over the models on both days' lists, "
        f"{words.listing(parts)}."
    )


def without_biggest(board: Leaderboard, without: Leaderboard) -> str:
    """What leaving out each family's most downloaded model does to the lead."""
    if not board.in_order or not without.in_order:
        return ""
    before, after = board.in_order[0], without.in_order[0]
    if before.family == after.family:
        return (
            f"Without each family's most downloaded model {after.family} still leads, "
            f"with {words.percent(after.share)} instead of {words.percent(before.share)}."
        )
    return (
        f"Without each family's most downloaded model {after.family} leads "
        f"instead of {before.family}, with {words.percent(after.share)}."
    )


def runners_up(board: Leaderboard) -> str:
    """The families in second to fourth place."""
    names = [row.family for row in board.in_order[1:4]]
    if not names:
        return ""
    return (
        f"Behind {board.in_order[0].family} follow {words.listing(names)}. On a log scale "
        "the small families can be told apart too."
    )


def index(index: Index, *, without_biggest: bool) -> str:
    """What the index lines show."""
    since, day = index.days[0], index.days[-1]
    there = index.rows["day"].to_numpy() == day.to_datetime64()
    heights = index.rows["index_100"].to_numpy()[there].tolist()
    last = sorted(
        zip(heights, index.rows["family"].array[there].tolist(), strict=True), key=itemgetter(0)
    )
    (top, highest), (bottom, lowest) = last[-1], last[0]
    counted = "Counting each family without its most downloaded model, " * without_biggest
    sentence = (
        f"{counted}{highest} stands at {top:.0f} on {words.day(day)}, "
        f"with {words.day(since)} as 100"
    )
    if len(last) > 1:
        sentence += f"; {lowest} is lowest at {bottom:.0f}"
    return sentence + ". On every day the same models are summed."


def not_drawn(families: Sequence[str]) -> str:
    """Which families the index leaves out, and why; empty where it leaves out none."""
    if not families:
        return ""
    return (
        f"Not drawn: {words.listing(families)}. Fewer than {FEWEST_MODELS} of their models are "
        "on every day's list."
    )


def not_ranked(board: Leaderboard) -> str:
    """Which families are listed but not ranked, and why; empty where none is."""
    families = [
        f"{row.family} ({words.plural(row.models, 'model')}, "
        f"{words.count(row.downloads)} downloads)"
        for row in board.standings
        if row.rank is None
    ]
    if not families:
        return ""
    return (
        f"Not ranked, because fewer than {FEWEST_MODELS} of their models are on the list: "
        f"{words.listing(families)}."
    )


def models(frame: pd.DataFrame, family: str, day: pd.Timestamp) -> str:
    """How a family's downloads spread over its models."""
    downloads = frame["downloads"].to_numpy()
    total, top = downloads.sum(), downloads[:10].sum()
    if len(frame) <= 10:  # noqa: PLR2004 - ten is what the chart shows
        return (
            f"{family} has {words.plural(len(frame), 'official model')} on the list of "
            f"{words.day(day)}, with {words.count(total)} downloads in 30 days."
        )
    return (
        f"The ten most downloaded of {family}'s {len(frame)} listed models make up "
        f"{words.percent(top / total if total else 0)} of its {words.count(total)} downloads "
        f"in the 30 days to {words.day(day)}."
    )


def milestones(frame: pd.DataFrame, family: str) -> str:
    """How many published figures there are, and whose."""
    publishers = frame["source_name"].nunique()
    return (
        f"{words.plural(len(frame), 'published figure')} about {family}, "
        f"by {words.plural(publishers, 'publisher')}. They count different things: "
        "compare only figures that count the same."
    )


def _moved(row: Standing) -> str:
    return f"{row.family} ({words.plural(row.on_both, 'model')})"

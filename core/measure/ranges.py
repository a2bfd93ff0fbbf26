"""Families ranked by downloads in any range of days of the daily history.

Every sum is of daily downloads, differences of the all-time counter; never of
30-day counters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.leaderboard import ONE_MODEL_SHARE
from core.measure.standings import one_by_one, ranks, whole_numbers
from core.measure.sums import counters_at, longest, sums

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from core.measure.history import Artefact, History
    from core.measure.history_models import ModelHistory

JUMP: Final = 0.15
"""A model whose share of its family rose by more than this is called out."""

_POINTS: Final = 60
"""Most points of a small line in a table; a longer range is averaged to fit."""

_ONE_DAY: Final = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Range:
    """Days from ``start`` to ``end``; ``cut`` where other days were asked for too."""

    start: pd.Timestamp
    end: pd.Timestamp
    cut: bool = False

    @property
    def days(self) -> int:
        """How many days, both ends included."""
        return (self.end - self.start).days + 1

    @property
    def before(self) -> Range:
        """The period of equal length that ends the day before."""
        return Range(self.start - self.days * _ONE_DAY, self.start - _ONE_DAY)


def within(history: History, start: pd.Timestamp, end: pd.Timestamp) -> Range:
    """The days from ``start`` to ``end`` that the history has.

    Raises ``NothingToShow`` where it has none of them.
    """
    first, last = known_days(history)
    if start > last or end < first:
        message = (
            f"The daily history runs from {first:%Y-%m-%d} to {last:%Y-%m-%d}: it has nothing "
            f"from {start:%Y-%m-%d} to {end:%Y-%m-%d}."
        )
        raise NothingToShow(message, advice="Choose dates that reach into it.")
    held = max(start, first), min(end, last)
    return Range(*held, cut=held != (start, end))


def known_days(history: History) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of which any family's downloads are known."""
    if history.known is None:
        message = "The daily history in the store has no figures for these families."
        raise NothingToShow(message)
    return history.known


class Standing(NamedTuple):
    """A row of a board, see ``RangeBoard``; ranks that are null there are None."""

    rank: int | None
    family: str
    downloads: float
    share: float
    missing: int
    cut: int
    unfinished: int
    longest: int
    rank_before: int | None
    rank_change: int | None
    biggest: str
    biggest_share: float
    biggest_share_before: float


@dataclass(frozen=True)
class RangeBoard:
    """The families over one range, on one basis.

    ``rows`` has a row a family, those with figures first, most downloads first:

    - ``rank`` (Int64, null without a figure; equals share one), ``family``
    - ``downloads`` in the range, ``per_day`` (of the days known), ``share`` of
      ``denominator`` (0 to 1; null where that is not above zero)
    - ``days_known``, ``missing``, ``cut``, ``unfinished``, ``longest``: see
      ``history.Total``
    - ``all_time`` and the day it is of, ``all_time_on``
    - ``before``: downloads in the period of equal length before; ``change``:
      downloads / before - 1; ``rank_before``, ``rank_change`` (above zero:
      gained). Null unless every day of both periods is known
    - ``biggest``, ``biggest_downloads``, ``biggest_share``: the most downloaded
      official model and its share of the family's official downloads;
      ``biggest_share_before``; null where models are not loaded
    - ``series``: list of floats, downloads a day along the range, at most
      sixty points; without those of which nothing is known

    ``denominator`` is what shares are of, ``adds_up`` false where shares may
    add to more than 1 because a merge counts in several families.
    """

    basis: str
    range: Range
    rows: pd.DataFrame
    denominator: float
    adds_up: bool

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """The rows one by one."""
        return one_by_one(self.rows, Standing)

    @cached_property
    def ranked(self) -> tuple[Standing, ...]:
        """Families with a figure, best first."""
        return tuple(row for row in self.standings if row.rank is not None)

    @cached_property
    def without_figures(self) -> tuple[str, ...]:
        """Families of which nothing is known in the range."""
        return tuple(row.family for row in self.standings if row.rank is None)

    @cached_property
    def bursts(self) -> tuple[Standing, ...]:
        """Families of which one model is much, or suddenly more; biggest share first."""
        held = [
            row
            for row in self.standings
            if row.biggest_share > ONE_MODEL_SHARE
            or row.biggest_share - row.biggest_share_before > JUMP
        ]
        return tuple(sorted(held, key=lambda row: -row.biggest_share))

    def only(self, families: frozenset[str]) -> RangeBoard:
        """The rows of some families; ranks and shares stay those among all."""
        held = [at for at, row in enumerate(self.standings) if row.family in families]
        if len(held) == len(self.standings):
            return self
        return replace(self, rows=self.rows.take(held))


def board(
    history: History,
    span: Range,
    *,
    models: ModelHistory | None = None,
    official: History | None = None,
    whole: History | None = None,
) -> RangeBoard:
    """Rank the families of ``history`` over ``span``.

    ``models`` and ``official`` (the history of official models) tell how much
    of a family one model is. ``whole`` is a history whose families may be
    added, for the denominator of one whose may not.
    """
    low, high, days = history.column(span.start), history.column(span.end), span.days
    told = sums(history, [low, low - days], [high, low - 1])
    now, then = told.downloads.T
    complete = (told.known[:, 0] > 0) & (told.missing == 0).all(axis=1)
    rank, rank_before = ranks(now), np.where(complete, ranks(then), np.nan)
    before = np.where(complete, then, np.nan)
    denominator = _denominator(whole, span) if whole else float(np.nansum(now))
    counter, on = counters_at(history, span.end)
    columns = {
        "family": np.array(history.families, dtype=object),
        "downloads": now,
        "per_day": told.per_day[:, 0],
        "days_known": told.known[:, 0],
        "missing": told.missing[:, 0],
        "cut": told.cut[:, 0],
        "unfinished": told.unfinished[:, 0],
        "longest": longest(history, low, high),
        "all_time": counter,
        "all_time_on": on.astype("datetime64[us]"),
        "before": before,
        "rank": rank,
        "rank_before": rank_before,
        "rank_change": rank_before - rank,
        "change": now / np.where(before > 0, before, np.nan) - 1,
        "share": now / denominator if denominator > 0 else np.full(len(now), np.nan),
        **_biggest(history.families, span, models, official),
    }
    # Families come by name, which decides between equals.
    order = np.argsort(-now, kind="stable")
    rows: dict[str, Any] = {name: values[order] for name, values in columns.items()}
    rows |= {name: pd.array(rows[name], dtype="str") for name in ("family", "biggest")}
    rows |= {name: whole_numbers(rows[name]) for name in ("rank", "rank_before", "rank_change")}
    lines = sparks(history, span)
    rows["series"] = [lines[at] for at in order]
    return RangeBoard(history.basis, span, pd.DataFrame(rows), denominator, adds_up=whole is None)


def sparks(history: History, span: Range) -> list[list[float]]:
    """Each family's downloads a day along ``span``, in at most sixty steps of equal length.

    A step of which not every day is known is left out.
    """
    first, last = history.column(span.start), history.column(span.end)
    low = np.arange(first, last + 1, -(-span.days // _POINTS))
    told = sums(history, low, np.append(low[1:] - 1, last))
    whole = (told.known > 0) & (told.missing == 0)
    return [values[known].tolist() for values, known in zip(told.per_day, whole, strict=True)]


def artefacts_in(
    history: History,
    span: Range,
    families: frozenset[str],
    family_of: Callable[[str], str | None],
) -> tuple[Artefact, ...]:
    """Artefacts of the history that touch ``span``; of models only those of ``families``."""
    return tuple(
        artefact
        for artefact in history.artefacts
        if artefact.start <= span.end
        and artefact.end >= span.start
        and ("/" not in artefact.scope or family_of(artefact.scope) in families)
    )


def _downloads(history: History, span: Range) -> NDArray[np.float64]:
    return sums(history, [history.column(span.start)], [history.column(span.end)]).downloads[:, 0]


def _denominator(whole: History, span: Range) -> float:
    return float(np.nansum(_downloads(whole, span)))


def _biggest(
    families: tuple[str, ...],
    span: Range,
    models: ModelHistory | None,
    official: History | None,
) -> dict[str, Any]:
    """Each family's most downloaded model; nulls where nothing tells."""
    nothing = np.full(len(families), np.nan)
    names: list[str | None] = [None] * len(families)
    amounts, shares, before = nothing.copy(), nothing.copy(), nothing.copy()
    if models and official:
        biggest = models.biggest(span.start, span.end)
        earlier = models.totals(span.before.start, span.before.end)
        now, then = _downloads(official, span), _downloads(official, span.before)
        for at, family in enumerate(families):
            row, found = official.row(family), biggest.get(family)
            if found is None or row < 0:
                continue
            names[at], amounts[at] = found.model_id, found.downloads
            if now[row] > 0:
                shares[at] = found.downloads / now[row]
            if then[row] > 0:
                before[at] = earlier[models.row[found.model_id]] / then[row]
    return {
        "biggest": np.array(names, dtype=object),
        "biggest_downloads": amounts,
        "biggest_share": shares,
        "biggest_share_before": before,
    }

"""Sums of a daily history over any ranges of days, for all families at once.

A page asks for hundreds of them: of every family, before and now, along the
range, month by month. From running sums each is a difference of two numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from core.measure.history import History

    Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Running:
    """Running sums along the days of a history: families × (days + 1), the first column 0.

    ``downloads`` of the figures (exact up to 2⁵³), ``known``: days that they
    cover, ``touched``: days that any figure covers, ``unfinished`` figures.
    """

    downloads: NDArray[np.float64]
    known: NDArray[np.int32]
    touched: NDArray[np.int32]
    unfinished: NDArray[np.int32]

    @classmethod
    def of(cls, history: History) -> Running:
        """The running sums of ``history``."""
        figure = history.covers > 0
        return cls(
            _running(np.where(figure, history.downloads, 0.0), np.float64),
            _running(history.covers, np.int32),
            _running(history.stands_at >= 0, np.int32),
            _running(figure & ~history.complete, np.int32),
        )


@dataclass(frozen=True)
class Sums:
    """Of each family (row) in each range (column): see ``history.Total`` for the words.

    ``days`` is how many days each range has, a number a range.
    """

    downloads: NDArray[np.float64]
    known: Counts
    missing: Counts
    cut: Counts
    unfinished: Counts
    days: Counts

    @property
    def per_day(self) -> NDArray[np.float64]:
        """Downloads a known day; NaN without any."""
        return self.downloads / np.where(self.known > 0, self.known, 1)


def sums(history: History, first: Sequence[int] | Counts, last: Sequence[int] | Counts) -> Sums:
    """Sums of the figures that lie wholly in each range of columns, both ends included.

    Columns may lie outside the history: such days are missing.
    """
    low, high = np.asarray(first, np.int64), np.asarray(last, np.int64)
    days = np.maximum(high - low + 1, 0)
    end = len(history.days)
    begin = np.clip(low, 0, end)
    stop = np.maximum(np.clip(high + 1, 0, end), begin)
    running = history.running
    downloads = running.downloads[:, stop] - running.downloads[:, begin]
    known = (running.known[:, stop] - running.known[:, begin]).astype(np.int64)
    touched = running.touched[:, stop] - running.touched[:, begin]
    unfinished = (running.unfinished[:, stop] - running.unfinished[:, begin]).astype(np.int64)
    # At most one figure reaches over the first day of a range: figures do not overlap.
    rows = np.arange(len(history.families))[:, None]
    over = history.stands_at[:, np.minimum(begin, end - 1)]
    covers = history.covers[rows, over]
    crossing = (over >= 0) & (over - covers + 1 < begin) & (over < stop) & (begin < stop)
    downloads -= np.where(crossing, history.downloads[rows, over], 0.0)
    known -= np.where(crossing, covers, 0)
    unfinished -= crossing & ~history.complete[rows, over]
    return Sums(
        np.where(known > 0, downloads, np.nan),
        known,
        days - known,
        touched - known,
        unfinished,
        days,
    )


def longest(history: History, first: int, last: int) -> NDArray[np.int32]:
    """Most days that one figure covers which lies wholly in these columns, 0 without any."""
    low, high = max(first, 0), min(last, len(history.days) - 1)
    if low > high:
        return np.zeros(len(history.families), np.int32)
    covers = history.covers[:, low : high + 1]
    inside = np.where(covers <= np.arange(1, high - low + 2), covers, 0)
    most: NDArray[np.int32] = inside.max(axis=1)
    return most


def counters_at(
    history: History, day: pd.Timestamp
) -> tuple[NDArray[np.float64], NDArray[np.datetime64]]:
    """Every family's all-time counter at the end of ``day``, and the day it is of.

    Where that day has none, the last known before it; NaN and NaT without any.
    """
    column = min(history.column(day), len(history.days) - 1)
    count = len(history.families)
    if column < 0:
        return np.full(count, np.nan), np.full(count, np.datetime64("NaT", "D"))
    known = ~np.isnan(history.all_time[:, : column + 1])
    at = column - np.argmax(known[:, ::-1], axis=1)
    some = known.any(axis=1)
    values = np.where(some, history.all_time[np.arange(count), at], np.nan)
    return values, np.where(some, history.days[at], np.datetime64("NaT", "D"))


def _running(values: NDArray[Any], kind: Any) -> NDArray[Any]:  # noqa: ANN401 - a dtype
    held = np.zeros((values.shape[0], values.shape[1] + 1), kind)
    np.cumsum(values, axis=1, out=held[:, 1:])
    return held

"""A figure of a claim from the daily history: what is sure, and what at most.

A figure is an interval: where days are missing, or only part of what is counted
is known, it has a least and a most instead of one value. So nothing that is not
known is ever taken for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.measure import history as measure_history
from core.measure.claims_terms import month_number

if TYPE_CHECKING:
    from core.measure.history import History

NEAR: Final = 31
"""Days within which counters on both sides of a day may stand for the ends of what it was."""

Days = tuple[pd.Timestamp, pd.Timestamp]
"""A first and a last day, both included."""


@dataclass(frozen=True)
class Figure:
    """What is known of one number: at least ``low``, at most ``high``.

    Equal where it is known exactly; ``high`` is infinite where only a least is
    known, and ``low`` minus infinity where nothing is. ``lacks`` says in a
    sentence what is missing, empty where nothing is. ``first`` and ``last`` are
    the days of the data behind it, ``sources`` their keys. ``value`` is the best
    single value, NaN without one: what is sure, not a guess between the ends.
    """

    low: float
    high: float
    lacks: str = ""
    first: pd.Timestamp | None = None
    last: pd.Timestamp | None = None
    sources: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether anything is known of it."""
        return self.low > -inf or self.high < inf

    @property
    def exact(self) -> bool:
        """Whether it is one value."""
        return self.low == self.high

    @property
    def value(self) -> float:
        """The value, or the least where only that is known; NaN where nothing is."""
        return self.low if self.low > -inf else float("nan")


def unknown(lacks: str) -> Figure:
    """A figure of which nothing is known, and why."""
    return Figure(-inf, inf, lacks)


def counted(found: History, name: str, days: Days) -> Figure:
    """The all-time counter of a family or an official model, somewhere in ``days``.

    Its ends are the counters at the first and the last of the days; where
    one has none, the nearest within ``NEAR``. Counters do not fall, but for
    the roll-backs among the artefacts.
    """
    first, last = days
    row = found.row(name)
    known = np.flatnonzero(~np.isnan(found.all_time[row])) if row >= 0 else np.array([], int)
    if not len(known):
        return unknown(f"The history has no all-time counter of {name} on this basis.")
    begins, ends = found.column(first), found.column(last)
    at_or_before = known[known <= begins]
    at_or_after = known[known >= ends]
    held = f"The counters of {name} run from {_day(found, known[0])} to "
    held += f"{_day(found, known[-1])}."
    if not len(at_or_before) or begins - at_or_before[-1] > NEAR:
        return unknown(f"There is no counter close before {first:%Y-%m-%d}. {held}")
    low = int(at_or_before[-1])
    if not len(at_or_after) or at_or_after[0] - ends > NEAR:
        inside = known[known <= ends]
        top = int(inside[-1])
        lacks = f"There is no counter close after {last:%Y-%m-%d}. {held}"
        return _figure(found, row, (low, top), (float(found.all_time[row, low]), inf), lacks)
    top = int(at_or_after[0])
    ordered = sorted((float(found.all_time[row, low]), float(found.all_time[row, top])))
    lacks = ""
    if (low, top) != (begins, ends):
        lacks = (
            f"The counter of the day itself is missing: it lies between those of "
            f"{_day(found, low)} and {_day(found, top)}."
        )
    return _figure(found, row, (low, top), (ordered[0], ordered[1]), lacks)


def downloaded(found: History, name: str, days: Days) -> Figure:
    """Downloads of a family or an official model from a first to a last day.

    Days before a family's first figure count as none, where the history
    knows others then: it had no model yet.
    """
    first, last = days
    row = found.row(name)
    figures = np.flatnonzero(found.covers[row] > 0) if row >= 0 else np.array([], int)
    if not len(figures):
        return unknown(f"The history has no downloads of {name} on this basis.")
    starts = int(figures[0] - found.covers[row, figures[0]] + 1)
    begins, ends = found.column(first), found.column(last)
    if ends < 0 or begins >= len(found.days):
        return unknown(
            f"The daily history runs from {found.first:%Y-%m-%d} to {found.last:%Y-%m-%d}."
        )
    if ends < starts:
        return Figure(0.0, 0.0, f"{name} has no figure before {_day(found, starts)}.")
    if begins >= 0:  # before the history nobody knows whether it had one
        begins = max(begins, starts)
        first = pd.Timestamp(found.days[begins])
    told = measure_history.total(found, name, first, last)
    if not told.known:
        return unknown(f"No day of these is known for {name}.")
    begins, top = max(begins, 0), min(ends, len(found.days) - 1)
    low, high, lacks = told.downloads, told.downloads, ""
    if told.missing or told.unfinished:
        lacks = (
            f"{told.missing} of the {told.days_in_range} days are not known by themselves"
            if told.missing
            else f"{told.unfinished} of the {told.days_in_range} days are not finished"
        ) + ": the figure is a least."
        high = inf
        if told.missing == told.cut and not told.unfinished:
            high = low + _cut(found, row, begins, top)
            lacks = (
                f"{told.cut} of the {told.days_in_range} days are known only together with "
                "days outside: the figure lies between what is sure and that."
            )
    return _figure(found, row, (begins, top), (low, high), lacks)


def passed(found: History, name: str, other: str) -> Figure:
    """Number of the month in which one family's all-time counter passed another's.

    See ``claims_terms.month_number``. Where it was ahead from the first
    common day on, that month is a most; where it is behind on the last, the
    month after it is a least.
    """
    own, its = found.row(name), found.row(other)
    if own < 0 or its < 0:
        return unknown(f"The history has no counters of {name if own < 0 else other}.")
    lead = found.all_time[own] - found.all_time[its]
    days = np.flatnonzero(~np.isnan(lead))
    if not len(days):
        return unknown("There is no day on which both counters are known.")
    behind = days[lead[days] <= 0]
    edges = (int(days[0]), int(days[-1]))
    if not len(behind):
        lacks = f"{name} was ahead on {_day(found, days[0])}, the first day with both counters."
        month = float(_month(found, edges[0]))
        return _figure(found, own, edges, (-inf, month), lacks)
    if behind[-1] == days[-1]:
        lacks = f"{name} was not ahead on {_day(found, days[-1])}, the last day with both."
        month = float(_month(found, edges[1]))
        return _figure(found, own, edges, (month, inf), lacks)
    ahead = days[days > behind[-1]][0]
    low, high = float(_month(found, int(behind[-1]))), float(_month(found, int(ahead)))
    lacks = "" if low == high else f"The days before {_day(found, ahead)} are missing."
    if ahead - behind[-1] == 1:
        low, lacks = high, ""
    return _figure(found, own, (int(behind[-1]), int(ahead)), (low, high), lacks)


def _figure(
    found: History, row: int, columns: tuple[int, int], ends: tuple[float, float], lacks: str
) -> Figure:
    used = np.unique(found.source[row, columns[0] : columns[1] + 1])
    return Figure(
        *ends,
        lacks,
        pd.Timestamp(found.days[columns[0]]),
        pd.Timestamp(found.days[columns[1]]),
        tuple(found.sources[at] for at in used if at >= 0),
    )


def _cut(found: History, row: int, begins: int, ends: int) -> float:
    """Downloads of the figures that reach over an edge of these columns, in full."""
    stands = np.unique(found.stands_at[row, begins : ends + 1])
    over = [
        at for at in stands if at >= 0 and (at > ends or at - found.covers[row, at] + 1 < begins)
    ]
    return float(sum(found.downloads[row, at] for at in over))


def _day(found: History, column: int) -> str:
    return f"{pd.Timestamp(found.days[column]):%Y-%m-%d}"


def _month(found: History, column: int) -> int:
    return month_number(pd.Timestamp(found.days[column]))

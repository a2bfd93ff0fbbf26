"""Downloads, counted on all seven days of a week, laid on the sessions of an exchange.

A session gets the downloads of the days after the session before, up to its
own day: those of a weekend are Monday's. Nothing is filled forward: where one
of these days is not known, neither is the session's sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.measure.history import History

LONGEST_PAUSE: Final = 6
"""Days between two sessions that weekends and holidays explain; after more, no sum is told."""

WEEK: Final = 5
"""Sessions in a week."""

_COLUMNS: Final = ("session", "downloads", "days", "per_day", "week", "segment", "source")


@dataclass(frozen=True)
class SessionSums:
    """Downloads of one family by session.

    ``rows`` has a row a session whose days are all known and finished:
    ``session``, ``downloads`` (their sum), ``days`` (how many), ``per_day``,
    ``week`` (downloads a day over this session and the four before it, in which
    the weekdays' ups and downs cancel out; NaN where one of them is missing),
    ``segment`` (grows by one wherever a session is missing before: no line may
    be drawn across) and ``source`` (key of that of its last day). ``unknown``
    has the sessions of which some day is not known, ``unfinished`` those with a
    day that was not over when it was read.
    """

    family: str
    rows: pd.DataFrame
    unknown: tuple[pd.Timestamp, ...]
    unfinished: tuple[pd.Timestamp, ...]


@dataclass(frozen=True)
class Every:
    """Downloads of one family by each of ``days``, ascending sessions, as arrays.

    ``total`` and ``length`` are the sum and its days, ``whole`` whether all of these
    are known, ``over`` whether all are finished, ``reached`` whether the history has
    anything of them, ``usual`` whether no hole lies before.
    """

    family: str
    days: NDArray[np.datetime64]
    total: NDArray[np.float64]
    length: NDArray[np.int64]
    week: NDArray[np.float64]
    whole: NDArray[np.bool_]
    over: NDArray[np.bool_]
    reached: NDArray[np.bool_]
    usual: NDArray[np.bool_]
    source: NDArray[np.object_]


def session_sums(
    history: History,
    family: str,
    sessions: pd.DatetimeIndex,
    start: pd.Timestamp,
    end: pd.Timestamp,
) -> SessionSums:
    """Downloads of ``family`` for those of ``sessions`` from ``start`` to ``end``.

    ``sessions`` are all that are known of an exchange or a share, in any order;
    the one before ``start`` tells where the first sum begins. A figure that
    covers days of two sessions belongs to neither. Sessions before the first
    and after the last day of the history are no news: they are just not there.
    """
    return within(every_session(history, family, sessions), start, end)


def every_session(history: History, family: str, sessions: pd.DatetimeIndex) -> Every:
    """All sums of ``family`` from which ``within`` takes those of some dates."""
    days = np.unique(sessions.to_numpy().astype("datetime64[s]"))
    at = days.astype("datetime64[D]").astype("int64")
    first_day = int(history.days[0].astype("int64"))
    row = history.row(family)
    if row < 0 or len(at) < 2:  # noqa: PLR2004 - a sum lies between two sessions
        none, no = np.zeros(0), np.zeros(0, "bool")
        count, keys = np.zeros(0, "int64"), np.zeros(0, "object")
        return Every(family, days[:0], none, count, none, no, no, no, no, keys)
    length = np.diff(at)  # days of each session but the first
    covers = history.covers[row].astype("int64")
    column = np.flatnonzero(covers > 0)
    stands = first_day + column
    # The session to which the first and the last day of each figure belong.
    owner = np.searchsorted(at, stands)
    inside = (owner == np.searchsorted(at, stands - covers[column] + 1)) & (owner > 0)
    inside &= owner < len(at)
    held = (stands[0], stands[-1]) if len(stands) else (0, -1)
    column, owner = column[inside], owner[inside]
    size = len(at)
    known = np.bincount(owner, covers[column], size)[1:].astype("int64")
    total = np.bincount(owner, history.downloads[row, column], size)[1:].astype("float64")
    over = np.bincount(owner, ~history.complete[row, column], size)[1:] == 0
    whole, usual = known == length, length <= LONGEST_PAUSE
    sound = whole & over & usual
    week = _rolling(np.where(sound, total, np.nan)) / _rolling(length.astype("float64"))
    last = np.zeros(size, "int64")
    last[owner] = column  # ascending: the last figure of a session is what stays
    keys = np.array([*history.sources, ""], "object")[history.source[row, last[1:]]]
    reached = (at[1:] >= held[0]) & (at[:-1] < held[1])
    return Every(family, days[1:], total, length, week, whole, over, reached, usual, keys)


def within(every: Every, start: pd.Timestamp, end: pd.Timestamp) -> SessionSums:
    """The sums of the sessions from ``start`` to ``end``, see ``session_sums``."""
    first = int(every.days.searchsorted(np.datetime64(start), "left"))
    shown = slice(first, int(every.days.searchsorted(np.datetime64(end), "right")))
    days, whole, over = every.days[shown], every.whole[shown], every.over[shown]
    usual = every.usual[shown]
    place = np.flatnonzero(usual & whole & over)
    total, length = every.total[shown][place], every.length[shown][place]
    gaps = np.concatenate([[False], np.diff(place) > 1])[: len(place)]
    columns = (
        days[place],
        total,
        length,
        total / np.maximum(length, 1),
        every.week[shown][place],
        np.cumsum(gaps).astype("int64"),
        pd.array(every.source[shown][place], dtype="str"),
    )
    unknown = days[usual & every.reached[shown] & ~whole]
    return SessionSums(
        every.family,
        pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True))),
        unknown=tuple(pd.DatetimeIndex(unknown)),
        unfinished=tuple(pd.DatetimeIndex(days[usual & whole & ~over])),
    )


def _rolling(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of ``WEEK`` values up to each, NaN where there are fewer or one is unknown."""
    sums: NDArray[np.float64] = pd.Series(values).rolling(WEEK).sum().to_numpy()
    return sums

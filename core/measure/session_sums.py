"""Downloads, counted on all seven days of a week, laid on the sessions of an exchange.

A session gets the downloads of the days after the session before, up to its
own day: those of a weekend are Monday's. Nothing is filled forward: where one
of these days is not known, neither is the session's sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    days = pd.DatetimeIndex(sessions.unique()).sort_values().as_unit("s")
    at = days.to_numpy().astype("datetime64[D]").astype("int64")
    first_day = int(history.days[0].astype("int64"))
    row = history.row(family)
    if row < 0 or len(at) < 2:  # noqa: PLR2004 - a sum lies between two sessions
        none = np.zeros(0, "int64")
        return SessionSums(family, _frame(days[:0], none, none, none, none, ()), (), ())
    length = np.diff(at)  # days of each session but the first
    covers = history.covers[row].astype("int64")
    column = np.flatnonzero(covers > 0)
    stands = first_day + column
    # The session to which the first and the last day of each figure belong.
    owner = np.searchsorted(at, stands)
    inside = (owner == np.searchsorted(at, stands - covers[column] + 1)) & (owner > 0)
    inside &= owner < len(at)
    column, owner = column[inside], owner[inside]
    size = len(at)
    known = np.bincount(owner, covers[column], size)[1:].astype("int64")
    total = np.bincount(owner, history.downloads[row, column], size)[1:]
    open_days = np.bincount(owner, ~history.complete[row, column], size)[1:]
    shown = (days[1:] >= start) & (days[1:] <= end) & (length <= LONGEST_PAUSE)
    sound = (known == length) & (open_days == 0) & (length <= LONGEST_PAUSE)
    week = _rolling(np.where(sound, total, np.nan)) / _rolling(length.astype("float64"))
    figures = np.flatnonzero(covers > 0) + first_day
    held = (figures[0], figures[-1]) if len(figures) else (0, -1)
    reached = (at[1:] >= held[0]) & (at[:-1] < held[1])
    whole = known == length
    good = shown & whole & (open_days == 0)
    place = np.flatnonzero(good)
    last = np.zeros(size, "int64")
    last[owner] = column  # ascending: the last figure of a session is what stays
    keys = [history.sources[at] for at in history.source[row, last[1:][good]]]
    return SessionSums(
        family,
        _frame(days[1:][good], total[good], length[good], week[good], place, keys),
        unknown=tuple(days[1:][shown & reached & ~whole]),
        unfinished=tuple(days[1:][shown & whole & (open_days > 0)]),
    )


def _rolling(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of ``WEEK`` values up to each, NaN where there are fewer or one is unknown."""
    sums: NDArray[np.float64] = pd.Series(values).rolling(WEEK).sum().to_numpy()
    return sums


def _frame(  # noqa: PLR0913, PLR0917 - a column each
    sessions: pd.DatetimeIndex,
    total: NDArray[Any],
    length: NDArray[np.int64],
    week: NDArray[Any],
    place: NDArray[np.int64],
    keys: Sequence[str],
) -> pd.DataFrame:
    gaps = np.concatenate([[False], np.diff(place) > 1])[: len(place)]
    columns = (
        sessions,
        total.astype("float64"),
        length.astype("int64"),
        total / np.maximum(length, 1),
        week.astype("float64"),
        np.cumsum(gaps).astype("int64"),
        pd.array(list(keys), dtype="str"),
    )
    return pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True)))

"""Trading sessions as the prices themselves show them, and which one news belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from math import log
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.remembered import remembered

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_PAUSE: Final = 6
"""Days from a date to the next session that weekends and holidays explain; more is a hole."""

_HONG_KONG_ENDING: Final = ".HK"

_SPLIT_TOLERANCE: Final = 0.06
_MOST_SHARES_FOR_ONE: Final = 20
_LEAST_JUMP: Final = log(1.7)


@dataclass(frozen=True)
class Exchange:
    """Where shares are traded: its ``place``, time zone and usual hour of closing."""

    place: str
    zone: ZoneInfo
    closes: time


NEW_YORK: Final = Exchange("New York", ZoneInfo("America/New_York"), time(16))
HONG_KONG: Final = Exchange("Hong Kong", ZoneInfo("Asia/Hong_Kong"), time(16))


def exchange(ticker: str) -> Exchange:
    """The exchange of a share or fund."""
    return HONG_KONG if ticker.upper().endswith(_HONG_KONG_ENDING) else NEW_YORK


@remembered
def by_session(series: pd.Series) -> pd.Series:
    """A dated series of levels as floats, one a session, oldest first, dates without a zone.

    The date of an aware moment is that of its own zone. What is missing, not
    finite or not above zero is left out. Raises ``NothingToShow`` where a date
    is none, or where one has two different levels.
    """
    dates = _dates(series.index)
    level = pd.to_numeric(pd.Series(series.to_numpy(), dates, name=series.name), errors="coerce")
    level = level.astype("float64").replace([np.inf, -np.inf], np.nan)
    level = level[level > 0]
    if level.index.is_monotonic_increasing and level.index.is_unique:
        return level
    level = level.sort_index(kind="stable")
    same = level.groupby(level=0)
    differ = same.max() > same.min()
    if differ.any():
        message = (
            f"The prices of {series.name} hold two different values of {differ.idxmax():%Y-%m-%d}."
        )
        raise NothingToShow(message)
    return level[~level.index.duplicated()]


def _dates(index: pd.Index) -> pd.DatetimeIndex:
    if isinstance(index, pd.DatetimeIndex) and not index.hasnans:
        return index.tz_localize(None).normalize().as_unit("s")
    return pd.DatetimeIndex([as_session(moment) for moment in index], dtype="datetime64[s]")


def as_session(moment: object) -> pd.Timestamp:
    """The date of a day or moment, in the moment's own zone. Raises ``NothingToShow``."""
    try:
        found = pd.Timestamp(moment) if isinstance(moment, str | date | np.datetime64) else pd.NaT
    except ValueError:
        found = pd.NaT
    if not isinstance(found, pd.Timestamp):
        message = "A price has no date that can be read."
        raise NothingToShow(message)
    return found.tz_localize(None).normalize().as_unit("s")


def next_session(sessions: pd.DatetimeIndex, day: pd.Timestamp) -> pd.Timestamp:
    """The first of ``sessions`` (ascending) on ``day`` or after it.

    Raises ``NothingToShow`` where there is none, or none that is near.
    """
    if not len(sessions):
        message = "The data hold no session of this share."
        raise NothingToShow(message)
    held = f"The sessions in the data run from {sessions[0]:%Y-%m-%d} to {sessions[-1]:%Y-%m-%d}."
    if day < sessions[0]:
        message = f"The data hold no price before {sessions[0]:%Y-%m-%d}."
        raise NothingToShow(message, advice=held)
    at = int(sessions.searchsorted(day))
    if at == len(sessions):
        message = f"The data hold no session on {day:%Y-%m-%d} or after it."
        raise NothingToShow(message, advice=held)
    found: pd.Timestamp = sessions[at]
    if (found - day).days > LONGEST_PAUSE:
        message = (
            f"There is no price from {day:%Y-%m-%d} until {found:%Y-%m-%d}: the share was not "
            "traded, or the data have a hole there."
        )
        raise NothingToShow(message, advice="Choose a day outside.")
    return found


def first_day(where: Exchange, moment: datetime) -> pd.Timestamp:
    """The first day whose closing price can answer news of ``moment`` (with its zone).

    The day itself until the usual hour of closing, then the day after. Days on
    which an exchange closes early are not known here: news of such an
    afternoon is dated to the day itself.
    """
    if moment.tzinfo is None:
        message = "a moment needs a time zone"
        raise ValueError(message)
    local = pd.Timestamp(moment).tz_convert(where.zone)
    day = local.tz_localize(None).normalize()
    return day + pd.Timedelta(days=1) if local.time() >= where.closes else day


@remembered
def of_news(sessions: pd.DatetimeIndex, ticker: str, news: pd.DataFrame) -> pd.Series:
    """The session of ``ticker`` that each of ``news`` belongs to, NaT where none is near.

    ``news`` has ``date`` and ``at`` (UTC, or NaT where only the date is known):
    a known moment counts, else the date, and then the next session.
    """
    wanted = _first_days(exchange(ticker), news)
    if not len(sessions):
        return pd.Series(pd.NaT, news.index, dtype="datetime64[s]")
    known = np.append(sessions.to_numpy().astype("datetime64[s]"), np.datetime64("NaT"))
    found = known[known[:-1].searchsorted(wanted)]
    near = (found - wanted <= np.timedelta64(LONGEST_PAUSE, "D")) & (wanted >= known[0])
    return pd.Series(np.where(near, found, np.datetime64("NaT")), news.index, dtype="datetime64[s]")


def _first_days(where: Exchange, news: pd.DataFrame) -> NDArray[np.datetime64]:
    """``first_day`` of each of ``news`` of which the moment is known, else its date."""
    local = pd.DatetimeIndex(news["at"]).tz_convert(where.zone).tz_localize(None)
    day = local.normalize().to_numpy().astype("datetime64[s]")
    closing = np.timedelta64(60 * where.closes.hour + where.closes.minute, "m")
    late = local.to_numpy() - local.normalize().to_numpy() >= closing
    answered = np.where(late, day + np.timedelta64(1, "D"), day)
    date_only = news["date"].to_numpy().astype("datetime64[s]")
    found: NDArray[np.datetime64] = np.where(np.isnat(answered), date_only, answered)
    return found


def splits(
    returns: NDArray[np.float64], compared: NDArray[np.float64], sessions: pd.DatetimeIndex
) -> tuple[pd.Timestamp, ...]:
    """Those of ``sessions`` whose price changes by a whole factor, as unadjusted splits make it.

    ``returns`` and ``compared`` are log returns of the share and of its benchmark.
    """
    factor = np.exp(np.abs(returns))
    whole = np.clip(np.round(factor), 2, _MOST_SHARES_FOR_ONE)
    near = np.abs(factor / whole - 1) < _SPLIT_TOLERANCE
    split = near & (np.abs(returns - compared) > _LEAST_JUMP)
    return tuple(sessions[split]) if split.any() else ()

"""Which sessions an exchange holds, and when the prices of the last one are due.

New York and Hong Kong each by its own calendar of the library
``exchange_calendars``: holidays, half-days that close early, and time zones.
"""

from __future__ import annotations

import bisect
import warnings
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import exchange_calendars

from core.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Sequence

NEW_YORK: Final = "XNYS"
HONG_KONG: Final = "XHKG"

ZONES: Final = {NEW_YORK: "America/New_York", HONG_KONG: "Asia/Hong_Kong"}
"""Time zone by whose midnight an exchange's date changes."""

SETTLED: Final = timedelta(hours=1)
"""How long after the close a session's prices count as final."""

_SOURCE: Final = "Yahoo"
"""Whose prices cannot be read where a calendar is not known."""

_LONGEST_PAUSE_DAYS: Final = 30
"""No exchange here has ever been closed for as long as this."""


@dataclass(frozen=True)
class _Sessions:
    """Sessions in order, and the moment each one's prices are due (UTC)."""

    days: Sequence[date]
    due: Sequence[datetime]


def exchange(ticker: str) -> str:
    """The exchange of a share, by its market identifier code."""
    return HONG_KONG if ticker.upper().endswith(".HK") else NEW_YORK


def finished_sessions(ticker: str, first: date, now: datetime) -> list[date]:
    """Sessions of the share's exchange from ``first`` whose prices are due by ``now``.

    They are due an hour after the close. Raises ``FetchError`` where the
    exchange's holidays are not known for so late a day.
    """
    sessions = _sessions(exchange(ticker), first.year, _utc(now).year)
    start = bisect.bisect_left(sessions.days, first)
    return list(sessions.days[start : bisect.bisect_right(sessions.due, now)])


def last_finished(ticker: str, now: datetime) -> date:
    """The newest session of the share's exchange whose prices are due by ``now``."""
    day, _ = _last(ticker, now)
    return day


def due_since(ticker: str, now: datetime) -> datetime:
    """Since when (UTC) the prices of the last finished session are due."""
    _, due = _last(ticker, now)
    return due


def _last(ticker: str, now: datetime) -> tuple[date, datetime]:
    before = _utc(now) - timedelta(days=_LONGEST_PAUSE_DAYS)
    sessions = _sessions(exchange(ticker), before.year, _utc(now).year)
    at = bisect.bisect_right(sessions.due, now) - 1
    return sessions.days[at], sessions.due[at]


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        message = "a moment needs a time zone"
        raise ValueError(message)
    return moment.astimezone(UTC)


@lru_cache(maxsize=16)
def _sessions(name: str, first_year: int, last_year: int) -> _Sessions:
    """All sessions of an exchange in these years, and those a few days around them.

    The library's own span ends a year after today, so it is always told which.
    """
    start = date(first_year, 1, 1) - timedelta(days=_LONGEST_PAUSE_DAYS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it uses what pandas will change
            calendar = exchange_calendars.get_calendar(
                name, start=start.isoformat(), end=f"{last_year}-12-31"
            )
            closes = calendar.schedule["close"]
    except ValueError as error:
        raise FetchError(
            _SOURCE,
            f"The holidays of the exchange in {_PLACES[name]} are not known "
            f"for every year from {first_year} to {last_year}.",
            advice="Check this machine's clock, or update Groundswell.",
        ) from error
    return _Sessions(
        days=[day.date() for day in closes.index],
        due=[close.to_pydatetime().astimezone(UTC) + SETTLED for close in closes],
    )


_PLACES: Final = {NEW_YORK: "New York", HONG_KONG: "Hong Kong"}

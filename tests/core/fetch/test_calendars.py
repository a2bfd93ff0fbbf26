from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import FetchError
from core.fetch.calendars import due_since, exchange, finished_sessions, last_finished

NEW_YORK = ZoneInfo("America/New_York")
HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def test_a_share_belongs_to_the_exchange_its_name_says() -> None:
    assert [exchange(ticker) for ticker in ("BABA", "9988.HK", "0700.hk")] == [
        "XNYS",
        "XHKG",
        "XHKG",
    ]


def test_a_session_is_finished_an_hour_after_its_close() -> None:
    before = datetime(2026, 1, 12, 16, 59, 59, tzinfo=NEW_YORK)
    after = datetime(2026, 1, 12, 17, 0, tzinfo=NEW_YORK)
    assert last_finished("BABA", before) == date(2026, 1, 9)
    assert last_finished("BABA", after) == date(2026, 1, 12)
    assert due_since("BABA", before) == datetime(2026, 1, 9, 22, 0, tzinfo=UTC)
    assert due_since("BABA", after) == datetime(2026, 1, 12, 22, 0, tzinfo=UTC)


def test_summer_time_moves_the_hour() -> None:
    after = datetime(2026, 7, 8, 17, 0, tzinfo=NEW_YORK)
    assert due_since("BABA", after) == datetime(2026, 7, 8, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ticker", "closes", "day"),
    [
        ("BABA", datetime(2025, 11, 28, 13, 0, tzinfo=NEW_YORK), date(2025, 11, 28)),
        ("9988.HK", datetime(2025, 12, 24, 12, 0, tzinfo=HONG_KONG), date(2025, 12, 24)),
        ("9988.HK", datetime(2026, 2, 16, 12, 0, tzinfo=HONG_KONG), date(2026, 2, 16)),
    ],
)
def test_half_days_are_due_earlier(ticker: str, closes: datetime, day: date) -> None:
    due = closes.replace(hour=closes.hour + 1)
    assert last_finished(ticker, due) == day
    assert due_since(ticker, due) == due
    assert last_finished(ticker, due.replace(hour=due.hour - 1, minute=59)) < day


def test_each_exchange_keeps_its_own_holidays() -> None:
    now = datetime(2026, 2, 21, tzinfo=UTC)
    new_york = finished_sessions("BABA", date(2026, 2, 13), now)
    hong_kong = finished_sessions("9988.HK", date(2026, 2, 13), now)
    # Presidents' Day is 16 February; the Lunar New Year is 17 to 19 February.
    assert [day.day for day in new_york] == [13, 17, 18, 19, 20]
    assert [day.day for day in hong_kong] == [13, 16, 20]


def test_nothing_is_finished_before_the_first_day_asked_for() -> None:
    now = datetime(2026, 1, 12, 23, tzinfo=UTC)
    assert finished_sessions("BABA", date(2026, 1, 12), now) == [date(2026, 1, 12)]
    assert finished_sessions("BABA", date(2026, 1, 13), now) == []


def test_the_last_session_may_lie_in_the_year_before() -> None:
    assert last_finished("BABA", datetime(2027, 1, 1, 12, tzinfo=UTC)) == date(2026, 12, 31)
    assert last_finished("9988.HK", datetime(2027, 1, 3, 12, tzinfo=UTC)) == date(2026, 12, 31)


def test_years_beyond_the_default_calendar_work() -> None:
    assert last_finished("BABA", datetime(2031, 7, 7, 12, tzinfo=UTC)) == date(2031, 7, 3)
    assert last_finished("9988.HK", datetime(2048, 6, 3, 12, tzinfo=UTC)) == date(2048, 6, 3)


def test_a_year_without_known_holidays_is_an_error_in_plain_words() -> None:
    with pytest.raises(FetchError, match="holidays of the exchange in Hong Kong are not known"):
        last_finished("9988.HK", datetime(2055, 6, 3, 12, tzinfo=UTC))


def test_a_moment_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        last_finished("BABA", datetime(2026, 1, 12, 12))  # noqa: DTZ001 - that is the point

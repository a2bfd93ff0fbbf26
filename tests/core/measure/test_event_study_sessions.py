"""Which session news belongs to, against the calendars of the exchanges themselves."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, time

import exchange_calendars
import numpy as np
import pandas as pd
import pytest

from core.errors import NothingToShow
from core.measure.sessions import (
    HONG_KONG,
    NEW_YORK,
    by_session,
    exchange,
    first_day,
    next_session,
    of_news,
)
from tests.independent import rows


def sessions(ticker: str) -> pd.DatetimeIndex:
    """The sessions of the embedded index."""
    return pd.DatetimeIndex([r["session"] for r in rows("prices") if r["ticker"] == ticker])


def news(*moments: str | None, date: str = "2026-01-10") -> pd.DataFrame:
    at = pd.to_datetime(pd.Series(moments, dtype="object"), utc=True)
    return pd.DataFrame({"date": pd.Timestamp(date), "at": at})


@pytest.mark.parametrize(
    ("ticker", "moment", "session"),
    [
        # New York closes at 16:00: 21:00 UTC in winter, 20:00 in summer.
        ("BABA", "2026-01-09T20:59Z", "2026-01-09"),
        ("BABA", "2026-01-09T21:00Z", "2026-01-12"),
        ("BABA", "2026-07-09T19:59Z", "2026-07-09"),
        ("BABA", "2026-07-09T20:00Z", "2026-07-10"),
        # A Saturday, a holiday, and an evening that is the next day in UTC.
        ("BABA", "2026-01-10T15:00Z", "2026-01-12"),
        ("BABA", "2026-01-19T15:00Z", "2026-01-20"),
        ("BABA", "2026-01-13T03:00Z", "2026-01-13"),
        # Hong Kong closes at 16:00: 08:00 UTC.
        ("0700.HK", "2026-01-12T07:59Z", "2026-01-12"),
        ("0700.HK", "2026-01-12T08:00Z", "2026-01-13"),
        ("0700.HK", "2026-01-11T20:00Z", "2026-01-12"),
    ],
)
def test_news_belongs_to_the_first_close_that_can_answer_it(
    ticker: str, moment: str, session: str
) -> None:
    assert of_news(sessions(ticker), ticker, news(moment)).tolist() == [pd.Timestamp(session)]


@pytest.mark.parametrize(("ticker", "code"), [("BABA", "XNYS"), ("0700.HK", "XHKG")])
def test_random_moments_agree_with_the_calendar_of_the_exchange(ticker: str, code: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library uses what pandas will change
        calendar = exchange_calendars.get_calendar(code, start="2024-01-01", end="2026-03-31")
        own_close = calendar.schedule["close"].dt.tz_convert(exchange(ticker).zone)
        known = sessions(ticker)
        random = np.random.default_rng(3)
        start = pd.Timestamp("2024-01-05", tz="UTC")
        moments = [start + pd.Timedelta(minutes=int(m)) for m in random.integers(0, 10**6, 150)]
        expected = [calendar.minute_to_session(moment, direction="next") for moment in moments]
    found = of_news(known, ticker, news(*map(str, moments)))
    early = {day for day, close in own_close.items() if close.time() < time(16)}
    agreeing = 0
    for moment, one, other in zip(moments, found, expected, strict=True):
        if moment.tz_convert(exchange(ticker).zone).tz_localize(None).normalize() in early:
            continue  # the hour of such a close is not known, which the page says
        assert one == other, moment
        agreeing += 1
    assert agreeing > 140


def test_date_alone_is_that_session_or_the_next() -> None:
    known = sessions("BABA")
    assert of_news(known, "BABA", news(None)).tolist() == [pd.Timestamp("2026-01-12")]
    assert of_news(known, "BABA", news(None, date="2026-01-09")).tolist() == [
        pd.Timestamp("2026-01-09")
    ]
    for outside in ("2023-11-01", "2026-08-21", "2099-01-01"):
        assert of_news(known, "BABA", news(None, date=outside)).isna().all()
    assert of_news(known[:0], "BABA", news(None)).isna().all()


def test_next_session_or_a_reason() -> None:
    known = sessions("BABA")
    assert next_session(known, pd.Timestamp("2026-01-12")) == pd.Timestamp("2026-01-12")
    assert next_session(known, pd.Timestamp("2026-01-17")) == pd.Timestamp("2026-01-20")
    with pytest.raises(NothingToShow, match="no price before 2023-12-01"):
        next_session(known, pd.Timestamp("2023-11-30"))
    with pytest.raises(NothingToShow, match="no session on 2026-08-21 or after it"):
        next_session(known, pd.Timestamp("2026-08-21"))
    with pytest.raises(NothingToShow, match="no session of this share"):
        next_session(known[:0], pd.Timestamp("2026-08-21"))
    halted = known[(known < "2026-02-02") | (known > "2026-02-20")]
    with pytest.raises(NothingToShow, match="from 2026-02-03 until 2026-02-23"):
        next_session(halted, pd.Timestamp("2026-02-03"))


def test_exchange_of_a_ticker() -> None:
    assert exchange("BABA") == NEW_YORK
    assert exchange("9988.hk") == HONG_KONG


def test_moment_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        first_day(NEW_YORK, datetime(2026, 1, 12))  # noqa: DTZ001 - that is the mistake
    aware = datetime(2026, 1, 12, 15, tzinfo=UTC)
    assert first_day(NEW_YORK, aware) == pd.Timestamp("2026-01-12")


def test_levels_by_session_are_clean_and_in_order() -> None:
    days = ["2026-01-13", "2026-01-12", "2026-01-12", "2026-01-14", "2026-01-15"]
    found = by_session(pd.Series([2.0, 1.0, 1.0, np.nan, "x"], days, name="X"))
    assert found.index.tolist() == [pd.Timestamp("2026-01-12"), pd.Timestamp("2026-01-13")]
    assert found.tolist() == [1.0, 2.0]
    assert found.name == "X"

"""A store with daily downloads, live prices and revenue, all made up by rules."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.schemas import DAILY, PRICES, REFRESHES, REVENUE
from core.store.store import Store
from tests.fakes.shares import HONG_KONG, NEW_YORK, calendar

if TYPE_CHECKING:
    from pathlib import Path

READ: Final = datetime(2026, 8, 21, 6, 0, tzinfo=UTC)
FIRST, LAST = date(2025, 6, 2), date(2026, 8, 20)
UNKNOWN: Final = date(2026, 1, 10)
"""A Saturday of which Qwen's downloads are not known."""
HOLE: Final = date(2026, 1, 14)
"""A session for which there is no price of BABA."""


def qwen(day: date) -> int:
    """Qwen's downloads on a day: a thousand times the day of the month, less on weekends."""
    return 1000 * day.day * (1 if day.weekday() < 5 else 0) + 10_000


def close(ticker: str, day: date) -> float:
    """What was paid for a share at the end of a session."""
    at = (day - FIRST).days
    return round(100 + len(ticker) + 0.05 * at + 5 * math.sin(at / 3 + len(ticker)), 2)


def filled(home: Path) -> Path:
    """``home`` as a store."""
    store = Store(home)
    days = [FIRST + timedelta(days=at) for at in range((LAST - FIRST).days + 1)]
    rows = [
        {"family": family, "day": day, "downloads": downloads, "basis": basis}
        for day in days
        for family, downloads in (("Qwen", qwen(day)), ("DeepSeek", 5_000))
        for basis in ("official", "with_derivatives")
        if not (family == "Qwen" and day == UNKNOWN)
    ]
    daily = pd.DataFrame(rows).assign(
        model_id=None,
        day=lambda frame: pd.to_datetime(frame["day"]).astype("datetime64[ms]"),
        source="modelpulse",
        complete=True,
        days=1,
        all_time=pd.Series(pd.NA, index=range(len(rows)), dtype="Int64"),
    )
    daily["model_id"] = daily["model_id"].astype("str").where(daily["model_id"].notna(), None)
    store.add(DAILY, daily[[column.name for column in DAILY.columns]], READ)
    prices = []
    for ticker in ("BABA", "9988.HK", "SPY", "KWEB", "AMZN"):
        zone = HONG_KONG if ticker.endswith(".HK") else NEW_YORK
        sessions, _ = calendar(zone, FIRST, LAST)
        prices += [
            {
                "ticker": ticker,
                "session": day,
                "close": close(ticker, day),
                "adjusted_close": close(ticker, day),
                "index_100": float("nan"),
                "currency": "HKD" if zone == HONG_KONG else "USD",
                "source": "yahoo",
                "read_at": pd.Timestamp(READ),
            }
            for day in sessions
            if not (ticker == "BABA" and day == HOLE)
        ]
    frame = pd.DataFrame(prices)
    store.add(PRICES, _typed(frame, "session", "read_at"), READ)
    ends = ["2025-09-30", "2025-12-31", "2026-03-31", "2026-06-30"]
    revenue = pd.DataFrame(
        {
            "ticker": "BABA",
            "quarter_end": pd.to_datetime(ends),
            "revenue": [1e9 * number for number in (240, 250, 247.5, 280)],
            "currency": "CNY",
            "source": "yahoo",
            "read_at": pd.Timestamp(READ),
        }
    )
    store.add(REVENUE, _typed(revenue, "quarter_end", "read_at"), READ)
    told = pd.DataFrame(
        [
            {
                "started_at": pd.Timestamp(READ),
                "finished_at": pd.Timestamp(READ),
                "source": "yahoo-typed",
                "outcome": "ok",
                "rows": 0,
                "requests": 3,
                "message": "Yahoo knows no share XYZQ. XYZQ may be misspelt.",
            }
        ]
    )
    store.add(REFRESHES, _typed(told, "", "started_at", "finished_at"), READ)
    return home


def _typed(frame: pd.DataFrame, day: str, *moments: str) -> pd.DataFrame:
    if day:
        frame[day] = pd.to_datetime(frame[day]).astype("datetime64[ms]")
    for moment in moments:
        frame[moment] = frame[moment].astype("datetime64[ms, UTC]")
    return frame

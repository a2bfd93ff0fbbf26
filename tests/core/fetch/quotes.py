"""Shares of a fake Yahoo, and what came of asking for their prices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.fetch import prices
from core.schemas import PRICES
from core.store import parquet
from tests.fakes.shares import HONG_KONG, NEW_YORK, Series, calendar
from tests.fakes.yahoo import CHART

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from core.fetch.prices import Fetched
    from tests.fakes.server import Request

WEDNESDAY = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
"""Half an hour after the day's prices of New York are due."""
MONDAY = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)
"""Two sessions of New York later (Thanksgiving is no session), three of Hong Kong."""

Fetch = Callable[..., prices.Fetched]


def share(
    ticker: str, first: date = date(2026, 11, 2), last: date = date(2026, 12, 31), **more: object
) -> Series:
    """A share whose closes are 100, 100.25, 100.5 and so on: exact in single precision."""
    zone = HONG_KONG if ticker.endswith(".HK") else NEW_YORK
    sessions, early = calendar(zone, first, last)
    more = {"currency": "HKD" if zone == HONG_KONG else "USD", "half_days": early} | more
    return Series(
        ticker, sessions, [100 + at / 4 for at in range(len(sessions))], zone=zone, **more
    )


def of(fetched: Fetched, ticker: str) -> pd.DataFrame:
    return fetched.rows[fetched.rows["ticker"] == ticker].set_index("session")


def column(fetched: Fetched, ticker: str, name: str = "close") -> dict[date, float]:
    return {day.date(): value for day, value in of(fetched, ticker)[name].items()}


def kinds(fetched: Fetched) -> list[str]:
    return [outcome.kind for outcome in fetched.outcomes.values()]


def missing(fetched: Fetched) -> list[tuple[str, str]]:
    return [(row.ticker, f"{row.session:%Y-%m-%d}") for row in fetched.missing.itertuples()]


def stored(fetched: Fetched, path: Path) -> pd.DataFrame:
    """The rows after a way through the store."""
    parquet.write(fetched.rows, path / "prices.parquet", PRICES)
    return parquet.read(path / "prices.parquet", PRICES)


def midnight(zone: str, *day: int) -> int:
    return int(datetime(*day, tzinfo=ZoneInfo(zone)).timestamp())  # type: ignore[misc, arg-type]


def charts_of(ticker: str) -> Callable[[Request], bool]:
    return lambda request: request.path == CHART + ticker

"""Shares that are made up: what was traded, and what Yahoo makes of it afterwards."""

from __future__ import annotations

import math
import random
import tomllib
import warnings
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import exchange_calendars

if TYPE_CHECKING:
    from collections.abc import Sequence

NEW_YORK: Final = "America/New_York"
HONG_KONG: Final = "Asia/Hong_Kong"
FIRST: Final = date(2023, 12, 1)
OPENING: Final = time(9, 30)
CLOSING: Final = time(16, 0)

_CALENDARS: Final = {NEW_YORK: "XNYS", HONG_KONG: "XHKG"}
_CURRENCIES: Final = {NEW_YORK: "USD", HONG_KONG: "HKD"}
_FUNDS: Final = frozenset({"SPY", "QQQ", "KWEB", "2800.HK", "3033.HK"})
_LISTED: Final = {"2513.HK": date(2026, 1, 8), "0100.HK": date(2026, 1, 9)}
_MAKERS: Final = Path(__file__).resolve().parents[2] / "data" / "makers.toml"
_HALF_DAY: Final = {NEW_YORK: time(13, 0), HONG_KONG: time(12, 0)}


@dataclass
class Series:
    """A share. ``close`` is what was paid at the end of each of ``sessions``, on that day.

    ``dividends`` are amounts a share by ex-date, ``splits`` ratios by the
    first session at the new price (2.0: two for one). Yahoo has no row for
    ``missing`` and an empty one for ``nan``. With ``live_row``, a session that
    is open is listed a second time, at the last trade, whatever was asked for.
    """

    ticker: str
    sessions: Sequence[date]
    close: Sequence[float]
    currency: str = "USD"
    zone: str = NEW_YORK
    kind: str = "EQUITY"
    dividends: dict[date, float] = field(default_factory=dict)
    splits: dict[date, float] = field(default_factory=dict)
    half_days: frozenset[date] = frozenset()
    missing: set[date] = field(default_factory=set)
    nan: set[date] = field(default_factory=set)
    live_row: bool = False

    def opens(self, day: date) -> datetime:
        """When a session opens."""
        return datetime.combine(day, OPENING, ZoneInfo(self.zone))

    def closes(self, day: date) -> datetime:
        """When a session closes."""
        closing = _HALF_DAY[self.zone] if day in self.half_days else CLOSING
        return datetime.combine(day, closing, ZoneInfo(self.zone))

    def listed(self, now: datetime) -> list[date]:
        """Sessions that have begun by ``now``."""
        return [day for day in self.sessions if self.opens(day) <= now]

    def as_split(self, now: datetime) -> dict[date, float]:
        """Closes in today's shares: each divided by all later splits."""
        closes, factor = {}, 1.0
        paid = dict(zip(self.sessions, self.close, strict=True))
        for day in reversed(self.listed(now)):
            closes[day] = paid[day] / factor
            factor *= self.splits.get(day, 1.0)
        return dict(reversed(closes.items()))

    def adjusted(self, now: datetime) -> dict[date, float]:
        """Adjusted closes: a dividend takes its share of the close before it off all earlier."""
        closes = self.as_split(now)
        adjusted, factor, later = {}, 1.0, 1.0
        days = list(closes)
        for at in range(len(days) - 1, -1, -1):
            day = days[at]
            adjusted[day] = closes[day] * factor
            amount = self.dividends.get(day, 0.0) / later
            later *= self.splits.get(day, 1.0)
            if amount and at:
                factor *= 1 - amount / closes[days[at - 1]]
        return dict(reversed(adjusted.items()))


def tickers() -> list[str]:
    """Every share and benchmark of ``data/makers.toml``, in alphabetical order."""
    families = tomllib.loads(_MAKERS.read_text())["family"]
    names = {name for family in families for name in family["also_listed"]}
    for key in ("ticker", "market_benchmark", "sector_benchmark"):
        names |= {family[key] for family in families}
    return sorted(names - {""})


def calendar(zone: str, first: date, last: date) -> tuple[list[date], frozenset[date]]:
    """Sessions of the exchange in this time zone, and which of them close early."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it uses what pandas will change
        found = exchange_calendars.get_calendar(
            _CALENDARS[zone], start=first.isoformat(), end=last.isoformat()
        )
        early = frozenset(day.date() for day in found.early_closes)
        return [day.date() for day in found.sessions], early


def walk(ticker: str, until: date) -> Series:
    """A share that wanders, half of it with its market, and pays dividends."""
    zone = HONG_KONG if ticker.endswith(".HK") else NEW_YORK
    sessions, early = calendar(zone, _LISTED.get(ticker, FIRST), until)
    chance = random.Random(ticker)  # noqa: S311 - prices, not secrets
    price = chance.uniform(20, 300)
    spread = 0.006 if ticker in _FUNDS else 0.018
    closes: list[float] = []
    dividends: dict[date, float] = {}
    for day in sessions:
        market = random.Random(f"{zone} {day}").gauss(0.0004, 0.008)  # noqa: S311 - likewise
        price *= math.exp(0.8 * market + chance.gauss(0.0002, spread))
        closes.append(round(price, 2))
        pays = (day.month == 6) if zone == HONG_KONG else day.month % 3 == 0
        recent = day - timedelta(days=31)
        if pays and day.day >= 10 and not any(recent < paid for paid in dividends):
            dividends[day] = round(price * 0.004, 2)
    return Series(
        ticker,
        sessions,
        closes,
        _CURRENCIES[zone],
        zone,
        "ETF" if ticker in _FUNDS else "EQUITY",
        dividends,
        half_days=early,
    )

"""A loopback Yahoo Finance: cookie, crumb and daily charts of shares that are made up.

A series says what was traded; what is answered is worked out from it as Yahoo
does: a split changes all earlier closes, a dividend all earlier adjusted ones.
"""

from __future__ import annotations

import math
import struct
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, Self
from zoneinfo import ZoneInfo

from tests.fakes.server import Answer, FakeServer
from tests.fakes.shares import CLOSING, HONG_KONG, OPENING, tickers, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.fakes.server import Request
    from tests.fakes.shares import Series

CHART: Final = "/v8/finance/chart/"
CRUMB: Final = "/v1/test/getcrumb"
STATEMENTS: Final = "/ws/fundamentals-timeseries/v1/finance/timeseries/"

Revenue = dict[date, float]
"""What a company took in, by the last day of the quarter."""

_RANGES: Final = ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"]
_AHEAD: Final = timedelta(days=60)
_PERIODS: Final = (
    ("pre", time(4, 0), OPENING),
    ("regular", OPENING, CLOSING),
    ("post", CLOSING, time(20, 0)),
)


class YahooFake(FakeServer):
    """Answers for ``series`` as it stands at ``now``; both may change at any time."""

    def __init__(
        self,
        series: Iterable[Series] = (),
        now: datetime | None = None,
        *,
        port: int = 0,
        latency: float = 0.0,
    ) -> None:
        super().__init__(port=port, latency=latency)
        self.now = now or datetime.now(UTC)
        self.series = {one.ticker: one for one in series}
        self.revenue: dict[str, tuple[str, Revenue]] = {
            one.ticker: (one.currency, _revenue(one.ticker, self.now))
            for one in self.series.values()
            if one.kind == "EQUITY"
        }

    @classmethod
    def demo(cls, now: datetime, *, port: int = 0, latency: float = 0.0) -> Self:
        """Every share and benchmark of ``data/makers.toml`` since December 2023, made up.

        The same ``now`` gives the same prices; an earlier one the same up to it.
        They go on two months after it, unseen, so that ``now`` can be moved on.
        """
        until = now.date() + _AHEAD
        return cls((walk(ticker, until) for ticker in tickers()), now, port=port, latency=latency)

    @property
    def url(self) -> str:
        """Address of the running server.

        curl takes every name below ``localhost`` for loopback. yfinance keeps
        a cookie for the next time only from a host whose name has "yahoo" in
        it; without, it would ask for one before every request.
        """
        return super().url.replace("127.0.0.1", "yahoo.localhost")

    def add_dividend(self, ticker: str, day: date, amount: float) -> None:
        """A dividend with this ex-date: all earlier adjusted closes change."""
        with self.lock:
            self.series[ticker].dividends[day] = amount

    def add_split(self, ticker: str, day: date, ratio: float) -> None:
        """A split: from ``day`` on less is paid a share, and all earlier closes change."""
        with self.lock:
            series = self.series[ticker]
            series.splits[day] = series.splits.get(day, 1.0) * ratio
            series.close = [
                close / ratio if session >= day else close
                for session, close in zip(series.sessions, series.close, strict=True)
            ]

    def charts(self, ticker: str = "") -> list[Request]:
        """The requests for charts so far, of one share or of all."""
        return [r for r in self.requests if r.path.startswith(CHART + ticker)]

    def answer(self, request: Request) -> Answer:
        """What is answered to a request."""
        path = request.path
        if path.startswith(CHART):
            with self.lock:
                return self._chart(request, path.removeprefix(CHART))
        if path.startswith(STATEMENTS):
            with self.lock:
                return self._statement(request, path.removeprefix(STATEMENTS))
        if path == CRUMB:
            return Answer.of_text("made.up.crumb")
        if path == "/":
            # Yahoo's has Domain=.yahoo.com and Secure, which no client takes from loopback.
            cookie = "A3=d=made-up&S=made-up; Max-Age=31557600; Path=/; HttpOnly"
            return Answer.of_text("Not Found", 404, headers={"Set-Cookie": cookie})
        if path.startswith("/v10/finance/quoteSummary/"):
            return Answer.of_json({"quoteSummary": _not_found("Quote not found")}, 404)
        return Answer.of_text("Not Found", 404)

    def _chart(self, request: Request, ticker: str) -> Answer:
        series = self.series.get(ticker)
        if series is None:
            error = _not_found("No data found, symbol may be delisted")
            return Answer.of_json({"chart": error}, 404)
        begun = series.listed(self.now)
        if request.first("range") == "1d":
            asked = begun[-1:]
        else:
            first, end = int(request.first("period1")), int(request.first("period2"))
            asked = [day for day in begun if first <= series.opens(day).timestamp() < end]
        shown = [day for day in asked if day not in series.missing]
        result: dict[str, Any] = {"meta": self._meta(series, begun, request.first("range"))}
        rows = self._rows(series, begun, shown)
        if not rows:
            result["indicators"] = {"quote": [{}], "adjclose": [{}]}
        else:
            result["timestamp"] = [row["timestamp"] for row in rows]
            if events := _events(series, asked):
                result["events"] = events
            names = ("open", "high", "low", "close", "volume")
            result["indicators"] = {
                "quote": [{name: [row[name] for row in rows] for name in names}],
                "adjclose": [{"adjclose": [row["adjclose"] for row in rows]}],
            }
        return Answer.of_json({"chart": {"result": [result], "error": None}})

    def _statement(self, request: Request, ticker: str) -> Answer:
        """Those of the rows asked for that there are; of all others only what they are called."""
        currency, revenue = self.revenue.get(ticker, ("USD", {}))
        result: list[dict[str, Any]] = []
        for kind in request.first("type").split(","):
            one: dict[str, Any] = {"meta": {"symbol": [ticker], "type": [kind]}}
            if kind == "quarterlyTotalRevenue" and revenue:
                one["timestamp"] = [
                    int(datetime.combine(day, time(), UTC).timestamp()) for day in revenue
                ]
                one[kind] = [
                    {
                        "dataId": 20100,
                        "asOfDate": day.isoformat(),
                        "periodType": "3M",
                        "currencyCode": currency,
                        "reportedValue": {"raw": value, "fmt": f"{value / 1e9:.2f}B"},
                    }
                    for day, value in revenue.items()
                ]
            result.append(one)
        if not revenue:
            result = []
        return Answer.of_json({"timeseries": {"result": result, "error": None}})

    def _rows(
        self, series: Series, begun: Sequence[date], shown: Sequence[date]
    ) -> list[dict[str, Any]]:
        closes, adjusted = series.as_split(self.now), series.adjusted(self.now)
        trading = bool(begun) and self.now < series.closes(begun[-1])
        rows = []
        for day in shown:
            # While a session is open, its last price is not yet its close.
            part = 0.99 if trading and day == begun[-1] else 1.0
            row = _row(closes[day] * part, adjusted[day] * part, empty=day in series.nan)
            rows.append(row | {"timestamp": int(series.opens(day).timestamp())})
        if series.live_row and trading:
            day = begun[-1]
            row = _row(closes[day] * 0.985, adjusted[day] * 0.985)
            rows.append(row | {"timestamp": int(self.now.timestamp())})
        return rows

    def _meta(self, series: Series, begun: Sequence[date], asked: str) -> dict[str, Any]:
        zone = ZoneInfo(series.zone)
        day = begun[-1] if begun else self.now.astimezone(zone).date()
        closes = series.as_split(self.now)
        last = min(self.now, series.closes(day))
        offset = last.astimezone(zone).utcoffset() or timedelta()
        here = {
            "timezone": last.astimezone(zone).tzname(),
            "gmtoffset": int(offset.total_seconds()),
        }
        hong_kong = series.zone == HONG_KONG
        name, full = ("HKG", "HKSE") if hong_kong else ("NYQ", "NYSE")
        first = series.sessions[0] if series.sessions else day
        return {
            "currency": series.currency,
            "symbol": series.ticker,
            "exchangeName": name,
            "fullExchangeName": full,
            "instrumentType": series.kind,
            "firstTradeDate": int(series.opens(first).timestamp()),
            "regularMarketTime": int(last.timestamp()),
            "hasPrePostMarketData": not hong_kong,
            **here,
            "exchangeTimezoneName": series.zone,
            "regularMarketPrice": round(closes.get(day, 0.0), 3),
            "longName": f"{series.ticker}, made up",
            "shortName": series.ticker,
            "priceHint": 3 if hong_kong else 2,
            "currentTradingPeriod": {
                period: {
                    **here,
                    "start": int(datetime.combine(day, start, zone).timestamp()),
                    "end": int(datetime.combine(day, end, zone).timestamp()),
                }
                for period, start, end in _PERIODS
            },
            "dataGranularity": "1d",
            "range": asked,
            "validRanges": _RANGES,
        }


def _revenue(ticker: str, now: datetime) -> Revenue:
    """Five quarters that ended at least a month before ``now``, made up."""
    ends: list[date] = []
    day = date(now.year, now.month, 1) - timedelta(days=1)
    while len(ends) < 5:
        day = day.replace(day=1) - timedelta(days=1)
        if day.month % 3 == 0:
            ends.append(day)
    return {end: 1e9 * (10 + len(ticker) + at) for at, end in enumerate(reversed(ends))}


def _row(close: float, adjusted: float, *, empty: bool = False) -> dict[str, Any]:
    if empty:
        nothing = dict.fromkeys(("open", "high", "low", "close", "adjclose"))
        return {**nothing, "volume": 1_000_000}
    return {
        "open": _single(close * 0.995),
        "high": _single(close * 1.01),
        "low": _single(close * 0.99),
        "close": _single(close),
        "adjclose": _single(adjusted),
        "volume": 1_000_000,
    }


def _single(value: float) -> float:
    """As Yahoo sends numbers: of single precision, written out in full."""
    return float(struct.unpack("f", struct.pack("f", value))[0])


def _events(series: Series, asked: Sequence[date]) -> dict[str, Any]:
    """Dividends (in today's shares) and splits of the days asked for; no key without any."""
    events: dict[str, Any] = {}
    for day in asked:
        at = int(series.opens(day).timestamp())
        if amount := series.dividends.get(day):
            later = math.prod(ratio for on, ratio in series.splits.items() if day < on <= asked[-1])
            dividend = {"amount": amount / later, "date": at}
            events.setdefault("dividends", {})[str(at)] = dividend
        if ratio := series.splits.get(day):
            split = {
                "date": at,
                "numerator": ratio,
                "denominator": 1.0,
                "splitRatio": f"{ratio:g}:1",
            }
            events.setdefault("splits", {})[str(at)] = split
    return events


def _not_found(description: str) -> dict[str, Any]:
    return {"result": None, "error": {"code": "Not Found", "description": description}}

"""The fake answers in the form that Yahoo's documented answers have."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import yfinance
from curl_cffi import requests

from core.fetch.http import Visit
from core.fetch.yahoo_session import opened
from tests.fakes.shares import FIRST, HONG_KONG, Series, tickers
from tests.fakes.yahoo import CHART, CRUMB, YahooFake

if TYPE_CHECKING:
    from pathlib import Path

DAYS = [date(2026, 1, day) for day in (8, 9, 12, 13)]
CLOSES = [154.47, 150.96, 166.31, 167.01]
EVENING = datetime(2026, 1, 13, 23, tzinfo=UTC)


def baba(**more: object) -> Series:
    return Series("BABA", DAYS, CLOSES, **more)


def result_of(fake: YahooFake, query: str, ticker: str = "BABA") -> dict[str, Any]:
    answer = requests.get(f"{fake.url}{CHART}{ticker}?{query}", timeout=5)
    assert answer.status_code == 200
    assert answer.json()["chart"]["error"] is None
    return answer.json()["chart"]["result"][0]


def test_a_chart_has_the_documented_form() -> None:
    with YahooFake([baba()], EVENING) as fake:
        result = result_of(fake, "period1=1767830400&period2=1768348800&interval=1d")
    assert set(result) == {"meta", "timestamp", "indicators"}
    # Sessions open at 14:30 UTC in winter.
    assert result["timestamp"] == [1767882600, 1767969000, 1768228200, 1768314600]
    meta = result["meta"]
    assert meta["currency"] == "USD"
    assert (meta["exchangeTimezoneName"], meta["timezone"]) == ("America/New_York", "EST")
    assert meta["gmtoffset"] == -18000
    assert (meta["instrumentType"], meta["dataGranularity"]) == ("EQUITY", "1d")
    assert meta["currentTradingPeriod"]["regular"] == {
        "timezone": "EST",
        "start": 1768314600,
        "end": 1768338000,
        "gmtoffset": -18000,
    }
    quote = result["indicators"]["quote"][0]
    assert set(quote) == {"open", "high", "low", "close", "volume"}
    # Numbers of single precision, as in a real answer.
    assert quote["close"] == [
        154.47000122070312,
        150.9600067138672,
        166.30999755859375,
        167.00999450683594,
    ]
    assert result["indicators"]["adjclose"][0]["adjclose"] == quote["close"]


def test_hong_kong_opens_at_half_past_one_utc() -> None:
    series = Series("0700.HK", [date(2026, 8, 3)], [450.0], "HKD", HONG_KONG)
    with YahooFake([series], datetime(2026, 8, 4, tzinfo=UTC)) as fake:
        result = result_of(fake, "range=1d&interval=1d", "0700.HK")
    assert result["timestamp"] == [1785720600]
    assert (result["meta"]["exchangeName"], result["meta"]["timezone"]) == ("HKG", "HKT")
    assert result["meta"]["range"] == "1d"


def test_the_window_holds_its_start_and_not_its_end() -> None:
    with YahooFake([baba()], EVENING) as fake:
        result = result_of(fake, "period1=1767969000&period2=1768314600&interval=1d")
    assert result["timestamp"] == [1767969000, 1768228200]


def test_an_empty_window() -> None:
    with YahooFake([baba()], EVENING) as fake:
        result = result_of(fake, "period1=1768000000&period2=1768100000&interval=1d")
    assert "timestamp" not in result
    assert result["indicators"] == {"quote": [{}], "adjclose": [{}]}


def test_dividends_and_splits_change_what_came_before() -> None:
    with YahooFake([baba()], EVENING) as fake:
        fake.add_dividend("BABA", DAYS[2], 1.05)
        fake.add_split("BABA", DAYS[3], 2.0)
        result = result_of(fake, "period1=1767830400&period2=1768348800&interval=1d")
    closes = [154.47 / 2, 150.96 / 2, 166.31 / 2, 167.01 / 2]
    assert result["indicators"]["quote"][0]["close"] == pytest.approx(closes, rel=1e-6)
    factor = 1 - 1.05 / 150.96
    adjusted = [closes[0] * factor, closes[1] * factor, closes[2], closes[3]]
    assert result["indicators"]["adjclose"][0]["adjclose"] == pytest.approx(adjusted, rel=1e-6)
    assert result["events"] == {
        "dividends": {"1768228200": {"amount": 0.525, "date": 1768228200}},
        "splits": {
            "1768314600": {
                "date": 1768314600,
                "numerator": 2.0,
                "denominator": 1.0,
                "splitRatio": "2:1",
            }
        },
    }


def test_what_has_not_happened_yet_changes_nothing() -> None:
    series = baba(dividends={DAYS[3]: 1.0}, splits={DAYS[3]: 2.0})
    with YahooFake([series], EVENING - timedelta(days=1)) as fake:
        result = result_of(fake, "period1=1767830400&period2=1768348800&interval=1d")
    assert result["indicators"]["adjclose"][0]["adjclose"] == pytest.approx(CLOSES[:3], rel=1e-6)


def test_missing_empty_and_live_rows() -> None:
    series = baba(missing={DAYS[1]}, nan={DAYS[2]}, live_row=True)
    trading = datetime(2026, 1, 13, 20, tzinfo=UTC)
    with YahooFake([series], trading) as fake:
        result = result_of(fake, "period1=1767830400&period2=1768300000&interval=1d")
    assert result["timestamp"] == [1767882600, 1768228200, int(trading.timestamp())]
    quote = result["indicators"]["quote"][0]
    assert quote["close"][1] is None
    assert quote["volume"][1] > 0


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/", 404, "Not Found"),
        (CRUMB, 200, "made.up.crumb"),
        ("/consent", 404, "Not Found"),
        ("/v10/finance/quoteSummary/NOPE", 404, "Quote not found"),
        (CHART + "NOPE?range=1d", 404, "No data found, symbol may be delisted"),
    ],
)
def test_the_other_answers(path: str, status: int, text: str) -> None:
    with YahooFake([baba()], EVENING) as fake:
        answer = requests.get(fake.url + path, timeout=5)
    assert answer.status_code == status
    assert text in answer.text
    assert ("A3" in answer.cookies) == (path == "/")


def test_yfinance_left_to_itself_reads_it_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the time zone known, it also asks for the last day first."""
    monkeypatch.setattr(yfinance.cache._TzCacheManager, "_tz_cache", None)  # noqa: SLF001
    with (
        YahooFake([baba(dividends={DAYS[2]: 1.05})], EVENING) as fake,
        opened(Visit("Yahoo", 30), fake.url, tmp_path) as session,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # it uses what pandas will change
        frame = yfinance.Ticker("BABA", session=session).history(
            start="2026-01-08", end="2026-01-14", auto_adjust=False
        )
        asked = [request.first("range") for request in fake.charts()]
    assert asked == ["1d", ""]
    assert list(frame.columns) == [
        "Open",
        "High",
        "Low",
        "Close",
        "Adj Close",
        "Volume",
        "Dividends",
        "Stock Splits",
    ]
    assert [day.date() for day in frame.index] == DAYS
    assert list(frame["Close"]) == pytest.approx(CLOSES, rel=1e-6)
    assert list(frame["Dividends"]) == [0, 0, 1.05, 0]


def test_the_demo_holds_every_share_of_the_site_and_is_always_the_same() -> None:
    now = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
    one, other = YahooFake.demo(now), YahooFake.demo(now)
    assert list(one.series) == tickers()
    assert {"BABA", "9988.HK", "SPY", "KWEB", "2800.HK", "2513.HK"} <= set(one.series)
    assert one.series == other.series
    earlier = YahooFake.demo(now - timedelta(days=10))
    for ticker, series in one.series.items():
        begun = series.listed(now)
        assert begun[-1] == date(2026, 11, 25)
        assert begun[0] == FIRST or ticker in {"2513.HK", "0100.HK"}
        closes = dict(zip(series.sessions, series.close, strict=True))
        assert all(3 < closes[day] < 5000 for day in begun)
        assert earlier.series[ticker].as_split(earlier.now).items() <= closes.items()
        assert series.adjusted(now)[begun[0]] < closes[begun[0]]

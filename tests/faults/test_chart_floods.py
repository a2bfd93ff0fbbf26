"""Thousands of charts of Yahoo made up by chance: read right, or refused with a named error.

What is right is read from the same answers a second time, by other means.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import pytest
import yfinance
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SourceUnreadable
from core.fetch import calendars, prices
from core.fetch.http import Visit
from core.schemas import PRICES
from core.store import parquet
from tests.fakes.server import Fault
from tests.fakes.shares import NEW_YORK, Series
from tests.fakes.yahoo import YahooFake
from tests.faults.flood import FEW, MANY, NOW, flood, junk, or_junk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHARE: Final = "BABA"
LISTED: Final = calendars.finished_sessions(SHARE, date(2026, 10, 1), NOW)
ZONE: Final = ZoneInfo(NEW_YORK)

stamps = st.one_of(
    st.sampled_from(LISTED).map(
        lambda day: int(datetime(day.year, day.month, day.day, 9, 30, tzinfo=ZONE).timestamp())
    ),
    st.integers(1_700_000_000, 1_800_000_000),
)
amounts = st.one_of(
    st.floats(0.01, 1e6, allow_nan=False).map(lambda value: round(value, 4)),
    st.none(),
    st.integers(-1, 10**6),
    st.floats(),
)
sound = st.floats(0.01, 1e6).map(lambda value: round(value, 4))


@st.composite
def charts(draw: st.DrawFn) -> object:
    """A chart: a third of them as they should be, the others with something wrong."""
    how = draw(st.integers(0, 2))
    clean = how == 0
    if clean:
        at = sorted(draw(st.lists(stamps, min_size=1, max_size=6, unique=True)))
    else:
        at = draw(st.lists(or_junk(stamps) if how == 2 else stamps, max_size=6))
    price = sound if clean else or_junk(amounts) if how == 2 else amounts
    column = st.lists(price, min_size=len(at), max_size=len(at))
    quote = {name: draw(column) for name in ("open", "high", "low", "close", "volume")}
    chart: Any = {
        "chart": {
            "result": [
                {
                    "meta": {
                        "currency": "USD",
                        "symbol": SHARE,
                        "exchangeName": "NYQ",
                        "fullExchangeName": "NYSE",
                        "instrumentType": "EQUITY",
                        "timezone": "EST",
                        "gmtoffset": -18000,
                        "exchangeTimezoneName": NEW_YORK,
                        "priceHint": 2,
                        "dataGranularity": "1d",
                        "range": "",
                        "validRanges": ["1d"],
                    },
                    "timestamp": at,
                    "indicators": {"quote": [quote], "adjclose": [{"adjclose": draw(column)}]},
                }
            ],
            "error": None,
        }
    }
    if how == 2:
        for _ in range(draw(st.integers(0, 2))):
            chart = damaged(draw, chart)
    return chart


def damaged(draw: st.DrawFn, chart: Any) -> Any:  # noqa: ANN401 - JSON is anything
    """``chart`` with one place of it taken out or replaced."""
    places: list[tuple[Any, Any]] = []

    def walk(value: Any) -> None:  # noqa: ANN401 - likewise
        keys = value.keys() if type(value) is dict else range(len(value))
        for key in keys:
            places.append((value, key))
            if type(value[key]) in (dict, list):
                walk(value[key])

    walk([chart])
    whole = places[0][0]
    holder, key = draw(st.sampled_from(places))
    if type(holder) is dict and draw(st.booleans()):
        del holder[key]
    else:
        holder[key] = draw(junk)
    return whole[0]


def finite(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and value > 0


def day_of(moment: float) -> date:
    """The session a row is dated by; early by an hour or two where clocks change."""
    here = datetime.fromtimestamp(moment, ZONE)
    return here.date() + timedelta(days=here.hour >= 22 and here.minute == 0)


def days_told(chart: Any) -> Counter[date]:  # noqa: ANN401 - JSON
    """How often each day is in a chart that could be read."""
    at = chart["chart"]["result"][0]["timestamp"]
    return Counter(day_of(one) for one in at if finite(one) and one < 4_000_000_000)


def told_of(chart: Any) -> dict[date, list[tuple[float, float]]] | None:  # noqa: ANN401 - JSON
    """Close and adjusted close of each session as the answer says; None where it is no chart."""
    try:
        result = chart["chart"]["result"][0]
        at = result["timestamp"]
        close = result["indicators"]["quote"][0]["close"]
        adjusted = result["indicators"]["adjclose"][0]["adjclose"]
        entries = list(zip(at, close, adjusted, strict=True))
    except (LookupError, TypeError, ValueError):
        return None
    found: dict[date, list[tuple[float, float]]] = {}
    for moment, paid, then in entries:
        if not (finite(moment) and finite(paid) and finite(then)) or moment > 4_000_000_000:
            continue
        day = day_of(moment)
        if day in FINISHED:
            found.setdefault(day, []).append((float(paid), float(then)))
    return found


FINISHED: Final = frozenset(calendars.finished_sessions(SHARE, prices.FIRST_SESSION, NOW))


@pytest.fixture
def yahoo(monkeypatch: pytest.MonkeyPatch) -> Iterator[YahooFake]:
    # What yfinance kept from another test lies in that test's folder.
    monkeypatch.setattr(yfinance.cache._TzCacheManager, "_tz_cache", None)  # noqa: SLF001
    monkeypatch.setattr(yfinance.cache._CookieCacheManager, "_Cookie_cache", None)  # noqa: SLF001
    with YahooFake([Series(SHARE, LISTED, [1.0] * len(LISTED))], NOW) as fake:
        yield fake


@pytest.mark.parametrize(
    "answers", [FEW, pytest.param(MANY, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_any_chart_of_yahoo_is_read_right_or_refused(
    yahoo: YahooFake, tmp_path: Path, answers: int
) -> None:
    fault = Fault("status", code=200, match=lambda request: "/chart/" in request.path)
    yahoo.faults.append(fault)
    counts: Counter[str] = Counter()
    nothing = parquet.empty(PRICES)

    @flood(answers)
    @given(charts())
    def answer(chart: object) -> None:
        fault.body = json.dumps(chart)
        told = told_of(json.loads(fault.body))
        counts["answers"] += 1
        fetched = prices.fetch(
            [SHARE], nothing, NOW, Visit("Yahoo", 30), base_url=yahoo.url, cache=tmp_path / "cache"
        )
        (outcome,) = fetched.outcomes.values()
        counts[outcome.kind] += 1
        assert (outcome.kind == "failed") == (fetched.error is not None)
        assert fetched.error is None or type(fetched.error) is SourceUnreadable
        read = {
            row.session.date(): (row.close, row.adjusted_close) for row in fetched.rows.itertuples()
        }
        for day, pair in read.items():
            assert told is not None, f"{pair} of {day} from an answer without prices"
            assert pair in told.get(day, []), f"{pair} of {day} was never told"
        if outcome.kind == "ok":
            # Of a day that is told twice yfinance keeps one entry, whichever it is.
            assert all(days_told(json.loads(fault.body))[day] > 1 for day in told.keys() - read)
            parquet.write(fetched.rows, tmp_path / "prices.parquet", PRICES)
            counts["closes read"] += len(read)
        yahoo.forget()

    answer()
    print(f"\nchart answers: {dict(counts)}; read wrongly: 0")  # noqa: T201

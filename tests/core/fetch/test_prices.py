"""The real yfinance over real sockets, against a loopback Yahoo."""

from __future__ import annotations

import math
import socket
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
import yfinance
from pandas.testing import assert_frame_equal

from core.errors import (
    FetchError,
    SourceRefused,
    SourceSilent,
    SourceUnreachable,
    SourceUnreadable,
)
from core.fetch import prices
from core.fetch.http import Visit
from core.measure.overlay import levels
from core.schemas import PRICES
from core.store import parquet
from tests.fakes.server import Fault, Request
from tests.fakes.shares import HONG_KONG, NEW_YORK, Series, calendar
from tests.fakes.yahoo import CHART, CRUMB, YahooFake

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from core.fetch.prices import Fetched

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


@pytest.fixture
def yahoo() -> Iterator[YahooFake]:
    with YahooFake([share("BABA"), share("META"), share("9988.HK")], WEDNESDAY) as fake:
        yield fake


@pytest.fixture
def fetch(yahoo: YahooFake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fetch:
    """Fetch at the fake's ``now``, with nothing that yfinance kept from another test."""
    monkeypatch.setattr(yfinance.cache._TzCacheManager, "_tz_cache", None)  # noqa: SLF001
    monkeypatch.setattr(yfinance.cache._CookieCacheManager, "_Cookie_cache", None)  # noqa: SLF001

    def run(
        tickers: Sequence[str] = ("BABA", "META", "9988.HK"),
        known: pd.DataFrame | None = None,
        visit: Visit | None = None,
        **more: object,
    ) -> Fetched:
        yahoo.forget()
        return prices.fetch(
            tickers,
            parquet.empty(PRICES) if known is None else known,
            yahoo.now,
            visit or Visit("Yahoo", 30),
            **{"base_url": yahoo.url, "cache": tmp_path / "yfinance"} | more,
        )

    return run


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


def test_a_first_fetch_reads_the_whole_span(yahoo: YahooFake, fetch: Fetch) -> None:
    visit = Visit("Yahoo", 30)
    steps: list[tuple[str, int, int]] = []
    fetched = fetch(visit=visit, on_step=lambda *step: steps.append(step))
    assert fetched.error is None
    assert kinds(fetched) == ["ok", "ok", "ok"]
    for ticker, last in {"BABA": 25, "META": 25, "9988.HK": 25}.items():
        series = yahoo.series[ticker]
        expected = dict(zip(series.sessions, series.close, strict=True))
        expected = {day: close for day, close in expected.items() if day <= date(2026, 11, last)}
        assert column(fetched, ticker) == expected
        assert column(fetched, ticker, "adjusted_close") == expected
    rows = fetched.rows
    assert dict(zip(rows["ticker"], rows["currency"], strict=True)) == {
        "BABA": "USD",
        "META": "USD",
        "9988.HK": "HKD",
    }
    assert set(rows["source"]) == {"yahoo"}
    assert rows["index_100"].isna().all()
    assert set(rows["read_at"]) == {pd.Timestamp(WEDNESDAY)}
    assert fetched.missing.empty
    assert steps == [("BABA", 1, 3), ("META", 2, 3), ("9988.HK", 3, 3)]
    # A cookie, a crumb, and one chart a share.
    paths = [request.path for request in yahoo.requests]
    assert paths == ["/", CRUMB, CHART + "BABA", CHART + "META", CHART + "9988.HK"]
    assert visit.requests == 5


def test_dates_are_the_exchanges_own_in_every_request(yahoo: YahooFake, fetch: Fetch) -> None:
    fetch()
    asked = [(int(r.first("period1")), int(r.first("period2"))) for r in yahoo.charts()]
    new_york = midnight(NEW_YORK, 2023, 12, 1), midnight(NEW_YORK, 2026, 11, 26)
    hong_kong = midnight(HONG_KONG, 2023, 12, 1), midnight(HONG_KONG, 2026, 11, 26)
    assert asked == [new_york, new_york, hong_kong]


def test_every_request_says_who_asks(yahoo: YahooFake, fetch: Fetch) -> None:
    yahoo.faults.append(Fault("status", charts_of("META"), code=404, body="{}"))
    fetch()
    assert len(yahoo.requests) > 5  # the consent pages too
    agents = {request.headers["user-agent"] for request in yahoo.requests}
    assert agents == {"Mozilla/5.0 (compatible; groundswell/0.1.0)"}


def test_a_later_fetch_asks_from_the_last_known_session(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    first = fetch()
    yahoo.now = MONDAY
    visit = Visit("Yahoo", 30)
    second = fetch(known=stored(first, tmp_path), visit=visit)
    assert [int(r.first("period1")) for r in yahoo.charts()] == [
        midnight(NEW_YORK, 2026, 11, 25),
        midnight(NEW_YORK, 2026, 11, 25),
        midnight(HONG_KONG, 2026, 11, 25),
    ]
    assert visit.requests == 4  # the cookie is kept on disk
    # 27 and 30 November; Hong Kong does not keep Thanksgiving.
    added = {"BABA": 2, "META": 2, "9988.HK": 3}
    for ticker, number in added.items():
        before, after = of(first, ticker), of(second, ticker)
        assert len(after) == len(before) + number
        same = ["close", "adjusted_close", "index_100", "currency", "source"]
        assert_frame_equal(after.loc[before.index, same], before[same])
    assert set(second.rows["read_at"]) == {pd.Timestamp(MONDAY)}
    assert not any(outcome.anew for outcome in second.outcomes.values())


def test_what_is_fresh_is_not_asked_for(yahoo: YahooFake, fetch: Fetch, tmp_path: Path) -> None:
    known = stored(fetch(), tmp_path)
    yahoo.now = datetime(2026, 11, 26, 8, 59, tzinfo=UTC)  # a minute before Hong Kong's are due
    visit = Visit("Yahoo", 30)
    fetched = fetch(known=known, visit=visit)
    assert kinds(fetched) == ["fresh", "fresh", "fresh"]
    assert fetched.outcomes["BABA"].sentence == "BABA is up to date, to 2026-11-25."
    assert (visit.requests, yahoo.requests, len(fetched.rows)) == (0, [], 0)
    yahoo.now += timedelta(minutes=1)
    assert kinds(fetch(known=known)) == ["fresh", "fresh", "ok"]
    assert [request.path for request in yahoo.charts()] == [CHART + "9988.HK"]


def test_a_dividend_in_the_gap_makes_a_new_version(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    first = fetch(["BABA"])
    yahoo.now = MONDAY
    yahoo.add_dividend("BABA", date(2026, 11, 27), 2.0)
    second = fetch(["BABA"], known=stored(first, tmp_path))
    # Eighteen sessions from 2 to 25 November: the last before the dividend closed at 104.25.
    factor = 1 - 2.0 / 104.25
    before = column(first, "BABA")
    assert before[date(2026, 11, 25)] == 104.25
    closes, adjusted = column(second, "BABA"), column(second, "BABA", "adjusted_close")
    assert {day: closes[day] for day in before} == before
    assert {day: adjusted[day] for day in before} == pytest.approx(
        {day: close * factor for day, close in before.items()}, rel=1e-6
    )
    for day in (date(2026, 11, 27), date(2026, 11, 30)):
        assert adjusted[day] == closes[day]
    assert second.outcomes["BABA"].anew
    assert [int(request.first("period1")) for request in yahoo.charts()] == [
        midnight(NEW_YORK, 2026, 11, 25),
        midnight(NEW_YORK, 2023, 12, 1),
    ]


def test_a_split_in_the_gap_makes_a_new_version(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    first = fetch(["BABA"])
    yahoo.now = MONDAY
    yahoo.add_split("BABA", date(2026, 11, 30), 4.0)
    second = fetch(["BABA"], known=stored(first, tmp_path))
    expected = {day: close / 4 for day, close in column(first, "BABA").items()}
    expected |= {date(2026, 11, 27): 104.5 / 4, date(2026, 11, 30): 104.75 / 4}
    assert column(second, "BABA") == expected
    assert column(second, "BABA", "adjusted_close") == expected
    assert second.outcomes["BABA"].anew


def test_a_new_version_is_the_only_one_that_counts(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    known = stored(fetch(["BABA"]), tmp_path)
    yahoo.now = MONDAY
    yahoo.add_split("BABA", date(2026, 11, 30), 4.0)
    second = fetch(["BABA"], known=known)
    series = levels(pd.concat([known, second.rows], ignore_index=True))
    assert series["level"].max() / series["level"].min() == pytest.approx(104.75 / 100)


def test_a_change_within_the_tolerance_keeps_what_is_known(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    first = fetch(["BABA"])
    yahoo.now = MONDAY
    yahoo.add_dividend("BABA", date(2026, 11, 27), 0.01)  # 0.96e-4 of 104.25
    second = fetch(["BABA"], known=stored(first, tmp_path))
    assert not second.outcomes["BABA"].anew
    assert column(second, "BABA", "adjusted_close")[date(2026, 11, 2)] == 100
    yahoo.add_dividend("BABA", date(2026, 11, 27), 0.0105)  # 1.007e-4
    assert fetch(["BABA"], known=stored(first, tmp_path)).outcomes["BABA"].anew


def test_days_without_a_price_are_named(yahoo: YahooFake, fetch: Fetch) -> None:
    yahoo.series["BABA"].nan = {date(2026, 11, 24)}
    yahoo.series["BABA"].missing = {date(2026, 11, 2), date(2026, 11, 10)}
    yahoo.series["9988.HK"].missing = {date(2026, 11, 25)}
    fetched = fetch()
    # 2 November lies before the first row: the share may not have been listed then.
    assert missing(fetched) == [
        ("BABA", "2026-11-10"),
        ("BABA", "2026-11-24"),
        ("9988.HK", "2026-11-25"),
    ]
    assert len(of(fetched, "BABA")) == 18 - 3
    assert fetched.rows["close"].notna().all()
    assert fetched.error is None


def test_what_was_missing_is_asked_for_again(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    yahoo.series["BABA"].nan = {date(2026, 11, 24)}
    known = stored(fetch(["BABA"]), tmp_path)
    assert missing(fetch(["BABA"], known=known)) == [("BABA", "2026-11-24")]  # fresh, yet missing
    yahoo.now = MONDAY
    yahoo.series["BABA"].nan = set()
    fetched = fetch(["BABA"], known=known)
    asked = [int(request.first("period1")) for request in yahoo.charts()]
    assert asked == [midnight(NEW_YORK, 2026, 11, 23)]
    assert missing(fetched) == []
    assert list(of(fetched, "BABA").index) == sorted(of(fetched, "BABA").index)
    assert len(of(fetched, "BABA")) == 20


def test_an_old_hole_is_left_alone(yahoo: YahooFake, fetch: Fetch, tmp_path: Path) -> None:
    yahoo.series["BABA"] = share("BABA", date(2026, 9, 1), missing={date(2026, 9, 10)})
    known = stored(fetch(["BABA"]), tmp_path)
    yahoo.now = MONDAY
    fetched = fetch(["BABA"], known=known)
    asked = [int(request.first("period1")) for request in yahoo.charts()]
    assert asked == [midnight(NEW_YORK, 2026, 11, 25)]
    assert missing(fetched) == [("BABA", "2026-09-10")]


def test_after_a_long_pause_nothing_is_left_out(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    yahoo.series["BABA"] = share("BABA", date(2026, 8, 3))
    yahoo.now = datetime(2026, 8, 14, 22, tzinfo=UTC)
    known = stored(fetch(["BABA"]), tmp_path)
    yahoo.now = MONDAY
    fetched = fetch(["BABA"], known=known)
    asked = [int(request.first("period1")) for request in yahoo.charts()]
    assert asked == [midnight(NEW_YORK, 2026, 8, 14)]
    assert missing(fetched) == []


def test_a_known_close_that_yahoo_loses_is_kept(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    known = stored(fetch(["BABA"]), tmp_path)
    yahoo.now = MONDAY
    yahoo.series["BABA"].nan = {date(2026, 11, 25)}
    fetched = fetch(["BABA"], known=known)
    assert len(yahoo.charts()) == 2  # nothing to compare: the whole span is read
    assert missing(fetched) == []
    assert column(fetched, "BABA")[date(2026, 11, 25)] == 104.25


def test_half_days_and_holidays_of_two_exchanges(yahoo: YahooFake, fetch: Fetch) -> None:
    for ticker in ("BABA", "9988.HK"):
        yahoo.series[ticker] = share(ticker, date(2025, 11, 20), date(2026, 3, 31))
    thanksgiving = datetime(2025, 11, 28, 18, 59, tzinfo=UTC)  # New York closed at 18:00
    yahoo.now = thanksgiving
    fetched = fetch(["BABA", "9988.HK"])
    assert max(column(fetched, "BABA")) == date(2025, 11, 26)
    assert max(column(fetched, "9988.HK")) == date(2025, 11, 28)
    yahoo.now = thanksgiving + timedelta(minutes=1)
    assert max(column(fetch(["BABA"]), "BABA")) == date(2025, 11, 28)
    yahoo.now = datetime(2025, 12, 24, 5, 0, tzinfo=UTC)  # Hong Kong closed at 12:00 there
    assert max(column(fetch(["9988.HK"]), "9988.HK")) == date(2025, 12, 24)
    yahoo.now = datetime(2026, 2, 20, 23, tzinfo=UTC)
    fetched = fetch(["BABA", "9988.HK"])
    february = [day.day for day in column(fetched, "9988.HK") if day >= date(2026, 2, 13)]
    assert february == [13, 16, 20]
    assert missing(fetched) == []


@pytest.mark.parametrize("live_row", [False, True])
def test_an_unfinished_session_is_left_out(
    yahoo: YahooFake,
    fetch: Fetch,
    live_row: bool,  # noqa: FBT001
) -> None:
    yahoo.series["BABA"].live_row = yahoo.series["9988.HK"].live_row = live_row
    yahoo.now = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)  # an hour before New York closes
    assert max(column(fetch(["BABA"]), "BABA")) == date(2026, 11, 24)
    yahoo.now = datetime(2026, 11, 25, 21, 59, tzinfo=UTC)
    fetched = fetch(["BABA"])
    assert max(column(fetched, "BABA")) == date(2026, 11, 24)
    assert fetched.outcomes["BABA"].dropped == 0
    yahoo.now = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)
    assert column(fetch(["BABA"]), "BABA")[date(2026, 11, 25)] == 104.25
    yahoo.now = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)  # Hong Kong trades
    assert max(column(fetch(["9988.HK"]), "9988.HK")) == date(2026, 11, 25)


def test_days_that_are_no_sessions_are_dropped_and_counted(yahoo: YahooFake, fetch: Fetch) -> None:
    series = yahoo.series["BABA"]
    saturday = date(2026, 11, 7)
    series.sessions = sorted([*series.sessions, saturday])
    series.close = [100.0] * len(series.sessions)
    fetched = fetch(["BABA"])
    assert saturday not in column(fetched, "BABA")
    assert fetched.outcomes["BABA"].dropped == 1


def test_an_unknown_share_does_not_stop_the_others(yahoo: YahooFake, fetch: Fetch) -> None:
    fetched = fetch(["BABA", "NOPE", "META"])
    assert kinds(fetched) == ["ok", "unknown", "ok"]
    assert fetched.outcomes["NOPE"].sentence == "Yahoo knows no share NOPE."
    assert fetched.error is None
    assert set(fetched.rows["ticker"]) == {"BABA", "META"}
    # yfinance asks once more, by way of the consent page.
    assert len(yahoo.charts("NOPE")) == 2


def test_a_share_without_sessions_yet(yahoo: YahooFake, fetch: Fetch) -> None:
    yahoo.series["NEW"] = share("NEW", date(2026, 12, 1))
    fetched = fetch(["NEW", "BABA"])
    assert kinds(fetched) == ["no_sessions", "ok"]
    assert fetched.outcomes["NEW"].sentence == "Yahoo has no price of NEW since 2023-12-01."
    assert fetched.error is None


def test_too_many_requests_keeps_what_was_read(yahoo: YahooFake, fetch: Fetch) -> None:
    yahoo.faults.append(Fault("status", charts_of("META"), code=429, body="Too Many Requests"))
    fetched = fetch()
    assert kinds(fetched) == ["ok", "failed", "failed"]
    assert isinstance(fetched.error, SourceRefused)
    assert fetched.error.source == "Yahoo"
    assert fetched.error.sentence == "Yahoo answers that it has had too many requests."
    assert fetched.outcomes["9988.HK"].sentence == (
        "9988.HK was not asked for: Yahoo answers that it has had too many requests."
    )
    assert set(fetched.rows["ticker"]) == {"BABA"}
    assert yahoo.charts("9988.HK") == []


def test_too_many_requests_for_the_crumb_alone_is_survived(yahoo: YahooFake, fetch: Fetch) -> None:
    yahoo.faults.append(
        Fault("status", lambda r: r.path == CRUMB, code=429, body="Too Many Requests")
    )
    fetched = fetch()
    assert kinds(fetched) == ["ok", "ok", "ok"]
    assert fetched.error is None


def test_a_page_instead_of_prices_then_prices(yahoo: YahooFake, fetch: Fetch) -> None:
    yahoo.faults.append(Fault("html", lambda r: r.path.startswith(CHART)))
    fetched = fetch(["BABA"])
    assert isinstance(fetched.error, SourceUnreadable)
    assert fetched.error.sentence == (
        "The answer of Yahoo about BABA cannot be understood: "
        "it is not in the form that prices have."
    )
    assert fetched.rows.empty
    yahoo.faults.clear()
    assert kinds(fetch(["BABA"])) == ["ok"]


def test_one_bad_answer_does_not_stop_the_others(yahoo: YahooFake, fetch: Fetch) -> None:
    yahoo.faults.append(Fault("html", charts_of("META")))
    fetched = fetch()
    assert kinds(fetched) == ["ok", "failed", "ok"]
    assert isinstance(fetched.error, SourceUnreadable)


def test_bad_answers_in_a_row_end_the_asking(yahoo: YahooFake, fetch: Fetch) -> None:
    yahoo.faults.append(Fault("html", lambda r: r.path.startswith(CHART)))
    fetched = fetch(["BABA", "META", "9988.HK", "SPY", "QQQ"])
    assert kinds(fetched) == ["failed"] * 5
    assert len(yahoo.charts()) == 3


def test_a_good_answer_between_bad_ones_keeps_the_asking_up(yahoo: YahooFake, fetch: Fetch) -> None:
    bad = {CHART + ticker for ticker in ("SPY", "QQQ", "KWEB", "IBM")}
    yahoo.faults.append(Fault("html", lambda request: request.path in bad))
    fetched = fetch(["SPY", "QQQ", "BABA", "KWEB", "IBM", "META"])
    assert kinds(fetched) == ["failed", "failed", "ok", "failed", "failed", "ok"]


@pytest.mark.parametrize(
    ("kind", "where"),
    [("stall", "/"), ("stall", CRUMB), ("stall", CHART + "BABA"), ("drip", CHART + "BABA")],
)
def test_the_deadline_holds(
    yahoo: YahooFake, fetch: Fetch, kind: Literal["stall", "drip"], where: str
) -> None:
    yahoo.faults.append(Fault(kind, lambda r: r.path == where, interval=0.01))
    start = time.monotonic()
    fetched = fetch(["BABA", "META"], visit=Visit("Yahoo", 1))
    assert 0.9 < time.monotonic() - start < 2
    assert isinstance(fetched.error, SourceSilent)
    assert fetched.error.sentence == "Yahoo was not done after 1 seconds."
    assert kinds(fetched) == ["failed", "failed"]


def test_what_was_read_before_the_deadline_is_kept(yahoo: YahooFake, fetch: Fetch) -> None:
    yahoo.faults.append(Fault("stall", charts_of("META")))
    fetched = fetch(visit=Visit("Yahoo", 1))
    assert kinds(fetched) == ["ok", "failed", "failed"]
    assert len(of(fetched, "BABA")) == 18


def test_no_connection(fetch: Fetch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        fetched = fetch(base_url=f"http://127.0.0.1:{port}")
    assert isinstance(fetched.error, SourceUnreachable)
    assert fetched.error.sentence == "Yahoo could not be reached."
    assert kinds(fetched) == ["failed"] * 3


def test_a_connection_that_breaks(yahoo: YahooFake, fetch: Fetch) -> None:
    yahoo.faults.append(Fault("refuse_after_accept", charts_of("BABA")))
    assert isinstance(fetch(["BABA"]).error, SourceUnreachable)
    yahoo.faults[:] = [Fault("cut", charts_of("BABA"))]
    fetched = fetch(["BABA"])
    assert isinstance(fetched.error, FetchError)
    assert fetched.rows.empty


@pytest.mark.parametrize(
    ("code", "body", "kind", "sentence"),
    [
        (500, "<html>", SourceUnreachable, "Yahoo has trouble of its own (status 500)."),
        (503, '{"chart": {"result": null, "error": {"description": "x"}}}', SourceUnreachable, ""),
        (401, '{"finance": {"error": {"description": "x"}}}', SourceRefused, "(status 401)"),
        (403, "<html>", SourceRefused, "Yahoo refused the request (status 403)."),
        (418, "<html>", SourceUnreadable, "its status is 418"),
        (200, "{}", SourceUnreadable, ""),
        (200, "[]", SourceUnreadable, ""),
        (200, "", SourceUnreadable, ""),
        (200, '{"chart": {"result": [], "error": null}}', SourceUnreadable, ""),
        (200, "Will be right back", SourceUnreadable, ""),
    ],
)
def test_answers_that_are_no_prices(  # noqa: PLR0913, PLR0917 - one case in full
    yahoo: YahooFake, fetch: Fetch, code: int, body: str, kind: type[FetchError], sentence: str
) -> None:
    yahoo.faults.append(Fault("status", charts_of("BABA"), code=code, body=body))
    fetched = fetch(["BABA"])
    assert type(fetched.error) is kind
    assert fetched.error.source == "Yahoo"
    assert sentence in fetched.error.sentence
    assert fetched.rows.empty


def edited(change: Callable[[dict[str, Any]], object]) -> Fault:
    """The answer about BABA with something in its only result changed in place."""

    def edit(answer: dict[str, Any]) -> dict[str, Any]:
        change(answer["chart"]["result"][0])
        return answer

    return Fault("edit", charts_of("BABA"), edit=edit)


def quote(result: dict[str, Any]) -> dict[str, list[Any]]:
    return result["indicators"]["quote"][0]


DAMAGE: dict[str, Callable[[dict[str, Any]], object]] = {
    "text": lambda r: quote(r)["close"].__setitem__(3, "a lot"),
    "list": lambda r: quote(r)["close"].__setitem__(3, [1]),
    "short": lambda r: quote(r)["close"].pop(),
    "absent": lambda r: quote(r).pop("close"),
    "adjusted text": lambda r: r["indicators"]["adjclose"][0].update(adjclose=["x"] * 18),
    "times as text": lambda r: r.update(timestamp=["soon"] * 18),
    "times beyond all": lambda r: r.update(timestamp=[10**30] * 18),
    "no currency": lambda r: r["meta"].pop("currency"),
    "currency a number": lambda r: r["meta"].update(currency=7),
    "currency a tag": lambda r: r["meta"].update(currency="<b>"),
    "another share": lambda r: r["meta"].update(symbol="META"),
    "no such zone": lambda r: r["meta"].update(exchangeTimezoneName="Nowhere/Town"),
    "no meta": lambda r: r.pop("meta"),
}


@pytest.mark.parametrize("change", DAMAGE.values(), ids=DAMAGE)
def test_answers_in_another_form_are_refused(
    yahoo: YahooFake, fetch: Fetch, change: Callable[[dict[str, Any]], object]
) -> None:
    yahoo.faults.append(edited(change))
    fetched = fetch(["BABA", "META"])
    assert isinstance(fetched.error, SourceUnreadable)
    assert kinds(fetched) == ["failed", "ok"]
    assert set(fetched.rows["ticker"]) == {"META"}


@pytest.mark.parametrize("value", [None, 0, 0.0, -5, math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("adjusted", [False, True])
def test_closes_that_are_none_never_enter(
    yahoo: YahooFake,
    fetch: Fetch,
    value: float | None,
    adjusted: bool,  # noqa: FBT001
) -> None:
    def change(result: dict[str, Any]) -> None:
        indicators = result["indicators"]
        column = indicators["adjclose"][0]["adjclose"] if adjusted else quote(result)["close"]
        column[3] = value

    yahoo.faults.append(edited(change))
    fetched = fetch(["BABA"])
    assert kinds(fetched) == ["ok"]
    assert missing(fetched) == [("BABA", "2026-11-05")]
    closes = fetched.rows[["close", "adjusted_close"]]
    assert ((closes > 0) & (closes < math.inf)).all(axis=None)


@pytest.mark.parametrize("truths", [1, 18], ids=["one", "all"])
@pytest.mark.parametrize("adjusted", [False, True])
def test_true_is_no_price_of_one(
    yahoo: YahooFake,
    fetch: Fetch,
    truths: int,
    adjusted: bool,  # noqa: FBT001
) -> None:
    def change(result: dict[str, Any]) -> None:
        indicators = result["indicators"]
        column = indicators["adjclose"][0]["adjclose"] if adjusted else quote(result)["close"]
        column[:truths] = [True] * truths

    yahoo.faults.append(edited(change))
    fetched = fetch(["BABA"])
    assert kinds(fetched) == ["failed"]
    assert isinstance(fetched.error, SourceUnreadable)
    assert fetched.rows.empty


def test_only_empty_closes_are_no_sessions(yahoo: YahooFake, fetch: Fetch) -> None:
    yahoo.faults.append(edited(lambda r: quote(r).update(close=[None] * 18)))
    fetched = fetch(["BABA", "META"])
    assert kinds(fetched) == ["no_sessions", "ok"]
    assert set(fetched.rows["ticker"]) == {"META"}


def test_another_currency_is_another_series(yahoo: YahooFake, fetch: Fetch, tmp_path: Path) -> None:
    known = stored(fetch(["BABA"]), tmp_path)
    yahoo.now = MONDAY
    yahoo.series["BABA"].currency = "CNY"
    fetched = fetch(["BABA"], known=known)
    assert set(fetched.rows["currency"]) == {"CNY"}
    assert fetched.outcomes["BABA"].anew


def test_rows_of_other_sources_are_not_what_yahoo_is_compared_with(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    known = stored(fetch(["BABA"]), tmp_path)
    fetched = fetch(["BABA"], known=known.assign(source="price-index", close=None))
    assert kinds(fetched) == ["ok"]
    assert [int(request.first("period1")) for request in yahoo.charts()] == [
        midnight(NEW_YORK, 2023, 12, 1)
    ]


def test_only_the_newest_known_version_counts(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    first = stored(fetch(["BABA"]), tmp_path)
    older = first.assign(
        close=first["close"] * 2,
        adjusted_close=first["adjusted_close"] * 2,
        read_at=first["read_at"] - pd.Timedelta(days=1),
    )
    yahoo.now = MONDAY
    fetched = fetch(["BABA"], known=pd.concat([first, older], ignore_index=True))
    assert not fetched.outcomes["BABA"].anew
    assert column(fetched, "BABA")[date(2026, 11, 2)] == 100


def test_no_more_requests_than_allowed(yahoo: YahooFake, fetch: Fetch) -> None:
    visit = Visit("Yahoo", 30, allowed=3)
    fetched = fetch(visit=visit)
    assert kinds(fetched) == ["ok", "failed", "failed"]
    assert isinstance(fetched.error, SourceRefused)
    assert visit.requests == len(yahoo.requests) == 3


def test_the_same_share_twice_is_asked_for_once(yahoo: YahooFake, fetch: Fetch) -> None:
    fetched = fetch(["BABA", "BABA"])
    assert len(yahoo.charts()) == 1
    assert len(fetched.rows) == 18


def test_nothing_is_printed_or_logged(
    yahoo: YahooFake, fetch: Fetch, capfd: pytest.CaptureFixture[str]
) -> None:
    yahoo.faults.append(Fault("html", charts_of("META")))
    fetch(["BABA", "META", "NOPE"])
    assert capfd.readouterr() == ("", "")


def test_a_folder_that_cannot_be_written_costs_requests_only(fetch: Fetch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    fetched = fetch(["BABA"], cache=tmp_path / "file")
    assert kinds(fetched) == ["ok"]
    assert fetched.error is None

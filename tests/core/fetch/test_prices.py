"""Asking for prices and reading them: the real yfinance over real sockets, a loopback Yahoo."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pandas as pd
from pandas.testing import assert_frame_equal

from core.fetch.http import Visit
from tests.core.fetch.quotes import (
    MONDAY,
    WEDNESDAY,
    Fetch,
    charts_of,
    column,
    kinds,
    midnight,
    of,
    share,
    stored,
)
from tests.fakes.server import Fault
from tests.fakes.shares import HONG_KONG, NEW_YORK
from tests.fakes.yahoo import CHART, CRUMB, YahooFake

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


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


def test_rows_of_other_sources_are_not_what_yahoo_is_compared_with(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    known = stored(fetch(["BABA"]), tmp_path)
    fetched = fetch(["BABA"], known=known.assign(source="price-index", close=None))
    assert kinds(fetched) == ["ok"]
    assert [int(request.first("period1")) for request in yahoo.charts()] == [
        midnight(NEW_YORK, 2023, 12, 1)
    ]


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

"""Refusals, the deadline and the network: what was read until then is kept."""

from __future__ import annotations

import socket
import time
from typing import Literal

import pytest

from core.errors import FetchError, SourceRefused, SourceSilent, SourceUnreachable, SourceUnreadable
from core.fetch.http import Visit
from tests.core.fetch.quotes import Fetch, charts_of, kinds, of
from tests.fakes.server import Fault
from tests.fakes.yahoo import CHART, CRUMB, YahooFake


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


def test_no_more_requests_than_allowed(yahoo: YahooFake, fetch: Fetch) -> None:
    visit = Visit("Yahoo", 30, allowed=3)
    fetched = fetch(visit=visit)
    assert kinds(fetched) == ["ok", "failed", "failed"]
    assert isinstance(fetched.error, SourceRefused)
    assert visit.requests == len(yahoo.requests) == 3

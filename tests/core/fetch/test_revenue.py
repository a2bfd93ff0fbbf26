"""Quarterly revenue through the real yfinance over real sockets, against a loopback Yahoo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import yfinance

from core.errors import SourceRefused, SourceUnreachable, SourceUnreadable
from core.fetch import revenue
from core.fetch.http import Visit
from core.schemas import REVENUE
from core.store import parquet
from tests.fakes.server import Fault, Request
from tests.fakes.yahoo import STATEMENTS, YahooFake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.fetch.revenue import Fetched

NOW = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
QUARTERS = {date(2026, 3, 31): 247.5e9, date(2026, 6, 30): 280e9, date(2026, 9, 30): 243.25e9}

Fetch = Callable[..., revenue.Fetched]


@pytest.fixture
def yahoo() -> Iterator[YahooFake]:
    with YahooFake([], NOW) as fake:
        fake.revenue = {"BABA": ("CNY", dict(QUARTERS)), "META": ("USD", {date(2026, 9, 30): 60e9})}
        yield fake


@pytest.fixture
def fetch(yahoo: YahooFake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fetch:
    monkeypatch.setattr(yfinance.cache._TzCacheManager, "_tz_cache", None)  # noqa: SLF001
    monkeypatch.setattr(yfinance.cache._CookieCacheManager, "_Cookie_cache", None)  # noqa: SLF001

    def run(*tickers: str, url: str = "") -> Fetched:
        cache = tmp_path / "yfinance"
        return revenue.fetch(
            tickers, NOW, Visit("Yahoo", 30), base_url=url or yahoo.url, cache=cache
        )

    return run


def of(fetched: Fetched, ticker: str) -> dict[date, float]:
    rows = fetched.rows[fetched.rows["ticker"] == ticker]
    return {
        end.date(): value for end, value in zip(rows["quarter_end"], rows["revenue"], strict=True)
    }


def test_every_quarter_is_read_in_its_own_currency_and_fits_the_store(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    fetched = fetch("BABA", "META", "BABA")
    assert fetched.error is None
    assert of(fetched, "BABA") == QUARTERS
    assert of(fetched, "META") == {date(2026, 9, 30): 60e9}
    assert fetched.rows.groupby("ticker")["currency"].first().to_dict() == {
        "BABA": "CNY",
        "META": "USD",
    }
    # One request a company: the address that yfinance asks, with the row that is wanted.
    asked = [one for one in yahoo.requests if one.path.startswith(STATEMENTS)]
    assert [one.path.removeprefix(STATEMENTS) for one in asked] == ["BABA", "META"]
    assert "quarterlyTotalRevenue" in asked[0].first("type").split(",")
    parquet.write(fetched.rows, tmp_path / "revenue.parquet", REVENUE)
    assert len(parquet.read(tmp_path / "revenue.parquet", REVENUE)) == 4


def test_share_without_revenue_is_named_and_does_not_stop_the_others(fetch: Fetch) -> None:
    fetched = fetch("SPY", "META")
    assert fetched.without == ("SPY",)
    assert fetched.error is None
    assert of(fetched, "META")


def statements(request: Request) -> bool:
    return request.path.startswith(STATEMENTS)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("status", statements, code=429, body="Too Many Requests", times=99), SourceRefused),
        (Fault("status", statements, code=503, body="busy", times=99), SourceUnreachable),
        (Fault("html", statements, times=99), SourceUnreadable),
        (Fault("status", statements, code=200, body="[1, 2]", times=99), SourceUnreadable),
    ],
)
def test_answers_that_are_no_statement_are_said_in_a_sentence(
    yahoo: YahooFake, fetch: Fetch, fault: Fault, kind: type[Exception]
) -> None:
    yahoo.faults.append(fault)
    fetched = fetch("BABA")
    assert isinstance(fetched.error, kind)
    assert fetched.rows.empty


def changed(figure: dict[str, Any]) -> Fault:
    """Each figure of revenue with something in it changed."""

    def edit(answer: dict[str, Any]) -> dict[str, Any]:
        for one in answer["timeseries"]["result"]:
            for told in one.get("quarterlyTotalRevenue", ()):
                told.update(figure)
        return answer

    return Fault("edit", statements, edit=edit, times=99)


@pytest.mark.parametrize(
    ("figure", "left"),
    [
        ({"currencyCode": None}, 0),
        ({"currencyCode": "dollars"}, 0),
        ({"periodType": "12M"}, 0),
        ({"reportedValue": {"raw": float("nan")}}, 0),
        ({"reportedValue": {"raw": 0.0}}, 3),
    ],
)
def test_figures_that_are_none_never_enter(
    yahoo: YahooFake,
    fetch: Fetch,
    figure: dict[str, Any],
    left: int,
) -> None:
    yahoo.faults.append(changed(figure))
    assert len(fetch("BABA").rows) == left


def test_no_connection(fetch: Fetch) -> None:
    fetched = fetch("BABA", url="http://127.0.0.1:9")
    assert isinstance(fetched.error, SourceUnreachable)

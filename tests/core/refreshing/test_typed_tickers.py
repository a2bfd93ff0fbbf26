"""Shares that readers typed, and revenue, through the whole refresh."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from core import refresh
from core.refreshing import prices
from core.refreshing.announce import Announcer
from core.refreshing.history import Keep
from core.schemas import OK, PRICES, REVENUE
from tests.fakes.server import Fault
from tests.fakes.shares import NEW_YORK, Series, calendar
from tests.fakes.yahoo import STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from tests.core.refreshing.conftest import Site


def typed(site: Site, *tickers: str) -> refresh.Told:
    announce = Announcer(site.said, as_json=True)
    (told,) = refresh.refresh(site.settings(), announce, ("prices",), tickers=tickers, now=site.now)
    return told


def share(ticker: str, sessions: Sequence[date] | None = None, zone: str = NEW_YORK) -> Series:
    days, _ = calendar(NEW_YORK, date(2026, 11, 2), date(2026, 12, 31))
    days = list(days if sessions is None else sessions)
    return Series(ticker, days, [100 + at for at in range(len(days))], zone=zone)


def test_typed_share_is_read_alone_and_stays_with_the_others(site: Site) -> None:
    site.yahoo.series["AMZN"] = share("AMZN")
    told = typed(site, "AMZN")
    assert (told.key, told.outcome) == ("yahoo-typed", OK)
    assert "AMZN was read: 17 sessions, to 2026-11-24." in told.message
    assert {request.path.rpartition("/")[2] for request in site.yahoo.charts()} == {"AMZN"}
    site.now += timedelta(days=1)
    site.yahoo.now = site.now
    site.refresh(("prices",), ("Qwen",))
    # A refresh of the families' own shares keeps it, without asking for it.
    own = site.store.own(PRICES)
    newest = own[own["read_at"] == own.groupby("ticker")["read_at"].transform("max")]
    last = newest.groupby("ticker")["session"].max().dt.date
    assert (last["AMZN"], last["BABA"]) == (date(2026, 11, 24), date(2026, 11, 25))


def test_what_cannot_be_read_is_explained_and_asked_for_again(site: Site) -> None:
    site.yahoo.series["NEW"] = share("NEW", [])
    site.yahoo.series["VOD"] = share("VOD", zone="Europe/London")
    told = typed(site, "XYZ", "NEW", "VOD")
    assert told.outcome == OK
    assert "Yahoo knows no share XYZ. XYZ may be misspelt, or no longer be traded." in told.message
    assert "has no price of NEW since 2023-12-01. NEW may not be listed yet" in told.message
    assert "VOD is traded on an exchange whose calendar is not known here. Only" in told.message
    assert site.store.own(PRICES).empty
    site.yahoo.series["XYZ"] = share("XYZ")
    assert "XYZ was read" in typed(site, "XYZ").message


def test_of_too_many_typed_shares_those_asked_for_longest_ago_go(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prices, "MOST_TYPED", 2)
    for name in ("AAA", "BBB", "CCC"):
        site.yahoo.series[name] = share(name)
        typed(site, name)
        site.now += timedelta(minutes=1)
    newest = max(site.store.partitions(PRICES))
    assert set(pd.read_parquet(newest)["ticker"]) == {"BBB", "CCC"}


def test_revenue_of_a_company_is_read_once_a_week_and_costs_no_price(site: Site) -> None:
    fault = Fault("status", lambda one: one.path.startswith(STATEMENTS), code=503, body="busy")
    site.yahoo.faults.append(fault)
    (told,) = site.refresh(("prices",), ("Qwen",)).values()
    assert told.outcome == OK
    assert "Revenue could not be read for all: Yahoo has trouble of its own" in told.message
    assert set(site.store.own(PRICES)["ticker"]) == {"BABA", "9988.HK", "SPY", "KWEB"}
    assert site.store.own(REVENUE).empty
    site.yahoo.faults.clear()
    for days, companies in ((1, ["BABA"]), (1, []), (7, ["BABA"])):
        site.yahoo.forget()
        site.now += timedelta(days=days)
        site.yahoo.now = site.now
        site.refresh(("prices",), ("Qwen",))
        asked = [one.path for one in site.yahoo.requests if one.path.startswith(STATEMENTS)]
        assert [path.removeprefix(STATEMENTS) for path in asked] == companies
    rows = site.store.own(REVENUE)
    assert rows.groupby("read_at").size().tolist() == [5, 5]
    # Like the prices, it is not sent to the owner's dataset.
    assert not [name for name in Keep(site.store, site.settings())._here() if "revenue" in name]  # noqa: SLF001

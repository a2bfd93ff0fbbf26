"""Prices through the whole refresh: versions, the embedded index, what is never mixed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.measure.overlay import levels
from core.schemas import PRICES, REFRESHES
from tests.fakes.server import Fault

if TYPE_CHECKING:
    from tests.core.refreshing.conftest import Site


def closes(site: Site, ticker: str) -> pd.DataFrame:
    own = site.store.own(PRICES)
    rows = own[own["ticker"] == ticker]
    return rows[rows["read_at"] == rows["read_at"].max()].set_index("session")


def test_every_share_and_benchmark_is_read_to_its_last_finished_session(site: Site) -> None:
    assert site.refresh(("prices",))["yahoo"].outcome == "ok"
    last = site.store.own(PRICES).groupby("ticker")["session"].max().dt.date
    # 14:05 UTC on a Wednesday: Hong Kong has closed, New York has not opened.
    assert last["BABA"] == last["SPY"] == date(2026, 11, 24)
    assert last["9988.HK"] == last["0700.HK"] == date(2026, 11, 25)
    assert len(last) == 17


def test_fresh_prices_are_not_asked_for(site: Site) -> None:
    site.refresh(("prices",))
    site.yahoo.forget()
    site.now += timedelta(hours=5)  # New York closes at 21:00 UTC
    assert site.refresh(("prices",)) == {}
    assert site.yahoo.requests == []


def test_newest_version_holds_every_share_and_older_ones_are_forgotten(site: Site) -> None:
    site.refresh(("prices",))
    for _ in range(4):
        site.now += timedelta(days=1)
        site.yahoo.now = site.now
        site.refresh(("prices",))
    partitions = site.store.partitions(PRICES)
    assert len(partitions) == 3
    newest = pd.read_parquet(partitions[-1])
    assert newest["ticker"].nunique() == 17


def test_dividend_in_the_gap_makes_a_new_version_and_never_a_mixture(site: Site) -> None:
    site.refresh(("prices",))
    before = closes(site, "BABA")
    site.now += timedelta(days=7)
    site.yahoo.now = site.now
    site.yahoo.add_dividend("BABA", date(2026, 11, 30), 2.5)
    site.refresh(("prices",))
    after = closes(site, "BABA")
    assert len(set(after["read_at"])) == 1
    factor = 1 - 2.5 / after.loc["2026-11-27", "close"]
    change = after.loc[before.index, "adjusted_close"] / before["adjusted_close"]
    assert change.to_numpy() == pytest.approx(factor, rel=1e-4)
    assert after.loc[before.index, "close"].to_numpy() == pytest.approx(before["close"].to_numpy())


def test_share_that_yahoo_does_not_know_is_asked_for_once_a_session(site: Site) -> None:
    del site.yahoo.series["IBM"]
    assert "IBM" in site.refresh(("prices",))["yahoo"].message
    site.yahoo.forget()
    assert site.refresh(("prices",)) == {}
    assert site.yahoo.requests == []


def test_page_draws_the_live_closes_and_the_index_before_them_on_one_scale(site: Site) -> None:
    site.refresh(("prices",))
    every = site.store.load(PRICES).frame
    late = every[(every["source"] != "yahoo") | (every["session"] >= pd.Timestamp("2026-01-05"))]
    series = levels(late)
    baba = series[series["ticker"] == "BABA"].set_index("session")
    assert set(baba["source"]) == {"price-index", "yahoo"}
    assert baba.loc[:"2026-01-02", "source"].unique().tolist() == ["price-index"]
    index = every[(every["ticker"] == "BABA") & (every["source"] == "price-index")]
    index = index.set_index("session")["index_100"]
    earlier = baba.loc[:"2026-01-02", "level"]
    ratio = earlier / index.loc[earlier.index]
    assert ratio.max() / ratio.min() == pytest.approx(1)


def test_source_that_refuses_leaves_what_was_there(site: Site) -> None:
    site.refresh(("prices",))
    before = site.store.own(PRICES)
    site.now += timedelta(days=2)
    site.yahoo.now = site.now
    site.yahoo.faults.append(Fault("status", code=429, body="Too Many Requests"))
    told = site.refresh(("prices",))["yahoo"]
    assert told.outcome == "SourceRefused"
    assert site.store.own(PRICES).equals(before)
    kept = site.store.own(REFRESHES)
    assert kept["outcome"].tolist() == ["ok", "SourceRefused"]
    site.yahoo.faults.clear()
    assert site.refresh(("prices",))["yahoo"].outcome == "ok"


def test_shares_of_some_families_leave_the_others_due(site: Site) -> None:
    assert list(site.refresh(("prices",), ["Qwen"])) == ["yahoo-selected"]
    assert set(site.store.own(PRICES)["ticker"]) == {"BABA", "9988.HK", "SPY", "KWEB"}
    assert site.refresh(("prices",))["yahoo"].outcome == "ok"
    assert site.store.own(PRICES)["ticker"].nunique() == 17

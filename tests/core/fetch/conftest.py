"""What the tests of prices share: a fake Yahoo, and asking it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yfinance

from core.fetch import prices
from core.fetch.http import Visit
from core.schemas import PRICES
from core.store import parquet
from tests.core.fetch.quotes import WEDNESDAY, Fetch, share
from tests.fakes.yahoo import YahooFake

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from core.fetch.prices import Fetched


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

"""What leaves the site as a file."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.schemas import PRICES, REVENUE
from core.store.store import Store
from core.ui import inventory
from core.ui.site import Site

if TYPE_CHECKING:
    from pathlib import Path

CLOSE = 123.456789
TYPED = 77.654321
REVENUE_READ = 98765432101.0


@pytest.fixture
def live(tmp_path: Path) -> Site:
    """A site that has read a close at Yahoo."""
    moment = pd.Timestamp("2026-11-25T22:00", tz="UTC")
    row = {
        "ticker": "BABA",
        "session": pd.Timestamp("2026-11-25"),
        "close": CLOSE,
        "adjusted_close": CLOSE,
        "index_100": None,
        "currency": "USD",
        "source": "yahoo",
        "read_at": moment,
    }
    typed = row | {"ticker": "AMZN", "close": TYPED, "adjusted_close": TYPED}
    quarter = {
        "ticker": "BABA",
        "quarter_end": pd.Timestamp("2026-06-30"),
        "revenue": REVENUE_READ,
        "currency": "CNY",
        "source": "yahoo",
        "read_at": moment,
    }
    store = Store(tmp_path)
    store.add(PRICES, pd.DataFrame([row, typed]), datetime(2026, 11, 25, tzinfo=UTC))
    store.add(REVENUE, pd.DataFrame([quarter]), datetime(2026, 11, 25, tzinfo=UTC))
    return Site(store)


def test_closes_read_at_yahoo_never_leave_as_a_file(live: Site) -> None:
    assert CLOSE in set(live.frame(PRICES.name)["close"])
    table = inventory.table_csv(live, PRICES.name)
    assert b"BABA" in table  # the embedded index does leave
    with zipfile.ZipFile(io.BytesIO(inventory.everything(live))) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert archive.read("groundswell/NOT-INCLUDED.txt").decode().startswith("Not in any file")
        assert "groundswell/revenue.csv" not in archive.namelist()
    for content in (table, everything):
        assert str(CLOSE).encode() not in content
        assert str(TYPED).encode() not in content
        assert b"AMZN" not in content
        assert b"2026-11-25,BABA" not in content


def test_revenue_read_at_yahoo_never_leaves_as_a_file(live: Site) -> None:
    assert live.frame(REVENUE.name)["revenue"].tolist() == [REVENUE_READ]
    assert REVENUE.name not in inventory.readable(live)
    assert b"98765432101" not in inventory.table_csv(live, REVENUE.name)
    assert b"98765432101" not in inventory.everything(live)


def test_every_other_row_leaves(live: Site) -> None:
    lines = inventory.table_csv(live, PRICES.name).decode("utf-8-sig").splitlines()
    assert len(lines) - 1 == len(live.frame(PRICES.name)) - 2 == 7248

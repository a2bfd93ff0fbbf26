"""What leaves the site as a file."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.schemas import PRICES
from core.store.store import Store
from core.ui import inventory
from core.ui.site import Site

if TYPE_CHECKING:
    from pathlib import Path

CLOSE = 123.456789


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
    store = Store(tmp_path)
    store.add(PRICES, pd.DataFrame([row]), datetime(2026, 11, 25, tzinfo=UTC))
    return Site(store)


def test_closes_read_at_yahoo_never_leave_as_a_file(live: Site) -> None:
    assert CLOSE in set(live.frame(PRICES.name)["close"])
    table = inventory.table_csv(live, PRICES.name)
    assert b"BABA" in table  # the embedded index does leave
    with zipfile.ZipFile(io.BytesIO(inventory.everything(live))) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for content in (table, everything):
        assert str(CLOSE).encode() not in content
        assert b"2026-11-25,BABA" not in content


def test_every_other_row_leaves(live: Site) -> None:
    lines = inventory.table_csv(live, PRICES.name).decode("utf-8-sig").splitlines()
    assert len(lines) - 1 == len(live.frame(PRICES.name)) - 1 == 7248

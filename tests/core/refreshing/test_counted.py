"""Counts of large tables against the rows themselves, and what the data page makes of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.errors import NothingToShow, TableUnreadable
from core.refreshing.counted import keep_counts
from core.schemas import MODELS, READINGS
from core.store import counts
from core.store.counts import Counts
from core.store.parquet import empty
from core.store.store import Store
from core.ui import inventory
from core.ui.site import Site

if TYPE_CHECKING:
    from pathlib import Path

    from core.schemas import Table

NOW = date(2026, 11, 25)


def rows(table: Table, *given: dict[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame(list(given)).reindex(columns=[column.name for column in table.columns])
    return frame.astype(dict(empty(table).dtypes))


def reading(model: str, at: str, source: str = "hub") -> dict[str, object]:
    moment = pd.Timestamp(at, tz="UTC")
    return {"model_id": model, "read_at": moment, "source": source, "downloads_30d": 1}


def model(name: str, **known: object) -> dict[str, object]:
    days = {"first_seen": pd.Timestamp("2026-11-01"), "last_seen": pd.Timestamp("2026-11-20")}
    return {"model_id": name, **days, **known}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store of two refreshes, whose tables count as large."""
    monkeypatch.setattr(counts, "LARGE", 2)
    store = Store(tmp_path / "home")
    first, second = (datetime(2026, 11, day, 23, 30, tzinfo=UTC) for day in (20, 21))
    store.add(
        READINGS,
        rows(READINGS, reading("a/1", "2026-11-20T23:30"), reading("a/2", "2026-11-20T23:30")),
        first,
    )
    store.add(
        READINGS,
        rows(READINGS, reading("a/1", "2026-11-20T23:30"), reading("a/1", "2026-11-21T23:30", "x")),
        second,
    )
    store.add(MODELS, rows(MODELS, model("a/1", licence="mit"), model("a/2")), first)
    store.add(MODELS, rows(MODELS, model("a/1", task="chat"), model("a/3")), second)
    return store


def test_counts_are_those_of_the_rows(store: Store) -> None:
    assert keep_counts(store)
    for table in (READINGS, MODELS):
        whole = store.load(table).frame
        counted = Counts(store).read(table)
        assert counted is not None
        assert counted.rows == len(whole)
        assert counted.models == whole["model_id"].nunique()
        days = whole[table.when]
        assert (counted.first, counted.last) == (
            f"{days.min():%Y-%m-%d}",
            f"{days.max():%Y-%m-%d}",
        )
    assert counted.known == {name: int(number) for name, number in whole.count().items()}
    assert counted.known["licence"] == 1 + int(
        Store(None).load(MODELS).frame["licence"].notna().sum()
    )
    assert not keep_counts(store)  # nothing has changed since


def test_count_of_other_files_is_none(store: Store) -> None:
    keep_counts(store)
    more = rows(READINGS, reading("a/9", "2026-11-22T23:30"))
    store.add(READINGS, more, datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    assert Counts(store).read(READINGS) is None
    assert Counts(store).read(MODELS) is not None
    site = Site(store.pinned())
    with pytest.raises(NothingToShow, match="Not counted yet"):
        inventory.headline(site, NOW)
    states = inventory.tables(site, NOW).set_index("table")["state"]
    assert states["readings"] == inventory.NOT_COUNTED
    assert keep_counts(store)
    assert Counts(store).read(READINGS) is not None


def test_page_says_the_same_of_counted_tables_as_of_read_ones(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_counts(store)
    counted = Site(store.pinned())
    assert inventory.large(counted, READINGS.name)
    said = inventory.headline(counted, NOW), inventory.tables(counted, NOW).set_index("table")
    known = inventory.models_known(counted)
    monkeypatch.setattr(counts, "LARGE", 1_000_000)
    read = Site(store.pinned())
    assert said[0] == inventory.headline(read, NOW)
    for name in (READINGS.name, MODELS.name):
        whole = inventory.tables(read, NOW).set_index("table").loc[name]
        assert said[1].loc[name].to_dict() == whole.to_dict()
    pd.testing.assert_frame_equal(known, inventory.models_known(read))


def test_large_tables_are_in_no_file_and_the_page_says_so(store: Store) -> None:
    keep_counts(store)
    site = Site(store.pinned())
    assert not {READINGS.name, MODELS.name} & set(inventory.readable(site))
    assert "models and readings" in inventory.stays(site)[-1]


def test_damaged_file_is_named(store: Store) -> None:
    path = store.partitions(READINGS)[0]
    path.write_bytes(path.read_bytes()[:-40] + b"x" * 40)
    later = rows(READINGS, *(reading(f"b/{n}", "2026-11-22T23:30") for n in range(4)))
    store.add(READINGS, later, datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    with pytest.raises(TableUnreadable, match="'readings' could not be counted"):
        keep_counts(store)

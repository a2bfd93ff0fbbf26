from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from platformdirs import user_data_path

from core.errors import (
    DefinitionError,
    TableMismatch,
    TableMissing,
    TableTooNew,
    TableUnreadable,
)
from core.schemas import DAILY, LINKS, MODELS, READINGS, REFRESHES, TABLES, Table
from core.store import parquet
from core.store.store import Store
from tests.core.store.every_type import save
from tests.independent import DATA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def own(tmp_path: Path) -> Store:
    """A store of one's own, still empty, in front of a copy of the snapshot."""
    shutil.copytree(DATA / "snapshot", tmp_path / "data" / "snapshot")
    for name in ("makers.toml", "sources.toml"):
        shutil.copy(DATA / name, tmp_path / "data")
    return Store(tmp_path / "home", tmp_path / "data")


def link(child: str) -> pd.DataFrame:
    day = pd.to_datetime(["2026-02-01"])
    return pd.DataFrame(
        {"child": child, "parent": "b/c", "relation": "merge", "seen_on": day, "source": "hub"}
    )


def add(store: Store, name: str, child: str = "a/a", table: Table = LINKS) -> Path:
    path = store.home / table.name / name
    parquet.write(link(child), path, table)
    return path


def test_snapshot_serves_where_there_is_no_store(store: Store) -> None:
    loaded = store.load(LINKS)
    assert loaded.embedded
    assert len(loaded.frame) == 5200
    assert loaded.faults == ()


def test_snapshot_serves_where_the_store_is_empty(own: Store) -> None:
    assert own.load(LINKS).embedded


def test_own_rows_join_those_of_the_snapshot(own: Store) -> None:
    path = add(own, "2026-02-01.parquet")
    loaded = own.load(LINKS)
    assert not loaded.embedded
    assert len(loaded.frame) == 5201
    assert_frame_equal(loaded.frame.tail(1).reset_index(drop=True), parquet.read(path, LINKS))
    assert_frame_equal(own.own(LINKS), parquet.read(path, LINKS))


def test_own_rows_win_where_both_know_the_same(own: Store) -> None:
    known = own.load(LINKS).frame.iloc[[17]]
    now = known.assign(relation="merge", seen_on=pd.Timestamp("2026-02-01"))
    assert known["relation"].iloc[0] != "merge"
    parquet.write(now, own.home / "links" / "2026-02-01.parquet", LINKS)
    frame = own.load(LINKS).frame
    assert len(frame) == 5200
    assert frame[frame["child"] == known["child"].iloc[0]]["relation"].tolist() == ["merge"]


def test_what_the_newest_row_of_a_model_does_not_know_an_older_one_tells(own: Store) -> None:
    day, later = pd.Timestamp("2026-02-01"), pd.Timestamp("2026-03-01")
    row = dict.fromkeys([column.name for column in MODELS.columns])
    first = row | {"model_id": "a/a", "task": "text-generation", "licence": "mit"}
    first |= {"first_seen": day, "last_seen": day}
    second = first | {"task": None, "licence": "apache-2.0", "first_seen": later}
    second |= {"last_seen": later}
    for number, told in enumerate((first, second)):
        parquet.write(pd.DataFrame([told]), own.home / "models" / f"{number}.parquet", MODELS)
    known = own.own(MODELS).set_index("model_id").loc["a/a"]
    assert (known["task"], known["licence"]) == ("text-generation", "apache-2.0")
    assert (known["first_seen"], known["last_seen"]) == (day, later)
    assert own.load(MODELS).frame.dtypes.equals(parquet.empty(MODELS).dtypes)


def test_pinned_store_does_not_see_what_comes_later(own: Store) -> None:
    add(own, "2026-02-01.parquet", child="early/one")
    pinned = own.pinned()
    add(own, "2026-02-02.parquet", child="late/one")
    assert pinned.own(LINKS)["child"].tolist() == ["early/one"]
    assert own.own(LINKS)["child"].tolist() == ["early/one", "late/one"]


def test_pinned_store_reads_what_is_there_now_where_all_it_knew_is_forgotten(own: Store) -> None:
    old = add(own, "2026-02-01.parquet", child="early/one")
    pinned = own.pinned()
    add(own, "2026-02-02.parquet", child="late/one")
    old.unlink()
    assert pinned.load(LINKS).faults == ()
    assert pinned.own(LINKS)["child"].tolist() == ["late/one"]


def test_change_of_a_table_is_seen_and_that_of_another_is_not(own: Store) -> None:
    assert own.changed(LINKS) == 0
    add(own, "2026-02-01.parquet")
    assert own.changed(LINKS) > 0
    assert own.changed(READINGS) == 0


def test_partition_is_named_by_its_moment_and_never_replaced(own: Store) -> None:
    moment = datetime(2026, 2, 1, 14, 5, 33, tzinfo=UTC)
    names = [own.add(LINKS, link(f"a/{number}"), moment).name for number in range(3)]
    assert names == [
        "2026-02-01T140533Z.parquet",
        "2026-02-01T140533Z_002.parquet",
        "2026-02-01T140533Z_003.parquet",
    ]
    assert own.own(LINKS)["child"].tolist() == ["a/0", "a/1", "a/2"]


def test_only_the_newest_versions_are_kept_where_each_holds_all(own: Store) -> None:
    for number in range(5):
        add(own, f"{number}.parquet", child=f"a/{number}")
    own.forget_older(LINKS, keep=2)
    assert [path.name for path in own.partitions(LINKS)] == ["3.parquet", "4.parquet"]


def test_partition_kept_elsewhere_is_taken_in_once_and_only_if_it_is_one(own: Store) -> None:
    content = own.content(add(own, "2026-02-01.parquet", child="kept/elsewhere"))
    assert not own.take_in(LINKS, "2026-02-01.parquet", content)
    assert not own.take_in(LINKS, "other.parquet", content[:-20])
    assert not own.take_in(READINGS, "other.parquet", content)
    assert own.take_in(LINKS, "other.parquet", content)
    assert own.own(LINKS)["child"].tolist() == ["kept/elsewhere"]


def test_own_rows_of_one_table_leave_the_others_alone(own: Store) -> None:
    add(own, "2026-02-01.parquet")
    assert own.load(READINGS).embedded


def test_partitions_are_read_oldest_first(own: Store) -> None:
    for name in ("2026-02-10", "2026-02-02", "2026-01-31"):
        add(own, f"{name}.parquet", child=name)
    frame = own.load(LINKS).frame
    assert frame["child"].tolist()[-3:] == ["2026-01-31", "2026-02-02", "2026-02-10"]
    assert frame.index.tolist() == list(range(5203))


def test_partitions_together_keep_the_types_of_one(own: Store) -> None:
    moment = pd.Timestamp("2026-02-01", tz="UTC")
    for number, name in enumerate(("a", "b")):
        likes = pd.Series([number or None], dtype="Int64")
        row = {"model_id": "x/y", "read_at": moment, "downloads_30d": 1, "source": "hub"}
        frame = pd.DataFrame([row]).assign(likes=likes, downloads_all_time=None)
        parquet.write(frame, own.home / "readings" / f"{name}.parquet", READINGS)
    assert own.load(READINGS).frame.dtypes.equals(parquet.empty(READINGS).dtypes)


def test_unfinished_and_foreign_files_are_not_partitions(own: Store) -> None:
    add(own, "2026-02-01.parquet")
    (own.home / "links" / "x.part").write_bytes(b"half")
    (own.home / "links" / "notes.txt").write_bytes(b"mine")
    assert [path.name for path in own.partitions(LINKS)] == ["2026-02-01.parquet"]


def test_broken_partition_is_reported_and_the_snapshot_serves(own: Store) -> None:
    add(own, "2026-02-01.parquet").write_bytes(b"PAR1")
    loaded = own.load(LINKS)
    assert loaded.embedded
    assert len(loaded.frame) == 5200
    assert [type(fault) for fault in loaded.faults] == [TableUnreadable]
    assert "2026-02-01.parquet" in loaded.faults[0].sentence


def test_broken_partition_does_not_hide_a_good_one(own: Store) -> None:
    add(own, "2026-02-01.parquet", child="good/one")
    add(own, "2026-02-02.parquet").write_bytes(b"")
    loaded = own.load(LINKS)
    assert not loaded.embedded
    assert loaded.frame["child"].iloc[-1] == "good/one"
    assert len(loaded.faults) == 1


def test_partition_of_a_newer_version_is_reported(own: Store) -> None:
    path = add(own, "2026-02-01.parquet")
    save(LINKS.arrow.empty_table(), path, b"3")
    assert [type(fault) for fault in own.load(LINKS).faults] == [TableTooNew]


def test_every_kind_of_fault_is_reported_in_order(own: Store) -> None:
    save(LINKS.arrow.empty_table(), add(own, "1.parquet"), b"3")
    save(LINKS.arrow.empty_table(), add(own, "2.parquet"), None)
    add(own, "3.parquet").unlink()
    (own.home / "links" / "3.parquet").mkdir()
    kinds = [type(fault) for fault in own.load(LINKS).faults]
    assert kinds == [TableTooNew, TableMismatch, TableUnreadable]


def test_broken_snapshot_raises(own: Store) -> None:
    own.snapshot_file(LINKS).write_bytes(b"")
    with pytest.raises(TableUnreadable):
        own.load(LINKS)


def test_missing_snapshot_raises_although_a_partition_is_broken_too(own: Store) -> None:
    add(own, "2026-02-01.parquet").write_bytes(b"")
    own.snapshot_file(LINKS).unlink()
    with pytest.raises(TableMissing):
        own.load(LINKS)


def test_good_partition_serves_although_the_snapshot_is_broken(own: Store) -> None:
    own.snapshot_file(LINKS).write_bytes(b"")
    add(own, "2026-02-01.parquet")
    assert len(own.load(LINKS).frame) == 1


@pytest.mark.parametrize("table", [DAILY, REFRESHES], ids=lambda table: table.name)
def test_table_that_fills_with_use_starts_empty(store: Store, table: Table) -> None:
    loaded = store.load(table)
    assert_frame_equal(loaded.frame, parquet.empty(table))
    assert loaded.faults == ()


def test_table_that_fills_with_use_reports_its_faults_too(own: Store) -> None:
    (own.home / "daily").mkdir(parents=True)
    (own.home / "daily" / "x.parquet").write_bytes(b"")
    loaded = own.load(DAILY)
    assert len(loaded.frame) == 0
    assert len(loaded.faults) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda own: add(own, "2.parquet"),
        lambda own: (own.home / "links" / "1.parquet").unlink(),
        lambda own: (own.home / "links" / "1.parquet").write_bytes(b"short"),
        lambda own: os.utime(own.home / "links" / "1.parquet", ns=(1, 1)),
        lambda own: (own.home / "links" / "1.parquet").rename(own.home / "links" / "3.parquet"),
        lambda own: os.utime(own.snapshot_file(LINKS), ns=(1, 1)),
        lambda own: own.snapshot_file(READINGS).unlink(),
        lambda own: os.utime(own.makers_file, ns=(1, 1)),
        lambda own: own.sources_file.write_bytes(b""),
    ],
    ids=[
        "a partition appears",
        "a partition disappears",
        "a partition changes",
        "a partition is written anew",
        "a partition is renamed",
        "the snapshot is written anew",
        "the snapshot disappears",
        "the makers are written anew",
        "the sources change",
    ],
)
def test_fingerprint_changes_when_a_file_does(
    own: Store, change: Callable[[Store], object]
) -> None:
    add(own, "1.parquet")
    before = own.fingerprint()
    change(own)
    assert own.fingerprint() != before


def test_fingerprint_stays_when_files_do(own: Store) -> None:
    add(own, "1.parquet")
    before = own.fingerprint()
    for table in TABLES.values():
        own.load(table)
    assert own.fingerprint() == before
    assert hash(before) == hash(own.fingerprint())


def test_home_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GROUNDSWELL_HOME", f" {tmp_path} ")
    assert Store.from_environment().home == tmp_path


def test_tilde_in_home_is_the_reader_s_own_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GROUNDSWELL_HOME", "~/groundswell")
    assert Store.from_environment().home == tmp_path / "groundswell"


def test_tilde_of_nobody_does_not_stop_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDSWELL_HOME", "~no-such-person-here/groundswell")
    assert Store.from_environment().load(LINKS).embedded


@pytest.mark.parametrize("blank", ["", "  "])
def test_blank_home_is_the_folder_for_data_of_this_person(
    monkeypatch: pytest.MonkeyPatch, blank: str
) -> None:
    monkeypatch.setenv("GROUNDSWELL_HOME", blank)
    assert Store.from_environment().home == user_data_path("groundswell", appauthor=False)


def test_home_that_is_a_file_falls_back_to_the_snapshot(tmp_path: Path) -> None:
    (tmp_path / "home").write_bytes(b"")
    assert Store(tmp_path / "home").load(LINKS).embedded


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_text_that_cannot_be_read_is_named(own: Store, content: bytes | None) -> None:
    if content is not None:
        (own.embedded / "LICENSE.md").write_bytes(content)
    with pytest.raises(DefinitionError, match=r"LICENSE\.md is missing or cannot be read"):
        own.text("LICENSE.md")

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from core.errors import TableMismatch, TableUnwritable
from core.schemas import TABLES, Table
from core.store import parquet
from tests.core.store.every_type import BIG, EVERY, arrow, frame, save

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "every.parquet"


def test_file_of_another_program_is_read_with_every_type_and_null(path: Path) -> None:
    assert_frame_equal(parquet.read(save(arrow(), path), EVERY), frame())


def test_what_is_written_is_what_is_read(path: Path) -> None:
    parquet.write(frame(), path, EVERY)
    assert_frame_equal(parquet.read(path, EVERY), frame())


def test_file_written_holds_the_contract_and_nothing_about_the_program(path: Path) -> None:
    parquet.write(frame(), path, EVERY)
    assert pq.read_table(path).to_pydict() == arrow().to_pydict()
    assert pq.read_schema(path).metadata == {b"groundswell_schema": b"2"}


def test_column_that_an_older_version_lacks_is_empty(path: Path) -> None:
    daily = TABLES["daily"]
    row = {
        "family": ["Qwen"],
        "model_id": [None],
        "day": [pd.Timestamp("2026-11-01").date()],
        "downloads": [5],
        "basis": ["official"],
        "source": ["hub"],
        "complete": [True],
    }
    older = pa.table(row, pa.schema([daily.arrow.field(name) for name in row]))
    read = parquet.read(save(older, path, b"1"), daily)
    assert read["downloads"].tolist() == [5]
    assert read["days"].isna().all()
    assert read["all_time"].dtype == "Int64"
    with pytest.raises(TableMismatch, match="lacks the column 'days'"):
        parquet.read(save(older, path, b"2"), daily)


def test_large_count_beside_a_null_is_not_rounded(path: Path) -> None:
    assert parquet.read(save(arrow(), path), EVERY)["count"][0] == BIG


def test_moment_of_another_zone_is_stored_as_the_same_moment(path: Path) -> None:
    moment = pd.Timestamp("2026-01-12 09:30", tz="America/New_York")
    rows = frame().assign(
        moment=pd.Series([moment, None], dtype="datetime64[us, America/New_York]")
    )
    parquet.write(rows, path, EVERY)
    assert parquet.read(path, EVERY)["moment"][0] == pd.Timestamp("2026-01-12 14:30", tz="UTC")


def test_columns_beyond_the_contract_are_ignored(path: Path) -> None:
    more = arrow().append_column("later", pa.array([1, 2])).select(["later", *arrow().column_names])
    assert_frame_equal(parquet.read(save(more, path), EVERY), frame())


def test_order_of_the_columns_in_the_file_does_not_matter(path: Path) -> None:
    turned = arrow().select(arrow().column_names[::-1])
    assert_frame_equal(parquet.read(save(turned, path), EVERY), frame())


def test_extra_columns_of_the_frame_are_not_written(path: Path) -> None:
    parquet.write(frame().assign(mine=1), path, EVERY)
    assert "mine" not in pq.read_schema(path).names


def test_reading_leaves_the_file_as_it_is(path: Path) -> None:
    save(arrow(), path)
    before, then = path.read_bytes(), path.stat().st_mtime_ns
    parquet.read(path, EVERY)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, then)


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    parquet.write(frame(), tmp_path / "one.parquet", EVERY)
    parquet.write(frame(), tmp_path / "two.parquet", EVERY)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_writing_makes_the_folder_and_leaves_only_the_file(tmp_path: Path) -> None:
    parquet.write(frame(), tmp_path / "new" / "every.parquet", EVERY)
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["every.parquet"]


def test_writing_replaces_what_was_there(path: Path) -> None:
    path.write_bytes(b"old")
    parquet.write(frame(), path, EVERY)
    assert len(parquet.read(path, EVERY)) == 2


def test_other_accounts_may_read_the_file(path: Path) -> None:
    parquet.write(frame(), path, EVERY)
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "misfit",
    [
        frame().drop(columns="real"),
        frame().assign(name=[None, "b"]),
        frame().assign(name=[1, 2]),
        frame().assign(count=["many", "few"]),
        frame().assign(count=[1.5, 2.0]),
        frame().assign(count=pd.Series([2**70, 1], dtype="object")),
        frame().assign(name=pd.Series(["\ud800", "half a character"], dtype="object")),
        frame().assign(day=["soon", "later"]),
        frame().assign(moment=pd.Timestamp("2026-01-01 00:00:00.000001", tz="UTC")),
        frame().assign(truth=["yes", "no"]),
    ],
    ids=[
        "a column missing",
        "a null where none is allowed",
        "numbers for text",
        "text for numbers",
        "a part for a count",
        "a count too large",
        "text that is none",
        "text for days",
        "a moment too precise",
        "text for truth",
    ],
)
def test_rows_that_do_not_fit_are_refused_and_the_old_file_stays(
    path: Path, misfit: pd.DataFrame
) -> None:
    path.write_bytes(b"old")
    with pytest.raises(TableMismatch) as raised:
        parquet.write(misfit, path, EVERY)
    assert "'every'" in raised.value.sentence
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_write_that_fails_on_the_disk_leaves_no_part_behind(path: Path) -> None:
    path.mkdir()
    with pytest.raises(TableUnwritable, match="could not be written"):
        parquet.write(frame(), path, EVERY)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_empty_table_has_the_columns_and_types_of_a_read_one(table: Table, path: Path) -> None:
    parquet.write(parquet.empty(table), path, table)
    assert len(parquet.empty(table)) == 0
    assert_frame_equal(parquet.empty(table), parquet.read(path, table))


def test_empty_table_types_are_those_of_a_full_one() -> None:
    assert parquet.empty(EVERY).dtypes.to_dict() == frame().dtypes.to_dict()

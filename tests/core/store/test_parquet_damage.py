"""Whatever a file holds, reading gives rows or one of our own errors."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import (
    StoreError,
    TableMismatch,
    TableMissing,
    TableTooNew,
    TableUnreadable,
)
from core.store import parquet
from tests.core.store.every_type import EVERY, arrow, content, save

GOOD = content()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "every.parquet"


def outcome(data: bytes) -> StoreError | None:
    """The error that a file of ``data`` is refused with; None where it is read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "every.parquet"
        path.write_bytes(data)
        try:
            parquet.read(path, EVERY)
        except StoreError as error:
            assert path.read_bytes() == data
            return error
    return None


def with_column(name: str, values: pa.Array) -> pa.Table:
    """The good rows with one column replaced."""
    return arrow().set_column(arrow().column_names.index(name), name, values)


def test_good_file_is_read() -> None:
    assert outcome(GOOD) is None


def test_missing_file_is_named(path: Path) -> None:
    with pytest.raises(TableMissing, match=r"'every' has no file: every\.parquet is missing"):
        parquet.read(path, EVERY)


@pytest.mark.parametrize("length", [0, 1, 4, 8, 100, len(GOOD) // 2, len(GOOD) - 8, len(GOOD) - 1])
def test_file_that_is_cut_short_is_unreadable(length: int) -> None:
    assert isinstance(outcome(GOOD[:length]), TableUnreadable)


@given(st.integers(0, len(GOOD) - 1))
def test_file_that_is_cut_short_anywhere_is_unreadable(length: int) -> None:
    assert isinstance(outcome(GOOD[:length]), TableUnreadable)


@given(st.binary(max_size=300))
def test_bytes_of_anything_are_unreadable(data: bytes) -> None:
    assert isinstance(outcome(data), TableUnreadable)


@given(st.binary(max_size=300))
def test_bytes_between_the_marks_of_parquet_are_refused(data: bytes) -> None:
    size = len(data).to_bytes(4, "little")
    assert outcome(b"PAR1" + data + size + b"PAR1") is not None


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(4, len(GOOD) - 1), st.integers(0, 255)), min_size=1))
def test_changed_bytes_raise_nothing_but_our_errors(changes: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for at, byte in changes:
        data[at] = byte
    error = outcome(bytes(data))
    assert error is None or error.table == "every"


def test_name_of_a_column_that_is_not_text_any_more_is_reported() -> None:
    assert outcome(GOOD.replace(b"truth", b"\xff\xfeuth")) is not None


def test_value_that_is_not_text_any_more_is_reported(path: Path) -> None:
    save(with_column("note", pa.array(["legible", "legible"])), path, compression="none")
    path.write_bytes(path.read_bytes().replace(b"legible", b"\xff\xfegible"))
    with pytest.raises(StoreError):
        parquet.read(path, EVERY)


@pytest.mark.parametrize("name", EVERY.arrow.names)
def test_missing_column_is_named(path: Path, name: str) -> None:
    save(arrow().drop_columns([name]), path)
    with pytest.raises(TableMismatch, match=f"lacks the column '{name}'"):
        parquet.read(path, EVERY)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("name", pa.array([1, 2])),
        ("name", pa.array([b"a", b"b"])),
        ("count", pa.array([1, 2], pa.int32())),
        ("count", pa.array([1.0, 2.0])),
        ("day", pa.array([0, 0], pa.timestamp("ms"))),
        ("moment", pa.array([0, 0], pa.timestamp("ms"))),
        ("moment", pa.array([0, 0], pa.timestamp("us", tz="UTC"))),
        ("truth", pa.array([0, 1])),
    ],
)
def test_column_of_another_type_is_named_with_both_types(
    path: Path, name: str, values: pa.Array
) -> None:
    save(with_column(name, values), path)
    with pytest.raises(TableMismatch) as raised:
        parquet.read(path, EVERY)
    for part in (f"'{name}'", str(values.type), str(EVERY.arrow.field(name).type)):
        assert part in raised.value.sentence


def test_null_where_none_is_allowed_is_refused(path: Path) -> None:
    save(with_column("name", pa.array(["a", None])), path)
    with pytest.raises(TableMismatch, match=r"'name' of every\.parquet has empty cells"):
        parquet.read(path, EVERY)


@pytest.mark.parametrize("version", [None, b"", b"one", b"1.0", b"-1", b" 1", b"\xff", b"\xb2"])
def test_file_without_a_version_is_a_mismatch(path: Path, version: bytes | None) -> None:
    save(arrow(), path, version)
    with pytest.raises(TableMismatch, match="does not say which version"):
        parquet.read(path, EVERY)


def test_version_of_ten_thousand_digits_is_a_mismatch(path: Path) -> None:
    save(arrow(), path, b"9" * 10_000)
    with pytest.raises(TableMismatch):
        parquet.read(path, EVERY)


@pytest.mark.parametrize("version", [b"3", b"999999999"])
def test_newer_version_asks_for_an_update(path: Path, version: bytes) -> None:
    save(arrow(), path, version)
    with pytest.raises(TableTooNew, match=f"tables of version {version.decode()}") as raised:
        parquet.read(path, EVERY)
    assert "Update" in raised.value.advice


def test_newer_version_wins_over_changed_columns(path: Path) -> None:
    save(arrow().drop_columns(["name"]), path, b"3")
    with pytest.raises(TableTooNew):
        parquet.read(path, EVERY)


def test_folder_in_place_of_the_file_is_reported(path: Path) -> None:
    path.mkdir()
    with pytest.raises(TableUnreadable):
        parquet.read(path, EVERY)


def test_link_that_leads_nowhere_is_reported(path: Path) -> None:
    path.symlink_to(path)
    with pytest.raises(StoreError):
        parquet.read(path, EVERY)


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read all")
def test_file_that_may_not_be_read_is_reported(path: Path) -> None:
    save(arrow(), path).chmod(0)
    with pytest.raises(TableUnreadable):
        parquet.read(path, EVERY)

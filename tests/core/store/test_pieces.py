"""A large table read piece by piece: the same checks, and never all of it at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from core.errors import TableMismatch, TableUnreadable
from core.schemas import DAILY, MODEL_DAILY
from core.store import parquet
from core.store.store import Store
from tests.core import made_history as made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pyarrow as pa

FIRST, SECOND = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 2, tzinfo=UTC)


def counted(pieces: Callable[[], Iterator[pa.RecordBatch]]) -> int:
    return sum(piece.num_rows for piece in pieces())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two partitions of ten and a thousand rows."""
    held = Store(tmp_path)
    held.add(MODEL_DAILY, made.model_daily().head(10), FIRST)
    held.add(MODEL_DAILY, made.model_daily().iloc[10:1_010], SECOND)
    return held


def test_pieces_are_the_rows_with_texts_as_dictionaries(store: Store) -> None:
    path = store.partitions(MODEL_DAILY)[1]
    pieces = list(parquet.pieces(path, MODEL_DAILY, rows=300))
    assert [piece.num_rows for piece in pieces] == [300, 300, 300, 100]
    told = [value for piece in pieces for value in piece.column("model_id").to_pylist()]
    assert told == parquet.read(path, MODEL_DAILY)["model_id"].tolist()


def test_all_partitions_are_given_oldest_first_as_often_as_asked(store: Store) -> None:
    told, faults = store.gathered(MODEL_DAILY, lambda pieces: (counted(pieces), counted(pieces)))
    assert (told, faults) == ((1_010, 1_010), ())


def test_broken_partition_is_left_out_and_named(store: Store) -> None:
    path = store.partitions(MODEL_DAILY)[1]
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    told, (fault,) = store.gathered(MODEL_DAILY, counted)
    assert told == 10
    assert isinstance(fault, TableUnreadable)
    assert path.name in fault.sentence


def test_flipped_bit_in_the_middle_is_an_error_not_another_figure(store: Store) -> None:
    path = store.partitions(MODEL_DAILY)[1]
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 3] ^= 0x10
    path.write_bytes(bytes(whole))
    told, faults = store.gathered(MODEL_DAILY, counted)
    assert (told, len(faults)) == (10, 1)


def test_file_of_another_table_is_a_mismatch(store: Store) -> None:
    with pytest.raises(TableMismatch, match="lacks the column 'basis' of the table 'daily'"):
        list(parquet.pieces(store.partitions(MODEL_DAILY)[0], DAILY))


def test_partition_that_is_forgotten_meanwhile_is_no_fault(store: Store) -> None:
    pinned = store.pinned()
    store.add(MODEL_DAILY, made.model_daily().iloc[10:1_010], datetime(2026, 7, 3, tzinfo=UTC))
    pinned.partitions(MODEL_DAILY)[1].unlink()
    assert pinned.gathered(MODEL_DAILY, counted) == (1_010, ())


def test_store_without_the_table_gives_no_piece(tmp_path: Path) -> None:
    assert Store(tmp_path).gathered(MODEL_DAILY, counted) == (0, ())

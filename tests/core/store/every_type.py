"""A table with a column of every type, and its file as it should be."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.schemas import COUNT, DAY, MOMENT, REAL, TEXT, TRUTH, Column, Table

if TYPE_CHECKING:
    from pathlib import Path

EVERY = Table(
    "every",
    "a row of every type",
    (
        Column("name", TEXT, "a name"),
        Column("note", TEXT, "a note", optional=True),
        Column("count", COUNT, "a count", optional=True),
        Column("real", REAL, "a measure", optional=True),
        Column("day", DAY, "a day", optional=True),
        Column("moment", MOMENT, "a moment", optional=True),
        Column("truth", TRUTH, "a truth", optional=True),
    ),
    key=("name",),
    when="day",
)
BIG = 2**53 + 1
"""A count that would be another one as a float."""


def arrow() -> pa.Table:
    """Two rows, one full and one with every null that is allowed."""
    return pa.table(
        {
            "name": pa.array(["α/β 模型", ""], pa.string()),
            "note": pa.array(["", None], pa.string()),
            "count": pa.array([BIG, None], pa.int64()),
            "real": pa.array([0.1, None], pa.float64()),
            "day": pa.array([pd.Timestamp("1969-12-31").date(), None], pa.date32()),
            "moment": pa.array([1_767_225_600_123, None], pa.timestamp("ms", tz="UTC")),
            "truth": pa.array([False, None], pa.bool_()),
        }
    )


def frame() -> pd.DataFrame:
    """The same rows as a frame."""
    return pd.DataFrame(
        {
            "name": pd.Series(["α/β 模型", ""], dtype="str"),
            "note": pd.Series(["", None], dtype="str"),
            "count": pd.Series([BIG, None], dtype="Int64"),
            "real": pd.Series([0.1, None], dtype="float64"),
            "day": pd.Series(["1969-12-31", None], dtype="datetime64[ms]"),
            "moment": pd.Series(
                [pd.Timestamp("2026-01-01 00:00:00.123", tz="UTC"), None],
                dtype="datetime64[ms, UTC]",
            ),
            "truth": pd.Series([False, None], dtype="boolean"),
        }
    )


def save(table: pa.Table, path: Path, version: bytes | None = b"1", **options: object) -> Path:
    """Write a file as some other program would, with ``version`` inside."""
    metadata = {} if version is None else {b"groundswell_schema": version}
    pq.write_table(table.replace_schema_metadata(metadata), path, **options)
    return path


def content() -> bytes:
    """The bytes of a good file."""
    buffer = BytesIO()
    pq.write_table(arrow().replace_schema_metadata({b"groundswell_schema": b"1"}), buffer)
    return buffer.getvalue()

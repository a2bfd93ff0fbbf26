"""One table, one Parquet file: read with every check, written whole or not at all.

Pages carry checksums: a flipped bit is an error, not another figure.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import (
    TableMismatch,
    TableMissing,
    TableTooNew,
    TableUnreadable,
    TableUnwritable,
)
from core.schemas import VERSION, VERSION_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from io import BytesIO

    from core.schemas import Column, Table

_NULLABLE = {
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}
"""Types in which a missing value would otherwise turn into something else."""


def read(file: Path | BytesIO, table: Table) -> pd.DataFrame:
    """Read ``file`` as ``table``: its columns in order, dates as datetime64.

    Raises one of the ``StoreError``s; the file itself is never changed.
    """
    path = file if isinstance(file, Path) else Path("the file received")
    try:
        with pq.ParquetFile(file, page_checksum_verification=True) as parquet:
            version = _version(parquet.schema_arrow.metadata, path, table)
            columns = [column for column in table.columns if column.since <= version]
            _check_columns(parquet.schema_arrow, path, table, columns)
            arrow = parquet.read([column.name for column in columns])
        for column in table.columns[len(columns) :]:
            arrow = arrow.append_column(column.name, pa.array([None] * len(arrow), column.type))
        arrow.validate(full=True)
        frame = _frame(arrow)
    except FileNotFoundError as error:
        raise _missing(path, table) from error
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _unreadable(path, table) from error
    _check_nulls(arrow, path, table)
    return frame


def pieces(path: Path, table: Table, rows: int = 1 << 14) -> Iterator[pa.RecordBatch]:
    """Read ``path`` as ``table``, some ``rows`` at a time, texts as dictionaries.

    For tables too large to be read at once. Columns that came with a later
    version of the contracts are left out. Raises as ``read`` does, perhaps only
    after some pieces.
    """
    try:
        with pq.ParquetFile(path) as plain:
            version = _version(plain.schema_arrow.metadata, path, table)
            columns = [column for column in table.columns if column.since <= version]
            _check_columns(plain.schema_arrow, path, table, columns)
            described = plain.metadata
        names = [column.name for column in columns]
        with pq.ParquetFile(
            path,
            metadata=described,
            read_dictionary=[one.name for one in columns if one.type == pa.string()],
            pre_buffer=False,
            buffer_size=1 << 16,
            page_checksum_verification=True,
        ) as parquet:
            for batch in parquet.iter_batches(rows, columns=names):
                batch.validate(full=True)
                _check_nulls(batch, path, table)
                yield batch
    except FileNotFoundError as error:
        raise _missing(path, table) from error
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _unreadable(path, table) from error


def empty(table: Table) -> pd.DataFrame:
    """``table`` without rows, as ``read`` would return it."""
    return _frame(table.arrow.empty_table())


def write(frame: pd.DataFrame, path: Path, table: Table) -> None:
    """Write ``frame`` as ``table`` to ``path``, whole or not at all.

    Raises ``TableMismatch`` where a value does not fit its column, and
    ``TableUnwritable`` where the disk does not take it.
    """
    try:
        arrow = pa.Table.from_pandas(frame, schema=table.arrow, preserve_index=False)
    except (pa.ArrowException, KeyError, ValueError, TypeError, OverflowError) as error:
        raise TableMismatch(
            table.name, f"The rows do not fit the table '{table.name}': {error}"
        ) from error
    # from_pandas adds a description of the frame; only the contract is kept.
    arrow = arrow.replace_schema_metadata(table.arrow.metadata)
    _check_nulls(arrow, path, table)
    try:
        _write_whole(arrow, path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise TableUnwritable(
            table.name, f"The table '{table.name}' could not be written: {reason}."
        ) from error


def _write_whole(arrow: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            pq.write_table(arrow, file, compression="zstd", write_page_checksum=True)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)  # mkstemp's 0600 would hide it from other accounts
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _frame(arrow: pa.Table) -> pd.DataFrame:
    return arrow.to_pandas(types_mapper=_NULLABLE.get, date_as_object=False)


def _missing(path: Path, table: Table) -> TableMissing:
    sentence = f"The table '{table.name}' has no file: {path.name} is missing."
    return TableMissing(table.name, sentence)


def _unreadable(path: Path, table: Table) -> TableUnreadable:
    return TableUnreadable(
        table.name,
        f"The table '{table.name}' cannot be read: "
        f"{path.name} is cut short or is not a Parquet file.",
    )


def _version(metadata: Mapping[bytes, bytes] | None, path: Path, table: Table) -> int:
    """Version of the contracts that a file follows. Raises where it is none that is known."""
    text = (metadata or {}).get(VERSION_KEY, b"").decode("ascii", "replace")
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004
        raise TableMismatch(
            table.name,
            f"{path.name} does not say which version of the table '{table.name}' it holds.",
        )
    if int(text) > VERSION:
        raise TableTooNew(
            table.name,
            f"{path.name} was written by a newer version of Groundswell "
            f"(tables of version {int(text)}; this one reads up to {VERSION}).",
        )
    return int(text)


def _check_columns(found: pa.Schema, path: Path, table: Table, columns: Sequence[Column]) -> None:
    for column in columns:
        at = found.get_field_index(column.name)
        if at < 0:
            raise TableMismatch(
                table.name,
                f"{path.name} lacks the column '{column.name}' of the table '{table.name}'.",
            )
        if found.field(at).type != column.type:
            raise TableMismatch(
                table.name,
                f"The column '{column.name}' of {path.name} holds "
                f"{found.field(at).type}, not {column.type}.",
            )


def _check_nulls(arrow: pa.Table | pa.RecordBatch, path: Path, table: Table) -> None:
    for column in table.columns:
        if not column.optional and arrow.column(column.name).null_count:
            raise TableMismatch(
                table.name,
                f"The column '{column.name}' of {path.name} has empty cells "
                f"where the table '{table.name}' allows none.",
            )

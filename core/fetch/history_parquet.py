"""Other people's Parquet files, here or at the Hub: what is wrong with one names it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import GroundswellError
from core.fetch.history_columns import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.fetch.history_hub import File, Repository


@contextmanager
def reading(
    place: Place, source: pa.NativeFile, *, ahead: bool = False
) -> Iterator[pq.ParquetFile]:
    """An open Parquet file. Raises ``SourceUnreadable`` for what Arrow cannot read in it.

    ``ahead`` fetches all that one call reads in few large pieces, held in memory.
    """
    try:
        with source, pq.ParquetFile(source, pre_buffer=ahead) as parquet:
            yield parquet
    except (pa.ArrowException, OSError, ValueError) as error:
        raise place.wrong(what="is cut short or is not a Parquet file") from error


@contextmanager
def remote(repository: Repository, file: File) -> Iterator[pq.ParquetFile]:
    """A Parquet file at the Hub, of which only what is read is fetched."""
    part = repository.part(file)
    try:
        place = Place(repository.name, file.path)
        with reading(place, pa.PythonFile(part, mode="r"), ahead=True) as parquet:
            yield parquet
    except GroundswellError:
        # Arrow hides the reason behind an error of its own.
        if part.failure is not None:
            raise part.failure from None
        raise


def guarded(rows: Iterator[pa.Table], place: Place) -> Iterator[pa.Table]:
    """``rows``; damage that shows only while they are read is told in the same words."""
    try:
        yield from rows
    except (pa.ArrowException, OSError) as error:
        raise place.wrong(what="is cut short or is not a Parquet file") from error

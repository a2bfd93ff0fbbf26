"""Counter files: a public history's readings by day, one Parquet file a month.

    <home>/counters/<source>/<level>/2026-10.parquet   id, day, all_time, downloads_30d
    <home>/counters/<source>/renames.parquet           old, new
    <home>/counters/<source>/models.parquet            what is known of each repository

Too many rows for the tables of the store: up to a billion. They are read where
they lie, by whatever rolls them up, and never by the site. A file says in its
own metadata where it came from.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.counter_schemas import COUNTERS, RENAMES
from core.errors import TableUnwritable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

FOLDER: Final = "counters"
SIZES_FILE: Final = "sizes.json"
RENAMES_FILE: Final = "renames.parquet"
MODELS_FILE: Final = "models.parquet"

_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_MARK: Final = "groundswell_"
_PART: Final = ".part"
_DOWNLOADS: Final = "download"


@dataclass(frozen=True)
class Mark:
    """Where a file came from: the source's path, its version there, and what was kept.

    ``revision`` is the dataset's commit, ``etag`` names the file's content,
    ``picked`` the rule by which rows were kept ("" for all), ``fetched`` is in bytes.
    """

    path: str
    revision: str
    etag: str
    licence: str
    read_at: datetime
    picked: str = ""
    fetched: int = 0
    rows: int = 0
    first_day: date | None = None
    last_day: date | None = None

    def as_metadata(self) -> dict[str, str]:
        """The mark as texts by key."""
        told = {name: value for name, value in asdict(self).items() if value is not None}
        return {
            f"{_MARK}{name}": value.isoformat() if isinstance(value, date) else str(value)
            for name, value in told.items()
        }

    @classmethod
    def of(cls, path: Path) -> Mark | None:
        """The mark of a file; None where it cannot be read or has none."""
        try:
            metadata = pq.read_metadata(path).metadata or {}
            told = {
                one.name: metadata[f"{_MARK}{one.name}".encode()].decode()
                for one in fields(cls)
                if f"{_MARK}{one.name}".encode() in metadata
            }
            first, last = told.get("first_day"), told.get("last_day")
            return cls(
                path=told["path"],
                revision=told["revision"],
                etag=told["etag"],
                licence=told["licence"],
                read_at=datetime.fromisoformat(told["read_at"]).astimezone(UTC),
                picked=told["picked"],
                fetched=int(told["fetched"]),
                rows=int(told["rows"]),
                first_day=date.fromisoformat(first) if first else None,
                last_day=date.fromisoformat(last) if last else None,
            )
        except (pa.ArrowException, OSError, KeyError, ValueError):
            return None


class Writer:
    """Writes one file, row group by row group, whole or not at all.

    A context manager: the file is in its place, marked by ``mark``, once it is
    left in peace; an error leaves what was there before, and nothing else.
    Raises ``TableUnwritable`` where the disk does not take the rows.
    """

    def __init__(self, path: Path, schema: pa.Schema = COUNTERS) -> None:
        self.path = path
        self.mark: Mark | None = None
        self.rows = 0
        self.first_day: date | None = None
        self.last_day: date | None = None
        self._schema = schema
        self._file = None
        self._parquet: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path.parent, suffix=_PART)
        except OSError as error:
            raise self._unwritable(error) from error
        self._part = Path(name)
        self._stream = os.fdopen(handle, "wb")
        self._parquet = pq.ParquetWriter(
            self._stream, self._schema, compression="zstd", write_page_checksum=True
        )
        return self

    def write(self, rows: pa.Table) -> None:
        """Add ``rows`` as row groups; they have the columns of the schema."""
        assert self._parquet is not None  # noqa: S101 - used inside the context only
        if not len(rows):
            return
        try:
            self._parquet.write_table(rows)
        except OSError as error:
            raise self._unwritable(error) from error
        self.rows += len(rows)
        if "day" in rows.column_names:
            first, last = _first_and_last(rows)
            self.first_day = min(filter(None, (self.first_day, first)))
            self.last_day = max(filter(None, (self.last_day, last)))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._finish()
        except OSError as fault:
            raise self._unwritable(fault) from fault
        finally:
            self._give_up()

    def _give_up(self) -> None:
        """Close what is still open, and remove what is not in its place."""
        if self._parquet is not None and self._parquet.is_open:
            with suppress(OSError, ValueError, pa.ArrowException):
                self._parquet.close()
            self._parquet.is_open = False  # or it tries again when it is collected
        with suppress(OSError, pa.ArrowException):
            self._stream.close()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)

    def _finish(self) -> None:
        assert self._parquet is not None  # noqa: S101 - used inside the context only
        if self.mark is not None:
            self._parquet.add_key_value_metadata(self.mark.as_metadata())
        self._parquet.close()
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        self._part.chmod(0o644)  # mkstemp's 0600 would hide it from other accounts
        self._part.replace(self.path)

    def _unwritable(self, error: OSError) -> TableUnwritable:
        return unwritable(self.path, error)


def unwritable(path: Path, error: OSError) -> TableUnwritable:
    """What is said where the disk does not take the file at ``path``."""
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    name = "/".join(path.parts[-3:])
    return TableUnwritable(FOLDER, f"{name} of the daily history could not be written: {reason}.")


def _first_and_last(rows: pa.Table) -> tuple[date, date]:
    found: Any = pc.min_max(rows["day"])
    return found["min"].as_py(), found["max"].as_py()


@dataclass(frozen=True)
class Counters:
    """The counter files of the store in ``home``."""

    home: Path

    def folder(self, source: str) -> Path:
        """Where all of one source lies."""
        return self.home / FOLDER / source

    def file(self, source: str, level: str, month: str) -> Path:
        """Where a month of a level is or will be; ``month`` as 2026-10."""
        return self.folder(source) / level / f"{month}.parquet"

    def renames(self, source: str) -> Path:
        """Where the source's renames are or will be."""
        return self.folder(source) / RENAMES_FILE

    def models(self, source: str) -> Path:
        """Where the source's models are or will be."""
        return self.folder(source) / MODELS_FILE

    def downloads(self, source: str) -> Path:
        """Where files lie while they are turned into counter files."""
        return self.folder(source) / _DOWNLOADS

    def months(self, source: str, level: str) -> dict[str, Path]:
        """The files of a level by month, oldest first. Nothing else in the folder counts."""
        try:
            found = sorted((self.folder(source) / level).glob("*.parquet"))
        except OSError:
            return {}
        return {path.stem: path for path in found if _MONTH.fullmatch(path.stem)}

    def paths(self, source: str, *levels: str) -> list[Path]:
        """One file a month, oldest first, of the first of ``levels`` that has the month.

        For DuckDB, Spark and Arrow, which all read such a list in place.
        """
        merged: dict[str, Path] = {}
        for level in reversed(levels):
            merged |= self.months(source, level)
        return [merged[month] for month in sorted(merged)]

    def size(self, source: str, level: str) -> int:
        """Bytes that a level takes on the disk."""
        total = 0
        for path in self.months(source, level).values():
            with suppress(OSError):
                total += path.stat().st_size
        return total

    def read_renames(self, source: str) -> pa.Table | None:
        """The source's renames; None without any that can be read."""
        try:
            return pq.read_table(self.renames(source), schema=RENAMES)
        except (pa.ArrowException, OSError):
            return None

    def make_downloads(self, source: str) -> Path:
        """An empty folder on the store's own disk. Raises ``TableUnwritable``."""
        self.forget_downloads(source)
        folder = self.downloads(source)
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise unwritable(folder, error) from error
        return folder

    def write_sizes(self, told: Mapping[str, object]) -> None:
        """Keep what a source said of the sizes of its levels. Raises ``TableUnwritable``."""
        path = self.home / FOLDER / SIZES_FILE
        part = path.with_suffix(_PART)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(told), encoding="utf-8")
            part.replace(path)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise unwritable(path, error) from error

    def read_sizes(self) -> dict[str, Any]:
        """What was kept of them last: {} for nothing.

        ``source``, ``name``, ``asked_at`` (ISO, UTC) and ``levels``: bytes,
        months and estimated by level.
        """
        try:
            told = json.loads((self.home / FOLDER / SIZES_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    def forget_downloads(self, source: str) -> None:
        """Remove what was fetched only to be read."""
        shutil.rmtree(self.downloads(source), ignore_errors=True)

    def forget_unfinished(self) -> None:
        """Remove what a refresh that was killed had begun to write.

        Only for whoever holds the store's lock.
        """
        for path in (self.home / FOLDER).glob(f"**/*{_PART}"):
            with suppress(OSError):
                path.unlink()

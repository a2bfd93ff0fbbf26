"""Where the tables are, and how their rows come together.

Rows of the reader's own store join those of the snapshot that comes with the
project, and win where both know the same thing. A broken file never hides
the others.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa

from core import settings
from core.errors import DefinitionError, StoreError, TableMissing
from core.schemas import TABLES
from core.store import lineage_file, parquet
from core.store.definitions import load_families, load_sources, load_worked_example
from core.store.join import joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    import pandas as pd

    from core.schemas import Family, Source, Table, WorkedExample

T = TypeVar("T")

EMBEDDED = Path(__file__).resolve().parents[2] / "data"
"""Folder of what comes with the project: figures, snapshot, definitions."""

Fingerprint = tuple[tuple[str, int, int], ...]
"""Path, time of change (ns) and size of each file a read would use."""


@dataclass(frozen=True)
class Loaded:
    """A table as read: its rows, whether all are the embedded ones, and faults met.

    The frame is shared by all readers of the site and must not be changed.
    """

    frame: pd.DataFrame
    embedded: bool
    faults: tuple[StoreError, ...]


@dataclass(frozen=True)
class Store:
    """The tables under ``home`` (may be None), with the snapshot behind them.

    ``listed`` holds the partitions of a store that was ``pinned``.
    """

    home: Path | None
    embedded: Path = EMBEDDED
    listed: Mapping[str, tuple[Path, ...]] | None = None

    @classmethod
    def from_environment(cls) -> Store:
        """The store named by ``GROUNDSWELL_HOME``, else this person's own."""
        return cls(settings.home(os.environ.get("GROUNDSWELL_HOME", "").strip()))

    def pinned(self) -> Store:
        """The store as it is now: partitions that come later are not seen."""
        listed = {name: tuple(self.partitions(table)) for name, table in TABLES.items()}
        return replace(self, listed=listed)

    def fingerprint(self) -> Fingerprint:
        """Changes whenever a file that the site reads changes."""
        paths = [self.makers_file, self.sources_file, self.worked_example_file]
        paths.append(self.embedded / "claims.toml")
        for table in TABLES.values():
            paths += [*self.partitions(table), self.snapshot_file(table)]
        if self.home is not None:
            paths += sorted((self.home / lineage_file.NAME).glob("*.bin"))
        marks = []
        for path in paths:
            try:
                stat = path.stat()
            except OSError:
                continue
            marks.append((str(path), stat.st_mtime_ns, stat.st_size))
        return tuple(marks)

    @property
    def makers_file(self) -> Path:
        """The definition of the families."""
        return self.embedded / "makers.toml"

    @property
    def sources_file(self) -> Path:
        """The definition of the sources."""
        return self.embedded / "sources.toml"

    @property
    def worked_example_file(self) -> Path:
        """The news story the site starts from."""
        return self.embedded / "worked_example.toml"

    def worked_example(self) -> WorkedExample:
        """The news story the site starts from."""
        return load_worked_example(self.worked_example_file)

    def families(self) -> tuple[Family, ...]:
        """The families of makers.toml."""
        return load_families(self.makers_file)

    def sources(self) -> dict[str, Source]:
        """The sources of sources.toml, by key."""
        return load_sources(self.sources_file)

    def text(self, name: str) -> str:
        """A text that comes with the figures: SOURCES.md or LICENSE.md."""
        path = self.embedded / name
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            message = f"{name} is missing or cannot be read."
            raise DefinitionError(message) from error

    def snapshot_file(self, table: Table) -> Path:
        """The embedded file of ``table``; not every table has one."""
        return self.embedded / "snapshot" / f"{table.name}.parquet"

    def partitions(self, table: Table) -> list[Path]:
        """The store's own files of ``table``, oldest first."""
        if self.listed is not None:
            return list(self.listed[table.name])
        if self.home is None:
            return []
        try:
            return sorted((self.home / table.name).glob("*.parquet"))
        except OSError:
            return []

    def load(self, table: Table) -> Loaded:
        """All rows of ``table``, the snapshot's and the store's own.

        Raises the ``StoreError`` of the snapshot where no file can be used.
        """
        own, faults = self._read_own(table)
        snapshot: list[pd.DataFrame] = []
        if table.embedded:
            try:
                snapshot.append(parquet.read(self.snapshot_file(table), table))
            except StoreError as fault:
                if not own:
                    raise
                faults.append(fault)
        if not own and not snapshot:
            return Loaded(parquet.empty(table), embedded=False, faults=tuple(faults))
        embedded = not own and bool(snapshot)
        return Loaded(joined([*snapshot, *own], table), embedded, tuple(faults))

    def _read_own(self, table: Table) -> tuple[list[pd.DataFrame], list[StoreError]]:
        """The store's own partitions, oldest first, and the faults of those that have any.

        A partition that is forgotten meanwhile is left out: newer ones hold
        its rows. Where all are forgotten, those of now are read.
        """
        frames, faults = _read_all(self.partitions(table), table)
        if not frames and faults and all(isinstance(fault, TableMissing) for fault in faults):
            frames, faults = _read_all(replace(self, listed=None).partitions(table), table)
        return frames, [fault for fault in faults if not isinstance(fault, TableMissing)]

    def gathered(
        self, table: Table, work: Callable[[Callable[[], Iterator[pa.RecordBatch]]], T]
    ) -> tuple[T, tuple[StoreError, ...]]:
        """What ``work`` makes of the store's own rows of ``table``, and the faults of its files.

        For a table too large to be read at once: ``work`` is given a function
        that starts with the oldest partition's first rows each time it is
        called, see ``parquet.pieces``. A partition that cannot be read is left
        out, and the work begun anew; one that is forgotten meanwhile is no
        fault: newer ones hold its rows.
        """
        paths, faults = self.partitions(table), list[StoreError]()
        read: list[Path] = []
        broken: set[Path] = set()

        def pieces() -> Iterator[pa.RecordBatch]:
            for path in paths:
                read[:] = [path]
                yield from parquet.pieces(path, table)

        while True:
            try:
                return work(pieces), tuple(faults)
            except StoreError as fault:
                broken.update(read)
                if isinstance(fault, TableMissing):
                    paths = replace(self, listed=None).partitions(table)
                else:
                    faults.append(fault)
                paths = [path for path in paths if path not in broken]
            finally:
                pa.default_memory_pool().release_unused()

    def changed(self, table: Table) -> int:
        """When partitions of ``table`` last came or went (ns of the clock); 0 for never."""
        if self.home is None:
            return 0
        try:
            return (self.home / table.name).stat().st_mtime_ns
        except OSError:
            return 0

    def own(self, table: Table) -> pd.DataFrame:
        """The rows that this store recorded itself; files that cannot be read are left out."""
        frames, _ = self._read_own(table)
        return joined(frames, table) if frames else parquet.empty(table)

    def add(self, table: Table, rows: pd.DataFrame, moment: datetime) -> Path:
        """Write ``rows`` as a new partition of ``table``, named by ``moment``.

        Nothing that is there is changed. Raises ``TableMismatch`` and
        ``TableUnwritable``.
        """
        if self.home is None:
            message = "A store without a folder cannot be written to."
            raise DefinitionError(message)
        folder = self.home / table.name
        name = f"{moment.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"
        path, number = folder / f"{name}.parquet", 1
        while path.exists():
            number += 1
            path = folder / f"{name}_{number:03}.parquet"  # "_" sorts after "."
        parquet.write(rows, path, table)
        return path

    def take_back(self, written: Sequence[Path]) -> None:
        """Remove partitions just written whose companions could not be."""
        for path in written:
            with suppress(OSError):
                path.unlink()

    def forget_older(self, table: Table, keep: int) -> None:
        """Remove all but the ``keep`` newest partitions of a table whose newest holds all."""
        for path in self.partitions(table)[:-keep]:
            with suppress(OSError):
                path.unlink()

    def forget_unfinished(self) -> None:
        """Remove what a refresh that was killed had begun to write.

        Only for whoever holds the store's lock: nobody else is writing then.
        """
        if self.home is None:
            return
        for name in (*TABLES, lineage_file.NAME, "counts"):
            for path in (self.home / name).glob("*.part"):
                with suppress(OSError):
                    path.unlink()

    def content(self, path: Path) -> bytes:
        """A partition's file as it is, to be kept elsewhere."""
        return path.read_bytes()

    def take_in(self, table: Table, name: str, content: bytes) -> bool:
        """Store a partition that was kept elsewhere, under its name there.

        Whether it was taken: what cannot be read as ``table`` is not, and a
        partition that is here is never replaced. Raises ``TableUnwritable``.
        """
        if self.home is None or (self.home / table.name / name).exists():
            return False
        try:
            rows = parquet.read(BytesIO(content), table)
        except StoreError:
            return False
        parquet.write(rows, self.home / table.name / name, table)
        return True


def _read_all(paths: Sequence[Path], table: Table) -> tuple[list[pd.DataFrame], list[StoreError]]:
    frames: list[pd.DataFrame] = []
    faults: list[StoreError] = []
    for path in paths:
        try:
            frames.append(parquet.read(path, table))
        except StoreError as fault:
            faults.append(fault)
    return frames, faults

"""Where the tables are, and which of them is the best to use.

A table is looked for in the reader's own store first, then in the snapshot
that comes with the project. A broken file never hides the other one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from core.errors import DefinitionError, StoreError
from core.schemas import TABLES
from core.store import parquet
from core.store.definitions import load_families, load_sources, load_worked_example

if TYPE_CHECKING:
    from core.schemas import Family, Source, Table, WorkedExample

EMBEDDED = Path(__file__).resolve().parents[2] / "data"
"""Folder of what comes with the project: figures, snapshot, definitions."""

Fingerprint = tuple[tuple[str, int, int], ...]
"""Path, time of change (ns) and size of each file a read would use."""


@dataclass(frozen=True)
class Loaded:
    """A table as read: its rows, whether they are the embedded ones, and faults met.

    The frame is shared by all readers of the site and must not be changed.
    """

    frame: pd.DataFrame
    embedded: bool
    faults: tuple[StoreError, ...]


@dataclass(frozen=True)
class Store:
    """The tables under ``home`` (may be None), with the snapshot behind them."""

    home: Path | None
    embedded: Path = EMBEDDED

    @classmethod
    def from_environment(cls) -> Store:
        """The store named by ``GROUNDSWELL_HOME``; only the snapshot if unset."""
        home = os.environ.get("GROUNDSWELL_HOME", "").strip()
        # Unlike Path.expanduser, this one leaves a "~" that is nobody's as it is.
        return cls(Path(os.path.expanduser(home)) if home else None)  # noqa: PTH111

    def fingerprint(self) -> Fingerprint:
        """Changes whenever a file that the site reads changes."""
        paths = [self.makers_file, self.sources_file, self.worked_example_file]
        for table in TABLES.values():
            paths += [*self.partitions(table), self.snapshot_file(table)]
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
        if self.home is None:
            return []
        try:
            return sorted((self.home / table.name).glob("*.parquet"))
        except OSError:
            return []

    def load(self, table: Table) -> Loaded:
        """Read ``table`` from the best place that holds it.

        Raises the ``StoreError`` of the snapshot where no file can be used.
        """
        faults: list[StoreError] = []
        frames: list[pd.DataFrame] = []
        for path in self.partitions(table):
            try:
                frames.append(parquet.read(path, table))
            except StoreError as fault:
                faults.append(fault)
        if frames:
            rows = pd.concat(frames, ignore_index=True)
            return Loaded(rows, embedded=False, faults=tuple(faults))
        if not table.embedded:
            return Loaded(parquet.empty(table), embedded=False, faults=tuple(faults))
        frame = parquet.read(self.snapshot_file(table), table)
        return Loaded(frame, embedded=True, faults=tuple(faults))

"""What large tables hold, counted by refreshes so that no server reads them whole.

    <home>/counts/<table>.json

A count says of which files it is, so that it is never taken for that of others.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import TableUnwritable

if TYPE_CHECKING:
    from pathlib import Path

    from core.schemas import Table
    from core.store.store import Store

NAME: Final = "counts"

LARGE: Final = 200_000
"""Rows of a table from which on a server does not read it whole: some 50 MB of memory."""

_VERSION: Final = 1


@dataclass(frozen=True)
class Counted:
    """What the rows of one table are: their number, days, sources, models, what is known.

    ``first`` and ``last`` are ISO days, empty without any; ``known`` is the
    number of rows that know each column.
    """

    rows: int
    first: str
    last: str
    sources: tuple[str, ...]
    models: int
    known: dict[str, int]


@dataclass(frozen=True)
class Counts:
    """The kept counts of one store."""

    store: Store

    def large(self, table: Table) -> bool:
        """Whether ``table`` has so many rows of its own that a server should not read it."""
        return sum(map(_rows, self.store.partitions(table))) > LARGE

    def read(self, table: Table) -> Counted | None:
        """The count of the table's files as they are; None without one that can be read."""
        if self.store.home is None:
            return None
        try:
            said = json.loads(self._path(table).read_bytes())
            if said["mark"] != self._mark(table):
                return None
            return Counted(**said["counted"] | {"sources": tuple(said["counted"]["sources"])})
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, table: Table, counted: Counted) -> None:
        """Keep the count of the table's files as they are. Raises ``TableUnwritable``."""
        path = self._path(table)
        said: dict[str, Any] = {"mark": self._mark(table), "counted": asdict(counted)}
        unfinished = path.with_suffix(".part")
        try:
            path.parent.mkdir(exist_ok=True)
            unfinished.write_text(json.dumps(said), encoding="utf-8")
            unfinished.replace(path)
        except OSError as error:
            sentence = f"How many rows the table '{table.name}' has could not be written down."
            raise TableUnwritable(NAME, sentence) from error

    def files(self, table: Table) -> list[Path]:
        """The files whose rows are the table's, oldest first."""
        embedded = [self.store.snapshot_file(table)] if table.embedded else []
        return [*embedded, *self.store.partitions(table)]

    def _path(self, table: Table) -> Path:
        if self.store.home is None:
            message = "a store without a folder keeps no counts"
            raise ValueError(message)
        return self.store.home / NAME / f"{table.name}.json"

    def _mark(self, table: Table) -> str:
        marks = [(path.name, _size(path)) for path in self.files(table)]
        return sha256(repr((_VERSION, marks)).encode()).hexdigest()


def _rows(path: Path) -> int:
    try:
        return int(pq.read_metadata(path).num_rows)
    except (OSError, pa.ArrowException):
        return 0  # whoever reads it says what is wrong with it


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

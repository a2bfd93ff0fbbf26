"""The files in which refreshes keep the family tree of all models, for the server to map.

    <home>/lineage/<mark>.bin                the tree
    <home>/lineage/<mark>.<table>.rows       rows of the families' own accounts (Parquet)

The mark is that of the files the tree was made of, so that a tree is never
taken for that of other links. Made of the tables and of nothing else: one that
is missing or damaged is made again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, TypeVar

from core import schemas
from core.errors import StoreError, TableMissing, TableUnwritable
from core.schemas import LINKS, LISTINGS, MODELS, READINGS
from core.store import lineage_file, parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from core.store.lineage_file import Array, Mapped
    from core.store.store import Store

TABLES: Final = (LINKS, MODELS, READINGS, LISTINGS)
"""What a tree is made of."""

LARGE: Final = 20_000_000
"""Bytes of links and models from which on a server cannot make the tree by itself.

Some half a million models: longer than a reader waits, and more memory than a
server should take.
"""

T = TypeVar("T")

_VERSION: Final = 3
"""Of what the arrays and facts mean."""

_KEPT: Final = 2
"""Files kept: a reader may still have the site of before the last refresh open."""


@dataclass(frozen=True)
class Forests:
    """The kept trees of one store, which must have a folder."""

    store: Store

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return folder_of(self.store)

    @property
    def path(self) -> Path:
        """The file of the tree that belongs to the tables as they are."""
        return self.folder / f"{self._mark()}.bin"

    def write(
        self,
        arrays: Mapping[str, Array],
        facts: Mapping[str, Any],
        rows: Mapping[str, pd.DataFrame],
    ) -> None:
        """Keep a tree made of the tables as they are, and a few ``rows`` by table; forget old ones.

        Raises ``TableUnwritable``.
        """
        path = self.path
        try:
            for name, frame in rows.items():
                parquet.write(frame, _beside(path, name), schemas.TABLES[name])
        except StoreError as error:
            sentence = f"The family tree could not be written. {error.sentence}"
            raise TableUnwritable(lineage_file.NAME, sentence) from error
        lineage_file.write(path, arrays, facts)  # last: the rows are there where it is
        for old in [each for each in self._newest_first() if each != path][_KEPT - 1 :]:
            for file in (old, *old.parent.glob(f"{old.stem}.*.rows")):
                with suppress(OSError):
                    file.unlink()

    def rows(self, name: str) -> pd.DataFrame | None:
        """The rows of table ``name`` that were kept; None where the table itself can be read.

        As with ``read``, older ones serve where the tables are ``LARGE``.
        """
        paths = [self.path, *(self._newest_first() if self.large else [])]
        for path in paths:
            with suppress(StoreError):
                return parquet.read(_beside(path, name), schemas.TABLES[name])
        return None

    def read(self, arrays: Sequence[str], facts: Sequence[str]) -> Mapped | None:
        """The tree of the tables as they are, with these arrays and facts; None without one.

        Where the tables are ``LARGE`` an older tree serves, and where there is
        none that can be read its ``StoreError`` is raised.
        """
        return self._newest(lambda path: lineage_file.read(path, arrays, facts))

    def facts(self) -> dict[str, Any] | None:
        """The facts of the tree that ``read`` gives, sooner: its arrays are not looked at."""
        return self._newest(lineage_file.facts)

    def _newest(self, read: Callable[[Path], T]) -> T | None:
        fault: StoreError | None = None
        with suppress(OSError):
            for path in [self.path, *(self._newest_first() if self.large else [])]:
                try:
                    return read(path)
                except TableMissing as error:
                    fault = fault or error
                except StoreError as error:
                    fault = error
        if not self.large:
            return None
        if fault is not None and not isinstance(fault, TableMissing):
            raise fault
        raise TableMissing(
            lineage_file.NAME,
            "The family tree of so many models has not been made yet.",
            advice="The next refresh makes it.",
        )

    @property
    def large(self) -> bool:
        """Whether the tables are too large for a server to make the tree itself."""
        return self._bytes() > LARGE

    def _newest_first(self) -> list[Path]:
        return files(self.store)[::-1]

    def _mark(self) -> str:
        marks = [(path.parent.name, path.name, _size(path)) for path in self._parts()]
        return sha256(repr((_VERSION, marks)).encode()).hexdigest()[:32]

    def _parts(self) -> list[Path]:
        paths = [*map(self.store.snapshot_file, TABLES)]
        return paths + [path for table in TABLES for path in self.store.partitions(table)]

    def _bytes(self) -> int:
        wanted = {LINKS.name, MODELS.name}
        return sum(_size(path) for path in self._parts() if path.parent.name in wanted)


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.stem}.{name}.rows")


def folder_of(store: Store) -> Path:
    """Where the trees of ``store`` are."""
    if store.home is None:
        raise ValueError
    return store.home / lineage_file.NAME


def files(store: Store) -> list[Path]:
    """The kept trees of ``store``, oldest first."""
    if store.home is None:
        return []
    found = []
    for path in folder_of(store).glob("*.bin"):
        with suppress(OSError):
            found.append((path.stat().st_mtime_ns, path))
    return [path for _, path in sorted(found)]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1

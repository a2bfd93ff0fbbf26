"""harvardMadsys/hf-hub-characterization: a row for each day on which a counter moved.

One file for all days. Repositories go by the Hub's immutable id there; their
names are in another file. A day without a row is one on which the counter
stood still, so that of picked repositories every day can be told; for all
repositories of the Hub such days stay without a row.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from core.counter_schemas import COUNTERS
from core.errors import SourceRefused
from core.fetch.history import ACCOUNTS, EVERYTHING, Month, Piece, Size, Wish
from core.fetch.history_columns import COUNT, DAY, TEXT, Place, Wanted, as_count, as_day, find
from core.fetch.history_parquet import remote
from core.fetch.history_rows import BATCH_ROWS, Cleaner, bytes_of, groups_that_may_hold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from core.fetch.history import Known
    from core.fetch.history_hub import File, Repository

pc: Any = pyarrow.compute  # its stubs know arrays only, not columns in chunks

DOWNLOADS: Final = "downloads.parquet"
NAMES: Final = "models.parquet"

MOVES: Final = (
    Wanted("id", TEXT, ("hub_id", "_id")),
    Wanted("day", DAY, ("day", "date")),
    Wanted(
        "all_time",
        COUNT,
        ("dl_all", "downloads_all_time", "downloadsAllTime", "all_time", "downloads", "count"),
    ),
)
NAMED: Final = (
    Wanted("hub_id", TEXT, ("hub_id", "_id")),
    Wanted("id", TEXT, ("id", "model_id", "repo_id", "name")),
)

_MOST_FALLS: Final = 0.25
"""An all-time counter rarely falls; downloads of single days do half of the time."""
_ENOUGH_STEPS: Final = 50
_UNKNOWN: Final = -1


class HarvardMadsys:
    """The history as its newest commit has it."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._files = repository.listing()

    def missing(self, wish: Wish, known: Mapping[str, Known]) -> list[Piece]:
        """The one file, unless it has been read as it is."""
        name = self.repository.name
        if wish.level == ACCOUNTS:
            raise SourceRefused(
                name, f"{name} publishes no totals by account.", advice="Choose another level."
            )
        file = self._file(DOWNLOADS)
        fresh = known and all(
            one.etag == file.etag and one.picked == wish.picks.rule for one in known.values()
        )
        return [] if fresh else [Piece(file)]

    def size(self, wish: Wish, known: Mapping[str, Known]) -> Size:
        """Bytes of the needed columns; which rows are picked is known only from the file."""
        pieces = self.missing(wish, known)
        total = 0
        for file, wanted in ((self._file(DOWNLOADS), MOVES), (self._file(NAMES), NAMED)):
            if pieces:
                with remote(self.repository, file) as parquet:
                    columns = find(parquet.schema_arrow, wanted, self._place(file))
                    every = range(parquet.num_row_groups)
                    total += bytes_of(parquet.metadata, every, list(columns.values()))
        return Size(wish.level, total, len(pieces), estimated=bool(pieces))

    def months(self, piece: Piece, wish: Wish, scratch: Path) -> Iterator[Month]:
        """The rows of every month of the file, the oldest first."""
        hub_ids, names = self._names(wish)
        place = self._place(piece.file)
        spills, days = self._sorted_by_month(piece.file, place, wish, hub_ids, scratch)
        last = np.full(len(names), _UNKNOWN, dtype=np.int64)
        newest = f"{wish.today:%Y-%m}"
        for month in sorted(month for month in spills if month <= newest):
            moves = pq.read_table(spills[month]).sort_by(
                [("at", "ascending"), ("day", "ascending"), ("all_time", "ascending")]
            )
            _check_counters(moves, place)
            cleaner = Cleaner(place, {name: name for name in COUNTERS.names}, month, wish.today)
            if wish.level == EVERYTHING:
                rows = _as_they_are(moves, names, cleaner)
            else:
                rows = _every_day(moves, names, last, sorted(days[month]), cleaner)
            yield Month(month, rows, cleaner.left)

    def renames(self) -> pa.Table | None:
        """None: an immutable id has no earlier name."""
        return None

    def models(self, wish: Wish) -> Iterator[pa.Table] | None:  # noqa: ARG002 - as its kind
        """None: what is built on what is not documented there."""
        return None

    def _names(self, wish: Wish) -> tuple[pa.Array[Any], pa.Array[Any]]:
        """The Hub's ids and the names of the wanted repositories, sorted by name."""
        file = self._file(NAMES)
        pieces = []
        with remote(self.repository, file) as parquet:
            columns = find(parquet.schema_arrow, NAMED, self._place(file))
            for group in range(parquet.num_row_groups):
                rows = parquet.read_row_group(group, columns=list(columns.values()))
                table = _table(
                    {name: rows[there].cast(pa.string()) for name, there in columns.items()}
                ).drop_null()
                if wish.level != EVERYTHING:
                    table = table.filter(wish.picks.among(table["id"]))
                pieces.append(table)
        if not pieces:
            raise self._place(file).wrong(what="holds no rows")
        found = pa.concat_tables(pieces).sort_by("id").combine_chunks()
        if not len(found):
            raise self._place(file).wrong(what="names none of the repositories that are wanted")
        return found["hub_id"].combine_chunks(), found["id"].combine_chunks()

    def _sorted_by_month(
        self, file: File, place: Place, wish: Wish, hub_ids: pa.Array[Any], scratch: Path
    ) -> tuple[dict[str, Path], dict[str, set[int]]]:
        """The wanted moves in a file a month, and the days on which any counter moved."""
        spills: dict[str, Path] = {}
        days: dict[str, set[int]] = {}
        with ExitStack() as open_files, remote(self.repository, file) as parquet:
            columns = find(parquet.schema_arrow, MOVES, place)
            groups: Sequence[int] = range(parquet.num_row_groups)
            if not parquet.metadata.num_rows:
                raise place.wrong(what="holds no rows")
            if wish.level != EVERYTHING:
                points = [(one, one) for one in map(str, hub_ids.to_pylist())]
                groups = groups_that_may_hold(parquet.metadata, columns["id"], points)
            writers: dict[str, pq.ParquetWriter] = {}
            for group in groups:
                rows = parquet.read_row_group(group, columns=list(columns.values()))
                for month, moves in _by_month(rows, columns, hub_ids, place, days):
                    if month not in writers:
                        spills[month] = scratch / f"{month}.parquet"
                        writers[month] = open_files.enter_context(
                            pq.ParquetWriter(spills[month], moves.schema)
                        )
                    writers[month].write_table(moves)
        return spills, days

    def _file(self, path: str) -> File:
        file = self._files.get(path)
        if file is None:
            raise SourceRefused(self.repository.name, f"{self.repository.name} has no {path}.")
        return file

    def _place(self, file: File) -> Place:
        return Place(self.repository.name, file.path)


def _table(columns: Mapping[str, Any]) -> pa.Table:
    return pa.table(dict(columns))


def _by_month(
    rows: pa.Table,
    columns: Mapping[str, str],
    hub_ids: pa.Array[Any],
    place: Place,
    days: dict[str, set[int]],
) -> Iterator[tuple[str, pa.Table]]:
    """Moves of the wanted repositories by month: their number among ``hub_ids``, day, counter."""
    moves = _table(
        {
            "at": pc.index_in(rows[columns["id"]].cast(pa.string()), value_set=hub_ids),
            "day": as_day(rows[columns["day"]], place),
            "all_time": as_count(rows[columns["all_time"]], place),
        }
    )
    for day in pc.unique(moves["day"]).drop_null():
        days.setdefault(f"{day.as_py():%Y-%m}", set()).add(day.cast(pa.int32()).as_py())
    moves = moves.drop_null()
    numbers = moves["day"].to_numpy().astype("datetime64[M]")
    for month in np.unique(numbers):
        yield str(month), moves.filter(pa.array(numbers == month))


def _check_counters(moves: pa.Table, place: Place) -> None:
    """Raise where the figures are no all-time counters, whatever the column is called."""
    at, value = moves["at"].to_numpy(), moves["all_time"].to_numpy()
    steps = np.diff(value)[at[1:] == at[:-1]]
    if len(steps) >= _ENOUGH_STEPS and (steps < 0).mean() > _MOST_FALLS:
        raise place.wrong(what="has figures that rise and fall; all-time counters were expected")


def _as_they_are(moves: pa.Table, names: pa.Array[Any], cleaner: Cleaner) -> Iterator[pa.Table]:
    """The moves in order, in pieces that each hold whole repositories."""
    at = moves["at"].to_numpy()
    start = 0
    while start < len(at):
        end = min(start + BATCH_ROWS, len(at))
        end = int(np.searchsorted(at, at[end - 1], side="right"))
        piece = moves.slice(start, end - start)
        yield _counters(names.take(piece["at"].combine_chunks()), piece, cleaner)
        start = end


def _every_day(
    moves: pa.Table,
    names: pa.Array[Any],
    last: NDArray[np.int64],
    days: Sequence[int],
    cleaner: Cleaner,
) -> Iterator[pa.Table]:
    """A row for each day on which any counter moved: those that did not stand as before."""
    grid = np.full((len(names), len(days)), _UNKNOWN, dtype=np.int64)
    number = np.searchsorted(days, moves["day"].cast(pa.int32()).to_numpy())
    grid[moves["at"].to_numpy(), number] = moves["all_time"].to_numpy()
    for column in range(len(days)):
        grid[:, column] = np.where(grid[:, column] == _UNKNOWN, last, grid[:, column])
        last[:] = grid[:, column]
    rows, columns = np.nonzero(grid != _UNKNOWN)
    told = _table(
        {
            "day": pa.array(np.asarray(days, dtype=np.int32)[columns]).cast(pa.date32()),
            "all_time": pa.array(grid[rows, columns]),
        }
    )
    yield _counters(names.take(pa.array(rows, pa.int64())), told, cleaner)


def _counters(ids: pa.Array[Any], moves: pa.Table, cleaner: Cleaner) -> pa.Table:
    table = _table(
        {
            "id": ids,
            "day": moves["day"],
            "all_time": moves["all_time"],
            "downloads_30d": pa.nulls(len(moves), pa.int64()),
        }
    )
    return cleaner.once(cleaner.clean(table))

"""Rows of a public history put right: types, order, each day of a repository once."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from core.counter_schemas import COUNTERS, FLOOR
from core.fetch.history_columns import Place, as_count, as_day, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

pc: Any = pyarrow.compute  # its stubs know arrays only, not columns in chunks

BATCH_ROWS: Final = 200_000
"""Rows that are held at once where a whole file is read."""

_SORTED_AT_ONCE: Final = 2_000_000
"""Rows that are sorted at once where a file is out of order."""
_SAMPLED: Final = 64

_KEY: Final[list[tuple[str, Any]]] = [
    ("id", "ascending"),
    ("day", "ascending"),
    ("all_time", "ascending"),
]


@dataclass(frozen=True)
class Picks:
    """Which rows are kept: those whose id ``belongs``, and those of ``ids``.

    ``accounts`` is where ids that belong can be found; ``rule`` changes
    whenever something else would be picked.
    """

    accounts: tuple[str, ...]
    belongs: Callable[[str], bool]
    rule: str
    ids: frozenset[str] = frozenset()

    def ranges(self) -> list[tuple[str, str]]:
        """First and last id of each stretch in which something may be picked."""
        names = {spelling for name in self.accounts for spelling in (name, name.lower())}
        # "0" is the letter after "/": nothing of the account comes after it.
        return [*((f"{name}/", f"{name}0") for name in names), *((one, one) for one in self.ids)]

    def among(self, ids: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
        """Which of ``ids`` are picked, as true or false."""
        wanted = [
            one
            for one in pc.unique(ids).to_pylist()
            if one is not None and (one in self.ids or self.belongs(one))
        ]
        picked: pa.ChunkedArray[Any] = pc.is_in(ids, value_set=pa.array(wanted, pa.string()))
        return picked


@dataclass
class Left:
    """Rows that were left out: days of another month, and days still to come."""

    misplaced: int = 0
    future: int = 0
    doubled: int = 0


@dataclass(frozen=True)
class Cleaner:
    """Turns rows as they are there into rows of ``COUNTERS``, for one month.

    ``columns`` says what our columns are called there, ``month`` is as
    2026-10, and no day after ``today`` is believed.
    """

    place: Place
    columns: Mapping[str, str]
    month: str
    today: date
    left: Left = field(default_factory=Left)

    def clean(self, rows: pa.Table) -> pa.Table:
        """Rows with our names and types; unknown is null, and wrong days are gone."""
        ids = as_text(rows[self.columns["id"]])
        day = as_day(rows[self.columns["day"]], self.place)
        counts = {
            name: as_count(rows[self.columns[name]], self.place)
            if name in self.columns
            else pa.chunked_array([pa.nulls(len(rows), pa.int64())])
            for name in ("all_time", "downloads_30d")
        }
        unknown = pc.less(day, pa.scalar(FLOOR))
        counts["all_time"] = pc.if_else(unknown, pa.scalar(None, pa.int64()), counts["all_time"])
        table = pa.table(
            [ids, day, counts["all_time"], counts["downloads_30d"]], names=COUNTERS.names
        )
        known = pc.or_(pc.is_valid(table["all_time"]), pc.is_valid(table["downloads_30d"]))
        table = table.filter(
            pc.and_(known, pc.and_(pc.is_valid(table["id"]), pc.is_valid(table["day"])))
        )
        begin, end = bounds(self.month)
        here = pc.and_(
            pc.greater_equal(table["day"], pa.scalar(begin)), pc.less(table["day"], pa.scalar(end))
        )
        past = pc.less_equal(table["day"], pa.scalar(self.today))
        self.left.misplaced += len(table) - (pc.sum(here).as_py() or 0)
        self.left.future += pc.sum(pc.and_(here, pc.invert(past))).as_py() or 0
        return table.filter(pc.and_(here, past)).cast(COUNTERS)

    def once(self, rows: pa.Table) -> pa.Table:
        """Rows sorted, and each day of an id once: the highest counter of several."""
        rows = rows.sort_by(_KEY).combine_chunks()
        size = len(rows)
        if size < 2:  # noqa: PLR2004 - nothing to compare
            return rows
        same = pc.and_(
            *(
                pc.equal(rows[name].slice(0, size - 1), rows[name].slice(1))
                for name in ("id", "day")
            )
        )
        doubled = pc.sum(same).as_py()
        if not doubled:
            return rows
        self.left.doubled += doubled
        first = pa.chunked_array([pa.array([True]), *pc.invert(same).chunks])
        merged = (
            rows.append_column("group", pc.cumulative_sum(first.cast(pa.int64())))
            .group_by("group", use_threads=False)
            .aggregate(
                [("id", "min"), ("day", "min"), ("all_time", "max"), ("downloads_30d", "max")]
            )
        )
        columns = [merged[name] for name in merged.column_names if name != "group"]
        return pa.table(columns, names=COUNTERS.names).cast(COUNTERS)


def bounds(month: str) -> tuple[date, date]:
    """First day of a month such as 2026-10, and of the one after it."""
    begin = date.fromisoformat(f"{month}-01")
    return begin, (begin + timedelta(days=31)).replace(day=1)


def in_order(parquet: pq.ParquetFile, cleaner: Cleaner) -> Iterator[pa.Table]:
    """All rows of a file on this machine, sorted, in pieces. Memory does not grow with it."""
    names = list(cleaner.columns.values())
    if not _sorted(parquet, cleaner.columns["id"]):
        yield from _sorted_by_parts(parquet, cleaner, names)
        return
    waiting = COUNTERS.empty_table()
    for batch in parquet.iter_batches(BATCH_ROWS, columns=names):
        rows = cleaner.clean(pa.Table.from_batches([batch]))
        if not len(rows):
            continue
        rows = pa.concat_tables([waiting, rows])
        # The last id may go on in the next piece.
        going_on = pc.equal(rows["id"], rows["id"][-1])
        waiting = rows.filter(going_on)
        yield cleaner.once(rows.filter(pc.invert(going_on)))
    yield cleaner.once(waiting)


def _sorted(parquet: pq.ParquetFile, column: str) -> bool:
    """Whether ids never fall from row to row."""
    before = None
    for batch in parquet.iter_batches(BATCH_ROWS, columns=[column]):
        ids: Any = batch.column(0).cast(pa.string()).drop_null()
        if not len(ids):
            continue
        fell = pc.any(pc.greater(ids.slice(0, len(ids) - 1), ids.slice(1))).as_py()
        if fell or (before is not None and before.as_py() > ids[0].as_py()):
            return False
        before = ids[-1]
    return True


def _sorted_by_parts(
    parquet: pq.ParquetFile, cleaner: Cleaner, names: Sequence[str]
) -> Iterator[pa.Table]:
    """The file read once for each stretch of ids that can be sorted at once."""
    column = cleaner.columns["id"]
    sample: list[str] = []
    for batch in parquet.iter_batches(BATCH_ROWS, columns=[column]):
        ids: Any = batch.column(0).cast(pa.string()).drop_null()
        sample += ids[:: max(1, len(ids) // _SAMPLED)].to_pylist()
    sample.sort()
    parts = 1 + parquet.metadata.num_rows // _SORTED_AT_ONCE
    bounds = sorted({sample[len(sample) * part // parts] for part in range(1, parts)})
    misplaced, future = cleaner.left.misplaced, cleaner.left.future
    for low, high in zip([None, *bounds], [*bounds, None], strict=True):
        # Each pass meets the same wrong days.
        cleaner.left.misplaced, cleaner.left.future = misplaced, future
        pieces = [COUNTERS.empty_table()]
        for batch in parquet.iter_batches(BATCH_ROWS, columns=list(names)):
            rows = cleaner.clean(pa.Table.from_batches([batch]))
            if low is not None:
                rows = rows.filter(pc.greater_equal(rows["id"], low))
            if high is not None:
                rows = rows.filter(pc.less(rows["id"], high))
            pieces.append(rows)
        yield cleaner.once(pa.concat_tables(pieces))


def groups_that_may_hold(
    metadata: pq.FileMetaData, column: str, ranges: Sequence[tuple[str, str]]
) -> list[int]:
    """Row groups in which an id of ``ranges`` may lie, by the file's own statistics.

    A row group that says nothing about itself may hold anything.
    """
    wanted = sorted(ranges)
    # The farthest end of all stretches up to each one: stretches may overlap.
    ends: list[str] = []
    for _, end in wanted:
        ends.append(max(end, ends[-1]) if ends else end)
    starts = [start for start, _ in wanted]
    number = metadata.schema.to_arrow_schema().get_field_index(column)
    found = []
    for group in range(metadata.num_row_groups):
        statistics = metadata.row_group(group).column(_leaf(metadata, column)).statistics
        low, high = (
            (statistics.min, statistics.max)
            if statistics is not None and statistics.has_min_max
            else (None, None)
        )
        if not isinstance(low, str) or not isinstance(high, str) or number < 0:
            found.append(group)
            continue
        # The stretches that begin before the row group ends: does one reach into it?
        before = bisect_left(starts, f"{high}\0")
        if before and ends[before - 1] >= low:
            found.append(group)
    return found


def bytes_of(metadata: pq.FileMetaData, groups: Sequence[int], columns: Sequence[str]) -> int:
    """Bytes that ``columns`` of some row groups take in the file."""
    leaves = [_leaf(metadata, column) for column in columns]
    return sum(
        metadata.row_group(group).column(leaf).total_compressed_size
        for group in groups
        for leaf in leaves
    )


def _leaf(metadata: pq.FileMetaData, column: str) -> int:
    """Number of a flat column among the file's."""
    names = [metadata.schema.column(at).path for at in range(len(metadata.schema.names))]
    return names.index(column)

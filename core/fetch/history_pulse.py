"""modelpulse/model-pulse-data: daily counters of half the Hub, one file a month."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.counter_schemas import MODELS, RENAMES
from core.errors import SourceUnreadable
from core.fetch.history import ACCOUNTS, EVERYTHING, OFFICIAL, Month, Piece, Size, Wish, needed
from core.fetch.history_columns import COUNT, DAY, MOMENT, TEXT, TEXTS, TRUTH, Place, Wanted, find
from core.fetch.history_parquet import guarded, reading, remote
from core.fetch.history_rows import Cleaner, bytes_of, groups_that_may_hold, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow.parquet as pq

    from core.fetch.history import Known
    from core.fetch.history_hub import File, Repository

_SERIES: Final = re.compile(r"series/(\d{4}-(?:0[1-9]|1[0-2]))\.parquet")
_AUTHORS: Final = re.compile(r"author_series/(\d{4}-(?:0[1-9]|1[0-2]))\.parquet")

_DAY: Final = Wanted("day", DAY, ("day", "date"))
_COUNTS: Final = (
    Wanted("all_time", COUNT, ("dl_all", "downloads_all_time", "downloadsAllTime", "all_time")),
    Wanted("downloads_30d", COUNT, ("dl30", "downloads_30d", "downloads"), optional=True),
)
SERIES: Final = (Wanted("id", TEXT, ("id", "model_id", "repo_id")), _DAY, *_COUNTS)
AUTHOR_SERIES: Final = (Wanted("id", TEXT, ("author", "account")), _DAY, *_COUNTS)
RENAMED: Final = (
    Wanted("old", TEXT, ("old", "old_id", "from")),
    Wanted("new", TEXT, ("new", "new_id", "to")),
)
LINEAGE: Final = (
    Wanted("id", TEXT, ("id", "model_id", "repo_id")),
    Wanted("hub_id", TEXT, ("hub_id", "_id"), optional=True),
    Wanted("created_at", MOMENT, ("created_at", "createdAt"), optional=True),
    Wanted("pipeline_tag", TEXT, ("pipeline_tag", "task"), optional=True),
    Wanted("is_gguf", TRUTH, ("is_gguf",), optional=True),
    Wanted("base_relation", TEXT, ("base_relation",)),
    Wanted("base_ids", TEXTS, ("base_ids",)),
)


class ModelPulse:
    """The history as its newest commit has it."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._files = repository.listing()

    def missing(self, wish: Wish, known: Mapping[str, Known]) -> list[Piece]:
        """Months that have to be fetched, the newest first."""
        return needed(self._monthly(wish.level), known, wish.picks.rule)

    def size(self, wish: Wish, known: Mapping[str, Known]) -> Size:
        """The listed sizes of the files; of picked rows the share that the newest file shows.

        For that one its footer is read, which says how many bytes the needed
        columns of the row groups in question take; where it cannot be read,
        that of the one before.
        """
        pieces = self.missing(wish, known)
        total = sum(piece.file.size for piece in pieces)
        estimated = wish.level == OFFICIAL and bool(pieces)
        if estimated:
            total = round(total * self._share(pieces, wish))
        return Size(wish.level, total, len(pieces), estimated)

    def _share(self, pieces: Sequence[Piece], wish: Wish) -> float:
        """Share of a file's bytes that picked rows take, in the first file that can be read."""
        for piece in pieces:
            try:
                with remote(self.repository, piece.file) as parquet:
                    columns = find(parquet.schema_arrow, SERIES, self._place(piece.file))
                    ranges = wish.picks.ranges()
                    groups = groups_that_may_hold(parquet.metadata, columns["id"], ranges)
                    needed_bytes = bytes_of(parquet.metadata, groups, list(columns.values()))
                    return needed_bytes / piece.file.size
            except SourceUnreadable as error:
                if piece is pieces[-1]:
                    raise error from None
        return 0.0

    def months(self, piece: Piece, wish: Wish, scratch: Path) -> Iterator[Month]:
        """The rows of one month."""
        place = self._place(piece.file)
        if wish.level == OFFICIAL:
            with remote(self.repository, piece.file) as parquet:
                cleaner = self._cleaner(parquet, SERIES, place, piece, wish)
                # Now, while what goes wrong with the remote file can still be told.
                rows = self._picked(parquet, cleaner, wish)
            yield Month(piece.month, iter(rows), cleaner.left)
            return
        path = self.repository.whole(piece.file, scratch)
        with reading(place, pa.OSFile(str(path), "rb")) as parquet:
            wanted = AUTHOR_SERIES if wish.level == ACCOUNTS else SERIES
            cleaner = self._cleaner(parquet, wanted, place, piece, wish)
            sorted_rows = guarded(in_order(parquet, cleaner), place)
            if wish.level == ACCOUNTS:
                sorted_rows = _of_accounts(sorted_rows, wish)
            yield Month(piece.month, sorted_rows, cleaner.left)

    def renames(self) -> pa.Table | None:
        """Earlier names and those that followed."""
        file = self._files.get("renames.parquet")
        if file is None:
            return None
        with remote(self.repository, file) as parquet:
            columns = find(parquet.schema_arrow, RENAMED, self._place(file))
            rows = parquet.read(list(columns.values())).select(list(columns.values()))
        return rows.rename_columns(RENAMES.names).cast(_nullable(RENAMES)).drop_null().cast(RENAMES)

    def models(self, wish: Wish) -> Iterator[pa.Table] | None:
        """What each repository is built on; only where derivatives are wanted."""
        file = self._files.get("models.parquet")
        if file is None or wish.level != EVERYTHING:
            return None
        return self._lineage(file)

    def _lineage(self, file: File) -> Iterator[pa.Table]:
        place = self._place(file)
        with remote(self.repository, file) as parquet:
            columns = find(parquet.schema_arrow, LINEAGE, place)
            for group in range(parquet.num_row_groups):
                rows = parquet.read_row_group(group, columns=list(columns.values()))
                yield _as_models(rows, columns)

    def _monthly(self, level: str) -> list[tuple[str, File]]:
        pattern = _AUTHORS if level == ACCOUNTS else _SERIES
        matches = [(pattern.fullmatch(path), file) for path, file in self._files.items()]
        return [(match[1], file) for match, file in matches if match]

    def _place(self, file: File) -> Place:
        return Place(self.repository.name, file.path)

    def _cleaner(
        self,
        parquet: pq.ParquetFile,
        wanted: Sequence[Wanted],
        place: Place,
        piece: Piece,
        wish: Wish,
    ) -> Cleaner:
        columns = find(parquet.schema_arrow, wanted, place)
        if not parquet.metadata.num_rows:
            raise place.wrong(what="holds no rows")
        return Cleaner(place, columns, piece.month, wish.today)

    def _picked(self, parquet: pq.ParquetFile, cleaner: Cleaner, wish: Wish) -> list[pa.Table]:
        """The picked rows of a remote file, sorted: few enough to be held at once."""
        names, column = list(cleaner.columns.values()), cleaner.columns["id"]
        pieces = []
        for group in groups_that_may_hold(parquet.metadata, column, wish.picks.ranges()):
            rows = parquet.read_row_group(group, columns=names)
            mask = wish.picks.among(rows[column].cast(pa.string()))
            pieces.append(cleaner.clean(rows.filter(mask)))
        return [cleaner.once(pa.concat_tables(pieces))] if pieces else []


def _of_accounts(rows: Iterator[pa.Table], wish: Wish) -> Iterator[pa.Table]:
    """Rows of the families' accounts."""
    wanted = pa.array([name.casefold() for name in wish.picks.accounts], pa.string())
    for table in rows:
        yield table.filter(pc.is_in(pc.utf8_lower(table["id"]), value_set=wanted))


def _as_models(rows: pa.Table, columns: Mapping[str, str]) -> pa.Table:
    """Rows of ``MODELS``; columns that the source lacks are empty."""
    made = []
    for field in MODELS:
        if field.name not in columns:
            made.append(pa.nulls(len(rows), field.type))
            continue
        column = rows[columns[field.name]]
        if pa.types.is_timestamp(column.type) and column.type.tz is None:
            column = column.cast(pa.timestamp("ms"), safe=False)
        made.append(column.cast(field.type, safe=False))
    table = pa.table(made, names=MODELS.names)
    return table.filter(pc.is_valid(table["id"])).cast(MODELS)


def _nullable(schema: pa.Schema) -> pa.Schema:
    return pa.schema([field.with_nullable(True) for field in schema])  # noqa: FBT003 - as named

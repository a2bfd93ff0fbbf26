"""Rows of table ``model_daily``, given piece by piece, as one grid: never all as a frame.

A year of two thousand models is a million rows with three texts each: as a
frame they take ten times the memory of the grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from core.errors import NothingToShow
from core.measure.grid import MOST_DAYS
from core.measure.history_models import ModelHistory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd
    from numpy.typing import NDArray

    Pieces = Callable[[], Iterable[pa.RecordBatch]]
    """Starts anew with the oldest row at each call."""

_NARROW: Final = np.iinfo(np.int32)


def model_history(rows: pd.DataFrame, order: tuple[str, ...]) -> ModelHistory:
    """Table ``model_daily`` as a grid, from a frame; see ``gathered``."""
    batch = pa.RecordBatch.from_pandas(rows, preserve_index=False)
    return gathered(lambda: [batch], order)


def gathered(pieces: Pieces, order: tuple[str, ...]) -> ModelHistory:
    """Table ``model_daily`` as a grid; of several sources the first in ``order`` counts.

    ``pieces`` are batches with the table's columns, oldest first: of rows with
    one key the last counts. They are asked for once to see which models, days
    and sources there are, and once more for each source. A model whose rows
    name several families is the newest one's. Figures of single days come
    before those of several, and no day is counted twice, see ``grid.filled``.
    Raises ``NothingToShow`` without a row.
    """
    seen = _Seen()
    for batch in pieces():
        seen.look(batch)
    if not seen.codes:
        message = "The store holds no daily history of single models."
        raise NothingToShow(message)
    sources = tuple(key for key in order if key in seen.sources)
    sources += tuple(sorted(seen.sources.difference(sources)))
    names = sorted(seen.codes)
    first = max(seen.first, seen.last - MOST_DAYS)
    rows = {name: at for at, name in enumerate(names)}
    grid: _Layer | None = None
    for key, source in enumerate(sources):
        layer = _Layer.of(pieces, source, rows, first, seen.last)
        grid = layer.cleaned(key) if grid is None else grid.under(layer, key)
    if grid is None:
        message = "The daily history of single models names no source."
        raise NothingToShow(message)
    family = seen.family[[seen.codes[name] for name in names]]
    return ModelHistory(
        tuple(names),
        np.array(seen.families, dtype=object)[family],
        np.arange(first, seen.last + 1).astype("datetime64[D]"),
        grid.downloads,
        grid.covers,
        grid.all_time,
        grid.source,
        sources,
    )


class _Seen:
    """Which models, families, days and sources there are."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.families: list[str] = []
        self.sources: set[str] = set()
        self.first, self.last = 2**31, -(2**31)
        self.family = np.zeros(0, np.int32)
        """Of each model, an index into ``families``."""
        self._told = np.zeros(0, np.int64)
        """Of each model, the day of the row that names its family."""

    def look(self, batch: pa.RecordBatch) -> None:
        if not batch.num_rows:
            return
        names, model = _texts(batch, "model_id")
        of_batch = np.array([self.codes.setdefault(name, len(self.codes)) for name in names])
        families, family = _texts(batch, "family")
        self.families += [name for name in families if name not in self.families]
        of_family = np.array([self.families.index(name) for name in families])
        self.sources.update(_texts(batch, "source")[0])
        day = _days(batch)
        self.first = min(self.first, int((day - _spans(batch)).min()) + 1)
        self.last = max(self.last, int(day.max()))
        more = len(self.codes) - len(self._told)
        self._told = np.concatenate([self._told, np.full(more, -(2**31))])
        self.family = np.concatenate([self.family, np.zeros(more, np.int32)])
        # Of several rows of a model the last assigned stays: that of the newest day.
        by_day = np.argsort(day, kind="stable")
        code = of_batch[model[by_day]]
        told = np.full(len(self._told), -(2**31))
        told[code] = day[by_day]
        named = np.zeros(len(self._told), np.int32)
        named[code] = of_family[family[by_day]]
        newer = told >= self._told
        newer &= told > -(2**31)
        self._told[newer], self.family[newer] = told[newer], named[newer]


@dataclass(frozen=True)
class _Layer:
    """Arrays of models × days: see ``ModelHistory``."""

    downloads: NDArray[Any]
    covers: NDArray[np.int16]
    all_time: NDArray[Any]
    source: NDArray[np.int8]

    @classmethod
    def of(cls, pieces: Pieces, source: str, rows: dict[str, int], first: int, last: int) -> _Layer:
        """The rows of one source, as they are."""
        shape = (len(rows), last - first + 1)
        downloads, all_time = np.zeros(shape, np.int32), np.full(shape, -1, np.int32)
        covers = np.zeros(shape, np.int16)
        for batch in pieces():
            sources, by = _texts(batch, "source")
            if source not in sources:
                continue
            names, model = _texts(batch, "model_id")
            row = np.array([rows[name] for name in names], np.int32)[model]
            spans, column = _spans(batch), _days(batch) - first
            figures, known = _counts(batch, "downloads")
            counters, counted = _counts(batch, "all_time")
            mine = (by == sources.index(source)) & known & (column - spans + 1 >= 0)
            at = row[mine], column[mine]
            downloads, all_time = _roomy(downloads, figures), _roomy(all_time, counters)
            downloads[at] = figures[mine]
            covers[at] = spans[mine]
            all_time[at] = np.where(counted, counters, -1)[mine]
        return cls(downloads, covers, all_time, np.full(shape, -1, np.int8))

    def cleaned(self, key: int) -> _Layer:
        """Without figures of several days that reach into others; all of source ``key``."""
        self._clear(self.covers == 1)
        self.source[self.covers > 0] = key
        return self

    def under(self, other: _Layer, key: int) -> _Layer:
        """With the figures of ``other``, by source ``key``, for days that are not known yet."""
        known = self.known()
        single = (other.covers == 1) & ~known
        other.covers[(other.covers == 1) & ~single] = 0
        other._clear(known | single)
        new = other.covers > 0
        downloads = _roomy(self.downloads, other.downloads)
        all_time = _roomy(self.all_time, other.all_time)
        downloads[new], all_time[new] = other.downloads[new], other.all_time[new]
        self.covers[new], self.source[new] = other.covers[new], key
        return _Layer(downloads, self.covers, all_time, self.source)

    def known(self) -> NDArray[np.bool_]:
        """Days that a figure covers."""
        found = self.covers > 0
        for row, column in np.argwhere(self.covers > 1):
            found[row, column - self.covers[row, column] + 1 : column + 1] = True
        return found

    def _clear(self, taken: NDArray[np.bool_]) -> None:
        """Take out figures of several days of which one is ``taken``, which grows with others."""
        for row, column in np.argwhere(self.covers > 1):
            days = taken[row, column - self.covers[row, column] + 1 : column + 1]
            if days.any():
                self.covers[row, column] = 0
                self.all_time[row, column] = -1
            else:
                days[:] = True


def _roomy(array: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
    """``array`` in numbers wide enough for ``values`` too."""
    if array.dtype == np.int64 or not values.size:
        return array
    fits = values.min() >= _NARROW.min and values.max() <= _NARROW.max
    return array if fits else array.astype(np.int64)


def _texts(batch: pa.RecordBatch, name: str) -> tuple[list[str], NDArray[np.int32]]:
    """The different texts of a column, and which of them each row has."""
    column: Any = batch.column(name)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    return column.dictionary.to_pylist(), column.indices.to_numpy(zero_copy_only=False)


def _days(batch: pa.RecordBatch) -> NDArray[np.int32]:
    """Days since 1970."""
    column: Any = batch.column("day")
    days: NDArray[np.int32] = (
        column.to_numpy(zero_copy_only=False).astype("datetime64[D]").astype(np.int32)
    )
    return days


def _spans(batch: pa.RecordBatch) -> NDArray[np.int32]:
    """Days that each figure covers, at least one."""
    spans, known = _counts(batch, "days")
    held: NDArray[np.int32] = np.where(known, spans, 1).clip(1, MOST_DAYS).astype(np.int32)
    return held


def _counts(batch: pa.RecordBatch, name: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Whole numbers, 0 where there is none, and where there is one."""
    column: Any = batch.column(name)
    known: NDArray[np.bool_] = ~column.is_null().to_numpy(zero_copy_only=False)
    values: NDArray[np.int64] = (
        column.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    )
    return values, known

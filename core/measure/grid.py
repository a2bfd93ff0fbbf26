"""Rows of a daily table as arrays: a row a name, a column a day, one source a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

MOST_DAYS: Final = 20_000
"""A grid of more days than this is a mistake in a date, and would fill the memory."""


@dataclass(frozen=True)
class Grid:
    """Arrays of ``names`` × ``days``; see ``history.History`` for each."""

    names: tuple[str, ...]
    days: NDArray[np.datetime64]
    downloads: NDArray[np.float64]
    covers: NDArray[np.int32]
    stands_at: NDArray[np.int32]
    complete: NDArray[np.bool_]
    all_time: NDArray[np.float64]
    source: NDArray[np.int8]
    sources: tuple[str, ...]


def filled(
    rows: pd.DataFrame,
    name: str,
    names: tuple[str, ...],
    order: tuple[str, ...],
    complete: NDArray[np.bool_],
) -> Grid:
    """``rows`` (``day, downloads, days, all_time, source`` and the column ``name``) as a grid.

    Sources have their say in ``order``, others after them by name. A figure
    is taken only where none of the days it covers has one yet, so that no day
    is counted twice: of one source, figures of single days come first. Days
    more than ``MOST_DAYS`` before the last are left out.
    """
    codes = rows[name].map({one: at for at, one in enumerate(names)}).to_numpy(dtype=np.int32)
    day = rows["day"].to_numpy(dtype="datetime64[D]")
    spans = rows["days"].fillna(1).clip(lower=1, upper=MOST_DAYS).to_numpy(dtype=np.int32)
    figures = rows["downloads"].to_numpy(dtype=np.float64, na_value=np.nan)
    counters = rows["all_time"].to_numpy(dtype=np.float64, na_value=np.nan)
    last = day.max()
    first = max((day - spans.astype("timedelta64[D]")).min() + 1, last - MOST_DAYS)
    column = (day - first).astype(np.int32)
    shape = (len(names), int((last - first).astype(int)) + 1)
    held = {str(key) for key in rows["source"].unique()}
    sources = tuple(key for key in order if key in held)
    sources += tuple(sorted(held.difference(sources)))
    grid = Grid(
        names,
        np.arange(first, last + 1),
        np.full(shape, np.nan),
        np.zeros(shape, np.int32),
        np.full(shape, -1, np.int32),
        np.zeros(shape, bool),
        np.full(shape, np.nan),
        np.full(shape, -1, np.int8),
        sources,
    )
    of_source = rows["source"].map({key: at for at, key in enumerate(sources)}).to_numpy(np.int8)
    usable = (column - spans + 1 >= 0) & ~np.isnan(figures)

    def put(at: NDArray[np.intp], key: int) -> None:
        place = codes[at], column[at]
        grid.downloads[place] = figures[at]
        grid.covers[place] = spans[at]
        grid.complete[place] = complete[at]
        grid.all_time[place] = counters[at]
        grid.source[place] = key

    for key in range(len(sources)):
        mine = usable & (of_source == key)
        single = np.flatnonzero(mine & (spans == 1))
        single = single[grid.stands_at[codes[single], column[single]] < 0]
        put(single, key)
        grid.stands_at[codes[single], column[single]] = column[single]
        for at in np.flatnonzero(mine & (spans > 1)):
            covered = grid.stands_at[codes[at], column[at] - spans[at] + 1 : column[at] + 1]
            if (covered < 0).all():
                put(np.array([at]), key)
                covered[:] = column[at]
    return grid

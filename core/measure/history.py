"""The daily history as pages use it: one grid of families and days for a basis.

The table ``daily`` has a row a family, day, basis and source; here it becomes
arrays, in which for every family and day one source alone has its say. A figure
after a gap covers several days: it stands at the last of them and is never
spread. What is not known is NaN, never zero; downloads may be below zero, where
the Hub took counts back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.bases import BASES, WITHOUT_BIGGEST
from core.measure.grid import Grid, filled
from core.measure.sums import Running, Sums, counters_at, longest, sums

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from core.measure.history_models import ModelHistory

SOURCE_ORDER: Final = ("modelpulse", "harvardmadsys", "hub")
"""Whose figure counts where several have one; sources not named here come last."""

OTHER_COUNTERS: Final = frozenset({"downloads_30d", "created_at", "datasets only"})
"""Scopes of artefacts that do not touch differences of the all-time counter."""


@dataclass(frozen=True)
class Artefact:
    """A period in which the history is not what it seems; its texts come from outside."""

    start: pd.Timestamp
    end: pd.Timestamp
    kind: str
    scope: str
    what: str
    source: str


@dataclass(frozen=True)
class History:
    """Downloads a day of every family, on one basis.

    ``days`` are contiguous (datetime64[D]). The arrays have a row a family, in
    the order of ``families``, and a column a day:

    - ``downloads``: float64, NaN where there is no figure. A figure after a
      gap covers ``covers`` days and stands at the last of them
    - ``covers``: int32, days that the figure covers; 0 without one
    - ``stands_at``: int32, the column of the figure that covers this day; -1
      where the day is not known
    - ``complete``: bool, false where there is no figure or the day is unfinished
    - ``all_time``: float64, the all-time counter of the same repositories at
      the end of the day; NaN where it is not known
    - ``source``: int8, index into ``sources``; -1 without a figure
    """

    basis: str
    families: tuple[str, ...]
    days: NDArray[np.datetime64]
    downloads: NDArray[np.float64]
    covers: NDArray[np.int32]
    stands_at: NDArray[np.int32]
    complete: NDArray[np.bool_]
    all_time: NDArray[np.float64]
    source: NDArray[np.int8]
    sources: tuple[str, ...]
    artefacts: tuple[Artefact, ...] = ()

    @cached_property
    def running(self) -> Running:
        """Running sums, from which those of any range follow; see ``sums``."""
        return Running.of(self)

    @cached_property
    def first(self) -> pd.Timestamp:
        """First day of the grid."""
        return pd.Timestamp(self.days[0])

    @property
    def last(self) -> pd.Timestamp:
        """Last day of the grid."""
        return pd.Timestamp(self.days[-1])

    @cached_property
    def known(self) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        """First and last day of which any family's downloads are known; None without any."""
        columns = np.flatnonzero((self.stands_at >= 0).any(axis=0))
        if not len(columns):
            return None
        return pd.Timestamp(self.days[columns[0]]), pd.Timestamp(self.days[columns[-1]])

    def row(self, family: str) -> int:
        """Row of ``family``, -1 where the history has none of it."""
        return self.families.index(family) if family in self.families else -1

    def column(self, day: pd.Timestamp) -> int:
        """Column of ``day``: below 0 before the first day, ``len(days)`` or more after the last."""
        return day.toordinal() - self.first.toordinal()

    def only(self, families: Iterable[str]) -> History:
        """The same history of some families, in its own order."""
        wanted = set(families)
        rows = [at for at, name in enumerate(self.families) if name in wanted]
        return replace(
            self,
            families=tuple(self.families[at] for at in rows),
            downloads=self.downloads[rows],
            covers=self.covers[rows],
            stands_at=self.stands_at[rows],
            complete=self.complete[rows],
            all_time=self.all_time[rows],
            source=self.source[rows],
        )

    def sources_of(self, start: pd.Timestamp, end: pd.Timestamp) -> tuple[str, ...]:
        """Keys of the sources whose figures stand from ``start`` to ``end``."""
        first, last = self.column(start), self.column(end)
        used = np.unique(self.source[:, max(first, 0) : max(last + 1, 0)])
        return tuple(self.sources[at] for at in used if at >= 0)


@dataclass(frozen=True)
class Total:
    """Downloads of one family from a first to a last day, both included.

    ``downloads`` is the sum of the figures that lie wholly in the range, NaN
    where there is none. Of the ``days_in_range`` days ``days_known`` are
    covered by them; the others are ``missing``. Of those, ``cut`` belong to a
    figure that reaches over an edge of the range and cannot be divided.
    ``unfinished`` figures were counted as they are; ``complete`` is true where
    every day is known and finished. ``longest`` is the most days in one figure.
    """

    downloads: float
    days_known: int
    days_in_range: int
    missing: int
    cut: int
    unfinished: int
    longest: int

    @property
    def known(self) -> bool:
        """Whether there is any figure."""
        return self.days_known > 0

    @property
    def complete(self) -> bool:
        """Whether every day is known and finished."""
        return self.missing == 0 and self.unfinished == 0

    @property
    def per_day(self) -> float:
        """Downloads a known day; NaN without any."""
        return self.downloads / self.days_known if self.days_known else float("nan")


def available(daily: pd.DataFrame) -> tuple[str, ...]:
    """Bases of which ``daily`` has rows of families, in the order of ``bases.BASES``."""
    held = set(daily.loc[daily["model_id"].isna(), "basis"].unique())
    return tuple(key for key in BASES if key in held)


def history(daily: pd.DataFrame, basis: str, artefacts: pd.DataFrame | None = None) -> History:
    """The rows of families of table ``daily`` on ``basis``, as a grid.

    ``artefacts`` is the table of that name; those that touch the history are
    kept. Raises ``NothingToShow`` where there is no row on this basis.
    """
    rows = daily[(daily["basis"] == basis) & daily["model_id"].isna() & daily["family"].notna()]
    if rows.empty:
        name = BASES[basis].name if basis in BASES else basis
        message = f"The daily history in the store has no figures for “{name}”."
        raise NothingToShow(message)
    names = sorted((str(name) for name in rows["family"].unique()), key=str.casefold)
    grid = filled(rows, "family", tuple(names), SOURCE_ORDER, rows["complete"].to_numpy(dtype=bool))
    return of_grid(basis, grid, touching_history(artefacts))


def of_grid(basis: str, grid: Grid, artefacts: tuple[Artefact, ...] = ()) -> History:
    """A history whose rows are those of ``grid``."""
    return History(
        basis,
        grid.names,
        grid.days,
        grid.downloads,
        grid.covers,
        grid.stands_at,
        grid.complete,
        grid.all_time,
        grid.source,
        grid.sources,
        artefacts,
    )


def touching_history(artefacts: pd.DataFrame | None) -> tuple[Artefact, ...]:
    """Rows of table ``artefacts`` about daily histories or single models, with an end.

    One without an end is a rule that holds all along, not a period.
    """
    if artefacts is None:
        return ()
    held = artefacts[~artefacts["scope"].isin(OTHER_COUNTERS) & artefacts["end"].notna()]
    return tuple(
        Artefact(
            pd.Timestamp(row["start"]),
            pd.Timestamp(row["end"]),
            *(str(row[name]) for name in ("kind", "scope", "what", "source")),
        )
        for _, row in held.sort_values("start", kind="stable").iterrows()
    )


def total(history: History, family: str, start: pd.Timestamp, end: pd.Timestamp) -> Total:
    """Downloads of ``family`` from ``start`` to ``end``; see ``Total``.

    A family that the history has not, and days outside it, are missing days.
    """
    low, high, row = history.column(start), history.column(end), history.row(family)
    if row < 0:
        asked = max(high - low + 1, 0)
        return Total(float("nan"), 0, asked, asked, 0, 0, 0)
    found = sums(history, [low], [high])
    return totals(found, longest(history, low, high), 0)[row]


def totals(found: Sums, most: NDArray[np.int32], column: int) -> list[Total]:
    """The totals of every family in one range of ``found``; ``most`` is ``sums.longest`` of it."""
    return [
        Total(*numbers)
        for numbers in zip(
            found.downloads[:, column].tolist(),
            found.known[:, column].tolist(),
            [int(found.days[column])] * len(most),
            found.missing[:, column].tolist(),
            found.cut[:, column].tolist(),
            found.unfinished[:, column].tolist(),
            most.tolist(),
            strict=True,
        )
    ]


def all_time_at(
    history: History, family: str, day: pd.Timestamp
) -> tuple[float, pd.Timestamp | None]:
    """The all-time counter of ``family`` at the end of ``day``, and the day it is of.

    Where that day has none, the last known before it; NaN and None without any.
    """
    row = history.row(family)
    if row < 0:
        return float("nan"), None
    values, days = counters_at(history, day)
    return float(values[row]), None if np.isnat(days[row]) else pd.Timestamp(days[row])


def of_members(
    official: History,
    models: ModelHistory,
    *,
    without: frozenset[str] = frozenset(),
    also: tuple[tuple[str, str], ...] = (),
) -> History:
    """``official`` with accounts or models taken out of their families, or put into one.

    ``without`` names accounts ("facebook") or models ("facebook/opt-125m") that
    no longer count in their family; ``also`` has pairs of such a name and the
    family in which it counts besides. Only what ``models`` has can move: other
    names change nothing. For the history of official models alone: of other
    bases the store does not tell which models they count.
    """
    downloads, all_time = official.downloads.copy(), official.all_time.copy()
    leaving = models.named(without)
    for row, family in enumerate(official.families):
        own = models.of_family.get(family, np.zeros(0, np.intp))
        left, joined = own[leaving[own]], own[:0]
        if names := frozenset(name for name, to in also if to == family):
            joined = np.setdiff1d(np.flatnonzero(models.named(names)), own)
        for moved, sign in ((left, -1.0), (joined, 1.0)):
            if len(moved):
                change, counter = models.summed(moved, official, row)
                downloads[row] += sign * change
                all_time[row] += sign * counter
    return replace(official, downloads=downloads, all_time=all_time)


def without_biggest(
    official: History, models: ModelHistory, start: pd.Timestamp, end: pd.Timestamp
) -> History:
    """``official`` without each family's model with the most downloads from ``start`` to ``end``.

    Which model that is depends on the dates, so the result holds for them. A
    family without a known model keeps its figures. See ``ModelHistory.biggest``.
    """
    leaving = frozenset(one.model_id for one in models.biggest(start, end).values())
    return replace(of_members(official, models, without=leaving), basis=WITHOUT_BIGGEST)

"""The daily history of single official models, as a grid that takes little memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from core.measure.grid import Grid

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from core.measure.history import History


@dataclass(frozen=True)
class Biggest:
    """A family's most downloaded model in a range, and its downloads there."""

    model_id: str
    downloads: float


@dataclass(frozen=True)
class ModelHistory:
    """Downloads a day of every official model, a row a model and a column a day.

    ``models`` are Hub names, sorted, ``family`` names the family of each;
    ``days`` are contiguous (datetime64[D]). The arrays of figures are of the
    narrowest whole numbers that hold them: two thousand models over seven
    hundred days take some 20 MB.

    - ``downloads``: 0 where there is no figure
    - ``covers``: days that the figure covers, 0 without one. A figure after a
      gap stands at the last of them; no two overlap
    - ``all_time``: the counter at the end of the day, -1 where it is not known
    - ``source``: index into ``sources``, -1 without a figure
    """

    models: tuple[str, ...]
    family: NDArray[np.object_]
    days: NDArray[np.datetime64]
    downloads: NDArray[Any]
    covers: NDArray[np.int16]
    all_time: NDArray[Any]
    source: NDArray[np.int8]
    sources: tuple[str, ...]

    @cached_property
    def account(self) -> NDArray[np.object_]:
        """Each model's account: what is before the slash."""
        return np.array([name.partition("/")[0] for name in self.models], dtype=object)

    @cached_property
    def of_family(self) -> dict[str, NDArray[np.intp]]:
        """Rows of each family's models."""
        names = dict.fromkeys(self.family.tolist())
        return {name: np.flatnonzero(self.family == name) for name in names}

    @cached_property
    def row(self) -> dict[str, int]:
        """Row of each model."""
        return {name: at for at, name in enumerate(self.models)}

    def accounts(self, family: str) -> tuple[str, ...]:
        """Accounts of which there are models of ``family``."""
        return tuple(sorted(set(self.account[self.family == family])))

    def named(self, members: frozenset[str]) -> NDArray[np.bool_]:
        """Which rows are one of ``members``: accounts, or models by their full name."""
        mask = np.zeros(len(self.models), bool)
        for member in members:
            if member in self.row:
                mask[self.row[member]] = True
            else:
                mask |= self.account == member
        return mask

    def totals(self, start: pd.Timestamp, end: pd.Timestamp) -> NDArray[np.float64]:
        """Downloads of each model from ``start`` to ``end``; NaN without a figure.

        A figure that reaches over the first day is left out: it cannot be divided.
        """
        first = self.days[0].astype(int)
        low = max(int(np.datetime64(start, "D").astype(int) - first), 0)
        high = min(int(np.datetime64(end, "D").astype(int) - first), len(self.days) - 1)
        if low > high:
            return np.full(len(self.models), np.nan)
        covers = self.covers[:, low : high + 1]
        inside = (covers > 0) & (covers <= np.arange(1, high - low + 2, dtype=np.int16))
        sums = self.downloads[:, low : high + 1].sum(axis=1, where=inside, dtype=np.int64)
        return np.where(inside.any(axis=1), sums, np.nan)

    def biggest(self, start: pd.Timestamp, end: pd.Timestamp) -> dict[str, Biggest]:
        """Each family's model with the most downloads from ``start`` to ``end``.

        Of equals the first by name; families without a figure are left out.
        """
        found: dict[str, Biggest] = {}
        totals = self.totals(start, end)
        for family, rows in self.of_family.items():
            known = rows[~np.isnan(totals[rows])]
            if len(known):
                top = known[np.argmax(totals[known])]
                found[family] = Biggest(self.models[top], float(totals[top]))
        return found

    def summed(
        self, rows: NDArray[np.intp], onto: History, row: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Downloads and all-time counters of the models in ``rows``, on the days of ``onto``.

        A day's downloads go to the figure of ``onto``'s ``row`` that covers it,
        and are left out where none does; a counter stays as last known.
        """
        days = len(onto.days)
        downloads, counters = np.zeros(days), np.zeros(days)
        shift = int((self.days[0] - onto.days[0]).astype(int))
        own = self.downloads[rows].sum(axis=0, where=self.covers[rows] > 0, dtype=np.int64)
        columns = np.arange(len(own)) + shift
        within = (columns >= 0) & (columns < days)
        stands_at = onto.stands_at[row, columns[within]]
        np.add.at(downloads, stands_at[stands_at >= 0], own[within][stands_at >= 0])
        for counter in self.all_time[rows]:
            known = np.flatnonzero(counter >= 0)
            if len(known):
                latest = np.searchsorted(known + shift, np.arange(days), side="right") - 1
                counters += np.where(latest >= 0, counter[known[np.maximum(latest, 0)]], 0)
        return downloads, counters

    def grid_of(self, *names: str) -> Grid:
        """The grid of some models alone; names that are not known have no row."""
        held = tuple(name for name in dict.fromkeys(names) if name in self.row)
        rows = [self.row[name] for name in held]
        covers = self.covers[rows].astype(np.int32)
        known = covers > 0
        stands_at = np.full(covers.shape, -1, np.int32)
        for row, column in np.argwhere(known):
            stands_at[row, column - covers[row, column] + 1 : column + 1] = column
        all_time = self.all_time[rows]
        return Grid(
            held,
            self.days,
            np.where(known, self.downloads[rows], np.nan),
            covers,
            stands_at,
            known,
            np.where(all_time >= 0, all_time, np.nan),
            self.source[rows],
            self.sources,
        )

"""Readings of official models as arrays, from which a day's list is a slice.

A page ranks the families on any two of the days: with texts turned into numbers
once, each of those questions is a few sums over two thousand numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Lists:
    """The rows of ``readings.official`` as arrays, a number a row, in their order by day.

    - ``days``: the different days, oldest first, in the unit of the readings;
      rows ``bounds[d]`` to ``bounds[d + 1]`` are those of day ``d``
    - ``family``: index into ``families``, which are sorted
    - ``model``: index into ``models``
    - ``downloads``: int64, trailing 30 days
    - ``source``: index into ``sources``

    A model stands once on a day's list. Of a family's models on a day the first
    is the most downloaded one.
    """

    days: NDArray[np.datetime64]
    bounds: NDArray[np.intp]
    families: NDArray[np.object_]
    family: NDArray[np.intp]
    models: NDArray[np.object_]
    model: NDArray[np.intp]
    downloads: NDArray[np.int64]
    sources: NDArray[np.object_]
    source: NDArray[np.intp]

    @classmethod
    def of(cls, readings: pd.DataFrame) -> Lists:
        """``readings`` as arrays."""
        written = readings["day"].to_numpy()
        order = np.argsort(written, kind="stable")
        days, first = np.unique(written[order], return_index=True)
        family, families = pd.factorize(readings["family"], sort=True)
        model, models = pd.factorize(readings["model_id"])
        source, sources = pd.factorize(readings["source"])
        return cls(
            days,
            np.append(first, len(order)).astype(np.intp),
            np.asarray(families, dtype=object),
            family[order],
            np.asarray(models, dtype=object),
            model[order],
            readings["downloads"].to_numpy(dtype=np.int64)[order],
            np.asarray(sources, dtype=object),
            source[order],
        )

    @classmethod
    def given(cls, readings: pd.DataFrame | Lists) -> Lists:
        """``readings`` as arrays, which they may be already."""
        return readings if isinstance(readings, Lists) else cls.of(readings)

    @cached_property
    def _at(self) -> dict[pd.Timestamp, int]:
        return {pd.Timestamp(day): at for at, day in enumerate(self.days)}

    def on(self, day: pd.Timestamp | None) -> slice:
        """Rows of ``day``'s list; none where nothing was read on it."""
        at = -1 if day is None else self._at.get(day, -1)
        return slice(0, 0) if at < 0 else slice(int(self.bounds[at]), int(self.bounds[at + 1]))

    def between(self, since: pd.Timestamp, day: pd.Timestamp) -> slice:
        """Rows of all lists from ``since`` to ``day``."""
        unit = self.days.dtype
        low = np.searchsorted(self.days, since.to_datetime64().astype(unit), side="left")
        high = np.searchsorted(self.days, day.to_datetime64().astype(unit), side="right")
        return slice(int(self.bounds[low]), int(self.bounds[max(low, high)]))

    def of_family(self, rows: slice, family: str) -> NDArray[np.intp]:
        """Those of ``rows`` that are models of ``family``."""
        found: NDArray[np.intp] = np.flatnonzero(self.family[rows] == self.code(family))
        found += rows.start
        return found

    def models_of(self, rows: slice | NDArray[np.intp]) -> list[str]:
        """The model of each of ``rows``."""
        return list(self.models[self.model[rows]])

    def sources_of(self, rows: slice | NDArray[np.intp]) -> list[str]:
        """The different sources of ``rows``."""
        return list(self.sources[np.unique(self.source[rows])])

    def day_of(self, rows: slice) -> NDArray[np.intp]:
        """Index into ``days`` of each of ``rows``."""
        found: NDArray[np.intp] = (
            np.searchsorted(self.bounds, np.arange(rows.start, rows.stop), side="right") - 1
        )
        return found

    def code(self, family: str) -> int:
        """Index of ``family``, -1 where no list has a model of it."""
        found = np.flatnonzero(self.families == family)
        return int(found[0]) if len(found) else -1

    def marked(self, models: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Of each of ``self.models`` whether it is one of ``models``."""
        held = np.zeros(len(self.models), bool)
        held[models] = True
        return held


def first_of_each(codes: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Where each code from 0 to ``count`` - 1 stands first; ``len(codes)`` where it is not."""
    places = np.full(count, len(codes), np.intp)
    # Of several assignments the last stays: that of the first place.
    places[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return places


def summed(codes: NDArray[np.intp], values: NDArray[Any], count: int) -> NDArray[np.int64]:
    """The sum of the ``values`` of each code; exact."""
    sums = np.zeros(count, np.int64)
    np.add.at(sums, codes, values)
    return sums

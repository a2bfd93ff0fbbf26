"""The daily history of single official models, as a grid that takes little memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.grid import Grid, filled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.measure.history import History


@dataclass(frozen=True)
class Biggest:
    """A family's most downloaded model in a range, and its downloads there."""

    model_id: str
    downloads: float


@dataclass(frozen=True)
class ModelHistory:
    """Downloads a day of every official model: ``grid`` has a row a model.

    ``family`` names each row's family, in the same order.
    """

    grid: Grid
    family: NDArray[np.object_]

    @property
    def models(self) -> tuple[str, ...]:
        """Hub names, sorted."""
        return self.grid.names

    @cached_property
    def account(self) -> NDArray[np.object_]:
        """Each model's account: what is before the slash."""
        return np.array([name.partition("/")[0] for name in self.models], dtype=object)

    def accounts(self, family: str) -> tuple[str, ...]:
        """Accounts of which there are models of ``family``."""
        return tuple(sorted(set(self.account[self.family == family])))

    def named(self, members: frozenset[str]) -> NDArray[np.bool_]:
        """Which rows are one of ``members``: accounts, or models by their full name."""
        if not members:
            return np.zeros(len(self.models), bool)
        return np.array(
            [
                model in members or account in members
                for model, account in zip(self.models, self.account, strict=True)
            ],
            dtype=bool,
        )

    def totals(self, start: pd.Timestamp, end: pd.Timestamp) -> NDArray[np.float64]:
        """Downloads of each model from ``start`` to ``end``; NaN without a figure.

        A figure that reaches over the first day is left out: it cannot be divided.
        """
        low, high = self._columns(start, end)
        if low > high:
            return np.full(len(self.models), np.nan)
        figures = self.grid.downloads[:, low : high + 1]
        begins = np.arange(low, high + 1) - self.grid.covers[:, low : high + 1] + 1
        inside = (self.grid.covers[:, low : high + 1] > 0) & (begins >= low)
        sums = np.where(inside, figures, 0.0).sum(axis=1)
        return np.where(inside.any(axis=1), sums, np.nan)

    def biggest(self, start: pd.Timestamp, end: pd.Timestamp) -> dict[str, Biggest]:
        """Each family's model with the most downloads from ``start`` to ``end``.

        Of equals the first by name; families without a figure are left out.
        """
        found: dict[str, Biggest] = {}
        totals = self.totals(start, end)
        for family in dict.fromkeys(self.family.tolist()):
            rows = np.flatnonzero((self.family == family) & ~np.isnan(totals))
            if len(rows):
                top = rows[np.argmax(totals[rows])]
                found[family] = Biggest(self.models[top], float(totals[top]))
        return found

    def summed(
        self, mask: NDArray[np.bool_], onto: History, row: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Downloads and all-time counters of some models, on the days of ``onto``'s figures.

        A day's downloads go to the figure of ``onto``'s ``row`` that covers it,
        and are left out where none does; a counter stays as last known.
        """
        days = len(onto.days)
        downloads, counters = np.zeros(days), np.zeros(days)
        shift = int((self.grid.days[0] - onto.days[0]).astype(int))
        own = np.nansum(self.grid.downloads[mask], axis=0)
        columns = np.arange(len(own)) + shift
        within = (columns >= 0) & (columns < days)
        stands_at = onto.stands_at[row, columns[within]]
        np.add.at(downloads, stands_at[stands_at >= 0], own[within][stands_at >= 0])
        for counter in self.grid.all_time[mask]:
            known = np.flatnonzero(~np.isnan(counter))
            if len(known):
                latest = np.searchsorted(known + shift, np.arange(days), side="right") - 1
                counters += np.where(latest >= 0, counter[known[np.maximum(latest, 0)]], 0.0)
        return downloads, counters

    def _columns(self, start: pd.Timestamp, end: pd.Timestamp) -> tuple[int, int]:
        first = pd.Timestamp(self.grid.days[0])
        low = (pd.Timestamp(start).normalize() - first).days
        high = (pd.Timestamp(end).normalize() - first).days
        return max(low, 0), min(high, len(self.grid.days) - 1)


def model_history(model_daily: pd.DataFrame, order: tuple[str, ...]) -> ModelHistory:
    """Table ``model_daily`` as a grid; of several sources the first in ``order`` counts.

    A model whose rows name several families is the newest one's. 2,000 models
    over 700 days take some 50 MB. Raises ``NothingToShow`` without a row.
    """
    if model_daily.empty:
        message = "The store holds no daily history of single models."
        raise NothingToShow(message)
    newest = model_daily[["model_id", "family", "day"]].sort_values("day", kind="stable")
    families = newest.drop_duplicates("model_id", keep="last").set_index("model_id")["family"]
    families = families.sort_index()
    names = tuple(str(name) for name in families.index)
    grid = filled(model_daily, "model_id", names, order, np.ones(len(model_daily), bool))
    return ModelHistory(grid, families.to_numpy(dtype=object))

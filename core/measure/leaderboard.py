"""Families ranked by the trailing-30-day downloads of their official models.

The lists behind the readings grow, so a total of one day is never compared
with a total of another: a change is worked out over the models that are
present on both days, and their number is part of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.lists import Lists, first_of_each, summed
from core.measure.standings import one_by_one, ranks, whole_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from pandas.arrays import FloatingArray

FEWEST_MODELS: Final = 5
"""A family with fewer models on the day's list is not ranked."""

ONE_MODEL_SHARE: Final = 0.25
"""A model with more than this share of its family is called out."""


class Standing(NamedTuple):
    """A row of a leaderboard, see ``Leaderboard``; what is null there is None."""

    rank: int | None
    family: str
    downloads: int
    share: float
    models: int
    counted: int
    biggest: str
    biggest_downloads: int
    biggest_share: float
    on_both: int
    change: float | None


@dataclass(frozen=True)
class Leaderboard:
    """The families on one day, against an earlier one.

    ``rows`` has one row a family, ranked ones first, with the columns

    - ``rank`` (Int64, null where not ranked), ``family``
    - ``downloads``: of the models counted, in the 30 days before ``day``
    - ``share``: of ``total``, 0 to 1
    - ``models``: listed official models; ``counted``: those that are summed
    - ``biggest``, ``biggest_downloads``, ``biggest_share``: the family's most
      downloaded model and its share of *all* the family's downloads
    - ``then``, ``now``, ``on_both``: downloads on ``since`` and on ``day`` of
      the counted models present on both, and how many those are
    - ``change``: now / then - 1, null where there is nothing to compare
    """

    day: pd.Timestamp
    since: pd.Timestamp | None
    without_biggest: bool
    rows: pd.DataFrame
    total: int
    counted: int

    @cached_property
    def ranked(self) -> pd.DataFrame:
        """The ranked families, best first."""
        return self.rows[self.rows["rank"].notna()]

    @cached_property
    def unranked(self) -> pd.DataFrame:
        """The families with too few listed models to be ranked."""
        return self.rows[self.rows["rank"].isna()]

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """The rows one by one."""
        return one_by_one(self.rows, Standing)

    @cached_property
    def in_order(self) -> tuple[Standing, ...]:
        """The ranked families, best first."""
        return tuple(row for row in self.standings if row.rank is not None)

    def standing(self, family: str) -> Standing | None:
        """The row of one family, or None where it has no model on the list."""
        return next((row for row in self.standings if row.family == family), None)

    def only(self, families: frozenset[str]) -> Leaderboard:
        """The rows of some of the families; ranks, shares and totals stay those of all."""
        held = [at for at, row in enumerate(self.standings) if row.family in families]
        if len(held) == len(self.standings):
            return self
        return replace(self, rows=self.rows.take(held))

    def family(self, name: str) -> pd.Series | None:
        """The row of one family, or None where it has no model on the list."""
        found = self.rows[self.rows["family"] == name]
        return None if found.empty else found.iloc[0]


def leaderboard(
    readings: pd.DataFrame | Lists,
    day: pd.Timestamp,
    since: pd.Timestamp | None = None,
    *,
    without_biggest: bool = False,
) -> Leaderboard:
    """Rank the families of ``readings`` (see ``readings.official``) on ``day``.

    With ``without_biggest`` each family's most downloaded model of ``day`` is
    left out on both days; which families are ranked does not change.
    Raises ``NothingToShow`` where there is no reading on ``day``.
    """
    lists = Lists.given(readings)
    today, before = lists.on(day), lists.on(since)
    family, model = lists.family[today], lists.model[today]
    downloads, count = lists.downloads[today], len(lists.families)
    if not len(family):
        message = f"There is no reading of official models on {day:%Y-%m-%d}."
        raise NothingToShow(message)
    models = np.bincount(family, minlength=count)
    listed = np.flatnonzero(models)
    first = first_of_each(family, count)[listed]
    everything = summed(family, downloads, count)[listed]
    left = ~lists.marked(model[first])[model] if without_biggest else np.ones(len(model), bool)
    then = np.full(len(lists.models), -1, np.int64)
    then[lists.model[before]] = lists.downloads[before]
    both = left & (then[model] >= 0)
    sums = summed(family[left], downloads[left], count)[listed]
    total = int(sums.sum())
    earlier = summed(family[both], then[model[both]], count)[listed]
    now = summed(family[both], downloads[both], count)[listed]
    biggest = downloads[first]
    unknown = np.full(len(listed), np.nan)
    columns = {
        "family": lists.families[listed],
        "downloads": sums,
        "models": models[listed].astype(np.int64),
        "counted": np.bincount(family[left], minlength=count)[listed].astype(np.int64),
        "biggest": lists.models[model[first]],
        "biggest_downloads": biggest,
        "share": sums / total if total else unknown,
        "biggest_share": np.divide(biggest, everything, out=unknown.copy(), where=everything > 0),
        "then": earlier,
        "now": now,
        "on_both": np.bincount(family[both], minlength=count)[listed].astype(np.int64),
    }
    rank = ranks(np.where(columns["models"] >= FEWEST_MODELS, sums, np.nan))
    # Families come by name, which decides between equals; ranked ones stand first.
    order = np.lexsort((-sums, np.isnan(rank)))
    rows = {name: values[order] for name, values in columns.items()}
    rows |= {name: pd.array(rows[name], dtype="str") for name in ("family", "biggest")}
    rows["change"] = _ratio(rows["now"], rows["then"], rows["then"] == 0)
    rows["rank"] = whole_numbers(rank[order])
    return Leaderboard(
        day, since, without_biggest, pd.DataFrame(rows), total, int(columns["counted"].sum())
    )


def models(
    readings: pd.DataFrame | Lists, family: str, day: pd.Timestamp, since: pd.Timestamp | None
) -> pd.DataFrame:
    """The listed official models of ``family`` on ``day``, most downloaded first.

    Columns ``model_id``, ``downloads``, ``share`` (of the family), ``then``
    (Int64, null where the model was not listed on ``since``) and ``change``.
    Raises ``NothingToShow`` where none is listed.
    """
    lists = Lists.given(readings)
    today, before = lists.on(day), lists.on(since)
    own = lists.family[today] == lists.code(family)
    model, downloads = lists.model[today][own], lists.downloads[today][own]
    if not len(model):
        message = f"No official model of {family} is listed on {day:%Y-%m-%d}."
        raise NothingToShow(message)
    then = np.full(len(lists.models), -1, np.int64)
    then[lists.model[before]] = lists.downloads[before]
    earlier, total = then[model], int(downloads.sum())
    return pd.DataFrame(
        {
            "model_id": pd.array(lists.models[model], dtype="str"),
            "downloads": downloads,
            "share": downloads / total if total else np.full(len(model), np.nan),
            "then": pd.arrays.IntegerArray(np.maximum(earlier, 0), earlier < 0),
            "change": _ratio(downloads, earlier, earlier <= 0),
        }
    )


@dataclass(frozen=True)
class Index:
    """Families over time, first day = 100.

    ``rows`` has the columns ``day``, ``family``, ``index_100``, ``downloads``
    and ``models``: on every day exactly the same models are summed, those
    listed on all days shown, named by family in ``models``. ``left_out`` names
    the families with fewer than ``FEWEST_MODELS`` of them.
    """

    rows: pd.DataFrame
    models: Mapping[str, frozenset[str]]
    left_out: tuple[str, ...]

    @cached_property
    def days(self) -> tuple[pd.Timestamp, ...]:
        """The days shown, oldest first."""
        return tuple(pd.Timestamp(day) for day in sorted(self.rows["day"].unique()))

    @cached_property
    def model_ids(self) -> frozenset[str]:
        """All models that are summed."""
        return frozenset().union(*self.models.values())

    def only(self, families: frozenset[str]) -> Index:
        """The index of some of the families."""
        if families.issuperset(self.models) and families.issuperset(self.left_out):
            return self
        return Index(
            self.rows[self.rows["family"].isin(families)],
            {name: ids for name, ids in self.models.items() if name in families},
            tuple(name for name in self.left_out if name in families),
        )


def index_over_time(
    readings: pd.DataFrame | Lists,
    since: pd.Timestamp,
    day: pd.Timestamp,
    *,
    without_biggest: bool = False,
) -> Index:
    """Families' downloads from ``since`` to ``day``, over one fixed set of models.

    Raises ``NothingToShow`` where no family has enough models on all days.
    """
    lists = Lists.given(readings)
    span, last = lists.between(since, day), lists.on(day)
    family, model, downloads = lists.family[span], lists.model[span], lists.downloads[span]
    on = lists.day_of(span)
    if without_biggest:
        first = first_of_each(lists.family[last], len(lists.families))
        biggest = lists.model[last][first[first < last.stop - last.start]]
        left = ~lists.marked(biggest)[model]
        family, model, downloads, on = family[left], model[left], downloads[left], on[left]
    days, at = np.unique(on, return_inverse=True)
    often = np.bincount(model, minlength=len(lists.models))
    steady = often[model] == len(days)
    # A row a family, a column a day.
    shape = len(lists.families), len(days)
    cell = (family * len(days) + at)[steady]
    sums = summed(cell, downloads[steady], shape[0] * shape[1]).reshape(shape)
    counts = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    base = sums[:, 0] if len(days) and lists.days[days[0]] == since else np.zeros(shape[0])
    shown, column = np.nonzero((counts >= FEWEST_MODELS) & (base > 0)[:, None])
    if since >= day or not len(shown):
        message = (
            f"No family has {FEWEST_MODELS} models that are listed on every day "
            f"from {since:%Y-%m-%d} to {day:%Y-%m-%d}."
        )
        raise NothingToShow(message)
    amounts = sums[shown, column]
    rows = pd.DataFrame(
        {
            "family": pd.array(lists.families[shown], dtype="str"),
            "day": lists.days[days[column]],
            "downloads": amounts,
            "models": counts[shown, column].astype(np.int64),
            "index_100": 100 * amounts / base[shown],
        }
    )
    names, of = lists.families, np.full(len(lists.models), -1, np.intp)
    drawn, listed = np.zeros(len(names), bool), np.zeros(len(names), bool)
    drawn[shown], listed[family] = True, True
    always = np.unique(model[steady])
    of[model] = family
    models = {
        str(names[one]): frozenset(lists.models[always[of[always] == one]].tolist())
        for one in np.flatnonzero(drawn)
    }
    left_out = sorted(names[listed & ~drawn].tolist(), key=str.casefold)
    return Index(rows, models, tuple(left_out))


def _ratio(
    now: NDArray[np.int64], then: NDArray[np.int64], unknown: NDArray[np.bool_]
) -> FloatingArray:
    """Change from ``then`` to ``now``, null where ``unknown``."""
    return pd.arrays.FloatingArray(now / np.where(unknown, 1, then) - 1, unknown)

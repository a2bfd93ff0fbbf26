"""Families ranked by the trailing-30-day downloads of their official models.

The lists behind the readings grow, so a total of one day is never compared
with a total of another: a change is worked out over the models that are
present on both days, and their number is part of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.errors import NothingToShow

if TYPE_CHECKING:
    from collections.abc import Mapping

FEWEST_MODELS: Final = 5
"""A family with fewer models on the day's list is not ranked."""

ONE_MODEL_SHARE: Final = 0.25
"""A model with more than this share of its family is called out."""


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

    def only(self, families: frozenset[str]) -> Leaderboard:
        """The rows of some of the families; ranks, shares and totals stay those of all."""
        return replace(self, rows=self.rows[self.rows["family"].isin(families)])

    def family(self, name: str) -> pd.Series | None:
        """The row of one family, or None where it has no model on the list."""
        found = self.rows[self.rows["family"] == name]
        return None if found.empty else found.iloc[0]


def leaderboard(
    readings: pd.DataFrame,
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
    today = readings[readings["day"] == day]
    if today.empty:
        message = f"There is no reading of official models on {day:%Y-%m-%d}."
        raise NothingToShow(message)
    biggest = today.drop_duplicates("family").set_index("family")
    everything = today.groupby("family")["downloads"].agg(["sum", "size"])
    counted = today
    if without_biggest:
        counted = today[~today["model_id"].isin(biggest["model_id"])]
    sums = counted.groupby("family")["downloads"].agg(["sum", "size"])
    sums = sums.reindex(everything.index, fill_value=0)
    rows = pd.DataFrame(
        {
            "downloads": sums["sum"],
            "models": everything["size"],
            "counted": sums["size"],
            "biggest": biggest["model_id"],
            "biggest_downloads": biggest["downloads"],
        }
    )
    total = int(rows["downloads"].sum())
    rows["share"] = rows["downloads"] / total if total else float("nan")
    rows["biggest_share"] = rows["biggest_downloads"] / everything["sum"].where(
        everything["sum"] > 0
    )
    changes = _changes(readings, counted, since).reindex(rows.index)
    changes = changes.fillna({"then": 0, "now": 0, "on_both": 0})
    rows = rows.join(changes.astype({"then": "int64", "now": "int64", "on_both": "int64"}))
    rows["change"] = _ratio(rows["now"], rows["then"])
    rows = rows.rename_axis("family").reset_index()
    rows = _ranked(rows)
    return Leaderboard(day, since, without_biggest, rows, total, int(rows["counted"].sum()))


def models(
    readings: pd.DataFrame, family: str, day: pd.Timestamp, since: pd.Timestamp | None
) -> pd.DataFrame:
    """The listed official models of ``family`` on ``day``, most downloaded first.

    Columns ``model_id``, ``downloads``, ``share`` (of the family), ``then``
    (Int64, null where the model was not listed on ``since``) and ``change``.
    Raises ``NothingToShow`` where none is listed.
    """
    today = readings[(readings["day"] == day) & (readings["family"] == family)]
    if today.empty:
        message = f"No official model of {family} is listed on {day:%Y-%m-%d}."
        raise NothingToShow(message)
    rows = today[["model_id", "downloads"]].reset_index(drop=True)
    rows["share"] = rows["downloads"] / rows["downloads"].sum()
    before = readings[readings["day"] == since].set_index("model_id")["downloads"]
    rows["then"] = rows["model_id"].map(before).astype("Int64")
    rows["change"] = _ratio(rows["downloads"], rows["then"])
    return rows


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
        return Index(
            self.rows[self.rows["family"].isin(families)],
            {name: ids for name, ids in self.models.items() if name in families},
            tuple(name for name in self.left_out if name in families),
        )


def index_over_time(
    readings: pd.DataFrame,
    since: pd.Timestamp,
    day: pd.Timestamp,
    *,
    without_biggest: bool = False,
) -> Index:
    """Families' downloads from ``since`` to ``day``, over one fixed set of models.

    Raises ``NothingToShow`` where no family has enough models on all days.
    """
    span = readings[readings["day"].between(since, day)]
    if without_biggest:
        last = span[span["day"] == day].drop_duplicates("family")
        span = span[~span["model_id"].isin(last["model_id"])]
    listed = span.groupby("model_id")["day"].nunique()
    always = listed.index[listed == span["day"].nunique()]
    steady = span[span["model_id"].isin(always)]
    rows = steady.groupby(["family", "day"], as_index=False).agg(
        downloads=("downloads", "sum"), models=("model_id", "size")
    )
    first = rows[rows["day"] == since].set_index("family")["downloads"]
    base = rows["family"].map(first)
    shown = rows[(rows["models"] >= FEWEST_MODELS) & (base > 0)].copy()
    if since >= day or shown.empty:
        message = (
            f"No family has {FEWEST_MODELS} models that are listed on every day "
            f"from {since:%Y-%m-%d} to {day:%Y-%m-%d}."
        )
        raise NothingToShow(message)
    shown["index_100"] = 100 * shown["downloads"] / base
    left_out = sorted(set(span["family"]) - set(shown["family"]), key=str.casefold)
    names = set(shown["family"])
    models = {
        str(family): frozenset(ids)
        for family, ids in steady.groupby("family")["model_id"]
        if family in names
    }
    return Index(shown.reset_index(drop=True), models, tuple(left_out))


def _changes(
    readings: pd.DataFrame, counted: pd.DataFrame, since: pd.Timestamp | None
) -> pd.DataFrame:
    """``then``, ``now`` and ``on_both`` of the families with a model on both days."""
    before = readings.loc[readings["day"] == since, ["model_id", "downloads"]]
    both = counted.merge(before, on="model_id", suffixes=("", "_then"))
    return both.groupby("family").agg(
        then=("downloads_then", "sum"),
        now=("downloads", "sum"),
        on_both=("model_id", "size"),
    )


def _ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in order, ranked families first; equal totals share a rank."""
    enough = rows["models"] >= FEWEST_MODELS
    rank = rows["downloads"].where(enough).rank(method="min", ascending=False)
    rows["rank"] = rank.astype("Int64")
    return rows.sort_values(
        ["rank", "downloads", "family"],
        ascending=[True, False, True],
        na_position="last",
        ignore_index=True,
    )


def _ratio(now: pd.Series, then: pd.Series) -> pd.Series:
    """Change from ``then`` to ``now`` as Float64, null where ``then`` is unknown or zero."""
    then = then.astype("Int64")
    return now.astype("Float64") / then.mask(then == 0).astype("Float64") - 1

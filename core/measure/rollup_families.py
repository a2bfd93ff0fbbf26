"""Sums by unit and day → rows of the tables DAILY and MODEL_DAILY.

What a row of a family says, and when it is complete:

- ``downloads`` of the day before a reading, or of all days since the family's
  reading before: one figure that covers ``days`` days and stands at the last of
  them. No two rows of a family and basis cover one day, and together they
  give exactly how far the counters have moved.
- A model that was not read on a day is not there on that day; at its next
  reading all it has gained since its last one is counted, once.
- A day's reading is full when at least nine tenths of the family's models are
  there, by number and by counters, of the most that were there in one of its
  seven readings before. A row is complete when both readings that it is the
  difference of are full, and the later one is not of today. So a snapshot that
  holds a quarter of the models makes two rows incomplete, its own and the one
  that makes up for it; after seven readings a smaller number is how many there
  are.
- ``all_time`` is the sum of the last known counters of all members; a model that
  was not read keeps the one it had. Downloads are never carried forward.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.measure.bases import SHARED
from core.measure.membership import WHOLE
from core.measure.rollup_steps import SUMS
from core.schemas import DAILY, MODEL_DAILY

if TYPE_CHECKING:
    from datetime import date

    from core.measure.membership import Membership
    from core.measure.rollup import State, Sums

LOOK_BACK: Final = 7
"""Readings of a family that tell how much of it there is."""

_FULL_TENTHS: Final = 9
_LINE: Final = ["family", "basis"]
_RECENT: Final = [*_LINE, "day", "present", "counters", "full"]
_DAY: Final = pd.Timedelta(days=1)


@dataclass(frozen=True)
class FamilyDays:
    """Rows of DAILY, and the last readings of each family, to go on from.

    ``recent`` has family, basis, day (datetime64), present, counters (int64)
    and full (bool): up to seven readings each, none of today.
    """

    daily: pd.DataFrame
    recent: pd.DataFrame


def no_recent() -> pd.DataFrame:
    """``recent`` before the first roll-up."""
    types = ("str", "str", "datetime64[ms]", "int64", "int64", "bool")
    return pd.DataFrame(
        {name: pd.Series(dtype=kind) for name, kind in zip(_RECENT, types, strict=True)}
    )


def family_days(  # noqa: PLR0913 - the last one is a keyword
    sums: Sums,
    members: Membership,
    source: str,
    today: date,
    earlier: State | None = None,
    *,
    recent: pd.DataFrame | None = None,
) -> FamilyDays:
    """Rows of table DAILY by ``source`` from ``sums``; ``earlier`` and ``recent`` as before them.

    Figures of basis ``shared`` are added up in parts of ``WHOLE`` and rounded
    once, at the end, to the nearest whole number, a half upwards.
    """
    before = no_recent() if recent is None else recent
    rows = _of_lines(sums.rows, members.shares)
    rows["all_time"] = rows["downloads"] + rows["first"]
    rows["all_time"] = rows.groupby(_LINE)["all_time"].cumsum() + _base(rows, members, earlier)
    told = pd.concat([before.assign(known=True), rows.assign(known=False)], ignore_index=True)
    told = told.sort_values([*_LINE, "day"], kind="stable", ignore_index=True)
    lines = told.groupby(_LINE, sort=False)
    fresh = ~told["known"]
    told["full"] = told["full"].where(told["known"], _is_full(told)).astype("bool")
    since = told["day"] - lines["day"].shift()
    after_full = lines["full"].shift(fill_value=False)
    used = fresh & (told["stepped"] > 0) & since.notna()
    complete = told["full"] & after_full & (told["day"] < pd.Timestamp(today))
    whole = np.where(told["basis"] == SHARED, WHOLE, 1)
    daily = pd.DataFrame(
        {
            "family": told["family"],
            "model_id": pd.Series([None] * len(told), dtype="str"),
            "day": told["day"] - _DAY,
            "downloads": _rounded(told["downloads"], whole),
            "basis": told["basis"],
            "source": pd.Series([source] * len(told), dtype="str"),
            "complete": complete.astype("bool"),
            "days": since.dt.days.astype("Int64"),
            "all_time": _rounded(told["all_time"], whole).astype("Int64"),
        }
    )[[column.name for column in DAILY.columns]]
    settled = told[told["day"] < pd.Timestamp(today)]
    last = settled.groupby(_LINE, sort=False).tail(LOOK_BACK)
    return FamilyDays(
        daily[used].reset_index(drop=True),
        last[_RECENT].astype({"present": "int64", "counters": "int64"}).reset_index(drop=True),
    )


def model_days(sums: Sums, members: Membership, source: str, today: date) -> pd.DataFrame:
    """Rows of table MODEL_DAILY by ``source`` from ``sums``; none from a reading of today."""
    rows = sums.rows[(sums.rows["stepped"] > 0) & (sums.rows["day"] < pd.Timestamp(today))]
    rows = rows.merge(members.models, on="unit")
    told = pd.DataFrame(
        {
            "model_id": rows["model_id"],
            "family": rows["family"],
            "day": rows["day"] - _DAY,
            "downloads": rows["downloads"],
            "days": rows["days"],
            "all_time": rows["counters"],
            "source": pd.Series([source] * len(rows), dtype="str"),
        }
    )
    return told[[column.name for column in MODEL_DAILY.columns]]


def _of_lines(sums: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Sums of each family and basis by day, in parts of ``WHOLE`` on basis ``shared``."""
    figures = list(SUMS[2:-1])
    told = shares.sort_values("unit", kind="stable")
    lines = told.groupby(_LINE, sort=True).ngroup().to_numpy()
    names = told[_LINE].drop_duplicates().sort_values(_LINE, ignore_index=True)
    weights = told["weight"].where(told["basis"] == SHARED, 1).to_numpy()
    units = sums["unit"].to_numpy()
    first = np.searchsorted(told["unit"], units, side="left")
    counts = np.searchsorted(told["unit"], units, side="right") - first
    row = np.repeat(np.arange(len(sums)), counts)
    share = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts - first, counts)
    day, days = pd.factorize(sums["day"], sort=True)
    place = lines[share] * len(days) + day[row]
    there = np.flatnonzero(np.bincount(place, minlength=len(names) * len(days)))
    found = names.loc[there // max(1, len(days))].reset_index(drop=True)
    found["day"] = pd.Series(days.take(there % max(1, len(days))), dtype="datetime64[ms]")
    for name in figures:
        # In whole numbers: a sum of floating point numbers would be inexact beyond 2⁵³.
        added = np.zeros(len(names) * len(days), dtype=np.int64)
        np.add.at(added, place, sums[name].to_numpy("int64")[row] * weights[share])
        found[name] = added[there]
    return found


def _base(rows: pd.DataFrame, members: Membership, earlier: State | None) -> pd.Series:
    """What each row's family had in all before the first of them."""
    if earlier is None:
        return pd.Series(0, index=rows.index)
    known = members.ids.drop_duplicates("model")
    unit = pd.Series(known["unit"].to_numpy(), index=members.names[known["model"]])
    of_unit = earlier.counters.assign(unit=earlier.counters["model_id"].map(unit))
    of_unit = of_unit.dropna(subset="unit").astype({"unit": "int64"})
    totals = of_unit.groupby("unit", as_index=False)["all_time"].sum()
    parts = totals.merge(members.shares, on="unit")
    parts["all_time"] *= parts["weight"].where(parts["basis"] == SHARED, 1)
    lines = parts.groupby(_LINE, as_index=False)["all_time"].sum()
    found = rows[_LINE].merge(lines, on=_LINE, how="left")["all_time"]
    return found.fillna(0).astype("int64").set_axis(rows.index)


def _is_full(told: pd.DataFrame) -> pd.Series:
    """Whether each reading holds nine tenths of the most that one of those before it held."""
    full = pd.Series(data=True, index=told.index)
    for name in ("present", "counters"):
        most = told.groupby(_LINE, sort=False)[name].transform(
            lambda held: held.shift().rolling(LOOK_BACK, min_periods=1).max()
        )
        full &= most.isna() | (10 * told[name] >= _FULL_TENTHS * most)
    return full


def _rounded(parts: pd.Series, whole: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pd.Series:
    """Parts as whole numbers, each half upwards."""
    numbers = parts.fillna(0).astype("int64")
    return (2 * numbers + whole) // (2 * whole)

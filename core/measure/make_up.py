"""What a family's official models are: their licences, formats, tasks, and when they came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from core.errors import NothingToShow

if TYPE_CHECKING:
    from datetime import date

Trait = Literal["licence", "format", "task", "library"]

NAMES: Final[dict[str, str]] = {
    "licence": "licence",
    "format": "file format",
    "task": "task",
    "library": "software",
}
"""Every trait that can be counted, as a reader calls it."""

MOST_KINDS: Final = 12
"""Kinds that are named; rarer ones are added up."""

FLOOR: Final = pd.Timestamp("2022-03-02")
"""The Hub gives this day of creation to every repository that is older."""

LIVE_DATA: Final = (
    "Live data bring it: with a connection to the internet the site reads it from the "
    "Hugging Face Hub at its next refresh."
)


@dataclass(frozen=True)
class MakeUp:
    """Official models of a family by one trait.

    ``rows`` has value (text), models (int64), share (float64, of all ``total``
    models) and kinds (int64), the most frequent kind first. Kinds beyond
    ``MOST_KINDS`` are the last row, "others (n kinds)", in which ``kinds`` is n;
    it is 1 in every other. ``unknown`` models have no row. ``as_of`` is the last
    day on which a source listed one of the models that are counted.
    """

    family: str
    by: Trait
    rows: pd.DataFrame
    known: int
    unknown: int
    total: int
    as_of: pd.Timestamp


@dataclass(frozen=True)
class NewPerMonth:
    """Official models of a family by the month in which they were created on the Hub.

    ``rows`` has month (datetime64, its first day), models (int64) and complete
    (bool), without a hole from the first month to that of ``as_of``, the day up
    to which the models are known. ``older`` models were created on ``FLOOR`` or
    before, nobody knows when; the day of ``unknown`` ones is not told. Neither
    has a row.
    """

    family: str
    rows: pd.DataFrame
    known: int
    older: int
    unknown: int
    as_of: pd.Timestamp


def make_up(models: pd.DataFrame, family: str, by: Trait) -> MakeUp:
    """Count the official models of ``family`` by trait ``by``.

    ``models`` are rows of table MODELS. Of equally frequent kinds the first in
    alphabetical order comes first. Raises ``NothingToShow`` where the trait of
    no model is known.
    """
    official = _official(models, family)
    stated = official[_stated(official[by])]
    if stated.empty:
        message = f"The {NAMES[by]} of no official model of {family} is known yet."
        raise NothingToShow(message, advice=_instead(official))
    counts = stated[by].astype("str").value_counts()
    counts = counts.sort_index().sort_values(ascending=False, kind="stable")
    named, rare = counts.iloc[:MOST_KINDS], counts.iloc[MOST_KINDS:]
    values, numbers, kinds = named.index.tolist(), named.tolist(), [1] * len(named)
    if len(rare):
        values.append(f"others ({len(rare):,} {'kind' if len(rare) == 1 else 'kinds'})")
        numbers.append(int(rare.sum()))
        kinds.append(len(rare))
    rows = pd.DataFrame(
        {
            "value": pd.Series(values, dtype="str"),
            "models": pd.Series(numbers, dtype="int64"),
            "share": [number / len(official) for number in numbers],
            "kinds": pd.Series(kinds, dtype="int64"),
        }
    )
    return MakeUp(
        family=family,
        by=by,
        rows=rows,
        known=len(stated),
        unknown=len(official) - len(stated),
        total=len(official),
        as_of=pd.Timestamp(stated["last_seen"].max()),
    )


def new_per_month(models: pd.DataFrame, family: str, today: date) -> NewPerMonth:
    """Count the official models of ``family`` by month of creation, up to ``today``.

    A month without any is 0. The last month is that of the day on which the
    models were last listed, at most today's: of later ones nothing is known. A
    month is complete once a listing is from after its end. Raises
    ``NothingToShow`` where no model's day of creation is known.
    """
    official = _official(models, family)
    now = pd.Timestamp(today)
    created = official["created_on"]
    told = created.notna() & (created <= now)
    older = told & (created <= FLOOR)
    known = created[told & ~older]
    if known.empty:
        message = f"The month in which they came is known of no official model of {family} yet."
        raise NothingToShow(message, advice=_instead(official))
    listed = official.loc[known.index, "last_seen"].max()
    as_of = min(now, max(pd.Timestamp(listed), pd.Timestamp(known.max())))
    months = pd.period_range(known.min(), as_of, freq="M")
    counts = known.dt.to_period("M").value_counts().reindex(months, fill_value=0)
    rows = pd.DataFrame(
        {
            "month": months.to_timestamp().as_unit("ms"),
            "models": counts.to_numpy("int64"),
            "complete": (months + 1).to_timestamp() <= as_of,
        }
    )
    return NewPerMonth(
        family=family,
        rows=rows,
        known=len(known),
        older=int(older.sum()),
        unknown=int((~told).sum()),
        as_of=as_of,
    )


def _official(models: pd.DataFrame, family: str) -> pd.DataFrame:
    """The official models of ``family``. Raises ``NothingToShow`` where there are none."""
    official = models[models["family"] == family]
    if official.empty:
        message = f"No official model of {family} is known yet."
        raise NothingToShow(message, advice=LIVE_DATA)
    return official


def _stated(column: pd.Series) -> pd.Series:
    """Where a text is neither missing nor empty."""
    return column.notna() & (column.astype("str").str.strip() != "")


def _instead(official: pd.DataFrame) -> str:
    """Where what is asked for will come from, and what is known without it."""
    known = [
        f"the {name} of {number:,}"
        for trait, name in NAMES.items()
        if (number := int(_stated(official[trait]).sum()))
    ]
    if not known:
        return LIVE_DATA
    return f"{LIVE_DATA} Known of these {len(official):,} models already: {', '.join(known)}."

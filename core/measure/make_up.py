"""What a family's official models are: their licences, formats, tasks, and when they came."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from core.errors import NothingToShow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

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


@dataclass(frozen=True, eq=False)
class Official:
    """Official models of one family: of each trait the texts, None where it is not stated.

    ``created`` and ``seen`` are days (datetime64, NaT where not known), one a model.
    """

    stated: Mapping[str, list[str | None]]
    created: NDArray[np.datetime64]
    seen: NDArray[np.datetime64]

    def __len__(self) -> int:
        """How many models."""
        return len(self.seen)


def by_family(models: pd.DataFrame) -> dict[str, Official]:
    """Rows of table MODELS, family by family: what the questions here are asked of."""
    codes, names = pd.factorize(models["family"])
    texts = {}
    for trait in NAMES:
        column = models[trait]
        stated = column.notna() & (column.astype("str").str.strip() != "")
        texts[trait] = column.astype("object").where(stated, None).to_numpy()
    created, seen = models["created_on"].to_numpy(), models["last_seen"].to_numpy()
    found = {}
    for code, name in enumerate(names):
        own = np.flatnonzero(codes == code)
        stated_ones = {trait: values[own].tolist() for trait, values in texts.items()}
        found[str(name)] = Official(stated_ones, created[own], seen[own])
    return found


def make_up(models: pd.DataFrame | Mapping[str, Official], family: str, by: Trait) -> MakeUp:
    """Count the official models of ``family`` by trait ``by``.

    ``models`` are rows of table MODELS, or those ``by_family``. Of equally
    frequent kinds the first in alphabetical order comes first. Raises
    ``NothingToShow`` where the trait of no model is known.
    """
    official = _official(models, family)
    stated = official.stated[by]
    counts = Counter(value for value in stated if value is not None)
    if not counts:
        message = f"The {NAMES[by]} of no official model of {family} is known yet."
        raise NothingToShow(message, advice=_instead(official))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    named, rare = ordered[:MOST_KINDS], ordered[MOST_KINDS:]
    kinds = [1] * len(named)
    if rare:
        name = f"others ({len(rare):,} {'kind' if len(rare) == 1 else 'kinds'})"
        named.append((name, sum(number for _, number in rare)))
        kinds.append(len(rare))
    numbers = np.array([number for _, number in named], np.int64)
    rows = pd.DataFrame(
        {
            "value": pd.array([value for value, _ in named], dtype="str"),
            "models": numbers,
            "share": numbers / len(official),
            "kinds": np.array(kinds, np.int64),
        }
    )
    known = counts.total()
    told = np.array([value is not None for value in stated])
    return MakeUp(
        family=family,
        by=by,
        rows=rows,
        known=known,
        unknown=len(official) - known,
        total=len(official),
        as_of=_latest(official.seen[told]),
    )


def new_per_month(
    models: pd.DataFrame | Mapping[str, Official], family: str, today: date
) -> NewPerMonth:
    """Count the official models of ``family`` by month of creation, up to ``today``.

    A month without any is 0. The last month is that of the day on which the
    models were last listed, at most today's: of later ones nothing is known. A
    month is complete once a listing is from after its end. Raises
    ``NothingToShow`` where no model's day of creation is known.
    """
    official = _official(models, family)
    now = pd.Timestamp(today)
    # What is not a time is neither before nor after any.
    told = official.created <= now.to_datetime64()
    older = official.created <= FLOOR.to_datetime64()
    which = told & ~older
    known = official.created[which]
    if not len(known):
        message = f"The month in which they came is known of no official model of {family} yet."
        raise NothingToShow(message, advice=_instead(official))
    as_of = min(now, max(_latest(official.seen[which]), _latest(known)))
    begun = known.astype("datetime64[M]")
    months = np.arange(begun.min(), as_of.to_datetime64().astype("datetime64[M]") + 1)
    counts = np.bincount((begun - months[0]).astype(np.intp), minlength=len(months))
    ends = (months + 1).astype("datetime64[ns]")
    rows = pd.DataFrame(
        {
            "month": months.astype("datetime64[ms]"),
            "models": counts.astype(np.int64),
            "complete": ends <= as_of.to_datetime64(),
        }
    )
    return NewPerMonth(
        family=family,
        rows=rows,
        known=len(known),
        older=int((told & older).sum()),
        unknown=int((~told).sum()),
        as_of=as_of,
    )


def _official(models: pd.DataFrame | Mapping[str, Official], family: str) -> Official:
    """The official models of ``family``. Raises ``NothingToShow`` where there are none."""
    official = (by_family(models) if isinstance(models, pd.DataFrame) else models).get(family)
    if official is None:
        message = f"No official model of {family} is known yet."
        raise NothingToShow(message, advice=LIVE_DATA)
    return official


def _latest(days: NDArray[np.datetime64]) -> pd.Timestamp:
    """The last of ``days`` that is known; NaT without any."""
    known = days[~np.isnat(days)]
    return pd.Timestamp(known.max() if len(known) else np.datetime64("NaT", "ms"))


def _instead(official: Official) -> str:
    """Where what is asked for will come from, and what is known without it."""
    known = [
        f"the {name} of {number:,}"
        for trait, name in NAMES.items()
        if (number := sum(text is not None for text in official.stated[trait]))
    ]
    if not known:
        return LIVE_DATA
    return f"{LIVE_DATA} Known of these {len(official):,} models already: {', '.join(known)}."

"""Whose the models are that are built on others, under what licence, for what, since when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.built_on import created_within
from core.measure.graph import changes
from core.measure.largest import largest
from core.measure.licences import KINDS
from core.measure.make_up import FLOOR, LIVE_DATA
from core.measure.traits import NEVER, day_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.measure.built_on import Built, Span
    from core.measure.graph import Numbers

Question = Literal["publisher", "licence", "format", "size"]

HOME_FORMATS: Final = {"gguf": "GGUF", "mlx": "MLX", "exl2": "EXL2", "exl3": "EXL3"}
"""File formats that programs for home computers and laptops read."""

OTHER_FORMAT: Final = "Any other format"

FIRST_PUBLISHERS: Final = 10

CLASSES: Final = (
    ("under 1 billion", 1e9),
    ("1 to 4 billion", 4e9),
    ("4 to 10 billion", 10e9),
    ("10 to 40 billion", 40e9),
    ("40 to 100 billion", 100e9),
    ("100 billion and more", np.inf),
)
"""Classes by number of parameters, each with the end that it does not reach."""

_BEGINS: Final = np.array([1, *(int(end) for _, end in CLASSES[:-1])])
"""The fewest parameters of each class."""


@dataclass(frozen=True)
class Shares:
    """Models by one trait.

    ``rows`` has value (text), models (int64) and share (float64, of all
    ``known`` ones). ``unknown`` models have no row. ``kinds`` is how many
    values there are in all, ``first`` how many models the first
    ``FIRST_PUBLISHERS`` have together.
    """

    by: Question
    rows: pd.DataFrame
    known: int
    unknown: int
    kinds: int
    first: int

    @property
    def total(self) -> int:
        """All models that were counted, known or not."""
        return self.known + self.unknown


@dataclass(frozen=True)
class Months:
    """Models by month of creation and relation.

    ``rows`` has month (datetime64, its first day), relation (text), models
    (int64) and complete (bool), every relation in every month from the first to
    that of ``as_of``, month by month. ``older`` models were created on ``FLOOR``
    or before, nobody knows when; the day of ``unknown`` ones is not told.
    Neither has a row.
    """

    rows: pd.DataFrame
    known: int
    older: int
    unknown: int
    as_of: pd.Timestamp

    @cached_property
    def by_month(self) -> pd.DataFrame:
        """Models (int64) and complete (bool) of each month, oldest first, all relations."""
        month = self.rows["month"].to_numpy()
        first = np.flatnonzero(changes(month))
        return pd.DataFrame(
            {
                "month": month[first],
                "models": np.add.reduceat(self.rows["models"].to_numpy(), first),
                "complete": self.rows["complete"].to_numpy()[first],
            }
        )


def shares(built: Built, by: Question, created: Span | None = None) -> Shares:
    """Count ``built`` by one trait, or those ``created`` from one day to another.

    Publishers come largest first, the rest as "others (n publishers)"; other
    traits in an order of their own, without values that no model has. Raises
    ``NothingToShow`` where it is known of none, or none was created then.
    """
    if created is not None:
        built = created_within(built, *created)
    if by == "publisher":
        return _publishers(built)
    counted = {"licence": _licences, "format": _formats, "size": _classes}[by]
    values, counts = counted(built)
    there = np.flatnonzero(counts)
    if not len(there):
        what = {"licence": "licence", "format": "file format", "size": "number of parameters"}
        message = f"The {what[by]} of no model built on it is known yet."
        raise NothingToShow(message, advice=LIVE_DATA)
    return _shares(built, by, [values[at] for at in there.tolist()], counts[there])


def new_per_month(built: Built, today: date, created: Span | None = None) -> Months:
    """Count ``built`` by month of creation and relation, up to ``today``.

    Of all, or of those ``created`` from one day to another. A month is complete
    once a declaration was seen after its end. Raises ``NothingToShow`` where no
    model's day of creation is known.
    """
    if created is not None:
        built = created_within(built, *created)
    now, on = pd.Timestamp(today), built.forest.traits.created[built.models]
    told = (on != NEVER) & (on <= day_of(now))
    which = told & (on > day_of(FLOOR))
    days = on[which]
    if not len(days):
        message = "The month in which they came is known of no model built on it yet."
        raise NothingToShow(message, advice=LIVE_DATA)
    first, last = int(days.min()), int(days.max())
    as_of = min(now, max(built.as_of, pd.Timestamp(last, unit="D")))
    numbers, names = built.forest.relations(built.models[which])
    begin, newest = (_month(day) for day in (first, day_of(as_of)))
    months = np.arange(begin, newest + 1)
    of_day = (_month(np.arange(first, last + 1)) - begin).astype(np.int64)
    there = np.flatnonzero(np.bincount(numbers[numbers >= 0], minlength=len(names)))
    there = there[np.argsort(np.array(names, dtype=np.object_)[there])]
    column = np.zeros(len(names), dtype=np.int64)
    column[there] = np.arange(len(there))
    which = numbers >= 0
    cells = of_day[days[which] - first] * len(there) + column[numbers[which]]
    ends = (months + 1).astype("datetime64[D]").astype(np.int64)
    rows = pd.DataFrame(
        {
            "month": np.repeat(months.astype("datetime64[ms]"), len(there)),
            "relation": pd.Series([names[at] for at in there.tolist()] * len(months), dtype="str"),
            "models": np.bincount(cells, minlength=len(months) * len(there)),
            "complete": np.repeat(ends <= day_of(as_of), len(there)),
        }
    )
    return Months(
        rows=rows,
        known=len(days),
        older=int(np.count_nonzero(told)) - len(days),
        unknown=len(on) - int(np.count_nonzero(told)),
        as_of=as_of,
    )


def _month(days: Numbers | int) -> Any:  # noqa: ANN401 - one month, or one for each day
    """The month of days since 1 January 1970."""
    return np.asarray(days).astype("datetime64[D]").astype("datetime64[M]")


def _shares(built: Built, by: Question, values: Sequence[str], counts: Numbers) -> Shares:
    known = int(counts.sum())
    return Shares(
        by=by,
        rows=pd.DataFrame(
            {
                "value": pd.Series(list(values), dtype="str"),
                "models": counts.astype(np.int64, copy=False),
                "share": counts / known,
            }
        ),
        known=known,
        unknown=len(built.models) - known,
        kinds=len(values),
        first=0,
    )


def _publishers(built: Built) -> Shares:
    accounts = built.forest.accounts
    numbers = np.sort(accounts.numbers[built.models])
    starts = np.flatnonzero(changes(numbers))
    counts = np.diff(starts, append=len(numbers))
    # Accounts are in order: of equals the first comes first.
    first = largest(counts, FIRST_PUBLISHERS)
    ids = built.forest.names(accounts.models[numbers[starts[first]]]).tolist()
    values, found = [str(name).partition("/")[0] for name in ids], counts[first]
    together, rest = int(found.sum()), len(starts) - len(first)
    if rest:
        values.append("others (1 publisher)" if rest == 1 else f"others ({rest:,} publishers)")
        found = np.append(found, len(numbers) - together)
    shown = _shares(built, "publisher", values, found)
    return replace(shown, kinds=len(starts), first=together)


def _licences(built: Built) -> tuple[Sequence[str], Numbers]:
    found = np.bincount(built.forest.traits.beside[built.models], minlength=len(KINDS) + 1)
    return KINDS, found[: len(KINDS)]


def _formats(built: Built) -> tuple[Sequence[str], Numbers]:
    traits = built.forest.traits
    order = [*HOME_FORMATS.values(), OTHER_FORMAT]
    stated = np.bincount(traits.format[built.models] + 1, minlength=len(traits.formats) + 1)[1:]
    counts = np.zeros(len(order), dtype=np.int64)
    for text, number in zip(traits.formats, stated.tolist(), strict=True):
        counts[order.index(HOME_FORMATS.get(text, OTHER_FORMAT))] += number
    return order, counts


def _classes(built: Built) -> tuple[Sequence[str], Numbers]:
    numbers = built.forest.traits.parameters[built.models]
    which = _BEGINS.searchsorted(numbers, side="right")  # 0: fewer than any class has
    return [name for name, _ in CLASSES], np.bincount(which, minlength=len(CLASSES) + 1)[1:]

"""Whose the models are that are built on others, under what licence, for what, since when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from core.errors import NothingToShow
from core.measure.licences import kinds
from core.measure.make_up import FLOOR, LIVE_DATA

if TYPE_CHECKING:
    from datetime import date

    from core.measure.built_on import Built

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
    that of ``as_of``. ``older`` models were created on ``FLOOR`` or before,
    nobody knows when; the day of ``unknown`` ones is not told. Neither has a row.
    """

    rows: pd.DataFrame
    known: int
    older: int
    unknown: int
    as_of: pd.Timestamp

    @property
    def by_month(self) -> pd.DataFrame:
        """Models (int64) and complete (bool) of each month, oldest first, all relations."""
        months = self.rows.groupby("month", as_index=False)
        return months.agg(models=("models", "sum"), complete=("complete", "first"))


def shares(built: Built, by: Question) -> Shares:
    """Count ``built`` by one trait. Raises ``NothingToShow`` where it is known of none.

    Publishers come largest first, the rest as "others (n publishers)"; other
    traits in an order of their own, without values that no model has.
    """
    counts = {
        "publisher": _publishers,
        "licence": _licences,
        "format": _formats,
        "size": _classes,
    }[by](built)
    counts = counts[counts > 0]
    kinds, first = len(counts), 0
    if by == "publisher":
        counts = counts.sort_index().sort_values(ascending=False, kind="stable")
        named, rest = counts.iloc[:FIRST_PUBLISHERS], counts.iloc[FIRST_PUBLISHERS:]
        first = int(named.sum())
        others = "others (1 publisher)" if len(rest) == 1 else f"others ({len(rest):,} publishers)"
        counts = pd.concat([named, pd.Series({others: int(rest.sum())})]) if len(rest) else named
    known = int(counts.sum())
    if not known:
        what = {"licence": "licence", "format": "file format", "size": "number of parameters"}
        message = f"The {what.get(by, by)} of no model built on it is known yet."
        raise NothingToShow(message, advice=LIVE_DATA)
    return Shares(
        by=by,
        rows=pd.DataFrame(
            {
                "value": pd.Series(list(map(str, counts.index)), dtype="str"),
                "models": counts.to_numpy("int64"),
                "share": counts.to_numpy("float64") / known,
            }
        ),
        known=known,
        unknown=len(built.models) - known,
        kinds=kinds,
        first=first,
    )


def new_per_month(built: Built, today: date) -> Months:
    """Count ``built`` by month of creation and relation, up to ``today``.

    A month is complete once a declaration was seen after its end. Raises
    ``NothingToShow`` where no model's day of creation is known.
    """
    now, created = pd.Timestamp(today), built.created_on
    told = created.notna() & (created <= now)
    older = told & (created <= FLOOR)
    which = (told & ~older).to_numpy()
    numbers, names = built.forest.relations(built.models[which])
    relation = pd.Categorical.from_codes(
        numbers, pd.Index(list(names), dtype="str")
    ).remove_unused_categories()
    dated = pd.DataFrame({"created_on": created[which].array, "relation": relation})
    if dated.empty:
        message = "The month in which they came is known of no model built on it yet."
        raise NothingToShow(message, advice=LIVE_DATA)
    as_of = min(now, max(built.as_of, dated["created_on"].max()))
    months = pd.period_range(dated["created_on"].min(), as_of, freq="M")
    relations = sorted(relation.categories)
    counts = dated.groupby(
        [dated["created_on"].dt.to_period("M"), "relation"], observed=True
    ).size()
    every = pd.MultiIndex.from_product([months, relations], names=["month", "relation"])
    frame = counts.rename_axis(["month", "relation"]).reindex(every, fill_value=0).reset_index()
    ends = (pd.PeriodIndex(frame["month"]) + 1).to_timestamp()
    rows = pd.DataFrame(
        {
            "month": pd.PeriodIndex(frame["month"]).to_timestamp().as_unit("ms"),
            "relation": frame["relation"].astype("str"),
            "models": frame[0].astype("int64"),
            "complete": ends <= as_of,
        }
    )
    return Months(
        rows=rows,
        known=len(dated),
        older=int(older.sum()),
        unknown=int((~told).sum()),
        as_of=pd.Timestamp(as_of),
    )


def _publishers(built: Built) -> pd.Series:
    names = built.forest.texts(built.models)
    accounts: Any = pc.replace_substring_regex(names, "(?s)/.*", "", max_replacements=1)
    found = accounts.value_counts()
    return pd.Series(
        found.field("counts").to_numpy(), index=pd.Index(found.field("values"), dtype="str")
    )


def _licences(built: Built) -> pd.Series:
    return _counted(kinds(built.forest, built.models))


def _formats(built: Built) -> pd.Series:
    traits = built.forest.traits
    order = [*HOME_FORMATS.values(), OTHER_FORMAT]
    named = [order.index(HOME_FORMATS.get(text, OTHER_FORMAT)) for text in traits.formats]
    codes = np.array([*named, -1])[traits.format[built.models]]
    return _counted(pd.Categorical.from_codes(codes, pd.Index(order, dtype="str")))


def _classes(built: Built) -> pd.Series:
    numbers = built.forest.traits.parameters[built.models]
    ends = [1.0, *(end for _, end in CLASSES)]
    found = pd.cut(numbers, ends, right=False, labels=[name for name, _ in CLASSES])
    return _counted(found)


def _counted(values: pd.Categorical) -> pd.Series:
    """How many there are of each kind, in the order of the kinds."""
    codes = values.codes
    counts = np.bincount(codes[codes >= 0], minlength=len(values.categories))
    return pd.Series(counts, index=values.categories)

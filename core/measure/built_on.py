"""What is built on a model or a family: when it came, whose it is, under what licence, for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.errors import NothingToShow
from core.measure.declared import declared, places, small
from core.measure.make_up import FLOOR, LIVE_DATA

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.measure.declared import Declared, Texts
    from core.measure.families import FamilyRules
    from core.measure.lineage import Lineage

Ids = npt.NDArray[np.object_]
Question = Literal["publisher", "licence", "format", "size"]

HOME_FORMATS: Final = {"gguf": "GGUF", "mlx": "MLX", "exl2": "EXL2", "exl3": "EXL3"}
"""File formats that programs for home computers and laptops read."""

KEPT: Final = "The same licence as its base"
CHANGED: Final = "Another licence than its base"
NONE_STATED: Final = "No licence stated"
BASE_STATES_NONE: Final = "Its base states no licence"
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
class Built:
    """The distinct models built on ``nodes``, directly or over several steps.

    ``rows`` has a row for each, in alphabetical order: model_id, relation and
    publisher (text), created_on (datetime64, null where not told), licence and
    base_licence (text, null where not stated; of several bases those that
    differ, in alphabetical order, with a comma), told and base_told (bool,
    whether the Hub has told the site of the model, and of all its bases),
    format (text) and parameters (Int64). ``as_of`` is the last day on which one
    was declared: of what came later nothing is known.
    """

    rows: pd.DataFrame
    as_of: pd.Timestamp


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


def official_ids(
    lineage: Lineage, models: pd.DataFrame, roots: pd.DataFrame, family: str
) -> tuple[str, ...]:
    """The official models of ``family`` that the tree knows; ``roots`` as of ``tree.roots``."""
    named = [
        *roots.loc[roots["family"] == family, "root"],
        *models.loc[models["family"] == family, "model_id"],
    ]
    return tuple(dict.fromkeys(lineage.spelling(name) for name in named if name in lineage))


def built_on(  # noqa: PLR0913 - three tables, what is asked for, and a switch
    lineage: Lineage,
    links: pd.DataFrame,
    models: pd.DataFrame,
    nodes: tuple[str, ...],
    rules: FamilyRules,
    *,
    without_official: bool,
) -> Built:
    """What is built on ``nodes``, with what ``models`` (table MODELS) tells of each.

    ``links`` are the declarations that ``lineage`` was made of. A model of
    several nodes counts once. With ``without_official`` models of the families'
    own accounts are not counted; what is built on them is. Ids that differ only
    in case are one. Raises ``NothingToShow`` where nothing is built on them.
    """
    ids = _under(lineage, nodes)
    if without_official:
        ids = ids[[rules.family_of(model) is None for model in ids]]
    if not len(ids):
        message = "Nothing is known to be built on it."
        raise NothingToShow(message, advice=LIVE_DATA)
    known = _newest(models)
    names = small(known["model_id"])
    told = known.take(places(small(ids), names)) if len(known) else known
    found = declared(lineage, links, ids)
    licence, base_told = _bases(found, known, names)
    text = pd.Series(ids, dtype="str")
    rows = pd.DataFrame(
        {
            "model_id": text,
            "relation": pd.Series(found.relation, dtype="str"),
            "publisher": text.str.partition("/")[0],
            "created_on": told["created_on"].to_numpy(),
            "licence": _stated(told["licence"]).array,
            "base_licence": pd.Series(licence, dtype="str"),
            "told": told["hub_id"].notna().to_numpy(),
            "base_told": base_told,
            "format": _stated(told["format"]).str.lower().array,
            "parameters": told["parameters"].astype("Int64").array,
        }
    )
    seen = links["seen_on"].to_numpy()[places(small(links["child"]), small(ids)) >= 0]
    return Built(rows, pd.Timestamp(seen.max()))


def created_within(built: Built, first: pd.Timestamp, last: pd.Timestamp) -> Built:
    """Those created from ``first`` to ``last``, both included. Raises ``NothingToShow``."""
    rows = built.rows
    within = rows[rows["created_on"].between(first, last)].reset_index(drop=True)
    if within.empty:
        known = int(rows["created_on"].notna().sum())
        message = (
            f"No model built on it is known to have been created from {first:%Y-%m-%d} to "
            f"{last:%Y-%m-%d}. The day is known of {known:,} of {len(rows):,} models."
        )
        raise NothingToShow(message, advice="" if known else LIVE_DATA)
    return Built(within, built.as_of)


def shares(built: Built, by: Question) -> Shares:
    """Count ``built`` by one trait. Raises ``NothingToShow`` where it is known of none.

    Publishers come largest first, the rest as "others (n publishers)"; other
    traits in an order of their own, without values that no model has.
    """
    rows = built.rows
    values = {
        "publisher": _publishers,
        "licence": _licence_kept,
        "format": _formats,
        "size": _classes,
    }[by](rows)
    counts = values.value_counts(sort=False)
    counts = counts[counts > 0]
    kinds, first = len(counts), 0
    if by == "publisher":
        counts = counts.sort_index().sort_values(ascending=False, kind="stable")
        named, rest = counts.iloc[:FIRST_PUBLISHERS], counts.iloc[FIRST_PUBLISHERS:]
        first = int(named.sum())
        others = "others (1 publisher)" if len(rest) == 1 else f"others ({len(rest):,} publishers)"
        counts = pd.concat([named, pd.Series({others: int(rest.sum())})]) if len(rest) else named
    known = int(values.notna().sum())
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
        unknown=len(rows) - known,
        kinds=kinds,
        first=first,
    )


def new_per_month(built: Built, today: date) -> Months:
    """Count ``built`` by month of creation and relation, up to ``today``.

    A month is complete once a declaration was seen after its end. Raises
    ``NothingToShow`` where no model's day of creation is known.
    """
    now, created = pd.Timestamp(today), built.rows["created_on"]
    told = created.notna() & (created <= now)
    older = told & (created <= FLOOR)
    dated = built.rows[told & ~older]
    if dated.empty:
        message = "The month in which they came is known of no model built on it yet."
        raise NothingToShow(message, advice=LIVE_DATA)
    as_of = min(now, max(built.as_of, dated["created_on"].max()))
    months = pd.period_range(dated["created_on"].min(), as_of, freq="M")
    relations = sorted(dated["relation"].unique())
    counts = dated.groupby([dated["created_on"].dt.to_period("M"), "relation"]).size()
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


def _under(lineage: Lineage, nodes: Iterable[str]) -> Ids:
    """All that is built on ``nodes``, each once, in alphabetical order."""
    groups: list[Ids] = []
    seen: set[str] = set()
    several = tuple(nodes)
    for node in several:
        if node in seen:  # and so is all that is under it
            continue
        group = lineage.descendants(node)
        groups.append(group)
        if len(several) > 1:
            seen.update(group)
    if len(groups) == 1:
        return groups[0]
    return np.array(sorted(seen, key=lambda name: (name.lower(), name)), dtype=np.object_)


def _newest(models: pd.DataFrame) -> pd.DataFrame:
    """Rows of MODELS, of each model the newest, and last one of nulls: that of place -1."""
    order = models.sort_values("last_seen", kind="stable")
    key = pd.Series(small(order["model_id"]).to_pandas(), index=order.index)
    rows = order[~key.duplicated(keep="last")].reset_index(drop=True)
    return rows.reindex(range(len(rows) + 1))


def _bases(found: Declared, known: pd.DataFrame, names: Texts) -> tuple[Ids, npt.NDArray[np.bool_]]:
    """Of each model: the licences of its bases in one text, and whether all bases are told of."""
    base = known.take(places(small(found.bases), names))
    stated = _stated(base["licence"]).str.lower().astype("object")
    licences = np.asarray(stated.where(stated.notna(), None), dtype=np.object_)
    base_told = base["hub_id"].notna().to_numpy()
    all_told = np.zeros(found.count, dtype=np.bool_)
    all_told[found.child] = True
    all_told[found.child[~base_told[found.parent]]] = False
    texts = np.full(found.count, None, dtype=np.object_)
    pairs = pd.DataFrame({"child": found.child, "licence": licences[found.parent]})
    pairs = pairs.dropna().drop_duplicates()
    several = pairs["child"].duplicated(keep=False)
    texts[pairs.loc[~several, "child"]] = pairs.loc[~several, "licence"]
    mixed = pairs[several].sort_values("licence").groupby("child")["licence"].agg(", ".join)
    texts[mixed.index.to_numpy(dtype=np.int64)] = mixed
    return texts, all_told


def licence_beside_base(built: Built) -> pd.Series:
    """By model_id: one of the four kinds of licence beside the base's, null where not known."""
    return _licence_kept(built.rows).astype("str").set_axis(built.rows["model_id"])


def _stated(column: pd.Series) -> pd.Series:
    """Texts; null where one is missing or empty."""
    texts = column.astype("str").str.strip()
    return texts.where(texts != "")


def _publishers(rows: pd.DataFrame) -> pd.Series:
    return rows["publisher"]


def _licence_kept(rows: pd.DataFrame) -> pd.Series:
    own, base = rows["licence"].str.lower(), rows["base_licence"]
    found = pd.Series(pd.NA, index=rows.index, dtype="str")
    found[own.isna() & rows["told"]] = NONE_STATED
    found[own.notna() & base.isna() & rows["base_told"]] = BASE_STATES_NONE
    found[own.notna() & base.notna()] = CHANGED
    found[own.notna() & (own == base).fillna(value=False)] = KEPT
    return found.astype(pd.CategoricalDtype([KEPT, CHANGED, NONE_STATED, BASE_STATES_NONE]))


def _formats(rows: pd.DataFrame) -> pd.Series:
    form = rows["format"]
    named = form.map(HOME_FORMATS)
    found = named.where(named.notna() | form.isna(), OTHER_FORMAT)
    return found.astype(pd.CategoricalDtype([*HOME_FORMATS.values(), OTHER_FORMAT]))


def _classes(rows: pd.DataFrame) -> pd.Series:
    numbers = rows["parameters"].astype("Float64").astype("float64")
    numbers = numbers.where(numbers > 0)
    ends = [0.0, *(end for _, end in CLASSES)]
    return pd.cut(numbers, ends, right=False, labels=[name for name, _ in CLASSES]).rename("size")

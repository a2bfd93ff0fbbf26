"""What is built on a model: the rows behind a family tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.errors import NothingToShow
from core.measure.declared import declared, places, small

if TYPE_CHECKING:
    from core.measure.families import FamilyRules
    from core.measure.lineage import Lineage

Ids = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_FEW: Final = 2_000
"""So many models the lineage answers for one by one sooner than all links are looked through."""


def roots(lineage: Lineage, rules: FamilyRules) -> pd.DataFrame:
    """Official models without parents that have descendants, largest first.

    Columns ``family``, ``root`` and ``below`` (number of distinct descendants).
    Families come in the order of their largest root. Raises ``NothingToShow``
    where there is none.
    """
    counts = lineage.descendant_counts()
    rows = pd.DataFrame(
        [(rules.family_of(root), root, int(counts[root])) for root in lineage.roots],
        columns=["family", "root", "below"],
    )
    rows = rows[rows["family"].notna() & (rows["below"] > 0)]
    if rows.empty:
        message = "The store knows of no model that is built on a family's own."
        raise NothingToShow(message)
    largest = rows.groupby("family")["below"].transform("max")
    rows = rows.assign(largest=largest).sort_values(
        ["largest", "family", "below", "root"], ascending=[False, True, False, True]
    )
    return rows.drop(columns="largest").reset_index(drop=True)


@dataclass(frozen=True)
class Branch:
    """All that is built on ``node``.

    ``rows`` has a row for each distinct descendant, nearest first and among
    those the one with most below it first:
    ``model_id``, ``relation`` to its parents, ``parents`` (their ids), ``level``
    (1 is built on the node itself), ``below`` (distinct descendants of its own),
    ``family`` (null unless it is a family's official model) and ``above`` (of
    the models one level up that it is built on, the first; the node on level 1).
    """

    node: str
    rows: pd.DataFrame

    @cached_property
    def tiles(self) -> pd.DataFrame:
        """The rows of level 1."""
        return self.rows[self.rows["level"] == 1]


def branch(
    lineage: Lineage,
    node: str,
    rules: FamilyRules,
    *,
    without_official: bool,
    links: pd.DataFrame | None = None,
) -> Branch:
    """The branch under ``node``.

    With ``without_official`` the models of all families' own accounts are not
    counted; what is built on them moves up to their place. ``links``, of which
    ``lineage`` was made, only make it faster where much is built on ``node``.
    Raises ``NothingToShow`` where ``node`` is not in the tree.
    """
    node = lineage.spelling(node)
    ids = np.array([node, *lineage.descendants(node)], dtype=np.object_)
    counts = lineage.descendant_counts()
    below = counts.to_numpy()[places(small(ids), small(counts.index))]
    families = [None, *map(rules.family_of, ids[1:])]
    hidden = np.array([without_official and name is not None for name in families])
    levels, above = _levels(_children(lineage, ids, below), hidden)
    shown = np.flatnonzero((levels > 0) & ~hidden)
    if hidden.any():
        names = set(ids[hidden])
        below[shown] = [_below(lineage, ids[at], int(below[at]), names) for at in shown]
    relation, parents = _declared(lineage, ids[shown], links)
    rows = pd.DataFrame(
        {
            "model_id": pd.Series(ids[shown], dtype="str"),
            "relation": pd.Series(relation, dtype="str"),
            "parents": pd.Series(parents, dtype="str"),
            "level": levels[shown],
            "below": below[shown],
            "family": pd.Series([families[at] for at in shown], dtype="str"),
            "above": pd.Series(ids[above[shown]], dtype="str"),
        }
    )
    rows = rows.sort_values(["level", "below", "model_id"], ascending=[True, False, True])
    return Branch(node, rows.reset_index(drop=True))


def _children(lineage: Lineage, ids: Ids, below: Numbers) -> tuple[Numbers, Numbers]:
    """Of ``ids``, with so many ``below`` each: where each one's children start, and they."""
    lengths = np.zeros(len(ids) + 1, dtype=np.int64)
    groups = []
    for at in np.flatnonzero(below):
        group = lineage.children(ids[at])
        lengths[at + 1] = len(group)
        groups.append(group)
    together = np.concatenate(groups) if groups else np.empty(0, dtype=np.object_)
    return np.cumsum(lengths), places(small(together), small(ids))


def _levels(children: tuple[Numbers, Numbers], hidden: Flags) -> tuple[Numbers, Numbers]:
    """The level of each model by its shortest way from the first, and whom it hangs from.

    A hidden model passes its children on to its own level, and to what it hangs from.
    """
    starts, targets = children
    levels, above = np.zeros(len(hidden), dtype=np.int64), np.zeros(len(hidden), dtype=np.int64)
    seen = np.zeros(len(hidden), dtype=np.bool_)
    seen[0] = True
    here, level = np.zeros(1, dtype=np.int64), 1
    while len(here):
        found, waiting = [], here
        while len(waiting):
            numbers = starts[waiting + 1] - starts[waiting]
            parents = np.repeat(waiting, numbers)
            first = np.repeat(starts[waiting] - np.cumsum(numbers) + numbers, numbers)
            reached = targets[first + np.arange(len(first))]
            new = ~seen[reached]
            reached, at = np.unique(reached[new], return_index=True)
            parents = parents[new][at]
            seen[reached], levels[reached] = True, level
            above[reached] = np.where(hidden[parents], above[parents], parents)
            waiting = reached[hidden[reached]]
            found.append(reached[~hidden[reached]])
        here, level = np.concatenate(found), level + 1
    return levels, above


def _declared(lineage: Lineage, ids: Ids, links: pd.DataFrame | None) -> tuple[Ids, Ids]:
    """The relation and the parents, with commas between, of each of ``ids``."""
    if links is not None and len(ids) >= _FEW:
        found = declared(lineage, links, ids)
        return found.relation, found.joined()
    relation, parents = np.empty(len(ids), np.object_), np.empty(len(ids), np.object_)
    relation[:] = [lineage.relation(model) for model in ids]
    parents[:] = [", ".join(lineage.parents(model)) for model in ids]
    return relation, parents


def hanging(rows: pd.DataFrame, values: pd.Series | None = None) -> pd.Series:
    """The sum over each model of ``Branch.rows`` and all that hangs from it by ``above``.

    Each model counts in one place only, so that the parts add up to the whole.
    ``values`` (by model_id) is what is added up, what is missing as nothing;
    without, models are counted. Float64, same index as ``rows``.
    """
    own: npt.NDArray[Any] = np.ones(len(rows))
    if values is not None:
        own = rows["model_id"].map(values).astype("Float64").fillna(0).to_numpy(dtype=np.float64)
    place = places(small(rows["above"]), small(rows["model_id"]))
    levels = rows["level"].to_numpy()
    # Rows come by level: the deepest hand on what they have first.
    ends = np.flatnonzero(np.diff(levels, append=levels[-1:] + 1)) + 1
    starts = [0, *ends[:-1].tolist()]
    for start, end in zip(reversed(starts), reversed(ends.tolist()), strict=True):
        if start:
            np.add.at(own, place[start:end], own[start:end])
    return pd.Series(own, index=rows.index)


def number_sizes(tiles: pd.DataFrame) -> pd.Series:
    """How many models each of ``Branch.tiles`` stands for: itself, and those built on it."""
    return tiles["below"] + 1


@dataclass(frozen=True)
class Downloads:
    """30-day downloads of the models of a branch, all read on one day by one source.

    ``sizes`` sums each of ``Branch.tiles`` with all that is built on it (Int64,
    null where nothing of it was read); ``by_model`` has each model that was read.
    """

    sizes: pd.Series
    by_model: pd.Series
    day: pd.Timestamp
    source: str


def download_sizes(lineage: Lineage, readings: pd.DataFrame, tiles: pd.DataFrame) -> Downloads:
    """The downloads behind ``Branch.tiles``.

    They are of the one day on which most of these models were read, so that no
    two days are mixed. Raises ``NothingToShow`` where none was ever read.
    """
    under = {tile: {tile, *lineage.descendants(tile)} for tile in tiles["model_id"]}
    known = readings[readings["downloads_30d"].notna()]
    known = known[known["model_id"].isin(set().union(*under.values()))]
    if known.empty:
        message = "No downloads are known of any model that is built on this one."
        raise NothingToShow(message)
    days = known["read_at"].dt.tz_localize(None).dt.normalize()
    often = known.groupby([days, "source"])["model_id"].nunique()
    day, source = max(often[often == often.max()].index)  # the newest of equals
    read = known[(days == day) & (known["source"] == source)].sort_values("read_at")
    by_model = read.drop_duplicates("model_id", keep="last").set_index("model_id")["downloads_30d"]
    counts = by_model.to_dict()
    sums = [
        sum(counts[model] for model in models & counts.keys()) if models & counts.keys() else None
        for models in under.values()
    ]
    return Downloads(
        pd.Series(sums, index=tiles.index, dtype="Int64"),
        by_model,
        pd.Timestamp(day),
        str(source),
    )


def _below(lineage: Lineage, model: str, count: int, hidden: set[str]) -> int:
    if not hidden or not count:
        return count
    return count - len(hidden.intersection(lineage.descendants(model)))

"""What is built on a model: the rows behind a family tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.errors import NothingToShow
from core.measure.branches import below_without, levels
from core.measure.licences import kinds

if TYPE_CHECKING:
    from core.measure.forest import Forest, Official
    from core.measure.graph import Numbers


def roots(forest: Forest, official: Official) -> pd.DataFrame:
    """Official models without parents that have descendants, largest first.

    Columns ``family``, ``root`` and ``below`` (number of distinct descendants).
    Families come in the order of their largest root. Raises ``NothingToShow``
    where there is none.
    """
    models = official.models
    below = forest.kin.counts[models].astype(np.int64)
    # A model whose parents were all cut off has a list of none.
    top = np.flatnonzero((below > 0) & (forest.kin.parents.first_of(models) < 0))
    if not len(top):
        message = "The store knows of no model that is built on a family's own."
        raise NothingToShow(message)
    rows = pd.DataFrame(
        {
            "family": pd.Series([official.families[at] for at in top.tolist()], dtype="str"),
            "root": pd.Series(forest.names(models[top]), dtype="str"),
            "below": below[top],
        }
    )
    largest = rows.groupby("family")["below"].transform("max")
    rows = rows.assign(largest=largest).sort_values(
        ["largest", "family", "below", "root"], ascending=[False, True, False, True]
    )
    return rows.drop(columns="largest").reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class Branch:
    """All that is built on ``node``, a row for each distinct descendant.

    Nearest first, among those the one with most below it first, then in
    alphabetical order. Arrays (int32), one value a row: ``models`` are the
    models' numbers, ``level`` is 1 for what is built on the node itself,
    ``below`` counts distinct descendants, ``above`` is the row of the first
    model one level up that it is built on, -1 for the node.
    """

    forest: Forest
    official: Official
    node: str
    models: Numbers
    level: Numbers
    below: Numbers
    above: Numbers

    def __len__(self) -> int:
        return len(self.models)

    @property
    def direct(self) -> int:
        """How many rows are of level 1."""
        return int(self.level.searchsorted(1, side="right"))

    @cached_property
    def relations(self) -> pd.Series:
        """How many rows have each relation, the most frequent first."""
        numbers, names = self.forest.relations(self.models)
        counts = np.bincount(numbers, minlength=len(names))
        found = pd.Series(counts, index=pd.Index(list(names), dtype="str"), dtype="int64")
        return found[found > 0].sort_values(ascending=False, kind="stable")

    def rows(self, start: int = 0, end: int | None = None) -> pd.DataFrame:
        """The rows from ``start`` to before ``end``, or all, as text.

        Columns ``model_id``, ``relation`` to its parents, ``level``, ``below``,
        ``parents`` (their ids) and ``family`` (null unless it is a family's
        official model).
        """
        models = self.models[start:end]
        numbers, names = self.forest.relations(models)
        return pd.DataFrame(
            {
                "model_id": pd.Series(self.forest.texts(models), dtype="str"),
                "relation": pd.Series(np.array(names, dtype=np.object_)[numbers], dtype="str"),
                "level": self.level[start:end],
                "below": self.below[start:end],
                "parents": pd.Series(_parents(self.forest, models), dtype="str"),
                "family": pd.Series(self.official.family(models), dtype="str"),
            }
        )

    def shown(self, rows: pd.Index) -> pd.DataFrame:
        """What a drawing says of some rows: model_id, relation, below, level, above, licence.

        ``licence`` is one of the kinds of ``measure.licences``, null where it is
        not known. The index is ``rows``.
        """
        at = rows.to_numpy(dtype=np.int64)
        models = self.models[at]
        numbers, names = self.forest.relations(models)
        frame = {
            "model_id": pd.Series(self.forest.names(models), index=rows, dtype="str"),
            "relation": pd.Series(
                np.array(names, dtype=np.object_)[numbers], index=rows, dtype="str"
            ),
            "below": pd.Series(self.below[at], index=rows),
            "level": pd.Series(self.level[at], index=rows),
            "above": pd.Series(self.above[at], index=rows),
            "licence": pd.Series(kinds(self.forest, models).astype("str"), dtype="str").set_axis(
                rows
            ),
        }
        return pd.DataFrame(frame, index=rows)


def branch(forest: Forest, node: str, official: Official, *, without_official: bool) -> Branch:
    """The branch under ``node``.

    With ``without_official`` the models of all families' own accounts are not
    counted; what is built on them moves up to their place. Raises
    ``NothingToShow`` where ``node`` is not in the tree.
    """
    known, kin = forest.lineage.known, forest.kin
    number = known.number(node)
    models = np.append(number, kin.below(number)).astype(np.int32)
    below = kin.counts[models].astype(np.int32)
    hidden = np.zeros(len(models), dtype=np.bool_)
    if without_official:
        hidden[1:] = official.among(models[1:]) >= 0
    level, above = levels(kin, models, below, hidden)
    if hidden.any():
        below = below_without(kin, models, below, hidden)
    shown = np.flatnonzero((level > 0) & ~hidden)
    order = shown[np.lexsort((models[shown], -below[shown], level[shown]))]
    row = np.full(len(models), -1, dtype=np.int32)
    row[order] = np.arange(len(order), dtype=np.int32)
    return Branch(
        forest,
        official,
        forest.lineage.spelling(node),
        models[order],
        level[order],
        below[order],
        row[above[order]],
    )


def _parents(forest: Forest, models: Numbers) -> npt.NDArray[np.object_]:
    """The ids of each one's parents, with commas between."""
    child, parent = forest.kin.parents.of_all(models)
    order = np.lexsort((parent, child))
    child, names = child[order], forest.names(parent[order])
    texts = np.full(len(models), "", dtype=np.object_)
    first = np.flatnonzero(np.diff(child, prepend=-1))
    texts[child[first]] = names[first]
    ends = np.append(first[1:], len(child))
    for start, end in zip(first[ends - first > 1], ends[ends - first > 1], strict=True):
        texts[child[start]] = ", ".join(names[start:end])
    return texts


def number_sizes(branch: Branch) -> pd.Series:
    """How many models each row of level 1 stands for: itself, and those built on it."""
    return pd.Series(branch.below[: branch.direct] + 1)


@dataclass(frozen=True, eq=False)
class Downloads:
    """30-day downloads of the models of a branch, all read on one day by one source.

    ``sizes`` sums each row of level 1 with all that is built on it (Int64, null
    where nothing of it was read); ``own`` has each row's (Int64, null
    where it was not read).
    """

    sizes: pd.Series
    own: pd.Series
    day: pd.Timestamp
    source: str

    @cached_property
    def known(self) -> int:
        """How many models were read."""
        return int(self.own.notna().sum())


def download_sizes(branch: Branch) -> Downloads:
    """The downloads behind a branch.

    They are of the one day on which most of these models were read, so that no
    two days are mixed. Raises ``NothingToShow`` where none was ever read.
    """
    forest = branch.forest
    occasions = forest.occasions
    which = occasions.best(forest.lineage.known.number(branch.node))
    if which is not None:
        values = occasions.downloads[which, branch.models]
    if which is None or not (values >= 0).any():
        message = "No downloads are known of any model that is built on this one."
        raise NothingToShow(message)
    direct = branch.models[: branch.direct]
    first = values[: branch.direct]
    sums = occasions.totals[which, direct] + np.maximum(first, 0)
    nothing = (occasions.reads[which, direct] == 0) & (first < 0)
    return Downloads(
        pd.Series(pd.arrays.IntegerArray(sums, nothing)),
        pd.Series(pd.arrays.IntegerArray(values, values < 0)),
        pd.Timestamp(occasions.days[which], unit="D"),
        occasions.sources[which],
    )


def hanging(branch: Branch, downloads: Downloads | None = None) -> pd.Series:
    """The sum over each row of a branch and all that hangs from it by ``above`` (float64).

    Each model counts in one place only, so that the parts add up to the whole.
    ``downloads`` are what is added up, what is missing as nothing; without
    them, models are counted.
    """
    own: npt.NDArray[np.float64] = np.ones(len(branch))
    if downloads is not None:
        own = downloads.own.fillna(0).to_numpy(dtype=np.float64)
    # Rows come by level: the deepest hand on what they have first.
    ends = np.flatnonzero(np.diff(branch.level, append=branch.level[-1:] + 1)) + 1
    starts = [0, *ends[:-1].tolist()]
    for start, end in zip(reversed(starts), reversed(ends.tolist()), strict=True):
        if start:
            np.add.at(own, branch.above[start:end], own[start:end])
    return pd.Series(own)


def largest_under(forest: Forest, root: str, most: int) -> list[str]:
    """``root`` and those of its descendants with most below them, at most ``most``, by name."""
    number = forest.lineage.known.number(root)
    under = forest.kin.below(number)
    if len(under) >= most:
        order = np.argsort(-forest.kin.counts[under].astype(np.int64), kind="stable")
        under = under[np.sort(order[: most - 1])]
    models = np.sort(np.append(under, number))
    return [str(name) for name in forest.names(models)]


def is_under(forest: Forest, root: str, model: str) -> bool:
    """Whether ``model`` is built on ``root``, directly or over several steps."""
    known, kin = forest.lineage.known, forest.kin
    top, here = known.number(root), [known.number(model)]
    seen = set(here)
    while here:
        above = {parent for each in here for parent in kin.parents_of(each).tolist()}
        if top in above:
            return True
        here = [parent for parent in above if parent not in seen]
        seen.update(here)
    return False

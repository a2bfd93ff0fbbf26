"""What is built on a model: the rows behind a family tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.errors import NothingToShow
from core.measure.branches import below_without, in_order, levels, named_parents
from core.measure.largest import largest
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


def by_family(roots: pd.DataFrame) -> dict[str, list[str]]:
    """The roots of each family, in the order of ``roots``."""
    found: dict[str, list[str]] = {}
    for family, root in zip(roots["family"].tolist(), roots["root"].tolist(), strict=True):
        found.setdefault(family, []).append(root)
    return found


@dataclass(frozen=True, eq=False)
class Branch:
    """All that is built on ``node``, a row for each distinct descendant.

    Nearest first, among those the one with most below it first, then in
    alphabetical order. Arrays (int32), one value a row: ``models`` are the
    models' numbers, ``below`` counts distinct descendants, ``above`` is the row
    of the first model one level up that it is built on, -1 for the node.
    ``ends`` has for each level the row before which it ends.
    """

    forest: Forest
    official: Official
    node: str
    models: Numbers
    below: Numbers
    above: Numbers
    ends: Numbers

    def __len__(self) -> int:
        return len(self.models)

    @property
    def direct(self) -> int:
        """How many rows are of level 1."""
        return int(self.ends[0]) if len(self.ends) else 0

    @property
    def level(self) -> Numbers:
        """The level of each row (int32): 1 for what is built on the node itself."""
        return self.level_of(np.arange(len(self)))

    def level_of(self, rows: Numbers) -> Numbers:
        """The level of each of ``rows`` (int32)."""
        return (self.ends.searchsorted(rows, side="right") + 1).astype(np.int32)

    @cached_property
    def relations(self) -> dict[str, int]:
        """How many rows have each relation, the most frequent first."""
        numbers, names = self.forest.relations(self.models)
        counts = np.bincount(numbers, minlength=len(names))
        most = np.argsort(-counts, kind="stable")
        return {names[at]: int(counts[at]) for at in most.tolist() if counts[at]}

    def rows(self, start: int = 0, end: int | None = None) -> pd.DataFrame:
        """The rows from ``start`` to before ``end``, or all, as text.

        Columns ``model_id``, ``relation`` to its parents, ``level``, ``below``,
        ``parents`` (their ids) and ``family`` (null unless it is a family's
        official model).
        """
        models = self.models[start:end]
        level = self.level_of(np.arange(len(self))[start:end])
        numbers, names = self.forest.relations(models)
        return pd.DataFrame(
            {
                "model_id": pd.Series(self.forest.texts(models), dtype="str"),
                "relation": pd.Series(np.array(names, dtype=np.object_)[numbers], dtype="str"),
                "level": level,
                "below": self.below[start:end],
                "parents": pd.Series(named_parents(self.forest, models), dtype="str"),
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
            "model_id": pd.array(self.forest.names(models), dtype="str"),
            "relation": pd.array(np.array(names, dtype=np.object_)[numbers], dtype="str"),
            "below": self.below[at],
            "level": self.level_of(at),
            "above": self.above[at],
            "licence": kinds(self.forest, models).array,
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
        hidden[1 + official.within(models[1:])] = True
    level, above = levels(kin, models, below, hidden)
    if without_official and hidden.any():
        below = below_without(kin, models, below, hidden)
    shown = np.flatnonzero((level > 0) & ~hidden)
    order = shown[in_order(models[shown], level[shown], below[shown])]
    row = np.full(len(models), -1, dtype=np.int32)
    row[order] = np.arange(len(order), dtype=np.int32)
    return Branch(
        forest,
        official,
        forest.lineage.spelling(node),
        models[order],
        below[order],
        row[above[order]],
        np.cumsum(np.bincount(level[shown]))[1:],
    )


def number_sizes(branch: Branch) -> pd.Series:
    """How many models each row of level 1 stands for: itself, and those built on it."""
    return pd.Series(branch.below[: branch.direct] + 1)


@dataclass(frozen=True, eq=False)
class Downloads:
    """30-day downloads of the models of a branch, all read on one day by one source.

    ``which`` is that occasion. What is said of every model is looked up anew
    each time, so that it takes no memory meanwhile.
    """

    branch: Branch
    which: int

    @property
    def day(self) -> pd.Timestamp:
        """The day on which they were read."""
        return pd.Timestamp(self.branch.forest.occasions.days[self.which], unit="D")

    @property
    def source(self) -> str:
        """Who counted them."""
        return self.branch.forest.occasions.sources[self.which]

    @property
    def counts(self) -> Numbers:
        """Each row's downloads (int64), -1 where it was not read."""
        read: Numbers = self.branch.forest.occasions.downloads[self.which, self.branch.models]
        return read

    @property
    def own(self) -> pd.Series:
        """Each row's downloads (Int64), null where it was not read."""
        return whole(self.counts)

    @property
    def sizes(self) -> pd.Series:
        """The sum over each row of level 1 and all that is built on it (Int64).

        Null where nothing of it was read.
        """
        occasions, direct = self.branch.forest.occasions, self.branch.models[: self.branch.direct]
        own = occasions.downloads[self.which, direct]
        sums = occasions.totals[self.which, direct] + np.maximum(own, 0)
        nothing = (occasions.reads[self.which, direct] == 0) & (own < 0)
        return pd.Series(pd.arrays.IntegerArray(sums, nothing))

    @cached_property
    def known(self) -> int:
        """How many models were read."""
        return int(np.count_nonzero(self.counts >= 0))


def whole(values: Numbers) -> pd.Series:
    """``values`` (int64) as Int64, null where they are negative."""
    return pd.Series(pd.arrays.IntegerArray(values, values < 0))


def download_sizes(branch: Branch) -> Downloads:
    """The downloads behind a branch.

    They are of the one day on which most of these models were read, so that no
    two days are mixed. Raises ``NothingToShow`` where none was ever read.
    """
    which = branch.forest.occasions.best(branch.forest.lineage.known.number(branch.node))
    found = None if which is None else Downloads(branch, which)
    if found is None or not found.known:
        message = "No downloads are known of any model that is built on this one."
        raise NothingToShow(message)
    return found


def hanging(branch: Branch, downloads: Downloads | None = None) -> pd.Series:
    """The sum over each row of a branch and all that hangs from it by ``above`` (float64).

    Each model counts in one place only, so that the parts add up to the whole.
    ``downloads`` are what is added up, what is missing as nothing; without
    them, models are counted.
    """
    own: npt.NDArray[np.float64] = np.ones(len(branch))
    if downloads is not None:
        own = np.maximum(downloads.counts, 0).astype(np.float64)
    # Rows come by level: the deepest hand on what they have first.
    ends = [0, *branch.ends.tolist()]
    for before, start, end in list(zip(ends, ends[1:], ends[2:], strict=False))[::-1]:
        above = branch.above[start:end] - before
        own[before:start] += np.bincount(above, own[start:end], minlength=start - before)
    return pd.Series(own)


def largest_under(forest: Forest, root: str, most: int) -> list[str]:
    """``root`` and those of its descendants with most below them, at most ``most``, by name."""
    number = forest.lineage.known.number(root)
    under = forest.kin.below(number)
    if len(under) >= most:
        under = under[largest(forest.kin.counts[under], most - 1)]
    models = np.sort(np.append(under, number))
    names: list[str] = forest.names(models).tolist()
    return names


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

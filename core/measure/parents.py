"""The parents of every model, most of which have one or none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from core.measure.graph import Neighbours, changes, stretches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.measure.graph import Link, Numbers

NONE: Final = -1


@dataclass(frozen=True)
class Parents:
    """The distinct parents of models 0 … count - 1.

    ``sole[i]`` is the only parent of model ``i``; -1 where it has none; and
    -2 - k where it is the model ``several[k]``, whose parents are
    ``targets[starts[k]:starts[k + 1]]``, ascending. Cutting may have left one
    of ``several`` with one parent, or none.

    ``relations[i]`` numbers the relation of model ``i``, -1 where it has no
    parent; ``target_relations`` those of ``targets``.
    """

    sole: Numbers
    several: Numbers
    starts: Numbers
    targets: Numbers
    relations: Numbers
    target_relations: Numbers

    def __len__(self) -> int:
        return len(self.sole)

    @cached_property
    def lengths(self) -> Numbers:
        """How many parents each of ``several`` has."""
        return np.diff(self.starts)

    def of(self, model: int) -> Numbers:
        """The parents of one model, ascending."""
        parent = int(self.sole[model])
        if parent >= NONE:
            return self.sole[model : model + 1] if parent >= 0 else self.sole[:0]
        return self.targets[self.starts[-2 - parent] : self.starts[-1 - parent]]

    def first_of(self, models: Numbers) -> Numbers:
        """The first parent of each of ``models``, -1 where it has none."""
        first = self.sole[models]
        many = np.flatnonzero(first < NONE)
        which = -2 - first[many]
        some = self.lengths[which] > 0
        first[many] = NONE
        first[many[some]] = self.targets[self.starts[which[some]]]
        return first

    def relation_of(self, child: int, parent: int) -> int:
        """The number of a link's relation; -1 where there is no such link."""
        if child >= len(self):
            return NONE
        known = int(self.sole[child])
        if known >= NONE:
            return int(self.relations[child]) if known == parent else NONE
        begin, end = self.starts[-2 - known], self.starts[-1 - known]
        found = self.target_relations[begin:end][self.targets[begin:end] == parent]
        return int(found[0]) if len(found) else NONE

    def of_all(self, models: Numbers) -> tuple[Numbers, Numbers]:
        """The links up from ``models``: places in ``models`` and parents."""
        parents = self.sole[models]
        one, many = np.flatnonzero(parents >= 0), np.flatnonzero(parents < NONE)
        which = -2 - parents[many]
        lengths = self.lengths[which]
        return (
            np.concatenate([one, np.repeat(many, lengths)]),
            np.concatenate([parents[one], self.targets[stretches(self.starts[which], lengths)]]),
        )

    @property
    def roots(self) -> Numbers:
        """The models without parents, ascending."""
        rootless = self.sole == NONE
        rootless[self.several[self.lengths == 0]] = True
        return np.flatnonzero(rootless)

    @property
    def number_of_links(self) -> int:
        """How many links there are."""
        return int(np.count_nonzero(self.sole >= 0)) + len(self.targets)

    def links(self) -> tuple[Numbers, Numbers]:
        """Child and parent of every link."""
        one = np.flatnonzero(self.sole >= 0)
        return (
            np.concatenate([one, np.repeat(self.several, self.lengths)]),
            np.concatenate([self.sole[one], self.targets]),
        )

    def children(self) -> Neighbours:
        """The children of every model, ascending."""
        child, parent = self.links()
        # Sorting the links as single numbers is several times as fast as an argsort.
        links = (parent.astype(np.int64) << 32) | child
        links.sort()
        starts = np.zeros(len(self) + 1, dtype=np.int32)
        np.cumsum(np.bincount(parent, minlength=len(self)), out=starts[1:])
        return Neighbours(starts, (links & 0xFFFFFFFF).astype(np.int32))

    def without(self, links: Iterable[Link]) -> Parents:
        """The parents when ``links`` (child, parent) are cut."""
        sole, relations = self.sole.copy(), self.relations.copy()
        gone = np.zeros(len(self.targets), dtype=np.bool_)
        touched = []
        for child, parent in links:
            if sole[child] >= 0:
                sole[child] = relations[child] = NONE
            else:
                k = -2 - int(sole[child])
                begin, end = self.starts[k], self.starts[k + 1]
                gone[begin:end] |= self.targets[begin:end] == parent
                touched.append(k)
        starts = np.concatenate([[0], np.cumsum(~gone)])[self.starts]
        kept = replace(
            self,
            sole=sole,
            relations=relations,
            starts=starts,
            targets=self.targets[~gone],
            target_relations=self.target_relations[~gone],
        )
        for k in touched:
            left = kept.target_relations[starts[k] : starts[k + 1]]
            relations[self.several[k]] = left.min() if len(left) else NONE
        return kept


@dataclass(frozen=True)
class Cleaned:
    """Distinct links without self-links, and how many rows were dropped for either."""

    parents: Parents
    self_links: int
    duplicates: int


def cleaned(
    count: int, child: Numbers, parent: Numbers, relation: Numbers | None = None
) -> Cleaned:
    """The links among ``count`` models, given in any order, doubled ones as one.

    ``relation`` numbers the relation of each link; of several for one model
    the smallest counts. Without it all are 0.
    """
    linked = child != parent
    self_links = len(child) - int(np.count_nonzero(linked))
    child, parent = child[linked].astype(np.int32), parent[linked].astype(np.int32)
    # Only rows of models that come up again can be doubled, or have several parents.
    last = np.empty(count, dtype=np.int32)
    rows = np.arange(len(child), dtype=np.int32)
    last[child] = rows
    again = np.zeros(count, dtype=np.bool_)
    again[child[last[child] != rows]] = True
    often = again[child]
    once = ~often
    sole = np.full(count, NONE, dtype=np.int32)
    sole[child[once]] = parent[once]
    relations = np.full(count, NONE, dtype=np.int16)
    if relation is None:
        relations[child] = 0
        links = (child[often].astype(np.int64) << 32) | parent[often]
        links.sort()
        found = np.zeros(len(links), dtype=np.int16)
    else:
        relation = relation[linked].astype(np.int16)
        relations[child[once]] = relation[once]
        order = np.lexsort((relation[often], parent[often], child[often]))
        links = ((child[often].astype(np.int64) << 32) | parent[often])[order]
        found = relation[often][order]
    new = changes(links)
    duplicates = len(links) - int(np.count_nonzero(new))
    child, parent = links[new] >> 32, (links[new] & 0xFFFFFFFF).astype(np.int32)
    found = found[new]
    first = np.flatnonzero(changes(child))
    lengths = np.diff(np.append(first, len(child)))
    if len(first):
        relations[child[first]] = np.minimum.reduceat(found, first)
    only = lengths == 1
    sole[child[first[only]]] = parent[first[only]]
    several, lengths = child[first[~only]].astype(np.int32), lengths[~only]
    sole[several] = -2 - np.arange(len(several), dtype=np.int32)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    inside = stretches(first[~only], lengths)
    parents = Parents(sole, several, starts, parent[inside], relations, found[inside])
    return Cleaned(parents, self_links, duplicates)

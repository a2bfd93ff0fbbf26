"""The order from the leaves up, in which models are summed, and the cycles in its way.

A model stands in the block of its only parent; one with none or several opens
a block of its own. Within a block sums need no care: no model is reached
twice. What is reached twice are whole blocks: see ``core.measure.blocks``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from core.measure.graph import changes, links_to_cut
from core.measure.parents import NONE

if TYPE_CHECKING:
    from core.measure.graph import Flags, Link, Numbers
    from core.measure.parents import Parents

_NARROW: Final = 8
"""Fewer models than this are taken one by one: a long chain has one a round."""

_ONE: Final = np.int32(1)
"""Of another type than the array, NumPy would take a way that is 30 times as slow."""


class Step(NamedTuple):
    """Models, and of each the only parent or the first of several.

    The first ``own`` of them have one parent only. Where ``serial`` is set,
    one model is to be taken after the other: a parent may be a later model of
    the same step; and any of them may have several parents.
    """

    models: Numbers
    parents: Numbers
    own: int
    serial: bool


@dataclass(frozen=True)
class Ascent:
    """An order of the models in which each comes after all its children.

    ``above`` are the models above one with several parents, in order, and
    ``rounds`` ascends along them: models of one round are not above each other.
    ``parents`` are those left when the links ``cut`` are gone.
    """

    parents: Parents
    steps: list[Step]
    above: Numbers
    rounds: Numbers
    cut: list[Link]

    def block_sums(self, values: Numbers) -> Numbers:
        """Sum of ``values`` over each model and those below it in its block."""
        sums = values.copy()
        for models, parents, own, serial in self.steps:
            if serial:
                alone = (self.parents.sole[models] >= 0).tolist()
                pairs = zip(models.tolist(), parents.tolist(), alone, strict=True)
                for model, parent, only in pairs:
                    if only:
                        sums[parent] += sums[model]
            else:
                np.add.at(sums, parents[:own], sums[models[:own]])
        return sums

    def tree_sizes(self) -> Numbers:
        """Number of models in each model's part of the tree of first parents, it included."""
        sizes = np.ones(len(self.parents), dtype=np.int64)
        for models, parents, _, serial in self.steps:
            if serial:
                for model, parent in zip(models.tolist(), parents.tolist(), strict=True):
                    sizes[parent] += sizes[model]
            else:
                np.add.at(sizes, parents, sizes[models])
        return sizes


def ascent(parents: Parents) -> Ascent:
    """The order for ``parents``; of each cycle the links are cut that have to be.

    The rule is that of ``links_to_cut``.
    """
    climb = _Climb(parents)
    cut: list[Link] = []
    ready = np.flatnonzero((climb.awaited == 0) & (parents.sole != NONE))
    while True:
        climb.all_from(ready)
        waiting = np.flatnonzero(climb.awaited > 0)
        if not len(waiting):
            return Ascent(
                climb.parents,
                climb.steps,
                np.concatenate([np.zeros(0, dtype=np.int64), *climb.above]),
                np.repeat(climb.rounds, [len(models) for models in climb.above]),
                sorted(cut),
            )
        found = _links_on_cycles(climb.parents, waiting)
        cut += found
        climb.parents = climb.parents.without(found)
        ready = climb.freed(np.array([parent for _, parent in found]))


class _Climb:
    """What is known on the way up."""

    def __init__(self, parents: Parents) -> None:
        self.parents = parents
        self.awaited: Numbers = np.zeros(len(parents), dtype=np.int32)
        np.add.at(self.awaited, parents.sole[parents.sole >= 0], _ONE)
        np.add.at(self.awaited, parents.targets, _ONE)
        # Models above one with several parents.
        self.hot: Flags = np.zeros(len(parents), dtype=np.bool_)
        self.steps: list[Step] = []
        self.above: list[Numbers] = []
        self.rounds: list[int] = []

    def all_from(self, ready: Numbers) -> None:
        """Take ``ready`` into the order, and all that is ready then."""
        number = 0 if not self.rounds else self.rounds[-1] + 1
        while len(ready):
            if len(ready) < _NARROW:
                number, ready = self._one_by_one(ready.tolist(), number)
                continue
            self._note(ready[self.hot[ready]], number)
            number += 1
            ready = self._round(ready)

    def freed(self, parents: Numbers) -> Numbers:
        """Those of ``parents`` that are ready now that a child of each is taken."""
        np.subtract.at(self.awaited, parents, _ONE)
        ready = parents[self.awaited[parents] == 0]
        ready.sort()
        distinct: Numbers = ready[changes(ready)]
        return distinct

    def _note(self, models: Numbers, number: int) -> None:
        if len(models):
            self.above.append(models)
            self.rounds.append(number)

    def _round(self, ready: Numbers) -> Numbers:
        """Take ``ready``, none of which is above another; return those that are ready then."""
        up = self.parents.sole[ready]
        only = up >= 0
        if only.all():
            self.steps.append(Step(ready.astype(np.int32), up, len(up), serial=False))
            self.hot[up[self.hot[ready]]] = True
            return self.freed(up)
        models, up, mixed = ready[only], up[only], ready[up < NONE]
        _, shared = self.parents.of_all(mixed)
        first = self.parents.first_of(mixed)
        self.steps.append(
            Step(
                np.concatenate([models, mixed[first >= 0]]).astype(np.int32),
                np.concatenate([up, first[first >= 0]]),
                len(up),
                serial=False,
            )
        )
        self.hot[up[self.hot[models]]] = True
        self.hot[shared] = True
        return self.freed(np.concatenate([up, shared]))

    def _one_by_one(self, ready: list[int], number: int) -> tuple[int, Numbers]:
        """Take models while few are ready; return the next round's number, and who is ready."""
        sole, awaited, hot = self.parents.sole, self.awaited, self.hot
        taken: list[int] = []
        warm: list[int] = []
        above: list[int] = []
        while ready and len(ready) < 2 * _NARROW:
            model = ready.pop()
            if hot[model]:
                warm.append(model)
            uppers = self.parents.of(model).tolist()
            if not uppers:
                continue
            taken.append(model)
            above.append(uppers[0])
            if hot[model] or sole[model] < NONE:
                hot[uppers] = True
            for upper in uppers:
                awaited[upper] -= 1
                if not awaited[upper]:
                    ready.append(upper)
        if taken:
            models, parents = np.array([taken, above], dtype=np.int32)
            self.steps.append(Step(models, parents, 0, serial=True))
        for model in warm:
            self._note(np.array([model]), number)
            number += 1
        return number, np.array(sorted(ready), dtype=np.int64)


def _links_on_cycles(parents: Parents, waiting: Numbers) -> list[Link]:
    """The links to cut among the models that are on or above a cycle."""
    places, up = parents.of_all(waiting)
    return links_to_cut(sorted(zip(waiting[places].tolist(), up.tolist(), strict=True)))

"""All that is below a model, found without looking at each link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.measure.graph import changes, stretches

if TYPE_CHECKING:
    from core.measure.ascent import Ascent
    from core.measure.graph import Flags, Neighbours, Numbers

_FEW: Final = 64
"""Fewer than a 64th of all models are sorted; more are marked and read off in order."""


@dataclass(frozen=True)
class Descent:
    """All models in one row, in which those below a model mostly follow it.

    In the tree of first parents, model ``i`` stands at ``place[i]``, and those
    below it on the next ``sizes[i] - 1`` places; ``row`` has the model of every
    place. Further parents hang the stretches of models on other places too:
    that of the model at place ``hung[j]`` on place ``at[j]``, ascending. So the
    descendants of a model are the stretch behind it, the stretches that hang
    on it, those that hang on these, and so on. Of two stretches one contains
    the other, or they have nothing in common.
    """

    place: Numbers
    sizes: Numbers
    row: Numbers
    at: Numbers
    hung: Numbers

    @classmethod
    def of(cls, ascent: Ascent, children: Neighbours) -> Descent:
        """The row for the models of ``ascent``."""
        parents = ascent.parents
        count = len(parents)
        every = np.arange(count, dtype=np.int32)
        sizes, first = ascent.tree_sizes(), parents.first_of(every)
        # Where a model stands behind its first parent: after the stretches of
        # the children before it that have the same.
        sources, targets = np.repeat(every, children.numbers), children.targets
        room = np.where(first[targets] == sources, sizes[targets], 0)
        before = np.cumsum(room) - room
        begins = np.append(before, room.sum())[children.starts[:-1]]
        offset = np.zeros(count, dtype=np.int64)
        own = room > 0
        offset[targets[own]] = (before - begins[sources] + 1)[own]
        place = np.zeros(count, dtype=np.int64)
        roots = np.flatnonzero(first < 0)
        place[roots] = np.cumsum(sizes[roots]) - sizes[roots]
        for models, above, _, serial in reversed(ascent.steps):
            if serial:
                pairs = zip(models.tolist()[::-1], above.tolist()[::-1], strict=True)
                for model, parent in pairs:
                    place[model] = place[parent] + offset[model]
            else:
                place[models] = place[above] + offset[models]
        row = np.empty(count, dtype=np.int32)
        row[place] = every
        further = np.ones(len(parents.targets), dtype=np.bool_)
        further[parents.starts[:-1][parents.lengths > 0]] = False
        at = place[parents.targets[further]]
        order = np.argsort(at, kind="stable")
        hung = place[np.repeat(parents.several, parents.lengths)[further]]
        arrays = (place, sizes, row, at[order], hung[order])
        return cls(*(array.astype(np.int32, copy=False) for array in arrays))

    def below(self, model: int) -> Numbers:
        """The distinct descendants of ``model``, ascending, itself excluded."""
        start = self.place[model : model + 1]
        starts, ends = start, start + self.sizes[model]
        own = slice(int(start[0]) + 1, int(ends[0]))
        if not self._anything_hangs(int(start[0]), own.stop):
            return distinct(self.row[own], len(self.row))
        if (own.stop - own.start) * _FEW >= len(self.row):
            return self._marked(own)
        new_starts, new_ends = starts, ends
        while len(new_starts):
            first, last = self.at.searchsorted(new_starts), self.at.searchsorted(new_ends)
            hung = self.hung[stretches(first, last - first)]
            # Most hang within a stretch that is known already.
            known = ends[starts.searchsorted(hung, side="right") - 1] > hung
            known &= hung >= starts[0]
            hung = distinct(hung[~known], len(self.row)).astype(np.int32)
            new_starts, new_ends = _outermost(hung, hung + self.sizes[self.row[hung]])
            at = starts.searchsorted(new_starts)
            starts, ends = _outermost(
                np.insert(starts, at, new_starts), np.insert(ends, at, new_ends)
            )
        starts = starts + (starts == start[0])  # all but the model itself
        return distinct(self.row[stretches(starts, ends - starts)], len(self.row))

    def _marked(self, own: slice) -> Numbers:
        """What is below the model just before the stretch ``own``, every one marked in turn.

        With a large stretch that is quicker than keeping account of stretches.
        """
        marks = np.zeros(len(self.row), dtype=np.bool_)
        marks[self.row[own]] = True
        starts = np.array([own.start - 1], dtype=self.at.dtype)
        ends = np.array([own.stop], dtype=self.at.dtype)
        while len(starts):
            first, last = self.at.searchsorted(starts), self.at.searchsorted(ends)
            hung = self.hung[stretches(first, last - first)]
            hung = np.unique(hung[~marks[self.row[hung]]])
            starts, ends = _outermost(hung, hung + self.sizes[self.row[hung]])
            marks[self.row[stretches(starts, ends - starts)]] = True
        return np.flatnonzero(marks)

    def _anything_hangs(self, start: int, end: int) -> bool:
        first, last = self.at.searchsorted(np.array([start, end], dtype=self.at.dtype))
        return bool(first < last)


def _outermost(starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers]:
    """The stretches that no other contains, of those given in the order of their starts."""
    if not len(starts):
        return starts, ends
    reach = np.maximum.accumulate(ends)
    outer = np.append(True, starts[1:] >= reach[:-1])
    return starts[outer], ends[outer]


def distinct(numbers: Numbers, count: int) -> Numbers:
    """The distinct ``numbers``, which are below ``count``, in order."""
    if len(numbers) * _FEW < count:
        numbers = np.sort(numbers)
        new: Flags = changes(numbers)
        return numbers[new]
    marks = np.zeros(count, dtype=np.bool_)
    marks[numbers] = True
    return np.flatnonzero(marks)

"""All that is below a model, found without looking at each link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.measure.graph import changes, stretches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measure.ascent import Ascent
    from core.measure.graph import Flags, Neighbours, Numbers

_FEW: Final = 64
"""Fewer than a 64th of all models are sorted; more are marked and read off in order."""


@dataclass(frozen=True)
class Descent:
    """All models in one row, in which those below a model mostly follow it.

    In the tree of first parents, model ``i`` stands at ``place[i]``, and those
    below it on the next ``sizes[i] - 1`` places; ``row`` has the model of every
    place. Further parents hang stretches of models on other places too: the
    stretch ``hung[j]`` on place ``at[j]``, ascending. Stretch ``i`` begins at
    place ``begins[i]``, ascending, and ends before ``ends[i]``; what hangs
    within it is ``hung`` from ``first[i]`` to before ``last[i]``. So the
    descendants of a model are the stretch behind it, the stretches that hang
    on it, those that hang on these, and so on. Of two stretches one contains
    the other, or they have nothing in common.
    """

    place: Numbers
    sizes: Numbers
    row: Numbers
    at: Numbers
    hung: Numbers
    begins: Numbers
    ends: Numbers
    first: Numbers
    last: Numbers

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
        at = at[order]
        models = np.repeat(parents.several, parents.lengths)[further][order]
        begins, hung = np.unique(place[models], return_inverse=True)
        ends = begins + sizes[row[begins]]
        first, last = at.searchsorted(begins), at.searchsorted(ends)
        arrays = (place, sizes, row, at, hung, begins, ends, first, last)
        return cls(*(array.astype(np.int32, copy=False) for array in arrays))

    def below(self, model: int) -> Numbers:
        """The distinct descendants of ``model``, ascending, itself excluded."""
        start = int(self.place[model])
        own = slice(start + 1, start + int(self.sizes[model]))
        first, last = self.at.searchsorted(np.array([start, own.stop], dtype=self.at.dtype))
        hung = self.hung[first:last]
        if not len(hung):
            return distinct(self.row[own], len(self.row))
        if (own.stop - own.start) * _FEW >= len(self.row):
            return self._marked(self.row[own], hung)
        starts, ends = np.array([[start], [own.stop]], dtype=self.begins.dtype)
        while len(hung):
            # Most hang within a stretch that is known already.
            begins = self.begins[hung]
            known = ends[starts.searchsorted(begins, side="right") - 1] > begins
            known &= begins >= starts[0]
            hung = distinct(hung[~known], len(self.begins))
            hung = hung[_outermost(self.begins[hung], self.ends[hung])]
            at = starts.searchsorted(self.begins[hung])
            starts = np.insert(starts, at, self.begins[hung])
            ends = np.insert(ends, at, self.ends[hung])
            outer = _outermost(starts, ends)
            starts, ends = starts[outer], ends[outer]
            hung = self._hanging_on(hung)
        starts = starts + (starts == start)  # all but the model itself
        return distinct(self.row[stretches(starts, ends - starts)], len(self.row))

    def below_any(self, models: Sequence[int]) -> Numbers:
        """The distinct descendants of any of ``models``, ascending; each may be another's."""
        if len(models) == 1:
            return self.below(models[0])
        starts = np.sort(self.place[np.array(models, dtype=np.int64)])
        ends = starts + self.sizes[self.row[starts]]
        outer = _outermost(starts, ends)
        starts, ends = starts[outer], ends[outer]
        first, last = self.at.searchsorted(starts), self.at.searchsorted(ends)
        hung = self.hung[stretches(first, last - first)]
        return self._marked(self.row[stretches(starts + 1, ends - starts - 1)], hung)

    def _marked(self, own: Numbers, hung: Numbers) -> Numbers:
        """The models ``own`` and those in the stretches ``hung``, every model marked in turn.

        With many models that is quicker than keeping account of stretches.
        """
        marks = np.zeros(len(self.row), dtype=np.bool_)
        marks[own] = True
        while len(hung):
            hung = np.sort(hung[~marks[self.row[self.begins[hung]]]])
            hung = hung[changes(hung)]
            hung = hung[_outermost(self.begins[hung], self.ends[hung])]
            begins = self.begins[hung]
            marks[self.row[stretches(begins, self.ends[hung] - begins)]] = True
            hung = self._hanging_on(hung)
        return np.flatnonzero(marks)

    def _hanging_on(self, hung: Numbers) -> Numbers:
        """The stretches that hang within those of ``hung``."""
        first = self.first[hung]
        return self.hung[stretches(first, self.last[hung] - first)]


def _outermost(starts: Numbers, ends: Numbers) -> Flags:
    """Which of the stretches, given in the order of their starts, no other contains."""
    outer = np.ones(len(starts), dtype=np.bool_)
    np.greater_equal(starts[1:], np.maximum.accumulate(ends)[:-1], out=outer[1:])
    return outer


def distinct(numbers: Numbers, count: int) -> Numbers:
    """The distinct ``numbers``, which are below ``count``, in order."""
    if len(numbers) * _FEW < count:
        numbers = np.sort(numbers)
        new: Flags = changes(numbers)
        return numbers[new]
    marks = np.zeros(count, dtype=np.bool_)
    marks[numbers] = True
    return np.flatnonzero(marks)

"""Who is whose kin: the links of all models, as they were built, or grown since.

``Kin`` is built once from all links. ``Grown`` puts new links upon it without
building anything again. Models are places; those that came later have the
numbers behind all others, whatever their order.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from core.measure.ascent import ascent
from core.measure.blocks import Blocks
from core.measure.descent import Descent

if TYPE_CHECKING:
    from core.measure.ascent import Ascent
    from core.measure.graph import Neighbours, Numbers
    from core.measure.grown import Grown
    from core.measure.parents import Parents


class Kin:
    """Links without cycles. What is not needed is not worked out."""

    def __init__(self, parents: Parents) -> None:
        self.parents = parents

    @classmethod
    def climbed(cls, order: Ascent) -> Kin:
        """The links that ``order`` left."""
        kin = cls(order.parents)
        kin.order = order
        return kin

    @classmethod
    def of_parts(
        cls, parents: Parents, children: Neighbours, descent: Descent, counts: Numbers
    ) -> Kin:
        """What was worked out before."""
        kin = cls(parents)
        kin.children, kin.descent, kin.counts = children, descent, counts
        return kin

    @cached_property
    def order(self) -> Ascent:
        """The models, children first."""
        return ascent(self.parents)

    @cached_property
    def children(self) -> Neighbours:
        """The children of every model."""
        return self.parents.children()

    @cached_property
    def descent(self) -> Descent:
        """What finds all below a model."""
        return Descent.of(self.order, self.children)

    @cached_property
    def blocks(self) -> Blocks:
        """What is reached in several ways."""
        return Blocks(self.order)

    def totals(self, values: Numbers) -> Numbers:
        """Sum of ``values`` over the distinct descendants of every model."""
        sums = self.order.block_sums(values)
        totals: Numbers = sums - values
        totals[self.blocks.above] += self.blocks.sums(sums[self.blocks.openers])
        return totals

    @property
    def roots(self) -> Numbers:
        """The models without parents, in order."""
        return self.parents.roots

    @cached_property
    def counts(self) -> Numbers:
        """Number of distinct descendants of every model."""
        return self.totals(np.ones(len(self.parents), dtype=np.int64))

    def parents_of(self, model: int) -> Numbers:
        """The parents of a model, in order."""
        return self.parents.of(model)

    def children_of(self, model: int) -> Numbers:
        """The children of a model, in order."""
        return self.children.of(model)

    def below(self, model: int) -> Numbers:
        """The distinct descendants of a model, in order."""
        return self.descent.below(model)

    def count(self, model: int) -> int:
        """Number of distinct descendants of one model."""
        return int(self.counts[model])


def longest_way_up(kin: Kin | Grown, model: int) -> int:
    """Links on the longest way from ``model`` up to a root."""
    parents: dict[int, list[int]] = {}
    order: list[int] = []
    unread = [model]
    while unread:
        step = unread.pop()
        if step < 0:
            order.append(~step)
        elif step not in parents:
            parents[step] = kin.parents_of(step).tolist()
            unread.append(~step)  # comes up again when all above it is done
            unread += [parent for parent in parents[step] if parent not in parents]
    depths: dict[int, int] = {}
    for step in order:
        depths[step] = max((depths[parent] + 1 for parent in parents[step]), default=0)
    return depths[model]

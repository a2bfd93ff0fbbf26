"""Ids and links that came after all others were built; nothing is built again for them.

Models that came later have the numbers behind those of the built ones, in the
order in which they came; what is handed out is in the order of the ids.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.measure.graph import stretches
from core.measure.ids import key
from core.measure.kin import Kin
from core.measure.parents import cleaned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.measure.graph import Flags, Link, Numbers
    from core.measure.ids import IdArray, Ids


class GrownIds:
    """``base`` and ``names`` that came later; ``spelled`` are new spellings of known ids."""

    def __init__(self, base: Ids, names: list[Any], spelled: dict[int, Any]) -> None:
        self.base, self.names, self.spelled = base, names, spelled
        self._numbers = {key(name): len(base) + k for k, name in enumerate(names)}

    def __len__(self) -> int:
        return len(self.base) + len(self.names)

    def take(self, numbers: Numbers) -> IdArray:
        """The ids of ``numbers``."""
        numbers = np.asarray(numbers)
        late = numbers >= len(self.base)
        ids = self.base.take(np.where(late, 0, numbers)) if len(self.base) else None
        if ids is None:
            text = any(isinstance(name, str) for name in self.names)
            ids = np.empty(len(numbers), dtype=np.object_ if text else np.int64)
        for at in np.flatnonzero(late).tolist():
            ids[at] = self.names[int(numbers[at]) - len(self.base)]
        if self.spelled:
            changed = np.isin(numbers, np.fromiter(self.spelled, np.int64, len(self.spelled)))
            for at in np.flatnonzero(changed).tolist():
                ids[at] = self.spelled[int(numbers[at])]
        return ids

    def find(self, model_id: object) -> int | None:
        """The number of ``model_id``; None for a stranger."""
        if isinstance(model_id, bool) or not isinstance(model_id, str | int | np.integer):
            return None
        found = self._numbers.get(key(model_id))
        return self.base.find(model_id) if found is None else found

    def find_all(self, model_ids: list[Any]) -> list[int]:
        """The number of each of ``model_ids``; -1 for a stranger."""
        if not len(self.base):
            return [self._numbers.get(key(model_id), -1) for model_id in model_ids]
        found: list[int] = self.base.find_all(model_ids).tolist()
        if self._numbers:
            for at in [at for at, number in enumerate(found) if number < 0]:
                found[at] = self._numbers.get(key(model_ids[at]), -1)
        return found

    def rank(self, number: int) -> tuple[int, bool, Any]:
        """What sorts the numbers."""
        if number < len(self.base):
            return number, True, 0
        name = self.names[number - len(self.base)]
        return self.base.before(name), False, key(name)

    @cached_property
    def _late(self) -> tuple[Numbers, Numbers]:
        """The later numbers in order, and how many of the built ids come before each."""
        order = sorted(range(len(self.base), len(self)), key=self.rank)
        return np.array(order, dtype=np.int64), np.array(
            [self.rank(number)[0] for number in order], dtype=np.int64
        )

    def ascending(self, numbers: Numbers) -> Numbers:
        """``numbers``, which are distinct, in the order of their ids."""
        late = numbers >= len(self.base)
        early = numbers[~late]
        if (early[1:] < early[:-1]).any():
            early = np.sort(early)
        if not late.any():
            return early
        order, before = self._late
        chosen = np.isin(order, numbers[late])
        return np.insert(early, early.searchsorted(before[chosen]), order[chosen])

    def in_order(self, values: Numbers) -> Numbers:
        """``values``, one for each number, in the order of the ids."""
        return values[self.all()]

    def all(self) -> Numbers:
        """All numbers, in the order of their ids."""
        order, before = self._late
        return np.insert(np.arange(len(self.base)), before, order)

    def index(self) -> pd.Index[Any]:
        """All ids, in order, as an index named model_id."""
        kind = self.base.index().dtype
        return pd.Index(self.take(self.all()), dtype=kind, name="model_id")


class Grown:
    """``base`` with new links.

    ``up`` has all parents of each model whose parents changed, ``down`` the
    added children of each model, and ``removed`` the links of ``base`` that
    new cycles cut, child and parent. All are in the order of ``ids``.
    """

    def __init__(
        self,
        base: Kin,
        ids: GrownIds,
        up: dict[int, list[int]],
        down: dict[int, list[int]],
        removed: frozenset[Link],
    ) -> None:
        self.base, self.ids = base, ids
        self.up, self.down, self.removed = up, down, removed
        self._built = len(base.parents)

    @property
    def roots(self) -> Numbers:
        """The models without parents, in order."""
        known = self.base.parents.roots
        changed = np.fromiter(self.up, np.int64, len(self.up))
        late = np.arange(self._built, len(self.ids))
        free = np.array([model for model, above in self.up.items() if not above], dtype=np.int64)
        every = np.concatenate([np.setdiff1d(np.concatenate([known, late]), changed), free])
        return self.ids.ascending(np.unique(every))

    def parents_of(self, model: int) -> Numbers:
        """The parents of a model, in order."""
        if model in self.up:
            return np.array(self.up[model], dtype=np.int64)
        return self.base.parents.of(model) if model < self._built else np.zeros(0, dtype=np.int64)

    def children_of(self, model: int) -> Numbers:
        """The children of a model, in order."""
        children = self._built_children(model)
        return self.ids.ascending(np.append(children, np.array(self.down.get(model, []), int)))

    def _built_children(self, model: int) -> Numbers:
        if model >= self._built:
            return np.zeros(0, dtype=np.int64)
        children = self.base.children.of(model)
        gone = [child for child, parent in self.removed if parent == model]
        return children[~np.isin(children, gone)] if gone else children

    def built_parents(self, models: list[int]) -> list[list[int]]:
        """The parents that each of ``models`` had when all was built."""
        late = [model if model < self._built else -1 for model in models]
        sole = self.base.parents.sole[late].tolist() if self._built else [-1] * len(late)
        return [
            [] if model < 0 or parent == -1
            else [parent] if parent >= 0
            else self.base.parents.of(model).tolist()
            for model, parent in zip(late, sole, strict=True)
        ]  # fmt: skip

    def with_children(self, links: list[Link], also: set[int]) -> list[Link]:
        """Those of ``links`` whose child has children, or is of ``also``."""
        starts = self.base.children.starts
        built = np.array([min(below, self._built) for below, _ in links], dtype=np.int64)
        ends = np.minimum(built + 1, self._built)
        own = (starts[ends] > starts[built]).tolist()
        return [
            link
            for link, some in zip(links, own, strict=True)
            if some or link[0] in self.down or link[0] in also
        ]

    def below(self, model: int) -> Numbers:
        """The distinct descendants of a model, in order."""
        marks = np.zeros(len(self.ids), dtype=np.bool_)
        if self.removed:
            self._walk(model, marks)
        else:
            self._spread(model, marks)
        marks[model] = False
        return self.ids.ascending(np.flatnonzero(marks))

    def _spread(self, model: int, marks: Flags) -> None:
        """Mark all below ``model``, and it, by what is known of the built links."""
        parents, children = self._added
        self._mark(model, marks)
        unused = np.ones(len(parents), dtype=np.bool_)
        while True:
            hit = unused & marks[parents]
            if not hit.any():
                return
            unused &= ~hit
            for child in children[hit].tolist():
                if not marks[child]:
                    self._mark(child, marks)

    @cached_property
    def _added(self) -> tuple[Numbers, Numbers]:
        pairs = [(parent, child) for parent, below in self.down.items() for child in below]
        links = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return links[:, 0], links[:, 1]

    def _mark(self, model: int, marks: Flags) -> None:
        marks[model] = True
        starts = self.base.children.starts
        if model < self._built and starts[model] < starts[model + 1]:
            marks[self.base.below(model)] = True

    def _walk(self, model: int, marks: Flags) -> None:
        """Mark all below ``model``, and it, level by level."""
        starts, targets = self.base.children.starts, self.base.children.targets
        holes = np.array(sorted({parent for _, parent in self.removed}), dtype=np.int64)
        added = np.fromiter(self.down, np.int64, len(self.down))
        level = np.array([model])
        while len(level):
            marks[level] = True
            plain = level[(level < self._built) & ~np.isin(level, holes)]
            begin = starts[plain].astype(np.int64)
            found = [targets[stretches(begin, starts[plain + 1] - begin)].astype(np.int64)]
            found += [self._built_children(each) for each in level[np.isin(level, holes)].tolist()]
            found += [
                np.array(self.down[each], dtype=np.int64)
                for each in level[np.isin(level, added)].tolist()
            ]
            level = np.concatenate(found)
            level = np.unique(level[~marks[level]])

    @cached_property
    def _rebuilt(self) -> Kin:
        """All links as if built at once: what sums over every model need."""
        child, parent = self.base.parents.links()
        if self.removed:
            links = child.astype(np.int64) << 32 | parent
            kept = ~np.isin(links, [(c << 32) | p for c, p in self.removed])
            child, parent = child[kept], parent[kept]
        above, below = self._added
        count = len(self.ids)
        every = cleaned(count, np.append(child, below), np.append(parent, above))
        return Kin(every.parents)

    def totals(self, values: Numbers) -> Numbers:
        """Sum of ``values`` over the distinct descendants of every model, by number."""
        return self._rebuilt.totals(values)

    @property
    def counts(self) -> Numbers:
        """Number of distinct descendants of every model, by number."""
        return self._rebuilt.counts

    def count(self, model: int) -> int:
        """Number of distinct descendants of one model."""
        return len(self.below(model))

    def above(self, models: Iterable[int], cut: Iterable[Link]) -> set[int]:
        """``models`` and all above them, also by way of the links ``cut``."""
        also: dict[int, list[int]] = {}
        for child, parent in cut:
            also.setdefault(child, []).append(parent)
        seen: set[int] = set()
        level = set(models)
        while level:
            seen |= level
            early = [model for model in level if model < self._built and model not in self.up]
            _, above = self.base.parents.of_all(np.array(early, dtype=np.int64))
            found = set(above.tolist())
            for model in level & self.up.keys():
                found.update(self.up[model])
            for model in level & also.keys():
                found.update(also[model])
            level = found - seen
        return seen

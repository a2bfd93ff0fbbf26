"""Links between numbered models: neighbours, cycles, and who descends from whom.

Models are numbers 0 … count - 1. Nothing here recurses and nothing keeps a
table of all pairs of ancestor and descendant, so a chain of 100,000 models is
as welcome as a wide tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Link = tuple[int, int]
"""Child and parent."""

_WIDTH: Final = 16_384
"""Models with several parents that are counted in one pass: bounds the memory it takes."""


@dataclass(frozen=True)
class Neighbours:
    """The models linked with each model, in one array (compressed sparse rows).

    Those of model ``i`` are ``targets[starts[i]:starts[i + 1]]``.
    """

    starts: Numbers
    targets: Numbers

    @classmethod
    def from_links(cls, count: int, sources: Numbers, targets: Numbers) -> Neighbours:
        """Neighbours of ``count`` models from links in any order; each model's in theirs."""
        order = np.argsort(sources, kind="stable")
        starts = np.zeros(count + 1, dtype=np.int64)
        np.cumsum(np.bincount(sources, minlength=count), out=starts[1:])
        return cls(starts, targets[order])

    @cached_property
    def numbers(self) -> Numbers:
        """How many neighbours each model has."""
        return np.diff(self.starts)

    def of(self, model: int) -> Numbers:
        """The neighbours of one model."""
        return self.targets[self.starts[model] : self.starts[model + 1]]


def stretches(starts: Numbers, lengths: Numbers) -> Numbers:
    """All numbers of the ranges start … start + length - 1, one range after the other."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(lengths.sum())


def order_from_roots(down: Neighbours) -> list[int]:
    """The models with children, each after all its parents.

    ``down`` gives the children. Models on or below a cycle are missing.
    """
    # Most models have no children: they are left aside from the start.
    inner = np.flatnonzero(down.numbers)
    place = np.full(len(down.numbers), -1, dtype=np.int64)
    place[inner] = np.arange(len(inner))
    sources, places = np.repeat(np.arange(len(inner)), down.numbers[inner]), place[down.targets]
    among = Neighbours.from_links(len(inner), sources[places >= 0], places[places >= 0])
    starts, targets = among.starts.tolist(), among.targets.tolist()
    awaited = np.bincount(among.targets, minlength=len(inner)).tolist()
    order = [model for model, parents in enumerate(awaited) if not parents]
    for model in order:  # grows as it is read
        for child in targets[starts[model] : starts[model + 1]]:
            awaited[child] -= 1
            if not awaited[child]:
                order.append(child)
    numbers: list[int] = inner[order].tolist()
    return numbers


def strong_components(links: Iterable[Link]) -> dict[int, int]:
    """For each model of ``links`` a number that it shares with those it is on a cycle with.

    Kosaraju's two walks (Sharir, A strong-connectivity algorithm, 1981).
    """
    nexts: dict[int, list[int]] = {}
    befores: dict[int, list[int]] = {}
    for source, target in links:
        nexts.setdefault(source, []).append(target)
        nexts.setdefault(target, [])
        befores.setdefault(target, []).append(source)
        befores.setdefault(source, [])
    component: dict[int, int] = {}
    for start in reversed(_finished(nexts)):
        unread = [start]
        while unread:
            model = unread.pop()
            if model not in component:
                component[model] = start
                unread += [before for before in befores[model] if before not in component]
    return component


def _finished(nexts: dict[int, list[int]]) -> list[int]:
    """The models in the order in which a walk into the depth leaves them."""
    seen: set[int] = set()
    done: list[int] = []
    unread = list(nexts)
    while unread:
        model = unread.pop()
        if model < 0:
            done.append(~model)
        elif model not in seen:
            seen.add(model)
            unread.append(~model)  # comes up again when all behind it is done
            unread += [target for target in nexts[model] if target not in seen]
    return done


def links_to_cut(links: Sequence[Link]) -> list[Link]:
    """The links to drop so that no cycle is left, in ascending order.

    The rule: while some models are on cycles with each other (a strongly
    connected component), drop from among the links between them the one that
    comes last. ``links`` must be distinct and in ascending order.
    """
    component = strong_components(links)
    between: dict[int, list[Link]] = {}
    for child, parent in links:
        if component[child] == component[parent]:
            between.setdefault(component[child], []).append((child, parent))
    return sorted(link for group in between.values() for link in _cut(group))


def _cut(links: list[Link]) -> list[Link]:
    """The links to drop from one component, given in ascending order.

    The rule drops a link exactly when its two ends are on one cycle of links
    none of which comes after it: all later links on cycles with it are gone by
    its turn. So for each link we look for the first moment, as links are added
    in order, at which its ends are on one cycle. Halving the moments for many
    links at once takes n log n steps, where following the rule to the letter
    would take n² for a dense tangle.
    """
    cut: list[Link] = []
    # What is to be halved: the first and last moment that are possible, a
    # moment between them to ask about, and the links (number, ends), in which
    # models known to be on one cycle are one. Most cycles fall apart with
    # their last link: that is asked first.
    end = len(links) - 1
    tasks = [(0, end - 1, end, [(i, *link) for i, link in enumerate(links)])]
    while tasks:
        first, middle, last, group = tasks.pop()
        if first == last:
            cut += [links[i] for i, _, _ in group if i == last]
            continue
        component = strong_components((child, parent) for i, child, parent in group if i <= middle)
        sooner, later = [], []
        for i, child, parent in group:
            ends = component.get(child, child), component.get(parent, parent)
            if ends[0] != ends[1]:
                later.append((i, *ends))
            elif i <= middle:
                sooner.append((i, child, parent))
            else:
                cut.append(links[i])
        if sooner:
            tasks.append((first, (first + middle) // 2, middle, sooner))
        if later:
            tasks.append((middle + 1, (middle + 1 + last) // 2, last, later))
    return cut


class Descent:
    """Who descends from whom, in memory that grows with the links alone.

    A model with one parent stands in the block of that parent; one with none
    or several opens a block of its own. All models stand in one row, block by
    block, so that those below a model in its block follow it directly. The
    descendants of a model are then the stretch behind it, and the blocks of
    all models with several parents that hang on one of that stretch, on one of
    those blocks, and so on.

    ``up`` and ``down`` are the parents and children of every model, without
    cycles; ``order`` names the models with children, parents first.
    """

    def __init__(self, up: Neighbours, down: Neighbours, order: list[int]) -> None:
        count = len(up.numbers)
        self._order = order
        sole, leaf = up.numbers == 1, down.numbers == 0
        sources, targets = np.repeat(np.arange(count), down.numbers), down.targets
        plain = (sole & leaf)[targets]
        leaf_parents = sources[plain]
        leaves = np.bincount(leaf_parents, minlength=count)
        inner = np.array(order, dtype=np.int64)
        inner = inner[sole[inner]]
        pairs = list(zip(inner.tolist(), up.targets[up.starts[inner]].tolist(), strict=True))

        sizes = (1 + leaves).tolist()
        for model, parent in reversed(pairs):
            sizes[parent] += sizes[model]
        self.sizes: Numbers = np.array(sizes, dtype=np.int64)

        # A model is followed by its leaves, then by its other children, each
        # with its own stretch.
        opens = np.flatnonzero(~sole)
        self._first: Numbers = np.zeros(count, dtype=np.int64)
        self._first[opens] = np.cumsum(self.sizes[opens]) - self.sizes[opens]
        first, behind = self._first.tolist(), (1 + leaves).tolist()
        for model, parent in pairs:
            first[model] = first[parent] + behind[parent]
            behind[parent] += sizes[model]
        self._first = np.array(first, dtype=np.int64)
        rank = np.arange(len(leaf_parents)) - (np.cumsum(leaves) - leaves)[leaf_parents]
        self._first[targets[plain]] = self._first[leaf_parents] + 1 + rank
        self._row: Numbers = np.empty(count, dtype=np.int64)
        self._row[self._first] = np.arange(count)

        several = up.numbers > 1
        at = self._first[sources[several[targets]]]
        along = np.argsort(at, kind="stable")
        self._hanging = targets[several[targets]][along]
        # Those that hang on a model's stretch.
        self._from = at[along].searchsorted(self._first)
        self._to = at[along].searchsorted(self._first + self.sizes)

        # The links that matter where blocks are counted: to a model with
        # several parents, or to one with such a model hanging on its stretch.
        matters = several | (self._from < self._to)
        self._several = np.flatnonzero(several)
        chosen = matters[targets]
        self._links = Neighbours.from_links(count, sources[chosen], targets[chosen])

    def below(self, model: int) -> Numbers:
        """The distinct descendants of ``model``, ascending, itself excluded."""
        known: set[int] = set()
        unread = [model]
        while unread:
            reader = unread.pop()
            hanging = self._hanging[self._from[reader] : self._to[reader]]
            inner = set(hanging[self._from[hanging] < self._to[hanging]].tolist()) - known
            unread += inner
            known.update(hanging.tolist())
        blocks = np.array([model, *known], dtype=np.int64)
        starts, lengths = self._first[blocks], self.sizes[blocks]
        starts[0] += 1
        lengths[0] -= 1
        return np.sort(self._row[stretches(starts, lengths)])

    def counts(self) -> Numbers:
        """Number of distinct descendants of every model."""
        counts = self.sizes - 1
        for begin in range(0, len(self._several), _WIDTH):
            counts += self._counts_of_blocks(self._several[begin : begin + _WIDTH])
        return counts

    def _counts_of_blocks(self, openers: Numbers) -> Numbers:
        """For every model the sum of the blocks that ``openers`` below it open.

        Each opener is a bit of a whole number; the openers below a model are
        the bits of its children's numbers and its children's own, taken
        together. Where one child has them all, parent and child share one
        number, so a chain costs no more than its end.
        """
        weights = self.sizes[openers]
        weight = dict(zip(openers.tolist(), weights.tolist(), strict=True))
        bits = {opener: 1 << i for i, opener in enumerate(openers.tolist())}
        starts, targets = self._links.starts.tolist(), self._links.targets.tolist()
        held = [0] * len(self.sizes)
        sums = [0] * len(self.sizes)
        for model in reversed(self._order):
            have = total = 0
            for child in targets[starts[model] : starts[model + 1]]:
                other, amount = held[child], sums[child]
                if child in bits:
                    other |= bits[child]
                    amount += weight[child]
                new = other & ~have
                if new == other:
                    total += amount
                elif new:
                    total += _weigh(new, weights)
                have = have | new if have else other
            held[model], sums[model] = have, total
        return np.array(sums, dtype=np.int64)


def _weigh(bits: int, weights: Numbers) -> int:
    """Sum of the weights whose bits are set."""
    if not bits & (bits - 1):
        return int(weights[bits.bit_length() - 1])
    packed = np.frombuffer(bits.to_bytes((bits.bit_length() + 7) // 8, "little"), dtype=np.uint8)
    chosen = np.unpackbits(packed, count=bits.bit_length(), bitorder="little")
    return int(weights[: len(chosen)][chosen.view(np.bool_)].sum())

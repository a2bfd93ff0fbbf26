"""Sums over the distinct blocks below every model.

A block is what hangs on a model with several parents; it can be reached in
several ways and must be counted once. Two ways to do that: a table of which
blocks are below which model, where that is small, as on the Hub; and sets of
bits, where models hang below each other in such numbers that the table would
grow without bound.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from core.measure.graph import Neighbours, changes, stretches

if TYPE_CHECKING:
    from core.measure.ascent import Ascent
    from core.measure.graph import Numbers

_MOST_PAIRS: Final = 16_000_000
"""Rows of the largest table of model and block."""

_MOST_ROUNDS: Final = 2_000
"""Deeper than this, the models of a round are too few to be worth a round."""

_WIDTH: Final = 16_384
"""Blocks in one set of bits: bounds the memory that the sets take."""


class Blocks:
    """Which blocks are below which model.

    ``openers`` are the models with several parents; block k is that of
    ``openers[k]``. ``above`` are the models that have any block below them.
    """

    def __init__(self, ascent: Ascent) -> None:
        parents = ascent.parents
        self.openers, self.above = parents.several, ascent.above
        label = np.full(len(parents), -1, dtype=np.int32)
        label[self.above] = np.arange(len(self.above), dtype=np.int32)
        places, up = parents.of_all(self.above)
        # Links up among the models above, and from the openers into them.
        self._up = Neighbours.from_links(len(self.above), places, label[up].astype(np.int64))
        self._onto = label[parents.targets].astype(np.int64)
        self._hung = np.repeat(np.arange(len(self.openers)), parents.lengths)
        self._table = self._pairs(ascent.rounds)
        if self._table is None:
            opens = np.full(len(parents), -1, dtype=np.int64)
            opens[self.openers] = np.arange(len(self.openers))
            self._opens = opens[self.above]

    def sums(self, weights: Numbers) -> Numbers:
        """For each of ``above`` the sum of the ``weights`` of the distinct blocks below it."""
        if self._table is None:
            return self._sums_of_bits(weights)
        starts, blocks = self._table
        if not len(starts):
            return np.zeros(0, dtype=weights.dtype)
        return np.add.reduceat(weights[blocks], starts)

    def _pairs(self, rounds: Numbers) -> tuple[Numbers, Numbers] | None:
        """The table: where the blocks of each of ``above`` start, and the blocks.

        None where it would be too large.
        """
        bounds = np.flatnonzero(changes(rounds))
        if len(bounds) > _MOST_ROUNDS:
            return None
        ends = np.append(bounds[1:], len(rounds))
        round_of = np.repeat(np.arange(len(bounds), dtype=np.int16), ends - bounds)
        bits = len(self.openers).bit_length()
        pairs = (self._onto << bits) | self._hung
        pairs.sort()
        cuts = pairs.searchsorted(np.append(bounds, len(rounds)) << bits)
        waiting = [[pairs[a:b]] for a, b in pairwise(cuts)]
        up = self._up.targets << bits
        starts, lengths = self._up.starts, self._up.numbers
        found, total = [], 0
        for number in range(len(bounds)):
            pairs = np.concatenate(waiting[number])
            waiting[number] = []
            pairs.sort()
            pairs = pairs[changes(pairs)]
            found.append(pairs)
            total += len(pairs)
            if total > _MOST_PAIRS:
                return None
            models, blocks = pairs >> bits, pairs & ((1 << bits) - 1)
            many = lengths[models]
            pairs = up[stretches(starts[models], many)] | np.repeat(blocks, many)
            later = round_of[pairs >> bits]
            order = np.argsort(later, kind="stable")  # a radix sort: these are small numbers
            pairs, later = pairs[order], later[order]
            cuts = later.searchsorted(np.arange(number + 1, len(bounds) + 1))
            for which in np.flatnonzero(np.diff(cuts)).tolist():
                waiting[number + 1 + which].append(pairs[cuts[which] : cuts[which + 1]])
        table = np.concatenate([pairs[:0], *found])
        first = np.flatnonzero(changes(table >> bits))
        return first, (table & ((1 << bits) - 1)).astype(np.int32)

    def _sums_of_bits(self, weights: Numbers) -> Numbers:
        sums = np.zeros(len(self.above), dtype=weights.dtype)
        below = self._below()
        for begin in range(0, len(self.openers), _WIDTH):
            sums += _sums_in(below, weights[begin : begin + _WIDTH], begin)
        return sums

    def _below(self) -> list[list[tuple[int, int]]]:
        """For each of ``above`` what hangs directly on it, as place in ``above`` and block.

        Either may be -1: an opener with none below it, or a model that opens none.
        """
        below: list[list[tuple[int, int]]] = [[] for _ in self.above]
        inside = np.zeros(len(self.openers), dtype=np.bool_)
        inside[self._opens[self._opens >= 0]] = True
        child = np.repeat(np.arange(len(self.above)), self._up.numbers)
        opens = self._opens[child].tolist()
        for place, parent, block in zip(
            child.tolist(), self._up.targets.tolist(), opens, strict=True
        ):
            below[parent].append((place, block))
        plain = ~inside[self._hung]
        for parent, block in zip(
            self._onto[plain].tolist(), self._hung[plain].tolist(), strict=True
        ):
            below[parent].append((-1, block))
        return below


def _sums_in(below: list[list[tuple[int, int]]], weights: Numbers, begin: int) -> Numbers:
    """The sums over the blocks from ``begin`` on, one for each of ``weights``.

    Each block is a bit of a whole number; the blocks below a model are the
    bits of its children's numbers and its children's own, taken together.
    Where one child has them all, parent and child share one number, so a
    chain costs no more than its end.
    """
    weight = weights.tolist()
    held = [0] * len(below)
    sums = [weights.dtype.type(0).item()] * len(below)
    for model, children in enumerate(below):
        have, total = 0, sums[model]
        for place, block in children:
            other, amount = (held[place], sums[place]) if place >= 0 else (0, 0)
            if begin <= block < begin + len(weight):
                other |= 1 << (block - begin)
                amount += weight[block - begin]
            new = other & ~have
            if new == other:
                total += amount
            elif new:
                total += _weigh(new, weights)
            have = have | new if have else other
        held[model], sums[model] = have, total
    return np.array(sums, dtype=weights.dtype)


def _weigh(bits: int, weights: Numbers) -> int | float:
    """Sum of the weights whose bits are set."""
    if not bits & (bits - 1):
        found: int | float = weights[bits.bit_length() - 1].item()
        return found
    packed = np.frombuffer(bits.to_bytes((bits.bit_length() + 7) // 8, "little"), dtype=np.uint8)
    chosen = np.unpackbits(packed, count=bits.bit_length(), bitorder="little")
    total: int | float = weights[: len(chosen)][chosen.view(np.bool_)].sum().item()
    return total

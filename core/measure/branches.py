"""Levels and order of a branch, its parents, and what is below where some are hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.measure.graph import changes, stretches

if TYPE_CHECKING:
    import numpy.typing as npt

    from core.measure.forest import Forest
    from core.measure.graph import Flags, Numbers
    from core.measure.kin import Kin

_FEW: Final = 64
"""Fewer than a 64th of all models are looked up; of more the places are marked."""

_BITS: Final = 63
"""Of a whole number that is not negative (int64)."""


def levels(kin: Kin, models: Numbers, below: Numbers, hidden: Flags) -> tuple[Numbers, Numbers]:
    """The level of each of ``models`` by its shortest way from the first, and what it hangs from.

    ``models`` are the first one and all its descendants, ascending; ``below``
    counts those of each. What one hangs from is a place in ``models``. A hidden
    model passes its children on to its own level, and to what it hangs from.
    """
    starts, targets = _children(kin, models, below)
    level, above = np.zeros(len(models), dtype=np.int32), np.zeros(len(models), dtype=np.int32)
    seen = np.zeros(len(models), dtype=np.bool_)
    seen[0] = True
    here, step = np.zeros(1, dtype=np.int64), 1
    while len(here):
        found, waiting = [], here
        while len(waiting):
            numbers = starts[waiting + 1] - starts[waiting]
            parents = np.repeat(waiting, numbers)
            reached = targets[stretches(starts[waiting], numbers)]
            at = np.flatnonzero(~seen[reached])
            # One sort of whole numbers: by model, then by the order of the parents.
            pairs = (reached[at].astype(np.int64) << 32) | at
            pairs.sort()
            pairs = pairs[changes(pairs >> 32)]
            reached, parents = pairs >> 32, parents[pairs & 0xFFFFFFFF]
            seen[reached], level[reached] = True, step
            above[reached] = np.where(hidden[parents], above[parents], parents)
            passed = hidden[reached]
            waiting = reached[passed]
            found.append(reached[~passed])
        here, step = np.concatenate(found), step + 1
    return level, above


def below_without(kin: Kin, models: Numbers, below: Numbers, hidden: Flags) -> Numbers:
    """How many descendants each of ``models`` has that are not hidden."""
    ancestors: list[int] = []
    for model in models[hidden].tolist():
        here, seen = [model], set[int]()
        while here:
            above = {parent for each in here for parent in kin.parents_of(each).tolist()}
            here = [parent for parent in above if parent not in seen]
            seen.update(here)
        ancestors += seen
    at = _place(models, np.array(ancestors, dtype=np.int32))
    left: Numbers = below - np.bincount(at[at >= 0], minlength=len(models)).astype(below.dtype)
    return left


def in_order(models: Numbers, level: Numbers, below: Numbers) -> Numbers:
    """Places in order: by ``level``, those with most ``below`` first, then by number of the model.

    ``models`` ascend. Where it fits, level, number below and place are sorted as
    one whole number, which is several times as fast.
    """
    most, count = int(below.max(initial=0)), len(models)
    bits, places = most.bit_length(), count.bit_length()
    if int(level.max(initial=0)).bit_length() + bits + places >= _BITS:
        order: Numbers = np.lexsort((models, -below, level))
        return order
    keys = (level.astype(np.int64) << bits) | (most - below)
    keys = (keys << places) | np.arange(count)
    keys.sort()
    found: Numbers = keys & ((1 << places) - 1)
    return found


def named_parents(forest: Forest, models: Numbers) -> npt.NDArray[np.object_]:
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


def _children(kin: Kin, models: Numbers, below: Numbers) -> tuple[Numbers, Numbers]:
    """Where the children of each of ``models`` start, and they, as places in ``models``."""
    inner = np.flatnonzero(below)
    first, last = kin.children.starts[models[inner]], kin.children.starts[models[inner] + 1]
    numbers = np.zeros(len(models) + 1, dtype=np.int64)
    numbers[inner + 1] = last - first
    children = kin.children.targets[stretches(first, last - first)]
    return np.cumsum(numbers), _places(models, children, len(kin.children.starts))


def _places(models: Numbers, wanted: Numbers, count: int) -> Numbers:
    """The place of each of ``wanted`` in ``models``; all are there, and below ``count``."""
    if len(wanted) * _FEW < count:
        return _place(models, wanted)
    place = np.empty(count, dtype=np.int32)  # what is not asked for may be anything
    place[models] = np.arange(len(models), dtype=np.int32)
    return place[wanted]


def _place(models: Numbers, wanted: Numbers) -> Numbers:
    """The place of each of ``wanted`` in ``models``, of which all but the first ascend; or -1."""
    rest = models[1:]
    at = np.minimum(rest.searchsorted(wanted), max(0, len(rest) - 1))
    found = np.where(rest[at] == wanted, at + 1, -1) if len(rest) else np.full(len(wanted), -1)
    return np.where(wanted == models[0], 0, found)

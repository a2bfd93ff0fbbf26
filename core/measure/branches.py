"""Levels of a branch, and what is below each of its models when some are hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.measure.graph import stretches

if TYPE_CHECKING:
    from core.measure.graph import Flags, Numbers
    from core.measure.kin import Kin


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
            new = ~seen[reached]
            reached, at = np.unique(reached[new], return_index=True)
            parents = parents[new][at]
            seen[reached], level[reached] = True, step
            above[reached] = np.where(hidden[parents], above[parents], parents)
            waiting = reached[hidden[reached]]
            found.append(reached[~hidden[reached]])
        here, step = np.concatenate(found), step + 1
    return level, above


def below_without(kin: Kin, models: Numbers, below: Numbers, hidden: Flags) -> Numbers:
    """How many descendants each of ``models`` has that are not hidden."""
    left = below.copy()
    for at in np.flatnonzero(hidden).tolist():
        here = [int(models[at])]
        seen: set[int] = set()
        while here:
            above = {parent for each in here for parent in kin.parents_of(each).tolist()}
            here = [parent for parent in above if parent not in seen]
            seen.update(here)
        ancestors = np.array(sorted(seen), dtype=np.int64)
        among = _place(models, ancestors)
        left[among[among >= 0]] -= 1
    return left


def _children(kin: Kin, models: Numbers, below: Numbers) -> tuple[Numbers, Numbers]:
    """Where the children of each of ``models`` start, and they, as places in ``models``."""
    first, last = kin.children.starts[models], kin.children.starts[models.astype(np.int64) + 1]
    numbers = np.where(below > 0, last - first, 0)
    starts = np.zeros(len(models) + 1, dtype=np.int64)
    np.cumsum(numbers, out=starts[1:])
    children = kin.children.targets[stretches(first.astype(np.int64), numbers)]
    return starts, _place(models, children)


def _place(models: Numbers, wanted: Numbers) -> Numbers:
    """The place of each of ``wanted`` in ``models``, of which all but the first ascend; or -1."""
    rest = models[1:]
    at = np.minimum(rest.searchsorted(wanted), max(0, len(rest) - 1))
    found = np.where(rest[at] == wanted, at + 1, -1) if len(rest) else np.full(len(wanted), -1)
    return np.where(wanted == models[0], 0, found)

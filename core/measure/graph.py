"""Links between numbered models: neighbours, cycles, and who descends from whom.

Models are numbers 0 … count - 1. Nothing here recurses and nothing keeps a
table of all pairs of ancestor and descendant, so a chain of 100,000 models is
as welcome as a wide tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Numbers = npt.NDArray[Any]
"""Whole numbers: int64, or int32 where there are many and all are small."""
Flags = npt.NDArray[np.bool_]
Link = tuple[int, int]
"""Child and parent."""


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
    """All numbers of the ranges start … start + length - 1, one range after the other.

    They are of the type of ``starts``.
    """
    ends = np.cumsum(lengths, dtype=starts.dtype)
    found = np.repeat(starts - (ends - lengths.astype(starts.dtype, copy=False)), lengths)
    found += np.arange(len(found), dtype=starts.dtype)
    return found


def changes(values: Numbers) -> Flags:
    """Where a sorted value differs from the one before it; the first does."""
    new = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new


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

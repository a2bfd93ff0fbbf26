"""New links upon known ones, by the rules that hold for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.measure.graph import links_to_cut
from core.measure.grown import Grown, GrownIds
from core.measure.ids import key

if TYPE_CHECKING:
    from core.measure.graph import Link
    from core.measure.kin import Kin
    from core.measure.known import Known, Rows

_LAST: Final = "\U0010ffff"
"""Comes after every relation; the relation of a link that was cut is not kept."""


@dataclass
class Growth:
    """What new rows did to the links, and how many rows were dropped.

    ``relations`` are those of links that came later than the built ones, and
    ``of_models`` those of models that have new ones. ``declared`` came as a
    child, ``cut`` are all links that were dropped to break cycles.
    """

    kin: Grown
    relations: dict[Link, str]
    of_models: dict[int, str | None]
    declared: frozenset[int]
    cut: set[Link]
    links: int = 0
    self_links: int = 0
    duplicates: int = 0


def grown(kin: Kin | Grown, ids: GrownIds, rows: Rows, known: Known) -> Growth:
    """``kin`` with the links of ``rows``, which lack nothing.

    What was cut before stays so: more links can only close more cycles.
    """
    ids, children, parents = _numbered(ids, rows.child, rows.parent)
    upon = kin if isinstance(kin, Grown) else Grown(kin, ids, {}, {}, frozenset())
    growth = Growth(
        Grown(upon.base, ids, dict(upon.up), dict(upon.down), upon.removed),
        dict(known.later_relations),
        dict(known.new_relations),
        frozenset(children),
        set(known.cut),
    )
    new: list[Link] = []
    changed: set[int] = set()
    up, relations, of_models, cut = growth.kin.up, growth.relations, growth.of_models, growth.cut
    links = zip(children, parents, growth.kin.built_parents(children), rows.relation, strict=True)
    for below, above, built, name in links:
        if below == above:
            growth.self_links += 1
            continue
        link = below, above
        others = up.get(below, built)
        if above in others or link in cut:
            growth.duplicates += 1
            relations[link] = min(_relation(growth, known, link), name)
            changed.add(below)
            continue
        new.append(link)
        relations[link] = name
        if others:
            up[below] = [*others, above]
            changed.add(below)
        else:
            up[below] = [above]
            of_models[below] = name
    down = growth.kin.down
    for below, above in new:
        down[above] = [*down[above], below] if above in down else [below]
    growth.links = len(new)
    changed |= _cut_cycles(growth, new)
    for model in changed:
        if len(up.get(model, ())) > 1:
            up[model] = sorted(up[model], key=ids.rank)
        said_by = up[model] if model in up else growth.kin.parents_of(model).tolist()
        said = [_relation(growth, known, (model, parent)) for parent in said_by]
        of_models[model] = min(said, default=None)
    return growth


def _relation(growth: Growth, known: Known, link: Link) -> str:
    """The relation of a link, new or built; of one that was cut, the last by name."""
    found = growth.relations.get(link)
    if found is not None:
        return found
    number = growth.kin.base.parents.relation_of(*link)
    return known.names[number] if number >= 0 else _LAST


def _numbered(
    ids: GrownIds, child: list[Any], parent: list[Any]
) -> tuple[GrownIds, list[int], list[int]]:
    """The ids with those that are new, and the numbers of children and parents."""
    given = [*child, *parent]
    numbers = ids.find_all(given)
    names, spelled = list(ids.names), dict(ids.spelled)
    following = len(ids.base) + len(names)
    first: dict[Any, int] = {}
    texts = bool(given) and isinstance(given[0], str)
    for at in [at for at, number in enumerate(numbers) if number < 0]:
        name = given[at]
        numbers[at] = first.setdefault(key(name) if texts else name, following)
        if numbers[at] == following:
            following += 1
            names.append(name)
    if texts:
        _respell(ids, given, numbers, names, spelled)
    return GrownIds(ids.base, names, spelled), numbers[: len(child)], numbers[len(child) :]


def _respell(
    ids: GrownIds, given: list[str], numbers: list[int], names: list[str], spelled: dict[int, str]
) -> None:
    """Of several spellings of one id keep the first in order."""
    built = len(ids.base)
    early = [at for at, number in enumerate(numbers) if number < built]
    usual = ids.base.take(np.array([numbers[at] for at in early], dtype=np.int64)).tolist()
    for at, name in zip(early, usual, strict=True):
        if given[at] < spelled.get(numbers[at], name):
            spelled[numbers[at]] = given[at]
    for name, number in zip(given, numbers, strict=True):
        if number >= built and name < names[number - built]:
            names[number - built] = name


def _cut_cycles(growth: Growth, new: list[Link]) -> set[int]:
    """Cut what the new links turn into cycles, by the rule of ``links_to_cut``.

    Returns the models that lost a parent.
    """
    kin = growth.kin
    bridges = kin.with_children(new, {parent for _, parent in growth.cut})
    if not bridges:
        return set()
    # A new cycle has such a link in it, and all its models are above that; the
    # way may lead over links that were cut, which still count.
    above = kin.above((parent for _, parent in bridges), growth.cut)
    closing = [link for link in bridges if link[0] in above]
    if not closing:
        return set()
    above = kin.above((parent for _, parent in closing), growth.cut)
    order = sorted(above, key=kin.ids.rank)
    rank = {model: place for place, model in enumerate(order)}
    links = {(model, parent) for model in order for parent in kin.parents_of(model).tolist()}
    links |= {link for link in growth.cut if link[0] in rank}
    ranked = sorted((rank[below], rank[parent]) for below, parent in links)
    found = {(order[below], order[parent]) for below, parent in links_to_cut(ranked)}
    fresh = found - growth.cut
    growth.cut |= found
    for link in fresh:
        _remove(growth, *link)
    return {below for below, _ in fresh}


def _remove(growth: Growth, below: int, above: int) -> None:
    kin = growth.kin
    kin.up[below] = [each for each in kin.parents_of(below).tolist() if each != above]
    added = kin.down.get(above, [])
    if below in added:
        kin.down[above] = [each for each in added if each != below]
        if not kin.down[above]:
            del kin.down[above]
    else:
        kin.removed |= {(below, above)}
    growth.links -= 1

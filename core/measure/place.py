"""Where one model stands: what it is built on, what is built on it, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.measure.traits import TO_THE_END, timestamp

if TYPE_CHECKING:
    import pandas as pd

    from core.measure.forest import Forest

_MOST_WAYS: Final = 10_000
"""Ancestors that are looked at for the roots of a model."""


@dataclass(frozen=True)
class Place:
    """One model. What is not known is None, null or empty.

    ``path`` leads from a root down to the model itself, ``parents`` are its
    declared bases. ``siblings`` have the first of these as a base too,
    ``children`` are built directly on it and ``below`` in any number of steps.
    ``downloads`` is the Hub's counter of the 30 days before ``read_on``.
    ``asked_on`` is the day on which the Hub was last asked what is built on it,
    ``complete`` whether its answer was read to the end.
    """

    model_id: str
    path: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    relation: str | None = None
    siblings: int = 0
    children: int = 0
    below: int = 0
    downloads: int | None = None
    read_on: pd.Timestamp | None = None
    licence: str | None = None
    created_on: pd.Timestamp | None = None
    told: bool = False
    asked_on: pd.Timestamp | None = None
    complete: bool = False


def place(forest: Forest, model_id: str) -> Place:
    """Where ``model_id`` stands, also where nothing names it."""
    lineage, kin, traits = forest.lineage, forest.kin, forest.traits
    number = lineage.known.find(model_id)
    if number is None:
        return Place(model_id, (model_id,))
    above = kin.parents_of(number)
    downloads, licence = int(traits.downloads[number]), int(traits.licence[number])
    return Place(
        model_id=lineage.spelling(model_id),
        path=tuple(lineage.path_to_root(model_id)),
        parents=tuple(map(str, forest.names(above))),
        relation=lineage.relation(model_id),
        siblings=len(kin.children_of(int(above[0]))) - 1 if len(above) else 0,
        children=len(kin.children_of(number)),
        below=kin.count(number),
        downloads=None if downloads < 0 else downloads,
        read_on=timestamp(int(traits.read[number])),
        licence=None if licence < 0 else traits.licences[licence],
        created_on=timestamp(int(traits.created[number])),
        told=bool(traits.told[number]),
        asked_on=timestamp(int(traits.asked_on[number])),
        complete=int(traits.asked[number]) == TO_THE_END,
    )


def root_above(forest: Forest, roots: pd.DataFrame, model_id: str) -> tuple[str, str] | None:
    """Family and root of ``roots`` under which ``model_id`` hangs; None under none of them.

    The first on the way of the first parents counts, else the nearest of all ways.
    """
    lineage = forest.lineage
    if model_id not in lineage:
        return None
    family = dict(zip(roots["root"], roots["family"], strict=True))
    first = lineage.path_to_root(model_id)[0]
    if first in family:
        return str(family[first]), first
    here, seen = [lineage.spelling(model_id)], {model_id}
    while here and len(seen) < _MOST_WAYS:
        above = [str(parent) for model in here for parent in lineage.parents(model)]
        here = [parent for parent in dict.fromkeys(above) if parent not in seen]
        seen.update(here)
        for root in here:
            if root in family:
                return str(family[root]), root
    return None

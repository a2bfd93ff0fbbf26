"""Where one model stands: what it is built on, what is built on it, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.schemas import HUB

if TYPE_CHECKING:
    from core.measure.lineage import Lineage

_MOST_WAYS: Final = 10_000
"""Ancestors that are looked at for the roots of a model."""


@dataclass(frozen=True)
class Place:
    """One model. What is not known is None, null or empty.

    ``path`` leads from a root down to the model itself, ``parents`` are its
    declared bases. ``siblings`` have the first of these as a base too,
    ``children`` are built directly on it and ``below`` in any number of steps.
    ``downloads`` is the Hub's counter of the 30 days before ``read_on``.
    ``asked_at`` is when the Hub was last asked what is built on it, ``complete``
    whether its answer was read to the end.
    """

    model_id: str
    in_tree: bool
    path: tuple[str, ...]
    parents: tuple[str, ...]
    relation: str | None
    siblings: int
    children: int
    below: int
    downloads: int | None
    read_on: pd.Timestamp | None
    licence: str | None
    created_on: pd.Timestamp | None
    told: bool
    asked_at: pd.Timestamp | None
    complete: bool


def place(
    lineage: Lineage,
    models: pd.DataFrame,
    readings: pd.DataFrame,
    listings: pd.DataFrame,
    model_id: str,
) -> Place:
    """Where ``model_id`` stands, also where no link names it."""
    in_tree = model_id in lineage
    name = lineage.spelling(model_id) if in_tree else model_id
    names = {name, model_id}
    about = _newest(models, "model_id", names, "last_seen")
    counted = readings[readings["downloads_30d"].notna()]
    read = _newest(counted, "model_id", names, "read_at")
    asked = _newest(listings[listings["source"] == HUB], "parent", names, "asked_at")
    parents = tuple(map(str, lineage.parents(name))) if in_tree else ()
    return Place(
        model_id=name,
        in_tree=in_tree,
        path=tuple(lineage.path_to_root(name)) if in_tree else (name,),
        parents=parents,
        relation=lineage.relation(name) if in_tree else None,
        siblings=len(lineage.children(parents[0])) - 1 if parents else 0,
        children=len(lineage.children(name)) if in_tree else 0,
        below=len(lineage.descendants(name)) if in_tree else 0,
        downloads=None if read is None else int(read["downloads_30d"]),
        read_on=None if read is None else read["read_at"].tz_localize(None).normalize(),
        licence=_text(about, "licence"),
        created_on=None
        if about is None or pd.isna(about["created_on"])
        else pd.Timestamp(about["created_on"]),
        told=_text(about, "hub_id") is not None,
        asked_at=None if asked is None else asked["asked_at"],
        complete=asked is not None and bool(asked["complete"]),
    )


def root_above(lineage: Lineage, roots: pd.DataFrame, model_id: str) -> tuple[str, str] | None:
    """Family and root of ``roots`` under which ``model_id`` hangs; None under none of them.

    The first on the way of the first parents counts, else the nearest of all ways.
    """
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


def _newest(rows: pd.DataFrame, column: str, names: set[str], when: str) -> pd.Series | None:
    """The newest row of one of ``names``, None without any."""
    found = rows[rows[column].isin(names)]
    if found.empty:
        return None
    newest: pd.Series = found.sort_values(when).iloc[-1]
    return newest


def _text(row: pd.Series | None, column: str) -> str | None:
    if row is None or pd.isna(row[column]) or not str(row[column]).strip():
        return None
    return str(row[column])

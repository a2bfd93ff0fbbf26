"""What is built on a model: the rows behind a family tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from core.errors import NothingToShow

if TYPE_CHECKING:
    from core.measure.families import FamilyRules
    from core.measure.lineage import Lineage


def roots(lineage: Lineage, rules: FamilyRules) -> pd.DataFrame:
    """Official models without parents that have descendants, largest first.

    Columns ``family``, ``root`` and ``below`` (number of distinct descendants).
    Families come in the order of their largest root. Raises ``NothingToShow``
    where there is none.
    """
    counts = lineage.descendant_counts()
    rows = pd.DataFrame(
        [(rules.family_of(root), root, int(counts[root])) for root in lineage.roots],
        columns=["family", "root", "below"],
    )
    rows = rows[rows["family"].notna() & (rows["below"] > 0)]
    if rows.empty:
        message = "The store knows of no model that is built on a family's own."
        raise NothingToShow(message)
    largest = rows.groupby("family")["below"].transform("max")
    rows = rows.assign(largest=largest).sort_values(
        ["largest", "family", "below", "root"], ascending=[False, True, False, True]
    )
    return rows.drop(columns="largest").reset_index(drop=True)


@dataclass(frozen=True)
class Branch:
    """All that is built on ``node``.

    ``rows`` has a row for each distinct descendant, nearest first and among
    those the one with most below it first:
    ``model_id``, ``relation`` to its parents, ``parents`` (their ids), ``level``
    (1 is built on the node itself), ``below`` (distinct descendants of its own)
    and ``family`` (null unless it is a family's official model).
    """

    node: str
    rows: pd.DataFrame

    @cached_property
    def tiles(self) -> pd.DataFrame:
        """The rows of level 1."""
        return self.rows[self.rows["level"] == 1]


def branch(lineage: Lineage, node: str, rules: FamilyRules, *, without_official: bool) -> Branch:
    """The branch under ``node``.

    With ``without_official`` the models of all families' own accounts are not
    counted; what is built on them moves up to their place. Raises
    ``NothingToShow`` where ``node`` is not in the tree.
    """
    node = lineage.spelling(node)
    counts = lineage.descendant_counts()
    official: dict[str, str | None] = {}
    levels: dict[str, int] = {}
    here, level = [node], 1
    while here:
        # Breadth first, so that each model gets its shortest way from the node;
        # a hidden model passes its children on to its own level.
        found: list[str] = []
        waiting = list(here)
        for parent in waiting:
            for child in lineage.children(parent):
                if child in levels or child == node:
                    continue
                official[child] = rules.family_of(child)
                levels[child] = level
                if without_official and official[child]:
                    waiting.append(child)
                else:
                    found.append(child)
        here, level = found, level + 1
    hidden = {child for child in levels if without_official and official[child]}
    shown = [child for child in levels if child not in hidden]
    rows = pd.DataFrame(
        {
            "model_id": pd.Series(shown, dtype="str"),
            "relation": pd.Series([lineage.relation(child) for child in shown], dtype="str"),
            "parents": pd.Series(
                [", ".join(lineage.parents(child)) for child in shown], dtype="str"
            ),
            "level": pd.Series([levels[child] for child in shown], dtype="int64"),
            "below": pd.Series(
                [_below(lineage, child, int(counts[child]), hidden) for child in shown],
                dtype="int64",
            ),
            "family": pd.Series([official[child] for child in shown], dtype="str"),
        }
    )
    rows = rows.sort_values(["level", "below", "model_id"], ascending=[True, False, True])
    return Branch(node, rows.reset_index(drop=True))


def number_sizes(tiles: pd.DataFrame) -> pd.Series:
    """How many models each of ``Branch.tiles`` stands for: itself, and those built on it."""
    return tiles["below"] + 1


@dataclass(frozen=True)
class Downloads:
    """30-day downloads of the models of a branch, all read on one day by one source.

    ``sizes`` sums each of ``Branch.tiles`` with all that is built on it (Int64,
    null where nothing of it was read); ``by_model`` has each model that was read.
    """

    sizes: pd.Series
    by_model: pd.Series
    day: pd.Timestamp
    source: str


def download_sizes(lineage: Lineage, readings: pd.DataFrame, tiles: pd.DataFrame) -> Downloads:
    """The downloads behind ``Branch.tiles``.

    They are of the one day on which most of these models were read, so that no
    two days are mixed. Raises ``NothingToShow`` where none was ever read.
    """
    under = {tile: {tile, *lineage.descendants(tile)} for tile in tiles["model_id"]}
    known = readings[readings["downloads_30d"].notna()]
    known = known[known["model_id"].isin(set().union(*under.values()))]
    if known.empty:
        message = "No downloads are known of any model that is built on this one."
        raise NothingToShow(message)
    days = known["read_at"].dt.tz_localize(None).dt.normalize()
    often = known.groupby([days, "source"])["model_id"].nunique()
    day, source = max(often[often == often.max()].index)  # the newest of equals
    read = known[(days == day) & (known["source"] == source)].sort_values("read_at")
    by_model = read.drop_duplicates("model_id", keep="last").set_index("model_id")["downloads_30d"]
    counts = by_model.to_dict()
    sums = [
        sum(counts[model] for model in models & counts.keys()) if models & counts.keys() else None
        for models in under.values()
    ]
    return Downloads(
        pd.Series(sums, index=tiles.index, dtype="Int64"),
        by_model,
        pd.Timestamp(day),
        str(source),
    )


def _below(lineage: Lineage, model: str, count: int, hidden: set[str]) -> int:
    if not hidden or not count:
        return count
    return count - len(hidden.intersection(lineage.descendants(model)))

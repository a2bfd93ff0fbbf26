"""What is built on a model or a family, and when it came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.make_up import LIVE_DATA
from core.measure.traits import NEVER

if TYPE_CHECKING:
    from core.measure.forest import Forest, Official
    from core.measure.graph import Numbers


@dataclass(frozen=True, eq=False)
class Built:
    """The distinct models built on some, directly or over several steps.

    ``models`` are their numbers in ``forest``, which is their alphabetical
    order. ``as_of`` is the last day on which one was declared: of what came
    later nothing is known.
    """

    forest: Forest
    models: Numbers
    as_of: pd.Timestamp

    @property
    def created_on(self) -> pd.Series:
        """When each was created (datetime64), null where it was not told."""
        created = self.forest.traits.created[self.models]
        moments = created.astype("datetime64[D]").astype("datetime64[s]")
        return pd.Series(moments).where(created != NEVER)


def built_on(
    forest: Forest, nodes: tuple[str, ...], official: Official, *, without_official: bool
) -> Built:
    """What is built on ``nodes``.

    A model of several nodes counts once. With ``without_official`` models of
    the families' own accounts are not counted; what is built on them is. Ids
    that differ only in case are one. Raises ``NothingToShow`` where nothing is
    built on them.
    """
    numbers = [forest.lineage.known.number(node) for node in nodes]
    models = _under(forest, numbers)
    if without_official:
        models = models[official.among(models) < 0]
    if not len(models):
        message = "Nothing is known to be built on it."
        raise NothingToShow(message, advice=LIVE_DATA)
    as_of = pd.Timestamp(int(forest.traits.seen[models].max()), unit="D")
    return Built(forest, models.astype(np.int32), as_of)


def family_ids(forest: Forest, official: Official, family: str) -> tuple[str, ...]:
    """The official models of ``family``."""
    return tuple(map(str, forest.names(official.of(family))))


def created_within(built: Built, first: pd.Timestamp, last: pd.Timestamp) -> Built:
    """Those created from ``first`` to ``last``, both included. Raises ``NothingToShow``."""
    created = built.created_on
    within = created.between(first, last).to_numpy()
    if not within.any():
        known = int(created.notna().sum())
        message = (
            f"No model built on it is known to have been created from {first:%Y-%m-%d} to "
            f"{last:%Y-%m-%d}. The day is known of {known:,} of {len(created):,} models."
        )
        raise NothingToShow(message, advice="" if known else LIVE_DATA)
    return Built(built.forest, built.models[within], built.as_of)


def _under(forest: Forest, nodes: list[int]) -> Numbers:
    """All that is built on ``nodes``, each once, ascending."""
    if len(nodes) == 1:
        return forest.kin.below(nodes[0])
    marks = np.zeros(len(forest.lineage), dtype=np.bool_)
    for node in nodes:
        if not marks[node]:  # else all that is under it is there already
            marks[forest.kin.below(node)] = True
    return np.flatnonzero(marks)

"""What is built on a model or a family, and when it came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.make_up import LIVE_DATA
from core.measure.traits import NEVER, day_of

if TYPE_CHECKING:
    from core.measure.forest import Forest, Official
    from core.measure.graph import Numbers

Span = tuple[pd.Timestamp, pd.Timestamp]
"""The first and the last day of a span of days."""


@dataclass(frozen=True, eq=False)
class Built:
    """The distinct models built on some, directly or over several steps.

    ``models`` are their numbers in ``forest`` (int32), which is their
    alphabetical order. ``as_of`` is the last day on which one was declared: of
    what came later nothing is known.
    """

    forest: Forest
    models: Numbers
    as_of: pd.Timestamp


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
    models = forest.kin.descent.below_any(numbers).astype(np.int32, copy=False)
    if without_official:
        models = np.delete(models, official.within(models))
    if not len(models):
        message = "Nothing is known to be built on it."
        raise NothingToShow(message, advice=LIVE_DATA)
    as_of = pd.Timestamp(int(forest.traits.seen[models].max()), unit="D")
    return Built(forest, models, as_of)


def family_ids(forest: Forest, official: Official, family: str) -> tuple[str, ...]:
    """The official models of ``family``."""
    return tuple(map(str, forest.names(official.of(family))))


def created_within(built: Built, first: pd.Timestamp, last: pd.Timestamp) -> Built:
    """Those created from day ``first`` to ``last``, both included. Raises ``NothingToShow``.

    Where all were, it is ``built`` itself.
    """
    created = built.forest.traits.created[built.models]
    within = (created >= day_of(first)) & (created <= day_of(last))
    if within.all():
        return built
    if not within.any():
        known = int(np.count_nonzero(created != NEVER))
        message = (
            f"No model built on it is known to have been created from {first:%Y-%m-%d} to "
            f"{last:%Y-%m-%d}. The day is known of {known:,} of {len(created):,} models."
        )
        raise NothingToShow(message, advice="" if known else LIVE_DATA)
    return Built(built.forest, built.models[within], built.as_of)

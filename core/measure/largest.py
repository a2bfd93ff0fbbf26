"""The few largest of many values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.measure.graph import Numbers


def largest(values: Numbers, most: int) -> Numbers:
    """The places of the ``most`` largest of ``values``, largest first, equals as they come.

    ``values`` are signed numbers, none of them NaN. Numbers are sorted several
    times as fast as places; ``np.partition`` is slow where many are equal.
    """
    places = np.arange(len(values))
    if len(values) > most:
        least = np.sort(values)[len(values) - most]
        larger = np.flatnonzero(values > least)
        equal = np.flatnonzero(values == least)[: most - len(larger)]
        places = np.concatenate([larger, equal])
    return places[np.argsort(-values[places], kind="stable")]

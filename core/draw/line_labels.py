"""Names beside the ends of lines, apart from each other."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.draw import words
from core.draw.columns import texts
from core.draw.history import INDEX, LAUNCH, LOG
from core.draw.spaced import spaced
from core.draw.theme import LINES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LABEL_HEIGHT: Final = 17
_BELOW_LINES: Final = 40
GAP: Final = _LABEL_HEIGHT / (LINES - _BELOW_LINES)
"""Room that a name takes, as a part of the height of the plot."""

_LABELLED: Final = 10
"""Lines with a label at their end; the others have their name on hover and in the table."""
_NAME: Final = 0.22
"""How much of a chart's width a family's name with its figure takes."""


@dataclass(frozen=True)
class Points:
    """Points of lines: ``family`` is an index into ``names``, ``x`` a day or days since launch."""

    names: Sequence[str]
    family: NDArray[np.intp]
    x: NDArray[Any]
    value: NDArray[np.float64]
    colour: pd.Categorical[Any]
    complete: NDArray[np.bool_]

    def ends(self) -> NDArray[np.intp]:
        """The last finished point of each of the highest lines, lowest first."""
        # What is not finished would be quoted as if it were: the last finished figure is written.
        whole = self.complete
        which = np.flatnonzero(whole) if whole.any() else np.arange(len(whole))
        last = np.full(len(self.names), -1)
        last[self.family[which]] = which
        ends = np.sort(last[last >= 0])
        ends = ends[np.argsort(-self.value[ends], kind="stable")][:_LABELLED]
        return ends[np.argsort(self.value[ends], kind="stable")]


def line_labels(points: Points, look: str, low: float, high: float) -> pd.DataFrame:
    """``x, height, label, short, colour``; the axis goes from ``low`` to ``high``."""
    ends = points.ends()
    values, x = points.value[ends].tolist(), points.x
    if look == LAUNCH:
        heights = _apart(x[ends].tolist(), values, GAP * (high - low))
    elif look == LOG:
        scale = (high / low) ** GAP if low > 0 else 1.0
        logs = spaced([log(value) for value in values], log(scale), floor=log(low))
        heights = [exp(value) for value in logs]
    else:
        heights = spaced(values, GAP * (high - low), floor=low)
    say = "{:.0f}".format if look == INDEX else words.short
    names = [points.names[at] for at in points.family[ends]]
    said = [f"{name} {say(value)}" for name, value in zip(names, values, strict=True)]
    return pd.DataFrame(
        {
            "x": x[ends] if look == LAUNCH or not len(x) else np.full(len(ends), x.max()),
            "height": np.array(heights, np.float64),
            "label": texts(said),
            "short": texts(names),
            "colour": texts(points.colour[ends]),
        }
    )


def _apart(places: Sequence[float], heights: Sequence[float], gap: float) -> list[float]:
    """``heights``, lowest first, raised where a name beside it would be written over.

    The lines end in different places: only names that begin close to each other collide.
    """
    near = _NAME * max([1.0, *places])
    found: list[float] = []
    for at, height in enumerate(heights):
        raised = height
        for other in sorted(
            found[one] for one in range(at) if abs(places[one] - places[at]) < near
        ):
            if other - gap < raised < other + gap:
                raised = other + gap
        found.append(raised)
    return found

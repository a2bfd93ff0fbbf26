"""A branch level by level: each row of tiles is one step further from the model in focus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import numpy as np
import pandas as pd

from core.draw import words
from core.draw.built import built_once
from core.draw.theme import INK, Spec, finished
from core.draw.treemap import MOST_TILES, PICK, Colouring, across, coloured, colours, sized
from core.measure.largest import largest

if TYPE_CHECKING:
    import numpy.typing as npt

    from core.measure.graph import Numbers
    from core.measure.tree import Branch

    Reals = npt.NDArray[np.float64]

MOST_LEVELS: Final = 8
"""Rows that are drawn; what lies deeper is among the others."""

STRIP: Final = 0.08
"""Part of the height that the strip of all other models takes."""

_ROW: Final = 64
"""Height of a row, in pixels."""
_LEAST: Final = 0.002
"""Part of the width under which a tile cannot be seen."""


def icicle_data(branch: Branch, sizes: pd.Series, unit: str) -> dict[str, pd.DataFrame]:
    """``tiles``, ``base`` and ``strip`` for ``icicle_spec``.

    ``sizes`` (a row each) are what each model stands for, itself and all that
    hangs from it (see ``measure.tree.hanging``). The largest get a tile, below
    the one they hang from; the rest is a strip of bounded area with its true
    number written on it.
    """
    values = sizes.to_numpy(dtype=np.float64)
    whole = float(values[: branch.direct].sum())
    # Rows come by level, so that of equals those nearer come first.
    large = np.flatnonzero(values[: branch.ends[:MOST_LEVELS].max(initial=0)] > _LEAST * whole)
    # What a tile hangs from is at least as large and one level up: it is drawn too.
    shown = large[largest(values[large], MOST_TILES)]
    shown = shown[np.argsort(branch.level_of(shown), kind="stable")]
    level, size = branch.level_of(shown), values[shown]
    starts, ends = _side_by_side(shown, branch.above[shown], size / whole)
    left_out = len(branch) - len(shown)
    edge = 1 - STRIP if left_out else 1.0
    high = edge / (int(level.max(initial=0)) + 1)
    tiles = pd.DataFrame(
        coloured(branch.shown(pd.Index(shown)))
        | {
            "size": sized(size, unit),
            "level": level,
            "x0": np.array(starts, dtype=np.float64),
            "x1": np.array(ends, dtype=np.float64),
            "y0": level * high,
            "y1": (level + 1) * high,
        }
    )
    name = branch.node.partition("/")[2] or branch.node
    text = f"others ({left_out:,} of {words.plural(len(branch), 'model')} in all)"
    return {
        "tiles": tiles,
        "base": across([name], 0.0, high),
        "strip": across([text] * bool(left_out), edge, 1.0),
    }


def _side_by_side(rows: Numbers, above: Numbers, parts: Reals) -> tuple[list[float], list[float]]:
    """Where tiles start and end whose rows these are, each below the row it hangs from."""
    begin: dict[int, float] = {-1: 0.0}
    starts, ends = [], []
    for row, base, part in zip(rows.tolist(), above.tolist(), parts.tolist(), strict=True):
        start = begin[base]
        begin[base] = end = min(start + part, 1.0)
        begin[row] = start
        starts.append(start)
        ends.append(end)
    return starts, ends


def rows_of(data: dict[str, pd.DataFrame]) -> int:
    """How many rows of tiles ``icicle_data`` has, that of the model in focus included."""
    levels = data["tiles"]["level"]
    return 1 + (int(levels.max()) if len(levels) else 0)


def icicle_spec(rows: int, by: Colouring = "relation") -> Spec:
    """``rows`` rows of tiles in the unit square, clickable, with the strip of all others below."""
    return _icicle(by) | {"height": _ROW * rows + 90}


@built_once
def _icicle(by: Colouring) -> Spec:
    frame = [
        alt.X("x0:Q", scale=alt.Scale(domain=[0, 1]), axis=None),
        alt.Y("y0:Q", scale=alt.Scale(domain=[1, 0]), axis=None),
        alt.X2("x1"),
        alt.Y2("y1"),
    ]
    tiles = alt.Chart(alt.NamedData("tiles"))
    rects = (
        tiles.mark_rect(stroke="white", strokeWidth=1, cursor="pointer")
        .encode(
            *frame,
            color=colours(by),
            tooltip=[
                alt.Tooltip("model:N", title="Model"),
                alt.Tooltip("relation:N", title="Relation"),
                alt.Tooltip("licence:N", title="Licence"),
                alt.Tooltip("level:Q", title="Steps from the model"),
                alt.Tooltip("size:N", title="Width"),
                alt.Tooltip("below:N", title="Models built on it"),
            ],
        )
        .add_params(alt.selection_point(name=PICK, fields=["model"], on="click"))
    )
    names = (
        tiles.transform_filter("(datum.x1 - datum.x0) * width > 54")
        .mark_text(
            align="left",
            baseline="top",
            dx=5,
            dy=5,
            color="white",
            limit=alt.expr("(datum.x1 - datum.x0) * width - 8"),
            tooltip=False,
            aria=False,
        )
        .encode(frame[0], frame[1], text="label:N")
    )
    layers = [rects, names]
    for name, fill in (("base", "#CBD5E1"), ("strip", "#E2E8F0")):
        source = alt.Chart(alt.NamedData(name))
        layers += [
            source.mark_rect(color=fill, stroke="white", strokeWidth=1, aria=False).encode(*frame),
            source.mark_text(
                align="left",
                baseline="top",
                dx=6,
                dy=6,
                color=INK,
                limit=alt.expr("width - 12"),
                aria=False,
            ).encode(frame[0], frame[1], text="label:N"),
        ]
    return finished(*layers, height=0)

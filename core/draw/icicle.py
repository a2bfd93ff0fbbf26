"""A branch level by level: each row of tiles is one step further from the model in focus."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from core.draw import words
from core.draw.theme import INK, Spec, finished
from core.draw.treemap import MOST_TILES, PICK, Colouring, coloured, colours

if TYPE_CHECKING:
    from core.measure.tree import Branch

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
    rows = pd.DataFrame({"level": branch.level, "above": branch.above, "size": sizes})
    whole = float(rows.loc[rows["level"] == 1, "size"].sum())
    large = (rows["size"] > _LEAST * whole) & (rows["level"] <= MOST_LEVELS)
    # What a tile hangs from is at least as large and one level up: it is drawn too.
    shown = rows[large].sort_values(["size", "level"], ascending=[False, True], kind="stable")
    shown = shown.head(MOST_TILES).sort_values("level", kind="stable")
    begin: dict[int, float] = {-1: 0.0}
    starts, ends = [], []
    for model, above, size in zip(shown.index, shown["above"], shown["size"], strict=True):
        start = begin[above]
        begin[above] = end = min(start + size / whole, 1.0)
        begin[model] = start
        starts.append(start)
        ends.append(end)
    levels = int(shown["level"].max()) if len(shown) else 0
    left_out = len(rows) - len(shown)
    edge = 1 - STRIP if left_out else 1.0
    high = edge / (levels + 1)
    frame = coloured(branch.shown(shown.index)).assign(
        size=shown["size"].map(words.count).astype("str") + f" {unit}",
        level=shown["level"],
        x0=pd.Series(starts, index=shown.index, dtype="float64"),
        x1=pd.Series(ends, index=shown.index, dtype="float64"),
        y0=shown["level"] * high,
        y1=(shown["level"] + 1) * high,
    )
    name = branch.node.partition("/")[2] or branch.node
    base = pd.DataFrame({"label": [name], "x0": [0.0], "x1": [1.0], "y0": [0.0], "y1": [high]})
    text = f"others ({left_out:,} of {words.plural(len(rows), 'model')} in all)"
    strip = pd.DataFrame({"label": pd.Series([text] * bool(left_out), dtype="str")})
    strip = strip.assign(x0=0.0, x1=1.0, y0=edge, y1=1.0)
    return {
        "tiles": frame,
        "base": base.astype({"label": "str"}),
        "strip": strip.astype({"label": "str"}),
    }


def rows_of(data: dict[str, pd.DataFrame]) -> int:
    """How many rows of tiles ``icicle_data`` has, that of the model in focus included."""
    levels = data["tiles"]["level"]
    return 1 + (int(levels.max()) if len(levels) else 0)


@cache
def icicle_spec(rows: int, by: Colouring = "relation") -> Spec:
    """``rows`` rows of tiles in the unit square, clickable, with the strip of all others below."""
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
    return finished(*layers, height=_ROW * rows + 90)

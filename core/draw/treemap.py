"""The treemap of a branch: every tile is a model, its area what was chosen."""

from __future__ import annotations

from functools import cache
from typing import Final

import altair as alt
import pandas as pd

from core.draw import words
from core.draw.theme import INK, Spec, finished
from core.draw.treemap_layout import treemap

PICK: Final = "pick"
"""Name of the selection that a click on a tile fills."""

RELATIONS: Final = {
    "finetune": "#1D4ED8",
    "quantized": "#B45309",
    "adapter": "#047857",
    "merge": "#9D174D",
    "other": "#475569",
}
"""Colours of relations: white text on each has at least 4.5:1."""

MOST_TILES: Final = 150
STRIP: Final = 0.1
"""Part of the height that the strip of all other models takes."""

_HEIGHT: Final = 480
_TWICE_AS_WIDE: Final = 2
"""Tiles are squarest where the chart is twice as wide as high, as on a desk."""


def treemap_data(tiles: pd.DataFrame, sizes: pd.Series, unit: str) -> dict[str, pd.DataFrame]:
    """``tiles`` and ``strip`` for ``treemap_spec``.

    ``tiles`` has model_id, relation and below; ``sizes`` (same index) holds the
    areas, null or zero for what has none. The largest get a tile; the rest is
    a strip of bounded area with its true number written on it.
    """
    # The layout puts its strip at the side; seen across, it is at the bottom,
    # where there is room for its words.
    layout = treemap(sizes, most=MOST_TILES, others_share=STRIP, width=1, height=_TWICE_AS_WIDE)
    place, shown = layout.tiles, tiles.loc[layout.tiles.index]
    frame = pd.DataFrame(
        {
            "model": shown["model_id"],
            "label": shown["model_id"].str.partition("/")[2],
            "relation": shown["relation"].where(shown["relation"].isin(RELATIONS), "other"),
            "size": place["size"].map(words.count) + f" {unit}",
            "below": shown["below"].map("{:,}".format),
            "x0": place["y0"] / _TWICE_AS_WIDE,
            "x1": place["y1"] / _TWICE_AS_WIDE,
            "y0": place["x0"],
            "y1": place["x1"],
        }
    )
    rest = layout.others
    names = []
    if rest:
        of_all = f"{rest.number:,} of {words.plural(len(tiles), 'model')} built directly on it"
        names.append(f"others ({of_all})")
    strip = pd.DataFrame({"label": pd.Series(names, dtype="str")})
    strip = strip.assign(x0=0.0, x1=1.0, y0=rest.x0 if rest else 1.0, y1=1.0)
    return {"tiles": frame, "strip": strip.astype({"label": "str"})}


@cache
def treemap_spec() -> Spec:
    """Tiles in the unit square, clickable, with the strip of all others below.

    Data: see ``treemap_data``. A tile's name is written where there is room.
    """
    frame = [
        alt.X("x0:Q", scale=alt.Scale(domain=[0, 1]), axis=None),
        alt.Y("y0:Q", scale=alt.Scale(domain=[1, 0]), axis=None),
        alt.X2("x1"),
        alt.Y2("y1"),
    ]
    relation = alt.Color(
        "relation:N",
        scale=alt.Scale(domain=list(RELATIONS), range=list(RELATIONS.values())),
        legend=alt.Legend(
            orient="top", title=None, labelFontSize=13, symbolType="square", columns=3
        ),
    )
    tiles = alt.Chart(alt.NamedData("tiles"))
    rects = (
        tiles.mark_rect(stroke="white", strokeWidth=1.5, cursor="pointer")
        .encode(
            *frame,
            color=relation,
            tooltip=[
                alt.Tooltip("model:N", title="Model"),
                alt.Tooltip("relation:N", title="Relation"),
                alt.Tooltip("size:N", title="Area"),
                alt.Tooltip("below:N", title="Models built on it"),
            ],
        )
        .add_params(alt.selection_point(name=PICK, fields=["model"], on="click"))
    )
    names = (
        tiles.transform_filter(
            "(datum.x1 - datum.x0) * width > 54 && (datum.y1 - datum.y0) * height > 20"
        )
        .mark_text(
            align="left",
            baseline="top",
            dx=5,
            dy=5,
            color="white",
            limit=alt.expr("(datum.x1 - datum.x0) * width - 8"),
            tooltip=False,
            aria=False,  # the tiles say their names; without room none is written
        )
        .encode(frame[0], frame[1], text="label:N")
    )
    strip = alt.Chart(alt.NamedData("strip"))
    others = strip.mark_rect(color="#E2E8F0", stroke="white", strokeWidth=1.5, aria=False).encode(
        *frame
    )
    words_of_others = strip.mark_text(
        align="left", baseline="top", dx=6, dy=6, color=INK, aria=False
    ).encode(frame[0], frame[1], text="label:N")
    return finished(rects, names, others, words_of_others, height=_HEIGHT)

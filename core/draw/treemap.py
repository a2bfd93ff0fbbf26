"""The treemap of a branch: every tile is a model, its area what was chosen."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, Literal

import altair as alt
import pandas as pd

from core.draw import words
from core.draw.theme import INK, Spec, finished
from core.draw.treemap_layout import treemap
from core.measure.licences import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

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

LICENCES: Final = {
    "same as its base": "#047857",
    "another": "#B45309",
    "none stated": "#9D174D",
    "base states none": "#1D4ED8",
    "not known": "#475569",
}
"""Colours of a licence beside that of the base; white text as above."""

_LICENCE_WORDS: Final = dict(zip(KINDS, LICENCES, strict=False))

Colouring = Literal["relation", "licence"]

MOST_TILES: Final = 150
STRIP: Final = 0.1
"""Part of the height that the strip of all other models takes."""

_HEIGHT: Final = 480
_TWICE_AS_WIDE: Final = 2
"""Tiles are squarest where the chart is twice as wide as high, as on a desk."""


def treemap_data(
    shown: Callable[[pd.Index], pd.DataFrame], sizes: pd.Series, unit: str
) -> dict[str, pd.DataFrame]:
    """``tiles`` and ``strip`` for ``treemap_spec``.

    ``sizes`` hold the areas, null or zero for what has none. ``shown`` gives
    model_id, relation, licence and below (see ``measure.tree.Branch.shown``) of
    those of their index that it is asked for. The largest get a tile; the rest
    is a strip of bounded area with its true number written on it.
    """
    # The layout puts its strip at the side; seen across, it is at the bottom,
    # where there is room for its words.
    layout = treemap(sizes, most=MOST_TILES, others_share=STRIP, width=1, height=_TWICE_AS_WIDE)
    place = layout.tiles
    frame = coloured(shown(place.index)).assign(
        size=place["size"].map(words.count).astype("str") + f" {unit}",
        x0=place["y0"] / _TWICE_AS_WIDE,
        x1=place["y1"] / _TWICE_AS_WIDE,
        y0=place["x0"],
        y1=place["x1"],
    )
    rest = layout.others
    names = []
    if rest:
        of_all = f"{rest.number:,} of {words.plural(len(sizes), 'model')} built directly on it"
        names.append(f"others ({of_all})")
    strip = pd.DataFrame({"label": pd.Series(names, dtype="str")})
    strip = strip.assign(x0=0.0, x1=1.0, y0=rest.x0 if rest else 1.0, y1=1.0)
    return {"tiles": frame, "strip": strip.astype({"label": "str"})}


def coloured(shown: pd.DataFrame) -> pd.DataFrame:
    """What a tile says of its model: name, relation, licence, models built on it."""
    licence = shown["licence"].map(_LICENCE_WORDS).astype("str").fillna("not known")
    return pd.DataFrame(
        {
            "model": shown["model_id"],
            "label": shown["model_id"].map(lambda name: name.partition("/")[2]).astype("str"),
            "relation": shown["relation"].where(shown["relation"].isin(RELATIONS), "other"),
            "licence": licence,
            "below": shown["below"].map("{:,}".format),
        }
    )


def colours(by: Colouring) -> alt.Color:
    """The colour of a tile, with its legend."""
    named = RELATIONS if by == "relation" else LICENCES
    return alt.Color(
        f"{by}:N",
        scale=alt.Scale(domain=list(named), range=list(named.values())),
        legend=alt.Legend(
            orient="top", title=None, labelFontSize=13, symbolType="square", columns=3
        ),
    )


@cache
def treemap_spec(by: Colouring = "relation") -> Spec:
    """Tiles in the unit square, clickable, with the strip of all others below.

    Data: see ``treemap_data``. A tile's name is written where there is room.
    """
    frame = [
        alt.X("x0:Q", scale=alt.Scale(domain=[0, 1]), axis=None),
        alt.Y("y0:Q", scale=alt.Scale(domain=[1, 0]), axis=None),
        alt.X2("x1"),
        alt.Y2("y1"),
    ]
    tiles = alt.Chart(alt.NamedData("tiles"))
    rects = (
        tiles.mark_rect(stroke="white", strokeWidth=1.5, cursor="pointer")
        .encode(
            *frame,
            color=colours(by),
            tooltip=[
                alt.Tooltip("model:N", title="Model"),
                alt.Tooltip("relation:N", title="Relation"),
                alt.Tooltip("licence:N", title="Licence"),
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

"""The treemap of a branch: every tile is a model, its area what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import altair as alt
import numpy as np
import pandas as pd

from core.draw import words
from core.draw.built import built_once
from core.draw.theme import INK, Spec, finished
from core.draw.treemap_layout import CORNERS, squarify
from core.measure.largest import largest
from core.measure.licences import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Reals = npt.NDArray[np.float64]
    Column = pd.api.extensions.ExtensionArray | Reals

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
    values = sizes.to_numpy(dtype=np.float64, na_value=0.0)
    values = np.where(np.isfinite(values), values, 0.0)
    first = largest(values, MOST_TILES)
    first = first[values[first] > 0]
    place, others = _laid_out(values[first], len(values))
    drawn = ~np.isnan(place["x0"])
    first, place = first[drawn], {name: corners[drawn] for name, corners in place.items()}
    tiles = pd.DataFrame(
        coloured(shown(sizes.index[first]))
        | {
            "size": sized(values[first], unit),
            "x0": place["y0"] / _TWICE_AS_WIDE,
            "x1": place["y1"] / _TWICE_AS_WIDE,
            "y0": place["x0"],
            "y1": place["x1"],
        }
    )
    left_out = f"{len(values) - len(first):,} of {words.plural(len(values), 'model')}"
    label = [f"others ({left_out} built directly on it)"] * others
    return {"tiles": tiles, "strip": across(label, 1 - STRIP if others else 1.0, 1.0)}


def _laid_out(sizes: Reals, models: int) -> tuple[dict[str, Reals], bool]:
    """Corners of tiles with ``sizes``, and whether some of ``models`` are left out.

    The layout goes from left to right, where it leaves room for the others:
    seen across, at the bottom, where there is room for their words.
    """
    others = len(sizes) < models
    place = squarify(sizes, 1 - STRIP if others else 1, _TWICE_AS_WIDE)
    if not others and place["x0"].isna().any():
        others, place = True, squarify(sizes, 1 - STRIP, _TWICE_AS_WIDE)
    return {name: place[name].to_numpy() for name in CORNERS}, others


def coloured(shown: pd.DataFrame) -> dict[str, Column]:
    """What a tile says of its model: name, relation, licence, models built on it."""
    names, relations = shown["model_id"].tolist(), shown["relation"].tolist()
    licences = [_LICENCE_WORDS.get(kind, "not known") for kind in shown["licence"].tolist()]
    return {
        "model": texts(names),
        "label": texts([name.partition("/")[2] for name in names]),
        "relation": texts([name if name in RELATIONS else "other" for name in relations]),
        "licence": texts(licences),
        "below": texts([f"{number:,}" for number in shown["below"].tolist()]),
    }


def sized(sizes: Reals, unit: str) -> Column:
    """What tiles say of their ``sizes``."""
    return texts([f"{words.count(size)} {unit}" for size in sizes.tolist()])


def texts(said: list[str]) -> Column:
    """A column of texts, also where there is none."""
    return pd.array(said, dtype="str")


def across(label: list[str], top: float, bottom: float) -> pd.DataFrame:
    """A tile from side to side with one label, or none."""
    corners = {"x0": 0.0, "x1": 1.0, "y0": top, "y1": bottom}
    filled = {name: np.full(len(label), value) for name, value in corners.items()}
    return pd.DataFrame({"label": texts(label)} | filled)


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


@built_once
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

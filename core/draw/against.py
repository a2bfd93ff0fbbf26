"""The chart of one family against the next ones together: two bars, one of them in pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import numpy as np
import pandas as pd

from core.draw import words
from core.draw.built import built_once
from core.draw.columns import texts
from core.draw.theme import INK, MUTED, SHORT_NUMBER, Spec, finished

if TYPE_CHECKING:
    from core.draw.theme import Colours
    from core.measure.against import Against

_HEIGHT: Final = 240
_TOP: Final = 40
_ROOM: Final = 1.25
_NARROWEST: Final = 0.2
"""A piece that is less of the longer bar than this has no room for its name."""


def against_data(answer: Against, palette: Colours, heading: str) -> dict[str, pd.DataFrame]:
    """``rows, names, labels, frame`` for ``against_bars``; below zero counts as no length."""
    own, them = answer.own.family, _them(answer)
    colours = dict(palette)
    pieces, begin = [(own, own, 0.0, max(answer.own.total.downloads, 0.0))], 0.0
    for one in answer.taken:
        end = begin + max(one.total.downloads, 0.0)
        pieces.append((them, one.family, begin, end))
        begin = end
    figures = [answer.own.total.downloads, *(one.total.downloads for one in answer.taken)]
    bars, families, low, high = zip(*pieces, strict=True)
    rows = pd.DataFrame(
        {
            "bar": texts(bars),
            "family": texts(families),
            "low": np.array(low),
            "high": np.array(high),
            "colour": texts(colours.get(family, MUTED) for family in families),
            "downloads": texts(words.count(figure) for figure in figures),
        }
    )
    longest = max(*high, 1.0)
    wide = [
        (family, (start + end) / 2)
        for bar, family, start, end in pieces
        if end - start > _NARROWEST * longest and bar == them
    ]
    names = pd.DataFrame(
        {
            "bar": texts(them for _ in wide),
            "family": texts(family for family, _ in wide),
            "middle": np.array([middle for _, middle in wide], np.float64),
        }
    )
    labels = pd.DataFrame(
        {
            "bar": texts([own, them]),
            "high": [high[0], begin],
            "label": texts([words.short(answer.own.total.downloads), words.short(answer.together)]),
        }
    )
    basis, _, dates = heading.partition("\n")
    frame = pd.DataFrame(
        {
            "bar": texts([own]),
            "high": [longest * _ROOM],
            "heading": texts([basis]),
            "dates": texts([dates]),
        }
    )
    return {"rows": rows, "names": names, "labels": labels, "frame": frame}


@built_once
def against_bars() -> Spec:
    """Two bars below each other, each under its name. Data: ``against_data``."""
    y = alt.Y(
        "bar:N",
        sort=None,
        title=None,
        axis=None,
        scale=alt.Scale(range=[_TOP + 6, {"expr": "height"}], paddingInner=0.3, paddingOuter=0.1),
    )
    x = alt.X("low:Q", title="Downloads", axis=alt.Axis(labelExpr=SHORT_NUMBER, tickCount=4))
    pieces = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar(stroke="white", strokeWidth=1.5, height=26, yOffset=9)
        .encode(
            x=x,
            x2="high:Q",
            y=y,
            color=alt.Color("colour:N", scale=None),
            tooltip=[
                alt.Tooltip("family:N", title="Family"),
                alt.Tooltip("downloads:N", title="Downloads"),
            ],
        )
    )
    names = (
        alt.Chart(alt.NamedData("labels"))
        .mark_text(align="left", dy=-13, color=INK, tooltip=False)
        .encode(x=alt.value(2), y=y, text="bar:N")
    )
    inside = [
        alt.Chart(alt.NamedData("names"))
        .mark_text(dy=9, tooltip=False, fontSize=12, **look)
        .encode(x="middle:Q", y=y, text="family:N")
        for look in ({"stroke": "white", "strokeWidth": 4, "aria": False}, {"color": INK})
    ]
    sums = (
        alt.Chart(alt.NamedData("labels"))
        .mark_text(align="left", dx=6, dy=9, color=INK, fontWeight=600, tooltip=False)
        .encode(x="high:Q", y=y, text="label:N")
    )
    base = alt.Chart(alt.NamedData("frame"))
    room = base.mark_point(opacity=0, tooltip=False, aria=False).encode(x="high:Q", y=y)
    heading = [
        base.mark_text(
            align="left", baseline="top", tooltip=False, color=colour, fontSize=12
        ).encode(x=alt.value(2), y=alt.value(top), text=field)
        for field, top, colour in (("heading:N", 0, INK), ("dates:N", 16, MUTED))
    ]
    return finished(pieces, names, *inside, sums, room, *heading, height=_HEIGHT)


def _them(answer: Against) -> str:
    count = len(answer.taken)
    return answer.taken[0].family if count == 1 else f"The next {count} together"

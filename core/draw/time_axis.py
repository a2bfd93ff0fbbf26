"""One time axis for charts that stand below each other, with room for labels at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from core.draw.theme import MUTED

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROOM: Final = "width - (width > 620 ? 195 : 96)"
"""Where the time axis ends, in pixels: right of it are the lines' labels."""
_EXTENT: Final = 50
"""Width of the labels of every vertical axis, so that the plots are aligned."""


def time_frame(start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """The two ends of the time axis as ``day``; a single day gets a day on each side."""
    if start == end:
        start, end = start - pd.Timedelta(days=1), end + pd.Timedelta(days=1)
    return pd.DataFrame({"day": [start, end]})


def when(field: str) -> alt.X:
    """The time axis. It reaches as far as the data, so draw ``room`` too."""
    # Vega takes an expression for an end of the range; Altair knows only of numbers.
    scale = alt.Scale(range=[0, {"expr": _ROOM}])
    # Without a year a line of months would not say which; with a day a long one is crowded.
    axis = alt.Axis(
        format="%-d %b %Y", tickCount={"expr": "width > 620 ? 7 : 3"}, labelOverlap=True
    )
    return alt.X(field, title=None, scale=scale, axis=axis)


def upright(label: str = "datum.label") -> alt.Axis:
    """A vertical axis as wide as every other; ``label`` is an expression of Vega."""
    return alt.Axis(
        minExtent=_EXTENT,
        maxExtent=_EXTENT,
        tickCount=6,
        labelOverlap="greedy",
        labelExpr=label,
    )


def room(height: str | None = None) -> alt.Chart:
    """Nothing visible, as wide and high as ``frame``. Data: ``frame``."""
    corners = alt.Chart(alt.NamedData("frame")).mark_point(opacity=0, tooltip=False, aria=False)
    channels = {"x": when("day:T")} | ({"y": alt.Y(height)} if height else {})
    return _encoded(corners, channels)


def level(height: float) -> alt.Chart:
    """A dashed line at ``height``, where every line starts. Data: ``frame``."""
    line = alt.Chart(alt.NamedData("frame")).mark_line(
        color=MUTED, strokeWidth=1, strokeDash=[4, 4], tooltip=False, aria=False
    )
    return _encoded(line, {"x": when("day:T"), "y": alt.datum(height)})


def line_ends(day: str, height: str) -> list[alt.Chart]:
    """Labels beside the ends of lines, legible over other lines. Data: ``labels``."""
    said = alt.expr("width > 415 ? datum.label : datum.short")
    places = {"x": when(day), "y": alt.Y(height)}
    own = {"color": alt.Color("colour:N", scale=None)}
    labels = alt.Chart(alt.NamedData("labels"))
    halo = labels.mark_text(
        align="left", dx=7, text=said, tooltip=False, aria=False, stroke="white", strokeWidth=4
    )
    text = labels.mark_text(align="left", dx=7, text=said, tooltip=False, description=said)
    return [_encoded(halo, places), _encoded(text, places | own)]


def _encoded(chart: alt.Chart, channels: Mapping[str, Any]) -> alt.Chart:
    encoded: alt.Chart = chart.encode(**channels)
    return encoded

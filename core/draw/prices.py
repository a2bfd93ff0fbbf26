"""Charts of the share-price page: shares and downloads over events, in five views.

The specifications know nothing of the view's data: domains come from the data,
in the frames ``frame`` and ``flow_frame``, so that each is built once per kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import altair as alt

from core.draw.built import built_once
from core.draw.fitted import fitted
from core.draw.prices_flows import FLOW, FLOW_DASH, PANEL, flow_layers
from core.draw.prices_marks import (
    LANE,
    LANE_TOP,
    MOST_LANES,
    PICK,
    VIEW,
    chosen_marks,
    event_marks,
    mark_layers,
)
from core.draw.theme import LINES, MUTED, Spec, finished
from core.draw.time_axis import level, line_ends, room, upright, when

__all__ = ["MOST_LANES", "PICK", "chosen_marks", "event_marks"]

INDEX, PERCENT, PRICE = "Index", "Percent change", "Prices"
PANELS, AXES = "Two panels", "Two axes"
VIEWS: Final = (INDEX, PERCENT, PRICE, PANELS, AXES)

BRUSH: Final = "dates_brush"
"""Name of the selection that dragging across the chart fills."""

SESSION: Final = "session"
"""Field whose first and last moment the brush gives."""

DASHES: Final = {
    "solid": [1, 0],
    "long": [9, 4],
    "short": [4, 3],
    "dots": [1, 3],
    "mixed": [9, 3, 2, 3],
    "sparse": [3, 7],
    FLOW: FLOW_DASH,
}
GREYS: Final = ("#475569", "#64748B", "#334155", "#6B7280", "#52525B")
"""Tones of the benchmarks, told apart by their dashes too; 4.7:1 on white or more."""

_HEADING: Final = "heading"
"""Field of what is written above the events."""
_STRIP: Final = 98_765.25
"""Stands in the specification where the height of the events goes."""
_CURRENCY: Final = "\N{CURRENCY SIGN}"
"""Stands in the specification where the currency goes."""

_BETWEEN: Final = 34
"""Pixels between the panel of shares and that of downloads."""


@dataclass(frozen=True)
class Share:
    """A line, of a listed share or of a family's downloads, and how it is drawn.

    ``name`` is written beside its line where there is room, ``short`` where not.
    """

    ticker: str
    name: str
    short: str
    role: str
    colour: str
    dash: str


def height_of(view: str, lanes: int) -> int:
    """Height of the chart in ``view`` with so many lanes of events, in pixels."""
    strip = LANE_TOP + LANE * lanes if lanes else 0
    return LINES + strip + (PANEL + _BETWEEN if view == PANELS else 0)


@built_once
def price_lines(rows: int, view: str, currency: str = "") -> Spec:
    """Shares in ``view`` with ``rows`` lanes of event marks above them.

    Data: ``rows``, ``labels``, ``frame`` of ``price_data`` or ``close_data``,
    ``marks`` of ``event_marks`` and ``chosen``, those of them that are chosen;
    in two panels and on two axes those of ``flow_data`` too. ``currency`` is
    that of prices.
    """
    strip = LANE_TOP + LANE * rows if rows else 0
    spec = fitted(_built(view), {_STRIP: strip, _CURRENCY: currency})
    spec["height"] = height_of(view, rows)
    if rows:
        return spec
    # Without an event there is neither a heading nor a mark to be named.
    shares = spec["layer"][0] if view in {PANELS, AXES} else spec
    shares["layer"] = [
        layer
        for layer in shares["layer"]
        if layer["encoding"].get("text", {}).get("field") != _HEADING
    ]
    for layer in shares["layer"]:
        if layer.get("name") == PICK + VIEW:
            layer["mark"]["aria"] = False
    return spec


@built_once
def _built(view: str) -> Spec:
    """The chart of a view, with marks for the height of the events and for the currency."""
    below = PANEL + _BETWEEN
    bottom = {"expr": f"height - {below}" if view == PANELS else "height"}
    behind, front = mark_layers()
    heading = (
        alt.Chart(alt.NamedData("frame"))
        .mark_text(
            align="left", baseline="top", color=MUTED, fontSize=12, tooltip=False, aria=False
        )
        .encode(x=alt.value(2), y=alt.value(1), text=f"{_HEADING}:N")
    )
    shares = [
        *behind,
        room("height:Q"),
        *([] if view == PRICE else [level(0 if view == PERCENT else 100)]),
        *_share_layers(view, [bottom, _STRIP]),
        *line_ends("session:T", "height:Q"),
        *front,
        heading,
    ]
    if view not in {PANELS, AXES}:
        return _named(finished(*shares, height=LINES))
    top: Any = {"expr": f"height - {PANEL}"} if view == PANELS else _STRIP
    parts: tuple[Any, Any] = (
        alt.layer(*shares),
        alt.layer(*flow_layers([{"expr": "height"}, top], beside=view == AXES)),
    )
    spec = finished(*parts, height=LINES)
    spec["resolve"] = {"scale": {"y": "independent"}}
    for param in spec["params"]:
        # Altair names both layers for either selection, which Vega takes for two of each.
        own = param["name"] + VIEW
        param["views"] = [name for name in param["views"] if name.startswith(own)]
    return _named(spec)


def _named(spec: Spec) -> Spec:
    """``spec`` in which every mark without a description of its own has one.

    Vega-Lite draws the rectangles of the brush without a name, which a screen
    reader would come upon; only a default for all marks reaches them.
    """
    config = spec.get("config", {})
    return spec | {"config": config | {"mark": {"description": "The dates dragged over"}}}


def _share_layers(view: str, bounds: list[Any]) -> list[alt.Chart]:
    if view == PERCENT:
        title = "Change since the first common session"
        scale = alt.Scale(zero=False, nice=False, range=bounds)
        axis = upright("format(datum.value, '+.1~f') + '%'")
    else:
        title = (
            f"Closing price, {_CURRENCY}, log scale"
            if view == PRICE
            else ("First common session = 100, log scale")
        )
        scale = alt.Scale(type="log", nice=False, range=bounds)
        axis = upright("format(datum.value, ',.4~r')")
    base: alt.Chart = alt.Chart(alt.NamedData("rows")).encode(
        x=when("session:T"),
        y=alt.Y("shown:Q", title=title, scale=scale, axis=axis),
        color=alt.Color("colour:N", scale=None),
    )
    line = base.mark_line(aria=False).encode(
        detail="line:N",
        strokeDash=_dashes(),
        strokeWidth=alt.condition(f"datum.dash === '{FLOW}'", alt.value(1.4), alt.value(2.2)),
    )
    first = "Closing price" if view == PRICE else "First common session = 100"
    tip = [
        alt.Tooltip("name:N", title="Line"),
        alt.Tooltip("session:T", title="Session", format="%-d %B %Y"),
        alt.Tooltip("said:N", title=first),
        alt.Tooltip("change_words:N", title="Change since then"),
    ]
    if view == PRICE:
        tip[-1] = alt.Tooltip("change_words:N", title="Change since the first session shown")
    dots = base.mark_point(filled=True, size=28, aria=False).encode(
        opacity=alt.Opacity("dot:Q", scale=None, legend=None)
    )
    worth = f"format(datum.shown, ',.2f') + ' {_CURRENCY}'"
    touch = (
        base.mark_point(
            filled=True, size=160, opacity=0, description=alt.expr("datum.name + ' ' + datum.said")
        )
        .transform_calculate(
            said=worth if view == PRICE else "format(100 + datum.change, '.1f')",
            change_words="format(datum.change, '+.1f') + '%'",
        )
        .encode(tooltip=tip)
        .properties(name=BRUSH + VIEW)
        .add_params(alt.selection_interval(name=BRUSH, encodings=["x"], zoom=False))
    )
    return [line, dots, touch]


def _dashes() -> alt.StrokeDash:
    scale = alt.Scale(domain=list(DASHES), range=list(DASHES.values()))
    return alt.StrokeDash("dash:N", scale=scale, legend=None)

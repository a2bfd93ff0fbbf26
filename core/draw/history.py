"""Charts of the daily history: families over a range of days.

The specifications know nothing of the view: domains come from the data, in the
frame ``frame``, so that each is built once per kind. Each holds its basis and
its dates as text, so that a picture of it still says what it counts. The data
are prepared in ``history_data``.
"""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from core.draw.built import built_once
from core.draw.theme import INK, LINES, MUTED, SHADE, SHORT_NUMBER, Spec, finished
from core.draw.time_axis import level, line_ends, room, upright, when

LINE, SHARE, INDEX, LOG, LAUNCH = "Lines", "Share", "Index", "Log scale", "By launch"
LOOKS: Final = (LINE, SHARE, INDEX, LOG, LAUNCH)

_TITLES: Final = {
    LINE: "Downloads a day",
    SHARE: "Share of all families shown",
    INDEX: "Where the dates begin = 100",
    LOG: "Downloads a day, log scale",
    LAUNCH: "Downloads a day",
}
_STATE: Final = "datum.complete ? 'finished' : 'not finished'"
_PALE: Final = 0.45
"""Opacity of what is not finished."""
TOP: Final = 40
"""Room above the plot for two lines of words, in pixels."""


@built_once
def history_lines(look: str) -> Spec:
    """Families as lines; ``look`` is ``LINE``, ``INDEX``, ``LOG`` or ``LAUNCH``.

    Unfinished days, weeks and months are dashed, with a hollow point; a figure
    after a gap is one flat dashed step. Data: ``line_data``.
    """
    by_launch = look == LAUNCH
    bounds: list[Any] = [{"expr": "height"}, TOP]
    number = SHORT_NUMBER if look != INDEX else "format(datum.value, ',.4~r')"
    kind: dict[str, Any] = {"type": "log"} if look == LOG else {"zero": False}
    height = alt.Y(
        "value:Q",
        title=_TITLES[look],
        scale=alt.Scale(nice=False, range=bounds, **kind),
        axis=upright(number),
    )
    x = _since("x:Q") if by_launch else when("x:T")
    own = alt.Color("colour:N", scale=None)
    points = alt.Chart(alt.NamedData("points"))
    line = (
        points.transform_filter("datum.complete")
        .mark_line(strokeWidth=2.2)
        .encode(x=x, y=height, color=own, detail="line:N")
    )
    unfinished = (
        alt.Chart(alt.NamedData("open"))
        .mark_rule(strokeWidth=2, strokeDash=[4, 4], aria=False)
        .encode(x=x, x2="x2", y=height, y2="value2:Q", color=own)
    )
    dots = points.mark_point(size=28, strokeWidth=1.8).encode(
        x=x,
        y=height,
        stroke=alt.Stroke("colour:N", scale=None),
        fill=alt.condition("datum.complete", alt.Fill("colour:N", scale=None), alt.value("white")),
        opacity=alt.Opacity("dot:Q", scale=None, legend=None),
    )
    told = points.transform_calculate(
        said_value="format(datum.value, '.0f')" if look == INDEX else _said("value"),
        said_downloads=_said("downloads"),
        state=_STATE,
    )
    touch = told.mark_point(filled=True, size=160, opacity=0).encode(
        x=x,
        y=height,
        tooltip=[
            alt.Tooltip("family:N", title="Family"),
            alt.Tooltip("when:N", title="When"),
            alt.Tooltip("said_value:N", title=_TITLES[look]),
            alt.Tooltip("said_downloads:N", title="Downloads in these days"),
            alt.Tooltip("state:N", title="State"),
        ],
    )
    layers = [line, unfinished, dots, touch]
    if not by_launch:
        steps = (
            alt.Chart(alt.NamedData("steps"))
            .mark_rule(strokeWidth=2, strokeDash=[4, 4], aria=False)
            .encode(x=x, x2="x2:T", y=height, color=own)
        )
        layers = [_shade(), *([level(100)] if look == INDEX else []), steps, *layers]
    ends = line_ends("x:T", "height:Q") if not by_launch else _ends_since()
    around = _room_since() if by_launch else room("height:Q")
    return finished(around, *layers, *ends, *_heading(), height=LINES + TOP)


@built_once
def share_stack() -> Spec:
    """Families' shares stacked to 100 percent; pale where not finished. Data: ``share_data``."""
    height = alt.Y(
        "low:Q",
        title=_TITLES[SHARE],
        scale=alt.Scale(nice=False, range=[{"expr": "height"}, TOP]),
        axis=upright("format(datum.value, '.0%')"),
    )
    pieces = (
        alt.Chart(alt.NamedData("rows"))
        .transform_calculate(
            said_share="datum.share > 0 && datum.share < 0.001 ? 'under 0.1%' : "
            "format(datum.share, '.1%')",
            said_downloads=_said("downloads"),
            state=_STATE,
        )
        .mark_rect(stroke="white", strokeWidth=0.4)
        .encode(
            x=when("x:T"),
            x2="x2:T",
            y=height,
            y2="high:Q",
            color=alt.Color("colour:N", scale=None),
            opacity=alt.condition("datum.complete", alt.value(1), alt.value(_PALE)),
            tooltip=[
                alt.Tooltip("family:N", title="Family"),
                alt.Tooltip("when:N", title="When"),
                alt.Tooltip("said_share:N", title="Share"),
                alt.Tooltip("said_downloads:N", title="Downloads"),
                alt.Tooltip("state:N", title="State"),
            ],
        )
    )
    ends = line_ends("x:T", "height:Q")
    return finished(
        room("height:Q"), pieces, _shade(outline=True), *ends, *_heading(), height=LINES + TOP
    )


def _said(field: str) -> str:
    """An expression of Vega that says a number as ``words.count`` does."""
    number = f"datum.{field}"
    return (
        f"{number} >= 999950000 ? format({number} / 1e9, '.2f') + ' billion' : "
        f"{number} >= 1e6 ? format({number} / 1e6, '.1f') + ' million' : "
        f"format({number}, ',.2~f')"
    )


def _shade(*, outline: bool = False) -> alt.Chart:
    chart = alt.Chart(alt.NamedData("marks"))
    mark = (
        chart.mark_rect(fillOpacity=0.12, fill="black", stroke=INK, strokeDash=[3, 3])
        if outline
        else chart.mark_rect(color=SHADE, opacity=0.3, aria=False)
    )
    shaded: alt.Chart = mark.encode(
        x=when("start:T"),
        x2="end:T",
        y=alt.value(TOP),
        y2=alt.value("height"),
        tooltip=[
            alt.Tooltip("kind:N", title="Not what it seems"),
            alt.Tooltip("scope:N", title="Touches"),
            alt.Tooltip("what:N", title="What happened"),
        ],
    )
    return shaded


def _heading() -> list[alt.Chart]:
    """What is counted and when, at the top: it goes with every picture of the chart."""
    base = alt.Chart(alt.NamedData("frame"))
    style: dict[str, Any] = {"align": "left", "baseline": "top", "tooltip": False}
    return [
        base.mark_text(**style, color=INK, fontSize=12, fontWeight=600).encode(
            x=alt.value(2), y=alt.value(0), text="heading:N"
        ),
        base.mark_text(**style, color=MUTED, fontSize=12).encode(
            x=alt.value(2), y=alt.value(16), text="dates:N"
        ),
    ]


def _since(field: str) -> alt.X:
    scale = alt.Scale(range=[0, {"expr": "width - (width > 620 ? 195 : 96)"}], nice=False)
    return alt.X(field, title="Days since launch", scale=scale, axis=alt.Axis(tickCount=5))


def _room_since() -> alt.Chart:
    corners = alt.Chart(alt.NamedData("frame")).mark_point(opacity=0, tooltip=False, aria=False)
    placed: alt.Chart = corners.encode(x=_since("day:Q"), y=alt.Y("height:Q"))
    return placed


def _ends_since() -> list[alt.Chart]:
    """Names above the ends of lines, which end in different places."""
    said = alt.expr("width > 415 ? datum.label : datum.short")
    base = alt.Chart(alt.NamedData("labels")).encode(x=_since("x:Q"), y=alt.Y("height:Q"))
    style: dict[str, Any] = {"align": "left", "dx": 5, "dy": -9, "text": said, "tooltip": False}
    halo = base.mark_text(**style, aria=False, stroke="white", strokeWidth=4)
    return [halo, base.mark_text(**style).encode(color=alt.Color("colour:N", scale=None))]

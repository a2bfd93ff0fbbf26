"""Charts of the share-price page: shares and downloads over events, in five views.

The specifications know nothing of the view's data: domains come from the data,
in the frames ``frame`` and ``flow_frame``, so that each is built once per kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, log
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from core.draw import words
from core.draw.leaderboard import spaced
from core.draw.prices_flows import FLOW, FLOW_DASH, PANEL, flow_layers
from core.draw.prices_marks import (
    LANE,
    LANE_TOP,
    MOST_LANES,
    PICK,
    VIEW,
    event_marks,
    mark_layers,
)
from core.draw.theme import LINES, MUTED, Spec, finished
from core.draw.time_axis import level, line_ends, room, time_frame, upright, when

if TYPE_CHECKING:
    from core.measure.overlay import Overlay

__all__ = ["MOST_LANES", "PICK", "event_marks"]

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

_BETWEEN: Final = 34
"""Pixels between the panel of shares and that of downloads."""
_LABEL_HEIGHT: Final = 17
PLOT: Final = LINES - 40
"""Height of the lines without the time axis below them, in pixels."""
_FEW: Final = 45
"""Up to so many sessions each is a dot, to be seen as one."""
_SLACK: Final = 0.04
"""Room above and below the lines, as a part of their spread."""


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


def price_data(overlay: Overlay, shares: tuple[Share, ...], *, percent: bool) -> dict[str, Any]:
    """``rows``, ``labels`` and ``frame`` for ``price_lines``: an index, or percent."""
    rows = overlay.rows.assign(
        shown=overlay.rows["change" if percent else "value"],
        said=overlay.rows["value"].map("{:.1f}".format),
        change_words=(overlay.rows["change"] / 100).map(words.change),
    )
    end = (lambda row: str(row["change_words"])) if percent else (lambda row: f"{row['value']:.0f}")
    return _lines(rows, shares, overlay.start, overlay.end, end, logarithmic=not percent)


def close_data(
    closes: pd.DataFrame, shares: tuple[Share, ...], start: pd.Timestamp, end: pd.Timestamp
) -> dict[str, Any]:
    """The same from prices of one currency, with ``session, ticker, close, segment``."""
    first = closes.groupby("ticker")["close"].transform("first")
    rows = closes.assign(
        shown=closes["close"],
        said=closes["close"].map("{:,.2f} ".format) + closes["currency"],
        change_words=(closes["close"] / first - 1).map(words.change),
    )
    return _lines(rows, shares, start, end, lambda row: f"{row['close']:,.2f}", logarithmic=True)


def _lines(  # noqa: PLR0913 - rows, looks, dates, words and a scale
    rows: pd.DataFrame,
    shares: tuple[Share, ...],
    start: pd.Timestamp,
    end: pd.Timestamp,
    end_words: Any,  # noqa: ANN401 - of a row
    *,
    logarithmic: bool,
) -> dict[str, Any]:
    looks = {one.ticker: one for one in shares}
    line = rows["ticker"] + " " + rows["segment"].astype("str")
    rows = rows.assign(
        line=line,
        **{
            field: rows["ticker"].map({name: getattr(one, field) for name, one in looks.items()})
            for field in ("name", "colour", "dash")
        },
    )
    alone = rows.groupby("line")["session"].transform("size") == 1
    few = rows.groupby("ticker")["session"].transform("size") <= _FEW
    rows["dot"] = (alone | few).astype("float64")
    rows["width"] = rows["dash"].map({FLOW: 1.4}).fillna(2.2)
    low, high = _padded(rows["shown"].min(), rows["shown"].max(), logarithmic=logarithmic)
    ends = rows.groupby("ticker", sort=False).tail(1).sort_values("shown", ignore_index=True)
    heights = _label_heights(ends["shown"].tolist(), low, high, logarithmic=logarithmic)
    said = pd.Series([end_words(row) for _, row in ends.iterrows()], ends.index, dtype="str")
    labels = pd.DataFrame(
        {
            "session": ends["session"],
            "height": heights,
            "label": ends["name"] + " " + said,
            "short": ends["ticker"].map({name: one.short for name, one in looks.items()})
            + " "
            + said,
            "colour": ends["colour"],
        }
    )
    kept = ["session", "ticker", "shown", "line", "name", "colour", "dash", "width", "dot"]
    return {
        "rows": rows[[*kept, "said", "change_words"]],
        "labels": labels,
        "frame": time_frame(start, end).assign(
            height=[low, max([high, *heights])],
            heading=["Events: choose a mark to read one", ""],
        ),
    }


def height_of(view: str, lanes: int) -> int:
    """Height of the chart in ``view`` with so many lanes of events, in pixels."""
    strip = LANE_TOP + LANE * lanes if lanes else 0
    return LINES + strip + (PANEL + _BETWEEN if view == PANELS else 0)


@cache
def price_lines(rows: int, view: str, currency: str = "") -> Spec:
    """Shares in ``view`` with ``rows`` lanes of event marks above them.

    Data: ``rows``, ``labels``, ``frame`` of ``price_data`` or ``close_data``,
    ``marks`` of ``event_marks`` and ``chosen``, those of them that are chosen;
    in two panels and on two axes those of ``flow_data`` too. ``currency`` is
    that of prices.
    """
    strip = LANE_TOP + LANE * rows if rows else 0
    below = PANEL + _BETWEEN
    bottom = {"expr": f"height - {below}" if view == PANELS else "height"}
    behind, front = mark_layers(rows)
    heading = (
        alt.Chart(alt.NamedData("frame"))
        .mark_text(
            align="left", baseline="top", color=MUTED, fontSize=12, tooltip=False, aria=False
        )
        .encode(x=alt.value(2), y=alt.value(1), text="heading:N")
    )
    shares = [
        *behind,
        room("height:Q"),
        *([] if view == PRICE else [level(0 if view == PERCENT else 100)]),
        *_share_layers(view, [bottom, strip], currency),
        *line_ends("session:T", "height:Q"),
        *front,
        *([heading] if rows else []),
    ]
    if view not in {PANELS, AXES}:
        return _named(finished(*shares, height=height_of(view, rows)))
    top: Any = {"expr": f"height - {PANEL}"} if view == PANELS else strip
    parts: tuple[Any, Any] = (
        alt.layer(*shares),
        alt.layer(*flow_layers([{"expr": "height"}, top], beside=view == AXES)),
    )
    spec = finished(*parts, height=height_of(view, rows))
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


def _share_layers(view: str, bounds: list[Any], currency: str) -> list[alt.Chart]:
    if view == PERCENT:
        title = "Change since the first common session"
        scale = alt.Scale(zero=False, nice=False, range=bounds)
        axis = upright("format(datum.value, '+.1~f') + '%'")
    else:
        title = (
            f"Closing price, {currency}, log scale"
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
        strokeWidth=alt.StrokeWidth("width:Q", scale=None, legend=None),
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
    touch = (
        base.mark_point(
            filled=True, size=160, opacity=0, description=alt.expr("datum.name + ' ' + datum.said")
        )
        .encode(tooltip=tip)
        .properties(name=BRUSH + VIEW)
        .add_params(alt.selection_interval(name=BRUSH, encodings=["x"], zoom=False))
    )
    return [line, dots, touch]


def _dashes() -> alt.StrokeDash:
    scale = alt.Scale(domain=list(DASHES), range=list(DASHES.values()))
    return alt.StrokeDash("dash:N", scale=scale, legend=None)


def _padded(low: float, high: float, *, logarithmic: bool) -> tuple[float, float]:
    """The lines' lowest and highest value with some room; never one value alone."""
    if not logarithmic:
        slack = max(_SLACK * (high - low), 1.0)
        return low - slack, high + slack
    slack = max((high / low) ** _SLACK, 1.01)
    return low / slack, high * slack


def _label_heights(ends: list[float], low: float, high: float, *, logarithmic: bool) -> list[float]:
    """Heights of labels for lines that end at ``ends`` (ascending), apart on the scale."""
    gap = _LABEL_HEIGHT / PLOT
    if not logarithmic:
        return spaced(ends, gap * (high - low), floor=low)
    apart = spaced([log(end) for end in ends], gap * log(high / low), floor=log(low))
    return [exp(position) for position in apart]

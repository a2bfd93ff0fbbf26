"""Charts of the share-price page: shares over events, and downloads on the same dates.

The specifications know nothing of the view: domains come from the data, in the
frame ``frame``, so that each is built once per kind.
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
from core.draw.theme import INK, LINES, MUTED, Colours, Spec, finished
from core.draw.time_axis import level, line_ends, room, time_frame, upright, when
from core.measure.events import NO_ROOM, lanes

if TYPE_CHECKING:
    from core.measure.overlay import Overlay

PICK: Final = "event_pick"
"""Name of the selection that a click on an event's mark fills."""

DASHES: Final = {
    "solid": [1, 0],
    "long": [9, 4],
    "short": [4, 3],
    "dots": [1, 3],
    "mixed": [9, 3, 2, 3],
    "sparse": [3, 7],
}
GREYS: Final = ("#475569", "#64748B", "#334155", "#6B7280", "#52525B")
"""Tones of the benchmarks, told apart by their dashes too; 4.7:1 on white or more."""

MOST_LANES: Final = 8
_LANE: Final = 15
"""Height of a lane of event marks, in pixels."""
_LANE_TOP: Final = 24
_GAP: Final = 0.045
"""Distance of two marks in one lane, as a part of the span: a mark's width on a phone."""
_LABEL_HEIGHT: Final = 17
_BELOW_LINES: Final = 40
"""Height of the time axis below the lines, in pixels."""
_MOST_RULES: Final = 12
"""Up to so many marks each has a line down to the lines; more would hide them."""
_FEW: Final = 45
"""Up to so many sessions each is a dot, to be seen as one."""
_SLACK: Final = 0.04
"""Room above and below the lines, as a part of their spread."""


@dataclass(frozen=True)
class Share:
    """A listed share and how it is drawn.

    ``name`` is written beside its line where there is room, ``short`` where not.
    """

    ticker: str
    name: str
    short: str
    role: str
    colour: str
    dash: str


def price_data(overlay: Overlay, shares: tuple[Share, ...], *, percent: bool) -> dict[str, Any]:
    """``rows``, ``labels`` and ``frame`` for ``price_lines``."""
    rows = overlay.rows.assign(
        shown=overlay.rows["change" if percent else "value"],
        line=overlay.rows["ticker"] + " " + overlay.rows["segment"].astype("str"),
        **{
            field: overlay.rows["ticker"].map({one.ticker: getattr(one, field) for one in shares})
            for field in ("name", "short", "colour", "dash")
        },
        index_words=overlay.rows["value"].map("{:.1f}".format),
        change_words=(overlay.rows["change"] / 100).map(words.change),
    )
    alone = rows.groupby("line")["session"].transform("size") == 1
    few = rows.groupby("ticker")["session"].transform("size") <= _FEW
    rows["dot"] = (alone | few).astype("float64")
    low, high = _padded(rows["shown"].min(), rows["shown"].max(), percent=percent)
    ends = rows.groupby("ticker", sort=False).tail(1).sort_values("shown", ignore_index=True)
    heights = _label_heights(ends["shown"].tolist(), low, high, percent=percent)
    said = ends["change_words"] if percent else ends["value"].map("{:.0f}".format)
    labels = pd.DataFrame(
        {
            "session": ends["session"],
            "height": heights,
            "label": ends["name"] + " " + said,
            "short": ends["short"] + " " + said,
            "colour": ends["colour"],
        }
    )
    top = max([high, *heights])
    return {
        "rows": rows.drop(columns=["source", "segment", "value", "change", "short"]),
        "labels": labels,
        "frame": time_frame(overlay.start, overlay.end).assign(
            height=[low, top], heading=["Events: choose a mark to read one", ""]
        ),
    }


def event_marks(
    events: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, colours: Colours
) -> pd.DataFrame:
    """``marks`` for ``price_lines`` from the events of ``measure.events.in_view``.

    Those for which there is no room are left out: compare the lengths.
    """
    days = (events["position"] - start) / pd.Timedelta(days=1)
    span = max((end - start) / pd.Timedelta(days=1), 1.0)
    lane = pd.Series(
        lanes(days.tolist(), _GAP * span, MOST_LANES), index=events.index, dtype="int64"
    )
    known = dict(colours)
    colour = pd.Series(
        [known.get(subject, MUTED) for subject in events["subject"]], events.index, dtype="str"
    )
    marks = pd.DataFrame(
        {
            "day": events["position"],
            "lane": lane,
            "height": _LANE_TOP + _LANE * lane.astype("float64"),
            "event": events["name"],
            "when": events["when"],
            "subject": events["subject"],
            "kind": events["kind"],
            "title": events["title"],
            "colour": colour,
            "fill": colour.where(events["exact"], "#FFFFFF"),
            "exact": events["exact"],
        }
    )
    marks = marks[lane != NO_ROOM].reset_index(drop=True)
    ruled = marks["exact"] & (len(marks) <= _MOST_RULES)
    return marks.assign(rule=ruled.astype("float64"))


@cache
def price_lines(rows: int, *, percent: bool) -> Spec:
    """Shares with ``rows`` lanes of event marks above them.

    Data: ``rows``, ``labels``, ``frame`` of ``price_data``, ``marks`` of
    ``event_marks`` and ``chosen``, those of them that are chosen.
    """
    strip = _LANE_TOP + _LANE * rows if rows else 0
    bounds: list[Any] = [{"expr": "height"}, strip]
    if percent:
        height = alt.Y(
            "shown:Q",
            title="Change since the first session, percent",
            scale=alt.Scale(zero=False, nice=False, range=bounds),
            axis=upright("format(datum.value, '+.1~f') + '%'"),
        )
    else:
        height = alt.Y(
            "shown:Q",
            title="First session = 100, log scale",
            scale=alt.Scale(type="log", nice=False, range=bounds),
            axis=upright("format(datum.value, ',.4~r')"),
        )
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=when("session:T"), y=height, color=alt.Color("colour:N", scale=None)
    )
    dash = alt.Scale(domain=list(DASHES), range=list(DASHES.values()))
    line = base.mark_line(strokeWidth=2.2).encode(
        detail="line:N", strokeDash=alt.StrokeDash("dash:N", scale=dash, legend=None)
    )
    tip = [
        alt.Tooltip("name:N", title="Share"),
        alt.Tooltip("session:T", title="Session", format="%-d %B %Y"),
        alt.Tooltip("index_words:N", title="First session = 100"),
        alt.Tooltip("change_words:N", title="Change since then"),
    ]
    dots = base.mark_point(filled=True, size=28).encode(
        opacity=alt.Opacity("dot:Q", scale=None, legend=None)
    )
    touch = base.mark_point(filled=True, size=160, opacity=0).encode(tooltip=tip)
    marks = alt.Chart(alt.NamedData("marks"))
    days = marks.mark_rule(color="#CBD5E1", strokeWidth=1, tooltip=False, aria=False).encode(
        x=when("day:T"), opacity=alt.Opacity("rule:Q", scale=None, legend=None)
    )
    picked = (
        alt.Chart(alt.NamedData("chosen"))
        .mark_rule(color=INK, strokeWidth=1.5, strokeDash=[5, 3], aria=False)
        .encode(x=when("day:T"))
    )
    events = (
        marks.mark_point(
            filled=False, size=95, strokeWidth=2, opacity=1, cursor="pointer", aria=rows > 0
        )
        .encode(
            x=when("day:T"),
            y=alt.Y("height:Q", scale=None, axis=None),
            stroke=alt.Stroke("colour:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            tooltip=[
                alt.Tooltip("title:N", title="What happened"),
                alt.Tooltip("when:N", title="When"),
                alt.Tooltip("subject:N", title="About"),
                alt.Tooltip("kind:N", title="Kind"),
            ],
        )
        .add_params(alt.selection_point(name=PICK, fields=["event"], on="click", empty=False))
    )
    heading = (
        alt.Chart(alt.NamedData("frame"))
        .mark_text(align="left", baseline="top", color=MUTED, fontSize=12, tooltip=False)
        .encode(x=alt.value(2), y=alt.value(1), text="heading:N")
    )
    layers = [days, picked, room("height:Q"), level(0 if percent else 100), line, dots]
    layers += [touch, *line_ends("session:T", "height:Q"), events, *([heading] if rows else [])]
    return finished(*layers, height=LINES + strip)


def _padded(low: float, high: float, *, percent: bool) -> tuple[float, float]:
    """The lines' lowest and highest value with some room; never one value alone."""
    if percent:
        slack = max(_SLACK * (high - low), 1.0)
        return low - slack, high + slack
    slack = max((high / low) ** _SLACK, 1.01)
    return low / slack, high * slack


def _label_heights(ends: list[float], low: float, high: float, *, percent: bool) -> list[float]:
    """Heights of labels for lines that end at ``ends`` (ascending), apart on the scale."""
    gap = _LABEL_HEIGHT / (LINES - _BELOW_LINES)
    if percent:
        return spaced(ends, gap * (high - low), floor=low)
    apart = spaced([log(end) for end in ends], gap * log(high / low), floor=log(low))
    return [exp(position) for position in apart]

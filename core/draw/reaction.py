"""Charts of the reaction page: the days around, the ordinary days, several events.

The specifications know nothing of the view: domains come from the data.
"""

from __future__ import annotations

from collections import Counter
from math import isnan
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import numpy as np
import pandas as pd

from core.draw import words
from core.draw.built import built_once
from core.draw.fitted import fitted
from core.draw.theme import BELOW, INK, MUTED, ROW, SHADE, Spec, finished
from core.measure.reaction import MARKET, SECTOR, change

if TYPE_CHECKING:
    from core.measure.event_reactions import EventReactions
    from core.measure.event_study import EventStudy

SHARE_ITSELF: Final = "The share itself"
KINDS: Final = {
    "raw": SHARE_ITSELF,
    MARKET: "Beyond the whole market",
    SECTOR: "Beyond its sector",
}
"""Bars of a day, by the column of ``measure.reaction.around``."""

_OWN: Final = "own colour"
"""Stands in the specification where the colour of the share goes."""
_BEYOND: Final = ("#64748B", "#B45309")
_RARE: Final = "#1D4ED8"
"""Ordinary days that were as large."""
_ORDINARY: Final = "#94A3B8"
_AROUND: Final = 300
_DAYS: Final = 230
_BARS: Final = 44
"""Bars of the distribution; each is wide enough to be seen on a phone."""
_HEADROOM: Final = 1.3
"""The distribution's height, in highest bars: the day's label stands above them."""
_USUAL: Final = 1.96
"""Within so many standard errors lie about 95 of 100 ordinary windows."""


def around_data(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """``rows`` and ``marked`` for ``around_days`` from ``measure.reaction.around``."""
    days = [words.iso(day) for day in rows["session"]]
    kinds = [
        (order, KINDS[kind], rows[kind].tolist())
        for order, kind in enumerate(KINDS)
        if kind in rows
    ]
    told = [
        (day, what, order, change(values[at]))
        for at, day in enumerate(days)
        for order, what, values in kinds
        if not isnan(values[at])
    ]
    data = pd.DataFrame(
        {
            "day": [day for day, *_ in told],
            "what": [what for _, what, *_ in told],
            "order": [order for _, _, order, _ in told],
            "percent": np.array([100 * part for *_, part in told], "float64"),
            "words": [words.change(part) for *_, part in told],
        }
    )
    marked = [day for day, at in zip(days, rows["relative"], strict=True) if at == 0]
    return {"rows": data, "marked": pd.DataFrame({"day": pd.array(marked, dtype="str")})}


@built_once
def around_days(colour: str) -> Spec:
    """Three bars a session. Data: ``rows`` and ``marked`` of ``around_data``."""
    return fitted(_around(), {_OWN: colour})


@built_once
def _around() -> Spec:
    # A date without an hour is midnight UTC to Vega: elsewhere it would be the day before.
    axis = alt.Axis(
        title=None,
        labelAngle=0,
        labelOverlap="greedy",
        labelExpr="utcFormat(toDate(datum.value), '%-d %b')",
    )
    day = alt.X("day:O", axis=axis, scale=alt.Scale(paddingInner=0.25))
    marked = (
        alt.Chart(alt.NamedData("marked"))
        .mark_rect(color=SHADE, opacity=0.22, tooltip=False, aria=False)
        .encode(x=day)
    )
    names = list(KINDS.values())
    bars = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar()
        .encode(
            x=day,
            xOffset=alt.XOffset("what:N", sort=names),
            y=alt.Y("percent:Q", title="Change that day, percent", axis=_percents()),
            color=alt.Color(
                "what:N",
                sort=names,
                scale=alt.Scale(domain=names, range=[_OWN, *_BEYOND]),
                legend=alt.Legend(title=None, orient="top", labelLimit=0, columns=1),
            ),
            tooltip=[
                alt.Tooltip("day:N", title="Session"),
                alt.Tooltip("what:N", title="What"),
                alt.Tooltip("words:N", title="Change"),
            ],
        )
    )
    return finished(marked, bars, _zero("y", "marked"), height=_AROUND)


def ordinary_data(one: EventStudy) -> dict[str, pd.DataFrame]:
    """``rows`` and ``marked`` for ``ordinary_days``: how often which surprise came."""
    percent = 100 * np.expm1(one.placebo)
    this = 100 * change(one.abnormal_return)
    as_large = np.abs(one.placebo) >= abs(one.abnormal_return)
    low, high = min(percent.min(), this), max(percent.max(), this)
    edges = np.linspace(low, high, _BARS + 1)
    ordinary, _ = np.histogram(percent[~as_large], edges)
    rare, _ = np.histogram(percent[as_large], edges)
    count, top = np.concatenate([ordinary, rare]), np.concatenate([ordinary, ordinary + rare])
    shown = np.flatnonzero(count > 0)
    place, large = shown % _BARS, shown >= _BARS
    left, right = edges[place], edges[place + 1]
    bottom = np.where(large, ordinary[place], 0.0)
    rows = pd.DataFrame(
        {
            "left": left,
            "right": right,
            "bottom": bottom,
            "top": top[shown],
            "count": count[shown],
            "what": ["at least as large" if one else "smaller" for one in large.tolist()],
            "colour": [_RARE if one else _ORDINARY for one in large.tolist()],
            "range": [
                f"{words.change(low / 100)} to {words.change(high / 100)}"
                for low, high in zip(left.tolist(), right.tolist(), strict=True)
            ],
        }
    )
    ceiling = _HEADROOM * top[shown].max()
    first, last = one.window_dates
    said = words.day(last) if first == last else f"{words.day(first)} to {words.day(last)}"
    marked = pd.DataFrame(
        {
            "at": [this],
            "ceiling": [ceiling],
            "label": [f"{said}: {words.change(this / 100)}"],
            # The label stands on the side where there is more room.
            "align": ["right" if this > (low + high) / 2 else "left"],
        }
    )
    return {"rows": rows, "marked": marked}


@built_once
def ordinary_days() -> Spec:
    """How often which surprise came. Data: ``rows`` and ``marked`` of ``ordinary_data``."""
    across = alt.X(
        "left:Q",
        title="Away from what was to be expected, percent",
        scale=alt.Scale(zero=False, nice=False),
        axis=_percents(6),
    )
    bars = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            x=across,
            x2="right:Q",
            y=alt.Y("bottom:Q", title="Ordinary days", axis=alt.Axis(tickMinStep=1, tickCount=5)),
            y2="top:Q",
            color=alt.Color("colour:N", scale=None),
            tooltip=[
                alt.Tooltip("range:N", title="Surprise"),
                alt.Tooltip("count:Q", title="Ordinary days"),
                alt.Tooltip("what:N", title="Than the day studied"),
            ],
        )
    )
    marked = alt.Chart(alt.NamedData("marked"))
    rule = marked.mark_rule(color=INK, strokeWidth=2, tooltip=False).encode(x="at:Q")
    room = marked.mark_point(opacity=0, tooltip=False, aria=False).encode(x="at:Q", y="ceiling:Q")
    place: dict[str, Any] = {
        "align": alt.expr("datum.align"),
        "dx": alt.expr("datum.align == 'right' ? -7 : 7"),
        "baseline": "top",
        "fontWeight": "bold",
        "tooltip": False,
    }
    halo = marked.mark_text(stroke="white", strokeWidth=4, aria=False, **place)
    label = marked.mark_text(color=INK, **place)
    said = [one.encode(x="at:Q", y="ceiling:Q", text="label:N") for one in (halo, label)]
    return finished(bars, _zero("x", "marked"), room, rule, *said, height=_DAYS)


def event_data(found: EventReactions, colour: str, *, left_out: bool) -> dict[str, Any]:
    """``rows`` and ``mean`` for ``event_dots``: those studied, in the ``colour`` of the share.

    With ``left_out`` what has a day in common with the event before does not count.
    """
    places = found.studied
    own = found.abnormal_return[places]
    usual = _USUAL * found.standard_error[places]
    counted = found.counted(left_out=left_out)[places]
    days = [words.day(day) for day in pd.DatetimeIndex(found.events.position[places])]
    change_of = np.expm1(own)
    low, high = np.expm1(-usual), np.expm1(usual)
    data = pd.DataFrame(
        {
            "label": _numbered(days),
            "order": np.arange(len(places)),
            "title": pd.array(found.events.column("title")[places], dtype="str"),
            "percent": 100 * change_of,
            "low": 100 * low,
            "high": 100 * high,
            "words": [words.change(part) for part in change_of.tolist()],
            "range": [
                f"{words.change(least)} to {words.change(most)}"
                for least, most in zip(low.tolist(), high.tolist(), strict=True)
            ],
            "counted": ["yes" if one else "no: shares a day" for one in counted.tolist()],
            "fill": [colour if one else "#FFFFFF" for one in counted.tolist()],
            "colour": [colour] * len(places),
        }
    )
    mean = 100 * np.expm1(own[counted].mean())
    return {"rows": data, "mean": pd.DataFrame({"at": [mean]})}


def _numbered(days: list[str]) -> list[str]:
    """``days``, those that were there before with the number of the time."""
    times: Counter[str] = Counter()
    labels = []
    for day in days:
        times[day] += 1
        labels.append(day if times[day] == 1 else f"{day} ({times[day]})")
    return labels


@built_once
def event_dots(number: int) -> Spec:
    """A dot an event over the range of ordinary days. Data: those of ``event_data``."""
    return _dots() | {"height": number * ROW + BELOW}


@built_once
def _dots() -> Spec:
    down = alt.Y("label:N", sort=alt.SortField("order"), title=None, axis=alt.Axis(labelLimit=140))
    base = alt.Chart(alt.NamedData("rows")).encode(y=down)
    across = alt.X("low:Q", title="Beyond what was to be expected, percent", axis=_percents(6))
    ordinary = base.mark_bar(color="#E2E8F0", height=14, tooltip=False).encode(
        x=across, x2="high:Q"
    )
    dots = base.mark_point(size=110, strokeWidth=2, opacity=1).encode(
        x="percent:Q",
        stroke=alt.Stroke("colour:N", scale=None),
        fill=alt.Fill("fill:N", scale=None),
        tooltip=[
            alt.Tooltip("title:N", title="What happened"),
            alt.Tooltip("label:N", title="Session"),
            alt.Tooltip("words:N", title="Beyond the expected"),
            alt.Tooltip("range:N", title="About 95 of 100 ordinary days"),
            alt.Tooltip("counted:N", title="Counted in the mean"),
        ],
    )
    mean = (
        alt.Chart(alt.NamedData("mean"))
        .mark_rule(color=INK, strokeWidth=2, strokeDash=[5, 3], tooltip=False, aria=False)
        .encode(x="at:Q")
    )
    return finished(ordinary, _zero("x", "mean"), mean, dots, height=BELOW)


def _percents(ticks: int = 5) -> alt.Axis:
    return alt.Axis(
        tickCount=ticks,
        labelOverlap="greedy",
        labelExpr="(datum.value == 0 ? '0' : format(datum.value, '+.1~f')) + '%'",
    )


def _zero(channel: str, data: str) -> alt.Chart:
    line = alt.Chart(alt.NamedData(data)).mark_rule(color=MUTED, tooltip=False, aria=False)
    encoded: alt.Chart = line.encode(**{channel: alt.datum(0)})
    return encoded

"""What was published over time, and what was measured on the same days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import numpy as np
import pandas as pd

from core.draw import words
from core.draw.built import built_once
from core.draw.fitted import fitted
from core.draw.milestones import with_room
from core.draw.theme import INK, SHORT_NUMBER, Spec, finished
from core.measure.bases import BASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.measure.history import History

_LONGEST_TITLE: Final = 60
_EVERY: Final = 7
"""One counter a week is enough for a line of years."""

_GREY: Final = "#475569"

_HEIGHT: Final = 340
_LEGEND_TITLE: Final = 24
_LEGEND_ROW: Final = 20
"""Height that the legend takes, in pixels."""

_DASHES: Final = ([1, 0], [8, 3], [2, 2], [10, 3, 2, 3], [5, 5], [1, 4], [12, 6])

_COLOUR: Final = "colour of the family"
_TITLE: Final = "title of the axis"
"""Stand in the specification where the family's own go."""


def measured_lines(histories: Mapping[str, History], family: str) -> pd.DataFrame:
    """All-time counters of ``family`` on every basis at hand, one a week, never across a gap.

    Columns ``day``, ``value``, ``basis`` (its name) and ``segment``. No rows where
    no history is loaded.
    """
    frames = []
    for key, history in histories.items():
        row = history.row(family)
        if row < 0:
            continue
        counters = history.all_time[row]
        known = np.flatnonzero(~np.isnan(counters))
        if not len(known):
            continue
        broken = np.cumsum(np.diff(known, prepend=known[0]) > 1)
        keep = (np.arange(len(known)) % _EVERY == 0) | (known == known[-1])
        # Both ends of every piece: a gap is as wide as it is.
        keep |= np.diff(broken, append=broken[-1] + 1) > 0
        keep |= np.diff(broken, prepend=broken[0] - 1) > 0
        frames.append(
            pd.DataFrame(
                {
                    "day": history.days[known[keep]],
                    "value": counters[known[keep]],
                    "basis": BASES[key].name,
                    "segment": broken[keep],
                }
            )
        )
    if not frames:
        return pd.DataFrame(
            {
                "day": pd.Series(dtype="datetime64[s]"),
                "value": pd.Series(dtype="float64"),
                "basis": pd.Series(dtype="str"),
                "segment": pd.Series(dtype="int64"),
            }
        )
    return pd.concat(frames, ignore_index=True)


def with_lines(rows: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """``rows`` of ``milestone_rows`` labelled where there is room on the axes of ``lines``."""
    if lines.empty:
        return rows
    days, values = lines["day"], lines["value"]
    return with_room(rows, (days.min(), days.max()), (values.max(),))


@built_once
def over_time(colour: str, title: str, bases: tuple[str, ...]) -> Spec:
    """Published figures as points that are never joined, counters as lines on ``bases``.

    The legend above names the lines: their names would not fit beside them. A
    hollow point stands out: see ``contradictions.flagged``. Data: ``rows``,
    those of ``milestone_rows`` with ``flag``, and ``lines``.
    """
    named = words.quoted(title, _LONGEST_TITLE)
    spec = fitted(_built(), {_COLOUR: colour, _TITLE: named})
    dash = spec["layer"][0]["encoding"]["strokeDash"]
    if bases:
        dash["legend"]["values"] = list(bases)
        spec["height"] = _HEIGHT + _LEGEND_TITLE + _LEGEND_ROW * len(bases)
    else:
        dash["legend"] = None
    return spec


@built_once
def _built() -> Spec:
    axis = alt.Axis(format="%b %Y", tickCount=4, labelOverlap=True)
    height = alt.Y(
        "value:Q",
        title=_TITLE,
        axis=alt.Axis(labelExpr=SHORT_NUMBER, tickCount=5),
    )
    names = [basis.name for basis in BASES.values()]
    lines = alt.Chart(alt.NamedData("lines"))
    line = lines.mark_line(color=_COLOUR, strokeWidth=2).encode(
        x=alt.X("day:T", title=None, axis=axis),
        y=height,
        detail=["basis:N", "segment:N"],
        strokeDash=alt.StrokeDash(
            "basis:N",
            # Every basis has its own dash whichever others are drawn.
            scale=alt.Scale(domain=names, range=_DASHES[: len(names)]),
            legend=alt.Legend(
                title="Measured, by what is counted",
                orient="top",
                direction="vertical",
                columns=1,
                labelLimit=0,
                titleLimit=0,
                symbolType="stroke",
                symbolSize=700,
                symbolStrokeColor=_COLOUR,
            ),
        ),
    )
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=height,
        tooltip=[
            alt.Tooltip("figure:N", title="Figure"),
            alt.Tooltip("as_of:N", title="As of"),
            alt.Tooltip("subject:N", title="For"),
            alt.Tooltip("publisher:N", title="Published by"),
            alt.Tooltip("flag:N", title="Stands out"),
            alt.Tooltip("note:N", title="Good to know"),
        ],
    )
    span = base.mark_rule(color=_GREY, strokeWidth=4, opacity=0.45).encode(
        x=alt.X("first_day:T", title=None, axis=axis), x2="last_day:T"
    )
    # A layer without a mark has no name a screen reader could say: the spans have one each.
    point = base.mark_point(size=95, opacity=1, color=_GREY, aria=False, filled=True).encode(
        x="dot:T",
        fill=alt.condition("datum.flag != ''", alt.value("white"), alt.value(_GREY)),
        stroke=alt.value(_GREY),
        strokeWidth=alt.value(2),
    )
    place = {"x": "middle:T", "y": height, "text": "label:N"}
    said = alt.Chart(alt.NamedData("rows"))
    halo = said.mark_text(
        dy=-13, fontSize=12, stroke="white", strokeWidth=4, tooltip=False, aria=False
    )
    label = said.mark_text(dy=-13, color=INK, fontSize=12, tooltip=False)
    layers = [line, span, point, halo.encode(**place), label.encode(**place)]
    return finished(*layers, height=_HEIGHT)


def contradiction_sentence(pairs: pd.DataFrame, family: str) -> str:
    """How often figures of a family contradict each other, and the widest pair."""
    if pairs.empty:
        return f"No two published figures of {family} about the same time contradict each other."
    top = pairs.iloc[0]
    return (
        f"{words.plural(len(pairs), 'pair')} of published figures about {family} contradict each "
        f"other; the widest is {top['times']:.1f} times apart."
    )

"""What was published over time, and what was measured on the same days."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import altair as alt
import numpy as np
import pandas as pd

from core.draw import words
from core.draw.theme import INK, SHORT_NUMBER, Spec, finished
from core.measure.bases import BASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.measure.history import History

_LONGEST_TITLE: Final = 60
_EVERY: Final = 7
"""One counter a week is enough for a line of years."""

_GREY: Final = "#475569"


def measured_lines(histories: Mapping[str, History], family: str) -> pd.DataFrame:
    """All-time counters of ``family`` on every basis at hand, one a week, never across a gap.

    Columns ``day``, ``value``, ``basis`` (its name), ``segment`` and ``label``
    (at the end of a line only). No rows where no history is loaded.
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
        frame = pd.DataFrame(
            {
                "day": history.days[known[keep]],
                "value": counters[known[keep]],
                "basis": BASES[key].name,
                "segment": broken[keep],
            }
        )
        frame["label"] = np.where(frame.index == len(frame) - 1, BASES[key].name, "")
        frames.append(frame)
    if not frames:
        return pd.DataFrame(
            {
                "day": pd.Series(dtype="datetime64[s]"),
                "value": pd.Series(dtype="float64"),
                "basis": pd.Series(dtype="str"),
                "segment": pd.Series(dtype="int64"),
                "label": pd.Series(dtype="str"),
            }
        )
    return pd.concat(frames, ignore_index=True)


@cache
def over_time(colour: str, title: str) -> Spec:
    """Published figures as points that are never joined, counters as lines.

    A hollow point stands out: see ``contradictions.flagged``. Data: ``rows``,
    those of ``milestone_rows`` with ``flag``, and ``lines``.
    """
    axis = alt.Axis(format="%b %Y", tickCount=4, labelOverlap=True)
    height = alt.Y(
        "value:Q",
        title=words.quoted(title, _LONGEST_TITLE),
        axis=alt.Axis(labelExpr=SHORT_NUMBER, tickCount=5),
    )
    lines = alt.Chart(alt.NamedData("lines"))
    line = lines.mark_line(color=colour, strokeWidth=2).encode(
        x=alt.X("day:T", title=None, axis=axis),
        y=height,
        detail=["basis:N", "segment:N"],
        strokeDash=alt.StrokeDash("basis:N", legend=None),
    )
    name = lines.mark_text(align="right", dy=-8, color=INK).encode(
        x="day:T", y=height, text="label:N"
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
    label = base.mark_text(dy=-13, color=INK, fontSize=12).encode(x="middle:T", text="label:N")
    return finished(line, name, span, point, label, height=340)


def contradiction_sentence(pairs: pd.DataFrame, family: str) -> str:
    """How often figures of a family contradict each other, and the widest pair."""
    if pairs.empty:
        return f"No two published figures of {family} about the same time contradict each other."
    top = pairs.iloc[0]
    return (
        f"{words.plural(len(pairs), 'pair')} of published figures about {family} contradict each "
        f"other; the widest is {top['times']:.1f} times apart."
    )

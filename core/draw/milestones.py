"""Published figures over time: points that are never joined."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from core.draw import words
from core.draw.theme import INK, SHORT_NUMBER, Spec, finished

if TYPE_CHECKING:
    from datetime import date

_LONGEST_TITLE: Final = 60
"""Characters of a kind of figure, which may be outside text, that fit along the axis."""


def milestone_rows(figures: pd.DataFrame, kind: str, now: date) -> pd.DataFrame:
    """Figures of one ``kind`` that are dated numbers, for ``published``; spans end ``now``."""
    rows = figures[figures["counts"] == kind]
    rows = rows[rows["value"].notna() & rows["last_day"].notna()]
    until = rows["last_day"].where(rows["last_day"] <= pd.Timestamp(now), pd.Timestamp(now))
    return pd.DataFrame(
        {
            "first_day": rows["first_day"],
            "last_day": until,
            "dot": rows["first_day"].where(rows["first_day"] == until),
            "middle": rows["first_day"] + (until - rows["first_day"]) / 2,
            "value": rows["value"].astype("float64"),
            "figure": rows["value"].map(words.count).astype("str") + " " + rows["unit"],
            "label": rows["value"].map(words.short),
            "as_of": rows["as_of"],
            "subject": rows["subject"],
            "publisher": rows["source_name"],
            "note": rows["note"].fillna(""),
        }
    )


@cache
def published(colour: str, title: str) -> Spec:
    """Published figures over time: points, never joined. Data: ``rows``.

    A figure for a month or a year is drawn as that span, without a dot on any day.
    """
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y(
            "value:Q",
            title=words.quoted(title, _LONGEST_TITLE),
            axis=alt.Axis(labelExpr=SHORT_NUMBER, tickCount=5),
        ),
        tooltip=[
            alt.Tooltip("figure:N", title="Figure"),
            alt.Tooltip("as_of:N", title="As of"),
            alt.Tooltip("subject:N", title="For"),
            alt.Tooltip("publisher:N", title="Published by"),
            alt.Tooltip("note:N", title="Good to know"),
        ],
    )
    axis = alt.Axis(format="%b %Y", tickCount=4, labelOverlap=True)
    span = base.mark_rule(color=colour, strokeWidth=4, opacity=0.45).encode(
        x=alt.X("first_day:T", title=None, axis=axis), x2="last_day:T"
    )
    # A layer without a mark has no name a screen reader could say: the spans have one each.
    point = base.mark_point(filled=True, size=95, opacity=1, color=colour, aria=False)
    point = point.encode(x="dot:T")
    label = base.mark_text(dy=-13, color=INK, fontSize=12).encode(x="middle:T", text="label:N")
    return finished(span, point, label, height=300)

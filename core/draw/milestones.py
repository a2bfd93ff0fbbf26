"""Published figures over time: points that are never joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from core.draw import words
from core.draw.built import built_once
from core.draw.template import COLOUR, TITLE, filled
from core.draw.theme import INK, SHORT_NUMBER, Spec, finished

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

_LABEL: Final = (0.15, 0.085)
"""Width and height of a point's label on a phone, as parts of the plot."""

_LONGEST_TITLE: Final = 60
"""Characters of a kind of figure, which may be outside text, that fit along the axis."""


def milestone_rows(figures: pd.DataFrame, kind: str, now: date) -> pd.DataFrame:
    """Figures of one ``kind`` that are dated numbers, for ``published``; spans end ``now``.

    ``label`` is empty where it would be written over that of a newer figure.
    """
    rows = figures[figures["counts"] == kind]
    rows = rows[rows["value"].notna() & rows["last_day"].notna()]
    until = rows["last_day"].where(rows["last_day"] <= pd.Timestamp(now), pd.Timestamp(now))
    told = pd.DataFrame(
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
    return with_room(told)


def with_room(
    rows: pd.DataFrame, days: Iterable[pd.Timestamp] = (), values: Iterable[float] = ()
) -> pd.DataFrame:
    """``rows`` whose labels are empty where they would be written over each other.

    The newest figures are labelled first. ``days`` and ``values`` are what else
    the axes reach to; that of values begins at zero.
    """
    if rows.empty:
        return rows
    first = min([rows["first_day"].min(), *days])
    last = max([rows["last_day"].max(), *days])
    top = max([rows["value"].max(), *values, 0.0]) or 1.0
    width = max((last - first) / pd.Timedelta(days=1), 1.0)
    across = ((rows["middle"] - first) / pd.Timedelta(days=1) / width).tolist()
    up = (rows["value"] / top).tolist()
    label = rows["label"].tolist()
    taken: list[tuple[float, float]] = []
    for at in sorted(range(len(rows)), key=lambda at: across[at], reverse=True):
        if any(abs(across[at] - x) < _LABEL[0] and abs(up[at] - y) < _LABEL[1] for x, y in taken):
            label[at] = ""
        else:
            taken.append((across[at], up[at]))
    return rows.assign(label=pd.Series(label, rows.index, dtype="str"))


def published(colour: str, title: str) -> Spec:
    """Published figures over time: points, never joined. Data: ``rows``.

    A figure for a month or a year is drawn as that span, without a dot on any day.
    """
    return filled(_published(), (COLOUR, colour), (TITLE, words.quoted(title, _LONGEST_TITLE)))


@built_once
def _published() -> Spec:
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y(
            "value:Q",
            title=TITLE,
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
    span = base.mark_rule(color=COLOUR, strokeWidth=4, opacity=0.45).encode(
        x=alt.X("first_day:T", title=None, axis=axis), x2="last_day:T"
    )
    # A layer without a mark has no name a screen reader could say: the spans have one each.
    point = base.mark_point(filled=True, size=95, opacity=1, color=COLOUR, aria=False)
    point = point.encode(x="dot:T")
    label = base.mark_text(dy=-13, color=INK, fontSize=12).encode(x="middle:T", text="label:N")
    return finished(span, point, label, height=300)

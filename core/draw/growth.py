"""Downloads per day of a family, as bars and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from core.draw import words
from core.draw.built import built_once
from core.draw.theme import INK, LINES, MUTED, SHORT_NUMBER, Spec, finished

if TYPE_CHECKING:
    from core.measure.growth import FamilyGrowth

FELL: Final = "#B91C1C"
"""Bars below zero; their place and their label say the same."""

_SAID: Final = 5
"""Falls that are named in a sentence, the deepest ones; all are in the table."""
_BESIDE_EDGE: Final = 0.2
"""How far from either end of the chart a label stays, as a part of the span."""
_GAP: Final = 0.12
"""Part of a day that is left free on each side of its bar."""
_HOLLOW: Final = "#FFFFFF"


def growth_sentence(found: FamilyGrowth) -> str:
    """The newest day that is complete, beside the average of the days before it."""
    rows = found.rows
    whole = rows[rows["complete"] & ~rows["fell"]]
    first, last = rows["day"].iloc[0], rows["day"].iloc[-1]
    if whole.empty:
        return (
            f"Official models of {found.family}: no day from {words.day(first)} to "
            f"{words.day(last)} is complete, so none is told as a figure."
        )
    newest = whole.iloc[-1]
    sentence = (
        f"Official models of {found.family} were downloaded "
        f"{words.count(newest['downloads'])} times on {words.day(newest['day'])}, "
        "the newest complete day"
    )
    before = whole.iloc[:-1].tail(7)
    if len(before):
        average = round(before["downloads"].mean())
        days = "day" if len(before) == 1 else f"{len(before)} complete days"
        sentence += (
            f". On the {days} before it was {words.count(average)}"
            f"{'' if len(before) == 1 else ' on average'}"
        )
        if rows.loc[rows["day"] > before["day"].iloc[0], "fell"].any():
            sentence += ", not counting days on which the counters fell"
    return sentence + "."


def falls_sentence(found: FamilyGrowth) -> str:
    """Which days are below zero, and why; empty where none is."""
    fallen = found.rows[found.rows["fell"]]
    if fallen.empty:
        return ""
    deepest = fallen.sort_values("downloads", kind="stable").head(_SAID).sort_values("day")
    named = [f"{words.day(day)} ({signed(number)})" for day, number in _pairs(deepest)]
    if len(fallen) > _SAID:
        said = f"The counters fell on {len(fallen):,} days, most on {words.listing(named)}"
    else:
        said = f"The counters fell on {words.listing(named)}"
    return (
        f"{said}: the Hub lowered its all-time counts, which is no negative download. "
        "They are shown as they were read."
    )


def unfinished_sentence(found: FamilyGrowth) -> str:
    """How many bars are hollow, and what that means; empty where none is."""
    number = int((~found.rows["complete"]).sum())
    if not number:
        return ""
    return (
        f"Hollow: {words.plural(number, 'incomplete day')}, whose readings were not 23 to 25 "
        "hours apart or lack some of the models."
    )


def growth_data(found: FamilyGrowth, colour: str) -> dict[str, pd.DataFrame]:
    """``rows`` and, where a counter fell, ``labels`` for ``growth_bars``."""
    shown = found.rows
    day, own = shown["day"], shown["fell"].map({True: FELL, False: colour}).astype("str")
    rows = pd.DataFrame(
        {
            "start": (day + pd.Timedelta(days=_GAP)).astype("datetime64[ms]"),
            "end": (day + pd.Timedelta(days=1 - _GAP)).astype("datetime64[ms]"),
            "amount": shown["downloads"].astype("float64"),
            "zero": 0.0,
            "edge": own,
            "fill": own.where(shown["complete"], _HOLLOW),
            "day_words": day.map(words.day),
            "figure": shown["downloads"].map(signed),
            "state": _states(shown),
        }
    )
    if not shown["fell"].any():
        return {"rows": rows}
    # Only the deepest fall has its label: those of neighbours would lie on each other.
    at = int(shown["downloads"].argmin())
    deepest = slice(at, at + 1)
    left, right = rows["start"].min(), rows["end"].max()
    edge = (right - left) * _BESIDE_EDGE
    middle = (day + pd.Timedelta(hours=12)).clip(left + edge, right - edge)
    labels = pd.DataFrame(
        {
            "middle": middle.iloc[deepest].astype("datetime64[ms]"),
            "amount": rows["amount"].iloc[deepest],
            "label": f"counter fell: {signed_short(shown['downloads'].iloc[at])}",
        }
    )
    return {"rows": rows, "labels": labels}


@built_once
def growth_bars(*, fell: bool) -> Spec:
    """A bar a day, hollow where it is incomplete, below zero where counters fell."""
    when = alt.X("start:T", title=None, axis=alt.Axis(format="%-d %b %Y", tickCount=4))
    height = alt.Y(
        "amount:Q",
        title="Downloads in a day",
        axis=alt.Axis(labelExpr=SHORT_NUMBER, tickCount=6),
    )
    bar = (
        alt.Chart(alt.NamedData("rows"))
        .mark_rect(strokeWidth=1.2)
        .encode(
            x=when,
            x2="end:T",
            y=height,
            y2="zero:Q",
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("edge:N", scale=None),
            tooltip=[
                alt.Tooltip("day_words:N", title="Day"),
                alt.Tooltip("figure:N", title="Downloads"),
                alt.Tooltip("state:N", title="Good to know"),
            ],
        )
    )
    level = (
        alt.Chart(alt.NamedData("rows"))
        .mark_rule(color=MUTED, strokeWidth=1, aria=False, tooltip=False)
        .encode(y=alt.datum(0))
    )
    if not fell:
        return finished(bar, level, height=LINES)
    label = (
        alt.Chart(alt.NamedData("labels"))
        .mark_text(align="center", baseline="top", dy=4, color=INK, aria=False)
        .encode(x="middle:T", y="amount:Q", text="label:N")
    )
    return finished(bar, level, label, height=LINES)


def signed(number: float) -> str:
    """-1234567 → "−1.2 million", with a true minus sign."""
    return f"\N{MINUS SIGN}{words.count(-number)}" if number < 0 else words.count(number)


def signed_short(number: float) -> str:
    """-1234567 → "−1.2M", with a true minus sign."""
    return f"\N{MINUS SIGN}{words.short(-number)}" if number < 0 else words.short(number)


def _states(shown: pd.DataFrame) -> pd.Series:
    complete = shown["complete"].map({True: "a complete day", False: "an incomplete day"})
    fell = shown["fell"].map({True: "; the counters fell", False: ""})
    return (complete + fell).astype("str")


def _pairs(rows: pd.DataFrame) -> list[tuple[pd.Timestamp, int]]:
    return list(zip(rows["day"], rows["downloads"].tolist(), strict=True))

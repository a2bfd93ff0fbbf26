"""What a family's official models are, as bars and in words.

Licences, tasks and the like are outside text: the sentences here that quote
them are for ``st.text`` and never for Markdown.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from core.draw import words
from core.draw.theme import BELOW, INK, Spec, finished

if TYPE_CHECKING:
    from core.measure.make_up import MakeUp, NewPerMonth

_TALL_ROW: Final = 40
"""Height of a bar with its name above it, in pixels."""
_MONTHS: Final = 300
_LONGEST: Final = 40
"""Characters of an outside name that fit above a bar on a narrow screen."""
_SO_FAR: Final = 0.3
"""How solid the bar of an unfinished month is."""
_GAP: Final = 0.12
"""Part of a month or a day that is left free on each side of its bar."""

_ARE: Final = {
    "licence": "are under {}",
    "format": "come as {}",
    "task": "are for {}",
    "library": "are made for {}",
}
_KNOWN: Final = {
    "licence": "the licence",
    "format": "the file format",
    "task": "the task",
    "library": "the software they are made for",
}
TITLES: Final = {
    "licence": "Licence",
    "format": "File format",
    "task": "Task",
    "library": "Software",
}
_MODELS: Final = "Official models"


def quoted(text: str) -> str:
    """Outside text for a line of ours: short, and nothing in it that turns the line around."""
    return words.quoted(text, _LONGEST)


def make_up_sentence(found: MakeUp) -> str:
    """The most frequent kind, of how many, and of how many it is not known. Outside text."""
    first = found.rows.iloc[0]
    number = int(first["models"])
    what = _ARE[found.by].format(quoted(str(first["value"])))
    if found.total == 1:
        return f"The one official model of {found.family} {_one(what)}."
    if not found.unknown:
        return f"{_part(found, number)} {_verb(number, what)}."
    if found.known * 2 < found.total:
        of_known = "it" if found.known == 1 else f"{number:,} of these {found.known:,}"
        return (
            f"Of {found.known:,} of {found.family}'s {found.total:,} official models "
            f"{_KNOWN[found.by]} is known: {of_known} "
            f"{_one(what) if number == 1 else what}."
        )
    return (
        f"{_part(found, number)} {_verb(number, what)}; "
        f"{_KNOWN[found.by]} of {found.unknown:,} is not known."
    )


def new_sentence(found: NewPerMonth) -> str:
    """The month with most new models, and how the newest month stands."""
    rows = found.rows
    most = rows.iloc[int(rows["models"].argmax())]
    sentence = (
        f"{found.family}: {words.plural(found.known, 'official model')} created since "
        f"{_month(rows['month'].iloc[0])}"
    )
    last = rows.iloc[-1]
    up_to = "" if last["complete"] else f" up to {words.day(found.as_of)}"
    newest_leads = most["month"] == last["month"]
    if len(rows) > 1:
        sentence += (
            f"; no month had more than {_month(most['month'])}, with {int(most['models']):,}"
            f"{up_to * newest_leads}"
        )
    if up_to and not (newest_leads and len(rows) > 1):
        sentence += f". {_month(last['month'])} has {int(last['models']):,}{up_to}"
    return f"{sentence}.{_left_out(found)}"


def make_up_rows(found: MakeUp) -> pd.DataFrame:
    """Rows for ``make_up_bars``; names as data."""
    rows = found.rows
    name, share = rows["value"].map(quoted), rows["share"].map(words.percent)
    number = rows["models"].map("{:,}".format)
    return pd.DataFrame(
        {
            "kind": rows["value"],
            "name": name,
            "amount": rows["models"],
            "start": 0.0,
            "label": name + " \N{MIDDLE DOT} " + number,
            "share": share + f" of {found.total:,}",
            "solid": (rows["kinds"] == 1).map({True: 1.0, False: 0.45}).astype("float64"),
        }
    )


@cache
def make_up_bars(colour: str, title: str, rows: int) -> Spec:
    """``rows`` kinds as bars, each under its name. Data: ``rows`` of ``make_up_rows``."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("kind:N", sort=None, title=None, axis=None),
        tooltip=[
            alt.Tooltip("name:N", title=title),
            alt.Tooltip("amount:Q", title=_MODELS, format=","),
            alt.Tooltip("share:N", title="Share of all official models"),
        ],
    )
    axis = alt.Axis(format=",d", tickCount=4, tickMinStep=1)
    bar = base.mark_bar(height=9, yOffset=9, cornerRadiusEnd=3, color=colour).encode(
        x=alt.X("amount:Q", title=_MODELS, axis=axis),
        opacity=alt.Opacity("solid:Q", scale=None, legend=None),
    )
    name = base.mark_text(align="left", dy=-7, color=INK).encode(x="start:Q", text="label:N")
    return finished(bar, name, height=_TALL_ROW * rows + BELOW)


def month_data(found: NewPerMonth) -> dict[str, pd.DataFrame]:
    """``rows``, ``labels`` and ``zero`` for ``month_bars``."""
    month = found.rows["month"]
    following = month + pd.offsets.MonthBegin(1)
    gap = (following - month) * _GAP
    rows = pd.DataFrame(
        {
            "start": (month + gap).astype("datetime64[ms]"),
            "end": (following - gap).astype("datetime64[ms]"),
            "middle": (month + (following - month) / 2).astype("datetime64[ms]"),
            "amount": found.rows["models"],
            "zero": 0.0,
            "month": month.map(_month),
            "solid": found.rows["complete"].map({True: 1.0, False: _SO_FAR}).astype("float64"),
            "state": found.rows["complete"]
            .map({True: "whole month", False: f"so far, up to {words.day(found.as_of)}"})
            .astype("str"),
        }
    )
    open_ones = rows[~found.rows["complete"]]
    labels = open_ones[["end", "amount"]].assign(
        label=open_ones["amount"].map("{:,} so far".format)
    )
    shown = {"rows": rows}
    return shown | {"labels": labels} if len(labels) else shown


@cache
def month_bars(colour: str, *, unfinished: bool) -> Spec:
    """New models per month; an ``unfinished`` last one lighter, with words. See ``month_data``."""
    when = alt.X("start:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=4, labelFlush=True))
    height = alt.Y(
        "amount:Q",
        title="New official models in a month",
        axis=alt.Axis(format=",d", tickCount=5, tickMinStep=1),
    )
    rows = alt.Chart(alt.NamedData("rows")).encode(
        x=when,
        x2="end:T",
        y=height,
        y2="zero:Q",
        tooltip=[
            alt.Tooltip("month:N", title="Month"),
            alt.Tooltip("amount:Q", title="New official models", format=","),
            alt.Tooltip("state:N", title="Counted"),
        ],
    )
    bar = rows.mark_rect(color=colour, stroke=colour, strokeWidth=1).encode(
        fillOpacity=alt.FillOpacity("solid:Q", scale=None, legend=None)
    )
    if not unfinished:
        return finished(bar, height=_MONTHS)
    label = (
        alt.Chart(alt.NamedData("labels"))
        .mark_text(align="right", baseline="bottom", dy=-4, color=INK, aria=False)
        .encode(x="end:T", y="amount:Q", text="label:N")
    )
    return finished(bar, label, height=_MONTHS)


def _part(found: MakeUp, number: int) -> str:
    share = words.percent(number / found.total)
    return f"{number:,} of {found.family}'s {found.total:,} official models ({share})"


def _verb(number: int, what: str) -> str:
    return _one(what) if number == 1 else what


def _one(what: str) -> str:
    """What several models "are" or "come" as, said of one."""
    verb, _, rest = what.partition(" ")
    return f"{ {'are': 'is', 'come': 'comes'}[verb] } {rest}"


def _month(moment: pd.Timestamp) -> str:
    return f"{moment:%B %Y}"


def _left_out(found: NewPerMonth) -> str:
    """What has no bar, and why; empty where nothing is left out."""
    parts = []
    if found.older:
        parts.append(
            f"{words.plural(found.older, 'model')} from before 3 March 2022, whose real day the "
            "Hub does not tell"
        )
    if found.unknown:
        parts.append(f"{words.plural(found.unknown, 'model')} whose day is not known")
    return f" Not drawn: {words.listing(parts)}." if parts else ""

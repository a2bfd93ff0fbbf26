"""What a family's official models are, as bars and in words.

Licences, tasks and the like are outside text: the sentences here that quote
them are for ``st.text`` and never for Markdown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import numpy as np
import pandas as pd

from core.draw import words
from core.draw.built import built_once
from core.draw.template import COLOUR, TITLE, filled
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
_RARE: Final = 0.45
"""How solid the bar is that several rare kinds share."""
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
    number = int(found.rows["models"].to_numpy()[0])
    what = _ARE[found.by].format(quoted(str(found.rows["value"].array[0])))
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
    months, models = found.rows["month"].tolist(), found.rows["models"].to_numpy()
    at, last = int(models.argmax()), len(models) - 1
    sentence = (
        f"{found.family}: {words.plural(found.known, 'official model')} created since "
        f"{_month(months[0])}"
    )
    up_to = "" if found.rows["complete"].to_numpy()[last] else f" up to {words.day(found.as_of)}"
    if last:
        sentence += (
            f"; no month had more than {_month(months[at])}, with {models[at]:,}"
            f"{up_to * (at == last)}"
        )
    if up_to and not (at == last and last):
        sentence += f". {_month(months[last])} has {models[last]:,}{up_to}"
    return f"{sentence}.{_left_out(found)}"


def make_up_rows(found: MakeUp) -> pd.DataFrame:
    """Rows for ``make_up_bars``; names as data."""
    rows = found.rows
    numbers = rows["models"].tolist()
    names = [quoted(value) for value in rows["value"].tolist()]
    shares = [f"{words.percent(share)} of {found.total:,}" for share in rows["share"].tolist()]
    labels = [
        f"{name} \N{MIDDLE DOT} {number:,}" for name, number in zip(names, numbers, strict=True)
    ]
    return pd.DataFrame(
        {
            "kind": rows["value"].array,
            "name": pd.array(names, dtype="str"),
            "amount": rows["models"].array,
            "start": np.zeros(len(rows)),
            "label": pd.array(labels, dtype="str"),
            "share": pd.array(shares, dtype="str"),
            "solid": np.where(rows["kinds"].to_numpy() == 1, 1.0, _RARE),
        }
    )


@built_once
def make_up_bars(colour: str, title: str, rows: int) -> Spec:
    """``rows`` kinds as bars, each under its name. Data: ``rows`` of ``make_up_rows``."""
    height = _TALL_ROW * rows + BELOW
    return filled(_make_up_bars(), (COLOUR, colour), (TITLE, title), height=height)


@built_once
def _make_up_bars() -> Spec:
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("kind:N", sort=None, title=None, axis=None),
        tooltip=[
            alt.Tooltip("name:N", title=TITLE),
            alt.Tooltip("amount:Q", title=_MODELS, format=","),
            alt.Tooltip("share:N", title="Share of all official models"),
        ],
    )
    axis = alt.Axis(format=",d", tickCount=4, tickMinStep=1)
    bar = base.mark_bar(height=9, yOffset=9, cornerRadiusEnd=3, color=COLOUR).encode(
        x=alt.X("amount:Q", title=_MODELS, axis=axis),
        opacity=alt.Opacity("solid:Q", scale=None, legend=None),
    )
    name = base.mark_text(align="left", dy=-7, color=INK).encode(x="start:Q", text="label:N")
    return finished(bar, name, height=BELOW)


def month_data(found: NewPerMonth) -> dict[str, pd.DataFrame]:
    """``rows``, ``labels`` and ``zero`` for ``month_bars``."""
    month = found.rows["month"].to_numpy("datetime64[ms]")
    amount, complete = found.rows["models"].to_numpy(), found.rows["complete"].to_numpy(bool)
    following = (month.astype("datetime64[M]") + 1).astype("datetime64[ms]")
    gap = ((following - month).astype(np.int64) * _GAP).astype(np.int64).astype("timedelta64[ms]")
    so_far = f"so far, up to {words.day(found.as_of)}"
    rows = pd.DataFrame(
        {
            "start": month + gap,
            "end": following - gap,
            "middle": month + (following - month) // 2,
            "amount": amount,
            "zero": np.zeros(len(month)),
            "month": pd.array([_month(pd.Timestamp(one)) for one in month], dtype="str"),
            "solid": np.where(complete, 1.0, _SO_FAR),
            "state": pd.array(["whole month" if one else so_far for one in complete], dtype="str"),
        }
    )
    shown = {"rows": rows}
    if complete.all():
        return shown
    shown["labels"] = pd.DataFrame(
        {
            "end": rows["end"].array[~complete],
            "amount": amount[~complete],
            "label": pd.array([f"{one:,} so far" for one in amount[~complete]], dtype="str"),
        }
    )
    return shown


@built_once
def month_bars(colour: str, *, unfinished: bool) -> Spec:
    """New models per month; an ``unfinished`` last one lighter, with words. See ``month_data``."""
    return filled(_month_bars(unfinished=unfinished), (COLOUR, colour))


@built_once
def _month_bars(*, unfinished: bool) -> Spec:
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
    bar = rows.mark_rect(color=COLOUR, stroke=COLOUR, strokeWidth=1).encode(
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

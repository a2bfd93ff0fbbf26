"""What is built on a model or a family, as bars and in words.

Names of publishers are outside text: ``shares_sentence`` of them is for
``st.text`` and never for Markdown.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from core.draw import words
from core.draw.theme import BELOW, INK, Spec, finished
from core.draw.treemap import RELATIONS
from core.measure.built_shares import FIRST_PUBLISHERS, HOME_FORMATS
from core.measure.licences import CHANGED, KEPT, NONE_STATED

if TYPE_CHECKING:
    from core.measure.built_shares import Months, Question, Shares

TITLES: Final[dict[Question, str]] = {
    "publisher": "Publisher",
    "licence": "Licence beside its base's",
    "format": "File format",
    "size": "Number of parameters",
}
_KNOWN: Final[dict[Question, str]] = {
    "publisher": "the publisher",
    "licence": "the licence beside its base's",
    "format": "the file format",
    "size": "the number of parameters",
}

_TALL_ROW: Final = 40
_MONTHS: Final = 320
_LONGEST: Final = 40
_BARS: Final = "#1D4ED8"
_SO_FAR: Final = 0.35
_GAP: Final = 0.12


def shares_sentence(found: Shares, what: str) -> str:
    """What stands out in ``found`` about the models built on ``what``, and what is not known."""
    counts = found.rows.set_index("value")["models"]
    said = {
        "publisher": _publishers,
        "licence": _licences,
        "format": _formats,
        "size": _sizes,
    }[found.by](found, counts)
    if not found.unknown:
        return f"Of {_models(found.known, what)} {said}."
    return (
        f"Of {found.known:,} of the {_models(found.total, what)} {_KNOWN[found.by]} is known: "
        f"{said}. Of the other {found.unknown:,} it is not."
    )


def months_sentence(found: Months, what: str) -> str:
    """The newest whole month, the month with most, and what has no bar."""
    months = found.by_month
    whole = months[months["complete"]]
    sentence = (
        f"Of the models built on {what}, {found.known:,} "
        f"{'has' if found.known == 1 else 'have'} a known month of creation"
    )
    if len(whole):
        last, most = whole.iloc[-1], whole.iloc[int(whole["models"].argmax())]
        sentence += (
            f": {int(last['models']):,} came in {last['month']:%B %Y}, the newest whole month"
        )
        if most["month"] != last["month"]:
            sentence += f"; no whole month had more than {most['month']:%B %Y}, with "
            sentence += f"{int(most['models']):,}"
    newest = months.iloc[-1]
    if not newest["complete"]:
        up_to = words.day(found.as_of)
        sentence += f". {newest['month']:%B %Y} has {int(newest['models']):,} up to {up_to}"
    return f"{sentence}.{_left_out(found)}"


def share_rows(found: Shares) -> pd.DataFrame:
    """Rows for ``share_bars``; names as data."""
    rows = found.rows
    name = rows["value"].map(lambda text: words.quoted(text, _LONGEST))
    return pd.DataFrame(
        {
            "kind": rows["value"],
            "name": name,
            "amount": rows["models"],
            "start": 0.0,
            "label": name + " \N{MIDDLE DOT} " + rows["models"].map("{:,}".format),
            "share": rows["share"].map(words.percent) + f" of {found.known:,}",
        }
    )


@cache
def share_bars(title: str, rows: int) -> Spec:
    """``rows`` kinds as bars, each under its name. Data: ``rows`` of ``share_rows``."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("kind:N", sort=None, title=None, axis=None),
        tooltip=[
            alt.Tooltip("name:N", title=title),
            alt.Tooltip("amount:Q", title="Models", format=","),
            alt.Tooltip("share:N", title="Share of those it is known of"),
        ],
    )
    axis = alt.Axis(format=",d", tickCount=4, tickMinStep=1)
    bar = base.mark_bar(height=9, yOffset=9, cornerRadiusEnd=3, color=_BARS).encode(
        x=alt.X("amount:Q", title="Models built on it", axis=axis)
    )
    name = base.mark_text(align="left", dy=-7, color=INK).encode(x="start:Q", text="label:N")
    return finished(bar, name, height=_TALL_ROW * rows + BELOW)


def month_data(found: Months) -> dict[str, pd.DataFrame]:
    """``rows`` and, of an unfinished month, ``labels`` for ``month_bars``."""
    rows = found.rows
    relation = rows["relation"].where(rows["relation"].isin(RELATIONS), "other")
    summed = rows.assign(relation=relation).groupby(["month", "relation", "complete"])["models"]
    frame = summed.sum().reset_index()
    place = frame["relation"].map({name: at for at, name in enumerate(RELATIONS)})
    frame = frame.assign(place=place).sort_values(["month", "place"], ignore_index=True)
    top = frame.groupby("month")["models"].cumsum()
    following = frame["month"] + pd.offsets.MonthBegin(1)
    gap = (following - frame["month"]) * _GAP
    shown = pd.DataFrame(
        {
            "start": (frame["month"] + gap).astype("datetime64[ms]"),
            "end": (following - gap).astype("datetime64[ms]"),
            "low": (top - frame["models"]).astype("float64"),
            "high": top.astype("float64"),
            "amount": frame["models"],
            "relation": frame["relation"].astype("str"),
            "month": frame["month"].map("{:%B %Y}".format),
            "solid": frame["complete"].map({True: 1.0, False: _SO_FAR}).astype("float64"),
            "state": frame["complete"]
            .map({True: "whole month", False: f"so far, up to {words.day(found.as_of)}"})
            .astype("str"),
        }
    )
    data = {"rows": shown[shown["amount"] > 0].reset_index(drop=True)}
    last = found.by_month.iloc[-1]
    if not last["complete"]:
        label = f"{int(last['models']):,} so far"
        newest = shown.iloc[[-1]]
        data["labels"] = newest[["end", "high"]].assign(label=label).astype({"label": "str"})
    return data


@cache
def month_bars(*, unfinished: bool) -> Spec:
    """New models per month, by relation; an ``unfinished`` last month lighter, with words."""
    when = alt.X("start:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=4, labelFlush=True))
    relation = alt.Color(
        "relation:N",
        scale=alt.Scale(domain=list(RELATIONS), range=list(RELATIONS.values())),
        legend=alt.Legend(
            orient="top", title=None, labelFontSize=13, symbolType="square", columns=3
        ),
    )
    bar = (
        alt.Chart(alt.NamedData("rows"))
        .mark_rect()
        .encode(
            x=when,
            x2="end:T",
            y=alt.Y(
                "low:Q",
                title="New models in a month",
                axis=alt.Axis(format=",d", tickCount=5, tickMinStep=1),
            ),
            y2="high:Q",
            color=relation,
            fillOpacity=alt.FillOpacity("solid:Q", scale=None, legend=None),
            tooltip=[
                alt.Tooltip("month:N", title="Month"),
                alt.Tooltip("relation:N", title="How it was made"),
                alt.Tooltip("amount:Q", title="New models", format=","),
                alt.Tooltip("state:N", title="Counted"),
            ],
        )
    )
    if not unfinished:
        return finished(bar, height=_MONTHS)
    label = (
        alt.Chart(alt.NamedData("labels"))
        .mark_text(align="right", baseline="bottom", dy=-4, color=INK, aria=False)
        .encode(x="end:T", y="high:Q", text="label:N")
    )
    return finished(bar, label, height=_MONTHS)


def _models(number: int, what: str) -> str:
    return f"{words.plural(number, 'model')} built on {what}"


def _of(found: Shares, number: int) -> str:
    return f"{number:,} ({words.percent(number / found.known)})"


def _publishers(found: Shares, counts: pd.Series) -> str:
    largest = words.quoted(str(counts.index[0]), _LONGEST)
    if found.kinds == 1:
        return f"all are of one publisher, {largest}"
    if found.kinds <= FIRST_PUBLISHERS:
        return f"{_of(found, int(counts.iloc[0]))} are of {largest}, the first of {found.kinds:,}"
    return (
        f"{_of(found, found.first)} are of ten publishers out of {found.kinds:,}; "
        f"the first is {largest}, with {int(counts.iloc[0]):,}"
    )


def _licences(found: Shares, counts: pd.Series) -> str:
    parts = [
        f"{_of(found, int(counts[kind]))} {said}"
        for kind, said in (
            (KEPT, "keep the licence of their base"),
            (CHANGED, "state another"),
            (NONE_STATED, "state none"),
        )
        if counts.get(kind)
    ]
    return words.listing(parts) if parts else "the bases state no licence"


def _formats(found: Shares, counts: pd.Series) -> str:
    home = int(sum(counts.get(name, 0) for name in HOME_FORMATS.values()))
    return f"{_of(found, home)} come in a format for home computers ({_NAMES})"


def _sizes(found: Shares, counts: pd.Series) -> str:
    largest = str(counts.idxmax())
    return f"{_of(found, int(counts.max()))} have {largest} parameters, the largest class"


_NAMES: Final = words.listing(list(HOME_FORMATS.values())).replace(" and ", " or ")


def _left_out(found: Months) -> str:
    parts = []
    if found.older:
        parts.append(
            f"{words.plural(found.older, 'model')} from before 3 March 2022, whose real day the "
            "Hub does not tell"
        )
    if found.unknown:
        parts.append(f"{words.plural(found.unknown, 'model')} whose day is not known")
    return f" Not drawn: {words.listing(parts)}." if parts else ""

"""What is built on a model or a family, as bars and in words.

Names of publishers are outside text: ``shares_sentence`` of them is for
``st.text`` and never for Markdown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import numpy as np
import pandas as pd

from core.draw import words
from core.draw.built import built_once
from core.draw.template import TITLE, filled
from core.draw.theme import BELOW, INK, Spec, finished
from core.draw.treemap import RELATIONS, texts
from core.measure.built_shares import FIRST_PUBLISHERS, HOME_FORMATS
from core.measure.licences import CHANGED, KEPT, NONE_STATED

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    counts = dict(zip(found.rows["value"].tolist(), found.rows["models"].tolist(), strict=True))
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
    names = [f"{month:%B %Y}" for month in months["month"].tolist()]
    models, complete = months["models"].tolist(), months["complete"].tolist()
    whole = [number for number, ended in zip(models, complete, strict=True) if ended]
    sentence = (
        f"Of the models built on {what}, {found.known:,} "
        f"{'has' if found.known == 1 else 'have'} a known month of creation"
    )
    if whole:  # those that have ended come first
        last, most = len(whole) - 1, whole.index(max(whole))
        sentence += f": {whole[last]:,} came in {names[last]}, the newest whole month"
        if most != last:
            sentence += f"; no whole month had more than {names[most]}, with {whole[most]:,}"
    if not complete[-1]:
        sentence += f". {names[-1]} has {models[-1]:,} up to {words.day(found.as_of)}"
    return f"{sentence}.{_left_out(found)}"


def share_rows(found: Shares) -> pd.DataFrame:
    """Rows for ``share_bars``; names as data."""
    rows = found.rows
    values, models = rows["value"].tolist(), rows["models"].tolist()
    names = [words.quoted(text, _LONGEST) for text in values]
    labels = zip(names, models, strict=True)
    of = f" of {found.known:,}"
    return pd.DataFrame(
        {
            "kind": texts(values),
            "name": texts(names),
            "amount": rows["models"].to_numpy(),
            "start": np.zeros(len(rows)),
            "label": texts([f"{name} \N{MIDDLE DOT} {number:,}" for name, number in labels]),
            "share": texts([words.percent(share) + of for share in rows["share"].tolist()]),
        }
    )


def share_bars(title: str, rows: int) -> Spec:
    """``rows`` kinds as bars, each under its name. Data: ``rows`` of ``share_rows``."""
    return filled(_share_bars(), (TITLE, title), height=_TALL_ROW * rows + BELOW)


@built_once
def _share_bars() -> Spec:
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("kind:N", sort=None, title=None, axis=None),
        tooltip=[
            alt.Tooltip("name:N", title=TITLE),
            alt.Tooltip("amount:Q", title="Models", format=","),
            alt.Tooltip("share:N", title="Share of those it is known of"),
        ],
    )
    axis = alt.Axis(format=",d", tickCount=4, tickMinStep=1)
    bar = base.mark_bar(height=9, yOffset=9, cornerRadiusEnd=3, color=_BARS).encode(
        x=alt.X("amount:Q", title="Models built on it", axis=axis)
    )
    name = base.mark_text(align="left", dy=-7, color=INK).encode(x="start:Q", text="label:N")
    return finished(bar, name, height=0)


def month_data(found: Months) -> dict[str, pd.DataFrame]:
    """``rows`` and, of an unfinished month, ``labels`` for ``month_bars``."""
    months, place = found.by_month, list(RELATIONS)
    named = found.rows["relation"].to_numpy(dtype=np.object_)[: len(found.rows) // len(months)]
    given = found.rows["models"].to_numpy().reshape(len(months), -1)
    amount = np.zeros((len(months), len(place)), dtype=np.int64)
    for column, name in enumerate(named.tolist()):
        amount[:, place.index(name if name in RELATIONS else "other")] += given[:, column]
    top = amount.cumsum(axis=1)
    first = months["month"].to_numpy().astype("datetime64[M]")
    begin, following = (each.astype("datetime64[ms]") for each in (first, first + 1))
    gap = ((following - begin).astype(np.int64) * _GAP).astype("timedelta64[ms]")
    ended = months["complete"].to_numpy()
    said = np.array([f"so far, up to {words.day(found.as_of)}", "whole month"], dtype=np.object_)
    names = np.array([f"{month:%B %Y}" for month in months["month"].tolist()], dtype=np.object_)
    drawn = amount > 0
    month, relation = np.nonzero(drawn)
    data = {
        "rows": pd.DataFrame(
            {
                "start": (begin + gap)[month],
                "end": (following - gap)[month],
                "low": (top - amount)[drawn].astype(np.float64),
                "high": top[drawn].astype(np.float64),
                "amount": amount[drawn],
                "relation": texts([place[at] for at in relation.tolist()]),
                "month": texts(names[month].tolist()),
                "solid": np.where(ended, 1.0, _SO_FAR)[month],
                "state": texts(said[ended.astype(np.int64)][month].tolist()),
            }
        )
    }
    if not ended[-1]:
        total = int(top[-1, -1])
        data["labels"] = pd.DataFrame(
            {
                "end": (following - gap)[-1:],
                "high": [float(total)],
                "label": texts([f"{total:,} so far"]),
            }
        )
    return data


@built_once
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


def _publishers(found: Shares, counts: Mapping[str, int]) -> str:
    name, number = next(iter(counts.items()))
    largest = words.quoted(name, _LONGEST)
    if found.kinds == 1:
        return f"all are of one publisher, {largest}"
    if found.kinds <= FIRST_PUBLISHERS:
        return f"{_of(found, number)} are of {largest}, the first of {found.kinds:,}"
    return (
        f"{_of(found, found.first)} are of ten publishers out of {found.kinds:,}; "
        f"the first is {largest}, with {number:,}"
    )


def _licences(found: Shares, counts: Mapping[str, int]) -> str:
    parts = [
        f"{_of(found, counts[kind])} {said}"
        for kind, said in (
            (KEPT, "keep the licence of their base"),
            (CHANGED, "state another"),
            (NONE_STATED, "state none"),
        )
        if counts.get(kind)
    ]
    return words.listing(parts) if parts else "the bases state no licence"


def _formats(found: Shares, counts: Mapping[str, int]) -> str:
    home = sum(counts.get(name, 0) for name in HOME_FORMATS.values())
    return f"{_of(found, home)} come in a format for home computers ({_NAMES})"


def _sizes(found: Shares, counts: Mapping[str, int]) -> str:
    largest = max(counts, key=counts.__getitem__)
    return f"{_of(found, counts[largest])} have {largest} parameters, the largest class"


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

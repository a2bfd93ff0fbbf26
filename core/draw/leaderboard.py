"""Charts of the leaderboard page. Each specification is built once per kind.

The data come by name when a chart is shown; a function beside each builder
prepares them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

import altair as alt
import numpy as np
import pandas as pd

from core.draw import words
from core.draw.built import built_once
from core.draw.columns import texts
from core.draw.spaced import spaced
from core.draw.template import COLOUR, filled
from core.draw.theme import (
    BELOW,
    INK,
    LINES,
    MUTED,
    ROW,
    SHADE,
    SHORT_NUMBER,
    Colours,
    Spec,
    family_colour,
    finished,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.measure.leaderboard import Index, Leaderboard

__all__ = [
    "DOWNLOADS",
    "SHARE",
    "Amount",
    "bar_rows",
    "bars",
    "dots",
    "index_data",
    "lines",
    "model_bars",
    "model_rows",
    "spaced",
]

Amount = Literal["downloads", "share"]

DOWNLOADS: Final = "Downloads in the previous 30 days"
SHARE: Final = "Share of all downloads counted"

_TOP: Final = 10
_TALL_ROW: Final = 40
"""Height of a bar with its name above it, in pixels."""
_BESIDE_BAR: Final = 1.3
"""How far the axis runs beyond the longest bar, to hold its label."""
_BESIDE_LINE: Final = 0.42
"""How far the time axis runs beyond the last day, as a part of the span."""
_LABEL_HEIGHT: Final = 17
"""Height of a label beside a line, in pixels."""
_LONGEST_NAME: Final = 96
"""Characters of a repository's name that are written above its bar: the Hub allows no more."""


def bar_rows(board: Leaderboard, amount: Amount) -> pd.DataFrame:
    """Rows for ``bars`` and ``dots``: the families that are ranked."""
    ranked = board.in_order
    say = words.short if amount == "downloads" else words.percent
    amounts = [getattr(row, amount) for row in ranked]
    return pd.DataFrame(
        {
            "family": texts(row.family for row in ranked),
            "amount": np.array(amounts, np.float64),
            "room": np.array(amounts, np.float64) * _BESIDE_BAR,
            "label": texts(say(one) for one in amounts),
            "downloads": texts(words.count(row.downloads) for row in ranked),
            "share": texts(words.percent(row.share) for row in ranked),
            "counted": np.array([row.counted for row in ranked], np.int64),
        }
    )


@built_once
def bars(palette: Colours, amount: Amount, rows: int) -> Spec:
    """``rows`` families as bars, longest first. Data: ``rows`` of ``bar_rows``."""
    return filled(_bars(palette, amount), height=ROW * rows + BELOW)


@built_once
def _bars(palette: Colours, amount: Amount) -> Spec:
    share = amount == "share"
    axis = (
        alt.Axis(format=".0%", tickCount=4)
        if share
        else alt.Axis(labelExpr=SHORT_NUMBER, tickCount=4)
    )
    x = alt.X("amount:Q", title=SHARE if share else DOWNLOADS, axis=axis)
    base = _family_rows()
    bar = base.mark_bar(cornerRadiusEnd=3).encode(x=x, color=family_colour(palette))
    label = base.mark_text(align="left", dx=5, color=INK).encode(x=x, text="label:N")
    room = base.mark_point(opacity=0).encode(x="room:Q")
    return finished(bar, label, room, height=BELOW)


@built_once
def dots(palette: Colours, amount: Amount, rows: int) -> Spec:
    """``rows`` families as dots on a log scale, where a bar's length would mislead."""
    return filled(_dots(palette, amount), height=ROW * rows + BELOW)


@built_once
def _dots(palette: Colours, amount: Amount) -> Spec:
    title = SHARE if amount == "share" else DOWNLOADS
    x = alt.X(
        "amount:Q",
        title=f"{title}, log scale",
        scale=alt.Scale(type="log"),
        axis=alt.Axis(labelExpr=SHORT_NUMBER, values=[10**power for power in range(12)]),
    )
    base = _family_rows().transform_filter("datum.amount > 0")
    dot = base.mark_point(filled=True, size=110, opacity=1).encode(
        x=x, color=family_colour(palette)
    )
    label = base.mark_text(align="left", dx=9, color=INK).encode(x=x, text="label:N")
    room = base.mark_point(opacity=0).encode(x="room:Q")
    return finished(dot, label, room, height=BELOW)


def index_data(index: Index, artefacts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """``rows``, ``labels`` and ``marks`` for ``lines``."""
    family, day = index.rows["family"].tolist(), index.rows["day"].to_numpy()
    height = index.rows["index_100"].to_numpy()
    said = [f"{value:.0f}" for value in height.tolist()]
    rows = pd.DataFrame(
        {
            "family": index.rows["family"].array,
            "day": day,
            "downloads": texts(map(words.count, index.rows["downloads"].tolist())),
            "models": index.rows["models"].array,
            "index_100": height,
            "index_words": texts(said),
        }
    )
    first, last = rows["day"].min(), rows["day"].max()
    ends = np.flatnonzero(day == day.max())
    ends = ends[np.argsort(height[ends], kind="stable")]
    gap = _LABEL_HEIGHT * (height.max() - min(height.min(), 0)) / LINES
    labels = pd.DataFrame(
        {
            "day": day[ends],
            "height": spaced(height[ends].tolist(), gap, floor=0),
            "family": texts(family[at] for at in ends),
            "label": texts(f"{family[at]} {said[at]}" for at in ends),
        }
    )
    marks = pd.DataFrame(
        {
            "start": artefacts["start"].clip(lower=first),
            "end": artefacts["end"].fillna(last).clip(upper=last),
            "kind": artefacts["kind"],
            "what": artefacts["what"],
        }
    )
    return {"rows": rows, "labels": labels, "marks": marks}


@lru_cache(maxsize=64)
def lines(palette: Colours, days: tuple[pd.Timestamp, ...]) -> Spec:
    """Families on ``days``, first day = 100. Data: see ``index_data``.

    The axis is marked on the days that were read, and has room for labels
    beyond the last one.
    """
    end = days[-1] + (days[-1] - days[0]) * _BESIDE_LINE
    return filled(
        _lines(palette),
        (_dates(_DOMAIN), _dates((days[0], end))),
        (_dates(_MARKED), _dates(days)),
    )


_DOMAIN: Final = (pd.Timestamp(2000, 1, 1), pd.Timestamp(2000, 1, 2))
_MARKED: Final = (pd.Timestamp(2000, 1, 3), pd.Timestamp(2000, 1, 4))
"""Days that stand for others in the template."""


@built_once
def _lines(palette: Colours) -> Spec:
    when = alt.X(
        "day:T",
        title=None,
        scale=alt.Scale(domain=_dates(_DOMAIN)),
        axis=alt.Axis(format="%-d %b", values=_dates(_MARKED), labelOverlap="greedy"),
    )
    height = alt.Y("index_100:Q", title="First day = 100", axis=alt.Axis(tickCount=6))
    base = alt.Chart(alt.NamedData("rows")).encode(x=when, color=family_colour(palette))
    line = base.mark_line(strokeWidth=2.5).encode(y=height)
    point = base.mark_point(filled=True, size=45, opacity=1).encode(
        y=height,
        tooltip=[
            alt.Tooltip("family:N", title="Family"),
            alt.Tooltip("day:T", title="Day", format="%-d %B %Y"),
            alt.Tooltip("index_words:N", title="First day = 100"),
            alt.Tooltip("downloads:N", title=DOWNLOADS),
            alt.Tooltip("models:Q", title="Models summed", format=","),
        ],
    )
    ends = alt.Chart(alt.NamedData("labels"))
    label = ends.mark_text(align="left", dx=8).encode(
        x="day:T", y="height:Q", text="label:N", color=family_colour(palette)
    )
    shade = (
        alt.Chart(alt.NamedData("marks"))
        .mark_rect(color=SHADE, opacity=0.25, aria=False)
        .encode(
            x="start:T",
            x2="end:T",
            tooltip=[
                alt.Tooltip("kind:N", title="Not what it seems"),
                alt.Tooltip("what:N", title="What happened"),
            ],
        )
    )
    hundred = (
        alt.Chart(alt.NamedData("rows"))
        .mark_line(color=MUTED, strokeWidth=1, strokeDash=[4, 4])
        .encode(x=when, y=alt.datum(100))
    )
    return finished(shade, hundred, line, point, label, height=LINES)


def model_rows(models: pd.DataFrame) -> pd.DataFrame:
    """The ten most downloaded for ``model_bars``; names as data."""
    names = models["model_id"].array[:_TOP].tolist()
    downloads = models["downloads"].to_numpy()[:_TOP]
    short = [words.quoted(name.partition("/")[2], _LONGEST_NAME) for name in names]
    return pd.DataFrame(
        {
            "model": texts(names),
            "amount": downloads.astype("float64"),
            "start": np.zeros(len(names)),
            "label": texts(
                f"{name} \N{MIDDLE DOT} {words.short(number)}"
                for name, number in zip(short, downloads.tolist(), strict=True)
            ),
            "downloads": texts(map(words.count, downloads.tolist())),
            "share": texts(map(words.percent, models["share"].to_numpy()[:_TOP].tolist())),
        }
    )


@built_once
def model_bars(colour: str, rows: int) -> Spec:
    """A family's models as bars, each under its name. Data: ``rows``."""
    return filled(_model_bars(), (COLOUR, colour), height=_TALL_ROW * rows + BELOW)


@built_once
def _model_bars() -> Spec:
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("model:N", sort=None, title=None, axis=None),
        tooltip=[
            alt.Tooltip("model:N", title="Model"),
            alt.Tooltip("downloads:N", title=DOWNLOADS),
            alt.Tooltip("share:N", title="Share of the family"),
        ],
    )
    x = alt.X("amount:Q", title=DOWNLOADS, axis=alt.Axis(labelExpr=SHORT_NUMBER, tickCount=4))
    bar = base.mark_bar(height=9, yOffset=9, cornerRadiusEnd=3, color=COLOUR).encode(x=x)
    name = base.mark_text(
        align="left",
        dy=-7,
        color=INK,
        limit=alt.expr("width"),  # or it would leave no room for bars
    ).encode(x="start:Q", text="label:N")
    return finished(bar, name, height=BELOW)


def _dates(days: Iterable[pd.Timestamp]) -> list[dict[str, int]]:
    """Days for a scale, read in the browser's own zone as the data are."""
    return [{"year": day.year, "month": day.month, "date": day.day} for day in days]


def _family_rows() -> alt.Chart:
    return alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("family:N", sort=None, title=None, axis=alt.Axis(labelLimit=110, ticks=False)),
        tooltip=[
            alt.Tooltip("family:N", title="Family"),
            alt.Tooltip("downloads:N", title=DOWNLOADS),
            alt.Tooltip("share:N", title="Share of all counted"),
            alt.Tooltip("counted:Q", title="Models counted", format=","),
        ],
    )

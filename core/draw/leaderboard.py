"""Charts of the leaderboard page. Each specification is built once per kind.

The data come by name when a chart is shown; a function beside each builder
prepares them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, Literal

import altair as alt
import pandas as pd

from core.draw import words
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
    from core.measure.leaderboard import Index, Leaderboard

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
    ranked = board.ranked
    say = words.short if amount == "downloads" else words.percent
    return pd.DataFrame(
        {
            "family": ranked["family"],
            "amount": ranked[amount].astype("float64"),
            "room": ranked[amount].astype("float64") * _BESIDE_BAR,
            "label": ranked[amount].map(say),
            "downloads": ranked["downloads"].map(words.count),
            "share": ranked["share"].map(words.percent),
            "counted": ranked["counted"].astype("int64"),
        }
    )


@cache
def bars(palette: Colours, amount: Amount, rows: int) -> Spec:
    """``rows`` families as bars, longest first. Data: ``rows`` of ``bar_rows``."""
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
    return finished(bar, label, room, height=ROW * rows + BELOW)


@cache
def dots(palette: Colours, amount: Amount, rows: int) -> Spec:
    """``rows`` families as dots on a log scale, where a bar's length would mislead."""
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
    return finished(dot, label, room, height=ROW * rows + BELOW)


def index_data(index: Index, artefacts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """``rows``, ``labels`` and ``marks`` for ``lines``."""
    rows = index.rows.assign(
        index_words=index.rows["index_100"].map("{:.0f}".format),
        downloads=index.rows["downloads"].map(words.count),
    )
    first, last = rows["day"].min(), rows["day"].max()
    ends = rows[rows["day"] == last].sort_values("index_100", ignore_index=True)
    spread = rows["index_100"].max() - min(rows["index_100"].min(), 0)
    labels = pd.DataFrame(
        {
            "day": last,
            "height": spaced(ends["index_100"].tolist(), _LABEL_HEIGHT * spread / LINES, floor=0),
            "family": ends["family"],
            "label": ends["family"] + " " + ends["index_words"],
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


@cache
def lines(palette: Colours, days: tuple[pd.Timestamp, ...]) -> Spec:
    """Families on ``days``, first day = 100. Data: see ``index_data``.

    The axis is marked on the days that were read, and has room for labels
    beyond the last one.
    """
    end = days[-1] + (days[-1] - days[0]) * _BESIDE_LINE
    when = alt.X(
        "day:T",
        title=None,
        scale=alt.Scale(domain=[_date(days[0]), _date(end)]),
        axis=alt.Axis(format="%-d %b", values=[_date(day) for day in days], labelOverlap="greedy"),
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


def spaced(values: list[float], gap: float, floor: float) -> list[float]:
    """Positions for labels of ascending ``values``, ``gap`` apart, none below ``floor``.

    Neighbours that are too close are moved apart around their common middle,
    so that a label stays as near to its line as it can.
    """
    groups: list[list[float]] = []  # each holds values that touch
    for value in values:
        groups.append([value])
        while len(groups) > 1 and _low(groups[-1], gap) < _low(groups[-2], gap) + gap * len(
            groups[-2]
        ):
            last = groups.pop()
            groups[-1] += last
    apart = [_low(group, gap) + gap * at for group in groups for at in range(len(group))]
    lowest = floor
    for at, position in enumerate(apart):
        apart[at] = max(position, lowest)
        lowest = apart[at] + gap
    return apart


def _low(group: list[float], gap: float) -> float:
    """Lowest position of a group of labels stacked around their mean."""
    return sum(group) / len(group) - gap * (len(group) - 1) / 2


def model_rows(models: pd.DataFrame) -> pd.DataFrame:
    """The ten most downloaded for ``model_bars``; names as data."""
    top = models.head(_TOP)
    return pd.DataFrame(
        {
            "model": top["model_id"],
            "amount": top["downloads"].astype("float64"),
            "start": 0.0,
            "label": top["model_id"]
            .str.partition("/")[2]
            .map(lambda name: words.quoted(name, _LONGEST_NAME))
            + " \N{MIDDLE DOT} "
            + top["downloads"].map(words.short),
            "downloads": top["downloads"].map(words.count),
            "share": top["share"].map(words.percent),
        }
    )


@cache
def model_bars(colour: str, rows: int) -> Spec:
    """A family's models as bars, each under its name. Data: ``rows``."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("model:N", sort=None, title=None, axis=None),
        tooltip=[
            alt.Tooltip("model:N", title="Model"),
            alt.Tooltip("downloads:N", title=DOWNLOADS),
            alt.Tooltip("share:N", title="Share of the family"),
        ],
    )
    x = alt.X("amount:Q", title=DOWNLOADS, axis=alt.Axis(labelExpr=SHORT_NUMBER, tickCount=4))
    bar = base.mark_bar(height=9, yOffset=9, cornerRadiusEnd=3, color=colour).encode(x=x)
    name = base.mark_text(
        align="left",
        dy=-7,
        color=INK,
        limit=alt.expr("width"),  # or it would leave no room for bars
    ).encode(x="start:Q", text="label:N")
    return finished(bar, name, height=_TALL_ROW * rows + BELOW)


def _date(day: pd.Timestamp) -> alt.DateTime:
    """A day for a scale, read in the browser's own zone as the data are."""
    return alt.DateTime(year=day.year, month=day.month, date=day.day)


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

"""Downloads below the shares, on the same dates: what was published, what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import numpy as np
import pandas as pd

from core.draw import words
from core.draw.built import built_once
from core.draw.spaced import spaced
from core.draw.theme import INK, MUTED, SHADE, SHORT_NUMBER, Colours, Spec, finished
from core.draw.time_axis import level, line_ends, room, time_frame, upright, when

if TYPE_CHECKING:
    from core.measure.leaderboard import Index

_HEIGHT: Final = 300
_PLOT: Final = 230
_LABEL_HEIGHT: Final = 17
_LABEL: Final = (0.1, 0.22, 0.09)
"""Width of a point's label, without and with a name, and its height: parts of the plot."""


def totals_data(
    totals: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, colours: Colours
) -> dict[str, pd.DataFrame]:
    """``rows``, ``labels`` and ``frame`` for ``totals_points``, from published totals."""
    frame, known = time_frame(start, end), dict(colours)
    left, right = frame["day"].to_numpy()
    first, last = (totals[name].to_numpy() for name in ("first_day", "last_day"))
    dot = (first == last).astype("float64")
    first, last = np.clip(first, left, right), np.clip(last, left, right)
    values = totals["value"].to_numpy("float64")
    family, unit = (totals[name].tolist() for name in ("family", "unit"))
    several = len(set(family)) > 1
    label = [words.short(value) for value in values.tolist()]
    if several:
        label = [f"{name} {text}" for name, text in zip(family, label, strict=True)]
    middle = first + (last - first) / 2
    rows = pd.DataFrame(
        {
            "first_day": first,
            "last_day": last,
            "middle": middle,
            "value": values,
            "family": totals["family"].array,
            "colour": [known.get(name) for name in family],
            "dot": dot,
            "figure": [
                f"{words.count(value)} {text}"
                for value, text in zip(values.tolist(), unit, strict=True)
            ],
            "as_of": totals["as_of"].array,
            "subject": totals["subject"].array,
            "publisher": totals["source_name"].array,
            "note": totals["note"].fillna("").array,
            "label": label,
        }
    )
    across = (middle - left) / (right - left)
    kept = _with_room(across.tolist(), (values / (values.max() or 1)).tolist(), _LABEL[several])
    labels = pd.DataFrame(
        {
            "middle": middle[kept],
            "value": values[kept],
            "label": [label[at] for at in kept],
        }
    )
    return {"rows": rows, "labels": labels, "frame": frame}


@built_once
def totals_points() -> Spec:
    """Published totals: days as points, months and years as spans, never joined."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y(
            "value:Q",
            title="All downloads so far, as published",
            axis=upright(SHORT_NUMBER),
        ),
        color=alt.Color("colour:N", scale=None),
        tooltip=[
            alt.Tooltip("family:N", title="Family"),
            alt.Tooltip("figure:N", title="Figure"),
            alt.Tooltip("as_of:N", title="As of"),
            alt.Tooltip("subject:N", title="For"),
            alt.Tooltip("publisher:N", title="Published by"),
            alt.Tooltip("note:N", title="Good to know"),
        ],
    )
    span = base.mark_rule(strokeWidth=5, opacity=0.5).encode(x=when("first_day:T"), x2="last_day:T")
    point = base.mark_point(filled=True, size=95).encode(
        x=when("middle:T"), opacity=alt.Opacity("dot:Q", scale=None, legend=None)
    )
    label = (
        alt.Chart(alt.NamedData("labels"))
        .mark_text(dy=-13, color=INK, fontSize=12)
        .encode(x=when("middle:T"), y="value:Q", text="label:N")
    )
    return finished(room(), span, point, label, height=_HEIGHT)


def readings_data(
    index: Index,
    artefacts: pd.DataFrame,
    start: pd.Timestamp,
    end: pd.Timestamp,
    colours: Colours,
) -> dict[str, pd.DataFrame]:
    """``rows``, ``labels``, ``areas``, ``beginnings`` and ``frame`` for ``readings_lines``.

    An artefact of several days is an area; one without an end, or of a single
    day, is a line.
    """
    rows = index.rows.assign(
        colour=index.rows["family"].map(dict(colours)),
        index_words=index.rows["index_100"].map("{:.0f}".format),
        downloads=index.rows["downloads"].map(words.count),
    )
    first, last = rows["day"].min(), rows["day"].max()
    ends = rows[rows["day"] == last].sort_values("index_100", ignore_index=True)
    spread = rows["index_100"].max() - min(rows["index_100"].min(), 0)
    labels = pd.DataFrame(
        {
            "day": ends["day"],
            "height": spaced(ends["index_100"].tolist(), _LABEL_HEIGHT * spread / _PLOT, floor=0),
            "label": ends["family"] + " " + ends["index_words"],
            "short": ends["family"] + " " + ends["index_words"],
            "colour": ends["colour"],
        }
    )
    several_days = artefacts["end"] > artefacts["start"]
    told = artefacts[["start", "end", "kind", "what"]]
    areas = told[several_days].assign(
        start=told["start"].clip(lower=first), end=told["end"].clip(upper=last)
    )
    return {
        "rows": rows,
        "labels": labels,
        "areas": areas.reset_index(drop=True),
        "beginnings": told[~several_days].drop(columns="end").reset_index(drop=True),
        "frame": time_frame(start, end),
    }


@built_once
def readings_lines() -> Spec:
    """Families' 30-day readings, first reading shown = 100, over one set of models."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=when("day:T"),
        y=alt.Y("index_100:Q", title="Downloads in 30 days, first = 100", axis=upright()),
        color=alt.Color("colour:N", scale=None),
    )
    point = base.mark_point(filled=True, size=45, opacity=1).encode(
        tooltip=[
            alt.Tooltip("family:N", title="Family"),
            alt.Tooltip("day:T", title="Day", format="%-d %B %Y"),
            alt.Tooltip("index_words:N", title="First day = 100"),
            alt.Tooltip("downloads:N", title="Downloads in the previous 30 days"),
            alt.Tooltip("models:Q", title="Models summed", format=","),
        ]
    )
    tip = [
        alt.Tooltip("kind:N", title="Not what it seems"),
        alt.Tooltip("what:N", title="What happened"),
    ]
    area = (
        alt.Chart(alt.NamedData("areas"))
        .mark_rect(color=SHADE, opacity=0.25, aria=False)
        .encode(x=when("start:T"), x2="end:T", tooltip=tip)
    )
    beginning = (
        alt.Chart(alt.NamedData("beginnings"))
        .mark_rule(color=MUTED, strokeWidth=2, strokeDash=[2, 2], aria=False)
        .encode(x=when("start:T"), tooltip=tip)
    )
    line = base.mark_line(strokeWidth=2.5).encode(detail="family:N")
    ends = line_ends("day:T", "height:Q")
    return finished(room(), area, beginning, level(100), line, point, *ends, height=_HEIGHT)


def _with_room(across: list[float], up: list[float], width: float) -> list[int]:
    """Which points have room for a label; the newest, which come last, are labelled first."""
    taken: list[tuple[float, float]] = []
    kept = []
    for at in reversed(range(len(across))):
        x, y = across[at], up[at]
        if all(abs(x - other) > width or abs(y - above) > _LABEL[2] for other, above in taken):
            taken.append((x, y))
            kept.append(at)
    return sorted(kept)

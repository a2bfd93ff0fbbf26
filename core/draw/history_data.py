"""What the charts of the daily history draw, as frames."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.draw import words
from core.draw.history import INDEX, LAUNCH, LOG
from core.draw.leaderboard import spaced
from core.draw.theme import LINES
from core.draw.time_axis import time_frame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.draw.theme import Colours
    from core.measure.history import Artefact
    from core.measure.ranges import Range

_LABEL_HEIGHT: Final = 17
_BELOW_LINES: Final = 40
_LABELLED: Final = 10
"""Lines with a label at their end; the others have their name on hover and in the table."""
_PADDED: Final = 1.04
_FEW: Final = 45
"""Up to so many points each is a dot, to be seen as one."""
_TEXTS: Final = ("kind", "scope", "what")
_COLUMNS: Final = [
    "family",
    "x",
    "value",
    "line",
    "colour",
    "complete",
    "dot",
    "value_words",
    "downloads_words",
    "when",
    "state",
]
_HALF_A_DAY: Final = pd.Timedelta(hours=12)


def line_data(  # noqa: PLR0913 - what is drawn, and what is written above it; keywords
    rows: pd.DataFrame,
    span: Range,
    palette: Colours,
    artefacts: Iterable[Artefact],
    *,
    look: str,
    heading: str,
) -> dict[str, pd.DataFrame]:
    """``rows, points, open, steps, labels, marks, frame`` for ``history_lines``.

    ``rows`` are those of ``series.lines``, ``indexed`` or ``aligned``.
    """
    position = "since" if look == LAUNCH else "day"
    shown = rows[rows["value"] > 0] if look == LOG else rows
    shown = shown.assign(
        x=shown[position],
        line=shown["family"] + " " + shown["segment"].astype("str"),
        colour=shown["family"].map(dict(palette)),
        value_words=shown["value"].map("{:.0f}".format if look == INDEX else words.count),
        downloads_words=shown["downloads"].map(words.count),
        when=_when(shown),
        state=shown["complete"].map({True: "finished", False: "not finished"}),
    )
    long = (shown["days"] > 1) & ~shown["line"].duplicated(keep=False)
    alone = ~shown["line"].duplicated(keep=False)
    few = shown.groupby("family")["day"].transform("size") <= _FEW
    shown["dot"] = (alone | few | ~shown["complete"]).astype("float64")
    steps = shown[long & (position == "day")].assign(x2=shown["begin"])
    # No line across an unfinished point: dashes lead there.
    run = (~shown["complete"]).groupby(shown["family"]).cumsum()
    whole = shown.assign(line=shown["line"] + " " + run.astype("str"))[shown["complete"]]
    low = min(float(shown["value"].min()), 0.0) if look != LOG else float(shown["value"].min())
    high = float(shown["value"].max()) * _PADDED if len(shown) else 1.0
    labels = _labels(shown, position, low, high, look)
    data = {
        "rows": whole[_COLUMNS],
        "points": shown[_COLUMNS],
        "open": _dashes(shown),
        "steps": steps[["x", "x2", "value", "colour"]],
        "labels": labels,
        "marks": mark_data(artefacts, span),
        "frame": _frame(shown, span, look, low, high, heading),
    }
    return {name: frame.reset_index(drop=True) for name, frame in data.items()}


def mark_data(artefacts: Iterable[Artefact], span: Range) -> pd.DataFrame:
    """Periods to be shaded within ``span``: ``start, end, kind, scope, what``."""
    return pd.DataFrame(
        [
            {
                "start": max(one.start, span.start) - _HALF_A_DAY,
                "end": min(one.end, span.end) + _HALF_A_DAY,
                "kind": one.kind,
                "scope": words.quoted(one.scope, 96),
                "what": words.quoted(one.what, 200),
            }
            for one in artefacts
        ],
        columns=["start", "end", "kind", "scope", "what"],
    ).astype({"start": "datetime64[us]", "end": "datetime64[us]"} | dict.fromkeys(_TEXTS, "str"))


def share_data(
    rows: pd.DataFrame,
    span: Range,
    palette: Colours,
    artefacts: Iterable[Artefact],
    *,
    heading: str,
) -> dict[str, pd.DataFrame]:
    """``rows, labels, marks, frame`` for ``share_stack``, from ``series.shares``."""
    half = _HALF_A_DAY
    shown = pd.DataFrame(
        {
            "family": rows["family"],
            "x": rows["begin"] - half,
            "x2": rows["day"] + half,
            "low": rows["low"],
            "high": rows["high"],
            "colour": rows["family"].map(dict(palette)),
            "share_words": rows["share"].map(words.percent),
            "downloads_words": rows["downloads"].map(words.count),
            "when": _when(rows),
            "state": rows["complete"].map({True: "finished", False: "not finished"}),
            "opacity": rows["complete"].map({True: 1.0, False: 0.45}),
        }
    )
    last = rows[rows["day"] == rows["day"].max()]
    big = last[last["share"] >= 0.02]  # noqa: PLR2004 - thinner ones have no room for a name
    middle = (big["low"] + big["high"]) / 2
    gap = _LABEL_HEIGHT / (LINES - _BELOW_LINES)
    ordered = big.assign(middle=middle).sort_values("middle", ignore_index=True)
    labels = pd.DataFrame(
        {
            "x": span.end + half,
            "height": spaced(ordered["middle"].tolist(), gap, floor=0),
            "label": ordered["family"] + " " + ordered["share"].map(words.percent),
            "short": ordered["family"] + " " + ordered["share"].map("{:.0%}".format),
            "colour": ordered["family"].map(dict(palette)),
        }
    )
    frame = time_frame(span.start - half, span.end + half)
    top = max([1.0, *labels["height"]])
    return {
        "rows": shown,
        "labels": labels,
        "marks": mark_data(artefacts, span),
        "frame": frame.assign(
            height=[0.0, top],
            heading=[heading.partition("\n")[0], ""],
            dates=[heading.partition("\n")[2], ""],
        ),
    }


def _when(rows: pd.DataFrame) -> pd.Series:
    """The days of each row in words."""
    said = [
        words.day(day)
        if begin == day
        else f"{words.day(begin)} to {words.day(day)}: {count} days, shown as a daily average"
        for begin, day, count in zip(rows["begin"], rows["day"], rows["days"], strict=True)
    ]
    return pd.Series(said, rows.index, dtype="str")


def _dashes(shown: pd.DataFrame) -> pd.DataFrame:
    """Pieces from point to point of which one is unfinished: ``x, x2, value, value2, colour``."""
    following = shown.groupby("line", sort=False)[["x", "value", "complete"]].shift(-1)
    ends = following["x"].notna() & ~(shown["complete"] & (following["complete"] == True))  # noqa: E712
    return pd.DataFrame(
        {
            "x": shown["x"],
            "x2": following["x"].astype(shown["x"].dtype, errors="ignore"),
            "value": shown["value"],
            "value2": following["value"],
            "colour": shown["colour"],
        }
    )[ends]


def _labels(shown: pd.DataFrame, position: str, low: float, high: float, look: str) -> pd.DataFrame:
    """Names beside the ends of the highest lines, apart from each other."""
    # What is not finished would be quoted as if it were: the last finished figure is written.
    whole = shown[shown["complete"]]
    ends = (shown if whole.empty else whole).groupby("family", sort=False).tail(1)
    ends = ends.nlargest(_LABELLED, "value").sort_values("value", ignore_index=True)
    gap = _LABEL_HEIGHT / (LINES - _BELOW_LINES)
    values = ends["value"].tolist()
    if position == "since":
        heights = values  # the lines end in different places
    elif look == LOG:
        scale = (high / low) ** gap if low > 0 else 1.0
        logs = spaced([log(value) for value in values], log(scale), floor=log(low))
        heights = [exp(value) for value in logs]
    else:
        heights = spaced(values, gap * (high - low), floor=low)
    said = ends["value"].map("{:.0f}".format if look == INDEX else words.short)
    x = ends["x"] if position == "since" else shown["x"].max()
    return pd.DataFrame(
        {
            "x": x,
            "height": heights,
            "label": ends["family"] + " " + said,
            "short": ends["family"],
            "colour": ends["colour"],
        }
    )


def _frame(  # noqa: PLR0913, PLR0917 - the two ends of two axes, and two lines of words
    shown: pd.DataFrame, span: Range, look: str, low: float, high: float, heading: str
) -> pd.DataFrame:
    basis, _, dates = heading.partition("\n")
    if look == LAUNCH:
        ends = pd.DataFrame({"day": [0, max(int(shown["x"].max()), 1)]})
    else:
        ends = time_frame(span.start, span.end)
    return ends.assign(height=[low, high], heading=[basis, ""], dates=[dates, ""])

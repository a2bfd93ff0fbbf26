"""What the charts of the daily history draw, as frames."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.draw import words
from core.draw.history import INDEX, LAUNCH, LOG
from core.draw.leaderboard import spaced
from core.draw.theme import LINES
from core.draw.time_axis import time_frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

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
_NAME: Final = 0.22
"""How much of a chart's width a family's name with its figure takes."""
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
    """``points, open, steps, labels, marks, frame`` for ``history_lines``.

    ``rows`` are those of ``series.lines``, ``indexed`` or ``aligned``.
    """
    position = "since" if look == LAUNCH else "day"
    shown = (rows[rows["value"] > 0] if look == LOG else rows).reset_index(drop=True)
    family, names = pd.factorize(shown["family"])
    complete = shown["complete"].to_numpy(bool)
    # Rows come family by family, day by day: a line goes on from one to the next.
    begins = _changes(family) | _changes(shown["segment"].to_numpy())
    line = np.cumsum(begins)
    alone = np.bincount(line)[line] == 1
    few = np.bincount(family)[family] <= _FEW
    # No line across an unfinished point: dashes lead there.
    breaks = begins | ~complete
    breaks[1:] |= ~complete[:-1]
    colours = dict(palette)
    points = pd.DataFrame(
        {
            "family": pd.Categorical.from_codes(family, pd.Index(names)),
            "x": shown[position],
            "value": shown["value"],
            "downloads": shown["downloads"],
            "line": np.cumsum(breaks).astype(np.int32),
            "colour": _taken([colours[name] for name in names], family),
            "complete": complete,
            "dot": (alone | few | ~complete).astype(np.int8),
            "when": _when(shown),
        }
    )
    steps = points[alone & (shown["days"] > 1).to_numpy() & (position == "day")]
    low = min(float(shown["value"].min()), 0.0) if look != LOG else float(shown["value"].min())
    high = float(shown["value"].max()) * _PADDED if len(shown) else 1.0
    data = {
        "points": points,
        "open": _dashes(points, begins),
        "steps": steps[["x", "value", "colour"]].assign(x2=shown["begin"]),
        "labels": _labels(points, position, low, high, look),
        "marks": mark_data(artefacts, span),
        "frame": _frame(points, span, look, low, high, heading),
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
            "share": rows["share"],
            "downloads": rows["downloads"],
            "when": _when(rows),
            "complete": rows["complete"],
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


def _changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where a value is not that of the row before; true of the first."""
    changes = np.ones(len(values), bool)
    changes[1:] = values[1:] != values[:-1]
    return changes


def _taken(texts: Sequence[str], which: NDArray[np.intp]) -> pd.Series:
    """``texts[which]``, of which each travels to the browser once."""
    different = list(dict.fromkeys(texts))
    place = np.array([different.index(text) for text in texts], np.intp)
    return pd.Series(pd.Categorical.from_codes(place[which], pd.Index(different)))


def _when(rows: pd.DataFrame) -> pd.Series:
    """The days of each row in words; of many families they are the same days."""
    days = pd.MultiIndex.from_arrays([rows["begin"], rows["day"], rows["days"]])
    which, different = pd.factorize(days)
    said = [
        words.day(day)
        if begin == day
        else f"{words.day(begin)} to {words.day(day)}: {count} days, shown as a daily average"
        for begin, day, count in different
    ]
    return _taken(said, which).set_axis(rows.index)


def _dashes(points: pd.DataFrame, begins: NDArray[np.bool_]) -> pd.DataFrame:
    """Pieces from point to point of which one is unfinished: ``x, x2, value, value2, colour``."""
    complete = points["complete"].to_numpy()
    start = np.flatnonzero(~begins[1:] & ~(complete[1:] & complete[:-1]))
    here, there = points.take(start), points.take(start + 1)
    return pd.DataFrame(
        {
            "x": here["x"].array,
            "x2": there["x"].array,
            "value": here["value"].array,
            "value2": there["value"].array,
            "colour": here["colour"].array,
        }
    )


def _labels(shown: pd.DataFrame, position: str, low: float, high: float, look: str) -> pd.DataFrame:
    """Names beside the ends of the highest lines, apart from each other."""
    # What is not finished would be quoted as if it were: the last finished figure is written.
    whole = shown[shown["complete"]]
    ends = (shown if whole.empty else whole).drop_duplicates("family", keep="last")
    ends = ends.astype({"family": "str", "colour": "str"})
    ends = ends.nlargest(_LABELLED, "value").sort_values("value", ignore_index=True)
    gap = _LABEL_HEIGHT / (LINES - _BELOW_LINES)
    values = ends["value"].tolist()
    if position == "since":
        heights = _apart(ends["x"].tolist(), values, gap * (high - low))
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


def _apart(places: Sequence[float], heights: Sequence[float], gap: float) -> list[float]:
    """``heights``, lowest first, raised where a name beside it would be written over.

    The lines end in different places: only names that begin close to each other collide.
    """
    near = _NAME * max([1.0, *places])
    found: list[float] = []
    for at, height in enumerate(heights):
        raised = height
        for other in sorted(
            found[one] for one in range(at) if abs(places[one] - places[at]) < near
        ):
            if other - gap < raised < other + gap:
                raised = other + gap
        found.append(raised)
    return found


def _frame(  # noqa: PLR0913, PLR0917 - the two ends of two axes, and two lines of words
    shown: pd.DataFrame, span: Range, look: str, low: float, high: float, heading: str
) -> pd.DataFrame:
    basis, _, dates = heading.partition("\n")
    if look == LAUNCH:
        ends = pd.DataFrame({"day": [0, max(int(shown["x"].max()), 1)]})
    else:
        ends = time_frame(span.start, span.end)
    return ends.assign(height=[low, high], heading=[basis, ""], dates=[dates, ""])

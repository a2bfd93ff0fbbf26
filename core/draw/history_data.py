"""What the charts of the daily history draw, as frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.draw import words
from core.draw.columns import taken, texts
from core.draw.history import LAUNCH, LOG
from core.draw.line_labels import GAP, Points, line_labels
from core.draw.spaced import spaced
from core.draw.time_axis import time_frame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from core.draw.theme import Colours
    from core.measure.history import Artefact
    from core.measure.ranges import Range

_PADDED: Final = 1.04
_FEW: Final = 45
"""Up to so many points each is a dot, to be seen as one."""
_NAMED: Final = 0.02
"""Pieces of a stack that are thinner than this have no name beside them."""
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
    by_launch = look == LAUNCH
    columns = {str(name): rows[name].to_numpy() for name in rows.columns if name != "family"}
    family, names = pd.factorize(rows["family"])
    if look == LOG:
        above = columns["value"] > 0
        columns = {name: values[above] for name, values in columns.items()}
        which, at = pd.factorize(family[above])
        family, names = which, names[at]
    complete, value = columns["complete"].astype(bool), columns["value"]
    x = columns["since" if by_launch else "day"]
    # Rows come family by family, day by day: a line goes on from one to the next.
    begins = _changes(family) | _changes(columns["segment"])
    line = np.cumsum(begins)
    alone = np.bincount(line)[line] == 1
    few = np.bincount(family)[family] <= _FEW if len(family) else alone
    # No line across an unfinished point: dashes lead there.
    breaks = begins | ~complete
    breaks[1:] |= ~complete[:-1]
    colours = dict(palette)
    colour = taken([colours[name] for name in names], family)
    points = pd.DataFrame(
        {
            "family": pd.Categorical.from_codes(family, pd.Index(names)),
            "x": x,
            "value": value,
            "downloads": columns["downloads"],
            "line": np.cumsum(breaks).astype(np.int32),
            "colour": colour,
            "complete": complete,
            "dot": (alone | few | ~complete).astype(np.int8),
            "when": _when(columns["begin"], columns["day"], columns["days"]),
        }
    )
    step = alone & (columns["days"] > 1) & (not by_launch)
    low = float(value.min(initial=np.inf)) if look == LOG else min(float(value.min(initial=0)), 0.0)
    high = float(value.max()) * _PADDED if len(value) else 1.0
    basis, _, dates = heading.partition("\n")
    if by_launch:
        ends = np.array([0, max(int(x.max(initial=0)), 1)])
    else:
        ends = time_frame(span.start, span.end)["day"].array
    return {
        "points": points,
        "open": _dashes(x, value, colour, begins, complete),
        "steps": pd.DataFrame(
            {
                "x": x[step],
                "value": value[step],
                "colour": colour[step],
                "x2": columns["begin"][step],
            }
        ),
        "labels": line_labels(
            Points([str(name) for name in names], family, x, value, colour, complete),
            look,
            low,
            high,
        ),
        "marks": mark_data(artefacts, span),
        "frame": pd.DataFrame(
            {
                "day": ends,
                "height": [low, high],
                "heading": texts([basis, ""]),
                "dates": texts([dates, ""]),
            }
        ),
    }


def mark_data(artefacts: Iterable[Artefact], span: Range) -> pd.DataFrame:
    """Periods to be shaded within ``span``: ``start, end, kind, scope, what``."""
    held = list(artefacts)
    half = _HALF_A_DAY.to_timedelta64()
    starts = [max(one.start, span.start).to_datetime64() for one in held]
    ends = [min(one.end, span.end).to_datetime64() for one in held]
    return pd.DataFrame(
        {
            "start": np.array(starts, "datetime64[us]") - half,
            "end": np.array(ends, "datetime64[us]") + half,
            "kind": texts([one.kind for one in held]),
            "scope": texts([words.quoted(one.scope, 96) for one in held]),
            "what": texts([words.quoted(one.what, 200) for one in held]),
        }
    )


def share_data(
    rows: pd.DataFrame,
    span: Range,
    palette: Colours,
    artefacts: Iterable[Artefact],
    *,
    heading: str,
) -> dict[str, pd.DataFrame]:
    """``rows, labels, marks, frame`` for ``share_stack``, from ``series.shares``."""
    half = _HALF_A_DAY.to_timedelta64()
    family, names = pd.factorize(rows["family"])
    colours = dict(palette)
    own = texts([colours[str(name)] for name in names])
    begin, day = (rows[name].to_numpy("datetime64[us]") for name in ("begin", "day"))
    low, high, share = (rows[name].to_numpy() for name in ("low", "high", "share"))
    shown = pd.DataFrame(
        {
            "family": rows["family"].array,
            "x": begin - half,
            "x2": day + half,
            "low": low,
            "high": high,
            "colour": own.take(family),
            "share": share,
            "downloads": rows["downloads"].array,
            "when": _when(begin, day, rows["days"].to_numpy()),
            "complete": rows["complete"].array,
        }
    )
    big = np.flatnonzero((day == day.max()) & (share >= _NAMED))
    middle = (low[big] + high[big]) / 2
    order = np.argsort(middle, kind="stable")
    big, middle = big[order], middle[order]
    named = [str(names[at]) for at in family[big]]
    heights = spaced(middle.tolist(), GAP, floor=0)
    shares = share[big].tolist()
    labels = pd.DataFrame(
        {
            "x": np.full(len(big), (span.end + _HALF_A_DAY).to_datetime64()),
            "height": np.array(heights, np.float64),
            "label": texts(
                [f"{name} {words.percent(one)}" for name, one in zip(named, shares, strict=True)]
            ),
            "short": texts([f"{name} {one:.0%}" for name, one in zip(named, shares, strict=True)]),
            "colour": own.take(family[big]),
        }
    )
    basis, _, dates = heading.partition("\n")
    return {
        "rows": shown,
        "labels": labels,
        "marks": mark_data(artefacts, span),
        "frame": pd.DataFrame(
            {
                "day": time_frame(span.start - _HALF_A_DAY, span.end + _HALF_A_DAY)["day"].array,
                "height": [0.0, max([1.0, *heights])],
                "heading": texts([basis, ""]),
                "dates": texts([dates, ""]),
            }
        ),
    }


def _changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where a value is not that of the row before; true of the first."""
    changes = np.ones(len(values), bool)
    changes[1:] = values[1:] != values[:-1]
    return changes


def _when(
    begin: NDArray[np.datetime64], day: NDArray[np.datetime64], days: NDArray[np.int64]
) -> pd.Categorical[Any]:
    """The days of each row in words; of many families they are the same days."""
    start, end = begin.astype("datetime64[D]"), day.astype("datetime64[D]")
    places = [(values - values.min(initial=values[0])).astype(np.int64) for values in (start, end)]
    counts = days.astype(np.int64)
    places.append(counts - counts.min(initial=counts[0]))
    key = np.zeros(len(day), np.int64)
    for place in places:
        key = key * (int(place.max(initial=0)) + 1) + place
    which, different = pd.factorize(key)
    first = np.full(len(different), len(key))
    np.minimum.at(first, which, np.arange(len(key)))
    said = [
        words.day(last)
        if opening == last
        else f"{words.day(opening)} to {words.day(last)}: {count} days, shown as a daily average"
        for opening, last, count in zip(
            start[first].tolist(), end[first].tolist(), counts[first].tolist(), strict=True
        )
    ]
    return taken(said, which)


def _dashes(
    x: NDArray[Any],
    value: NDArray[np.float64],
    colour: pd.Categorical[Any],
    begins: NDArray[np.bool_],
    complete: NDArray[np.bool_],
) -> pd.DataFrame:
    """Pieces from point to point of which one is unfinished: ``x, x2, value, value2, colour``."""
    start = np.flatnonzero(~begins[1:] & ~(complete[1:] & complete[:-1]))
    return pd.DataFrame(
        {
            "x": x[start],
            "x2": x[start + 1],
            "value": value[start],
            "value2": value[start + 1],
            "colour": colour[start],
        }
    )

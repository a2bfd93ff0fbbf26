"""Events above the lines: a mark where the day is known, a band where it is not."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import numpy as np
import pandas as pd

from core.draw.theme import INK, MUTED, Colours
from core.draw.time_axis import when
from core.measure.events import NO_ROOM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.measure.events import InView

PICK: Final = "event_pick"
"""Name of the selection that a click on an event's mark fills."""

VIEW: Final = "_view"
"""What the layer of a selection is named by, after the selection's own name."""

MOST_LANES: Final = 8
LANE: Final = 15
"""Height of a lane of event marks, in pixels."""
LANE_TOP: Final = 24

ABOUT: Final = pd.Timedelta(days=7)
"""How far to both sides the band of an event reaches whose day is only about right."""

_ABOUT: Final = np.timedelta64(ABOUT)
_APPROXIMATE: Final = "approximate"
_GAP: Final = 0.045
"""Distance of two marks in one lane, as a part of the span: a mark's width on a phone."""
_MOST_RULES: Final = 12
"""Up to so many marks each has a line down to the lines; more would hide them."""


def event_marks(
    events: InView, start: pd.Timestamp, end: pd.Timestamp, colours: Colours
) -> pd.DataFrame:
    """``marks`` for ``price_lines`` from the events of ``measure.events.in_view``.

    ``day`` … ``last_day`` is the day, the month, or the week before and after a
    day that is only about right, as far as in view; ``exact`` is 1 for the
    first. Those for which there is no room are left out: compare the lengths.
    """
    exact, position = events.column("exact"), events.position
    far = np.where(events.column("date_precision") == _APPROXIMATE, _ABOUT, np.timedelta64(0))
    first = np.where(exact, position, events.column("first_day")) - far
    last = np.where(exact, position, events.column("last_day")) + far
    left, right = np.datetime64(start), np.datetime64(end)
    first, last = np.clip(first, left, right), np.clip(last, left, right)
    span = max((end - start) / pd.Timedelta(days=1), 1.0)
    begins, ends = ((edge - left) / np.timedelta64(1, "D") for edge in (first, last))
    lane = np.array(_lanes(begins.tolist(), ends.tolist(), _GAP * span), "int64")
    kept = np.flatnonzero(lane != NO_ROOM)
    lane, known, shown = lane[kept], dict(colours), exact[kept]
    subjects = events.column("subject")[kept]
    ruled = shown & (len(kept) <= _MOST_RULES)
    return pd.DataFrame(
        {
            "day": first[kept],
            "last_day": last[kept],
            "lane": lane,
            "height": LANE_TOP + LANE * lane.astype("float64"),
            "event": _texts(events.column("name")[kept]),
            "when": _texts(events.column("when")[kept]),
            "subject": _texts(subjects),
            "kind": _texts(events.column("kind")[kept]),
            "title": _texts(events.column("title")[kept]),
            "colour": _texts([known.get(subject, MUTED) for subject in subjects.tolist()]),
            "exact": shown.astype("float64"),
            "rule": ruled.astype("float64"),
        }
    )


def _texts(values: Sequence[str] | NDArray[np.object_]) -> pd.api.extensions.ExtensionArray:
    return pd.array(values, dtype="str")


def chosen_marks(marks: pd.DataFrame, event: str) -> pd.DataFrame:
    """Those of ``marks`` of the event of that name; none without a name.

    No marks are the very same frame for all views, so that they are packed once.
    """
    if not event:
        return _none(tuple(marks.dtypes.items()))
    return marks.take([at for at, name in enumerate(marks["event"].tolist()) if name == event])


@cache
def _none(columns: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns})


def mark_layers() -> tuple[list[alt.Chart], list[alt.Chart]]:
    """Layers behind the lines and in front of them. Data: ``marks`` and ``chosen``."""
    marks = alt.Chart(alt.NamedData("marks"))
    days = marks.mark_rule(color="#CBD5E1", strokeWidth=1, tooltip=False, aria=False).encode(
        x=when("day:T"), opacity=alt.Opacity("rule:Q", scale=None, legend=None)
    )
    chosen = alt.Chart(alt.NamedData("chosen"))
    line: dict[str, Any] = {"color": INK, "strokeWidth": 1.5, "strokeDash": [5, 3], "aria": False}
    picked = [
        chosen.mark_rule(**line).encode(x=when("day:T")),
        chosen.mark_rule(**line).encode(x=when("last_day:T")),
    ]
    tip = [
        alt.Tooltip("title:N", title="What happened"),
        alt.Tooltip("when:N", title="When"),
        alt.Tooltip("subject:N", title="About"),
        alt.Tooltip("kind:N", title="Kind"),
    ]
    height = alt.Y("height:Q", scale=None, axis=None)
    named = alt.expr("datum.title + ', ' + datum.when")
    bands = marks.transform_filter("datum.exact == 0").mark_rule(
        strokeWidth=7, opacity=0.55, cursor="pointer", strokeCap="round", aria=False
    )
    # A point for every event, also behind its band: it has the event's name for screen readers.
    points = marks.mark_point(filled=True, size=95, cursor="pointer", description=named, aria=True)
    colour = alt.Color("colour:N", scale=None)
    return [days, *picked], [
        bands.encode(x=when("day:T"), x2="last_day:T", y=height, color=colour, tooltip=tip),
        points.encode(
            x=when("day:T"),
            y=height,
            color=colour,
            tooltip=tip,
            opacity=alt.Opacity("exact:Q", scale=None, legend=None),
        )
        .properties(name=PICK + VIEW)
        .add_params(alt.selection_point(name=PICK, fields=["event"], on="click", empty=False)),
    ]


def _lanes(begins: list[float], ends: list[float], gap: float) -> list[int]:
    """A lane for every mark, from ``begins`` to ``ends``, so that two in one are ``gap`` apart.

    The lowest that has room, of at most ``MOST_LANES``; ``NO_ROOM`` where none has.
    """
    chosen = [NO_ROOM] * len(begins)
    taken: list[float] = []
    for at in sorted(range(len(begins)), key=lambda at: begins[at]):
        free = next((n for n, end in enumerate(taken) if begins[at] - end >= gap), None)
        if free is None and len(taken) < MOST_LANES:
            free = len(taken)
            taken.append(0.0)
        if free is not None:
            taken[free] = ends[at]
            chosen[at] = free
    return chosen

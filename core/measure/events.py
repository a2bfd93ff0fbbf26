"""Events beside a line of time: which are shown, how they are named, where there is room."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from core.measure.remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

NO_ROOM: Final = -1
"""Lane of a mark for which no lane had room."""

_DAY: Final = "day"
_MONTH: Final = "month"


def kinds(events: pd.DataFrame) -> list[str]:
    """Every kind of event, the most frequent first."""
    counted = events["kind"].value_counts().rename_axis("kind").reset_index()
    ordered = counted.sort_values(["count", "kind"], ascending=[False, True])
    return [str(kind) for kind in ordered["kind"]]


def named(events: pd.DataFrame, families: Collection[str]) -> pd.DataFrame:
    """All events, oldest first, with what is needed to show them.

    - ``name``: date, subject and title in one line, unique
    - ``exact``: whether the day is known; otherwise the month or about the day
    - ``when``: the date in words, no more exact than it is known
    - ``first_day``, ``last_day``: the day, or the month
    - ``general``: whether the subject is none of ``families``
    - ``source_url``: null where it is not an address of the web
    """
    frame = events.sort_values(["date", "subject", "title"], ignore_index=True)
    day = frame["date"].dt.strftime("%Y-%m-%d")
    month = frame["date_precision"] == _MONTH
    name = day.where(~month, day.str.slice(0, 7)) + " " + frame["subject"] + ": " + frame["title"]
    again = name.groupby(name).cumcount()
    frame["name"] = name.where(again == 0, name + " (" + (again + 1).astype("str") + ")")
    frame["exact"] = frame["date_precision"] == _DAY
    frame["when"] = [
        _when(date, precision)
        for date, precision in zip(frame["date"], frame["date_precision"], strict=True)
    ]
    start = frame["date"].dt.to_period("M").dt.start_time.astype(frame["date"].dtype)
    frame["first_day"] = frame["date"].where(~month, start)
    frame["last_day"] = frame["date"].where(~month, start + pd.offsets.MonthEnd())
    frame["general"] = ~frame["subject"].isin(set(families))
    frame["source_url"] = frame["source_url"].where(
        frame["source_url"].str.match(r"https?://[^\s/]", na=False)
    )
    return frame


def in_view(
    every: pd.DataFrame,
    families: tuple[str, ...],
    wanted: tuple[str, ...],
    start: pd.Timestamp,
    end: pd.Timestamp,
) -> InView:
    """Events of ``named`` about ``families`` or about no family, of the ``wanted`` kinds.

    Those that touch start … end; no kind means all.
    """
    columns = _columns(every)
    touching = (columns.first <= np.datetime64(end)) & (columns.last >= np.datetime64(start))
    rows = [
        at
        for at in np.flatnonzero(touching).tolist()
        if (columns.general[at] or columns.subject[at] in families)
        and (not wanted or columns.kind[at] in wanted)
    ]
    position = np.clip(columns.date[rows], np.datetime64(start), np.datetime64(end))
    order = np.argsort(position, kind="stable")
    places = np.array(rows, "int64")[order]
    names = [columns.name[at] for at in places.tolist()]
    return InView(every, places, position[order].astype(columns.date.dtype), names)


def some_of(
    every: pd.DataFrame, places: NDArray[np.int64], position: NDArray[np.datetime64]
) -> InView:
    """The events at ``places`` in this order; ``position`` has a day for every event."""
    names = _columns(every).name
    return InView(every, places, position[places], [names[at] for at in places.tolist()])


@dataclass(frozen=True)
class InView:
    """Some of ``every`` event of ``named``: those at these ``places``, with their ``names``.

    ``position`` is the day at which to draw each: its date, moved into the range
    where only a month is known and the date that stands for it lies outside.
    """

    every: pd.DataFrame
    places: NDArray[np.int64]
    position: NDArray[np.datetime64]
    names: list[str]

    def __len__(self) -> int:
        """How many they are."""
        return len(self.places)

    def column(self, name: str) -> NDArray[Any]:
        """A column of ``every`` for these events."""
        found: NDArray[Any] = _column(self.every, name)[self.places]
        return found

    @cached_property
    def rows(self) -> pd.DataFrame:
        """These events with all that is known of them, and their ``position``."""
        return self.every.take(self.places).reset_index(drop=True).assign(position=self.position)


@remembered
def _column(every: pd.DataFrame, name: str) -> NDArray[Any]:
    column = every[name]
    return column.to_numpy("object" if isinstance(column.dtype, pd.StringDtype) else None)


class _Columns(NamedTuple):
    name: list[str]
    subject: list[str]
    kind: list[str]
    general: list[bool]
    date: NDArray[np.datetime64]
    first: NDArray[np.datetime64]
    last: NDArray[np.datetime64]


@remembered
def _columns(every: pd.DataFrame) -> _Columns:
    return _Columns(
        every["name"].tolist(),
        every["subject"].tolist(),
        every["kind"].tolist(),
        every["general"].tolist(),
        *(every[name].to_numpy() for name in ("date", "first_day", "last_day")),
    )


def lanes(positions: Sequence[float], gap: float, most: int) -> list[int]:
    """A lane for every mark, so that marks in one lane are ``gap`` apart or more.

    ``positions`` ascend. A mark takes the lowest lane that has room, of at most
    ``most``; ``NO_ROOM`` where none has.
    """
    last: list[float] = []
    chosen = []
    for position in positions:
        free = next((at for at, taken in enumerate(last) if position - taken >= gap), None)
        if free is None and len(last) < most:
            free = len(last)
            last.append(position)
        if free is None:
            chosen.append(NO_ROOM)
            continue
        last[free] = position
        chosen.append(free)
    return chosen


def _when(date: pd.Timestamp, precision: str) -> str:
    if precision == _DAY:
        return f"{date.day} {date:%B %Y}"
    if precision == _MONTH:
        return f"{date:%B %Y} (day not known)"
    return f"about {date.day} {date:%B %Y}"

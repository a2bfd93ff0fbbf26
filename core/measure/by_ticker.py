"""Series of many tickers, taken apart once: what every view asks of them again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.measure.remembered import remembered
from core.measure.sessions import exchange

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Moments = NDArray[np.datetime64]


@dataclass(frozen=True)
class Line:
    """One ticker: its ``sessions``, ascending, and what belongs to each of them.

    ``ordinal`` says which of all known sessions of its exchange, ``place``, each is.
    """

    ticker: str
    place: str
    sessions: Moments
    level: NDArray[np.float64]
    source: NDArray[np.object_]
    ordinal: NDArray[np.int64]

    def inside(self, start: pd.Timestamp, end: pd.Timestamp) -> slice:
        """Which of the sessions lie from ``start`` to ``end``, both included."""
        ends = [np.datetime64(start), np.datetime64(end)]
        low = int(self.sessions.searchsorted(ends[0], "left"))
        return slice(low, int(self.sessions.searchsorted(ends[1], "right")))


@dataclass(frozen=True)
class Lines:
    """All lines by ticker, and every session of an exchange by its place, ascending."""

    lines: dict[str, Line]
    sessions: dict[str, Moments]


@remembered
def by_ticker(series: pd.DataFrame) -> Lines:
    """The lines of a frame of ``overlay.levels``, taken apart at most once.

    A column ``exchange`` says whose sessions a line has where its ticker does not.
    """
    code, names = pd.factorize(series["ticker"])
    session = series["session"].to_numpy()
    order = np.lexsort((session, code))
    columns: list[NDArray[Any]] = [
        session[order],
        series["level"].to_numpy(dtype="float64")[order],
        series["source"].to_numpy(dtype="object")[order],
    ]
    bounds = np.searchsorted(code[order], np.arange(len(names) + 1))
    told = series["exchange"].to_numpy(dtype="object")[order] if "exchange" in series else None
    parts: dict[str, tuple[str, list[NDArray[Any]]]] = {}
    for at, name in enumerate(names):
        own = slice(bounds[at], bounds[at + 1])
        place = exchange(str(name)).place
        if told is not None and isinstance(told[own.start], str):
            place = told[own.start]
        parts[str(name)] = place, [column[own] for column in columns]
    sessions = {
        place: np.unique(np.concatenate([own[0] for at, own in parts.values() if at == place]))
        for place in {at for at, _ in parts.values()}
    }
    lines = {
        name: Line(name, place, own[0], own[1], own[2], np.searchsorted(sessions[place], own[0]))
        for name, (place, own) in parts.items()
    }
    return Lines(lines, sessions)

"""A share's reactions to several events, each with its own study, and their mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import comb, sqrt
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.events import InView, some_of
from core.measure.reaction import of_a_day, series_of
from core.measure.sessions import of_news
from core.measure.surprise import surprise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_SMALL: Final = 1e-12
_STUDIED: Final = ("abnormal_return", "standard_error", "t", "placebo_count", "placebo_windows")


@dataclass(frozen=True)
class EventReactions:
    """Events with a known day, oldest first, each with its study.

    ``events`` has them at their sessions, NaT where there is none. Figures of
    ``EventStudy`` are NaN where an event could not be studied, and ``refused`` says why.
    ``overlaps`` is the name of the event before whose window has a session in
    common, empty where there is none.
    """

    events: InView
    abnormal_return: Floats
    standard_error: Floats
    t: Floats
    placebo_count: Floats
    placebo_windows: Floats
    refused: tuple[str, ...]
    overlaps: tuple[str, ...]

    def __len__(self) -> int:
        """How many events there are."""
        return len(self.events)

    @property
    def studied(self) -> NDArray[np.int64]:
        """The places of those that could be studied."""
        return np.flatnonzero([not why for why in self.refused])

    def counted(self, *, left_out: bool) -> NDArray[np.bool_]:
        """Which are in the mean: those studied, with ``left_out`` without what overlaps."""
        return np.array(
            [
                not why and not (left_out and before)
                for why, before in zip(self.refused, self.overlaps, strict=True)
            ],
            "bool",
        )

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The same as a table: the events with their ``session``, the figures and words."""
        return self.events.rows.rename(columns={"position": "session"}).assign(
            refused=pd.array(list(self.refused), dtype="str"),
            overlaps=pd.array(list(self.overlaps), dtype="str"),
            **{field: getattr(self, field) for field in _STUDIED},
        )


@dataclass(frozen=True)
class MeanReaction:
    """The mean of several abnormal log returns, and how unusual it is.

    ``t`` is ``mean`` over ``standard_error``, for events whose windows do not
    overlap. ``up`` of ``number`` are above zero; ``sign_share`` is how often a
    fair coin is at least as lopsided in as many throws.
    """

    number: int
    mean: float
    standard_error: float
    t: float
    up: int
    sign_share: float


def event_reactions(
    levels: pd.DataFrame,
    ticker: str,
    fund: str,
    events: pd.DataFrame,
    window: tuple[int, int],
) -> EventReactions:
    """Those of ``events.named`` whose day is known, oldest first, each with its study."""
    own, other = series_of(levels, ticker), series_of(levels, fund)
    known = of_a_day(events)
    # The very same sessions, for what is remembered of them.
    session = of_news(cast("pd.DatetimeIndex", own.index), ticker, known).to_numpy()
    missing = np.isnat(session)
    dated = np.flatnonzero(~missing)
    order = np.append(dated[np.argsort(session[dated])], np.flatnonzero(missing))
    those = some_of(known, order, session)
    figures = np.full((len(_STUDIED), len(order)), np.nan)
    refused, overlaps = [""] * len(order), [""] * len(order)
    before = ""
    before_end: np.datetime64 = np.datetime64("NaT")
    for at, day in enumerate(pd.DatetimeIndex(those.position)):
        if at >= len(dated):
            refused[at] = "The data hold no session on that day or near it."
            continue
        try:
            one = surprise(own, other, day, window=window)
        except NothingToShow as answer:
            refused[at] = answer.sentence
            continue
        figures[:, at] = [getattr(one, field) for field in _STUDIED]
        if one.begins <= before_end:  # never, where there is none before
            overlaps[at] = before
        else:  # what is left out does not hide the next
            before, before_end = those.names[at], one.ends
    own_part, error, t, count, windows = figures
    return EventReactions(
        those, own_part, error, t, count, windows, tuple(refused), tuple(overlaps)
    )


def mean_of_counted(found: EventReactions, *, left_out: bool) -> MeanReaction:
    """The mean of those that are counted. Raises ``NothingToShow`` without any."""
    counted = found.counted(left_out=left_out)
    return mean_reaction(found.abnormal_return[counted], found.standard_error[counted])


def mean_reaction(returns: Floats, errors: Floats) -> MeanReaction:
    """The mean of abnormal ``returns`` with their standard ``errors``.

    MacKinlay 1997, equations 14 and 15. Raises ``NothingToShow`` without any.
    """
    number = len(returns)
    if not number:
        message = "None of these events has a day for which the prices suffice."
        raise NothingToShow(message)
    mean = float(returns.mean())
    error = sqrt(float((errors**2).sum())) / number
    up = int((returns > _SMALL).sum())
    return MeanReaction(number, mean, error, mean / error, up, sign_share(up, number))


def sign_share(up: int, number: int) -> float:
    """How often a fair coin thrown ``number`` times is at least as lopsided as ``up`` heads."""
    extreme = max(up, number - up)
    tail = sum(comb(number, heads) for heads in range(extreme, number + 1))
    return min(1.0, float(2 * tail / 2**number))

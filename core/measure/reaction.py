"""A share's reaction to news: against market and sector, and over several events."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.by_ticker import by_ticker
from core.measure.event_study import study
from core.measure.events import some_of
from core.measure.remembered import remembered
from core.measure.sessions import by_session, exchange, of_news
from core.measure.surprise import paired

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measure.event_study import EventStudy
    from core.measure.events import InView
    from core.schemas import Family

MARKET, SECTOR = "market", "sector"

Benchmarks = tuple[tuple[str, str], ...]
"""Roles (``MARKET``, ``SECTOR``) and the tickers that have them."""


@dataclass(frozen=True)
class Reaction:
    """What ``ticker`` did over a window around ``day``, and what was to be expected.

    ``raw_return`` is its log return from the session before ``window_dates`` to
    the last of them. ``studies`` has those that could be made, by role;
    ``refused`` why others could not, by role and ticker.
    """

    ticker: str
    day: pd.Timestamp
    window: tuple[int, int]
    window_dates: tuple[pd.Timestamp, pd.Timestamp]
    raw_return: float
    benchmarks: Benchmarks
    studies: dict[str, EventStudy]
    refused: dict[str, NothingToShow]


def change(log_return: float) -> float:
    """A log return as the change it is: 0.0937 → 0.0982."""
    return exp(log_return) - 1


@remembered
def series_of(levels: pd.DataFrame, ticker: str) -> pd.Series:
    """The levels of ``ticker`` by session, see ``overlay.levels``; empty without any."""
    line = by_ticker(levels).lines.get(ticker)
    sessions = pd.DatetimeIndex(levels["session"].iloc[:0] if line is None else line.sessions)
    level = np.zeros(0) if line is None else line.level
    series = pd.Series(level, sessions.rename("session"), "float64", name=ticker)
    return by_session(by_session(series))  # what it gives is known to be in order, too


def benchmarks(ticker: str, families: Sequence[Family]) -> Benchmarks:
    """What the share ``ticker`` of one of ``families`` is compared with.

    A family's own where they close together with the share, else those of the
    first family listed on the same exchange: the same date elsewhere is not
    the same hours.
    """
    where = exchange(ticker)
    own = [family for family in families if ticker in {family.ticker, *family.also_listed}]
    for family in [*own, *families]:
        pair = {MARKET: family.market_benchmark, SECTOR: family.sector_benchmark}
        found = tuple((role, fund) for role, fund in pair.items() if fund and fund != ticker)
        if found and all(exchange(fund) == where for _, fund in found):
            return found
    return ()


def reaction(
    levels: pd.DataFrame,
    ticker: str,
    day: pd.Timestamp,
    against: Benchmarks,
    window: tuple[int, int],
) -> Reaction:
    """The reaction of ``ticker`` around its session ``day``; ``levels`` of ``overlay.levels``.

    Raises ``NothingToShow`` where the share itself has no prices for it.
    """
    own = series_of(levels, ticker)
    if day not in own.index:
        message = f"There is no session of {ticker} on {day:%Y-%m-%d}."
        raise NothingToShow(message)
    sessions, levels_of = pd.DatetimeIndex(own.index), own.to_numpy()
    at = int(sessions.searchsorted(day))
    first, last = at + window[0], at + window[1]
    if first < 1 or last >= len(own):
        message = (
            f"The window reaches beyond the prices of {ticker}, which run from "
            f"{own.index[0]:%Y-%m-%d} to {own.index[-1]:%Y-%m-%d}."
        )
        raise NothingToShow(message, advice="Choose another day or a shorter window.")
    studies, refused = {}, {}
    for role, fund in against:
        try:
            studies[role] = study(own, series_of(levels, fund), day, window=window)
        except NothingToShow as answer:
            refused[role] = answer.with_traceback(None)
    return Reaction(
        ticker=ticker,
        day=day,
        window=window,
        window_dates=(sessions[first], sessions[last]),
        raw_return=log(levels_of[last] / levels_of[first - 1]),
        benchmarks=against,
        studies=studies,
        refused=refused,
    )


def around(levels: pd.DataFrame, found: Reaction, sessions: int) -> pd.DataFrame:
    """The days around the one studied, log returns by the fits of ``found``.

    ``session``, ``relative`` (sessions from the day), ``raw``, and ``market`` and
    ``sector``: what each does not explain, NaN where unknown. As many of
    ``sessions`` before the day and after it as there are.
    """
    own = series_of(levels, found.ticker)
    moments = own.index.to_numpy()
    at = int(moments.searchsorted(np.datetime64(found.day)))
    first, last = max(1, at - sessions), min(len(own) - 1, at + sessions)
    days = moments[first : last + 1]
    columns = {
        "session": days,
        "relative": np.arange(first, last + 1) - at,
        "raw": np.diff(np.log(own.to_numpy()[first - 1 : last + 1])),
    }
    for role, fund in found.benchmarks:
        columns[role] = np.full(len(days), np.nan)
        if one := found.studies.get(role):
            # Both returns are between sessions that both have, as in the study.
            both = paired(own, series_of(levels, fund))
            place = both.moments.searchsorted(days).clip(max=len(both.moments) - 1)
            known = (place > 0) & (both.moments[place] == days)
            before = place[known] - 1
            columns[role][known] = (
                both.returns[before] - one.alpha - one.beta * both.compared[before]
            )
    return pd.DataFrame(columns)


def news_on(events: pd.DataFrame, sessions: pd.DatetimeIndex, found: Reaction) -> InView:
    """Those of ``events.named`` with a known day whose session is within the window."""
    known = of_a_day(events)
    session = of_news(sessions, found.ticker, known).to_numpy()
    first, last = (np.datetime64(day) for day in found.window_dates)
    return some_of(known, np.flatnonzero((session >= first) & (session <= last)), session)


@remembered
def of_a_day(events: pd.DataFrame) -> pd.DataFrame:
    """The events of which the day is known."""
    rows: pd.DataFrame = events[events["exact"]]
    return rows

"""A share's reaction to news: against market and sector, and over several events."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, exp, log, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.by_ticker import by_ticker
from core.measure.event_study import paired, study
from core.measure.remembered import remembered
from core.measure.sessions import by_session, exchange, of_news

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measure.event_study import EventStudy
    from core.schemas import Family

MARKET, SECTOR = "market", "sector"

Benchmarks = tuple[tuple[str, str], ...]
"""Roles (``MARKET``, ``SECTOR``) and the tickers that have them."""

_SMALL: Final = 1e-12

_STUDIED: Final = ("abnormal_return", "standard_error", "t", "placebo_count", "placebo_windows")


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
    at = int(own.index.searchsorted(found.day))
    first, last = max(1, at - sessions), min(len(own) - 1, at + sessions)
    days = own.index[first : last + 1]
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
            place = both.common.get_indexer(days)
            known = place > 0
            before = place[known] - 1
            columns[role][known] = (
                both.returns[before] - one.alpha - one.beta * both.compared[before]
            )
    return pd.DataFrame(columns)


def news_on(events: pd.DataFrame, sessions: pd.DatetimeIndex, found: Reaction) -> pd.DataFrame:
    """Those of ``events.named`` with a known day whose session is within the window."""
    known = of_a_day(events)
    session = of_news(sessions, found.ticker, known).to_numpy()
    first, last = (np.datetime64(day) for day in found.window_dates)
    return known.take(np.flatnonzero((session >= first) & (session <= last))).reset_index(drop=True)


@remembered
def of_a_day(events: pd.DataFrame) -> pd.DataFrame:
    """The events of which the day is known."""
    rows: pd.DataFrame = events[events["exact"]]
    return rows


def event_reactions(
    levels: pd.DataFrame,
    ticker: str,
    fund: str,
    events: pd.DataFrame,
    window: tuple[int, int],
) -> pd.DataFrame:
    """The rows of ``events.named`` whose day is known, oldest first, each with its study.

    Besides: ``session``, ``abnormal_return`` and ``standard_error`` (log),
    ``t``, ``placebo_count``, ``placebo_windows``; ``refused``, why there are
    none; ``overlaps``, the name of the event before whose window has a session
    in common, empty where there is none.
    """
    own, other = series_of(levels, ticker), series_of(levels, fund)
    known = of_a_day(events)
    session_of = of_news(pd.DatetimeIndex(own.index), ticker, known)
    rows = known.assign(session=session_of).sort_values("session", ignore_index=True)
    found: list[dict[str, object]] = []
    before, before_end = "", pd.Timestamp.min
    for name, session in zip(rows["name"].tolist(), rows["session"].tolist(), strict=True):
        row: dict[str, object] = {"refused": "", "overlaps": ""}
        if pd.isna(session):
            found.append(row | {"refused": "The data hold no session on that day or near it."})
            continue
        try:
            one = study(own, other, session, window=window)
        except NothingToShow as answer:
            found.append(row | {"refused": answer.sentence})
            continue
        row |= {field: getattr(one, field) for field in _STUDIED}
        if one.window_dates[0] <= before_end:
            row["overlaps"] = before
        else:  # what is left out does not hide the next
            before, before_end = name, one.window_dates[1]
        found.append(row)
    return rows.assign(
        refused=pd.Series([row["refused"] for row in found], rows.index, dtype="str"),
        overlaps=pd.Series([row["overlaps"] for row in found], rows.index, dtype="str"),
        **{
            field: np.array([row.get(field, np.nan) for row in found], "float64")
            for field in _STUDIED
        },
    )


def mean_reaction(rows: pd.DataFrame) -> MeanReaction:
    """The mean over ``rows`` with ``abnormal_return`` and ``standard_error``.

    MacKinlay 1997, equations 14 and 15. Raises ``NothingToShow`` without a row.
    """
    number = len(rows)
    if not number:
        message = "None of these events has a day for which the prices suffice."
        raise NothingToShow(message)
    returns = rows["abnormal_return"].to_numpy()
    mean = float(returns.mean())
    error = sqrt(float((rows["standard_error"] ** 2).sum())) / number
    up = int((returns > _SMALL).sum())
    return MeanReaction(number, mean, error, mean / error, up, sign_share(up, number))


def sign_share(up: int, number: int) -> float:
    """How often a fair coin thrown ``number`` times is at least as lopsided as ``up`` heads."""
    extreme = max(up, number - up)
    tail = sum(comb(number, heads) for heads in range(extreme, number + 1))
    return min(1.0, float(2 * tail / 2**number))

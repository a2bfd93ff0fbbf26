"""Lines laid over each other: all are 100 at the first session that they have in common.

What is worked out of shares is an index made from dividend-adjusted closes, not
a price. There is a value only where there was a session: nothing is filled
forward. Downloads, summed to sessions, can be lines among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.errors import NothingToShow
from core.measure import milestones as published
from core.measure.sessions import exchange

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_HOLE: Final = 5
"""More missing days than this in a row are no weekend and no holiday: a hole."""

TOTALS: Final = "cumulative_downloads"
"""Metric of the published totals that stand below the shares."""


@dataclass(frozen=True)
class Overlay:
    """Lines over one range.

    ``rows`` is what ``rebased`` gives. ``base`` is the session at which all are
    100, None where they have none in common and each is 100 at its own first.
    ``standing`` has a row a line that has a session in the range, in the order
    asked for: ``ticker``, ``first`` and ``last`` session in the range, ``base``,
    ``value`` at the last, ``sessions``, ``known_from`` and ``known_to`` (where
    all its data begin and end). ``unknown`` names the tickers without any data,
    ``outside`` those with data but without a session in the range.
    """

    start: pd.Timestamp
    end: pd.Timestamp
    rows: pd.DataFrame
    standing: pd.DataFrame
    unknown: tuple[str, ...]
    outside: tuple[str, ...]
    base: pd.Timestamp | None

    @property
    def later(self) -> pd.DataFrame:
        """Those in ``standing`` whose data begin only within the range, after the others."""
        first, known_from = self.standing["first"], self.standing["known_from"]
        rows: pd.DataFrame = self.standing[(known_from > self.start) & (first > first.min())]
        return rows


def levels(prices: pd.DataFrame) -> pd.DataFrame:
    """One series a ticker from table ``prices``: ``ticker, session, level, source``.

    Adjusted closes change backwards at every dividend, so a ticker's newest
    version counts as a whole: the rows that were read last. Sessions before it
    come from the embedded index, rescaled so that both agree on the sessions
    they share; where they share none, the index is left out. ``level`` is the
    adjusted close, or the index where a version has rows without one; only
    ratios of a ticker's levels mean anything. What is missing or not above
    zero is left out. Sorted by ticker and session.
    """
    read = prices["read_at"].dt.tz_localize(None).fillna(pd.Timestamp.min.as_unit("ms"))
    is_newest = read == read.groupby(prices["ticker"]).transform("max")
    newest = prices[is_newest]
    complete = newest["adjusted_close"].notna().groupby(newest["ticker"]).transform("all")
    level = newest["adjusted_close"].where(complete, newest["index_100"])
    frame = _series(newest, level)
    index = prices[~is_newest & prices["read_at"].isna()]
    if len(index):
        earlier = _earlier(frame, _series(index, index["index_100"]))
        frame = pd.concat([earlier, frame], ignore_index=True)
    ordered: pd.DataFrame = frame.sort_values(["ticker", "session"], ignore_index=True)
    return ordered


def _series(rows: pd.DataFrame, level: pd.Series) -> pd.DataFrame:
    """``rows`` with their ``level``, one a ticker and session, without what is no level."""
    frame = rows[["ticker", "session", "source"]].assign(level=level)
    frame = frame[(level > 0) & (level < float("inf"))]
    return frame.drop_duplicates(["ticker", "session"], keep="last")


def _earlier(live: pd.DataFrame, index: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``index`` before each ticker's first in ``live``, on the scale of ``live``."""
    common = index.merge(live, on=["ticker", "session"], suffixes=("", "_live"))
    scale = (common["level_live"] / common["level"]).groupby(common["ticker"]).median()
    first = index["ticker"].map(live.groupby("ticker")["session"].min())
    rescaled = index.assign(level=index["level"] * index["ticker"].map(scale))
    return rescaled[(index["session"] < first) & rescaled["level"].notna()]


def spans(series: pd.DataFrame, tickers: tuple[str, ...] = ()) -> pd.DataFrame:
    """First and last session of tickers of ``levels``: ``known_from, known_to``.

    Of ``tickers``, or of all where none of these has any.
    """
    asked = series[series["ticker"].isin(tickers)]
    sessions = (series if asked.empty else asked).groupby("ticker")["session"]
    return pd.DataFrame({"known_from": sessions.min(), "known_to": sessions.max()})


def rebased(
    series: pd.DataFrame, tickers: Sequence[str], start: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """Those of ``tickers`` with a session from ``start`` to ``end``, both included.

    ``series`` is what ``levels`` gives; a column ``exchange`` says whose sessions
    a line has where its ticker does not. Columns ``session, ticker, value`` (100
    at ``base``), ``change`` (percent since then), ``base`` (the first session
    that all have in common; where there is none, the ticker's own first),
    ``segment`` (grows by one where a session of the exchange is missing, or more
    days than holidays explain: no line may be drawn across) and ``source``;
    tickers in the order asked for. Raises ``NothingToShow`` where no ticker has
    a session.
    """
    known = series[series["ticker"].isin(set(tickers))]
    inside = known[known["session"].between(start, end)]
    if inside.empty:
        raise NothingToShow(_nothing(known, tickers, start, end))
    grouped = inside.groupby("ticker")
    lines = grouped.ngroups
    held = inside["session"].value_counts()
    common = held.index[held == lines]
    if len(common):
        base = pd.Series(common.min(), inside.index)
    else:
        base = grouped["session"].transform("min")
    level = inside["level"].where(inside["session"] == base)
    change = 100 * (inside["level"] / level.groupby(inside["ticker"]).transform("max") - 1)
    hole = grouped["session"].diff().dt.days - 1 > LONGEST_HOLE
    hole |= _place(series, inside).groupby(inside["ticker"]).diff() > 1
    order = {ticker: at for at, ticker in enumerate(dict.fromkeys(tickers))}
    frame = pd.DataFrame(
        {
            "session": inside["session"],
            "ticker": inside["ticker"],
            "value": 100 + change,
            "change": change,
            "base": base,
            "segment": hole.groupby(inside["ticker"]).cumsum().astype("int64"),
            "source": inside["source"],
        }
    )
    return frame.sort_values(
        "ticker", key=lambda names: names.map(order), kind="stable", ignore_index=True
    )


def exchanges(series: pd.DataFrame) -> pd.Series:
    """The place of the exchange whose sessions each row's line has."""
    places = {ticker: exchange(ticker).place for ticker in series["ticker"].unique()}
    place = series["ticker"].map(places)
    return series["exchange"].fillna(place) if "exchange" in series else place


def _place(series: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Which session of its exchange each of ``rows`` is, counted over all of ``series``."""
    every = pd.DataFrame({"place": exchanges(series), "session": series["session"]})
    ordinal = every.groupby("place")["session"].rank(method="dense")
    place: pd.Series = ordinal.loc[rows.index]
    return place


def missing_sessions(
    series: pd.DataFrame, tickers: Sequence[str], start: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """Sessions of which other shares of the same exchange have a price and these have none.

    Columns ``ticker, session``, from each ticker's first session on. A session
    that all lack cannot be seen here; the refresh, which knows the calendars,
    names those in its message.
    """
    place = exchanges(series)
    found = []
    for ticker in dict.fromkeys(tickers):
        own = series.loc[series["ticker"] == ticker, "session"]
        if own.empty:
            continue
        sessions = series.loc[place == exchange(ticker).place, "session"].drop_duplicates()
        lacking = sessions[
            sessions.between(max(start, own.min()), end) & ~sessions.isin(set(own))
        ].sort_values()
        found.append(pd.DataFrame({"ticker": ticker, "session": lacking}))
    if not found:
        return pd.DataFrame({"ticker": [], "session": pd.DatetimeIndex([])})
    return pd.concat(found, ignore_index=True)


def closes(prices: pd.DataFrame, source: str) -> pd.DataFrame:
    """Closing prices as traded, where ``source`` gave them: ``ticker, session, close, currency``.

    Of each ticker its newest version as a whole. Split-adjusted, not for
    dividends: what a newspaper names. Sorted by ticker and session.
    """
    read = prices[(prices["source"] == source) & prices["read_at"].notna()]
    newest = read[read["read_at"] == read.groupby("ticker")["read_at"].transform("max")]
    priced = newest[(newest["close"] > 0) & (newest["close"] < float("inf"))]
    frame = priced.drop_duplicates(["ticker", "session"], keep="last")
    columns = ["ticker", "session", "close", "currency", "source"]
    return frame[columns].sort_values(["ticker", "session"], ignore_index=True)


def overlay(
    series: pd.DataFrame, tickers: tuple[str, ...], start: pd.Timestamp, end: pd.Timestamp
) -> Overlay:
    """``tickers`` from ``start`` to ``end``, and what of them is not there.

    Raises ``NothingToShow`` where none has a session.
    """
    rows = rebased(series, tickers, start, end)
    known = spans(series)
    standing = rows.groupby("ticker", sort=False).agg(
        first=("session", "min"),
        last=("session", "max"),
        base=("base", "first"),
        value=("value", "last"),
        sessions=("session", "size"),
    )
    standing = standing.join(known).reset_index()
    shown = set(standing["ticker"])
    absent = [ticker for ticker in dict.fromkeys(tickers) if ticker not in shown]
    bases = standing["base"].unique()
    return Overlay(
        start,
        end,
        rows,
        standing,
        unknown=tuple(ticker for ticker in absent if ticker not in known.index),
        outside=tuple(ticker for ticker in absent if ticker in known.index),
        base=pd.Timestamp(bases[0]) if len(bases) == 1 else None,
    )


def published_totals(
    table: pd.DataFrame, families: tuple[str, ...], start: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """Totals of all downloads so far that others published about ``families``.

    Rows of ``milestones.of_family`` whose day, month or year touches the range.
    Raises ``NothingToShow`` where there are none, saying when there are.
    """
    if not families:
        message = "No family is chosen."
        raise NothingToShow(message)
    every = pd.concat([published.of_family(table, family) for family in families])
    totals = every[(every["metric"] == TOTALS) & every["value"].notna()]
    names = " and ".join(families) if len(families) < 3 else "these families"  # noqa: PLR2004
    if totals.empty:
        message = f"No total of all downloads so far has been published for {names}."
        raise NothingToShow(message)
    totals = totals[totals["first_day"].notna()]
    touching = totals[(totals["first_day"] <= end) & (totals["last_day"] >= start)]
    if touching.empty:
        message = (
            f"No published total of all downloads so far for {names} is dated {_when(start, end)}."
        )
        advice = ""
        if len(totals):
            advice = (
                f"Those known are dated from {totals['first_day'].min():%Y-%m-%d} to "
                f"{totals['last_day'].max():%Y-%m-%d}: choose other dates to see them."
            )
        raise NothingToShow(message, advice=advice)
    return touching.sort_values("first_day", kind="stable", ignore_index=True)


def _nothing(
    known: pd.DataFrame, tickers: Sequence[str], start: pd.Timestamp, end: pd.Timestamp
) -> str:
    """Why there is nothing to draw, in a sentence."""
    names = ", ".join(dict.fromkeys(tickers))
    if not names:
        return "No share is chosen."
    if known.empty:
        return f"The data hold no prices of {names}."
    names = ", ".join(dict.fromkeys(known["ticker"]))
    first, last = known["session"].min(), known["session"].max()
    held = f"The sessions in the data run from {first:%Y-%m-%d} to {last:%Y-%m-%d}."
    if first <= end and last >= start:
        held += " The exchange was closed, or the data have a hole there."
    return f"There is no session of {names} {_when(start, end)}. {held}"


def _when(start: pd.Timestamp, end: pd.Timestamp) -> str:
    if start == end:
        return f"on {start:%Y-%m-%d}"
    return f"from {start:%Y-%m-%d} to {end:%Y-%m-%d}"

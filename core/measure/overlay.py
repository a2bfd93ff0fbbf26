"""Lines laid over each other: all are 100 at the first session that they have in common.

What is worked out of shares is an index made from dividend-adjusted closes, not
a price. There is a value only where there was a session: nothing is filled
forward. Downloads, summed to sessions, can be lines among them.
"""

from __future__ import annotations

from functools import partial, reduce
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.by_ticker import by_ticker
from core.measure.overlay_parts import Overlay, Part, rows_of
from core.measure.sessions import exchange
from core.measure.totals import dated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from core.measure.by_ticker import Line

LONGEST_HOLE: Final = 5
"""More missing days than this in a row are no weekend and no holiday: a hole."""


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
    shown = _asked(series, tickers)
    dtype = series["session"].dtype
    return pd.DataFrame(
        {
            "known_from": pd.Series([line.sessions[0] for line in shown], dtype=dtype),
            "known_to": pd.Series([line.sessions[-1] for line in shown], dtype=dtype),
        },
    ).set_index(pd.Index([line.ticker for line in shown], name="ticker", dtype="str"))


def reach(
    series: pd.DataFrame, tickers: tuple[str, ...] = ()
) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """The first and the last session of all ``spans``; None without any."""
    shown = _asked(series, tickers)
    if not shown:
        return None
    first = min(line.sessions[0] for line in shown)
    return pd.Timestamp(first), pd.Timestamp(max(line.sessions[-1] for line in shown))


def _asked(series: pd.DataFrame, tickers: tuple[str, ...]) -> list[Line]:
    lines = by_ticker(series).lines
    asked = [lines[ticker] for ticker in dict.fromkeys(tickers) if ticker in lines]
    return sorted(asked or lines.values(), key=lambda line: line.ticker)


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
    return rows_of(_parts(by_ticker(series).lines, tickers, start, end))


def _parts(
    every: Mapping[str, Line], tickers: Sequence[str], start: pd.Timestamp, end: pd.Timestamp
) -> tuple[Part, ...]:
    """``rebased``, line by line."""
    known = [every[ticker] for ticker in dict.fromkeys(tickers) if ticker in every]
    held = [(line, line.inside(start, end)) for line in known]
    held = [(line, inside) for line, inside in held if inside.stop > inside.start]
    if not held:
        raise NothingToShow(_nothing(known, tickers, start, end))
    sessions = [line.sessions[inside] for line, inside in held]
    common = reduce(partial(np.intersect1d, assume_unique=True), sessions)
    bases = [common[0] if len(common) else own[0] for own in sessions]
    return tuple(
        Part(
            line.ticker,
            own,
            100 * (line.level[inside] / line.level[inside][own.searchsorted(base)] - 1),
            base,
            _segments(line, inside),
            line.source[inside],
            line.sessions[0],
            line.sessions[-1],
        )
        for (line, inside), own, base in zip(held, sessions, bases, strict=True)
    )


def _segments(line: Line, inside: slice) -> NDArray[np.int64]:
    """Grows by one where no line may be drawn across."""
    days = line.sessions[inside].astype("datetime64[D]").astype("int64")
    hole = (np.diff(days) - 1 > LONGEST_HOLE) | (np.diff(line.ordinal[inside]) > 1)
    found: NDArray[np.int64] = np.concatenate([[0], np.cumsum(hole)])
    return found


def missing_sessions(
    series: pd.DataFrame, tickers: Sequence[str], start: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """Sessions of which other shares of the same exchange have a price and these have none.

    Columns ``ticker, session``, from each ticker's first session on. A session
    that all lack cannot be seen here; the refresh, which knows the calendars,
    names those in its message.
    """
    every = by_ticker(series)
    tickers = [ticker for ticker in dict.fromkeys(tickers) if ticker in every.lines]
    lacking = []
    for ticker in tickers:
        line = every.lines[ticker]
        sessions = every.sessions[exchange(ticker).place]
        since = max(np.datetime64(start), line.sessions[0])
        held = (sessions >= since) & (sessions <= np.datetime64(end))
        lacking.append(np.setdiff1d(sessions[held], line.sessions, assume_unique=True))
    names = np.repeat(np.array(tickers, "object"), [len(one) for one in lacking])
    days = np.concatenate(lacking) if lacking else pd.DatetimeIndex([])
    return pd.DataFrame({"ticker": pd.Series(names, dtype="str"), "session": days})


def overlay(
    series: pd.DataFrame,
    tickers: tuple[str, ...],
    start: pd.Timestamp,
    end: pd.Timestamp,
    beside: tuple[Line, ...] = (),
) -> Overlay:
    """``tickers`` from ``start`` to ``end``, and what of them is not there.

    ``beside`` are lines that are not among those of ``series``. Raises
    ``NothingToShow`` where none has a session.
    """
    known = by_ticker(series).lines
    if beside:
        known = known | {line.ticker: line for line in beside}
    parts = _parts(known, tickers, start, end)
    shown = {one.ticker for one in parts}
    absent = [ticker for ticker in dict.fromkeys(tickers) if ticker not in shown]
    return Overlay(
        start,
        end,
        parts,
        unknown=tuple(ticker for ticker in absent if ticker not in known),
        outside=tuple(ticker for ticker in absent if ticker in known),
        base=pd.Timestamp(parts[0].base) if len({one.base for one in parts}) == 1 else None,
    )


def _nothing(
    known: Sequence[Line], tickers: Sequence[str], start: pd.Timestamp, end: pd.Timestamp
) -> str:
    """Why there is nothing to draw, in a sentence."""
    names = ", ".join(dict.fromkeys(tickers))
    if not names:
        return "No share is chosen."
    if not known:
        return f"The data hold no prices of {names}."
    names = ", ".join(sorted(line.ticker for line in known))
    first = pd.Timestamp(min(line.sessions[0] for line in known))
    last = pd.Timestamp(max(line.sessions[-1] for line in known))
    held = f"The sessions in the data run from {first:%Y-%m-%d} to {last:%Y-%m-%d}."
    if first <= end and last >= start:
        held += " The exchange was closed, or the data have a hole there."
    return f"There is no session of {names} {dated(start, end)}. {held}"

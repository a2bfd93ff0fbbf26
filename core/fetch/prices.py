"""Share prices from Yahoo: what is known is continued, or read anew as a whole.

Yahoo changes a share's past closes at every split, and its past adjusted
closes at every dividend too. So what is new is only joined to what is known
where both say the same of the sessions they share; else the whole span is
read again. A ticker's version never holds two bases of adjustment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from core.errors import FetchError, SourceUnreadable
from core.fetch import calendars, yahoo_session
from core.fetch.yahoo_session import NAME, NoSessions, OtherExchange, UnknownShare
from core.schemas import PRICES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from core.fetch.http import Visit
    from core.fetch.yahoo_session import YahooSession

SOURCE: Final = "yahoo"
"""Key of the source, in column ``source``."""

FIRST_SESSION: Final = date(2023, 12, 1)
"""Where the span begins: with the embedded index, so that both can be joined."""

TOLERANCE: Final = 1e-4
"""Largest relative difference of two closes that are the same."""

HOLES_SINCE: Final = timedelta(days=30)
"""A session that had no price is asked for again for so long."""

_MOST_UNREADABLE: Final = 3
"""So many answers in a row that cannot be understood are not about the shares."""

_CLOSES: Final = ["close", "adjusted_close"]

Kind = Literal["ok", "fresh", "unknown", "no_sessions", "other_exchange", "failed"]


@dataclass(frozen=True)
class Outcome:
    """How it went with one share, in a word and in a sentence.

    ``anew`` says that its past had changed, ``dropped`` how many rows Yahoo
    gave for days on which the exchange held no session.
    """

    kind: Kind
    sentence: str
    anew: bool = False
    dropped: int = 0


@dataclass(frozen=True)
class Fetched:
    """What one fetch brought.

    ``rows`` is a complete new version of every share that was read, in the
    columns of table ``prices``; all of it read at the same moment. ``missing``
    (``ticker, session``) are the finished sessions of shares read or fresh,
    from each one's first row on, for which Yahoo has no price. ``error`` is
    the first that happened; what was read in spite of it is in ``rows``.
    """

    rows: pd.DataFrame
    missing: pd.DataFrame
    outcomes: dict[str, Outcome]
    error: FetchError | None = None


@dataclass(frozen=True)
class _Version:
    """All of one share: ``close, adjusted_close`` indexed by session, in order."""

    frame: pd.DataFrame
    currency: str
    anew: bool = False
    dropped: int = 0


@dataclass
class _Collected:
    versions: dict[str, _Version] = field(default_factory=dict)
    missing: list[tuple[str, date]] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    error: FetchError | None = None
    unreadable: int = 0

    @property
    def stopped(self) -> bool:
        """Whether Yahoo is not to be asked again."""
        if self.error is None:
            return False
        return not isinstance(self.error, SourceUnreadable) or self.unreadable >= _MOST_UNREADABLE


def fetch(  # noqa: PLR0913 - each is a thing of its own
    tickers: Sequence[str],
    known: pd.DataFrame,
    now: datetime,
    visit: Visit,
    *,
    base_url: str = "",
    cache: Path,
    on_step: Callable[[str, int, int], None] | None = None,
) -> Fetched:
    """Bring the prices of ``tickers`` up to date.

    ``known`` has the columns of table ``prices``; only its rows from Yahoo
    count, of each ticker those that were read last. ``now`` has a time zone.
    ``base_url`` takes the place of Yahoo's addresses ("" for Yahoo itself),
    ``cache`` is a folder for yfinance. ``on_step`` is told of every share that
    is done: its ticker, how many are, of how many.

    A share whose newest version was read since its last finished session's
    prices were due takes no request. Raises nothing that Yahoo does: see
    ``Fetched.error``.
    """
    names = list(dict.fromkeys(tickers))
    versions = _newest(known)
    result = _Collected()
    with yahoo_session.opened(visit, base_url, cache) as session:
        for done, ticker in enumerate(names, start=1):
            _one(ticker, versions.get(ticker), now, session, result)
            if on_step is not None:
                on_step(ticker, done, len(names))
    missing = pd.DataFrame(result.missing, columns=["ticker", "session"])
    missing = missing.astype({"ticker": "str", "session": "datetime64[ms]"})
    return Fetched(_rows(result.versions, now), missing, result.outcomes, result.error)


def _one(
    ticker: str,
    known: tuple[datetime, _Version] | None,
    now: datetime,
    session: YahooSession,
    result: _Collected,
) -> None:
    """Read one share, if it has to be, and note how it went."""
    outcomes = result.outcomes
    try:
        if known is not None and known[0] >= calendars.due_since(ticker, now):
            last = known[1].frame.index[-1]
            outcomes[ticker] = Outcome("fresh", f"{ticker} is up to date, to {last:%Y-%m-%d}.")
            result.missing += _missing(ticker, known[1], now)
            return
        if result.stopped and result.error is not None:
            sentence = f"{ticker} was not asked for: {result.error.sentence}"
            outcomes[ticker] = Outcome("failed", sentence)
            return
        version = _version(ticker, known[1] if known else None, now, session)
    except UnknownShare:
        outcomes[ticker] = Outcome("unknown", f"{NAME} knows no share {ticker}.")
    except NoSessions:
        sentence = f"{NAME} has no price of {ticker} since {FIRST_SESSION:%Y-%m-%d}."
        outcomes[ticker] = Outcome("no_sessions", sentence)
    except OtherExchange:
        sentence = f"{ticker} is traded on an exchange whose calendar is not known here."
        outcomes[ticker] = Outcome("other_exchange", sentence)
    except FetchError as error:
        outcomes[ticker] = Outcome("failed", error.sentence)
        if isinstance(error, SourceUnreadable):
            result.unreadable += 1
        if result.error is None or not isinstance(error, SourceUnreadable):
            result.error = error
        return
    else:
        result.versions[ticker] = version
        result.missing += _missing(ticker, version, now)
        outcomes[ticker] = Outcome("ok", _said(ticker, version), version.anew, version.dropped)
    result.unreadable = 0


def _version(ticker: str, known: _Version | None, now: datetime, session: YahooSession) -> _Version:
    """The share's complete new version. Raises as ``yahoo_session.closes``."""
    if known is None:
        return _closes(ticker, FIRST_SESSION, now, session)
    try:
        newer = _closes(ticker, _resume(ticker, known, now), now, session)
    except NoSessions:  # not even the session that is known
        newer = None
    if newer is not None and (joined := _joined(known, newer)) is not None:
        return joined
    whole = _closes(ticker, FIRST_SESSION, now, session)
    return _joined(known, whole) or _Version(
        whole.frame, whole.currency, anew=True, dropped=whole.dropped
    )


def _resume(ticker: str, known: _Version, now: datetime) -> date:
    """The last known session before the first that is not known."""
    sessions: list[date] = [day.date() for day in known.frame.index]
    recent = calendars.last_finished(ticker, now) - HOLES_SINCE
    since = max(sessions[0], recent)
    have = set(sessions)
    due = calendars.finished_sessions(ticker, since, now)
    gap = next((day for day in due if day not in have), date.max)
    return max((day for day in sessions if day < gap), default=sessions[0])


def _closes(ticker: str, start: date, now: datetime, session: YahooSession) -> _Version:
    """What Yahoo has of a share's finished sessions from ``start``, as far as it is a price."""
    end = calendars.last_finished(ticker, now)
    zone = calendars.ZONES[calendars.exchange(ticker)]
    found = yahoo_session.closes(session, ticker, start, end + timedelta(days=1), zone)
    days = found.frame.index
    frame = found.frame[(days >= pd.Timestamp(start)) & (days <= pd.Timestamp(end))]
    held = frame.index.isin(pd.DatetimeIndex(calendars.finished_sessions(ticker, start, now)))
    priced = ((frame > 0) & (frame < float("inf"))).all(axis="columns")
    version = frame[held & priced].sort_index()
    if version.empty:
        raise NoSessions
    return _Version(version, found.currency, dropped=int((~held).sum()))


def _joined(known: _Version, newer: _Version) -> _Version | None:
    """Both as one, or None where they differ or share no session."""
    common = known.frame.index.intersection(newer.frame.index)
    if common.empty or known.currency != newer.currency:
        return None
    ratio = newer.frame.loc[common] / known.frame.loc[common]
    if ((ratio - 1).abs() > TOLERANCE).to_numpy().any():
        return None
    added = newer.frame.loc[newer.frame.index.difference(known.frame.index)]
    frame = pd.concat([known.frame, added]).sort_index()
    return _Version(frame, known.currency, dropped=newer.dropped)


def _missing(ticker: str, version: _Version, now: datetime) -> list[tuple[str, date]]:
    have = {day.date() for day in version.frame.index}
    held = calendars.finished_sessions(ticker, min(have), now)
    return [(ticker, day) for day in held if day not in have]


def _said(ticker: str, version: _Version) -> str:
    last = version.frame.index[-1]
    sentence = f"{ticker} was read: {len(version.frame):,} sessions, to {last:%Y-%m-%d}."
    if version.anew:
        sentence += " A dividend or a split had changed its past, so all of it was read again."
    return sentence


def _newest(known: pd.DataFrame) -> dict[str, tuple[datetime, _Version]]:
    """Of each ticker, when its newest version from Yahoo was read, and that version."""
    live = known[(known["source"] == SOURCE) & known["read_at"].notna()]
    live = live[live["read_at"] == live.groupby("ticker")["read_at"].transform("max")]
    live = live.drop_duplicates(["ticker", "session"], keep="last").sort_values("session")
    live = live[((live[_CLOSES] > 0) & (live[_CLOSES] < float("inf"))).all(axis="columns")]
    return {
        str(ticker): (
            rows["read_at"].iloc[0].to_pydatetime(),
            _Version(rows.set_index("session")[_CLOSES], str(rows["currency"].iloc[-1])),
        )
        for ticker, rows in live.groupby("ticker")
    }


def _rows(versions: dict[str, _Version], now: datetime) -> pd.DataFrame:
    """Versions as rows of table ``prices``, in the types in which the store reads them."""
    columns = [column.name for column in PRICES.columns]
    frames = [
        version.frame.rename_axis("session")
        .reset_index()
        .assign(ticker=ticker, currency=version.currency)
        for ticker, version in versions.items()
    ]
    if not frames:
        frames = [pd.DataFrame(columns=["ticker", "session", *_CLOSES, "currency"])]
    rows = pd.concat(frames, ignore_index=True)
    read_at = pd.Timestamp(now.astimezone(UTC)).floor("ms")
    rows = rows.assign(index_100=float("nan"), source=SOURCE, read_at=read_at)[columns]
    return rows.astype(
        {
            "ticker": "str",
            "session": "datetime64[ms]",
            "close": "float64",
            "adjusted_close": "float64",
            "currency": "str",
            "source": "str",
            "read_at": "datetime64[ms, UTC]",
        }
    )

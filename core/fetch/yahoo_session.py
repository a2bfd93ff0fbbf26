"""Closing prices from Yahoo through yfinance: counted, named, ended at the deadline.

Only the refresh process imports this: yfinance is slow to import and keeps
state for the whole process.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import yfinance
from curl_cffi import CurlOpt, requests
from yfinance.cache import get_tz_cache
from yfinance.data import SingletonMeta, YfData
from yfinance.exceptions import (
    YFPricesMissingError,
    YFRateLimitError,
    YFTzMissingError,
)

from core.errors import (
    FetchError,
    SourceRefused,
    SourceSilent,
    SourceUnreachable,
    SourceUnreadable,
    TableUnwritable,
)
from core.fetch.http import AGENT_NAME, AGENT_VERSION
from core.schemas import PRICES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from core.fetch.http import Visit

NAME: Final = "Yahoo"
AGENT: Final = f"Mozilla/5.0 (compatible; {AGENT_NAME}/{AGENT_VERSION})"

_CHART: Final = "/v8/finance/chart/"
_STATEMENTS: Final = "/ws/fundamentals-timeseries/"
_ADJUSTED: Final = b'"adjclose"'
"""Where an answer lacks it, yfinance takes the closes as traded in its place."""
_SHORTEST_WAIT: Final = 0.05
"""Seconds. The library cuts a wait down to whole milliseconds; none means for ever."""
_LARGEST_ANSWER: Final = 20_000_000
"""Bytes. A share's whole span is about a tenth of a megabyte."""
_NOT_FOUND: Final = 404
_NO_PERMISSION: Final = (401, 403)
_FIRST_ERROR: Final = 400
_SERVER_ERROR: Final = 500
_TRUTH_IN_A_LIST: Final = re.compile(rb"[\[,]\s*(?:true|false)\s*[,\]]")


class UnknownShare(Exception):  # noqa: N818 - says what is the case, and never reaches a reader
    """Yahoo knows no share of this name."""


class NoSessions(Exception):  # noqa: N818 - likewise
    """Yahoo knows the share, but has no prices of it for these days."""


class OtherExchange(Exception):  # noqa: N818 - likewise
    """The share is traded on an exchange whose calendar is not known here."""


@dataclass(frozen=True)
class Closes:
    """What Yahoo has of one share.

    ``frame`` has a row a day Yahoo lists, indexed by the exchange's own date
    (naive, midnight): ``close`` as traded (adjusted for splits) and
    ``adjusted_close`` (for dividends too), as they came: NaN and the like
    included.
    """

    frame: pd.DataFrame
    currency: str


class YahooSession(requests.Session[requests.Response]):
    """A session of curl_cffi, as yfinance takes one, bound to a ``Visit``.

    ``base_url`` takes the place of every request's scheme and host, whichever
    of Yahoo's it is ("" leaves them). ``status`` is that of the last answer
    with prices or statements, 0 before there is one, ``adjusted`` whether it has
    adjusted closes, and ``truths`` whether a list in it holds true or false,
    which yfinance would turn into a price of one or nothing. ``statements`` are
    the answers with statements, as they came.

    ``request`` raises ``SourceSilent`` once the deadline has passed and
    ``SourceRefused`` when no request is left: neither is an ``OSError``, so
    yfinance does not take them for a passing fault.
    """

    def __init__(self, visit: Visit, base_url: str = "") -> None:
        super().__init__(
            impersonate="chrome",  # as yfinance's own: Yahoo refuses others at the door
            headers={"User-Agent": AGENT},
            curl_options={CurlOpt.MAXFILESIZE_LARGE: _LARGEST_ANSWER},
        )
        self.visit = visit
        self.base = base_url.rstrip("/")
        self.status = 0
        self.adjusted = False
        self.truths = False
        self.statements: list[bytes] = []

    def request(  # type: ignore[override]  # all else is handed on as it came
        self,
        method: Any,  # noqa: ANN401 - likewise
        url: str,
        **options: Any,  # noqa: ANN401 - likewise
    ) -> requests.Response:
        """Send one request, like the base class."""
        wait = self.visit.patience()
        if self.visit.spent():
            raise SourceRefused(NAME, f"{NAME} may not be asked more often in one refresh.")
        address = self._address(url)
        if self.base:
            options["allow_redirects"] = False  # nothing may lead elsewhere
        asked = options.get("timeout")
        if isinstance(asked, int | float) and asked > 0:
            wait = min(wait, float(asked))
        options["timeout"] = max(wait, _SHORTEST_WAIT)
        self.visit.count()
        if _CHART in address or _STATEMENTS in address:
            self.status = 0
        response = super().request(method, address, **options)
        if _CHART in address:
            self.status = response.status_code
            self.adjusted = _ADJUSTED in response.content
            self.truths = bool(_TRUTH_IN_A_LIST.search(response.content))
        if _STATEMENTS in address:
            self.status = response.status_code
            self.statements.append(response.content)
        return response

    def _address(self, url: str) -> str:
        if not self.base:
            return url
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.base}{parts.path or '/'}{query}"


@contextmanager
def opened(visit: Visit, base_url: str, cache: Path) -> Iterator[YahooSession]:
    """A session for one fetch, with nothing left over in yfinance from the one before.

    yfinance keeps, for the whole process, answers to past dates (bad ones too)
    and the crumb, which belongs to the cookies of its session. ``cache`` is
    the folder for what it keeps on disk: time zones and Yahoo's cookie.
    """
    logging.getLogger("yfinance").setLevel(logging.CRITICAL + 1)
    if yfinance.cache._TzDBManager.get_location() != str(cache):  # noqa: SLF001 - no public way
        yfinance.set_tz_cache_location(str(cache))
    yfinance.config.debug.hide_exceptions = False
    YfData.cache_get.cache_clear()
    SingletonMeta._instances.pop(YfData, None)  # noqa: SLF001 - no public way
    with YahooSession(visit, base_url) as session:
        yield session


def closes(session: YahooSession, ticker: str, start: date, end: date, zone: str) -> Closes:
    """Closing prices of a share from ``start`` to before ``end``, in one request.

    ``zone`` is the exchange's time zone, by whose midnights the dates are
    meant. Raises ``UnknownShare``, ``NoSessions``, ``OtherExchange``, a
    ``FetchError``, or ``TableUnwritable`` where yfinance cannot write what it keeps.
    """
    session.status = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it uses what pandas will change
        try:
            # Knowing the zone, yfinance does not ask for it: half the requests.
            get_tz_cache().store(ticker.upper(), zone)
            share = yfinance.Ticker(ticker, session=session)
            return _read(share, ticker, start, end, session, zone)
        except (FetchError, UnknownShare, NoSessions, OtherExchange):
            raise
        except Exception as error:  # what yfinance raises has no common base
            raise explained(error, session, ticker) from error


def _read(  # noqa: PLR0913, PLR0917 - what is asked for, of whom
    share: yfinance.Ticker, ticker: str, start: date, end: date, session: YahooSession, zone: str
) -> Closes:
    try:
        frame = share.history(
            start=start.isoformat(),
            end=end.isoformat(),
            auto_adjust=False,
            actions=False,
            timeout=session.visit.patience(),
        )
    except YFPricesMissingError as error:
        # Without a reason this also stands for JSON of quite another form.
        if error.yahoo_reason is None and not share.history_metadata.get("currency"):
            raise explained(error, session, ticker) from error
        if session.status in (_NOT_FOUND, *_NO_PERMISSION) or session.status >= _SERVER_ERROR:
            raise explained(error, session, ticker) from error
        raise NoSessions from error
    if not session.adjusted:
        raise _unreadable(ticker, "it has no adjusted closes")
    if session.truths:
        raise _unreadable(ticker, "its prices are not all numbers")
    meta = share.history_metadata
    currency, symbol = meta["currency"], meta.get("symbol", ticker)
    if not isinstance(currency, str) or not (len(currency) == 3 and currency.isalpha()):  # noqa: PLR2004
        raise _unreadable(ticker, "it names no currency")
    if not isinstance(symbol, str) or symbol.upper() != ticker.upper():
        raise _unreadable(ticker, "it is about another share")
    if meta.get("exchangeTimezoneName", zone) != zone:
        raise OtherExchange
    frame = frame[["Close", "Adj Close"]].set_axis(["close", "adjusted_close"], axis="columns")
    frame.index = frame.index.tz_localize(None).normalize().as_unit("ms").rename("session")
    return Closes(frame.astype("float64"), currency)


def explained(error: Exception, session: YahooSession, ticker: str) -> Exception:
    """The error that says what happened, for what yfinance raised."""
    status = session.status
    told: Exception
    if isinstance(error.__context__, sqlite3.Error):  # what its library for databases met
        told = TableUnwritable(
            PRICES.name, f"The store's folder for {NAME} cannot be written to: {error}."
        )
    elif isinstance(error, YFRateLimitError):
        told = SourceRefused(NAME, f"{NAME} answers that it has had too many requests.")
    elif isinstance(error, requests.exceptions.Timeout):
        told = _silent(session.visit)
    elif isinstance(error, requests.exceptions.ConnectionError | requests.exceptions.ProxyError):
        told = SourceUnreachable(NAME, f"{NAME} could not be reached.")
    elif status in _NO_PERMISSION:
        told = SourceRefused(NAME, f"{NAME} refused the request (status {status}).")
    elif status >= _SERVER_ERROR:
        told = SourceUnreachable(
            NAME, f"{NAME} has trouble of its own (status {status}).", advice="Try again later."
        )
    elif status == _NOT_FOUND or isinstance(error, YFTzMissingError):
        told = UnknownShare()
    elif isinstance(error, requests.exceptions.RequestException):
        told = _unreadable(ticker, "it broke off")
    elif status >= _FIRST_ERROR:
        told = _unreadable(ticker, f"its status is {status}")
    else:
        told = _unreadable(ticker, "it is not in the form that prices have")
    return told


def _silent(visit: Visit) -> FetchError:
    try:
        visit.check()
    except SourceSilent as late:
        return late
    return SourceSilent(NAME, f"{NAME} did not answer in time.")


def _unreadable(ticker: str, why: str) -> SourceUnreadable:
    return SourceUnreadable(
        NAME, f"The answer of {NAME} about {ticker} cannot be understood: {why}."
    )

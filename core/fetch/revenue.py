"""Companies' revenue by quarter from Yahoo, through yfinance and the session of the prices."""

from __future__ import annotations

import json
import math
import warnings
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import yfinance
from yfinance.exceptions import YFException

from core.errors import FetchError, SourceUnreadable
from core.fetch import yahoo_session
from core.fetch.yahoo_session import NAME, UnknownShare, explained
from core.schemas import REVENUE, YAHOO

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from core.fetch.http import Visit
    from core.fetch.yahoo_session import YahooSession

_ROW: Final = "TotalRevenue"
_KEY: Final = f"quarterly{_ROW}"
_THREE_MONTHS: Final = "3M"
_WELL: Final = 200


@dataclass(frozen=True)
class Fetched:
    """``rows`` of table ``revenue``; ``without`` are shares of which Yahoo has none.

    ``error`` is the first that happened: what was read before it is in ``rows``.
    """

    rows: pd.DataFrame
    without: tuple[str, ...]
    error: FetchError | None = None


def fetch(
    tickers: Sequence[str], now: datetime, visit: Visit, *, base_url: str = "", cache: Path
) -> Fetched:
    """Total revenue of the last quarters of ``tickers``, as many as Yahoo tells (about five).

    ``base_url`` and ``cache`` as in ``prices.fetch``. Raises nothing that Yahoo
    does; one answer that cannot be understood does not stop the others.
    """
    rows: list[dict[str, Any]] = []
    without: list[str] = []
    error: FetchError | None = None
    read_at = pd.Timestamp(now.astimezone(UTC)).floor("ms")
    with yahoo_session.opened(visit, base_url, cache) as session:
        for ticker in dict.fromkeys(tickers):
            try:
                quarters = _quarters(session, ticker)
            except UnknownShare:
                quarters = []
            except FetchError as trouble:
                error = error or trouble
                if isinstance(trouble, SourceUnreadable):
                    continue
                break
            if not quarters:
                without.append(ticker)
            rows += [
                {
                    "ticker": ticker,
                    "quarter_end": end,
                    "revenue": revenue,
                    "currency": currency,
                    "source": YAHOO,
                    "read_at": read_at,
                }
                for end, revenue, currency in quarters
            ]
    frame = pd.DataFrame(rows, columns=[column.name for column in REVENUE.columns])
    types = {
        "ticker": "str",
        "quarter_end": "datetime64[ms]",
        "revenue": "float64",
        "currency": "str",
        "source": "str",
        "read_at": "datetime64[ms, UTC]",
    }
    return Fetched(frame.astype(types), tuple(without), error)


def _quarters(session: YahooSession, ticker: str) -> list[tuple[pd.Timestamp, float, str]]:
    """Last day, revenue and currency of each quarter, oldest first; none where Yahoo has none."""
    session.status, session.statements = 0, []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it uses what pandas will change
        try:
            table = yfinance.Ticker(ticker, session=session).get_income_stmt(freq="quarterly")
        except FetchError:
            raise
        except YFException as error:
            if session.status == _WELL and type(error) is YFException:  # an empty statement
                return []
            raise explained(error, session, ticker) from error
        except Exception as error:  # what yfinance raises has no common base
            raise explained(error, session, ticker) from error
    if table.empty or _ROW not in table.index:
        return []
    currencies = _currencies(session.statements)
    found = []
    for day, revenue in sorted(table.loc[_ROW].items()):
        end = pd.Timestamp(day).normalize()
        if math.isfinite(revenue) and f"{end:%Y-%m-%d}" in currencies:
            found.append((end, float(revenue), currencies[f"{end:%Y-%m-%d}"]))
    if not found and table.loc[_ROW].notna().any():
        message = f"{NAME} names no currency for the revenue of {ticker}."
        raise SourceUnreadable(NAME, message)
    return found


def _currencies(statements: Sequence[bytes]) -> dict[str, str]:
    """The currency of each quarter's figure: yfinance leaves it out of its table."""
    found: dict[str, str] = {}
    for statement in statements:
        try:
            results = json.loads(statement)["timeseries"]["result"]
            figures = [figure for one in results for figure in one.get(_KEY) or ()]
            for figure in figures:
                code = figure["currencyCode"]
                whole = figure.get("periodType", _THREE_MONTHS) == _THREE_MONTHS
                if whole and isinstance(code, str) and len(code) == 3 and code.isalpha():  # noqa: PLR2004
                    found[str(figure["asOfDate"])] = code.upper()
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return found

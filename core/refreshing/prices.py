"""Closing prices, from Yahoo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from core.errors import FetchError
from core.fetch import prices as fetch
from core.fetch import revenue
from core.fetch.calendars import due_since
from core.schemas import OK, PRICES, REFRESHES, REVENUE, YAHOO, YAHOO_TYPED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.fetch.http import Visit
    from core.fetch.prices import Fetched
    from core.refreshing.source import Deliver, Report
    from core.schemas import Family
    from core.settings import Settings
    from core.store.store import Store

SELECTED: Final = "yahoo-selected"
"""Name of a refresh of some families' shares only: the others stay due."""

_MOST_NAMED: Final = 5

MOST_TYPED: Final = 50
"""Shares that readers typed and that are kept; of more, those looked up longest ago go."""

REVENUE_EVERY: Final = pd.Timedelta(days=7)
"""Companies report four times a year: a week is soon enough."""


class PriceSource:
    """The listed companies behind the families, and what they are compared with."""

    name = "Yahoo"

    def __init__(  # noqa: PLR0913 - two that narrow it down are keywords
        self,
        store: Store,
        settings: Settings,
        families: Sequence[Family],
        now: datetime,
        *,
        only: frozenset[str] = frozenset(),
        typed: Sequence[str] = (),
    ) -> None:
        self._own = frozenset(tickers(families))
        families = [family for family in families if not only or family.name in only]
        self.key = YAHOO_TYPED if typed else SELECTED if only else YAHOO
        self._typed = tuple(typed)
        self._settings = settings
        self._now = now
        self._tickers = self._typed or tickers(families)
        self._companies = self._typed or companies(families)
        went = store.own(REFRESHES)
        well = went[(went["source"] == self.key) & (went["outcome"] == OK)]
        # A share that Yahoo does not know has no rows: it was asked for all the same.
        self._asked = max(well["started_at"], default=pd.Timestamp.min.tz_localize("UTC"))
        own = store.own(PRICES)
        own = own[own["source"] == YAHOO]
        newest = own.groupby("ticker")["read_at"].transform("max")
        self._known = own[own["read_at"] == newest]
        if typed:  # somebody waits for an answer, whoever asked for other shares before
            self._asked = pd.Timestamp.min.tz_localize("UTC")
        asked = store.own(REVENUE)
        self._revenue_read = asked.groupby("ticker")["read_at"].max().to_dict()

    def due(self) -> bool:
        """Whether an exchange has closed since a share was last read."""
        read = self._known.groupby("ticker")["read_at"].max().to_dict()
        try:
            return any(
                read.get(ticker, self._asked) < due_since(ticker, self._now)
                for ticker in self._tickers
            )
        except FetchError:  # the calendar does not know: fetching will say so
            return True

    def fetch(self, visit: Visit, deliver: Deliver, report: Report) -> str:
        """Read what is missing of each share, and deliver all of them together."""
        fetched = fetch.fetch(
            self._tickers,
            self._known,
            self._now,
            visit,
            base_url=self._settings.yahoo_url,
            cache=self._settings.home / "yahoo",
            on_step=lambda _, done, total: report("Share prices", done, total),
        )
        if len(fetched.rows):
            others = self._known[~self._known["ticker"].isin(fetched.rows["ticker"])]
            every = pd.concat([others, fetched.rows], ignore_index=True)
            deliver({PRICES.name: self._without_the_oldest(every)})
        if fetched.error is not None:
            raise fetched.error
        said = [_read(fetched), *_missing(fetched.missing)]
        if self._typed:
            said = [_answer(ticker, one) for ticker, one in fetched.outcomes.items()]
        return " ".join([*said, *self._revenue(visit, deliver, fetched)])

    def _without_the_oldest(self, rows: pd.DataFrame) -> pd.DataFrame:
        """``rows`` without those typed shares that are more than are kept."""
        read = rows[~rows["ticker"].isin(self._own)].groupby("ticker")["read_at"].max()
        gone = read.sort_values(ascending=False, kind="stable").index[MOST_TYPED:]
        kept: pd.DataFrame = rows[~rows["ticker"].isin(gone)].reset_index(drop=True)
        return kept

    def _revenue(self, visit: Visit, deliver: Deliver, fetched: Fetched) -> list[str]:
        """Read the revenue of companies that were not asked for lately; what there is to say.

        The prices are delivered before: a failure here costs none of them.
        """
        before = pd.Timestamp(self._now) - REVENUE_EVERY
        first = pd.Timestamp.min.tz_localize("UTC")
        due = [
            ticker
            for ticker in self._companies
            if self._revenue_read.get(ticker, first) < before
            and fetched.outcomes[ticker].kind in {"ok", "fresh"}
        ]
        if not due:
            return []
        found = revenue.fetch(
            due,
            self._now,
            visit,
            base_url=self._settings.yahoo_url,
            cache=self._settings.home / "yahoo",
        )
        if len(found.rows):
            deliver({REVENUE.name: found.rows})
        if found.error is not None:
            return [f"Revenue could not be read for all: {found.error.sentence}"]
        return []


def tickers(families: Sequence[Family]) -> tuple[str, ...]:
    """Every share and benchmark of the families, each once."""
    names = [
        name
        for family in families
        for name in (
            family.ticker,
            *family.also_listed,
            family.market_benchmark,
            family.sector_benchmark,
        )
    ]
    return tuple(dict.fromkeys(name for name in names if name))


def companies(families: Sequence[Family]) -> tuple[str, ...]:
    """The companies behind the families, each by one ticker."""
    return tuple(dict.fromkeys(family.ticker for family in families if family.ticker))


def _answer(ticker: str, outcome: fetch.Outcome) -> str:
    """What to tell somebody who typed a ticker."""
    hints = {
        "unknown": f"{ticker} may be misspelt, or no longer be traded.",
        "no_sessions": f"{ticker} may not be listed yet, or no longer be traded.",
        "other_exchange": "Only shares of New York and Hong Kong can be shown.",
    }
    return f"{outcome.sentence} {hints.get(outcome.kind, '')}".rstrip()


def _read(fetched: fetch.Fetched) -> str:
    read = fetched.rows["ticker"].nunique()
    failed = [one.sentence for one in fetched.outcomes.values() if one.kind not in {"ok", "fresh"}]
    return " ".join([f"{read} shares read.", *failed])


def _missing(missing: pd.DataFrame) -> list[str]:
    """Sessions for which Yahoo has no price, named by date, the newest first."""
    days = missing.groupby("session")["ticker"].agg(", ".join).sort_index(ascending=False)
    told = [
        f"Yahoo has no price of {names} for {pd.Timestamp(str(day)):%Y-%m-%d}."
        for day, names in days.head(_MOST_NAMED).items()
    ]
    if len(days) > _MOST_NAMED:
        told.append(f"Nor for {len(days) - _MOST_NAMED} earlier sessions.")
    return told

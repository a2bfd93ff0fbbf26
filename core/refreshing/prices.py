"""Closing prices, from Yahoo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from core.errors import FetchError
from core.fetch import prices as fetch
from core.fetch.calendars import due_since
from core.schemas import OK, PRICES, REFRESHES, YAHOO

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.fetch.http import Visit
    from core.refreshing.source import Deliver, Report
    from core.schemas import Family
    from core.settings import Settings
    from core.store.store import Store

SELECTED: Final = "yahoo-selected"
"""Name of a refresh of some families' shares only: the others stay due."""

_MOST_NAMED: Final = 5


class PriceSource:
    """The listed companies behind the families, and what they are compared with."""

    name = "Yahoo"

    def __init__(
        self,
        store: Store,
        settings: Settings,
        families: Sequence[Family],
        now: datetime,
        *,
        only: frozenset[str] = frozenset(),
    ) -> None:
        families = [family for family in families if not only or family.name in only]
        self.key = SELECTED if only else YAHOO
        self._settings = settings
        self._now = now
        self._tickers = tickers(families)
        went = store.own(REFRESHES)
        well = went[(went["source"] == self.key) & (went["outcome"] == OK)]
        # A share that Yahoo does not know has no rows: it was asked for all the same.
        self._asked = max(well["started_at"], default=pd.Timestamp.min.tz_localize("UTC"))
        own = store.own(PRICES)
        own = own[own["source"] == YAHOO]
        newest = own.groupby("ticker")["read_at"].transform("max")
        self._known = own[own["read_at"] == newest]

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
            deliver({PRICES.name: pd.concat([others, fetched.rows], ignore_index=True)})
        if fetched.error is not None:
            raise fetched.error
        return " ".join([_read(fetched), *_missing(fetched.missing)])


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

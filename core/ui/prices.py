"""The parts of the share-price page: which shares, which dates, which events."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from core.draw import price_headlines as headlines
from core.draw import words
from core.draw.prices import GREYS, Share
from core.draw.theme import INK
from core.measure import events as measure_events
from core.measure import overlay as measure
from core.measure.sessions import exchange
from core.schemas import EVENTS, PRICES
from core.store.parquet import empty
from core.ui.controls import pick, pick_range
from core.ui.event_table import COLUMN_ORDER, event_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.measure.events import InView
    from core.schemas import Family
    from core.ui.address import Address
    from core.ui.site import Site

NEWS, MONTHS, YEAR, ALL, DATES = "January 2026", "6 months", "1 year", "All", "Dates"
SPANS: Final = (NEWS, MONTHS, YEAR, ALL, DATES)
NEWS_DAYS: Final = (date(2025, 12, 29), date(2026, 1, 23))
"""The days around the news of 12 January 2026."""
NO_EVENT: Final = "None"

_CLICKS: Final = "_event_clicks"

_LONGEST_TEXT: Final = 400
"""Characters of each text about an event that are shown beside its mark; the list has all."""

_BENCHMARK_DASHES: Final = ("long", "short", "dots", "mixed", "sparse")


def series(site: Site) -> pd.DataFrame:
    """Every ticker's series, see ``overlay.levels``. Raises a ``StoreError``."""
    return site.once(measure.levels, site.frame(PRICES.name))


def events(site: Site) -> pd.DataFrame:
    """All events, see ``events.named``. Raises a ``StoreError``."""
    names = tuple(family.name for family in site.families)
    return site.once(measure_events.named, site.frame(EVENTS.name), names)


def no_events() -> pd.DataFrame:
    """The frame of ``events`` without a row, for where the table cannot be read."""
    return measure_events.named(empty(EVENTS), ())


def none_in_view() -> InView:
    """Nothing of ``no_events``."""
    first, last = (pd.Timestamp(day) for day in NEWS_DAYS)
    return measure_events.in_view(no_events(), (), (), first, last)


def shares(
    families: tuple[Family, ...],
    *,
    benchmarks: bool,
    every: tuple[Family, ...] = (),
    companies: tuple[str, ...] = (),
    typed: str = "",
) -> tuple[Share, ...]:
    """The shares behind ``families``, what the reader adds, and what they are compared with.

    With ``companies`` those tickers take the place of the families' own, in the
    colours of ``every`` family; ``typed`` is one more.
    """
    found: dict[str, Share] = {}
    for family in families if not companies else every:
        tickers = [family.ticker, *family.also_listed] if family.ticker else []
        for ticker in tickers:
            role = headlines.COMPANY if ticker == family.ticker else headlines.ALSO
            dash = "solid" if role == headlines.COMPANY else "long"
            name = f"{family.company} ({ticker})"
            found.setdefault(ticker, Share(ticker, name, ticker, role, family.colour, dash))
    if companies:
        found = {ticker: found.get(ticker) or _other(ticker) for ticker in companies}
    if typed:
        found.setdefault(typed, _other(typed))
    compared: dict[str, str] = {}
    for family in families if benchmarks else ():
        compared |= {family.sector_benchmark: headlines.SECTOR}
    for family in families if benchmarks else ():
        compared |= {family.market_benchmark: headlines.MARKET}
    compared.pop("", None)
    for at, (ticker, role) in enumerate(compared.items()):
        look = at % len(GREYS)
        share = Share(
            ticker, f"{role}: {ticker}", ticker, role, GREYS[look], _BENCHMARK_DASHES[look]
        )
        found.setdefault(ticker, share)
    return tuple(found.values())


def _other(ticker: str) -> Share:
    """A share or fund of no family here."""
    dash = _BENCHMARK_DASHES[sum(ticker.encode()) % len(_BENCHMARK_DASHES)]
    return Share(ticker, ticker, ticker, headlines.TYPED, INK, dash)


def companies(families: tuple[Family, ...], known: tuple[str, ...]) -> dict[str, str]:
    """Every company and fund to choose from: its ticker by the name shown.

    ``known`` are the tickers of which the store has prices.
    """
    named = {
        ticker: f"{family.company} ({ticker})"
        for family in families
        if family.ticker
        for ticker in (family.ticker, *family.also_listed)
    }
    funds = {
        fund
        for family in families
        for fund in (family.market_benchmark, family.sector_benchmark)
        if fund
    }
    rest = sorted((funds | set(known)) - set(named))
    return {
        **{name: ticker for ticker, name in sorted(named.items(), key=lambda item: item[1])},
        **{f"{ticker} (fund)" if ticker in funds else ticker: ticker for ticker in rest},
    }


def stale(known: pd.DataFrame, ticker: str) -> bool:
    """Whether others of the exchange of ``ticker`` have newer prices, by ``overlay.spans``."""
    if ticker not in known.index:
        return False
    here = [name for name in known.index if exchange(name) == exchange(ticker)]
    return bool(known["known_to"][ticker] < known.loc[here, "known_to"].max())


def pick_dates(
    address: Address, known: tuple[pd.Timestamp, pd.Timestamp] | None, span: str
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of ``span``, counted back from the end of the data.

    ``known`` is ``overlay.reach`` of the shares on show, None without the data.
    """
    start, end = (pd.Timestamp(day) for day in NEWS_DAYS)
    if span == DATES:
        start, end = pick_range(address, "range", "From and to", NEWS_DAYS)
        return _within(address, known, start, end)
    if span == NEWS or known is None:
        return start, end
    first, end = known
    if span == ALL:
        return first, end
    return end - pd.DateOffset(months=6 if span == MONTHS else 12), end


def _within(
    address: Address,
    known: tuple[pd.Timestamp, pd.Timestamp] | None,
    start: pd.Timestamp,
    end: pd.Timestamp,
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The dates, cut to the data where they lie partly outside, which is said."""
    if known is None:
        return start, end
    first, last = known
    cut = max(start, first), min(end, last)
    if cut[0] > cut[1] or cut == (start, end):
        return start, end
    address.notes.append(
        f"The prices shown run from {words.day(first)} to {words.day(last)}: dates outside are "
        "left out."
    )
    return cut


def pinned(span: str, start: pd.Timestamp, end: pd.Timestamp) -> dict[str, str | list[str]]:
    """The dates for a link: a span that is counted from the newest data is written out."""
    if span == NEWS:
        return {"span": NEWS}
    return {"span": DATES, "range": [words.iso(start), words.iso(end)]}


def pick_event(address: Address, shown: InView) -> str:
    """A box with the events ``shown``; the name of the one chosen, "" without one."""
    options = [NO_EVENT, *shown.names]
    if st.session_state.get("event", NO_EVENT) not in options:
        st.session_state["event"] = NO_EVENT  # chosen in a view that had it
    chosen = pick(address, "event", "Event", options, noun="event in this view")
    return "" if chosen == NO_EVENT else chosen


def choose_event(point: Mapping[str, Any]) -> None:
    """Answer a click on a mark as if the event had been chosen from the box."""
    st.session_state["event"] = str(point.get("event", NO_EVENT))
    st.session_state[_CLICKS] = clicks() + 1


def clicks() -> int:
    """How often a mark was clicked: a chart of its own each time, so that the next one counts.

    The same mark clicked again on the same chart would be no change.
    """
    return int(st.session_state.get(_CLICKS, 0))


def show_event(shown: InView, name: str) -> None:
    """The event with who reported it and where. All of it is outside text."""
    if not name:
        return
    event = shown.every.iloc[shown.places[shown.names.index(name)]]
    title, kind, subject, source, address = (
        words.quoted(str(event[field]), _LONGEST_TEXT)
        for field in ("title", "kind", "subject", "source_name", "source_url")
    )
    linked = pd.notna(event["source_url"])
    where = address if linked else "The source gave no address of the web."
    with st.container(border=True):
        st.text(f"{title}\n{event['when']} · {kind} · about: {subject}\nSource: {source}\n{where}")
        if linked:
            st.link_button("Open the source", event["source_url"], icon=":material/open_in_new:")


def event_list(shown: InView) -> None:
    """All events shown as a table, for those who cannot or will not hover.

    It is sent only to those who open it.
    """
    told = st.expander(
        f"All {words.plural(len(shown), 'event')} in these dates as a list",
        key="events_shown",
        on_change="rerun",
    )
    if told.open:
        told.dataframe(
            shown.rows,
            hide_index=True,
            column_order=COLUMN_ORDER,
            column_config=event_columns(),
            alt="The events marked above the lines",
        )

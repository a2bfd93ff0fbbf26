"""The chart of the share-price page in its views, and the brush that sets its dates."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import streamlit as st

from core.draw import price_gaps as gaps
from core.draw import price_headlines as headlines
from core.draw import prices as draw
from core.draw import prices_data
from core.draw import prices_flows as flows
from core.errors import NothingToShow
from core.measure import overlay as measure
from core.measure.closes import closes
from core.measure.sessions import exchange
from core.schemas import PRICES, YAHOO
from core.ui.answered import answered
from core.ui.chart import arrow, show_chart
from core.ui.prices import DATES, choose_event
from core.ui.prices_flows import flow_lines, places_of
from core.ui.prices_flows import looks as looks_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.draw.prices import Share
    from core.measure.by_ticker import Line
    from core.measure.overlay_parts import Overlay
    from core.measure.session_sums import SessionSums
    from core.schemas import Family
    from core.ui.site import Site

_WITH_FLOWS: Final = frozenset({draw.INDEX, draw.PERCENT})
_BESIDE: Final = frozenset({draw.PANELS, draw.AXES})
_MOST_SECONDS: Final = 4_102_444_800
"""Moments of a brush beyond the year 2100 are none of ours."""


@dataclass(frozen=True)
class Lines:
    """What is drawn: the lines as an index, and what the chosen view needs besides.

    ``view`` is the one that is drawn, ``looks`` how, ``headline`` what it says,
    ``told`` what to know before looking and ``notes`` what to know besides.
    """

    view: str
    overlay: Overlay
    looks: tuple[Share, ...]
    sums: tuple[SessionSums, ...]
    data: dict[str, Any]
    headline: str
    told: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    currency: str = ""


def lines(  # noqa: PLR0913 - what is drawn, from when to when, and how; keywords
    site: Site,
    series: pd.DataFrame,
    shares: tuple[Share, ...],
    start: pd.Timestamp,
    end: pd.Timestamp,
    *,
    view: str,
    sums: tuple[SessionSums, ...],
    families: tuple[Family, ...],
) -> Lines:
    """Work out the lines of a view. Raises ``NothingToShow`` where there are none."""
    once = site.once
    held = once(_held, *sums)
    drawn = once(looks_of, families, held)
    if view in _BESIDE and not held:
        view = draw.INDEX
    looks = shares
    beside: tuple[Line, ...] = ()
    if view in _WITH_FLOWS and held:
        beside = once(flow_lines, series, held, once(places_of, families, held, shares))
        looks = (*shares, *drawn)
    tickers = tuple(look.ticker for look in looks)
    overlay = once(measure.overlay, series, tickers, start, end, beside)
    percent = view == draw.PERCENT
    told: list[str] = []
    currency, priced = "", {one.ticker for one in overlay.parts}
    if view == draw.PRICE:
        closing, data, headline, said = _as_prices(site, overlay, shares, with_downloads=bool(held))
        currency, priced = str(closing["currency"].iloc[0]), set(closing["ticker"])
        told += said
    else:
        data = once(prices_data.price_data, overlay, looks, percent=percent)
        headline = once(headlines.headline, overlay, looks, percent=percent)
        told += [
            _begins(overlay, percent=percent),
            once(gaps.starting_later, overlay, looks),
        ]
    if view in _BESIDE:
        headline = f"{headline} {once(headlines.flows, held)}"
        data = once(_both, data, once(flows.flow_data, held, drawn, data["frame"]))
    if view == draw.AXES:
        data = once(flows.labels_apart, data, prices_data.PLOT)
        told.append(headlines.TWO_AXES)
    told.append(once(gaps.not_there, overlay, once(measure.spans, series)))
    own = tuple(share.ticker for share in shares)
    notes = [once(gaps.data_end, overlay), once(_missing, series, own, start, end)]
    if held and view != draw.PRICE:
        notes.append(headlines.SESSION_SUMS)
    if view != draw.PRICE:
        notes.append(once(gaps.missing_sums, sums))
    if _two_places(shares, priced):
        notes.append(headlines.TWO_PLACES)
    looks = (*shares, *drawn) if held and view != draw.PRICE else looks
    held = held if view != draw.PRICE else ()
    return Lines(
        view=view,
        overlay=overlay,
        looks=looks,
        sums=held,
        data=data,
        headline=headline,
        told=tuple(text for text in told if text),
        notes=tuple(text for text in notes if text),
        currency=currency,
    )


def _as_prices(
    site: Site, overlay: Overlay, shares: tuple[Share, ...], *, with_downloads: bool
) -> tuple[pd.DataFrame, dict[str, Any], str, list[str]]:
    """Closing prices of the lines in one currency, drawn, said, and what to know before."""
    once = site.once
    live = once(closes, site.frame(PRICES.name), YAHOO)
    priced = answered(once, _closes, live, overlay)
    currency = str(priced["currency"].iloc[0])
    other = sorted(set(priced.loc[priced["currency"] != currency, "ticker"]))
    lacking = set(priced["ticker"])
    told = [
        headlines.LIVE_PRICES,
        headlines.other_currency(other) if other else "",
        gaps.no_closes(look.ticker for look in shares if look.ticker not in lacking),
        headlines.NO_PRICE if with_downloads else "",
    ]
    priced = once(_of_currency, priced, currency)
    data = once(prices_data.close_data, priced, shares, overlay.start, overlay.end)
    return priced, data, once(headlines.closing, priced, shares), told


def _missing(
    series: pd.DataFrame, tickers: tuple[str, ...], start: pd.Timestamp, end: pd.Timestamp
) -> str:
    return gaps.missing_days(measure.missing_sessions(series, tickers, start, end))


def _begins(overlay: Overlay, *, percent: bool) -> str:
    if overlay.base is None:
        return headlines.NO_COMMON
    return headlines.CHANGES if percent else headlines.AN_INDEX


def _both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return one | other


def _held(*sums: SessionSums) -> tuple[SessionSums, ...]:
    """Those that have a line; remembered, so that the same sums are the same tuple."""
    return tuple(one for one in sums if not np.isnan(one.rows["week"].to_numpy("float64")).all())


def _closes(live: pd.DataFrame, overlay: Overlay) -> pd.DataFrame:
    """Live closing prices of the sessions of ``overlay``. Raises ``NothingToShow`` without any."""
    drawn = overlay.rows[["ticker", "session", "segment"]]
    found = drawn.merge(live, on=["ticker", "session"]) if len(live) else live
    if found.empty:
        message = (
            "There are no live prices of these shares in these dates: what comes with the site is "
            "an index only."
        )
        raise NothingToShow(message, advice="Choose “Index”, or bring the data up to date.")
    return found


def _of_currency(priced: pd.DataFrame, currency: str) -> pd.DataFrame:
    rows: pd.DataFrame = priced[priced["currency"] == currency].reset_index(drop=True)
    return rows


def _two_places(shares: tuple[Share, ...], shown: set[str]) -> bool:
    """Whether one company is among the tickers ``shown`` at two exchanges."""
    places: dict[str, set[str]] = {}
    for share in shares:
        if share.ticker in shown and share.role in {headlines.COMPANY, headlines.ALSO}:
            company = share.name.removesuffix(f" ({share.ticker})")
            places.setdefault(company, set()).add(exchange(share.ticker).place)
    return any(len(found) > 1 for found in places.values())


def show_lines(
    drawn: Lines, marks: pd.DataFrame, picked: pd.DataFrame, key: str, site: Site
) -> None:
    """Draw the lines under the marks of events; a drag sets the dates, a click an event."""
    lanes = int(marks["lane"].max()) + 1 if len(marks) else 0
    lined, marked = site.once(arrow, **drawn.data), site.once(arrow, marks=marks)
    # Streamlit offers the first of the data as a file: live prices must not be it.
    frames = marked | lined if drawn.view == draw.PRICE else lined | marked
    show_chart(
        draw.price_lines(lanes, drawn.view, drawn.currency),
        frames | site.once(arrow, chosen=picked),
        description=drawn.headline,
        key=key,
        selection=draw.PICK,
        on_select=choose_event,
        brush=draw.BRUSH,
        on_brush=set_dates,
    )


def set_dates(dragged: Mapping[str, Any]) -> bool:
    """Make what was dragged over the dates shown; whether it held a day."""
    days = brushed(dragged.get(draw.SESSION), st.context.timezone or "UTC")
    if days is None:
        return False
    st.session_state["span"] = DATES
    st.session_state["range"] = days
    st.session_state["_range_kept"] = days
    return True


def brushed(moments: object, zone: str) -> tuple[date, date] | None:
    """The days that a drag covers whole midnights of, None where there are none.

    Sessions are drawn at midnight of the browser's own wall clock, so its
    milliseconds are read in its ``zone``: the same drag means the same dates in
    New York and in Hong Kong. They come from outside.
    """
    if not isinstance(moments, list) or len(moments) < 2:  # noqa: PLR2004 - two ends
        return None
    if not all(
        isinstance(one, int | float)
        and not isinstance(one, bool)
        and 0 <= one / 1000 < _MOST_SECONDS
        for one in moments
    ):
        return None
    clock = ZoneInfo("UTC")
    with suppress(KeyError, ValueError, OSError):  # no such zone
        clock = ZoneInfo(zone)
    first, last = (
        pd.Timestamp(moment, unit="ms", tz="UTC").tz_convert(clock).tz_localize(None)
        for moment in (min(moments), max(moments))
    )
    first, last = first.ceil("D"), last.floor("D")
    return (first.date(), last.date()) if first <= last else None

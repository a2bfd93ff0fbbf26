"""Sentences about what the data lack: shares, sessions and days that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from core.draw import words
from core.draw.price_headlines import FLOW_KEY, NO_COMMON

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np

    from core.draw.prices import Share
    from core.measure.overlay_parts import Overlay
    from core.measure.session_sums import SessionSums

_MOST_NAMED: Final = 4


def no_closes(tickers: Iterable[str]) -> str:
    """Which shares have no live prices in these dates; empty where all have."""
    names = list(tickers)
    return f"No live prices of {words.listing(names)} in these dates." if names else ""


def missing_days(missing: pd.DataFrame) -> str:
    """Sessions without a price, named by date; empty without any."""
    if missing.empty:
        return ""
    by_day: dict[pd.Timestamp, list[str]] = {}
    for ticker, day in zip(missing["ticker"].tolist(), missing["session"].tolist(), strict=True):
        by_day.setdefault(day, []).append(ticker)
    told = [
        f"{words.day(day)} of {words.listing(by_day[day])}"
        for day in sorted(by_day, reverse=True)[:_MOST_NAMED]
    ]
    left = len(by_day) - _MOST_NAMED
    more = f", and {words.plural(left, 'earlier day')}" if left > 0 else ""
    return (
        f"The source has no price for {'; '.join(told)}{more}, although the exchange was open: "
        "lines are not drawn across."
    )


def missing_sums(sums: Iterable[SessionSums]) -> str:
    """Sessions whose downloads are not known or not over, named by date; empty without any."""
    said = []
    for one in sums:
        for sessions, why in (
            (one.unknown, "are not known for every day up to"),
            (one.unfinished, "were not over when they were read for"),
        ):
            if sessions:
                named = [words.day(day) for day in sessions[-_MOST_NAMED:]]
                more = len(sessions) - len(named)
                rest = f" and {words.plural(more, 'earlier session')}" if more else ""
                said.append(
                    f"{one.family}'s downloads {why} {words.listing(named)}{rest}: no sum is made "
                    "of them."
                )
    return " ".join(said)


def starting_later(overlay: Overlay, shares: tuple[Share, ...]) -> str:
    """Which shares have no data at the start of the range; empty where all have."""
    said = [
        f"{_name(shares, one.ticker)} on {words.day(pd.Timestamp(one.sessions[0]))}"
        for one in overlay.later
    ]
    if not said:
        return ""
    if overlay.base is None:
        return f"Prices in the data begin later for {words.listing(said)}. {NO_COMMON}"
    return (
        f"Figures in the data begin later for {words.listing(said)}: all lines are 100 on "
        f"{words.day(overlay.base)}, the first session that they have in common."
    )


def data_end(overlay: Overlay) -> str:
    """Where the data of every share shown end."""
    ends: dict[np.datetime64, list[str]] = {}
    for one in overlay.parts:
        if not one.ticker.startswith(FLOW_KEY):
            ends.setdefault(one.known_to, []).append(one.ticker)
    if not ends:
        return ""
    said = [
        f"{words.listing(ends[day])} end on {words.day(pd.Timestamp(day))}"
        for day in sorted(ends, reverse=True)
    ]
    return f"Prices of {'; those of '.join(said)}."


def not_there(overlay: Overlay, known: pd.DataFrame) -> str:
    """Which shares are not drawn, and why; empty where all are.

    ``known`` is ``overlay.spans``.
    """
    said = no_prices(overlay.unknown)
    for ticker in overlay.outside:
        first, last = known["known_from"][ticker], known["known_to"][ticker]
        said += (
            f" {ticker} has no session in these dates: its prices in the data run from "
            f"{words.day(first)} to {words.day(last)}."
        )
    return said.strip()


def no_prices(tickers: Iterable[str]) -> str:
    """Of which tickers the data hold nothing; empty without any."""
    names = list(tickers)
    return f"The data hold no prices of {words.listing(names)}." if names else ""


def _name(shares: tuple[Share, ...], ticker: str) -> str:
    return next(share.name for share in shares if share.ticker == ticker)

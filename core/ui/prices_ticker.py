"""A share that the reader types: kept in the link, looked up by the refresh, explained."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.draw import words
from core.errors import NothingToShow, SettingError
from core.measure.tickers import ticker as checked
from core.schemas import YAHOO_TYPED
from core.settings import Settings
from core.ui import refresh
from core.ui.address import quoted
from core.ui.arrival import forget_earlier_choice
from core.ui.newest import recent_refreshes

if TYPE_CHECKING:
    from core.ui.address import Address
    from core.ui.site import Site

_LONGEST_MESSAGE: Final = 400
_EXPLAINED: Final = (
    "A share's short name at its exchange, such as AMZN or 0700.HK. It is looked up at Yahoo."
)


def pick_ticker(address: Address) -> str:
    """The ticker typed, checked; "" without one or where it is none, which is said.

    What was typed is quoted in the note only: it never gets further.
    """
    forget_earlier_choice("ticker")
    text = st.text_input(
        "Another share",
        key="ticker",
        bind="query-params",
        placeholder="Ticker",
        help=_EXPLAINED,
        width=200,
    )
    try:
        return checked(text or "")
    except NothingToShow as answer:
        address.notes.append(f"“{quoted(text)}”: {answer.sentence} {answer.advice}")
        return ""


def explain(site: Site, ticker: str, *, known: bool, stale: bool) -> None:
    """Say how it stands with ``ticker``, and offer to look it up.

    ``known`` tells whether the store has prices of it, ``stale`` whether others
    of its exchange have newer ones.
    """
    if known and not stale:
        return
    with st.container(border=True):
        if known:
            st.text(f"The prices of {ticker} are older than those of the other shares.")
        else:
            st.text(f"The store holds no prices of {ticker}.")
            if said := last_answer(site, ticker):
                st.text(said)
        try:
            settings = Settings.from_environment()
        except SettingError as error:
            st.text(f"{error.sentence} {error.advice}")
            return
        if settings.offline:
            st.text("Offline: no network is used, so it cannot be looked up.")
        elif refresh.keeper().running:
            st.text("A refresh is at work; its progress is in the menu on the left.")
        else:
            st.button(
                f"Look up {ticker} at Yahoo",
                key="ticker_look_up",
                icon=":material/search:",
                on_click=_look_up,
                args=(ticker, settings.deadline + 60),
            )


def last_answer(site: Site, ticker: str) -> str:
    """What the newest look-up that spoke of ``ticker`` said of it; "" without any."""
    told = recent_refreshes(site.store)
    told = told[(told["source"] == YAHOO_TYPED) & told["message"].notna()]
    word = re.compile(rf"(?<![\w.^-]){re.escape(ticker)}(?![\w-]|\.\w)")
    spoken = told[[bool(word.search(message)) for message in told["message"]]]
    if spoken.empty:
        return ""
    newest = spoken.sort_values("started_at").iloc[-1]
    said = words.quoted(str(newest["message"]), _LONGEST_MESSAGE)
    return f"Asked {refresh.moment(newest['started_at'], datetime.now(UTC))}: {said}"


def _look_up(ticker: str, longest: float) -> None:
    refresh.keeper().start(longest, "--only=prices", f"--tickers={ticker}")

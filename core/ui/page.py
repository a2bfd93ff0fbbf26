"""The frame of every page: set-up, menu, state of the data, error boundary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.draw import words
from core.schemas import READINGS
from core.ui import link, refresh
from core.ui.arrival import arrive
from core.ui.boundary import LONGEST_SENTENCE, boundary
from core.ui.chart import CONTENT, fetch_ahead
from core.ui.process import freeze_collector, keep_what_is_new
from core.ui.prompt import send_at_once
from core.ui.section import INSIDE
from core.ui.site import current_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from core.errors import StoreError
    from core.ui.site import Site

__all__ = [
    "CLAIMS",
    "DATA",
    "LEADERBOARD",
    "MILESTONES_PAGE",
    "OVERVIEW",
    "PAGES",
    "PRICES",
    "REACTION",
    "TREE",
    "Page",
    "boundary",
    "say_faults",
    "show",
    "today",
]

_ICON: Final = str(Path(__file__).with_name("icon.png"))
"""A file of ours: Streamlit would fetch an emoji or a Material icon from elsewhere."""


@dataclass(frozen=True)
class Page:
    """One entry of the menu."""

    script: str
    title: str
    icon: str
    section: str
    purpose: str


OVERVIEW: Final = Page(
    "app.py",
    "Overview",
    ":material/waves:",
    "Explore",
    "Who leads, what changed, and where to look next",
)
LEADERBOARD: Final = Page(
    "pages/leaderboard.py",
    "Leaderboard",
    ":material/leaderboard:",
    "Explore",
    "Model families ranked by downloads",
)
TREE: Final = Page(
    "pages/tree.py",
    "Family tree",
    ":material/account_tree:",
    "Explore",
    "What is being built on a model",
)
PRICES: Final = Page(
    "pages/prices.py",
    "Share price",
    ":material/show_chart:",
    "Explore",
    "The companies behind the families, on the dates you choose",
)
REACTION: Final = Page(
    "pages/reaction.py",
    "Market reaction",
    ":material/monitoring:",
    "Explore",
    "Whether a share answered to news, beside its market and its sector",
)
CLAIMS: Final = Page(
    "pages/claims.py",
    "Claims",
    ":material/fact_check:",
    "Check",
    "Is what the news says true? Published sentences, and your own, checked",
)
MILESTONES_PAGE: Final = Page(
    "pages/milestones.py",
    "Milestones",
    ":material/flag:",
    "Check",
    "What was published over time, against what was measured",
)
DATA: Final = Page(
    "pages/data.py",
    "Data & method",
    ":material/menu_book:",
    "Understand",
    "What is counted, who counted it, how old it is, and all of it to take with you",
)
PAGES: Final = (OVERVIEW, LEADERBOARD, TREE, PRICES, REACTION, CLAIMS, MILESTONES_PAGE, DATA)


def show(this: Page, content: Callable[[Site], None]) -> None:
    """Draw the page: the frame around it, and what ``content`` draws from the site.

    The content is a fragment: what a reader chooses in it draws it again, and
    leaves the frame, a third of a page, as it stands. Errors become sentences.
    """
    freeze_collector()
    send_at_once()
    name = "Groundswell" if this is OVERVIEW else f"{this.title} · Groundswell"
    st.set_page_config(page_title=name, page_icon=_ICON, layout="wide")
    arrive(this.script)
    with st.sidebar:
        _menu()
        state, ahead = st.container(), fetch_ahead()
    site = current_site()
    _content(site, content)
    # Last: nobody came for it, and it takes a while where nobody has asked yet.
    with state:
        with boundary():
            _data_state(site)
        with boundary():
            refresh.auto_start(site.store)
            refresh.panel(site)
    ahead.empty()


@st.fragment(key=CONTENT)
def _content(site: Site, content: Callable[[Site], None]) -> None:
    link.start()
    with boundary():
        refresh.auto_start(site.store)  # also for those who stay on a page for hours
        refresh.notice(site)
    token = INSIDE.set(True)
    try:
        with boundary():
            content(site)
    finally:
        INSIDE.reset(token)
    link.finish()
    if site.once.grown:
        site.once.grown = False
        site.give_back()
        keep_what_is_new()


def say_faults(faults: list[StoreError]) -> None:
    """Say which files could not be used although the page has data to show."""
    for fault in faults:
        with st.container(border=True):
            st.markdown(":material/warning: **Older figures are shown**")
            st.text(words.quoted(fault.sentence, LONGEST_SENTENCE))
            st.text("The figures that come with the site are shown in its place.")
            st.text(fault.advice)


def today() -> date:
    """The day by which ages are told, UTC."""
    return datetime.now(UTC).date()


def _menu() -> None:
    section = ""
    for entry in PAGES:
        if entry.section != section:
            section = entry.section
            st.caption(section)
        st.page_link(entry.script, label=entry.title, icon=entry.icon, help=entry.purpose)


def _data_state(site: Site) -> None:
    st.caption("Data on show")
    newest = site.days[-1]
    where = "The snapshot that comes with the site"
    if not site.embedded(READINGS.name):
        where += ", and what it has read since"
    st.text(f"{where}. Newest reading: {words.day(newest)}, {words.age(newest, today())}.")

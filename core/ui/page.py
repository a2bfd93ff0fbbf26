"""The frame of every page: set-up, menu, state of the data, error boundary."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.draw import words
from core.errors import GroundswellError, NothingToShow, StoreError
from core.schemas import READINGS
from core.ui.arrival import arrive
from core.ui.process import freeze_collector
from core.ui.site import current_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from core.ui.site import Site

_log = logging.getLogger("groundswell")

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
DATA: Final = Page(
    "pages/data.py",
    "Data & method",
    ":material/menu_book:",
    "Understand",
    "What is counted, who counted it, how old it is, and all of it to take with you",
)
PAGES: Final = (OVERVIEW, LEADERBOARD, TREE, PRICES, DATA)


@contextmanager
def page(this: Page) -> Iterator[Site]:
    """Everything around a page's own content, and the data for it.

    Errors inside become sentences.
    """
    freeze_collector()
    name = "Groundswell" if this is OVERVIEW else f"{this.title} · Groundswell"
    st.set_page_config(page_title=name, page_icon=_ICON, layout="wide")
    arrive(this.script)
    site = current_site()
    with st.sidebar:
        _menu()
        with boundary():
            _data_state(site)
    with boundary():
        yield site


@contextmanager
def boundary() -> Iterator[None]:
    """Turns any error inside into plain words; what is outside stays as it is."""
    try:
        yield
    except NothingToShow as answer:
        _explain(answer, ":material/info: **Nothing to show here**")
    except GroundswellError as error:
        _log.warning("%s: %s", type(error).__name__, error.sentence)
        _explain(error)
    except Exception:  # noqa: BLE001 - the one place where nothing may get past
        _log.exception("unexpected error")
        _explain(
            GroundswellError(
                "Something went wrong here that we had not thought of.",
                instead="The rest of the site works as usual.",
                advice="Reload the page; if it happens again, please tell us "
                "what you clicked before.",
            )
        )


def say_faults(faults: list[StoreError]) -> None:
    """Say which files could not be used although the page has data to show."""
    for fault in faults:
        with st.container(border=True):
            st.markdown(":material/warning: **Older figures are shown**")
            st.text(fault.sentence)
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
    loaded = site.loaded(READINGS.name)
    newest = site.days[-1]
    where = "The snapshot that comes with the site" if loaded.embedded else "Your own store"
    st.text(f"{where}. Newest reading: {words.day(newest)}, {words.age(newest, today())}.")


def _explain(
    error: GroundswellError, title: str = ":material/error: **This part cannot be shown**"
) -> None:
    # Sentences may quote outside text, so they are shown as text.
    with st.container(border=True):
        st.markdown(title)
        for sentence in (error.sentence, error.instead, error.advice):
            if sentence:
                st.text(sentence)

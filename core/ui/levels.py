"""How much of the public daily history a part of the site needs, and where to load it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.draw import words
from core.measure.bases import ACCOUNTS_LEVEL, EVERYTHING_LEVEL, OFFICIAL_LEVEL
from core.store.counters import Counters

if TYPE_CHECKING:
    from core.store.store import Store
    from core.ui.site import Site

SECTION: Final = "Daily history"
"""Section of the data page on which a history is loaded."""

NEEDS: Final = {
    ACCOUNTS_LEVEL: "the daily history of whole accounts",
    OFFICIAL_LEVEL: "the daily history of the official models",
    EVERYTHING_LEVEL: "the daily history of every model on the Hub",
}


def offer_level(site: Site, level: str) -> None:
    """Say which level of the daily history is needed, how much that is, and where to load it."""
    size = to_fetch(site.store, level)
    told = f", {size} to fetch" if size else ""
    st.text(f"It needs {NEEDS[level]}{told}. Load it under “{SECTION}” on “Data & method”.")
    st.page_link(
        "pages/data.py",
        label="Data & method",
        icon=":material/menu_book:",
        query_params={"section": SECTION},
    )


def to_fetch(store: Store, level: str) -> str:
    """How much the level would still fetch, as its source said last; "" where nobody asked."""
    if store.home is None:
        return ""
    levels = Counters(store.home).read_sizes().get("levels")
    told = levels.get(level) if isinstance(levels, dict) else None
    if not isinstance(told, dict):
        return ""
    size = told.get("bytes")
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        return ""
    about = "about " if told.get("estimated") else ""
    return f"{about}{words.size(size)}" if size else "nothing more"

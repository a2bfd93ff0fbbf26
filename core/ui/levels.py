"""What level of the daily history a figure needs, what that would fetch, and where to load it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.draw import words
from core.measure.bases import ACCOUNTS_LEVEL, EVERYTHING_LEVEL, OFFICIAL_LEVEL
from core.store import room
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

_DISK: Final = 1_000_000_000
"""Bytes that are free beside twice of what is fetched: it is read, then written anew."""
_MEMORY: Final = 1_500_000_000
"""Bytes of memory of a machine that serves the site and adds up official models."""
_LONGEST_NAME: Final = 40


@dataclass(frozen=True)
class Told:
    """What a source last said of a level: bytes still to fetch, None where it has no such level."""

    source: str
    asked_at: datetime
    bytes: int | None
    estimated: bool = False

    @property
    def words(self) -> str:
        """How much it is, for the reader."""
        if self.bytes is None:
            return f"not published by {self.source}"
        about = "about " if self.estimated else ""
        return f"{about}{words.size(self.bytes)}" if self.bytes else "nothing more"


def offer_level(site: Site, level: str) -> None:
    """Say which level of the daily history is needed, how much that is, and where to load it."""
    told = to_fetch(site.store, level)
    size = f", {told.words} to fetch" if told and told.bytes else ""
    st.text(f"It needs {NEEDS[level]}{size}. Load it under “{SECTION}” on “Data & method”.")
    st.page_link(
        "pages/data.py",
        label="Data & method",
        icon=":material/menu_book:",
        query_params={"section": SECTION},
    )


def to_fetch(store: Store, level: str) -> Told | None:
    """How much the level would still fetch, as its source said last; None where nobody asked."""
    if store.home is None:
        return None
    kept = Counters(store.home).read_sizes()
    name, levels = kept.get("name"), kept.get("levels")
    asked_at = _moment(kept.get("asked_at"))
    if not isinstance(name, str) or not isinstance(levels, dict) or asked_at is None:
        return None
    source = name[:_LONGEST_NAME]
    if level not in levels:
        return Told(source, asked_at, None)
    told = levels[level]
    size = told.get("bytes") if isinstance(told, dict) else None
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        return None
    return Told(source, asked_at, size, bool(told.get("estimated")))


def suggested(store: Store) -> tuple[str, str]:
    """The level that is offered first, and why it is not that of the official models, or ""."""
    if store.home is None:
        return OFFICIAL_LEVEL, ""
    told = to_fetch(store, OFFICIAL_LEVEL)
    need = _DISK + 2 * (told.bytes or 0 if told else 0)
    free, memory = room.disk(store.home), room.memory()
    if free is not None and free < need:
        lack = f"{words.size(need)} of free disk; here are {words.size(free)}"
    elif memory is not None and memory < _MEMORY:
        lack = f"{words.size(_MEMORY)} of memory; here are {words.size(memory)}"
    else:
        return OFFICIAL_LEVEL, ""
    return ACCOUNTS_LEVEL, f"The history of the official models wants {lack}."


def _moment(text: Any) -> datetime | None:  # noqa: ANN401 - whatever the file holds
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (TypeError, ValueError):
        return None

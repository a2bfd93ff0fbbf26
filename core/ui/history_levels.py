"""The daily history on the data page: what each level gives, costs and holds, and its button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.draw import words
from core.errors import SettingError
from core.measure.bases import ACCOUNTS_LEVEL, EVERYTHING_LEVEL, LEVELS, OFFICIAL_LEVEL
from core.schemas import HISTORY_FILES
from core.settings import Settings
from core.store.counters import Counters
from core.ui import refresh
from core.ui.levels import NEEDS, to_fetch

if TYPE_CHECKING:
    from core.ui.site import Site

_TITLES: Final = {
    ACCOUNTS_LEVEL: "Accounts",
    OFFICIAL_LEVEL: "Official models",
    EVERYTHING_LEVEL: "Everything",
}
_GIVES: Final = {
    ACCOUNTS_LEVEL: (
        "One figure an account and day. Small, and exact only for families that have an account "
        "of their own."
    ),
    OFFICIAL_LEVEL: (
        "The families' official models, each of them. Exact for every family; enough for every "
        "basis but those with derivatives."
    ),
    EVERYTHING_LEVEL: (
        "Every model of the Hub. Needed to count derivatives; large, and slow to fetch."
    ),
}
_SHOWN: Final = 200
"""Files in the table, the newest first."""


def levels(site: Site) -> None:
    """Each level with what it gives, what is here and what it would fetch; then the files read."""
    st.text(
        "Downloads over any dates need a history of the Hub's counters. Others have recorded one "
        "and share it as files on the Hub: Model Pulse since July 2024, Harvard MadSys since "
        "February 2025. How much of it is fetched is your choice."
    )
    files = site.frame(HISTORY_FILES.name)
    try:
        settings = Settings.from_environment()
    except SettingError as error:
        st.text(f"{error.sentence} {error.advice}")
        return
    busy = refresh.keeper().running
    for level in LEVELS:
        with st.container(border=True):
            st.markdown(f"**{_TITLES[level]}**")
            st.text(_GIVES[level])
            st.text(_here(site, files, level))
            size = to_fetch(site.store, level)
            st.text(f"To fetch: {size}." if size else "How much it would fetch is not known yet.")
            if settings.offline or site.store.home is None:
                continue
            st.button(
                f"Load {NEEDS[level]}",
                key=f"load_{level}",
                icon=":material/download:",
                disabled=busy,
                on_click=_start,
                args=(refresh.longest(settings), f"--history={level}"),
            )
    if settings.offline:
        st.text("Offline: no network is used, so nothing can be loaded.")
    elif site.store.home is not None:
        st.button(
            "Ask how much each would fetch",
            key="history_sizes",
            icon=":material/straighten:",
            disabled=busy,
            on_click=_start,
            args=(refresh.longest(settings), "--history-sizes"),
        )
        st.text("How far it is stands in the menu. What is new is offered there once it is here.")
    _read(site, files)


def _here(site: Site, files: pd.DataFrame, level: str) -> str:
    """What of a level is in the store."""
    read = files[files["level"] == level]
    if read.empty:
        return "Nothing of it is here."
    disk = 0
    if site.store.home is not None:
        counters = Counters(site.store.home)
        disk = sum(counters.size(source, level) for source in read["source"].unique())
    parts = [f"Here: {words.plural(len(read), 'file')}, {words.size(disk)} on disk"]
    first, last = read["first_day"].min(), read["last_day"].max()
    if not pd.isna(first):
        parts.append(f"{words.day(first)} to {words.day(last)}")
    return f"{', '.join(parts)}. Read last on {words.day(read['read_at'].max())}."


def _read(site: Site, files: pd.DataFrame) -> None:
    """The files that were read, with version and licence."""
    if files.empty:
        return
    st.markdown("#### Files that were read")
    rows = files.sort_values("read_at", ascending=False, kind="stable").head(_SHOWN)
    names = {key: source.name for key, source in site.sources.items()}
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    date = st.column_config.DateColumn
    st.dataframe(
        rows.assign(source=rows["source"].map(names).fillna(rows["source"])),
        hide_index=True,
        column_config={
            "source": text("Source"),
            "path": text("File"),
            "revision": text("Version"),
            "licence": text("Licence"),
            "level": text("Level"),
            "bytes": number("Bytes fetched", format="localized"),
            "rows": number("Rows kept", format="localized"),
            "first_day": date("First day", format="YYYY-MM-DD"),
            "last_day": date("Last day", format="YYYY-MM-DD"),
            "read_at": st.column_config.DatetimeColumn(
                "Read (UTC)", format="YYYY-MM-DD HH:mm", timezone="UTC"
            ),
        },
        alt="Files of public histories that were read, newest first",
    )


def _start(seconds: float, option: str) -> None:
    refresh.keeper().start(seconds, option)

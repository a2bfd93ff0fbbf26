"""The daily history on the data page: what each level gives, costs and holds, and its button."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.draw import words
from core.errors import SettingError
from core.measure.bases import ACCOUNTS_LEVEL, EVERYTHING_LEVEL, LEVELS, OFFICIAL_LEVEL
from core.measure.due import NAMES
from core.schemas import HISTORY_FILES, OK
from core.settings import Settings
from core.store.counters import Counters
from core.ui import refresh
from core.ui.levels import NEEDS, suggested, to_fetch
from core.ui.newest import recent_refreshes

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
_FINER: Final = (OFFICIAL_LEVEL, EVERYTHING_LEVEL)
_HISTORIES: Final = ("modelpulse", "harvardmadsys")
_LONGEST_MESSAGE: Final = 400
_NEWS: Final = timedelta(minutes=30)
"""How long a reader is told that the last refresh did not end well."""
_SHOWN: Final = 200
"""Files in the table, the newest first."""


def levels(site: Site) -> None:
    """Each level with what it gives, what is here and what it would fetch; then the files read."""
    st.text(
        "Downloads over any dates need a history of the Hub's counters. Others have recorded one "
        "and share it as files on the Hub: Model Pulse since July 2024, Harvard MadSys since "
        "February 2025. How much of it is fetched is your choice."
    )
    try:
        settings = Settings.from_environment()
    except SettingError as error:
        st.text(f"{error.sentence} {error.advice}")
        return
    if settings.offline:
        st.text("Offline: no network is used, so nothing can be loaded.")
    elif site.store.home is not None:
        if refresh.keeper().running:
            _progress()
        else:
            _before(site, settings)
    _cards(site, settings)
    _read(site, site.frame(HISTORY_FILES.name))


@st.fragment(run_every=refresh.EVERY)
def _progress() -> None:
    """What the refresh at work is doing. Once it has ended, the page runs again."""
    keep = refresh.keeper()
    if not keep.running:
        st.rerun()
    st.progress(keep.progress.fraction)
    st.text(keep.progress.words)


def _before(site: Site, settings: Settings) -> None:
    """How it went last, and how much each level would fetch."""
    now = datetime.now(UTC)
    ended = refresh.keeper().last
    if ended is not None and ended.outcome != OK and now - ended.at < _NEWS and ended.message:
        st.text(ended.message)
    last = _last_message(site)
    if last:
        st.text(last)
    told = to_fetch(site.store, OFFICIAL_LEVEL)
    if told is None:
        st.text("First ask how much each would fetch; then it can be loaded.")
    else:
        st.text(f"{told.source} said how much each would fetch on {words.day(told.asked_at)}.")
    if st.button(
        "Ask again how much" if told else "Ask how much each would fetch",
        key="history_sizes",
        type="secondary" if told else "primary",
        icon=":material/straighten:",
    ):
        _start(settings, "--history-sizes")


def _cards(site: Site, settings: Settings) -> None:
    """A card a level, the one that is suggested first."""
    files = site.frame(HISTORY_FILES.name)
    first, why = suggested(site.store)
    if why:
        st.text(why)
    busy = refresh.keeper().running
    for level in sorted(LEVELS, key=lambda level: level != first):
        with st.container(border=True):
            st.markdown(f"**{_TITLES[level]}**{', suggested' if level == first else ''}")
            st.text(_GIVES[level])
            st.text(_here(site, files, level))
            told = to_fetch(site.store, level)
            size = told.words if told else "not known yet"
            st.text(f"To fetch: {size}.")
            if settings.offline or site.store.home is None:
                continue
            if level == ACCOUNTS_LEVEL and files["level"].isin(_FINER).any():
                st.text("Not needed: what is here of single models tells more.")
                continue
            held = (files["level"] == level).any()
            if st.button(
                f"Bring {NEEDS[level]} up to date" if held else f"Load {NEEDS[level]}",
                key=f"load_{level}",
                type="primary" if level == first and told and told.bytes else "secondary",
                icon=":material/download:",
                disabled=busy or told is None or told.bytes is None,
            ):
                _start(settings, f"--history={level}")


def _last_message(site: Site) -> str:
    """How the fetching of a public history ended last, "" where it never was."""
    rows = recent_refreshes(site.store)
    rows = rows[rows["source"].isin(_HISTORIES)].sort_values("started_at", kind="stable")
    if rows.empty:
        return ""
    row = rows.iloc[-1]
    when = refresh.moment(row["started_at"].to_pydatetime(), datetime.now(UTC))
    said = words.quoted(str(row["message"]), _LONGEST_MESSAGE)
    return f"{NAMES[str(row['source'])]}, {when}: {said}"


def _here(site: Site, files: pd.DataFrame, level: str) -> str:
    """What of a level is in the store."""
    read = files[files["level"] == level]
    disk = 0
    if site.store.home is not None:
        counters = Counters(site.store.home)
        disk = sum(counters.size(source, level) for source in _HISTORIES)
    if read.empty:
        return "Here, but not on show yet." if disk else "Nothing of it is here."
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
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    date = st.column_config.DateColumn
    st.dataframe(
        with_source_names(site, rows),
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


def with_source_names(site: Site, rows: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with the sources' names in place of their keys; what is no key stays."""
    names = {key: source.name for key, source in site.sources.items()}
    return rows.assign(source=rows["source"].map(names).fillna(rows["source"]))


def _start(settings: Settings, option: str) -> None:
    """Start a refresh; the whole page, for the menu tells of it too."""
    refresh.keeper().start(refresh.longest(settings), option)
    st.rerun()

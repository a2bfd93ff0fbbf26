"""The reader's side of a refresh: how each source stands, progress, and the offer.

The panel is a fragment: what happens in it never runs the page again. A timer
runs only while a refresh does.
"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd
import streamlit as st

from core.draw import words
from core.errors import GroundswellError, SettingError
from core.measure.due import due, states
from core.schemas import PRICES, READINGS
from core.settings import Settings
from core.ui.boundary import boundary
from core.ui.child import Keeper
from core.ui.newest import recent_refreshes
from core.ui.once import Once
from core.ui.site import offered, show_newest
from core.ui.timer import stop_timer

if TYPE_CHECKING:
    from datetime import date

    from core.measure.due import Standing
    from core.store.store import Store
    from core.ui.site import Site

EVERY: Final = 1.0
"""Seconds between two looks at a refresh that is at work."""

_LOOK_AGAIN: Final = 60.0
"""Seconds between two looks at whether a refresh is due."""

_NOT_AGAIN: Final = timedelta(minutes=30)
"""What this server started by itself is not started again so soon, whatever came of it."""

_NEWS: Final = timedelta(minutes=30)
"""How long a reader is told how the last refresh ended."""

_LONGEST_MESSAGE: Final = 400
"""Characters of what a refresh recorded about its failure that are shown."""

_PANEL: Final = "refresh_panel"

_once: Final = Once()


@st.cache_resource(show_spinner=False)
def keeper() -> Keeper:
    """The one of this server, which knows of the refresh that is at work."""
    return Keeper()


class _Look:
    """When this server last looked at whether a refresh is due."""

    at = float("-inf")


def auto_start(store: Store) -> None:
    """Start a refresh if one is due, no network is not asked for, and none is at work.

    Cheap: looks once a minute, whoever asks.
    """
    keep, clock = keeper(), time.monotonic()
    if keep.running or clock - _Look.at < _LOOK_AGAIN:
        return
    _Look.at = clock
    now = datetime.now(UTC)
    if keep.started_at is not None and now - keep.started_at < _NOT_AGAIN:
        return
    with suppress(SettingError):  # the panel says which
        settings = Settings.from_environment()
        if not settings.offline and due(recent_refreshes(store), now):
            keep.start(longest(settings))


@st.fragment(key=_PANEL)
def panel(site: Site) -> None:
    """How each source stands, what a refresh is doing, and what is new."""
    if keeper().running:
        _timed(site)
    else:
        _draw(site, running=False)


@st.fragment(run_every=EVERY)
def _timed(site: Site) -> None:
    running = keeper().running
    _draw(site, running=running)
    if not running:
        stop_timer()


def _draw(site: Site, *, running: bool) -> None:
    with boundary():
        keep, now = keeper(), datetime.now(UTC)
        if running:
            _progress(keep)
        else:
            _offer(now, "refresh_show", width="stretch")
        st.caption("Sources")
        shown = _standings(site, now)
        for standing in shown:
            st.text(stands(standing, now))
        try:
            settings = Settings.from_environment()
        except SettingError as error:
            st.text(f"{error.sentence} {error.advice}")
            return
        if running:
            return
        _ending(keep, now, [standing.message for standing in shown])
        if settings.offline:
            st.text("Offline: no network is used.")
        else:
            st.button(
                "Bring up to date",
                key="refresh_start",
                icon=":material/sync:",
                width="stretch",
                on_click=_start,
                args=(longest(settings),),
            )


def notice(site: Site, part: str = "page") -> None:
    """In the page itself, what a closed menu hides: sources that failed, and new data.

    On a telephone the menu is closed until it is asked for. ``part`` is that of
    the page which is drawn.
    """
    now = datetime.now(UTC)
    for standing in _standings(site, now):
        if standing.state == "failed":
            st.text(failed(standing))
    _offer(now, f"refresh_show_{part}", width="content")


def failed(standing: Standing) -> str:
    """That older figures are shown, of when they are, and where more is said."""
    of = f" Its newest figures are from {words.day(standing.newest)}." if standing.newest else ""
    return (
        f"{standing.name} could not be read, so older figures are shown.{of} "
        "“Sources” in the menu says why and what to do."
    )


def _standings(site: Site, now: datetime) -> list[Standing]:
    return _once(
        states,
        recent_refreshes(site.store),
        site.once(_last, site, READINGS.name, "read_at"),
        site.once(_last, site, PRICES.name, "session"),
        now.replace(second=0, microsecond=0),  # worked out once a minute
    )


def _offer(now: datetime, key: str, width: Literal["content", "stretch"]) -> None:
    new = offered()
    if new is None:
        return
    label = f"New data from {moment(new, now)}: show it"
    if st.button(label, key=key, type="primary", width=width):
        show_newest()
        st.rerun()


def _progress(keep: Keeper) -> None:
    progress = keep.progress
    st.progress(progress.fraction)
    left = ""
    if progress.seconds_left is not None:
        minutes = max(1, round(progress.seconds_left / 60))
        left = f", at most {words.plural(minutes, 'more minute')}"
    st.text("Ending" if keep.stopping else progress.words + left)
    st.button(
        "Cancel",
        key="refresh_cancel",
        icon=":material/close:",
        width="stretch",
        disabled=keep.stopping,
        on_click=keep.cancel,
    )


def _ending(keep: Keeper, now: datetime, said: list[str]) -> None:
    last = keep.last
    if last is None or now - last.at > _NEWS:
        return
    if last.outcome == "ok":
        st.text(last.message or f"Brought up to date {_when(last.at, now)}.")
    elif last.message and last.message not in said:
        st.text(last.message)


def _start(longest: float) -> None:
    keeper().start(longest)
    st.rerun(_PANEL)  # the panel alone, which sets the timer


def longest(settings: Settings) -> float:
    """Seconds after which a refresh that did not end by itself is ended."""
    sources = 4  # the Hub, Yahoo, and two public histories of which one may serve
    if settings.history_repo:
        sources += 2  # the kept history is read, and written to
    return sources * settings.deadline + 60


def _last(site: Site, table: str, column: str) -> date | None:
    """Day of the newest row of a table, None without any."""
    with suppress(GroundswellError):
        rows = site.makers(table) if table == READINGS.name else site.frame(table)
        newest = rows[column].max()
        if not pd.isna(newest):
            day: date = newest.date()
            return day
    return None


def stands(standing: Standing, now: datetime) -> str:
    """How a source stands, in a line that may quote what came from outside."""
    name, since = standing.name, standing.since
    if since is None:
        return f"{name}: nothing read yet"
    if standing.state == "failed":
        said = words.quoted(standing.message, _LONGEST_MESSAGE)
        line = f"{name}: failed {_when(since, now)}. {said}".rstrip()
        figures = standing.newest and f" Its figures are from {words.day(standing.newest)}."
        return f"{line}{figures or ''}"
    if standing.state == "fresh":
        return f"{name}: fresh, read {_when(since, now)}"
    return f"{name}: from {_when(since, now)}"


def moment(at: datetime, now: datetime) -> str:
    """14:05 UTC, with the day where it is not today's."""
    at = at.astimezone(UTC)
    clock = f"{at:%H:%M} UTC"
    return clock if at.date() == now.date() else f"{words.day(at)}, {clock}"


def _when(since: date, now: datetime) -> str:
    if not isinstance(since, datetime):
        return words.day(since)
    told = moment(since, now)
    return told if "," in told else f"today {told}"

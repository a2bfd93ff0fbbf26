"""When the figures are due to be read again, and how each source stands.

Prices change once a session, so they are due after the close of New York or of
Hong Kong. Holidays are not known here: on one, a refresh starts in vain and
finds that it has nothing to ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

import pandas as pd

from core.schemas import CANCELLED, HISTORY, HUB, OK, YAHOO, YAHOO_TYPED

if TYPE_CHECKING:
    from datetime import date

NAMES: Final = {
    HUB: "Hugging Face",
    YAHOO: "Yahoo",
    YAHOO_TYPED: "Yahoo, typed share",
    HISTORY: "Kept history",
    "hub-asked": "Hugging Face, asked for one model",
    "modelpulse": "Model Pulse",
    "harvardmadsys": "Harvard MadSys",
}
"""Sources of table ``refreshes`` as a reader knows them."""

HUB_EVERY: Final = timedelta(hours=12)
"""After so long the official models are read again."""

_AFTER_CLOSE: Final = timedelta(hours=1)
"""A source needs a while to have the closing prices."""

_CLOSE: Final = time(16)
_EXCHANGES: Final = (ZoneInfo("America/New_York"), ZoneInfo("Asia/Hong_Kong"))
_SATURDAY: Final = 5

State = Literal["fresh", "old", "failed", "never"]


@dataclass(frozen=True)
class Standing:
    """How a source stands.

    ``fresh``: read as of ``since``, and not due. ``old``: its newest figure is
    of ``since``. ``failed``: the last attempt, at ``since``, failed for the
    reason in ``message``, a sentence that came from outside. ``never``: there
    is nothing of it, and ``since`` is None. ``newest`` is the day of its newest
    figure, None without any.
    """

    source: str
    name: str
    state: State
    since: datetime | date | None
    message: str = ""
    newest: date | None = None


def hub_due(refreshes: pd.DataFrame, now: datetime) -> bool:
    """Whether no good refresh of the Hub began in the 12 hours before ``now``."""
    return not _well_since(refreshes, HUB, now - HUB_EVERY)


def prices_due(refreshes: pd.DataFrame, now: datetime) -> bool:
    """Whether an exchange has closed since the last good refresh of prices began."""
    return not _well_since(refreshes, YAHOO, last_close(now))


def last_close(now: datetime) -> datetime:
    """The newest moment at which prices were due: an hour after a weekday's close, UTC."""
    return max(_last_close(exchange, now) for exchange in _EXCHANGES)


def attempted_lately(
    refreshes: pd.DataFrame, source: str, now: datetime, minutes: float = 30
) -> bool:
    """Whether an attempt at ``source`` failed in the ``minutes`` before ``now``."""
    rows = refreshes[(refreshes["source"] == source) & (refreshes["outcome"] != OK)]
    return bool((rows["started_at"] > now - timedelta(minutes=minutes)).any())


def due(refreshes: pd.DataFrame, now: datetime) -> bool:
    """Whether a refresh should start by itself: a source is due and did not fail just now."""
    wanted = {HUB: hub_due(refreshes, now), YAHOO: prices_due(refreshes, now)}
    return any(
        is_due and not attempted_lately(refreshes, source, now) for source, is_due in wanted.items()
    )


def states(
    refreshes: pd.DataFrame,
    readings_newest: date | None,
    prices_newest: date | None,
    now: datetime,
) -> list[Standing]:
    """How the Hub and Yahoo stand; the kept history only where it failed.

    The two days are those of the newest figures there are, None without any.
    """
    hub_is_due, yahoo_is_due = hub_due(refreshes, now), prices_due(refreshes, now)
    found = [
        _standing(refreshes, HUB, readings_newest, is_due=hub_is_due),
        _standing(refreshes, YAHOO, prices_newest, is_due=yahoo_is_due),
    ]
    history = _standing(refreshes, HISTORY, None, is_due=False)
    return [*found, history] if history.state == "failed" else found


def _standing(
    refreshes: pd.DataFrame, source: str, newest: date | None, *, is_due: bool
) -> Standing:
    name = NAMES[source]
    rows = refreshes[(refreshes["source"] == source) & (refreshes["outcome"] != CANCELLED)]
    if len(rows):
        last = rows.sort_values("started_at").iloc[-1]
        finished = last["started_at"] if pd.isna(last["finished_at"]) else last["finished_at"]
        at = finished.to_pydatetime()
        if last["outcome"] != OK:
            message = "" if pd.isna(last["message"]) else str(last["message"])
            return Standing(source, name, "failed", at, message, newest)
        if not is_due:
            return Standing(source, name, "fresh", at, newest=newest)
    return Standing(source, name, "never" if newest is None else "old", newest, newest=newest)


def _well_since(refreshes: pd.DataFrame, source: str, moment: datetime) -> bool:
    rows = refreshes[(refreshes["source"] == source) & (refreshes["outcome"] == OK)]
    return bool((rows["started_at"] >= moment).any())


def _last_close(exchange: ZoneInfo, now: datetime) -> datetime:
    day = now.astimezone(exchange).date()
    while True:
        at = datetime.combine(day, _CLOSE, exchange).astimezone(UTC) + _AFTER_CLOSE
        if day.weekday() < _SATURDAY and at <= now:
            return at
        day -= timedelta(days=1)

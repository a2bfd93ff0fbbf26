"""Brings the store up to date: ``python -m core.refresh``.

It is a process of its own, for cron or started by the site. Exit code 0: all
went well; 1: some source failed, or another refresh is at work; 2: it was
called or set up wrongly.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from core.errors import (
    FetchError,
    GroundswellError,
    RefreshRunning,
    SourceRefused,
    SourceSilent,
    SourceUnreadable,
)
from core.fetch.http import Visit
from core.measure.bases import LEVELS
from core.measure.model_ids import checked as checked_model
from core.measure.tickers import tickers as typed_tickers
from core.refreshing.announce import Announcer
from core.refreshing.ask import AskSource
from core.refreshing.daily_history import DATASETS, HistorySource
from core.refreshing.history import BringBack, Keep
from core.refreshing.history_sizes import tell_sizes
from core.refreshing.hub import HubSource
from core.refreshing.prices import PriceSource
from core.refreshing.rows import of_table
from core.schemas import CANCELLED, OK, PRICES, REFRESHES, TABLES
from core.settings import Settings
from core.store.counters import Counters
from core.store.lock import locked
from core.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import TypeAlias

    import pandas as pd

    from core.refreshing.source import Source

    _Piece: TypeAlias = "Mapping[str, pd.DataFrame] | _Ending | _Wish"

HUB, PRICE, DAYS = "hub", "prices", "history"
SOURCES: Final = (HUB, PRICE, DAYS)

_ANOTHER_MAY_SERVE: Final = frozenset({SourceRefused.__name__, SourceUnreadable.__name__})
"""How a public history may fail so that the next one is asked."""

_PRICE_VERSIONS_KEPT: Final = 3
_MARGIN_SECONDS: Final = 2.0
"""So long before the deadline a source is asked to end by itself."""
_FAREWELL_SECONDS: Final = 3.0
"""So long a source may take to hand over what it has once it is told to end."""


class Stop:
    """Somebody's wish that the refresh should end. A signal may bring it at any moment.

    What is being written is written to its end, and what has been found is
    kept: the wish is an item in the queue of the source that is at work.
    """

    def __init__(self) -> None:
        self.asked = False
        self._wake: Callable[[], None] | None = None

    def ask(self, *_: object) -> None:
        """Ask the refresh to end. Fit for a signal's handler."""
        self.asked = True
        if self._wake is not None:
            self._wake()

    def wakes(self, wake: Callable[[], None]) -> None:
        """From now on call ``wake`` when asked."""
        self._wake = wake


@dataclass
class Told:
    """How it went with one source, and whether the store could record that."""

    key: str
    name: str
    outcome: str = OK
    rows: int = 0
    requests: int = 0
    message: str = ""
    recorded: bool = True
    started_at: datetime = field(kw_only=True)


@dataclass(frozen=True)
class _Ending:
    """How the thread of a source ended: with a sentence, or an error."""

    sentence: str = ""
    error: BaseException | None = None


class _Wish:
    """The piece that says that the refresh should end."""


class Conductor:
    """One refresh of one store: fetch from each source, write what comes, keep account."""

    def __init__(self, store: Store, settings: Settings, announce: Announcer, stop: Stop) -> None:
        self._store = store
        self._settings = settings
        self._announce = announce
        self._stop = stop
        self.told: list[Told] = []

    def fetch(self, source: Source, now: datetime) -> None:
        """Let ``source`` fetch in a thread, write what it delivers, hold the deadline."""
        told = Told(source.key, source.name, started_at=now)
        self.told.append(told)
        deadline = self._settings.deadline
        margin = min(_MARGIN_SECONDS, 0.2 * deadline)
        visit = Visit(source.name, deadline - margin)
        # A queue of this kind may be written to by a signal's handler.
        arrived: SimpleQueue[_Piece] = SimpleQueue()
        self._stop.wakes(lambda: arrived.put(_Wish()))

        def work() -> None:
            report = self._announce.of(source, visit)
            try:
                arrived.put(_Ending(source.fetch(visit, arrived.put, report)))
            except BaseException as error:  # noqa: BLE001 - handed to the main thread
                arrived.put(_Ending(error=error))

        threading.Thread(target=work, daemon=True).start()
        error = self._take(arrived, told, now, visit, margin)
        if self._stop.asked:
            told.outcome, told.message = CANCELLED, "The refresh was cancelled."
        elif isinstance(error, GroundswellError):
            told.outcome = type(error).__name__
            told.message = f"{error.sentence} {error.advice}".rstrip()
        elif error is not None:
            self._announce.trouble(error)
            told.outcome = FetchError.__name__
            told.message = (
                f"{told.name}: something went wrong that we had not thought of. "
                "Refresh again later; what went wrong is in the log."
            )
        told.requests = visit.requests
        self._record(told)

    def _take(
        self, arrived: SimpleQueue[_Piece], told: Told, now: datetime, visit: Visit, margin: float
    ) -> BaseException | None:
        """Write what arrives until the thread says how it ended, or does not in time."""
        try:
            while True:
                farewell = _FAREWELL_SECONDS if self._stop.asked else margin
                piece = arrived.get(timeout=visit.left() + farewell)
                if isinstance(piece, _Ending):
                    told.message = piece.sentence
                    return piece.error
                if isinstance(piece, _Wish):
                    visit.seconds = 0.0  # the thread ends at its next look at the clock
                else:
                    told.rows += self._write(piece, now)
        except Empty:
            return SourceSilent(told.name, f"{told.name} was not done in time.")
        except GroundswellError as error:
            return error

    def _write(self, tables: Mapping[str, pd.DataFrame], now: datetime) -> int:
        """Write each table's rows as one partition, all or none; how many rows that were."""
        written: list[Path] = []
        try:
            for name, rows in tables.items():
                if len(rows):
                    written.append(self._store.add(TABLES[name], rows, now))
        except GroundswellError:
            self._store.take_back(written)
            raise
        self._store.forget_older(PRICES, _PRICE_VERSIONS_KEPT)
        return sum(len(rows) for rows in tables.values())

    def _record(self, told: Told) -> None:
        row = {
            "started_at": told.started_at,
            "finished_at": datetime.now(UTC),
            "source": told.key,
            "outcome": told.outcome,
            "rows": told.rows,
            "requests": told.requests,
            "message": told.message,
        }
        try:
            self._store.add(REFRESHES, of_table([row], REFRESHES), told.started_at)
        except GroundswellError as error:
            told.recorded = False
            if told.outcome == OK:
                told.outcome = type(error).__name__
                told.message = f"{error.sentence} {error.advice}"


def refresh(  # noqa: PLR0913 - each is a thing of its own; the last ones are keywords
    settings: Settings,
    announce: Announcer,
    sources: Sequence[str] = SOURCES,
    families: frozenset[str] = frozenset(),
    *,
    level: str = "",
    tickers: tuple[str, ...] = (),
    ask: str = "",
    now: datetime | None = None,
    stop: Stop | None = None,
) -> list[Told]:
    """Bring the store of ``settings`` up to date; how it went, a row a source asked.

    Sources with nothing due at ``now`` (UTC; this moment) are not asked, nor any
    once ``stop`` was asked for. ``level`` is how much of a public history is
    fetched now; without one, a history that was chosen earlier is kept up.
    ``tickers`` are asked of the price source in place of the families' own.
    With ``ask``, a model's name, the Hub is asked what is built on it, and
    nothing else is.
    Raises ``RefreshRunning``, ``StoreError`` and ``DefinitionError``.
    """
    store = Store(settings.home)
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    with locked(settings.home):
        store.forget_unfinished()
        Counters(settings.home).forget_unfinished()
        stop = stop or Stop()
        conductor = Conductor(store, settings, announce, stop)
        every = store.families()
        if ask:
            conductor.fetch(AskSource(store, settings, every, now, ask), now)
            return conductor.told
        back = BringBack(store, settings)
        if back.due():
            conductor.fetch(back, now)
        for chosen in (name for name in sources if name != DAYS):
            source: Source = (
                PriceSource(store, settings, every, now, only=families, typed=tickers)
                if chosen == PRICE
                else HubSource(store, settings, every, now, only=families)
            )
            if not stop.asked and source.due():
                conductor.fetch(source, now)
        for dataset in DATASETS if DAYS in sources and not families else ():
            days = HistorySource(store, settings, every, now, dataset, level=level)
            if stop.asked or not days.due():
                break
            conductor.fetch(days, now)
            if conductor.told[-1].outcome not in _ANOTHER_MAY_SERVE:
                break
        keep = Keep(store, settings)
        if (conductor.told or keep.owed()) and not stop.asked and keep.due():
            conductor.fetch(keep, now)
        return conductor.told


def main(arguments: Sequence[str] | None = None) -> int:  # noqa: PLR0911 - one an outcome
    """Run one refresh from the command line; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m core.refresh", description=__doc__)
    parser.add_argument("--only", default="", help="sources to ask: hub,prices,history")
    parser.add_argument("--families", default="", help="families to ask for: Qwen,Llama")
    parser.add_argument("--tickers", default="", help="shares to ask for alone: AMZN,9988.HK")
    parser.add_argument(
        "--ask", default="", help="only ask what is built on one model: account/name"
    )
    parser.add_argument(
        "--history", default="", help=f"fetch so much of a public history: {', '.join(LEVELS)}"
    )
    parser.add_argument(
        "--history-sizes", action="store_true", help="only say how much each level would fetch"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args(arguments)
    announce = Announcer(sys.stdout, as_json=options.json)
    stop = Stop()
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, stop.ask)
    try:
        settings = Settings.from_environment()
        names = {family.name.casefold(): family.name for family in Store(None).families()}
        sources = _chosen(parser, "--only", options.only, {name: name for name in SOURCES})
        levels = _chosen(parser, "--history", options.history, {name: name for name in LEVELS})
        families = _chosen(parser, "--families", options.families, names)
        tickers = typed_tickers(options.tickers)
        ask = checked_model(options.ask) if options.ask else ""
    except GroundswellError as error:
        sys.stderr.write(f"{error.sentence} {error.advice}\n")
        return 2
    if settings.offline:
        return announce.end([], message="GROUNDSWELL_OFFLINE is set: nothing was asked.")
    level = levels[-1] if levels else ""
    sources = sources or ((DAYS,) if level else (PRICE,) if tickers else SOURCES)
    try:
        if options.history_sizes:
            return tell_sizes(Store(settings.home), settings, announce)
        told = refresh(
            settings,
            announce,
            sources,
            frozenset(families),
            level=level,
            tickers=tickers,
            ask=ask,
            stop=stop,
        )
    except RefreshRunning as error:
        return announce.end([], outcome="busy", message=error.sentence)
    except GroundswellError as error:
        return announce.end([], outcome="failed", message=f"{error.sentence} {error.advice}")
    if stop.asked:
        return announce.end(told, outcome="failed", message="The refresh was cancelled.")
    if ask and options.json:
        return announce.end(told, message=told[0].message)  # the page shows what was found
    return announce.end(told, message="" if told else "Everything is fresh: nothing was asked.")


def _chosen(
    parser: argparse.ArgumentParser, option: str, text: str, known: Mapping[str, str]
) -> tuple[str, ...]:
    """Names of a comma-separated list; a wrong one ends the program with 2."""
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    for name in wanted:
        if name.casefold() not in known:
            parser.error(
                f"{option}: there is no “{name[:60]}”; there are {', '.join(known.values())}"
            )
    return tuple(dict.fromkeys(known[name.casefold()] for name in wanted))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # A thread that waits for a silent source must not hold the process back.
    os._exit(code)

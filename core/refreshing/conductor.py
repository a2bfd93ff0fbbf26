"""One refresh at work: sources fetch, what comes is written, and account is kept."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from core.errors import FetchError, GroundswellError, SourceSilent
from core.fetch.http import Visit
from core.refreshing.rows import of_table
from core.schemas import CANCELLED, OK, PRICES, REFRESHES, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import TypeAlias

    import pandas as pd

    from core.refreshing.announce import Announcer
    from core.refreshing.source import Source
    from core.settings import Settings
    from core.store.store import Store

    _Piece: TypeAlias = "Mapping[str, pd.DataFrame] | _Ending | _Wish"

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
        elif error is not None:
            self._failed(told, error)
        told.requests = visit.requests
        self._record(told)

    def work(self, key: str, name: str, work: Callable[[], object], now: datetime) -> None:
        """Do what makes nothing but what can be made again; only a failure is told.

        What has been fetched is stored by then, and stays whatever happens here.
        """
        if self._stop.asked:
            return
        told = Told(key, name, started_at=now)
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the rest went well
            self._failed(told, error)
            self.told.append(told)
            self._record(told)

    def _failed(self, told: Told, error: BaseException) -> None:
        """Tell of an error: in its own words where it has any."""
        told.outcome = type(error).__name__
        if isinstance(error, GroundswellError):
            told.message = f"{error.sentence} {error.advice}".rstrip()
            return
        self._announce.trouble(error)
        told.outcome = FetchError.__name__
        told.message = (
            f"{told.name}: something went wrong that we had not thought of. "
            "Refresh again later; what went wrong is in the log."
        )

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

"""A public daily history: its files of this level become counter files, then daily figures."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from core.counter_schemas import MODELS, RENAMES
from core.errors import FetchError, SourceRefused, SourceUnreadable, TableUnwritable
from core.fetch.history import Known, Size, Wish
from core.fetch.history_hub import Repository
from core.fetch.history_moved import HarvardMadsys
from core.fetch.history_pulse import ModelPulse
from core.measure.bases import EVERYTHING_LEVEL, LEVELS
from core.refreshing.history_account import Steps, Told, files_read, nothing
from core.refreshing.history_picks import picks
from core.schemas import HISTORY_FILES, OK, REFRESHES
from core.store.counters import Counters, Mark, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    import pyarrow as pa

    from core.fetch.history import History, Piece
    from core.fetch.http import Visit
    from core.refreshing.source import Deliver, Report
    from core.schemas import Family
    from core.settings import Settings
    from core.store.store import Store

_EVERY: Final = timedelta(hours=20)
"""A history grows once a day: it is not asked again sooner."""

_FOR_THE_REST: Final = 0.4
"""Share of the time that is kept for the roll-up: months wait for the next refresh."""


@dataclass(frozen=True)
class Dataset:
    """A public history: its key, what it is called, where it lies, who reads it."""

    key: str
    name: str
    repository: str
    opened: Callable[[Repository], History]


DATASETS: Final = (
    Dataset("modelpulse", "Model Pulse", "modelpulse/model-pulse-data", ModelPulse),
    Dataset(
        "harvardmadsys",
        "Harvard MadSys",
        "harvardMadsys/hf-hub-characterization",
        HarvardMadsys,
    ),
)
"""The public histories, in the order in which they are asked."""


def chosen_level(store: Store) -> str:
    """The level that was fetched last, "" where no history has been."""
    files = store.own(HISTORY_FILES)
    files = files[files["level"].isin(LEVELS)]
    newest = files.sort_values("read_at", kind="stable")["level"].tail(1).tolist()
    return str(newest[0]) if newest else ""


class HistorySource:
    """One public history at one level; ``level`` "" is the one that was chosen last."""

    def __init__(  # noqa: PLR0913 - each is a thing of its own; the last is a keyword
        self,
        store: Store,
        settings: Settings,
        families: Sequence[Family],
        now: datetime,
        dataset: Dataset,
        *,
        level: str = "",
    ) -> None:
        self.key = dataset.key
        self.name = dataset.name
        self._store = store
        self._settings = settings
        self._families = families
        self._now = now
        self._dataset = dataset
        self._asked = bool(level)
        self._level = level or chosen_level(store)
        self._counters = Counters(settings.home)

    def due(self) -> bool:
        """Whether it was asked for, or was chosen earlier and has not been read today."""
        if self._asked or not self._level:
            return self._asked
        went = self._store.own(REFRESHES)
        well = went[(went["source"] == self.key) & (went["outcome"] == OK)]
        return not bool((well["started_at"] > self._now - _EVERY).any())

    def fetch(self, visit: Visit, deliver: Deliver, report: Report) -> str:
        """Fetch what is missing, keep account of it, and have the daily figures made."""
        try:
            told = self._fetch(visit, report)
        finally:
            self._counters.forget_downloads(self.key)
            files = files_read(self.key, self._counters, self._store.own(HISTORY_FILES))
            if len(files):
                deliver({HISTORY_FILES.name: files})
        from core.refreshing.daily import write_daily  # noqa: PLC0415 - Ibis is slow to import

        added_up = write_daily(self._store, self._settings, self._families, self._now, deliver)
        if told.error is not None:
            raise told.error
        return f"{told.sentence} {added_up}".rstrip()

    def sizes(self, visit: Visit) -> list[Size]:
        """How much each level would take to fetch now. Raises ``FetchError``."""
        return self._sizes(self._dataset.opened(self._repository(visit)))

    def keep_sizes(self, sizes: Sequence[Size]) -> dict[str, dict[str, object]]:
        """Keep them for the site; by level, as they are kept. Raises ``TableUnwritable``."""
        levels: dict[str, dict[str, object]] = {
            one.level: {"bytes": one.bytes, "months": one.months, "estimated": one.estimated}
            for one in sizes
        }
        self._counters.write_sizes(
            {
                "source": self.key,
                "name": self.name,
                "asked_at": self._now.isoformat(),
                "levels": levels,
            }
        )
        return levels

    def _sizes(self, history: History) -> list[Size]:
        told = []
        for level in LEVELS:
            try:
                told.append(history.size(self._wish(level), self._known(level)))
            except SourceRefused:
                continue  # it does not publish this level
        return told

    def _fetch(self, visit: Visit, report: Report) -> Told:
        """Every missing month as far as time allows; one that fails does not stop the others."""
        self._counters.forget_downloads(self.key)
        repository = self._repository(visit)
        history = self._dataset.opened(repository)
        told = Told(self.name)
        pieces = history.missing(self._wish(self._level), self._known(self._level))
        if pieces or not self._counters.renames(self.key).exists():
            self._keep_renames(history, repository)
        wish = self._wish(self._level, self._counters.read_renames(self.key))
        total = history.size(wish, self._known(self._level)).bytes
        repository.heard = Steps(report, repository, total)
        for at, piece in enumerate(pieces):
            if at and visit.left() < _FOR_THE_REST * visit.seconds:
                told.waiting = len(pieces) - at
                break
            try:
                self._keep(history, piece, wish, told)
            except SourceUnreadable as error:
                told.failed(error)
        if pieces and wish.level == EVERYTHING_LEVEL:
            try:
                self._keep_models(history, wish)
            except SourceUnreadable as error:
                told.failed(error)
        repository.heard = nothing
        told.fetched = repository.fetched
        if told.error is None:
            # Less is left to fetch now. Where it cannot be told, it is asked for again.
            with suppress(FetchError, TableUnwritable):
                self.keep_sizes(self._sizes(history))
        report("Daily history, bytes", repository.fetched, max(total, repository.fetched))
        return told

    def _keep(self, history: History, piece: Piece, wish: Wish, told: Told) -> None:
        """Write the months of a piece as counter files, and note how many those were."""
        repository = history.repository
        before = repository.fetched
        with ExitStack() as until:
            scratch = self._counters.make_downloads(self.key)
            until.callback(self._counters.forget_downloads, self.key)
            for month in history.months(piece, wish, scratch):
                file = self._counters.file(self.key, wish.level, month.month)
                with Writer(file) as writer:
                    for rows in month.rows:
                        writer.write(rows)
                    if not writer.rows:
                        raise SourceUnreadable(
                            self.name,
                            f"{piece.file.path} of {self.name} holds nothing of "
                            f"{month.month} that is wanted.",
                        )
                    writer.mark = Mark(
                        path=piece.file.path,
                        revision=repository.revision,
                        etag=piece.file.etag,
                        licence=repository.licence,
                        read_at=self._now,
                        picked=wish.picks.rule,
                        fetched=repository.fetched - before,
                        rows=writer.rows,
                        first_day=writer.first_day,
                        last_day=writer.last_day,
                    )
                before = repository.fetched
                told.months += 1
                told.put_right(piece.file.path, month.left)

    def _keep_renames(self, history: History, repository: Repository) -> None:
        rows = history.renames()
        if rows is not None:
            with Writer(self._counters.renames(self.key), RENAMES) as writer:
                writer.write(rows)
                writer.mark = self._mark("renames.parquet", repository, writer.rows)

    def _keep_models(self, history: History, wish: Wish) -> None:
        pieces = history.models(wish)
        if pieces is not None:
            with Writer(self._counters.models(self.key), MODELS) as writer:
                for rows in pieces:
                    writer.write(rows)
                writer.mark = self._mark("models.parquet", history.repository, writer.rows)

    def _mark(self, path: str, repository: Repository, rows: int) -> Mark:
        return Mark(path, repository.revision, "", repository.licence, self._now, rows=rows)

    def _repository(self, visit: Visit) -> Repository:
        settings = self._settings
        return Repository(
            self.name, self._dataset.repository, settings.hub_url, settings.token, visit
        )

    def _wish(self, level: str, renames: pa.Table | None = None) -> Wish:
        return Wish(level, picks(self._families, renames), self._now.date())

    def _known(self, level: str) -> dict[str, Known]:
        """What is here of each month; a file that cannot be read is not here."""
        marks = {
            month: Mark.of(path) for month, path in self._counters.months(self.key, level).items()
        }
        return {
            month: Known(mark.etag, mark.read_at, mark.picked)
            for month, mark in marks.items()
            if mark is not None
        }

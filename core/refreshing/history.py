"""What was recorded is kept in the owner's dataset, and brought back from there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from core.fetch.history_repo import NAME, HistoryRepository
from core.schemas import HISTORY, OK, PRICES, REFRESHES, REVENUE, TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from core.fetch.http import Visit
    from core.refreshing.source import Deliver, Report
    from core.settings import Settings
    from core.store.store import Store

BACK: Final = "history-back"

_KEPT: Final = tuple(name for name in TABLES if name not in {PRICES.name, REVENUE.name})
"""What Yahoo tells is not passed on: it is read anew."""
_PARTITION: Final = re.compile(rf"({'|'.join(_KEPT)})/([0-9TZ_-]{{1,40}}\.parquet)")


class _History:
    """The dataset of ``GROUNDSWELL_HISTORY_REPO`` beside the store."""

    key = HISTORY
    name = NAME

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def _here(self) -> dict[str, Path]:
        return {
            f"{name}/{file.name}": file
            for name in _KEPT
            for file in self._store.partitions(TABLES[name])
        }

    def _there(self, repository: HistoryRepository) -> list[tuple[str, str, str]]:
        """Path, table and file name of each partition; what is none of ours is left alone."""
        matches = [_PARTITION.fullmatch(path) for path in repository.paths()]
        return [(match[0], match[1], match[2]) for match in matches if match]

    def _repository(self, visit: Visit) -> HistoryRepository:
        settings = self._settings
        return HistoryRepository(settings.history_repo, settings.hub_url, settings.token, visit)


class BringBack(_History):
    """Brings recorded partitions back to a machine that has none."""

    key = BACK

    def due(self) -> bool:
        """Whether there is a dataset, and this machine has recorded nothing or lost it."""
        return bool(self._settings.history_repo) and not self._here()

    def fetch(self, visit: Visit, deliver: Deliver, report: Report) -> str:  # noqa: ARG002
        """Store every partition that is kept there."""
        repository = self._repository(visit)
        kept, brought = self._there(repository), 0
        for done, (path, table, name) in enumerate(kept):
            report("Recorded history", done, len(kept))
            brought += self._store.take_in(TABLES[table], name, repository.content(path))
        report("Recorded history", len(kept), len(kept))
        return f"{brought} recorded partitions brought back from {self._settings.history_repo}."


class Keep(_History):
    """Sends recorded partitions to where they outlive this machine's disk."""

    def due(self) -> bool:
        """Whether there is a dataset, and something to keep in it."""
        return bool(self._settings.history_repo) and bool(self._here())

    def owed(self) -> bool:
        """Whether it failed the last time, so that it is tried though nothing new was read."""
        went = self._store.own(REFRESHES)
        went = went[went["source"] == HISTORY].sort_values("started_at", kind="stable")
        return bool((went["outcome"].tail(1) != OK).any())

    def fetch(self, visit: Visit, deliver: Deliver, report: Report) -> str:  # noqa: ARG002
        """Send every partition that is not there yet, in one commit."""
        repository = self._repository(visit)
        there = {path for path, _, _ in self._there(repository)}
        new = {path: file for path, file in self._here().items() if path not in there}
        report("Recorded history", 0, len(new))
        if new:
            repository.keep({path: self._store.content(file) for path, file in new.items()})
        report("Recorded history", len(new), len(new))
        return f"{len(new)} recorded partitions kept in {self._settings.history_repo}."

"""How the fetching of a public history goes, and the account that is kept of its files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from core.draw import words
from core.fetch.history_rows import Left
from core.measure.bases import LEVELS
from core.refreshing.rows import of_table
from core.schemas import HISTORY_FILES
from core.store.counters import Mark

if TYPE_CHECKING:
    from core.errors import FetchError
    from core.fetch.history_hub import Repository
    from core.refreshing.source import Report
    from core.store.counters import Counters

_STEP_BYTES: Final = 2**20


def files_read(source: str, counters: Counters, known: pd.DataFrame) -> pd.DataFrame:
    """Rows of HISTORY_FILES for counter files of which ``known`` has none.

    They are made of the files' own marks: a refresh that is killed before it
    has given account has not lost them.
    """
    known = known[known["source"] == source]
    there = set(zip(known["path"], known["level"], known["read_at"], strict=True))
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for level in LEVELS:
        for path in counters.months(source, level).values():
            mark = Mark.of(path)
            if mark is None or (mark.path, level, pd.Timestamp(mark.read_at)) in there:
                continue
            _add(rows, source, level, mark)
    return of_table(list(rows.values()), HISTORY_FILES)


@dataclass
class Told:
    """How the fetching went, for one sentence."""

    name: str
    months: int = 0
    waiting: int = 0
    fetched: int = 0
    error: FetchError | None = None
    left_out: dict[str, Left] = field(default_factory=dict)

    def put_right(self, path: str, left: Left) -> None:
        """Note which rows of the file at ``path`` were left out; it may hold several months."""
        before = self.left_out.get(path, Left())
        both = Left(
            before.misplaced + left.misplaced,
            before.future + left.future,
            before.doubled + left.doubled,
        )
        if both != Left():
            self.left_out[path] = both

    def failed(self, error: FetchError) -> None:
        """Note that a file could not be used; the first one is told."""
        self.error = self.error or error

    @property
    def sentence(self) -> str:
        """What was read, for the reader."""
        if not self.months:
            return f"{self.name}: nothing new."
        waiting = f"; {self.waiting} more will come with the next refresh" if self.waiting else ""
        read = f"{words.plural(self.months, 'month')} read, {words.size(self.fetched)}{waiting}."
        if not self.left_out:
            return read
        path, left = next(iter(self.left_out.items()))
        others = len(self.left_out) - 1
        more = f", and rows of {words.plural(others, 'other file')}" if others else ""
        return f"{read} Left out: of {path} {_rows(left)}{more}."


def _rows(left: Left) -> str:
    counts = {
        "of days still to come": left.future,
        "of another month": left.misplaced,
        "of a day that was told twice": left.doubled,
    }
    return words.listing([f"{words.plural(n, 'row')} {what}" for what, n in counts.items() if n])


class Steps:
    """Reports bytes as they come, not oftener than a reader can follow."""

    def __init__(self, report: Report, repository: Repository, total: int) -> None:
        self._report = report
        self._repository = repository
        self._total = total
        self._before = repository.fetched
        self._told = -_STEP_BYTES

    def __call__(self) -> None:
        """Some bytes have come."""
        done = self._repository.fetched - self._before
        if done - self._told >= _STEP_BYTES:
            self._told = done
            self._report("Daily history, bytes", done, max(done, self._total))


def nothing() -> None:
    """Nobody listens."""


def _add(rows: dict[tuple[str, str], dict[str, Any]], source: str, level: str, mark: Mark) -> None:
    """Add what a mark says to the row of its path: a file may hold several months."""
    row = rows.setdefault(
        (mark.path, level),
        {
            "source": source,
            "path": mark.path,
            "revision": mark.revision,
            "licence": mark.licence,
            "level": level,
            "bytes": 0,
            "rows": 0,
            "first_day": mark.first_day,
            "last_day": mark.last_day,
            "read_at": mark.read_at,
        },
    )
    row["bytes"] += mark.fetched
    row["rows"] += mark.rows
    for name, which in (("first_day", min), ("last_day", max)):
        days = [day for day in (row[name], getattr(mark, name)) if day is not None]
        row[name] = which(days, default=None)

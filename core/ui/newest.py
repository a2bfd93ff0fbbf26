"""What has come into the store lately, found out cheaply."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.schemas import REFRESHES, TABLES
from core.store import lineage_file
from core.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

_FILES_READ: Final = 40
"""Newest files of the table of refreshes that are read; each holds one refresh."""

_SETTLED: Final = 100_000_000
"""Nanoseconds after which a change of a folder cannot hide behind an earlier one.

File systems tell time in steps of some milliseconds.
"""


def folders(store: Store) -> tuple[int, ...] | None:
    """When each table's folder last changed (ns), None while one is changing.

    Files of the store are added and removed, never rewritten, so that equal
    answers mean equal files. Ten calls, however many files there are.
    """
    marks = tuple(store.changed(table) for table in TABLES.values())
    return marks if time.time_ns() - max(marks) > _SETTLED else None


def newest(files: Iterable[tuple[str, int, int]]) -> datetime | None:
    """When the newest of these files (path, time of change in ns, size) was written.

    Files that only tell of refreshes, or are made of others, are no news. None without any.
    """
    no_news = {REFRESHES.name, lineage_file.NAME}
    times = [changed for path, changed, _ in files if Path(path).parent.name not in no_news]
    return datetime.fromtimestamp(max(times) / 1e9, UTC) if times else None


def recent_refreshes(store: Store) -> pd.DataFrame:
    """The newest rows of table ``refreshes``, also those that came after ``store`` was pinned."""
    changed = store.changed(REFRESHES)
    if time.time_ns() - changed <= _SETTLED:
        return _read(store.home, store.embedded, changed)
    return _recent(store.home, store.embedded, changed)


def _read(home: Path | None, embedded: Path, changed: int) -> pd.DataFrame:
    del changed  # only part of the key of what is remembered
    store = Store(home, embedded)
    files = tuple(store.partitions(REFRESHES)[-_FILES_READ:])
    return replace(store, listed={REFRESHES.name: files}).own(REFRESHES)


_recent = lru_cache(maxsize=4)(_read)

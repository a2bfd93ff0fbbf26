"""Where the roll-up of the daily history stands, so that a new day costs a day.

    <home>/rolled/<source>/<run>/   counters, recent, members (Parquet), rolled.json

Made of the counter files and of nothing else: what is missing or cannot be
read is made again from them.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from core.counter_schemas import COUNTERS
from core.errors import TableMismatch, TableUnreadable, TableUnwritable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

FOLDER: Final = "rolled"
COUNTER_FILES: Final = "counters"

_VERSION: Final = 1
_TOLD: Final = "rolled.json"
_FRAMES: Final = ("counters", "recent", "members")
_PART: Final = ".part"
_SCRATCH: Final = "scratch"
_NEEDED: Final = ("id", "day", "all_time", "downloads_30d")
_ADVICE: Final = "Refresh again: what cannot be read is fetched anew."

Fingerprints = dict[str, tuple[int, int]]
"""Size and time of change (ns) of each file, by its name."""


@dataclass(frozen=True)
class Rolled:
    """Where a roll-up stands: up to ``day``, of files that looked like ``files``.

    ``checksum`` is that of the month of ``day`` up to it. The frames are those
    of ``measure.rollup`` and ``measure.rollup_families``; ``members`` has id,
    model_id and signature. ``rolled_on`` is the day it was done, ``accounts`` are
    those in which official models were looked for.
    """

    day: date
    rolled_on: date
    files: Fingerprints
    checksum: tuple[int, int]
    counters: pd.DataFrame
    recent: pd.DataFrame
    members: pd.DataFrame
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True)
class RolledUp:
    """The states of all roll-ups of the store in ``home``."""

    home: Path

    def scratch(self) -> Path:
        """An empty folder for what a roll-up cannot keep in memory.

        Only for whoever holds the store's lock. Raises ``TableUnwritable``.
        """
        folder = self.home / FOLDER / _SCRATCH
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise _unwritable(error, f"{FOLDER}/{_SCRATCH}") from error
        return folder

    def load(self, source: str, run: str) -> Rolled | None:
        """The state of ``run`` over ``source``; None where there is none that can be used."""
        folder = self._folder(source, run)
        try:
            told = json.loads((folder / _TOLD).read_text(encoding="utf-8"))
            if told["version"] != _VERSION:
                return None
            frames = {
                name: pq.read_table(folder / f"{name}.parquet").to_pandas(date_as_object=False)
                for name in _FRAMES
            }
            number, total = told["checksum"]
            return Rolled(
                day=date.fromisoformat(told["day"]),
                rolled_on=date.fromisoformat(told["rolled_on"]),
                files={str(name): (int(a), int(b)) for name, (a, b) in told["files"].items()},
                checksum=(int(number), int(total)),
                accounts=tuple(map(str, told["accounts"])),
                **frames,
            )
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
            return None

    def save(self, source: str, run: str, rolled: Rolled) -> None:
        """Keep ``rolled`` in place of what was there. Raises ``TableUnwritable``."""
        folder = self._folder(source, run)
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            part = Path(tempfile.mkdtemp(dir=folder.parent, suffix=_PART))
            try:
                for name in _FRAMES:
                    rows = pa.Table.from_pandas(getattr(rolled, name), preserve_index=False)
                    pq.write_table(rows, part / f"{name}.parquet", compression="zstd")
                told = {
                    "version": _VERSION,
                    "day": rolled.day.isoformat(),
                    "rolled_on": rolled.rolled_on.isoformat(),
                    "files": rolled.files,
                    "checksum": rolled.checksum,
                    "accounts": rolled.accounts,
                }
                (part / _TOLD).write_text(json.dumps(told), encoding="utf-8")
                # Killed between these two, the next roll-up starts from the files.
                shutil.rmtree(folder, ignore_errors=True)
                part.replace(folder)
            finally:
                shutil.rmtree(part, ignore_errors=True)
        except OSError as error:
            raise _unwritable(error, f"{FOLDER}/{source}/{run}") from error

    def _folder(self, source: str, run: str) -> Path:
        return self.home / FOLDER / source / run


def fingerprints(paths: Iterable[Path]) -> Fingerprints:
    """Size and time of change of each file that is there."""
    marks = {}
    for path in paths:
        try:
            stat = path.stat()
        except OSError:
            continue
        marks[mark(path)] = (stat.st_size, stat.st_mtime_ns)
    return marks


def mark(path: Path) -> str:
    """What a counter file is called here: its level and month."""
    return f"{path.parent.name}/{path.name}"


def check(paths: Sequence[Path]) -> None:
    """Raise ``TableUnreadable`` or ``TableMismatch`` for the first that is no counter file."""
    for path in paths:
        name = mark(path)
        try:
            schema = pq.read_schema(path)
        except (OSError, pa.ArrowException) as error:
            sentence = (
                f"{name} of the daily history cannot be read: it is cut short or is not a "
                "Parquet file."
            )
            raise TableUnreadable(COUNTER_FILES, sentence, advice=_ADVICE) from error
        for column in _NEEDED:
            at, wanted = schema.get_field_index(column), COUNTERS.field(column).type
            if at < 0:
                sentence = f"{name} of the daily history lacks the column '{column}'."
                raise TableMismatch(COUNTER_FILES, sentence, advice=_ADVICE)
            if schema.field(at).type != wanted:
                sentence = (
                    f"The column '{column}' of {name} of the daily history holds "
                    f"{schema.field(at).type}, not {wanted}."
                )
                raise TableMismatch(COUNTER_FILES, sentence, advice=_ADVICE)


def _unwritable(error: OSError, name: str) -> TableUnwritable:
    # Arrow's errors have a number and a text of many lines.
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    sentence = f"{name}, where the roll-up of the daily history stands, could not be written: "
    return TableUnwritable(FOLDER, f"{sentence}{reason}.")

"""A store as refreshes of the whole Hub would leave it: `python -m bench.hub_store`.

Three million models, 1.3 million declared links, 50 million daily readings: made once
from a seed and kept among the machine's temporary files. It holds what four weeks of
refreshes, two a day, and one public history at level "everything" leave:

- official models, read at every refresh; what a crawl finds to be built on them, read
  once a week, as refreshes do that may ask 500 times each
- every other model of the Hub, read once: more than any crawl finds, so that tables and
  family tree are as large as they can become. ``found`` leaves these out
- the daily history, rolled up by the project's own code, and its counter files
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as datetime_time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from bench import hub_world
from bench.hub_rows import Rows, went
from bench.hub_world import DAYS, Scale, World
from core import schemas
from core.counter_schemas import MODELS
from core.measure.bases import EVERYTHING_LEVEL
from core.measure.families import FamilyRules
from core.measure.growth import daily_from_readings, family_daily
from core.refreshing.counted import keep_counts
from core.refreshing.daily import write_daily
from core.refreshing.forest import keep_forest
from core.refreshing.history_account import files_read
from core.settings import Settings
from core.store.counters import Counters, Mark, Writer
from core.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from core.schemas import Family, Table

SEED: Final = 1
LAST: Final = date(2026, 11, 24)
"""The last day that was read, by the public history and by the site itself."""

FIRST: Final = LAST - timedelta(DAYS - 1)
WEEKS: Final = 4
"""Weeks in which the site itself has read the Hub."""

_VERSION: Final = 3
"""Of what is made here: raise it where it changes, or an old store is taken."""

_PER_DAY: Final = 2
_PER_WEEK: Final = 7 * _PER_DAY
_HISTORY: Final = "modelpulse"
_NEW: Final = 0.15
"""Share of the derivatives that were found after the first week."""

_CHUNK: Final = 20_000
_HOUR: Final = datetime_time(5, 10)
_NOW: Final = datetime.combine(LAST + timedelta(days=1), _HOUR, UTC)


def hub_store(*, small: bool = False, found: bool = False, seed: int = SEED) -> Path:
    """The folder of the store, made now unless it is there. Nobody may write to it."""
    scale = hub_world.SMALL if small else hub_world.HUB
    kind = "found" if found else "hub"
    name = f"{kind}-{scale.links.models}-{seed}-{schemas.VERSION}-{_VERSION}"
    folder = Path(tempfile.gettempdir()) / "groundswell-bench" / name
    if not (folder / "done.json").exists():
        print(f"Making a store of {scale.links.models:,} models in {folder} ...", file=sys.stderr)
        _make(folder, scale, seed, found=found)
    keep_counts(Store(folder))
    keep_forest(Store(folder))  # another version of it may be wanted than was made
    return folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the store and say where it is, how large, and how long it took."""
    parser = argparse.ArgumentParser(prog="python -m bench.hub_store", description=__doc__)
    parser.add_argument("--small", action="store_true", help="20 thousand models, to try it out")
    parser.add_argument("--found", action="store_true", help="only what a crawl finds")
    parser.add_argument("--again", action="store_true", help="make it anew")
    parser.add_argument("--seed", type=int, default=SEED, help="what everything is made from")
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines")
    options = parser.parse_args(arguments)
    chosen = {"small": options.small, "found": options.found, "seed": options.seed}
    folder = hub_store(**chosen)
    if options.again:
        shutil.rmtree(folder)
        folder = hub_store(**chosen)
    told = {"store": str(folder), **json.loads((folder / "done.json").read_text(encoding="utf-8"))}
    if options.json:
        print(json.dumps(told, indent=2))
        return 0
    for name, value in told.items():
        print(f"{name:<32}{value:>14,}" if not isinstance(value, str) else f"{name:<10}{value}")
    return 0


def _make(folder: Path, scale: Scale, seed: int, *, found: bool) -> None:
    began = time.perf_counter()
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f"{folder.name}-", suffix=".part"))
    try:
        seconds = _Making(part, scale, seed, found=found).everything()
        told: dict[str, Any] = {
            f"seconds: {name}": round(value, 1) for name, value in seconds.items()
        }
        told["seconds"] = round(time.perf_counter() - began, 1)
        told["peak megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
        for entry in sorted(part.iterdir()):
            files = [entry] if entry.is_file() else [f for f in entry.rglob("*") if f.is_file()]
            told[f"kB {entry.name}"] = sum(file.stat().st_size for file in files) // 1000
        (part / "done.json").write_text(json.dumps(told), encoding="utf-8")
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


class _Making:
    """The making of one store."""

    def __init__(self, home: Path, scale: Scale, seed: int, *, found: bool) -> None:
        self._store = Store(home)
        self._found = found
        self._families = self._store.families()
        self._scale = scale
        self._counters = Counters(home)
        self._settings = Settings.from_environment({"GROUNDSWELL_HOME": str(home)})
        ids, of_family = _official(self._store, self._families)
        self._world = World(scale, self._families, ids, of_family, seed)
        self._chance = np.random.default_rng(seed + 2)
        self._rows = Rows(self._world, self._families, FIRST, self._chance)

    def everything(self) -> dict[str, float]:
        """Write all of it; the seconds that each step took."""
        steps: dict[str, Callable[[], object]] = {
            "readings": self._readings,
            "counter files": self._history,
            "roll-up": self._roll_up,
            "counts": lambda: keep_counts(self._store),
            "family tree": lambda: keep_forest(self._store),
        }
        seconds = {}
        for name, step in steps.items():
            began = time.perf_counter()
            step()
            seconds[name] = time.perf_counter() - began
        return seconds

    def _readings(self) -> None:
        """What the site itself has read, refresh by refresh, and what it worked out of it."""
        world, rows = self._world, self._rows
        found, asked = world.crawled(self._scale.asked)
        every = found if self._found else np.arange(world.count)
        derived = np.setdiff1d(every, world.official)
        weekly, is_asked = np.isin(derived, found), np.isin(derived, asked)
        late = self._chance.random(len(derived)) < _NEW
        week = np.where(late, self._chance.integers(1, WEEKS, len(derived)), 0)
        slot = self._chance.integers(0, _PER_WEEK, len(derived))
        official = []
        for number in range(WEEKS * _PER_WEEK):
            now, turn = _moment(number), slot == number % _PER_WEEK
            new = turn & (week == number // _PER_WEEK)
            again = turn & weekly & (week < number // _PER_WEEK)
            # The official ones are read each time, but told of anew only once a week.
            told = world.official if number % _PER_WEEK == 0 else world.official[:0]
            models = np.sort(np.concatenate([derived[new | again], told]))
            declared = np.concatenate([derived[new], world.official if number == 0 else told[:0]])
            asked_now = np.concatenate(
                [derived[(new | again) & is_asked], world.official[number % _PER_WEEK :: _PER_WEEK]]
            )
            official.append(rows.readings(world.official, now))
            read = [official[-1], rows.readings(derived[new | again], now)]
            self._add(schemas.MODELS, rows.models(models, _moment(0).date(), now.date()), now)
            self._add(schemas.LINKS, rows.links(declared, now.date()), now)
            self._add(schemas.READINGS, pd.concat(read, ignore_index=True), now)
            self._add(schemas.LISTINGS, rows.listings(asked_now, now), now)
            self._add(schemas.REFRESHES, went(schemas.HUB, now, len(models)), now)
        growth = daily_from_readings(pd.concat(official, ignore_index=True))
        daily = family_daily(growth, FamilyRules(self._families))
        for day, of_day in daily.groupby("day"):
            after = datetime.combine(pd.Timestamp(str(day)), _HOUR, UTC) + timedelta(days=1)
            self._add(schemas.DAILY, of_day.reset_index(drop=True), after)

    def _history(self) -> None:
        """What was fetched of a public history."""
        world = self._world
        others = np.argsort(-world.rate, kind="stable")
        others = others[world.family[others] < 0][: self._scale.counted - len(world.official)]
        counted = self._rows.in_order(np.concatenate([world.official, others]))
        day = FIRST
        while day <= LAST:
            after = min((day.replace(day=1) + timedelta(32)).replace(day=1), LAST + timedelta(1))
            path = self._counters.file(_HISTORY, EVERYTHING_LEVEL, f"{day:%Y-%m}")
            with Writer(path) as writer:
                for begin in range(0, len(counted), _CHUNK):
                    models = counted[begin : begin + _CHUNK]
                    writer.write(self._rows.counters(models, day, after))
                writer.mark = _mark(f"series/{day:%Y-%m}.parquet", writer)
            day = after
        with Writer(self._counters.models(_HISTORY), MODELS) as writer:
            writer.write(self._rows.repositories())
            writer.mark = _mark("models.parquet", writer)

    def _roll_up(self) -> None:
        """What a refresh makes of the public history."""

        def deliver(tables: Mapping[str, pd.DataFrame]) -> None:
            for name, rows in tables.items():
                self._add(schemas.TABLES[name], rows, _NOW)

        files = files_read(_HISTORY, self._counters, self._store.own(schemas.HISTORY_FILES))
        deliver({schemas.HISTORY_FILES.name: files})
        write_daily(self._store, self._settings, self._families, _NOW, deliver)
        deliver({schemas.REFRESHES.name: went(_HISTORY, _NOW, 0)})

    def _add(self, table: Table, rows: pd.DataFrame, moment: datetime) -> None:
        if len(rows):
            self._store.add(table, rows, moment)


def _moment(number: int) -> datetime:
    """When refresh ``number`` was, 0 being the first."""
    return _NOW - timedelta(days=(WEEKS * _PER_WEEK - number) / _PER_DAY)


def _mark(path: str, writer: Writer) -> Mark:
    return Mark(
        path=path,
        revision="0" * 40,
        etag=f"made-{path}",
        licence="apache-2.0",
        read_at=_NOW,
        fetched=writer.rows * 4,
        rows=writer.rows,
        first_day=writer.first_day,
        last_day=writer.last_day,
    )


def _official(store: Store, families: Sequence[Family]) -> tuple[list[str], list[int]]:
    """Official models that the site's own figures name, and the number of each one's family."""
    number = {family.name: at for at, family in enumerate(families)}
    models = store.load(schemas.MODELS).frame
    models = models[models["family"].isin(list(number))].sort_values("model_id")
    return models["model_id"].tolist(), models["family"].map(number).tolist()


if __name__ == "__main__":
    sys.exit(main())

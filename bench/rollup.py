"""The roll-up of the daily history beside the query one would write by hand: ``make bench``.

Fifty million seeded readings, made once and kept among the machine's temporary
files: text ids, 182 days of 2026, one Parquet file a month, sorted by id and day.
Two in five models are some family's. Each measurement is a process of its own;
the figures of all of them have to be the same.

- **by hand**: one DuckDB query, join, differences and sums, with nothing of what
  the roll-up does besides: names twice, gaps, completeness, the state to go on from
- **ours**: the roll-up as a refresh does it, in DuckDB
- **Spark**: the same expressions on Spark on this machine, where it is installed
- **a new day**: ours, going on from the day before

The work of Spark's own process is not among our processor seconds and memory.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.counter_schemas import COUNTERS
from core.measure.bases import DERIVATIVES, LANGUAGE, OFFICIAL, SHARED
from core.measure.membership import WHOLE, Membership
from core.measure.rollup import roll_up
from core.measure.rollup_engine import MEMORY_LIMIT, opened
from core.measure.rollup_families import family_days

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS: Final = 50_000_000
DAYS: Final = 182
FIRST: Final = date(2026, 5, 1)
LAST: Final = FIRST + timedelta(DAYS - 1)
FAMILIES: Final = 16
BY_HAND, OURS, SPARK, NEW_DAY = "by hand", "ours", "Spark", "a new day"

_SEED: Final = 20260112
_MEMBERS: Final = 0.4
_OFFICIAL: Final = 2_000
_FOLDERS: Final = "groundswell-bench"
_FIGURES: Final = ("seconds", "processor seconds", "megabytes")
_MEGABYTE: Final = 1e6

_QUERY: Final = f"""
    WITH steps AS (
        SELECT unit, day, all_time - lag(all_time) OVER model AS downloads
        FROM read_parquet($paths) JOIN members USING (id)
        WINDOW model AS (PARTITION BY model ORDER BY day)
    ), sums AS (
        SELECT unit, day, sum(downloads) AS downloads FROM steps
        WHERE downloads IS NOT NULL GROUP BY unit, day
    )
    SELECT family, basis, day,
        sum(downloads * CASE basis WHEN '{SHARED}' THEN weight ELSE 1 END)::BIGINT AS downloads
    FROM sums JOIN shares USING (unit) GROUP BY family, basis, day
"""  # noqa: S608 - all of it is ours


def made(rows: int) -> list[Path]:
    """The counter files of so many readings, made now unless they are there."""
    folder = Path(tempfile.gettempdir()) / _FOLDERS / f"rollup-{rows}-{_SEED}"
    done = folder / "done"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        print(f"Making {rows:,} readings in {folder} ...", file=sys.stderr)
        _make(folder, rows // DAYS)
        done.touch()
    return sorted(folder.glob("*.parquet"))


def membership(rows: int) -> Membership:
    """Which of the models are a family's: seeded, and without the cost of finding out."""
    random = np.random.default_rng(_SEED)
    count = rows // DAYS
    chosen = np.flatnonzero(random.random(count) < _MEMBERS)
    official = np.arange(len(chosen)) < _OFFICIAL
    family = random.integers(0, FAMILIES, len(chosen))
    unit = np.where(official, np.arange(len(chosen)), len(chosen) + family)
    names = np.array([_name(number) for number in chosen.tolist()], dtype=np.object_)
    known = pd.DataFrame({"unit": unit, "family": [f"family {at}" for at in family]})
    known = known.drop_duplicates("unit", ignore_index=True)
    parts = [known.assign(basis=basis) for basis in (DERIVATIVES, SHARED)]
    own = known[known["unit"] < len(chosen)]
    parts += [own.assign(basis=OFFICIAL), own[own["unit"] % 2 == 0].assign(basis=LANGUAGE)]
    return Membership(
        ids=pd.DataFrame(
            {
                "id": pd.Series(names, dtype="str"),
                "model": np.arange(len(chosen)),
                "unit": unit,
                "signature": "",
            }
        ),
        names=names,
        models=own.assign(model_id=names[own["unit"]]),
        shares=pd.concat(parts, ignore_index=True).assign(weight=WHOLE),
    )


def measured(what: str, rows: int) -> dict[str, Any]:
    """Seconds, peak memory and a check sum of one way, in this process."""
    paths = [str(path) for path in made(rows)]
    members = membership(rows)
    if what == BY_HAND:
        took, figures = _by_hand(paths, members)
    else:
        took, figures = _ours(paths, members, what)
    return {
        "seconds": took[0],
        "processor seconds": took[1],
        "megabytes": _peak_megabytes(),
        "figures": figures,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the measurements; the exit code is 1 where the figures differ."""
    parser = argparse.ArgumentParser(prog="python -m bench.rollup", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="readings, at least 1,000,000")
    parser.add_argument("--rounds", type=int, default=3, help="processes a way; medians are shown")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--only", default="", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.only:
        print(json.dumps(measured(options.only, options.rows)))
        return 0
    made(options.rows)
    told: dict[str, list[dict[str, Any]]] = {}
    for number in range(options.rounds):
        for what in (BY_HAND, OURS, NEW_DAY, *([SPARK] if number == 0 and _has_spark() else [])):
            told.setdefault(what, []).append(_in_a_process(what, options.rows))
    rows = {
        what: {name: statistics.median(one[name] for one in runs) for name in _FIGURES}
        for what, runs in told.items()
    }
    same = len({run["figures"] for what in told if what != NEW_DAY for run in told[what]}) == 1
    _print(rows, options.rows, same=same, as_json=options.json)
    return 0 if same else 1


def _make(folder: Path, models: int) -> None:
    random = np.random.default_rng(_SEED)
    names = pa.array([_name(number) for number in range(models)])
    total = random.integers(0, 10**6, models)
    rate = np.minimum(random.pareto(1.2, models) * 3, 1e6)
    day = FIRST
    while day <= LAST:
        after = min(date(day.year, day.month + 1, 1), LAST + timedelta(1))
        length = (after - day).days
        counters = total[:, None] + random.poisson(rate[:, None], (models, length)).cumsum(axis=1)
        total = counters[:, -1].copy()
        numbers = np.arange(length, dtype=np.int32) + (day - date(1970, 1, 1)).days
        labels = np.repeat(np.arange(models, dtype=np.int32), length)
        table = pa.table(
            [
                pa.DictionaryArray.from_arrays(labels, names).cast(pa.string()),
                pa.array(np.tile(numbers, models)).cast(pa.date32()),
                pa.array(counters.ravel()),
                pa.array(np.repeat((rate * 30).astype(np.int64), length)),
            ],
            schema=COUNTERS,
        )
        path = folder / f"{day:%Y-%m}.parquet"
        pq.write_table(table, path, compression="zstd", row_group_size=200_000)
        day = after


def _name(number: int) -> str:
    return f"account{number // 40:06}/model-{number:07}"


def _by_hand(paths: list[str], members: Membership) -> tuple[tuple[float, float], str]:
    import duckdb  # noqa: PLC0415 - as the roll-up does

    ids = members.ids.astype({"model": "int32", "unit": "int32"})
    with tempfile.TemporaryDirectory() as folder:
        start = _clocks()
        connection = duckdb.connect(
            config={
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": folder,
                "preserve_insertion_order": False,
            }
        )
        for name, frame in (("given_ids", ids), ("given_shares", members.shares)):
            connection.register(name, pa.Table.from_pandas(frame, preserve_index=False))
        connection.execute("CREATE TABLE members AS SELECT id, model, unit FROM given_ids")
        connection.execute("CREATE TABLE shares AS FROM given_shares")
        found = connection.execute(_QUERY, {"paths": paths}).df()
        took = _since(start)
        connection.close()
    found["day"] = pd.to_datetime(found["day"]) - pd.Timedelta(days=1)
    whole = found["basis"].map({SHARED: WHOLE}).fillna(1).astype("int64")
    return took, _check_sum(found.assign(downloads=found["downloads"] // whole))


def _ours(paths: list[str], members: Membership, what: str) -> tuple[tuple[float, float], str]:
    after = LAST + timedelta(1)
    earlier, recent = None, None
    engine_name = "spark" if what == SPARK else "duckdb"
    start = _clocks()
    with opened(engine_name) as engine:
        if what == NEW_DAY:
            before = roll_up(engine, paths, members, LAST)
            earlier = before.state
            recent = family_days(before, members, "bench", LAST).recent
            paths = paths[-1:]
            start = _clocks()
        sums = roll_up(engine, paths, members, after, earlier)
        days = family_days(sums, members, "bench", after, earlier, recent=recent)
        took = _since(start)
    return took, _check_sum(days.daily)


def _clocks() -> tuple[float, float]:
    """The time, and how long processors have worked for this process, in seconds."""
    return time.perf_counter(), time.process_time()


def _since(start: tuple[float, float]) -> tuple[float, float]:
    now = _clocks()
    return now[0] - start[0], now[1] - start[1]


def _check_sum(daily: pd.DataFrame) -> str:
    rows = daily[["family", "basis", "day", "downloads"]].astype(
        {"family": "str", "basis": "str", "day": "datetime64[ms]", "downloads": "int64"}
    )
    return f"{pd.util.hash_pandas_object(rows, index=False).sum():x}"


def _peak_megabytes() -> float:
    """Most memory that this process has held at once."""
    status = Path("/proc/self/status")
    if status.exists():
        # On Linux the other figure may be that of the process which started this one.
        lines = status.read_text(encoding="utf-8").splitlines()
        peak = next(line for line in lines if line.startswith("VmHWM:"))
        return float(peak.split()[1]) * 1024 / _MEGABYTE
    import resource  # noqa: PLC0415 - not on Windows, where this module can still be read

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(most) * (1 if platform.system() == "Darwin" else 1024) / _MEGABYTE


def _has_spark() -> bool:
    return find_spec("pyspark") is not None


def _in_a_process(what: str, rows: int) -> dict[str, Any]:
    call = [sys.executable, "-m", "bench.rollup", "--only", what, "--rows", str(rows)]
    answer = subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    told: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return told


def _print(rows: dict[str, dict[str, float]], number: int, *, same: bool, as_json: bool) -> None:
    hand = rows[BY_HAND].copy()
    for told in rows.values():
        told |= {f"{name} / by hand": told[name] / hand[name] for name in _FIGURES}
    if as_json:
        print(json.dumps({"rows": number, "same_figures": same, "ways": rows}, indent=2))
        return
    print(f"Roll-up of {number:,} readings; figures {'the same' if same else 'DIFFER'}\n")
    names = list(next(iter(rows.values())))
    print(f"| {'way':9} | {' | '.join(names)} |")
    print(f"| {'-' * 9} | {' | '.join('-' * (len(name) - 1) + ':' for name in names)} |")
    for what, told in rows.items():
        cells = [f"{told[name]:{len(name)},.{0 if name == 'megabytes' else 2}f}" for name in names]
        print(f"| {what:9} | {' | '.join(cells)} |")


if __name__ == "__main__":
    sys.exit(main())

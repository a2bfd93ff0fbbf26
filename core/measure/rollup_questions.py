"""What a roll-up asks of counter files besides their sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from core.measure.rollup_steps import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    import pandas as pd

    from core.measure.rollup_engine import Engine


def official_names(engine: Engine, paths: Sequence[str], accounts: Iterable[str]) -> list[str]:
    """Ids in the files ``paths`` that lie in one of ``accounts``, whatever their case."""
    wanted = sorted({account.lower() for account in accounts})
    found: set[str] = set()
    for batch in [[path] for path in paths] if engine.by_file else [list(paths)]:
        if batch:
            counters = engine.files(batch)
            there = counters.filter(counters.id.split("/")[0].lower().isin(wanted))
            found.update(map(str, engine.rows(there.select("id").distinct())["id"].to_pylist()))
            engine.forget()
    return sorted(found)


def with_readings(
    engine: Engine, paths: Sequence[str], ids: Sequence[str], until: date
) -> set[str]:
    """Which of ``ids`` have a reading up to ``until`` in the files ``paths``."""
    if not ids or not paths:
        return set()
    wanted = engine.frame(pa.table({"id": pa.array(sorted(ids), pa.string())}))
    counters = engine.files(paths)
    read = counters.filter(counters.all_time >= 0, counters.day <= ibis.literal(until))
    found = engine.rows(read.semi_join(wanted, "id").select("id").distinct())
    engine.forget()
    return set(map(str, found["id"].to_pylist()))


def last_month(
    engine: Engine, paths: Sequence[str], ids: Sequence[str], since: date
) -> pd.DataFrame:
    """Readings of ``ids`` after ``since`` whose 30-day counter is above zero.

    Columns id, day (datetime64) and downloads_30d (int64).
    """
    wanted = engine.frame(pa.table({"id": pa.array(sorted(ids), pa.string())}))
    counters = engine.files(paths)
    above = counters.filter(counters.downloads_30d > 0, counters.day > ibis.literal(since))
    found = engine.rows(above.semi_join(wanted, "id").select("id", "day", "downloads_30d"))
    engine.forget()
    return found.to_pandas().astype(
        {"id": "str", "day": "datetime64[ms]", "downloads_30d": "int64"}
    )


def checksum(engine: Engine, path: str, until: date) -> tuple[int, int]:
    """Number and sum of the all-time counters in a file up to ``until``.

    They change when its past does.
    """
    counters = engine.files([path])
    read = counters.filter(
        counters.all_time.between(0, LARGEST), counters.day <= ibis.literal(until)
    )
    found = engine.rows(
        read.aggregate(number=read.count(), total=read.all_time.sum().fill_null(0).cast("int64"))
    ).to_pylist()[0]
    engine.forget()
    return int(found["number"]), int(found["total"])

"""Counter files × membership → sums by unit and day: the heavy part of a roll-up.

Written once in Ibis, for DuckDB and Spark alike, and in whole numbers only, so
both give the same figures to the last unit.

A counter that stands at day D was read at D's start, as in ``growth``: the
reading of one day taken from that of the next is the downloads of the first.
Public histories have one reading a day and do not say at what hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyarrow as pa

from core.measure.rollup_steps import (
    BITS,
    LARGEST,
    SUMS,
    by_day,
    by_model,
    irregular,
    last_by_model,
    latest,
    month_sums,
    readings,
    sums,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measure.membership import Membership
    from core.measure.rollup_engine import Engine

_NUMBERS: list[pa.Field[Any]] = [
    pa.field("model", pa.int32()),
    pa.field("unit", pa.int32()),
]
_IDS: Final = pa.schema(_NUMBERS).append(pa.field("id", pa.string()))
_READINGS: Final = pa.schema(_NUMBERS).append(pa.field("key", pa.int64()))
"""Narrow, for these numbers are what is sorted."""


@dataclass(frozen=True)
class State:
    """Where a roll-up stands: the last reading of every model, up to a day.

    ``counters`` has model_id (today's name then), day (datetime64) and
    all_time (int64); ``day`` is the last day of readings that it knows of.
    """

    day: date
    counters: pd.DataFrame


@dataclass(frozen=True)
class Sums:
    """Readings added up, and where that leaves the counters.

    ``rows``, sorted by unit and day, all int64 but the day (datetime64):

    - ``unit`` as in ``Membership``; ``day`` of the reading
    - ``present``: models that were read
    - ``counters``: sum of their all-time counters
    - ``downloads``: since the reading before, of those that had one
    - ``first``: counters of models that were read for the first time: part of
      the total, and nobody's downloads of a day
    - ``stepped``: models that had a reading before
    - ``days``: the longest time since a reading before, in days; 0 without
    """

    rows: pd.DataFrame
    state: State


def roll_up(
    engine: Engine,
    paths: Sequence[str],
    members: Membership,
    today: date,
    earlier: State | None = None,
) -> Sums:
    """Add up the counters of the Parquet files ``paths``, oldest month first.

    The files have id (text), day (date) and all_time (int64 or null), in any
    order within a file, but each only days after those of the file before it.
    Counters that are null, below zero or beyond 2⁴⁷ are not there; so are days
    after ``today``. With ``earlier`` only readings after its day count.
    Readings of ``today`` are added up, but the state is that of the day before:
    the source may not be done with today. Raises ``StoreError``.
    """
    since = earlier.day if earlier else date.min
    known = _state_rows(earlier, members)
    given = pa.Table.from_pandas(members.ids, _IDS, preserve_index=False)
    batches = [[path] for path in paths] if engine.by_file else [list(paths)]
    parts = []
    for batch in batches:
        if not batch:
            continue
        ids = engine.frame(given)
        before = engine.frame(known)
        read = engine.kept(readings(engine.files(batch), ids, since, today))
        if engine.by_file:
            models = engine.kept(by_model(read, today))
            totals = engine.kept(by_day(read))
            odd = engine.kept(irregular(models, totals))
            parts.append(engine.rows(month_sums(read, models, totals, odd, before)))
            known = engine.rows(latest(models, before))
        else:
            parts.append(engine.rows(sums(read, before)))
            known = engine.rows(latest(last_by_model(read, today), before))
        engine.forget()
    return Sums(_rows(parts), _state(known, members, since))


def _state_rows(earlier: State | None, members: Membership) -> pa.Table:
    """The readings of ``earlier`` that are members', as model, unit and key."""
    if earlier is None:
        return _READINGS.empty_table()
    known = members.ids.drop_duplicates("model")
    known = known.assign(model_id=pd.Series(members.names[known["model"]], index=known.index))
    rows = earlier.counters.merge(known[["model_id", "model", "unit"]], on="model_id")
    number = rows["day"].to_numpy("datetime64[D]").astype("int64")
    rows["key"] = (number << BITS) | rows["all_time"].to_numpy("int64")
    return pa.Table.from_pandas(rows, _READINGS, preserve_index=False)


def _state(known: pa.Table, members: Membership, since: date) -> State:
    key = known["key"].to_numpy()
    model = known["model"].to_numpy()
    counters = pd.DataFrame(
        {
            "model_id": pd.Series(members.names[model], dtype="str"),
            "day": (key >> BITS).astype("datetime64[D]").astype("datetime64[ms]"),
            "all_time": key & LARGEST,
        }
    ).sort_values("model_id", ignore_index=True)
    last = counters["day"].max().date() if len(counters) else since
    return State(max(last, since), counters)


def _rows(parts: Sequence[pa.Table]) -> pd.DataFrame:
    if not parts:
        empty = pd.DataFrame({name: pd.Series(dtype="int64") for name in SUMS})
        return empty.astype({"day": "datetime64[ms]"})
    rows = pa.concat_tables(part.select(SUMS) for part in parts).to_pandas()
    day = rows["day"].to_numpy().astype("datetime64[D]").astype("datetime64[ms]")
    return rows.assign(day=day).sort_values(["unit", "day"], ignore_index=True)

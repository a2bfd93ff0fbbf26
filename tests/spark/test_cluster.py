"""The roll-up on a cluster of two workers gives what DuckDB gives, to the last unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from core.errors import TableUnreadable
from core.measure.rollup import roll_up
from core.measure.rollup_engine import opened
from core.refreshing.daily import write_daily
from core.schemas import ARTEFACTS, DAILY, MODEL_DAILY, TABLES
from core.settings import Settings
from core.store.store import Store
from tests.core.measure import rollup_independent as independent
from tests.core.measure.rollups import FAMILIES, lay_out, made_history, members, write
from tests.fakes.history import Faults

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from tests.fakes.history import MadeHistory

# What PySpark itself warns of is not ours.
pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore")]

FAULTS = Faults(
    gaps=((date(2025, 5, 3), date(2025, 5, 9)),),
    partial=(date(2025, 4, 10), date(2025, 7, 20)),
    stalls=(date(2025, 4, 20),),
    rollbacks=(date(2025, 5, 20),),
)


def rolled(home: Path, made: MadeHistory, engine: str, *days: date) -> list[list[object]]:
    """Rows of the three tables, after a roll-up on each of ``days``."""
    store = Store(home)
    settings = replace(Settings.from_environment({"GROUNDSWELL_HOME": str(home)}), engine=engine)
    for day in days:
        lay_out(made, home / "counters" / "modelpulse", until=day)
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

        def keep(tables: Mapping[str, pd.DataFrame], moment: datetime = noon) -> None:
            for name, rows in tables.items():
                if len(rows):
                    store.add(TABLES[name], rows, moment)

        write_daily(store, settings, FAMILIES, noon, keep)
    artefacts = store.own(ARTEFACTS).astype(str).sort_values(["start", "kind", "scope"])
    return [
        list(independent.as_rows(store.own(DAILY))),
        list(independent.as_model_rows(store.own(MODEL_DAILY))),
        artefacts.to_numpy().tolist(),
    ]


def test_all_tables_are_the_same_and_stay_so_when_days_are_added(
    master: str, tmp_path: Path
) -> None:
    made = made_history(date(2025, 2, 20), date(2025, 8, 9), FAULTS, FAMILIES)
    days = (date(2025, 8, 4), date(2025, 8, 9))
    by_spark = rolled(tmp_path / "spark", made, master, *days)
    assert by_spark == rolled(tmp_path / "duckdb", made, "duckdb", *days)
    assert len(by_spark[0]) > 1_000
    assert by_spark[2]


def test_two_workers_are_at_work(master: str, tmp_path: Path) -> None:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - only here where it is installed

    rows = [
        ("Qwen/a", date(2026, month, day), 40 * month + day) for month in (1, 2) for day in (1, 2)
    ]
    paths = [str(path) for path in write(tmp_path, rows)]
    with opened(master) as engine:
        found = roll_up(engine, paths, members("Qwen/a"), date(2026, 3, 1)).rows
        session = SparkSession.getActiveSession()
        assert session is not None
        # The driver is counted with them.
        assert session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() == 1 + 2  # noqa: SLF001
    assert found["downloads"].tolist() == [0, 1, 39, 1]


def test_a_file_that_cannot_be_read_is_said_in_a_sentence(master: str, tmp_path: Path) -> None:
    path = tmp_path / "2026-03.parquet"
    path.write_text("no")
    with opened(master) as engine, pytest.raises(TableUnreadable, match="cannot be read"):
        roll_up(engine, [str(path)], members("Qwen/a"), date(2026, 3, 1))

"""Stores with counter files, whose daily figures are added up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from core.refreshing.daily import write_daily
from core.schemas import DAILY, TABLES
from core.settings import Settings
from core.store.store import Store
from tests.core.measure import rollup_independent as independent
from tests.core.measure.rollups import FAMILIES, RULES, as_models, made_history, readings, write
from tests.fakes.history import Faults

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from tests.fakes.history import MadeHistory

FAULTS = Faults(
    gaps=((date(2025, 5, 3), date(2025, 5, 9)), (date(2025, 7, 10), date(2025, 7, 13))),
    partial=(date(2025, 4, 10), date(2025, 7, 20)),
    stalls=(date(2025, 4, 20), date(2025, 7, 3)),
    rollbacks=(date(2025, 5, 20), date(2025, 8, 5)),
    frozen=2,
    doubled=8,
)
NOON = datetime(2025, 8, 10, 12, tzinfo=UTC)


class Site:
    """A store, and what a conductor does with what is delivered."""

    def __init__(self, home: Path) -> None:
        self.store = Store(home)
        self.settings = Settings.from_environment({"GROUNDSWELL_HOME": str(home)})
        self.folder = home / "counters" / "modelpulse"
        self.delivered: list[Mapping[str, pd.DataFrame]] = []

    def roll(self, now: datetime = NOON) -> str:
        self.delivered = []
        told = write_daily(self.store, self.settings, FAMILIES, now, self.delivered.append)
        for tables in self.delivered:
            for name, rows in tables.items():
                if len(rows):
                    self.store.add(TABLES[name], rows, now)
        return told

    def new_rows(self) -> int:
        return sum(len(tables[DAILY.name]) for tables in self.delivered)

    def daily(self) -> list[independent.Row]:
        return independent.as_rows(self.store.own(DAILY))


def history(start: date = date(2025, 7, 1)) -> MadeHistory:
    return made_history(start, date(2025, 8, 9), FAULTS, FAMILIES)


def small(site: Site) -> None:
    """One model on four days of two months."""
    days = (date(2025, 7, 30), date(2025, 7, 31), date(2025, 8, 1), date(2025, 8, 2))
    rows = [("Qwen/x", day, 10 * at) for at, day in enumerate(days)]
    write(site.folder / "everything", rows)


def expected(made: MadeHistory, today: date) -> list[independent.Row]:
    counters = independent.by_model(readings(made), today, made.renames())
    told = independent.shares(as_models(made), RULES.family_of)
    return independent.family_rows(counters, told, today)

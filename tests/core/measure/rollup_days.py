"""Days of March 2026, and what is added up of counters read on them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.measure.rollup import Sums, roll_up
from core.measure.rollup_families import family_days
from tests.core.measure import rollup_independent as independent
from tests.core.measure.rollups import write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.measure.membership import Membership
    from core.measure.rollup_engine import Engine
    from tests.core.measure.rollup_independent import Reading

TODAY = date(2026, 3, 20)


def at(day: int) -> date:
    return date(2026, 3, day)


def added(
    engine: Engine, folder: Path, rows: Sequence[Reading], who: Membership, today: date = TODAY
) -> Sums:
    return roll_up(engine, [str(path) for path in write(folder, rows)], who, today)


def lines(sums: Sums, who: Membership, basis: str = "official") -> list[tuple[object, ...]]:
    """Family, day of March 2026, downloads, complete, days, all-time counter."""
    daily = family_days(sums, who, "hand", TODAY).daily
    return [
        (row[0], int(row[2][-2:]), *row[3:])
        for row in independent.as_rows(daily)
        if row[1] == basis
    ]

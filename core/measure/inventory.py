"""What is in the store: rows, span, and how much of each column is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from core.measure.milestones import bounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.schemas import Table


def span(frame: pd.DataFrame, table: Table) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """First and last day of the table's rows; None where it has none."""
    if frame.empty:
        return None
    when = frame[table.when]
    if not pd.api.types.is_datetime64_any_dtype(when.dtype):
        when, _ = bounds(when)  # a year's last day may lie ahead
    when = when.dropna()
    if when.empty:
        return None
    if when.dt.tz is not None:
        when = when.dt.tz_localize(None)
    return when.min().normalize(), when.max().normalize()


def known(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """A row a column: ``column``, ``meaning``, ``known`` rows, and their ``share``."""
    filled = frame.notna().sum()
    return known_of({str(name): int(number) for name, number in filled.items()}, len(frame), table)


def known_of(filled: Mapping[str, int], rows: int, table: Table) -> pd.DataFrame:
    """As ``known``, of ``rows`` rows that know each column so many times."""
    numbers = [filled.get(column.name, 0) for column in table.columns]
    return pd.DataFrame(
        {
            "column": [column.name for column in table.columns],
            "meaning": [column.meaning for column in table.columns],
            "known": numbers,
            "share": [number / rows if rows else float("nan") for number in numbers],
        }
    )

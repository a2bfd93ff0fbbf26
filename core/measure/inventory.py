"""What is in the store: rows, span, and how much of each column is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from core.measure.milestones import bounds

if TYPE_CHECKING:
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
    return pd.DataFrame(
        {
            "column": [column.name for column in table.columns],
            "meaning": [column.meaning for column in table.columns],
            "known": [int(filled[column.name]) for column in table.columns],
            "share": [
                float(filled[column.name] / len(frame)) if len(frame) else float("nan")
                for column in table.columns
            ],
        }
    )

"""Totals of all downloads so far that others published, on the dates of the shares."""

from __future__ import annotations

from typing import Final

import pandas as pd

from core.errors import NothingToShow
from core.measure import milestones as published
from core.measure.remembered import remembered

TOTALS: Final = "cumulative_downloads"
"""Metric of the published totals that stand below the shares."""


def published_totals(
    table: pd.DataFrame, families: tuple[str, ...], start: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """Totals of all downloads so far that others published about ``families``.

    Rows of ``milestones.of_family`` whose day, month or year touches the range.
    Raises ``NothingToShow`` where there are none, saying when there are.
    """
    if not families:
        message = "No family is chosen."
        raise NothingToShow(message)
    every = _totals(table)
    totals = every[every["family"].isin(families)]
    names = " and ".join(families) if len(families) < 3 else "these families"  # noqa: PLR2004
    if totals.empty:
        message = f"No total of all downloads so far has been published for {names}."
        raise NothingToShow(message)
    totals = totals[totals["first_day"].notna()]
    touching = totals[(totals["first_day"] <= end) & (totals["last_day"] >= start)]
    if touching.empty:
        message = (
            f"No published total of all downloads so far for {names} is dated {dated(start, end)}."
        )
        advice = ""
        if len(totals):
            advice = (
                f"Those known are dated from {totals['first_day'].min():%Y-%m-%d} to "
                f"{totals['last_day'].max():%Y-%m-%d}: choose other dates to see them."
            )
        raise NothingToShow(message, advice=advice)
    return touching.sort_values("first_day", kind="stable", ignore_index=True)


@remembered
def _totals(table: pd.DataFrame) -> pd.DataFrame:
    """Every total of all downloads so far, as ``milestones.of_family`` gives them."""
    rows = table[(table["metric"] == TOTALS) & table["value"].notna()]
    families = rows["family"].dropna().unique()
    found = [published.of_family(rows, family) for family in families]
    return pd.concat(found, ignore_index=True) if found else published.of_family(rows, "")


def dated(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Dates as they stand after what lies in them: "on …" or "from … to …"."""
    if start == end:
        return f"on {start:%Y-%m-%d}"
    return f"from {start:%Y-%m-%d} to {end:%Y-%m-%d}"

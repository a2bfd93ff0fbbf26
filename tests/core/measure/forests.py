"""Small forests from rows written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from core.measure.forest import Forest
from core.schemas import LINKS, LISTINGS, MODELS, READINGS
from core.store import parquet

if TYPE_CHECKING:
    from core.schemas import Table

DAY = pd.Timestamp("2026-01-01")


def forest(
    links: pd.DataFrame,
    models: pd.DataFrame | None = None,
    readings: pd.DataFrame | None = None,
    listings: pd.DataFrame | None = None,
) -> Forest:
    """The forest of rows in which only what matters is written out."""
    usual = {"seen_on": DAY, "source": "hand", "relation": "finetune", "last_seen": DAY}
    return Forest.of(
        _whole(links, LINKS, usual),
        _whole(models, MODELS, usual),
        _whole(readings, READINGS, usual),
        _whole(listings, LISTINGS, usual),
    )


def _whole(rows: pd.DataFrame | None, table: Table, usual: dict[str, object]) -> pd.DataFrame:
    """``rows`` with all columns of ``table``, in its types."""
    empty = parquet.empty(table)
    if rows is None:
        return empty
    missing = {name: usual.get(name) for name in empty.columns if name not in rows}
    whole = rows.assign(**missing)[list(empty.columns)]
    return whole.astype(empty.dtypes.to_dict())

"""How the rows of several files of one table come together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from core.schemas import MODELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.schemas import Table


def joined(frames: Sequence[pd.DataFrame], table: Table) -> pd.DataFrame:
    """Rows of ``frames``, oldest frame first; of rows with one key the newest counts.

    A model is told of piece by piece: what its newest row does not know, an
    older one may, and it was first seen when its first row says.
    """
    if len(frames) == 1:
        return frames[0]
    rows = pd.concat(frames, ignore_index=True)
    key = list(table.key)
    if not rows.duplicated(key).any():
        return rows
    if table is not MODELS:
        return rows.drop_duplicates(key, keep="last", ignore_index=True)
    groups = rows.groupby("model_id", sort=False)
    told: pd.DataFrame = groups.last().reset_index()[list(rows.columns)]
    return told.assign(first_seen=groups["first_seen"].min().to_numpy()).astype(rows.dtypes)

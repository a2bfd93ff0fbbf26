"""Small frames written by hand, in the shape that the measures expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from core.schemas import Family

if TYPE_CHECKING:
    from collections.abc import Mapping

MONDAY = pd.Timestamp("2026-01-05")
TUESDAY = pd.Timestamp("2026-01-06")
WEDNESDAY = pd.Timestamp("2026-01-07")

Listed = dict[str, list[int | None]]
"""Downloads of each family's models on one day; None where one is not listed."""


def official(days: Mapping[pd.Timestamp, Listed]) -> pd.DataFrame:
    """Readings of official models: the third model of A is ``A/3``."""
    rows = [
        (day, family, f"{family}/{number}", downloads, "hand")
        for day, families in days.items()
        for family, models in families.items()
        for number, downloads in enumerate(models, start=1)
        if downloads is not None
    ]
    columns = ["day", "family", "model_id", "downloads", "source"]
    frame = pd.DataFrame(rows, columns=columns).astype({"downloads": "int64"})
    return frame.sort_values(
        ["day", "downloads", "model_id"], ascending=[True, False, True], ignore_index=True
    )


def family(name: str, accounts: tuple[str, ...], pattern: str = "") -> Family:
    """A family of which only name, accounts and pattern matter."""
    return Family(name, "maker", "country", accounts, pattern, "", "", (), "", "", "#123456", "")

"""Readings of official models, and the days on which they can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.measure.families import FamilyRules


def official(readings: pd.DataFrame, rules: FamilyRules, sources: Collection[str]) -> pd.DataFrame:
    """Readings of official models by the comparable ``sources``.

    Columns ``day`` (datetime64, midnight), ``family``, ``model_id``,
    ``downloads`` (int64, trailing 30 days) and ``source``; sorted by day, then
    by downloads from the largest. Where one model was read twice on a day, the
    later reading counts. Readings without a 30-day counter are left out.
    """
    used = readings[readings["source"].isin(set(sources))]
    used = used[used["downloads_30d"].notna()].sort_values("read_at", kind="stable")
    frame = pd.DataFrame(
        {
            "day": used["read_at"].dt.tz_localize(None).dt.normalize(),
            "family": rules.assign(used["model_id"]),
            "model_id": used["model_id"],
            "downloads": used["downloads_30d"].astype("int64"),
            "source": used["source"],
        }
    )
    frame = frame[frame["family"].notna()]
    frame = frame.drop_duplicates(["day", "model_id"], keep="last")
    return frame.sort_values(
        ["day", "downloads", "model_id"], ascending=[True, False, True], ignore_index=True
    )


def days(official_readings: pd.DataFrame) -> list[pd.Timestamp]:
    """The days with readings, oldest first."""
    return [pd.Timestamp(day) for day in sorted(official_readings["day"].unique())]

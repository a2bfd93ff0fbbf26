"""A made-up history as files, as two public datasets lay theirs out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from tests.fakes.history import MadeHistory

FLOOR: Final = date(2025, 2, 27)
"""First day with an all-time counter."""

_CARD: Final = "---\nlicense: {licence}\n---\n# Made up\n"
_UNKNOWN: Final = -1


def pulse_files(made: MadeHistory) -> dict[str, bytes]:
    """Everything as modelpulse/model-pulse-data lays it out."""
    files = {"README.md": _CARD.format(licence="apache-2.0").encode()}
    for month in made.months:
        files[f"series/{month}.parquet"] = made.parquet(made.published(month))
        sums = by_account(made, month)
        files[f"author_series/{month}.parquet"] = made.parquet(sums)
    files["models.parquet"] = made.parquet(_pulse_models(made))
    renames = made.renames()
    files["renames.parquet"] = made.parquet(
        pa.table(
            {
                "old": pa.array(list(renames), pa.string()),
                "new": pa.array(list(renames.values()), pa.string()),
                "gone": pa.nulls(len(renames), pa.date32()),
                "came": pa.nulls(len(renames), pa.date32()),
            }
        )
    )
    return files


def madsys_files(made: MadeHistory, counter: str) -> dict[str, bytes]:
    """Counters on the days they moved, as harvardMadsys/hf-hub-characterization has them."""
    known = np.array([day > FLOOR for day in made.days])
    published = np.where(made.present & known[None, :], made.counter, _UNKNOWN)
    rows: list[tuple[str, date, int]] = []
    for at, one in sorted(enumerate(made.repositories), key=lambda pair: pair[1].hub_id):
        last = _UNKNOWN
        for day, value in zip(made.days, published[at].tolist(), strict=True):
            if value not in {_UNKNOWN, last}:
                rows.append((one.hub_id, day, value))
                last = value
    ids, days, values = zip(*rows, strict=True)
    return {
        "README.md": _CARD.format(licence="cc-by-4.0").encode(),
        "models.parquet": made.parquet(
            pa.table(
                {
                    "hub_id": [one.hub_id for one in made.repositories],
                    "id": [one.id for one in made.repositories],
                    "tags": [["x"] for _ in made.repositories],
                }
            )
        ),
        "downloads.parquet": made.parquet(
            pa.table({"hub_id": ids, "day": pa.array(days, pa.date32()), counter: values})
        ),
    }


def by_account(made: MadeHistory, month: str) -> pa.Table:
    """Rows of a month by account: author, day, dl30, dl_all, likes, models."""
    rows = made.published(month).to_pandas().drop_duplicates(["id", "day"])
    rows["author"] = rows["id"].str.partition("/")[0]
    rows["dl_all"] = rows["dl_all"].fillna(0).astype("int64")
    sums = rows.groupby(["author", "day"], as_index=False).agg(
        dl30=("dl30", "sum"),
        dl_all=("dl_all", "sum"),
        likes=("likes", "sum"),
        models=("id", "size"),
    )
    if not made.faults.zeros_before_floor:
        sums["dl_all"] = sums["dl_all"].astype("Int64").where(sums["day"] >= FLOOR)
    schema = pa.schema(
        [
            ("author", pa.large_string()),
            ("day", pa.date32()),
            ("dl30", pa.int64()),
            ("dl_all", pa.int64()),
            ("likes", pa.int64()),
            ("models", pa.uint32()),
        ]
    )
    return pa.Table.from_pandas(sums, schema=schema, preserve_index=False)


def _pulse_models(made: MadeHistory) -> pa.Table:
    ordered = sorted(made.repositories, key=lambda one: one.id)
    moments = [datetime(*one.created.timetuple()[:3], tzinfo=UTC) for one in ordered]
    return pa.table(
        {
            "id": [one.id for one in ordered],
            "author": [one.id.partition("/")[0] for one in ordered],
            "pipeline_tag": [one.task for one in ordered],
            "is_gguf": [one.is_gguf for one in ordered],
            "created_at": pa.array(moments, pa.timestamp("us", tz="UTC")),
            "base_relation": [one.relation or None for one in ordered],
            "base_ids": pa.array([list(one.bases) for one in ordered], pa.list_(pa.string())),
            "dl30": pa.array([0] * len(ordered), pa.int64()),
        }
    )

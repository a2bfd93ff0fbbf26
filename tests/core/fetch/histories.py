"""What the tests of public histories share: a fake Hub that serves one, and what is in it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.fetch.history import Wish
from core.fetch.history_hub import Repository
from core.fetch.http import Visit
from core.refreshing.history_picks import picks
from core.store.definitions import load_families
from tests.fakes.history import PULSE, MadeHistory
from tests.fakes.world import MAKERS

if TYPE_CHECKING:
    from pathlib import Path

    from core.fetch.history import History, Known
    from tests.fakes.hub import HubFake

FAMILIES = load_families(MAKERS)
TODAY = date(2025, 9, 15)
FLOOR = pd.Timestamp("2025-02-27")


@cache
def small(group_rows: int = 500) -> MadeHistory:
    """Half a year of few models, with a renaming, a gap, a stall and a rollback."""
    return MadeHistory.of_families(
        FAMILIES,
        official=2,
        derivatives=20,
        strangers=8,
        start=date(2025, 2, 15),
        end=date(2025, 8, 10),
        group_rows=group_rows,
    )


@cache
def small_files() -> dict[str, bytes]:
    """It as Model Pulse lays it out; not to be changed."""
    return small().pulse_files()


@dataclass
class Got:
    """What came of one level: rows by month, and how many bytes it took."""

    rows: dict[str, pd.DataFrame]
    fetched: int
    requests: int

    @property
    def all(self) -> pd.DataFrame:
        return pd.concat(self.rows.values(), ignore_index=True)


def visit(seconds: float = 60) -> Visit:
    return Visit("Model Pulse", seconds)


def repository(hub: HubFake, name: str = PULSE, seconds: float = 60) -> Repository:
    return Repository("Model Pulse", name, hub.url, "", visit(seconds))


def wish(level: str, renames: pa.Table | None = None, today: date = TODAY) -> Wish:
    return Wish(level, picks(FAMILIES, renames), today)


def read(
    history: History, wanted: Wish, scratch: Path, known: dict[str, Known] | None = None
) -> Got:
    """Everything that is missing, as frames."""
    before = history.repository.fetched, history.repository.visit.requests
    rows: dict[str, pd.DataFrame] = {}
    for piece in history.missing(wanted, known or {}):
        scratch.mkdir(exist_ok=True)
        for month in history.months(piece, wanted, scratch):
            rows[month.month] = frame(pa.concat_tables(month.rows))
    return Got(
        dict(sorted(rows.items())),
        history.repository.fetched - before[0],
        history.repository.visit.requests - before[1],
    )


def frame(table: pa.Table) -> pd.DataFrame:
    made = table.to_pandas()
    made["day"] = pd.to_datetime(made["day"])
    return made.astype({"id": object, "all_time": "Int64", "downloads_30d": "Int64"})


def expected(made: MadeHistory) -> pd.DataFrame:
    """What should be kept of everything published, worked out with pandas."""
    truth = made.truth().rename(columns={"dl_all": "all_time", "dl30": "downloads_30d"})
    truth["all_time"] = truth["all_time"].where(truth["day"] >= FLOOR)
    kept = truth.groupby(["id", "day"], as_index=False)[["all_time", "downloads_30d"]].max()
    kept = kept.sort_values(["id", "day"]).reset_index(drop=True)
    return kept.astype({"id": object, "all_time": "Int64", "downloads_30d": "Int64"})


def official(rows: pd.DataFrame, names: frozenset[str] = frozenset()) -> pd.DataFrame:
    """Rows of the made-up official models, whose names alone end so, and of ``names``."""
    return rows[rows["id"].str.endswith("-test") | rows["id"].isin(names)].reset_index(drop=True)


def same(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    found = found.sort_values(["id", "day"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(
        found, wanted[found.columns].reset_index(drop=True), check_dtype=False
    )


def parquet(table: pa.Table, **options: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()

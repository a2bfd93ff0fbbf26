"""Harvard MadSys through the real client: one file of moves becomes months of days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pytest

from core.errors import SourceRefused, SourceUnreadable
from core.fetch.history import Known
from core.fetch.history_moved import HarvardMadsys
from tests.core.fetch.histories import (
    FAMILIES,
    Got,
    official,
    parquet,
    read,
    repository,
    same,
    small,
    wish,
)
from tests.fakes.history import MADSYS, MadeHistory
from tests.fakes.hub import HubFake
from tests.fakes.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def made() -> MadeHistory:
    return small()


@pytest.fixture
def hub(made: MadeHistory) -> Iterator[HubFake]:
    with HubFake(World(FAMILIES)) as hub:
        hub.datasets.put(MADSYS, made.madsys_files())
        yield hub


def get(hub: HubFake, level: str, scratch: Path) -> Got:
    return read(HarvardMadsys(repository(hub, MADSYS)), wish(level), scratch)


def moves(made: MadeHistory) -> pd.DataFrame:
    """Every day on which a counter differs from the day before that had one, by today's name."""
    names = made.renames()
    rows = made.truth()
    rows["id"] = rows["id"].map(lambda name: names.get(name, name))
    rows = rows[rows["day"] >= pd.Timestamp("2025-02-28")].drop_duplicates(["id", "day"])
    rows = rows.sort_values(["id", "day"])
    moved = rows["dl_all"] != rows.groupby("id")["dl_all"].shift()
    return rows[moved.fillna(value=True)].rename(columns={"dl_all": "all_time"})


def test_everything_is_the_moves(made: MadeHistory, hub: HubFake, tmp_path: Path) -> None:
    got = get(hub, "everything", tmp_path)
    same(got.all[["id", "day", "all_time"]], moves(made)[["id", "day", "all_time"]])
    assert got.all["downloads_30d"].isna().all()


def test_official_has_every_day_on_which_any_counter_moved(
    made: MadeHistory, hub: HubFake, tmp_path: Path
) -> None:
    moved = official(moves(made))
    wide = moved.pivot_table(index="day", columns="id", values="all_time", aggfunc="first")
    every = pd.Index(sorted(moves(made)["day"].unique()), name="day")
    wide = wide.reindex(every).ffill()
    wanted = (
        wide.reset_index().melt("day", value_name="all_time").dropna().sort_values(["id", "day"])
    )
    got = get(hub, "official", tmp_path)
    same(got.all[["id", "day", "all_time"]], wanted[["id", "day", "all_time"]])


def test_accounts_are_not_published(hub: HubFake) -> None:
    with pytest.raises(SourceRefused, match="no totals by account"):
        HarvardMadsys(repository(hub, MADSYS)).missing(wish("accounts"), {})


def test_size_is_told_and_what_is_here_is_not_fetched_again(hub: HubFake, tmp_path: Path) -> None:
    history = HarvardMadsys(repository(hub, MADSYS))
    size = history.size(wish("official"), {})
    assert 0 < size.bytes < len(hub.datasets.shelf[MADSYS].files["downloads.parquet"].content) * 2
    (piece,) = history.missing(wish("official"), {})
    read(history, wish("official"), tmp_path)
    now = datetime(2025, 9, 15, tzinfo=UTC)
    known = {"2025-08": Known(piece.file.etag, now, wish("official").picks.rule)}
    assert history.missing(wish("official"), known) == []
    assert history.size(wish("official"), known).bytes == 0


@pytest.mark.parametrize("name", ["dl_all", "downloadsAllTime", "count"])
def test_counters_go_by_several_names(made: MadeHistory, tmp_path: Path, name: str) -> None:
    with HubFake(World(FAMILIES)) as hub:
        hub.datasets.put(MADSYS, made.madsys_files(counter=name))
        assert len(get(hub, "official", tmp_path).all)


def test_downloads_of_single_days_are_not_taken_for_counters(tmp_path: Path) -> None:
    days = [date(2025, 8, 1 + n) for n in range(31)]
    figures = [100 + (n * 37) % 50 for n in range(31)]
    table = pa.table(
        {
            "hub_id": [f"{at}" for at in range(4) for _ in days],
            "date": pa.array(days * 4),
            "downloads": figures * 4,
        }
    )
    names = pa.table({"hub_id": ["0", "1", "2", "3"], "id": [f"Qwen/{n}" for n in range(4)]})
    with HubFake(World(FAMILIES)) as hub:
        hub.datasets.put(
            MADSYS, {"downloads.parquet": parquet(table), "models.parquet": parquet(names)}
        )
        with pytest.raises(SourceUnreadable, match=r"downloads\.parquet .* rise and fall"):
            get(hub, "official", tmp_path)


def test_names_that_are_not_there_are_a_sentence(made: MadeHistory, tmp_path: Path) -> None:
    files = made.madsys_files()
    files["models.parquet"] = parquet(pa.table({"hub_id": ["1"], "title": ["x"]}))
    with HubFake(World(FAMILIES)) as hub:
        hub.datasets.put(MADSYS, files)
        with pytest.raises(SourceUnreadable) as caught:
            get(hub, "official", tmp_path)
    assert (
        "models.parquet of Model Pulse has the columns “hub_id”, “title”" in caught.value.sentence
    )

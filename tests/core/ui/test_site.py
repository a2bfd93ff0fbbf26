from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.errors import DefinitionError, NothingToShow, TableMissing, TableUnreadable
from core.schemas import TABLES
from core.store.store import Store
from core.ui.site import Site
from tests.independent import DATA, DAYS, headline, official

if TYPE_CHECKING:
    from pathlib import Path

    from core.errors import StoreError

DAY, SINCE = pd.Timestamp(DAYS[-1]), pd.Timestamp(DAYS[0])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the embedded data, to be broken."""
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("figures"))
    return tmp_path / "data"


def length_of_traceback(error: StoreError) -> int:
    length, step = 0, error.__traceback__
    while step:
        length, step = length + 1, step.tb_next
    return length


def test_days_are_the_ones_that_can_be_compared(site: Site) -> None:
    assert site.days == [pd.Timestamp(day) for day in DAYS]


def test_official_readings_are_those_of_the_comparable_source(site: Site) -> None:
    assert set(site.official["source"]) == {"llmfit"}
    assert len(site.official) == sum(len(ids) for day in DAYS for ids in official(day).values())


def test_leaderboard_is_worked_out_once_and_right(site: Site) -> None:
    board = site.leaderboard(DAY, SINCE, without_biggest=False)
    expected = headline(DAYS[-1])
    assert board is site.leaderboard(DAY, SINCE, without_biggest=False)
    assert board.ranked.iloc[0]["family"] == expected.leader
    assert board.total == expected.total


def test_leaderboards_of_other_choices_are_others(site: Site) -> None:
    board = site.leaderboard(DAY, SINCE, without_biggest=False)
    assert site.leaderboard(DAY, SINCE, without_biggest=True).total < board.total
    assert site.leaderboard(DAY, None, without_biggest=False).since is None


def test_what_is_worked_out_from_the_tables_is_shared(site: Site) -> None:
    for one, other in [
        (site.index_over_time(SINCE, DAY, without_biggest=True),) * 2,
        (site.models("Qwen", DAY, SINCE), site.models("Qwen", DAY, SINCE)),
        (site.published("Qwen"), site.published("Qwen")),
        (site.frame("links"), site.frame("links")),
    ]:
        assert one is other


def test_palette_has_every_family_with_its_colour(site: Site) -> None:
    assert len(site.palette) == 16
    assert site.colour("Qwen") == "#773EEA"


def test_nothing_to_show_is_said_each_time(site: Site) -> None:
    for _ in range(2):
        with pytest.raises(NothingToShow):
            site.leaderboard(pd.Timestamp("2020-01-01"), None, without_biggest=False)


def test_broken_table_raises_for_what_needs_it_alone(data: Path) -> None:
    (data / "snapshot" / "readings.parquet").write_bytes(b"PAR1")
    site = Site(Store(None, data))
    with pytest.raises(TableUnreadable):
        site.leaderboard(DAY, None, without_biggest=False)
    assert len(site.published("Qwen"))
    assert len(site.artefacts)
    assert len(site.palette) == 16


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table.embedded])
def test_missing_table_leaves_all_others(data: Path, name: str) -> None:
    (data / "snapshot" / f"{name}.parquet").unlink()
    site = Site(Store(None, data))
    with pytest.raises(TableMissing) as raised:
        site.frame(name)
    assert raised.value.table == name
    for other in TABLES.keys() - {name}:
        assert site.frame(other) is not None


def test_error_of_a_broken_table_does_not_grow_each_time_it_is_met(data: Path) -> None:
    (data / "snapshot" / "links.parquet").unlink()
    site = Site(Store(None, data))
    lengths = []
    for _ in range(4):
        with pytest.raises(TableMissing) as raised:
            site.frame("links")
        lengths.append(length_of_traceback(raised.value))
    assert lengths[-1] <= lengths[1]


def test_mistake_in_the_makers_leaves_the_tables(data: Path) -> None:
    (data / "makers.toml").write_text("[[family")
    site = Site(Store(None, data))
    for _ in range(2):
        with pytest.raises(DefinitionError):
            site.official  # noqa: B018
    assert len(site.frame("readings")) == 9996


def test_faults_are_those_of_the_tables_asked_for(data: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    for name in ("links", "prices"):
        (home / name).mkdir(parents=True)
        (home / name / "x.parquet").write_bytes(b"")
    site = Site(Store(home, data))
    assert [fault.table for fault in site.faults("readings", "links")] == ["links"]
    assert [fault.table for fault in site.faults("prices", "links")] == ["prices", "links"]


def test_new_version_of_the_definitions_is_a_new_site(data: Path) -> None:
    text = (data / "makers.toml").read_text(encoding="utf-8")
    (data / "makers.toml").write_text(text.replace('"Llama"', '"Alpaca"'), encoding="utf-8")
    assert "Alpaca" in set(Site(Store(None, data)).official["family"])

"""Counter files that are damaged and disks that fill: the figures of before stay."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import TableMismatch, TableUnreadable
from core.schemas import DAILY
from tests.conftest import ROOT
from tests.core.measure.rollups import lay_out, write
from tests.core.refreshing.rolled_sites import NOON, Site, expected, history, small

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "home")


@pytest.mark.parametrize(
    "damage",
    [
        "cut",
        "column",
        pytest.param("text", marks=pytest.mark.slow),
        pytest.param("type", marks=pytest.mark.slow),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_the_old_figures_stay(
    site: Site, damage: str
) -> None:
    small(site)
    site.roll()
    before = site.daily()
    path = site.folder / "everything" / "2025-07.parquet"
    table = pq.read_table(path)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif damage == "text":
        path.write_text("not Parquet")
    elif damage == "column":
        pq.write_table(table.drop_columns(["all_time"]), path)
    else:
        pq.write_table(table.set_column(2, "all_time", pa.array(["1"] * len(table))), path)
    wrong = TableMismatch if damage in {"column", "type"} else TableUnreadable
    with pytest.raises(wrong, match=r"everything/2025-07\.parquet of the daily"):
        site.roll()
    assert not site.delivered
    assert site.daily() == before


def test_damage_inside_a_file_stops_only_its_source(site: Site) -> None:
    path = write(
        site.folder / "everything",
        [(f"Qwen/{n:06}", date(2025, 3, 1), 10**9 + n * 7919) for n in range(20_000)],
    )[0]
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2_000] = b"\xff" * 2_000
    path.write_bytes(bytes(content))
    other = site.settings.home / "counters" / "zzz" / "official"
    write(other, [("Qwen/x", date(2025, 3, day), 10 * day) for day in (1, 2)])
    with pytest.raises(TableUnreadable):
        site.roll()
    assert [tables[DAILY.name]["source"].tolist() for tables in site.delivered] == [["zzz"]]


PROGRAM = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from core.errors import GroundswellError
from core.refreshing.daily import write_daily
from core.schemas import TABLES
from core.settings import Settings
from core.store.store import Store
home, room = Path(sys.argv[1]), int(sys.argv[2])
store, now = Store(home), datetime(2025, 8, 10, 12, tzinfo=UTC)
def keep(tables):
    for name, rows in tables.items():
        if len(rows):
            store.add(TABLES[name], rows, now)
settings = Settings.from_environment({"GROUNDSWELL_HOME": str(home)})
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
try:
    write_daily(store, settings, store.families(), now, keep)
except GroundswellError as error:
    print(type(error).__name__, error.sentence)
"""
"""Rolls up with room for files of so many bytes."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("room", "named"), [(2_000, "The table 'daily'"), (20_000, "rolled/modelpulse/everything,")]
)
def test_disk_that_fills_leaves_the_figures_of_before(site: Site, room: int, named: str) -> None:
    made = history()
    lay_out(made, site.folder, until=date(2025, 8, 4))
    site.roll(datetime(2025, 8, 5, 12, tzinfo=UTC))
    before = [row for row in site.daily() if row[2] < "2025-08-03"]
    assert before
    lay_out(made, site.folder)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(site.settings.home), str(room)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.startswith("TableUnwritable ")
    assert "File too large" in done.stdout
    assert named in done.stdout
    assert [row for row in site.daily() if row[2] < "2025-08-03"] == before
    assert not list(site.settings.home.rglob("*.part"))
    # With room again it goes on as if nothing had been.
    site.roll()
    assert site.daily() == expected(made, NOON.date())

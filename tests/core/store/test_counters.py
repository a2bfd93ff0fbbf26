"""Counter files: written whole or not at all, marked, found by month."""

from __future__ import annotations

import resource
import subprocess
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from core.counter_schemas import COUNTERS, RENAMES
from core.errors import TableUnwritable
from core.store.counters import Counters, Mark, Writer
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

READ = datetime(2025, 9, 1, 6, tzinfo=UTC)
MARK = Mark("series/2025-08.parquet", "abc", "e1", "apache-2.0", READ, picked="r", fetched=7)


def rows(*days: int, model: str = "Qwen/a") -> pa.Table:
    return pa.table(
        {
            "id": [model] * len(days),
            "day": [date(2025, 8, day) for day in days],
            "all_time": [10**10 + day for day in days],
            "downloads_30d": [None] * len(days),
        },
        schema=COUNTERS,
    )


def write(path: Path, *tables: pa.Table) -> None:
    with Writer(path) as writer:
        for table in tables:
            writer.write(table)
        writer.mark = MARK


def files(home: Path) -> list[str]:
    return sorted(path.name for path in home.rglob("*") if path.is_file())


def test_what_is_written_is_read_with_its_mark(tmp_path: Path) -> None:
    counters = Counters(tmp_path)
    path = counters.file("modelpulse", "official", "2025-08")
    with Writer(path) as writer:
        writer.write(rows(1, 2))
        writer.write(rows())
        writer.write(rows(3, model="x/b"))
        writer.mark = MARK
    assert (writer.rows, writer.first_day, writer.last_day) == (
        3,
        date(2025, 8, 1),
        date(2025, 8, 3),
    )
    assert pq.read_table(path).equals(pa.concat_tables([rows(1, 2), rows(3, model="x/b")]))
    assert pq.read_schema(path).remove_metadata().equals(COUNTERS)
    assert pq.read_metadata(path).row_group(0).column(0).compression == "ZSTD"
    assert Mark.of(path) == MARK
    assert counters.months("modelpulse", "official") == {"2025-08": path}
    assert counters.size("modelpulse", "official") == path.stat().st_size
    assert files(tmp_path) == ["2025-08.parquet"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_error_on_the_way_leaves_what_was_there(tmp_path: Path) -> None:
    path = Counters(tmp_path).file("modelpulse", "official", "2025-08")
    write(path, rows(1))
    before = path.read_bytes()
    with pytest.raises(TypeError):
        write(path, rows(1, 2, 3), None)  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert files(tmp_path) == ["2025-08.parquet"]


def test_disk_that_takes_no_more_leaves_nothing_half_written(tmp_path: Path) -> None:
    path = Counters(tmp_path).file("modelpulse", "everything", "2025-08")
    write(path, rows(1))
    before = path.read_bytes()
    program = """
import os, sys
from pathlib import Path
import numpy as np, pyarrow as pa
from core.counter_schemas import COUNTERS
from core.errors import TableUnwritable
from core.store.counters import Writer
noise = pa.table({
    "id": [f"x/{n:06}" for n in range(50_000)], "day": pa.array([20300] * 50_000, pa.date32()),
    "all_time": np.random.default_rng(1).integers(0, 2**60, 50_000),
    "downloads_30d": pa.nulls(50_000, pa.int64()),
}, schema=COUNTERS)
try:
    with Writer(Path(sys.argv[1])) as writer:
        for _ in range(10):
            writer.write(noise)
except TableUnwritable as error:
    print(error.sentence)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000)),
    )
    assert done.stderr == ""
    assert done.stdout == (
        "modelpulse/everything/2025-08.parquet of the daily history could not be written: "
        "File too large.\n"
    )
    assert path.read_bytes() == before
    assert files(tmp_path) == ["2025-08.parquet"]


def test_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "counters").write_text("in the way")
    path = Counters(tmp_path).file("modelpulse", "official", "2025-08")
    with pytest.raises(TableUnwritable, match=r"official/2025-08\.parquet"):
        write(path, rows(1))
    with pytest.raises(TableUnwritable):
        Counters(tmp_path).make_downloads("modelpulse")
    with pytest.raises(TableUnwritable):
        Counters(tmp_path).write_sizes({})


def test_paths_are_one_file_a_month_of_the_first_level_that_has_it(tmp_path: Path) -> None:
    counters = Counters(tmp_path)
    for level, month in [
        ("everything", "2025-06"),
        ("everything", "2025-07"),
        ("official", "2025-07"),
        ("official", "2025-08"),
    ]:
        write(counters.file("modelpulse", level, month), rows(1))
    (tmp_path / "counters/modelpulse/official/notes.parquet").write_bytes(b"no month")
    found = counters.paths("modelpulse", "official", "everything")
    assert [f"{path.parent.name}/{path.stem}" for path in found] == [
        "everything/2025-06",
        "official/2025-07",
        "official/2025-08",
    ]
    assert ds.dataset(found, schema=COUNTERS).count_rows() == 3
    assert counters.paths("nobody", "official") == []


def test_damaged_file_has_no_mark(tmp_path: Path) -> None:
    path = Counters(tmp_path).file("modelpulse", "official", "2025-08")
    write(path, rows(1))
    path.write_bytes(path.read_bytes()[:-9])
    assert Mark.of(path) is None
    assert Mark.of(tmp_path / "none.parquet") is None
    pq.write_table(rows(1), path)
    assert Mark.of(path) is None


def test_what_a_killed_refresh_left_is_removed(tmp_path: Path) -> None:
    counters = Counters(tmp_path)
    write(counters.file("modelpulse", "official", "2025-08"), rows(1))
    (tmp_path / "counters/modelpulse/official/tmpx.part").write_bytes(b"half")
    (counters.make_downloads("modelpulse") / "whole.parquet").write_bytes(b"x")
    counters.forget_unfinished()
    counters.forget_downloads("modelpulse")
    assert files(tmp_path) == ["2025-08.parquet"]


def test_renames_and_sizes(tmp_path: Path) -> None:
    counters = Counters(tmp_path)
    assert counters.read_renames("modelpulse") is None
    assert counters.read_sizes() == {}
    table = pa.table({"old": ["a/x"], "new": ["b/x"]}, schema=RENAMES)
    with Writer(counters.renames("modelpulse"), RENAMES) as writer:
        writer.write(table)
    read = counters.read_renames("modelpulse")
    assert read is not None
    assert read.to_pylist() == [{"old": "a/x", "new": "b/x"}]
    counters.write_sizes({"source": "modelpulse"})
    assert counters.read_sizes() == {"source": "modelpulse"}

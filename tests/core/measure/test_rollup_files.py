"""Files for a roll-up: none, questions about them, damaged ones, too little memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.errors import SettingError, StoreError, TableUnreadable
from core.measure.rollup import roll_up
from core.measure.rollup_engine import opened
from core.measure.rollup_families import family_days, model_days
from core.measure.rollup_questions import checksum, last_month, official_names, with_readings
from tests.core.measure.rollup_days import TODAY, added, at
from tests.core.measure.rollups import members, write

if TYPE_CHECKING:
    from pathlib import Path

    from core.measure.rollup_engine import Engine


def test_no_files_and_no_members_give_no_rows(engine: Engine, tmp_path: Path) -> None:
    who = members("Qwen/a")
    empty = roll_up(engine, [], who, TODAY)
    assert family_days(empty, who, "hand", TODAY).daily.empty
    assert model_days(empty, who, "hand", TODAY).empty
    nobody = members("someone/else")
    assert added(engine, tmp_path, [("someone/else", at(1), 1)], nobody).rows.empty


def test_questions_about_files(engine: Engine, tmp_path: Path) -> None:
    rows = [
        ("qwen/a", at(1), 5, 3),
        ("qwen/a", at(2), None, 0),
        ("me/x", at(1), None, 9),
        ("me/x", at(3), 7, 8),
    ]
    paths = [str(path) for path in write(tmp_path, rows)]
    assert official_names(engine, paths, ["Qwen", "THUDM"]) == ["qwen/a"]
    assert with_readings(engine, paths, ["qwen/a", "me/x", "x"], at(2)) == {"qwen/a"}
    assert with_readings(engine, paths, [], at(2)) == set()
    assert checksum(engine, paths[0], at(2)) == (1, 5)
    assert checksum(engine, paths[0], at(3)) == (2, 12)
    found = last_month(engine, paths, ["qwen/a", "me/x"], at(1))
    assert found.to_numpy().tolist() == [["me/x", pd.Timestamp("2026-03-03"), 8]]


def test_what_cannot_be_read_or_started_is_said_in_a_sentence(
    engine: Engine, tmp_path: Path
) -> None:
    broken = tmp_path / "2026-03.parquet"
    broken.write_text("no")
    with pytest.raises(TableUnreadable, match="cannot be read"):
        roll_up(engine, [str(broken)], members("Qwen/a"), TODAY)
    with pytest.raises(SettingError, match="Spark"), opened("spark://127.0.0.1:1"):
        pass


def test_memory_that_is_too_small_is_said(tmp_path: Path) -> None:
    who = members(*(f"Qwen/{n}" for n in range(5_000)))
    rows = [(f"Qwen/{n}", at(1), n) for n in range(5_000)]
    paths = [str(path) for path in write(tmp_path, rows)]
    with opened("duckdb", memory="1MB") as small, pytest.raises(StoreError, match="memory or disk"):
        roll_up(small, paths, who, TODAY)

"""Which days are complete, partial or unfinished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.measure.rollup_families import model_days
from tests.core.measure.rollup_days import TODAY, added, at, lines
from tests.core.measure.rollups import members

if TYPE_CHECKING:
    from pathlib import Path

    from core.measure.rollup_engine import Engine


def test_a_partial_day_neither_collapses_nor_counts_twice(engine: Engine, tmp_path: Path) -> None:
    who = members(*(f"Qwen/{n}" for n in range(10)))
    rows = [
        (f"Qwen/{n}", at(day), 1_000 + 10 * day)
        for n in range(10)
        for day in (1, 2, 3, 4, 5)
        if day != 3 or n < 3
    ]
    found = lines(added(engine, tmp_path, rows, who), who)
    assert found == [
        ("Qwen", 1, 100, True, 1, 10_200),
        ("Qwen", 2, 30, False, 1, 10_230),
        ("Qwen", 3, 170, False, 1, 10_400),
        ("Qwen", 4, 100, True, 1, 10_500),
    ]


def test_a_day_without_the_biggest_model_is_partial_however_many_others_are_there(
    engine: Engine, tmp_path: Path
) -> None:
    who = members(*(f"Qwen/{n}" for n in range(20)))
    rows = [
        (f"Qwen/{n}", at(day), (1_000 if n == 0 else 10) + day)
        for n in range(20)
        for day in (1, 2, 3, 4)
        if day != 3 or n
    ]
    found = lines(added(engine, tmp_path, rows, who), who)
    assert [row[3] for row in found] == [True, False, False]


def test_models_that_stay_away_are_no_longer_expected_after_seven_readings(
    engine: Engine, tmp_path: Path
) -> None:
    who = members("Qwen/0", "Qwen/1")
    rows = [("Qwen/0", at(day), 100) for day in range(1, 15)]
    rows += [("Qwen/1", at(day), 100) for day in range(1, 4)]
    found = lines(added(engine, tmp_path, rows, who), who)
    # Readings of the 4th to the 10th are less than one of the seven before them.
    assert [row[1] for row in found if not row[3]] == list(range(3, 11))


def test_a_reading_of_today_is_unfinished_and_one_of_tomorrow_is_not_there(
    engine: Engine, tmp_path: Path
) -> None:
    who = members("Qwen/a")
    rows = [("Qwen/a", at(day), 10 * day) for day in (18, 19, 20, 21)]
    sums = added(engine, tmp_path, rows, who)
    assert lines(sums, who) == [("Qwen", 18, 10, True, 1, 190), ("Qwen", 19, 10, False, 1, 200)]
    assert model_days(sums, who, "hand", TODAY)["day"].dt.day.tolist() == [18]
    assert sums.state.day == at(19)

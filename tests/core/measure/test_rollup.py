"""Downloads of a day from counters: by hand, in two goes, and by loops."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.counter_schemas import COUNTERS
from core.measure.rollup import roll_up
from core.measure.rollup_families import family_days, model_days
from tests.core.measure import rollup_independent as independent
from tests.core.measure.rollup_days import TODAY, added, at, lines
from tests.core.measure.rollup_independent import Model
from tests.core.measure.rollups import RULES, links, members, write

if TYPE_CHECKING:
    from pathlib import Path

    from core.measure.rollup_engine import Engine
    from tests.core.measure.rollup_independent import Reading


def test_a_day_is_the_next_ones_counter_less_its_own(engine: Engine, tmp_path: Path) -> None:
    who = members("Qwen/a", "Qwen/b", "someone/else")
    rows = [
        ("Qwen/a", at(1), 100),
        ("Qwen/a", at(2), 130),
        ("Qwen/b", at(1), 1_000),
        ("Qwen/b", at(2), 1_005),
        ("someone/else", at(1), 0),
        ("someone/else", at(2), 900),
    ]
    sums = added(engine, tmp_path, rows, who)
    assert lines(sums, who) == [("Qwen", 1, 35, True, 1, 1_135)]
    assert independent.as_model_rows(model_days(sums, who, "hand", TODAY)) == [
        ("Qwen/a", "2026-03-01", 30, 1, 130),
        ("Qwen/b", "2026-03-01", 5, 1, 1_005),
    ]


def test_a_gap_is_one_step_on_its_last_day(engine: Engine, tmp_path: Path) -> None:
    who = members("Qwen/a")
    rows = [("Qwen/a", at(1), 10), ("Qwen/a", at(2), 12), ("Qwen/a", at(7), 40)]
    assert lines(added(engine, tmp_path, rows, who), who) == [
        ("Qwen", 1, 2, True, 1, 12),
        ("Qwen", 6, 28, True, 5, 40),
    ]


def test_unknown_is_not_zero(engine: Engine, tmp_path: Path) -> None:
    who = members("Qwen/a", "Qwen/b")
    rows = [
        ("Qwen/a", at(1), None),
        ("Qwen/a", at(2), 5_000),
        ("Qwen/a", at(3), None),
        ("Qwen/a", at(4), 5_007),
        ("Qwen/b", at(1), -3),
        ("Qwen/b", at(2), 2**47),
    ]
    assert lines(added(engine, tmp_path, rows, who), who) == [("Qwen", 3, 7, True, 2, 5_007)]


def test_a_new_models_counter_is_part_of_the_total_and_of_no_day(
    engine: Engine, tmp_path: Path
) -> None:
    who = members("Qwen/a", "Qwen/b")
    rows = [("Qwen/a", at(day), 100 * day) for day in (1, 2, 3)]
    rows += [("Qwen/b", at(2), 5), ("Qwen/b", at(3), 9)]
    assert lines(added(engine, tmp_path, rows, who), who) == [
        ("Qwen", 1, 100, True, 1, 205),
        ("Qwen", 2, 104, True, 1, 309),
    ]


def test_of_two_readings_of_a_day_the_larger_counts(engine: Engine, tmp_path: Path) -> None:
    who = members("Qwen/a")
    rows = [
        ("Qwen/a", at(1), 7),
        ("Qwen/a", at(1), 10),
        ("Qwen/a", at(1), 8),
        ("Qwen/a", at(2), 30),
        ("Qwen/a", at(2), 25),
        ("Qwen/a", at(3), 31),
        ("Qwen/a", at(3), 31),
    ]
    sums = added(engine, tmp_path, rows, who)
    assert lines(sums, who) == [("Qwen", 1, 20, True, 1, 30), ("Qwen", 2, 1, True, 1, 31)]
    assert sums.rows["present"].tolist() == [1, 1, 1]
    assert sums.rows["counters"].tolist() == [10, 30, 31]


def test_a_renamed_model_goes_on_where_it_was(engine: Engine, tmp_path: Path) -> None:
    who = members("old/x", "Qwen/x", "THUDM/glm-4", "zai-org/glm-4", **{"old/x": "Qwen/x"})
    rows = [
        ("old/x", at(1), 10),
        ("old/x", at(2), 20),
        ("Qwen/x", at(2), 21),
        ("old/x", at(3), 21),
        ("Qwen/x", at(3), 30),
        ("Qwen/x", at(4), 44),
        ("THUDM/glm-4", at(1), 500),
        ("THUDM/glm-4", at(2), 600),
        ("zai-org/glm-4", at(3), 725),
    ]
    assert lines(added(engine, tmp_path, rows, who), who) == [
        ("GLM", 1, 100, True, 1, 600),
        ("GLM", 2, 125, True, 1, 725),
        ("Qwen", 1, 11, True, 1, 21),
        ("Qwen", 2, 9, True, 1, 30),
        ("Qwen", 3, 14, True, 1, 44),
    ]


def test_a_fall_is_kept(engine: Engine, tmp_path: Path) -> None:
    who = members("Qwen/a")
    rows = [("Qwen/a", at(1), 1_000), ("Qwen/a", at(2), 950), ("Qwen/a", at(3), 980)]
    assert lines(added(engine, tmp_path, rows, who), who) == [
        ("Qwen", 1, -50, True, 1, 950),
        ("Qwen", 2, 30, True, 1, 980),
    ]


def test_a_merge_counts_once_in_each_of_its_families_and_in_parts_where_it_is_shared(
    engine: Engine, tmp_path: Path
) -> None:
    who = members(
        "Qwen/a",
        "zai-org/glm-1",
        "google/gemma-1",
        "me/merge",
        declared=links(
            ("me/merge", "Qwen/a", "merge"),
            ("me/merge", "zai-org/glm-1", "merge"),
            ("me/merge", "google/gemma-1", "merge"),
        ),
    )
    names = ("Qwen/a", "zai-org/glm-1", "google/gemma-1")
    rows = [(name, at(day), 10 * day) for name in names for day in (1, 2)]
    rows += [("me/merge", at(1), 0), ("me/merge", at(2), 101)]
    sums = added(engine, tmp_path, rows, who)
    assert [row[2] for row in lines(sums, who, "with_derivatives")] == [111, 111, 111]
    # 101 / 3 = 33.67, and 10 of the official model.
    assert [row[2] for row in lines(sums, who, "shared")] == [44, 44, 44]
    assert [row[2] for row in lines(sums, who)] == [10, 10, 10]


def test_rows_out_of_order_and_counters_beyond_32_bits(engine: Engine, tmp_path: Path) -> None:
    who = members("Qwen/a", "Qwen/b")
    big = 7 * 2**32
    rows = [
        ("Qwen/b", at(3), big + 3),
        ("Qwen/a", at(2), 5),
        ("Qwen/b", at(1), big),
        ("Qwen/a", at(1), 1),
        ("Qwen/b", at(2), big + 1),
        ("Qwen/a", at(3), 6),
    ]
    assert lines(added(engine, tmp_path, rows, who), who) == [
        ("Qwen", 1, 5, True, 1, big + 6),
        ("Qwen", 2, 3, True, 1, big + 9),
    ]


def test_going_on_gives_what_one_go_gives(engine: Engine, tmp_path: Path) -> None:
    who = members("Qwen/a", "Qwen/b", "google/gemma-1")
    start = date(2026, 2, 2)
    rows = [
        (name, start + timedelta(days), base + step * days)
        for name, base, step in (("Qwen/a", 0, 3), ("Qwen/b", 50, -1), ("google/gemma-1", 9, 7))
        for days in range(45)
        if (days + step) % 6 and (name != "Qwen/b" or 5 < days < 30)
    ]
    paths = [str(path) for path in write(tmp_path, rows)]
    assert len(paths) == 2
    whole = roll_up(engine, paths, who, TODAY)
    once = family_days(whole, who, "hand", TODAY)
    for until in (date(2026, 2, 20),):
        first = roll_up(engine, paths, who, until)
        rest = roll_up(engine, paths, who, TODAY, first.state)
        before = family_days(first, who, "hand", until)
        after = family_days(rest, who, "hand", TODAY, first.state, recent=before.recent)
        settled = before.daily[before.daily["day"] < pd.Timestamp(until) - pd.Timedelta(days=1)]
        both = pd.concat([settled, after.daily])
        assert independent.as_rows(both) == independent.as_rows(once.daily)
        assert rest.state.counters.equals(whole.state.counters)
        assert after.recent.equals(once.recent)


@pytest.mark.parametrize("seed", range(2))
def test_figures_by_chance_are_those_of_loops(engine: Engine, tmp_path: Path, seed: int) -> None:
    chance = np.random.default_rng(seed)
    declared = links(
        ("me/1", "Qwen/0", "finetune"), ("me/2", "me/1", "merge"), ("me/2", "google/gemma", "merge")
    )
    renames = {"old/0": "Qwen/0", "old/2": "me/2"}
    who = members("Qwen/0", "Qwen/1", "google/gemma", declared=declared, **renames)
    start = TODAY - timedelta(20 if seed else 90)
    names = ["Qwen/0", "Qwen/1", "google/gemma", "me/1", "me/2", "old/0", "old/2"]
    days = [start + timedelta(int(day)) for day in range((TODAY - start).days + 3)]
    rows: list[Reading] = [
        (name, day, int(chance.integers(0, 1_000)))
        for name in names
        for day in days
        for _ in range(1 + (chance.random() < 0.05))
        if chance.random() < (1.0, 0.9)[seed % 2] or name.startswith("old")
    ]
    path = tmp_path / "2026-03.parquet"
    columns = dict(zip(("id", "day", "all_time"), zip(*rows, strict=True), strict=True))
    pq.write_table(pa.table(columns).cast(pa.schema(list(COUNTERS)[:3])), path)
    sums = roll_up(engine, [str(path)], who, TODAY)
    models = [Model(name) for name in ("Qwen/0", "Qwen/1", "google/gemma")]
    models += [Model("me/1", ("Qwen/0",)), Model("me/2", ("me/1", "google/gemma"))]
    told = independent.shares(models, RULES.family_of)
    counters = independent.by_model(rows, TODAY, renames)
    daily = family_days(sums, who, "hand", TODAY).daily
    assert independent.as_rows(daily) == independent.family_rows(counters, told, TODAY)

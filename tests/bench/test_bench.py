"""The parts of the benchmark that could be wrong without anybody noticing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench import profiled, stores
from bench.budget import Budget
from bench.hub_links import Size
from bench.hub_world import DAYS, Scale, World
from bench.load import Crowd, Tally
from bench.report import Comparison, as_json, row, table
from core.schemas import Family

if TYPE_CHECKING:
    from pathlib import Path

TINY = Scale(
    Size(models=3_000, links=1_800, several=200, largest=400, depth=20),
    official=30,
    counted=300,
    asked=60,
)


def _family(name: str) -> Family:
    return Family(name, "maker", "", (name.lower(),), "", "", "", (), "", "", "", "")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    patched = pytest.MonkeyPatch()
    patched.setattr("platformdirs.user_cache_path", lambda _: tmp_path_factory.mktemp("cache"))
    families = [_family("One"), _family("Two")]
    official = [f"one/m-{number}" for number in range(12)] + ["two/a", "two/b"]
    made = World(TINY, families, official, [0] * 12 + [1] * 2, seed=3)
    patched.undo()
    return made


def test_a_made_up_hub_has_the_official_models_where_much_is_built(world: World) -> None:
    ids = world.names.to_pylist()
    assert len(set(ids)) == TINY.links.models
    assert len(world.official) == TINY.official
    named = [ids[place] for place in world.official.tolist()]
    assert {"one/m-0", "one/m-11", "two/a", "two/b"} <= set(named)
    of_two = {ids[at] for at in np.flatnonzero(world.family == 1)}
    assert {"two/a", "two/b"} <= of_two
    assert all(name.startswith("two/") for name in of_two)
    linked = np.isin(world.official, world.parent)
    assert linked.sum() >= TINY.official // 2


def test_its_counters_never_fall_and_are_the_same_whoever_reads_them(world: World) -> None:
    models = np.arange(0, world.count, 7)
    daily = world.totals(models, 0, DAYS - 1)
    assert (np.diff(daily, axis=1) >= 0).all()
    for day in (0, 1, 100, DAYS - 1):
        assert (world.total(models, float(day)) == daily[:, day]).all()
    between = world.total(models, 50.5)
    assert ((daily[:, 50] <= between) & (between <= daily[:, 51])).all()


def test_a_crawl_finds_what_is_built_on_what_it_asks_about(world: World) -> None:
    found, asked = world.crawled(TINY.asked)
    assert len(asked) == TINY.asked
    assert set(world.official.tolist()) <= set(asked.tolist())
    children = world.child[np.isin(world.parent, world.official) & (world.child != world.parent)]
    assert set(children.tolist()) <= set(found.tolist())
    assert len(found) < world.count


def test_the_stop_watch_counts_each_moment_once(monkeypatch: pytest.MonkeyPatch) -> None:
    #                   made, outer in, inner in, inner out, outer out
    moments = iter([0.000, 0.010, 0.013, 0.018, 0.030])
    monkeypatch.setattr(profiled.time, "thread_time", lambda: next(moments))
    watch = profiled.StopWatch()
    watch.enter(profiled.PAGE)
    watch.enter(profiled.READING)
    watch.leave()
    watch.leave()
    assert watch.spent == pytest.approx({profiled.READING: 5.0, profiled.PAGE: 15.0})


def test_a_run_is_written_with_its_stages(tmp_path: Path) -> None:
    bench = profiled.Bench(tmp_path / "runs.json")
    doubled = bench.staged(lambda number: 2 * number, profiled.MEASURING)
    assert doubled(3) == 6  # outside of a run it is only called
    with bench.run() as told:
        assert doubled(4) == 8
        told["fragment"] = False
    (line,) = (tmp_path / "runs.json").read_text(encoding="utf-8").splitlines()
    said = json.loads(line)
    assert said["stages"].keys() == {profiled.STREAMLIT, profiled.MEASURING}
    assert said["fragment"] is False


def test_waits_are_compared_with_the_plain_apps_beside_them() -> None:
    page = Tally(busy_seconds=10.0, latencies=[0.1] * 90 + [0.2] * 10, rerun_bytes=[5_000] * 100)
    before = Tally(busy_seconds=10.0, latencies=[1.0] * 20)
    after = Tally(busy_seconds=5.0, latencies=[1.0] * 9 + [3.0])
    one = row("/page", [Comparison(page, (before, after))])
    assert one.rate_to_plain == pytest.approx(10 / 2)
    assert one.p50_to_plain == pytest.approx(0.1)
    assert one.p95_to_plain == pytest.approx(0.2 / 2.0)
    assert one.kilobytes_per_rerun == pytest.approx(5.0)
    assert "0.10" in table([one]).splitlines()[-1]
    told = json.loads(as_json([one], Crowd(2, 1.0, 0.0), store="small"))
    assert told["store"] == "small"
    assert told["pages"][0]["p95_to_plain"] == pytest.approx(0.1)
    assert told["pages"][0]["kilobytes_first_visit"] is None


def test_a_budget_names_the_stages_that_took_any_time() -> None:
    stages = dict.fromkeys(profiled.STAGES, 0.0)
    rerun = stages | {profiled.PAGE: 2.0, profiled.ELEMENTS: 3.0, "sum": 5.0}
    empty = stages | {"sum": 0.0}
    budget = Budget("/page", empty, empty, rerun, 6.5, 9.0, 99.0, 0.25, ("it broke",))
    first, *others = budget.lines()
    assert first == (
        "/page: 5.0 ms = page 2.0 + elements 3.0; all threads 6.5 ms; only a part in 25%"
    )
    assert others[-1].strip() == "ERROR it broke"


def test_the_snapshot_is_no_store_and_a_folder_is_one(tmp_path: Path) -> None:
    assert stores.settings(stores.SNAPSHOT) == {}
    assert stores.settings(str(tmp_path)) == {"GROUNDSWELL_HOME": str(tmp_path)}
    with pytest.raises(FileNotFoundError):
        stores.settings(str(tmp_path / "nothing"))

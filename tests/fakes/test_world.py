"""The world of the fake Hub has the shape of the real one."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from core.store.definitions import load_families
from tests.conftest import ROOT
from tests.fakes.tags import LARGEST, parents
from tests.fakes.world import World


def test_the_demo_is_16_families_and_40_000_derivatives_to_depth_6(world: World) -> None:
    assert Counter(world.family.values()).keys() == {one.name for one in world.families}
    assert len(world.families) == 16
    assert all(8 <= count <= 30 for count in Counter(world.family.values()).values())
    assert len(world.derivatives) == 40_000

    depths = {model_id.lower(): 0 for model_id in world.official}
    depths |= dict.fromkeys(world.renamed, 0)
    waiting = {record["id"].lower(): parents(record) for record in world.derivatives.values()}
    reached = {}
    for depth in range(1, 9):
        level = [one for one, bases in waiting.items() if any(base in depths for base in bases)]
        depths |= dict.fromkeys(level, depth)
        reached[depth] = len(level)
        for one in level:
            del waiting[one]
    assert not waiting
    assert reached == {1: 28_800, 2: 7_200, 3: 2_400, 4: 1_000, 5: 400, 6: 200, 7: 0, 8: 0}


def test_official_models_are_those_that_makers_toml_describes(world: World) -> None:
    for family in load_families(ROOT / "data" / "makers.toml"):
        accounts = [account.lower() for account in family.accounts]
        described = {
            record["id"]
            for record in world.everything()
            if record["author"].lower() in accounts
            and re.search(family.pattern, record["id"].split("/")[1], re.IGNORECASE)
        }
        assert described == {one for one, name in world.family.items() if name == family.name}


def test_the_same_seed_makes_the_same_world() -> None:
    first, second = World.demo(derivatives=500), World.demo(derivatives=500)
    assert first.derivatives == second.derivatives
    assert first.derivatives != World.demo(derivatives=500, seed=8).derivatives


def test_the_shape_is_that_of_the_hub(world: World) -> None:
    counted = Counter(base for one in world.derivatives.values() for base in parents(one))
    assert counted[LARGEST.lower()] > 3_000  # more than fit on three pages
    assert counted[LARGEST.lower()] == max(counted.values())
    ids = {one.lower() for one in world.derivatives}
    assert 400 < len(ids & counted.keys()) < 1_200  # on nearly all, nothing is built

    kinds = Counter(
        next(tag.split(":")[1] for tag in one["tags"] if tag.count(":") == 2)
        for one in world.derivatives.values()
    )
    assert kinds.keys() == {"adapter", "finetune", "quantized", "merge"}
    assert kinds["merge"] / 40_000 == pytest.approx(0.03, abs=0.005)
    merges = [one for one in world.derivatives.values() if "base_model:merge:" in str(one["tags"])]
    assert {len(parents(one)) for one in merges} == {2, 3, 4, 5}

    records = [*world.official.values(), *world.derivatives.values()]
    downloads = sorted((one["downloads"] for one in records), reverse=True)
    assert sum(downloads[:10]) > 0.2 * sum(downloads)
    assert downloads[len(downloads) // 2] < 100
    known = [one for one in records if one["downloadsAllTime"] is not None]
    assert all(one["downloadsAllTime"] >= one["downloads"] for one in known)
    assert len(known) < len(records)


def test_what_authors_declare_is_not_always_right(world: World) -> None:
    exact = {record["id"] for record in world.everything()}
    lower = {one.lower() for one in exact}
    declared = [
        (one["id"], base)
        for one in world.derivatives.values()
        for base in one["cardData"]["base_model"]
    ]
    assert sum(one == base for one, base in declared) == 40  # itself
    assert sum(base not in exact and base.lower() in lower for _, base in declared) > 50
    assert sum(base.lower() not in lower for _, base in declared) > 50  # gone, or renamed
    assert sum(base.lower() in world.renamed for _, base in declared) > 10


def test_time_passes() -> None:
    world = World.demo(derivatives=400)
    fallen = next(iter(world.official))
    before = {one["id"]: one["downloadsAllTime"] or 0 for one in world.everything()}
    world.advance(24, new_derivatives=3, rollback=fallen)
    after = {one["id"]: one["downloadsAllTime"] or 0 for one in world.everything()}

    assert world.now == datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert len(world.derivatives) == 403
    assert after[fallen] < before[fallen]
    assert all(after[one] >= count for one, count in before.items() if one != fallen)
    assert sum(after.values()) > sum(before.values()) - before[fallen]
    new = [world.derivatives[one] for one in after.keys() - before.keys()]
    assert all(one["createdAt"] >= "2026-11-24T12" for one in new)

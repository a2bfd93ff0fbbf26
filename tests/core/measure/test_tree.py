"""Branches of the family tree against a walk in plain Python."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd
import pytest

from core.errors import NothingToShow
from core.measure import tree
from core.measure.families import FamilyRules
from core.measure.forest import Forest, official
from core.schemas import LINKS, LISTINGS, MODELS, READINGS
from core.store.store import Store
from tests.core.measure import forests
from tests.independent import rows

STORE = Store(None)
RULES = FamilyRules(STORE.families())
FOREST = Forest.of(*(STORE.load(table).frame for table in (LINKS, MODELS, READINGS, LISTINGS)))
OFFICIAL = official(FOREST, RULES)

CHILDREN: dict[str, set[str]] = defaultdict(set)
for link in rows("links"):
    CHILDREN[link["parent"]].add(link["child"])


def walk(start: str) -> dict[str, int]:
    """Every descendant with the fewest steps that lead to it."""
    levels: dict[str, int] = {}
    here, level = [start], 1
    while here:
        here = [child for model in here for child in CHILDREN[model] if child not in levels]
        levels |= dict.fromkeys(here, level)
        here, level = list(dict.fromkeys(here)), level + 1
    return levels


ROOTS = {
    "meta-llama/Llama-3.1-8B": ("Llama", 2299),
    "meta-llama/Llama-2-7b-chat-hf": ("Llama", 457),
    "Qwen/Qwen2.5-7B": ("Qwen", 1069),
    "microsoft/phi-4": ("Phi", 351),
    "mistralai/Mistral-Small-24B-Base-2501": ("Mistral", 328),
    "deepseek-ai/DeepSeek-R1": ("DeepSeek", 301),
    "google/gemma-3-4b-pt": ("Gemma", 261),
}
"""The seven roots of the sample, counted by ``walk`` and once by hand in a shell."""


def test_roots_are_the_seven_of_the_sample_largest_family_first() -> None:
    found = tree.roots(FOREST, OFFICIAL)
    assert {row.root: (row.family, row.below) for row in found.itertuples()} == ROOTS
    assert found["root"].tolist()[:3] == [*ROOTS][:3]


@pytest.mark.parametrize("root", ROOTS)
def test_branch_holds_every_descendant_once_at_its_shortest_distance(root: str) -> None:
    branch = tree.branch(FOREST, root, OFFICIAL, without_official=False)
    expected = walk(root)
    assert len(branch) == len(expected) == ROOTS[root][1]
    found = branch.rows()
    assert dict(zip(found["model_id"], found["level"], strict=True)) == expected
    assert set(branch.rows(0, branch.direct)["model_id"]) == CHILDREN[root]


def test_counts_below_and_relations_of_a_real_branch() -> None:
    branch = tree.branch(FOREST, "Qwen/Qwen2.5-7B", OFFICIAL, without_official=False)
    declared = {link["child"]: link["relation"] for link in rows("links")}
    for row in branch.rows().itertuples():
        assert row.below == len(walk(row.model_id))
        assert row.relation == declared[row.model_id]


def test_official_models_are_left_out_and_what_is_built_on_them_moves_up() -> None:
    root, instruct = "meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B-Instruct"
    branch = tree.branch(FOREST, root, OFFICIAL, without_official=True)
    models = set(branch.rows()["model_id"])
    assert instruct not in models
    assert models == {model for model in walk(root) if RULES.family_of(model) is None}
    moved_up = {model for model in CHILDREN[instruct] if RULES.family_of(model) is None}
    first = branch.rows(0, branch.direct)
    assert moved_up <= set(first["model_id"])
    for row in first.itertuples():
        unofficial = {model for model in walk(row.model_id) if RULES.family_of(model) is None}
        assert row.below == len(unofficial)


def test_leaf_has_an_empty_branch() -> None:
    leaf = next(model for model in walk("microsoft/phi-4") if not CHILDREN[model])
    branch = tree.branch(FOREST, leaf, OFFICIAL, without_official=False)
    assert len(branch) == branch.direct == 0
    assert branch.rows().empty


def test_no_family_no_roots() -> None:
    known = forests.forest(pd.DataFrame({"child": ["a/b"], "parent": ["c/d"]}))
    with pytest.raises(NothingToShow):
        tree.roots(known, official(known, RULES))


def test_downloads_are_of_one_day_and_of_distinct_models() -> None:
    root = "meta-llama/Llama-2-7b-chat-hf"
    branch = tree.branch(FOREST, root, OFFICIAL, without_official=False)
    known = tree.download_sizes(branch)
    counts = {
        row["model_id"]: int(row["downloads_30d"])
        for row in rows("readings")
        if row["read_on"] == "2025-04-22"
    }
    under = walk(root)
    assert (f"{known.day:%Y-%m-%d}", known.source) == ("2025-04-22", "model-cards-2025-04")
    own = known.own.set_axis(branch.rows()["model_id"]).dropna().to_dict()
    assert own == {model: counts[model] for model in under if model in counts}
    assert known.known == len(own)
    tiles = branch.rows(0, branch.direct)["model_id"]
    for tile, size in zip(tiles, known.sizes, strict=True):
        models = {tile, *walk(tile)}
        assert size == sum(counts.get(model, 0) for model in models)


def test_downloads_of_nothing_known_are_refused() -> None:
    known = forests.forest(pd.DataFrame({"child": ["a/b"], "parent": ["c/d"]}))
    branch = tree.branch(known, "c/d", official(known, RULES), without_official=False)
    with pytest.raises(NothingToShow):
        tree.download_sizes(branch)


def test_where_two_days_were_read_the_one_with_more_models_below_counts() -> None:
    """Of b/2 and b/3, read on different days, the newer day counts as both have one model."""
    links = pd.DataFrame(
        [("b/1", "r/r"), ("b/2", "b/1"), ("b/3", "b/1"), ("b/4", "b/3")],
        columns=["child", "parent"],
    )
    readings = pd.DataFrame(
        [
            ("b/1", "2026-01-01", 10),
            ("b/2", "2026-01-01", 20),
            ("b/3", "2026-02-01", 300),
            ("b/1", "2026-02-01", None),
        ],
        columns=["model_id", "read_at", "downloads_30d"],
    )
    readings["read_at"] = pd.to_datetime(readings["read_at"], utc=True)
    known = forests.forest(links, readings=readings)
    found = tree.download_sizes(
        tree.branch(known, "r/r", official(known, RULES), without_official=False)
    )
    assert found.day == pd.Timestamp("2026-01-01")
    assert found.sizes.tolist() == [30]
    later = tree.download_sizes(
        tree.branch(known, "b/1", official(known, RULES), without_official=False)
    )
    assert later.day == pd.Timestamp("2026-02-01")
    assert later.sizes.dropna().tolist() == [300]


def test_box_lists_the_root_and_those_with_most_below() -> None:
    root = "microsoft/phi-4"
    assert set(tree.largest_under(FOREST, root, 2_000)) == {root, *walk(root)}
    few = tree.largest_under(FOREST, root, 5)
    most = sorted((len(walk(model)) for model in walk(root)), reverse=True)[:4]
    assert sorted((len(walk(model)) for model in few if model != root), reverse=True) == most


def test_model_is_under_what_it_is_built_on_and_nothing_else() -> None:
    for model in list(walk("microsoft/phi-4"))[:20]:
        assert tree.is_under(FOREST, "microsoft/phi-4", model)
        assert not tree.is_under(FOREST, "Qwen/Qwen2.5-7B", model)
    assert not tree.is_under(FOREST, "microsoft/phi-4", "microsoft/phi-4")

"""Branches of the family tree against a walk in plain Python."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd
import pytest

from core.errors import NothingToShow
from core.measure import tree
from core.measure.families import FamilyRules
from core.measure.lineage import Lineage
from core.schemas import LINKS, READINGS
from core.store.store import Store
from tests.independent import rows

STORE = Store(None)
RULES = FamilyRules(STORE.families())
LINEAGE = Lineage.from_links(STORE.load(LINKS).frame)

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
    found = tree.roots(LINEAGE, RULES)
    assert {row.root: (row.family, row.below) for row in found.itertuples()} == ROOTS
    assert found["root"].tolist()[:3] == [*ROOTS][:3]


@pytest.mark.parametrize("root", ROOTS)
def test_branch_holds_every_descendant_once_at_its_shortest_distance(root: str) -> None:
    branch = tree.branch(LINEAGE, root, RULES, without_official=False)
    expected = walk(root)
    assert len(branch.rows) == len(expected) == ROOTS[root][1]
    assert dict(zip(branch.rows["model_id"], branch.rows["level"], strict=True)) == expected
    assert set(branch.tiles["model_id"]) == CHILDREN[root]


def test_counts_below_and_relations_of_a_real_branch() -> None:
    branch = tree.branch(LINEAGE, "Qwen/Qwen2.5-7B", RULES, without_official=False)
    declared = {link["child"]: link["relation"] for link in rows("links")}
    for row in branch.rows.itertuples():
        assert row.below == len(walk(row.model_id))
        assert row.relation == declared[row.model_id]


def test_official_models_are_left_out_and_what_is_built_on_them_moves_up() -> None:
    root, instruct = "meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B-Instruct"
    branch = tree.branch(LINEAGE, root, RULES, without_official=True)
    models = set(branch.rows["model_id"])
    assert instruct not in models
    assert models == {model for model in walk(root) if RULES.family_of(model) is None}
    moved_up = {model for model in CHILDREN[instruct] if RULES.family_of(model) is None}
    assert moved_up <= set(branch.tiles["model_id"])
    for row in branch.tiles.itertuples():
        unofficial = {model for model in walk(row.model_id) if RULES.family_of(model) is None}
        assert row.below == len(unofficial)


def test_leaf_has_an_empty_branch() -> None:
    leaf = next(model for model in walk("microsoft/phi-4") if not CHILDREN[model])
    branch = tree.branch(LINEAGE, leaf, RULES, without_official=False)
    assert branch.rows.empty
    assert branch.tiles.empty


def test_no_family_no_roots() -> None:
    links = pd.DataFrame({"child": ["a/b"], "parent": ["c/d"], "relation": ["finetune"]})
    with pytest.raises(NothingToShow):
        tree.roots(Lineage.from_links(links), RULES)


def test_downloads_are_of_one_day_and_of_distinct_models() -> None:
    root = "meta-llama/Llama-2-7b-chat-hf"
    tiles = tree.branch(LINEAGE, root, RULES, without_official=False).tiles
    known = tree.download_sizes(LINEAGE, STORE.load(READINGS).frame, tiles)
    counts = {
        row["model_id"]: int(row["downloads_30d"])
        for row in rows("readings")
        if row["read_on"] == "2025-04-22"
    }
    under = walk(root)
    assert (f"{known.day:%Y-%m-%d}", known.source) == ("2025-04-22", "model-cards-2025-04")
    assert known.by_model.to_dict() == {model: counts[model] for model in under if model in counts}
    for tile, size in zip(tiles["model_id"], known.sizes, strict=True):
        models = {tile, *walk(tile)}
        assert size == sum(counts.get(model, 0) for model in models)


def test_downloads_of_nothing_known_are_refused() -> None:
    tiles = tree.branch(LINEAGE, "microsoft/phi-4", RULES, without_official=False).tiles
    nothing = STORE.load(READINGS).frame.iloc[:0]
    with pytest.raises(NothingToShow):
        tree.download_sizes(LINEAGE, nothing, tiles)

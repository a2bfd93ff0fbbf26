"""Looked up together, declarations say what the lineage says one by one."""

from __future__ import annotations

from random import Random

import numpy as np
import pandas as pd
import pytest

from core.errors import NothingToShow
from core.measure import model_ids, place, tree
from core.measure.declared import declared
from core.measure.families import FamilyRules
from core.measure.lineage import Lineage
from tests.core.frames import family


def dirty_links(seed: int) -> pd.DataFrame:
    """Links with several parents, circles, self-links, repeats, gaps and odd spellings."""
    random = Random(seed)  # noqa: S311 - a graph, not a secret
    names = [f"{'aAb'[number % 3]}/{'mM'[number % 2]}{number // 2}" for number in range(40)]
    rows = [
        (
            random.choice([*names, "", None]),
            random.choice([*names, "", None]),
            random.choice(["merge", "finetune", "adapter", "", None]),
        )
        for _ in range(90)
    ]
    return pd.DataFrame(rows, columns=["child", "parent", "relation"], dtype="str")


@pytest.mark.parametrize("seed", range(25))
def test_together_as_one_by_one(seed: int) -> None:
    links = dirty_links(seed)
    lineage = Lineage.from_links(links)
    ids = np.array(lineage.descendant_counts().index, dtype=np.object_)
    found = declared(lineage, links, ids)
    assert found.relation.tolist() == [lineage.relation(model) for model in ids]
    assert found.joined().tolist() == [", ".join(lineage.parents(model)) for model in ids]


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("without_official", [False, True])
def test_parts_of_a_branch_add_up_to_the_whole(seed: int, *, without_official: bool) -> None:
    lineage = Lineage.from_links(dirty_links(seed))
    rules = FamilyRules([family("B", ("b",))])
    root = str(lineage.descendant_counts().idxmax())
    found = tree.branch(lineage, root, rules, without_official=without_official)
    sizes = tree.hanging(found.rows)
    assert sizes[found.rows["level"] == 1].sum() == len(found.rows)
    level = found.rows.set_index("model_id")["level"]
    for row in found.rows.itertuples():
        assert row.level == (1 if row.above == found.node else level[row.above] + 1)
        if not without_official:
            assert row.above in lineage.parents(row.model_id)


def test_hanging_sums_values_of_models_that_are_known() -> None:
    rows = pd.DataFrame(
        {"model_id": ["a", "b", "c", "d"], "above": ["r", "r", "a", "c"], "level": [1, 1, 2, 3]}
    )
    assert tree.hanging(rows).tolist() == [3, 1, 2, 1]
    values = pd.Series({"a": 5, "d": 7, "z": 100})
    assert tree.hanging(rows, values).tolist() == [12, 0, 7, 7]


ATTACKS = (
    "--only=hub",
    "-a/b",
    "a/-b",
    "../../etc/passwd",
    "a/..",
    "a/b..c",
    "a/b/c",
    "a b/c",
    "a/b\n",
    "a/b;rm -rf",
    "<script>/x",
    "a/\u202eb",
    "a/b?x=1",
    "a/b#x",
    "a/%2e%2e",
    "a/" + "x" * 10_000,
    "",
    "gpt2",
)


@pytest.mark.parametrize("text", ATTACKS)
def test_what_is_no_name_of_a_model_is_refused(text: str) -> None:
    assert not model_ids.well_formed(text)
    with pytest.raises(NothingToShow, match="no name of a model"):
        model_ids.checked(text)


@pytest.mark.parametrize("text", ["Qwen/Qwen2.5-7B", "_a/b_", "01-ai/Yi-1.5-34B", "a/b--c", "a/b"])
def test_names_as_on_the_hub_are_taken(text: str) -> None:
    assert model_ids.checked(text) == text


LINKS = pd.DataFrame(
    [("x/tuned", "A/base", "finetune"), ("x/other", "A/base", "adapter"), ("y/q", "x/tuned", "q")],
    columns=["child", "parent", "relation"],
)
MODELS = pd.DataFrame(
    {
        "model_id": ["x/tuned", "x/tuned", "lone/one"],
        "hub_id": ["1", "1", None],
        "licence": ["mit", "apache-2.0", ""],
        "created_on": pd.to_datetime(["2026-01-02", "2026-01-02", None]),
        "last_seen": pd.to_datetime(["2026-02-01", "2026-03-01", "2026-03-01"]),
    }
)
READINGS = pd.DataFrame(
    {
        "model_id": ["x/tuned", "x/tuned", "x/tuned"],
        "downloads_30d": pd.array([10, 20, None], dtype="Int64"),
        "read_at": pd.to_datetime(["2026-02-01", "2026-03-01", "2026-03-05"], utc=True),
    }
)
LISTINGS = pd.DataFrame(
    {
        "parent": ["x/tuned"],
        "source": ["hub"],
        "complete": [False],
        "asked_at": pd.to_datetime(["2026-03-02"], utc=True),
    }
)


def test_place_of_a_model_in_the_tree() -> None:
    lineage = Lineage.from_links(LINKS)
    found = place.place(lineage, MODELS, READINGS, LISTINGS, "X/Tuned")
    assert (found.model_id, found.path) == ("x/tuned", ("A/base", "x/tuned"))
    assert (found.siblings, found.children, found.below) == (1, 1, 1)
    assert (found.downloads, found.read_on) == (20, pd.Timestamp("2026-03-01"))
    assert (found.licence, found.told, found.complete) == ("apache-2.0", True, False)


def test_place_of_a_model_that_no_link_names() -> None:
    found = place.place(Lineage.from_links(LINKS), MODELS, READINGS, LISTINGS, "lone/one")
    assert not found.in_tree
    assert (found.path, found.children, found.downloads) == (("lone/one",), 0, None)
    assert (found.licence, found.created_on, found.asked_at) == (None, None, None)


def test_root_above_is_found_over_any_parent() -> None:
    links = pd.DataFrame(
        [("m/1", "a/unknown", "merge"), ("m/1", "m/0", "merge"), ("m/0", "z/root", "merge")],
        columns=["child", "parent", "relation"],
    )
    lineage = Lineage.from_links(links)
    roots = pd.DataFrame({"family": ["Z"], "root": ["z/root"], "below": [2]})
    assert place.root_above(lineage, roots, "m/1") == ("Z", "z/root")
    assert place.root_above(lineage, roots, "a/unknown") is None
    assert place.root_above(lineage, roots, "no/where") is None

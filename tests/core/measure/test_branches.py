"""Branches of graphs of every dirt against plain walks."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import numpy as np
import pandas as pd
import pytest

from core.measure import tree
from core.measure.branches import in_order
from core.measure.families import FamilyRules
from core.measure.forest import official
from tests.core.frames import family
from tests.core.measure.forests import forest

RULES = FamilyRules([family("B", ("b",))])


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


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("without_official", [False, True])
def test_rows_are_what_a_walk_over_the_declared_parents_finds(
    seed: int, *, without_official: bool
) -> None:
    known = forest(dirty_links(seed))
    lineage = known.lineage
    children: dict[str, set[str]] = defaultdict(set)
    ids = lineage.descendant_counts().index.tolist()
    for model in ids:
        for parent in lineage.parents(model):
            children[parent].add(model)
    makers = {model for model in ids if RULES.family_of(model) is not None}
    hidden = makers if without_official else set()
    root = str(lineage.descendant_counts().idxmax())

    def below(start: str) -> set[str]:
        seen: set[str] = set()
        unread = [start]
        while unread:
            unread += (new := children[unread.pop()] - seen)
            seen |= new
        return seen

    found = tree.branch(known, root, official(known, RULES), without_official=without_official)
    rows = found.rows()
    assert set(rows["model_id"]) == below(root) - hidden
    for at, row in enumerate(rows.itertuples()):
        assert row.below == len(below(row.model_id) - hidden)
        assert row.relation == lineage.relation(row.model_id)
        assert row.parents == ", ".join(lineage.parents(row.model_id))
        above = found.above[at]
        assert row.level == (1 if above < 0 else rows["level"][above] + 1)
        if not without_official:
            name = found.node if above < 0 else rows["model_id"][above]
            assert name in lineage.parents(row.model_id)
            assert row.family == RULES.family_of(row.model_id) or pd.isna(row.family)
    sizes = tree.hanging(found)
    assert sizes[rows["level"] == 1].sum() == len(rows)


@pytest.mark.parametrize("seed", range(12))
def test_below_any_of_several_is_what_is_below_each_of_them(seed: int) -> None:
    known = forest(dirty_links(seed))
    random = Random(seed)  # noqa: S311 - a graph, not a secret
    models = random.sample(range(len(known.lineage)), 5)
    below = {model: set(known.kin.below(model).tolist()) for model in models}
    for some in (models, models[:2], models[:1], []):
        expected = set().union(*(below[model] for model in some))
        assert known.kin.descent.below_any(some).tolist() == sorted(expected)


def test_order_is_the_same_where_numbers_are_too_large_to_be_sorted_as_one() -> None:
    huge = 2**31 - 1
    level = np.array([huge, 1, 1, huge, 2], dtype=np.int32)
    below = np.array([0, 3, huge, 1, 3], dtype=np.int32)
    models = np.array([1, 4, 6, 7, 9], dtype=np.int32)
    assert in_order(models, level, below).tolist() == [2, 1, 4, 3, 0]
    assert in_order(models, np.minimum(level, 9), below % huge).tolist() == [1, 2, 4, 3, 0]


def test_hanging_sums_downloads_of_models_that_are_known() -> None:
    links = pd.DataFrame(
        [("a/1", "r/r"), ("a/2", "r/r"), ("a/3", "a/1"), ("a/4", "a/3")],
        columns=["child", "parent"],
    )
    readings = pd.DataFrame(
        {
            "model_id": ["a/1", "a/4", "z/z"],
            "downloads_30d": [5, 7, 100],
            "read_at": pd.Timestamp("2026-01-01", tz="UTC"),
        }
    )
    known = forest(links, readings=readings)
    found = tree.branch(known, "r/r", official(known, RULES), without_official=False)
    assert found.rows()["model_id"].tolist() == ["a/1", "a/2", "a/3", "a/4"]
    assert tree.hanging(found).tolist() == [3, 1, 2, 1]
    assert tree.hanging(found, tree.download_sizes(found)).tolist() == [12, 0, 7, 7]

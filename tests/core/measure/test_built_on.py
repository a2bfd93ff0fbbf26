"""What is built on a model, counted by hand on a tree of nine models."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from core.errors import NothingToShow
from core.measure import built_on as measure
from core.measure import built_shares
from core.measure.families import FamilyRules
from core.measure.forest import official
from core.measure.licences import BASE_STATES_NONE, CHANGED, KEPT, NONE_STATED, kinds
from tests.core.frames import family
from tests.core.measure.forests import forest

RULES = FamilyRules([family("A", ("A",))])
BASE, TUNED = "A/base", "A/tuned"

LINKS = pd.DataFrame(
    [
        (TUNED, BASE, "finetune", "2026-10-01"),
        ("x/kept", BASE, "finetune", "2026-10-01"),
        ("x/changed", BASE, "adapter", "2026-10-02"),
        ("y/silent", BASE, "quantized", "2026-10-02"),
        ("y/of-silent", "y/silent", "quantized", "2026-11-20"),
        ("Z/mixed", TUNED, "merge", "2026-10-03"),
        ("Z/mixed", "x/changed", "merge", "2026-10-03"),
        ("z/unheard-of", "z/Mixed", "finetune", "2026-10-03"),
        ("x/kept", "x/kept", "adapter", "2026-10-01"),
    ],
    columns=["child", "parent", "relation", "seen_on"],
).assign(source="hub")
LINKS["seen_on"] = pd.to_datetime(LINKS["seen_on"])

MODELS = pd.DataFrame(
    [
        (BASE, "1", "A", "2025-12-01", "Apache-2.0", "safetensors", 8e9),
        (TUNED, "2", "A", "2026-09-30", "apache-2.0", "safetensors", 8e9),
        ("x/kept", "3", None, "2022-03-02", "apache-2.0", "gguf", 999_999_999),
        ("x/changed", "4", None, "2026-10-05", "mit", "MLX", 1_000_000_000),
        ("y/silent", "5", None, "2026-10-31", None, "exl2", None),
        ("y/of-silent", "6", None, "2026-11-01", "mit", "awq", 0),
        ("z/mixed", "7", None, "2026-11-20", "apache-2.0", None, 2e11),
        ("Z/UNHEARD-OF", None, None, None, None, None, None),
    ],
    columns=["model_id", "hub_id", "family", "created_on", "licence", "format", "parameters"],
).assign(last_seen=pd.Timestamp("2026-11-24"))
MODELS["created_on"] = pd.to_datetime(MODELS["created_on"])
MODELS["parameters"] = MODELS["parameters"].astype("Int64")

FOREST = forest(LINKS, MODELS)
OFFICIAL = official(FOREST, RULES)


def built(*nodes: str, without_official: bool = False) -> measure.Built:
    return measure.built_on(FOREST, nodes or (BASE,), OFFICIAL, without_official=without_official)


def ids(found: measure.Built) -> list[str]:
    return found.forest.names(found.models).tolist()


def counts(by: built_shares.Question, found: measure.Built) -> dict[str, int]:
    rows = built_shares.shares(found, by).rows
    return dict(zip(rows["value"], rows["models"], strict=True))


def counts_within(created: measure.Span) -> dict[str, int]:
    rows = built_shares.shares(built(), "format", created).rows
    return dict(zip(rows["value"], rows["models"], strict=True))


def test_every_descendant_counts_once_whatever_the_case_of_its_name() -> None:
    found = built()
    assert ids(found) == [
        TUNED,
        "x/changed",
        "x/kept",
        "y/of-silent",
        "y/silent",
        "Z/mixed",
        "Z/UNHEARD-OF",
    ]
    assert FOREST.traits.told[found.models].tolist() == [1] * 6 + [0]
    assert FOREST.lineage.relation("x/kept") == "finetune"
    assert ids(built(BASE, TUNED, "y/silent")) == ids(found)


def test_licences_are_compared_with_those_of_all_declared_bases() -> None:
    found = built()
    beside = dict(zip(ids(found), kinds(FOREST, found.models), strict=True))
    assert beside[TUNED] == KEPT
    assert beside["x/kept"] == KEPT
    assert beside["x/changed"] == CHANGED
    assert beside["y/silent"] == NONE_STATED
    assert beside["y/of-silent"] == BASE_STATES_NONE
    assert beside["Z/mixed"] == CHANGED  # one of its two bases is under another licence
    assert pd.isna(beside["Z/UNHEARD-OF"])
    found = built_shares.shares(built(), "licence")
    assert (found.known, found.unknown, found.total) == (6, 1, 7)
    assert found.rows["share"].sum() == pytest.approx(1)


def test_formats_for_home_computers_and_the_rest() -> None:
    assert counts("format", built()) == {"GGUF": 1, "MLX": 1, "EXL2": 1, "Any other format": 2}


def test_classes_begin_where_the_last_one_ends() -> None:
    assert counts("size", built()) == {
        "under 1 billion": 1,
        "1 to 4 billion": 1,
        "4 to 10 billion": 1,
        "100 billion and more": 1,
    }


def test_makers_own_models_are_left_out_and_what_is_built_on_them_is_not() -> None:
    found = ids(built(without_official=True))
    assert TUNED not in found
    assert "Z/mixed" in found


def test_first_ten_publishers_and_the_rest() -> None:
    many = [(f"p{number:02}/{model}", number) for number in range(1, 13) for model in range(number)]
    links = pd.DataFrame(
        {
            "child": [name for name, _ in many],
            "parent": BASE,
            "relation": "finetune",
            "seen_on": pd.Timestamp("2026-01-01"),
        }
    )
    known = forest(links, MODELS)
    found = built_shares.shares(
        measure.built_on(known, (BASE,), official(known, RULES), without_official=False),
        "publisher",
    )
    assert found.first == sum(range(3, 13)) == 75
    assert (found.kinds, found.known) == (12, 78)
    assert found.rows["value"].iloc[0] == "p12"
    assert found.rows["value"].iloc[-1] == "others (2 publishers)"
    assert found.rows["models"].iloc[-1] == 3
    assert found.rows["share"].iloc[0] == pytest.approx(12 / 78)


def test_equal_publishers_come_in_order_of_code_points_each_as_it_is_spelled() -> None:
    children = ["b/1", "B/2", "a/3", "a-b/4", "a/5", "no-slash"]
    links = pd.DataFrame({"child": children, "parent": BASE})
    known = forest(links)
    found = measure.built_on(known, (BASE,), official(known, RULES), without_official=False)
    assert list(counts("publisher", found).items()) == [
        ("a", 2),
        ("B", 1),
        ("a-b", 1),
        ("b", 1),
        ("no-slash", 1),
    ]


def test_months_by_relation_without_a_hole_and_the_last_one_open() -> None:
    found = built_shares.new_per_month(built(), date(2026, 11, 25))
    assert (found.known, found.older, found.unknown) == (5, 1, 1)
    assert found.as_of == pd.Timestamp("2026-11-20")  # the last declaration, not the last listing
    months = found.by_month
    assert months["models"].tolist() == [1, 2, 2]
    assert months["complete"].tolist() == [True, True, False]
    october = found.rows[found.rows["month"] == pd.Timestamp("2026-10-01")]
    assert dict(zip(october["relation"], october["models"], strict=True)) == {
        "adapter": 1,
        "finetune": 0,
        "merge": 0,
        "quantized": 1,
    }


def test_month_of_a_creation_that_lies_ahead_is_unknown() -> None:
    found = built_shares.new_per_month(built(), date(2026, 11, 10))
    assert (found.known, found.unknown) == (4, 2)
    assert found.as_of == pd.Timestamp("2026-11-10")


def test_range_includes_both_its_days() -> None:
    first, last = pd.Timestamp("2026-10-05"), pd.Timestamp("2026-10-31")
    found = measure.created_within(built(), first, last)
    assert ids(found) == ["x/changed", "y/silent"]
    assert counts_within((first, last)) == {"MLX": 1, "EXL2": 1}
    with pytest.raises(NothingToShow, match="The day is known of 6 of 7 models"):
        measure.created_within(built(), pd.Timestamp("2023-01-01"), pd.Timestamp("2023-02-01"))


def test_range_in_which_all_came_is_no_other_set_of_models() -> None:
    found = built("y/silent")
    assert measure.created_within(found, pd.Timestamp("2000-01-01"), found.as_of) is found


def test_months_of_a_range_are_those_of_the_models_created_in_it() -> None:
    span = (pd.Timestamp("2026-10-05"), pd.Timestamp("2026-11-01"))
    found = built_shares.new_per_month(built(), date(2026, 11, 25), span)
    assert (found.known, found.older, found.unknown) == (3, 0, 0)
    assert found.by_month["models"].tolist() == [2, 1]
    assert found.rows["models"].sum() == 3


def test_what_is_known_of_no_model_is_said() -> None:
    empty = MODELS.assign(licence=None, format=None, hub_id=None, created_on=pd.NaT)
    known = forest(LINKS, empty)
    found = measure.built_on(known, (BASE,), official(known, RULES), without_official=False)
    with pytest.raises(NothingToShow, match="The licence of no model built on it is known"):
        built_shares.shares(found, "licence")
    with pytest.raises(NothingToShow, match="The file format of no model"):
        built_shares.shares(found, "format")
    with pytest.raises(NothingToShow, match="The month in which they came"):
        built_shares.new_per_month(found, date(2026, 11, 25))


def test_nothing_built_on_a_leaf() -> None:
    with pytest.raises(NothingToShow, match="Nothing is known to be built on it"):
        built("z/unheard-of")


def test_official_models_of_a_family_that_the_tree_knows() -> None:
    assert measure.family_ids(FOREST, OFFICIAL, "A") == (BASE, TUNED)

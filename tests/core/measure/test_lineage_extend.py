"""New links upon a lineage give what building it from all links at once gives."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.measure.lineage import Lineage

Row = tuple[str | None, str | None, str | None]

NAMES = ["a", "A", "b", "B/x", "b/X", "c", "d", "e", "É", "zz/long", "m", "n", "o", "p"]
RELATIONS = ["finetune", "adapter", "quantized", None]
names = st.sampled_from(NAMES)
rows = st.lists(st.tuples(names | st.none(), names, st.sampled_from(RELATIONS)), max_size=25)
numbers = st.lists(st.tuples(st.integers(-2, 12), st.integers(-2, 12)), max_size=25)


def table(links: list[Row]) -> pd.DataFrame:
    return pd.DataFrame(links, columns=["child", "parent", "relation"], dtype="str")


def whole(links: list[tuple[int, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(links, columns=["child", "parent"], dtype="int64")
    return frame.assign(relation=pd.Series(["merge"] * len(frame), dtype="str"))


def same(found: Lineage, expected: Lineage) -> None:
    assert found.report == expected.report
    assert len(found) == len(expected)
    assert found.roots.tolist() == expected.roots.tolist()
    assert found.stubs.tolist() == expected.stubs.tolist()
    pd.testing.assert_series_equal(found.descendant_counts(), expected.descendant_counts())
    values = pd.Series({name: 3**k for k, name in enumerate(expected.descendant_counts().index)})
    if len(values):
        pd.testing.assert_series_equal(found.totals(values), expected.totals(values))
    for name in expected.descendant_counts().index:
        assert found.spelling(name) == expected.spelling(name)
        assert found.relation(name) == expected.relation(name)
        assert found.depth(name) == expected.depth(name)
        assert found.count(name) == expected.count(name)
        assert found.path_to_root(name) == expected.path_to_root(name)
        for method in ("parents", "children", "descendants"):
            assert getattr(found, method)(name).tolist() == getattr(expected, method)(name).tolist()
        assert list(found.relation_counts(name).items()) == list(
            expected.relation_counts(name).items()
        )


@settings(max_examples=40)
@given(first=rows, second=rows, third=rows)
def test_texts(first: list[Row], second: list[Row], third: list[Row]) -> None:
    known = Lineage.from_links(table(first))
    before = known.report
    later = known.extend(table(second))
    same(later, Lineage.from_links(table(first + second)))
    same(later.extend(table(third)), Lineage.from_links(table(first + second + third)))
    assert known.report == before
    same(known, Lineage.from_links(table(first)))


@settings(max_examples=40)
@given(first=numbers, second=numbers)
def test_whole_numbers(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> None:
    same(
        Lineage.from_links(whole(first)).extend(whole(second)),
        Lineage.from_links(whole(first + second)),
    )


def test_a_subtree_that_hung_elsewhere_comes_under_an_old_model() -> None:
    old: list[Row] = [("b", "a", "merge"), ("d", "c", "merge"), ("e", "d", "merge")]
    new: list[Row] = [("c", "b", "finetune"), ("g", "f", "merge"), ("f", "e", "merge")]
    known = Lineage.from_links(table(old)).extend(table(new))
    assert known.descendants("a").tolist() == ["b", "c", "d", "e", "f", "g"]
    assert known.descendant_counts().to_dict() == {
        "a": 6, "b": 5, "c": 4, "d": 3, "e": 2, "f": 1, "g": 0
    }  # fmt: skip
    assert known.path_to_root("g") == ["a", "b", "c", "d", "e", "f", "g"]
    assert known.roots.tolist() == ["a"]


def test_a_new_link_that_closes_a_cycle_can_cut_an_old_one() -> None:
    known = Lineage.from_links(table([("b", "a", "x"), ("c", "b", "y")]))
    later = known.extend(table([("a", "c", "z")]))
    assert later.report.cut == (("c", "b"),)
    assert later.path_to_root("b") == ["c", "a", "b"]
    assert known.report.cut == ()


def test_two_thousand_new_links_upon_a_wide_tree() -> None:
    generator = np.random.default_rng(5)
    child = np.arange(1, 20_000)
    parent = (child * generator.random(len(child)) ** 3).astype(np.int64)
    old = pd.DataFrame({"child": child, "parent": parent, "relation": "merge"})
    new = pd.DataFrame({
        "child": np.r_[20_000:21_900, generator.integers(10_000, 20_000, 100)],
        "parent": np.r_[generator.integers(0, 20_500, 1_900), generator.integers(0, 10_000, 100)],
        "relation": "adapter",
    })  # fmt: skip
    found = Lineage.from_links(old).extend(new)
    expected = Lineage.from_links(pd.concat([old, new]))
    assert found.report == expected.report
    pd.testing.assert_series_equal(found.descendant_counts(), expected.descendant_counts())
    for model in (0, 1, 2, 19_999, 20_000, 20_499):
        assert found.descendants(model).tolist() == expected.descendants(model).tolist()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_renames_are_followed(order: tuple[int, ...]) -> None:
    renames = [("me/Old", "me/newer"), ("ME/newer", "me/Newest"), ("x/1", "X/2")]
    links = table([
        ("me/old", "base", "merge"),
        ("you/small", "me/newer", "quantized"),
        ("me/newest", "base", "merge"),
        ("x/1", "x/2", "merge"),
    ])  # fmt: skip
    known = Lineage.from_links(links, renames=dict(renames[k] for k in order))
    assert known.descendant_counts().to_dict() == {
        "base": 2, "me/Newest": 1, "X/2": 0, "you/small": 0
    }  # fmt: skip
    assert known.spelling("me/OLD") == "me/Newest"
    assert known.children("me/old").tolist() == ["you/small"]
    assert (known.report.self_links, known.report.duplicates) == (1, 1)
    later = known.extend(table([("z", "me/Old", "merge")]))
    assert later.children("me/newer").tolist() == ["you/small", "z"]


@pytest.mark.parametrize("order", [*product([0, 1], repeat=2)][:2])
def test_names_given_back_and_forth_are_one_model(order: tuple[int, int]) -> None:
    renames = [("a", "b"), ("b", "a")]
    known = Lineage.from_links(
        table([("c", "a", "merge"), ("d", "b", "merge")]),
        renames=dict(renames[k] for k in (order[1], 1 - order[1])),
    )
    assert known.descendant_counts().to_dict() == {"a": 2, "c": 0, "d": 0}
    assert known.children("b").tolist() == ["c", "d"]
    assert "a" in known


def test_whole_numbers_are_renamed_too() -> None:
    known = Lineage.from_links(whole([(2, 1), (4, 3)]), renames={3: 2})
    assert known.descendants(1).tolist() == [2, 4]
    assert known.children(3).tolist() == [4]


def test_models_that_no_link_names_can_be_known() -> None:
    known = Lineage.from_links(table([("b", "a", "merge")]), models=pd.Series(["x/Alone", "A"]))
    assert known.descendant_counts().to_dict() == {"A": 1, "b": 0, "x/Alone": 0}
    assert known.stubs.tolist() == []
    assert known.roots.tolist() == ["A", "x/Alone"]
    assert known.relation("x/alone") is None

"""Lineages worked out by hand."""

from __future__ import annotations

import pandas as pd
from pandas.testing import assert_frame_equal

from core.measure.lineage import Lineage, Report
from tests.core.measure.lineages import TREE, Rows, counts, lineage, table


def test_a_small_tree_by_hand() -> None:
    known = Lineage.from_links(table(TREE))
    assert len(known) == 7
    assert known.roots.tolist() == ["Maker/Base", "Other/Base"]
    assert known.stubs.tolist() == ["Maker/Base", "Other/Base"]
    assert known.children("Maker/Base").tolist() == ["me/small", "me/tuned"]
    assert known.children("you/tiny").tolist() == []
    assert known.parents("you/blend").tolist() == ["me/tuned", "Other/Base"]
    assert known.parents("Other/Base").tolist() == []
    assert known.descendants("Maker/Base").tolist() == [
        "me/small",
        "me/tuned",
        "you/blend",
        "you/small",
        "you/tiny",
    ]
    assert known.descendants("Other/Base").tolist() == ["you/blend", "you/tiny"]
    assert known.path_to_root("you/tiny") == ["Maker/Base", "me/tuned", "you/blend", "you/tiny"]
    assert known.path_to_root("Maker/Base") == ["Maker/Base"]
    assert known.relation("you/blend") == "merge"
    assert known.relation("Other/Base") is None
    assert known.relation_counts("Maker/Base").to_dict() == {
        "quantized": 3,
        "finetune": 1,
        "merge": 1,
    }
    assert counts(known) == {
        "Maker/Base": 5,
        "me/small": 0,
        "me/tuned": 3,
        "Other/Base": 2,
        "you/blend": 1,
        "you/small": 0,
        "you/tiny": 0,
    }
    assert known.report == Report(
        links=6, incomplete=0, self_links=0, duplicates=0, cut=(), stubs=2
    )


def test_depth_is_that_of_the_longest_way() -> None:
    known = lineage("b<a", "c<b", "d<c", "d<a", "e<d")
    assert [known.depth(model) for model in "abcde"] == [0, 1, 2, 3, 4]


def test_way_to_the_root_takes_the_first_parent_by_name_in_small_letters() -> None:
    known = lineage("x<Beta", "x<alpha", "x<alp")
    assert known.path_to_root("x") == ["alp", "x"]
    assert lineage("x<Beta", "x<alpha").path_to_root("x") == ["alpha", "x"]


def test_a_diamond_counts_its_foot_once() -> None:
    known = lineage("left<top", "right<top", "foot<left", "foot<right", "toe<foot")
    assert counts(known) == {"foot": 1, "left": 2, "right": 2, "toe": 0, "top": 4}


def test_a_model_with_several_parents_and_no_leaf_of_its_own_passes_on_its_children() -> None:
    known = lineage("b<a", "c<a", "d<b", "d<c", "e<d", "e<b", "f<e", "f<x")
    assert known.descendants("a").tolist() == ["b", "c", "d", "e", "f"]
    assert counts(known) == {"a": 5, "b": 3, "c": 3, "d": 2, "e": 1, "f": 0, "x": 1}


def test_no_links() -> None:
    known = Lineage.from_links(table([]))
    assert len(known) == 0
    assert known.roots.tolist() == known.stubs.tolist() == []
    assert known.descendant_counts().empty
    assert "a" not in known
    assert known.report == Report(0, 0, 0, 0, (), 0)
    untyped = pd.DataFrame({"child": [], "parent": [], "relation": []})
    assert len(Lineage.from_links(untyped)) == 0


def test_one_model_that_names_itself() -> None:
    known = lineage("me/x<me/X")
    assert known.roots.tolist() == ["me/X"]
    assert known.stubs.tolist() == []
    assert known.depth("me/x") == 0
    assert known.relation("me/x") is None
    assert counts(known) == {"me/X": 0}
    assert known.relation_counts("me/x").empty
    assert known.report == Report(
        links=0, incomplete=0, self_links=1, duplicates=0, cut=(), stubs=0
    )


def test_rows_without_a_child_or_a_parent_are_no_links() -> None:
    links: Rows = [("a", None, "merge"), (None, "b", "merge"), ("", "c", "merge"), ("d", "", "x")]
    known = Lineage.from_links(table([*links, ("e", "f", "merge")]))
    assert counts(known) == {"e": 0, "f": 1}
    assert known.report.incomplete == 4


def test_case_of_letters_does_not_make_two_models() -> None:
    known = lineage("me/x<Maker/Base", "ME/Y<maker/base", "me/z<Me/y")
    assert known.spelling("MAKER/BASE") == "Maker/Base"
    assert known.descendants("maker/BASE").tolist() == ["me/x", "ME/Y", "me/z"]
    assert "maker/base" in known
    # Only A to Z: the Hub has no other letters with two cases.
    other = lineage("me/É<Base", "me/é<Base")
    assert len(other) == 3


def test_twice_the_same_link_is_one() -> None:
    known = Lineage.from_links(
        table([("a", "b", "quantized"), ("A", "b", "finetune"), ("a", "B", "quantized")])
    )
    assert known.report.duplicates == 2
    assert known.report.links == 1
    assert known.relation("a") == "finetune"
    assert known.relation_counts("b").to_dict() == {"finetune": 1}


def test_of_a_models_relations_the_first_by_name_counts() -> None:
    known = Lineage.from_links(table([("a", "b", "quantized"), ("a", "c", "merge")]))
    assert known.relation("a") == "merge"
    assert known.relation_counts("b").to_dict() == {"merge": 1}
    assert known.relation_counts("c").to_dict() == {"merge": 1}


def test_relations_unknown_or_unstated_are_counted_as_such() -> None:
    known = Lineage.from_links(
        table([("a", "r", "soup"), ("b", "r", None), ("c", "r", ""), ("d", "r", "adapter")])
    )
    found = known.relation_counts("r")
    assert list(found.items()) == [("unstated", 2), ("adapter", 1), ("soup", 1)]


def test_order_of_rows_other_columns_and_index_do_not_matter() -> None:
    frame = table(TREE)
    changed = frame.iloc[::-1].assign(seen_on=1, source="here")
    changed.index = pd.Index([7] * len(frame))
    first, second = Lineage.from_links(frame), Lineage.from_links(changed)
    assert first.report == second.report
    assert counts(first) == counts(second)
    for kind in ("category", "object"):
        assert counts(Lineage.from_links(frame.astype(kind))) == counts(first)


def test_links_are_left_as_they_were() -> None:
    frame = table([*TREE, ("a", "b", None), ("b", "a", "merge")])
    before = frame.copy()
    Lineage.from_links(frame)
    assert_frame_equal(frame, before)


def test_what_is_handed_out_can_be_changed_without_harm() -> None:
    known = Lineage.from_links(table(TREE))
    known.roots[:] = "x"
    known.children("Maker/Base")[:] = "x"
    known.descendants("Maker/Base")[:] = "x"
    handed = known.descendant_counts()
    handed[:] = 0
    assert known.roots[0] == "Maker/Base"
    assert known.children("Maker/Base")[0] == "me/small"
    assert counts(known)["Maker/Base"] == 5


def test_types() -> None:
    known = Lineage.from_links(table(TREE))
    found = known.descendant_counts()
    assert (str(found.dtype), str(found.index.dtype)) == ("int64", "str")
    assert (found.name, found.index.name) == ("descendants", "model_id")
    found = known.relation_counts("Maker/Base")
    assert (str(found.dtype), found.name, found.index.name) == ("int64", "descendants", "relation")
    assert type(known.depth("you/tiny")) is int
    assert {type(name) for name in known.path_to_root("you/tiny")} == {str}
    assert {type(name) for name in known.descendants("Maker/Base")} == {str}

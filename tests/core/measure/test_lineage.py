"""Lineages worked out by hand, the snapshot's, and shapes that break careless code."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from core.errors import NothingToShow
from core.measure.families import FamilyRules
from core.measure.lineage import Lineage, Report
from tests.core.frames import family
from tests.independent import rows

if TYPE_CHECKING:
    from core.ui.site import Site

Rows = list[tuple[str | None, str | None, str | None]]
asked_by = pytest.mark.parametrize(
    "method",
    [
        "spelling",
        "parents",
        "children",
        "relation",
        "path_to_root",
        "depth",
        "descendants",
        "relation_counts",
    ],
)


def table(links: Rows) -> pd.DataFrame:
    return pd.DataFrame(links, columns=["child", "parent", "relation"]).astype("str")


def lineage(*links: str) -> Lineage:
    """Lineage of finetunes written as "child<parent"."""
    split = [link.split("<") for link in links]
    return Lineage.from_links(table([(child, parent, "finetune") for child, parent in split]))


def counts(known: Lineage) -> dict[str, int]:
    return {str(name): int(number) for name, number in known.descendant_counts().items()}


def chain(length: int) -> pd.DataFrame:
    """``m/0`` ← ``m/1`` ← …, padded so that the names sort like the numbers."""
    names = [f"m/{number:06}" for number in range(length)]
    return pd.DataFrame({"child": names[1:], "parent": names[:-1], "relation": "finetune"})


TREE: Rows = [
    ("me/tuned", "Maker/Base", "finetune"),
    ("me/small", "Maker/Base", "quantized"),
    ("you/small", "me/tuned", "quantized"),
    ("you/blend", "me/tuned", "merge"),
    ("you/blend", "Other/Base", "merge"),
    ("you/tiny", "you/blend", "quantized"),
]


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


def test_a_cycle_of_two_loses_the_link_that_comes_last() -> None:
    known = lineage("a<b", "b<a", "c<b")
    assert known.report.cut == (("b", "a"),)
    assert known.roots.tolist() == ["b"]
    assert known.stubs.tolist() == []
    assert known.relation("b") is None
    assert known.descendants("b").tolist() == ["a", "c"]


def test_a_cycle_of_three_loses_the_link_that_comes_last() -> None:
    known = lineage("a<b", "b<c", "C<A")
    assert known.report.cut == (("C", "A"),)
    assert known.path_to_root("a") == ["C", "b", "A"]


def test_a_cycle_under_a_root() -> None:
    known = lineage("a<root", "a<b", "b<c", "c<a", "d<c")
    assert known.report.cut == (("c", "a"),)
    assert known.descendants("root").tolist() == ["a"]
    assert known.descendants("c").tolist() == ["a", "b", "d"]
    assert known.roots.tolist() == ["c", "root"]


def test_two_cycles_with_a_model_in_common() -> None:
    # All links are between models on cycles: (c, b) goes, then (b, a) is the
    # last of those left on a cycle.
    known = lineage("a<b", "b<a", "b<c", "c<b")
    assert known.report.cut == (("b", "a"), ("c", "b"))
    assert known.path_to_root("a") == ["c", "b", "a"]


def test_a_cycle_of_many() -> None:
    links = chain(10_000)
    closing = pd.DataFrame({"child": ["m/000000"], "parent": ["m/009999"], "relation": ["merge"]})
    known = Lineage.from_links(pd.concat([links, closing]))
    assert known.report.cut == (("m/009999", "m/009998"),)
    assert len(known.descendants("m/009999")) == 9_999
    assert known.depth("m/009998") == 9_999


def test_a_tangle_is_cut_in_time() -> None:
    names = [f"m/{number:02}" for number in range(80)]
    everyone = [(child, parent, "merge") for child in names for parent in names if child != parent]
    known = Lineage.from_links(table(everyone))
    # Of any two models the first by name is left as the child.
    assert len(known.report.cut) == 80 * 79 // 2
    assert all(child > parent for child, parent in known.report.cut)
    assert counts(known) == {name: number for number, name in enumerate(names)}


@pytest.mark.parametrize("length", [10_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_a_chain_of_any_depth(length: int) -> None:
    known = Lineage.from_links(chain(length).sample(frac=1, random_state=1))
    last = f"m/{length - 1:06}"
    assert known.depth(last) == length - 1
    path = known.path_to_root(last)
    assert path == [f"m/{number:06}" for number in range(length)]
    assert known.descendants("m/000000").tolist() == path[1:]
    assert known.descendant_counts().tolist() == list(range(length - 1, -1, -1))
    assert known.relation_counts("m/000001").to_dict() == {"finetune": length - 2}
    assert known.family_of(last, FamilyRules([family("Root", ("m",), "^000000$")])) == "Root"


def test_a_chain_in_which_nearly_all_have_two_parents() -> None:
    links = chain(20_000)
    again = pd.DataFrame(
        {"child": links["child"][1:].to_numpy(), "parent": links["parent"][:-1].to_numpy()}
    )
    known = Lineage.from_links(pd.concat([links, again.assign(relation="merge")]))
    assert known.descendant_counts().tolist() == list(range(19_999, -1, -1))
    assert len(known.descendants("m/000100")) == 19_899


def test_a_star() -> None:
    names = [f"m/{number}" for number in range(35_000)]
    known = Lineage.from_links(
        pd.DataFrame({"child": names, "parent": "Hub/star", "relation": "adapter"})
    )
    assert counts(known)["Hub/star"] == 35_000
    assert known.descendants("Hub/star").tolist() == sorted(names)
    assert known.children("hub/STAR").tolist() == sorted(names)
    assert known.relation_counts("Hub/star").to_dict() == {"adapter": 35_000}


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


RULES = FamilyRules([family("Alpha", ("alpha",)), family("Beta", ("beta",))])


@pytest.mark.parametrize(
    ("links", "model", "expected"),
    [
        (["me/x<alpha/a"], "alpha/a", "Alpha"),
        (["me/x<alpha/a"], "ME/X", "Alpha"),
        (["beta/b<alpha/a"], "beta/b", "Beta"),
        (["me/x<beta/b", "me/x<alpha/a"], "me/x", "Alpha"),
        (["me/x<me/a", "me/a<alpha/a", "me/x<beta/b"], "me/x", "Beta"),
        (["me/x<me/a", "me/x<me/b", "me/a<beta/b", "me/b<alpha/a"], "me/x", "Alpha"),
        (["me/x<me/y"], "me/x", None),
    ],
)
def test_family_is_that_of_the_nearest_official_model(
    links: list[str], model: str, expected: str | None
) -> None:
    assert lineage(*links).family_of(model, RULES) == expected


@asked_by
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("nobody/nothing", "nobody/nothing"),
        ("", ""),
        ("zzz" * 5_000, "z" * 59),
        ("a\u202eb\nc\ud800", "a\ufffdb\ufffdc\ufffd"),
        ("<b>*x*</b>", "<b>*x*</b>"),
    ],
    ids=["unknown", "empty", "long", "unprintable", "markup"],
)
def test_unknown_model_is_one_plain_sentence(method: str, asked: str, shown: str) -> None:
    known = Lineage.from_links(table(TREE))
    assert asked not in known
    with pytest.raises(NothingToShow) as caught:
        getattr(known, method)(asked)
    assert f"“{shown}" in caught.value.sentence
    assert len(caught.value.sentence) < 120
    assert caught.value.sentence.isprintable()


def test_family_of_an_unknown_model_is_refused() -> None:
    with pytest.raises(NothingToShow):
        Lineage.from_links(table(TREE)).family_of("alpha/unknown", RULES)


def test_only_text_can_be_a_model() -> None:
    assert 5 not in Lineage.from_links(table([("5", "6", "merge")]))


def by_hand(root: str) -> Counter[str]:
    """Distinct descendants of ``root`` in the figures, by relation: breadth-first, with dicts."""
    children: dict[str, list[str]] = {}
    relations: dict[str, set[str]] = {}
    for row in rows("links"):
        children.setdefault(row["parent"].lower(), []).append(row["child"].lower())
        relations.setdefault(row["child"].lower(), set()).add(row["relation"])
    found, waiting = {root.lower()}, deque([root.lower()])
    while waiting:
        for child in children.get(waiting.popleft(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return Counter(min(relations[model]) for model in found - {root.lower()})


@pytest.mark.parametrize(
    ("root", "number"),
    [
        ("meta-llama/Llama-3.1-8B", 2_299),
        ("Qwen/Qwen2.5-7B", 1_069),
        ("deepseek-ai/DeepSeek-R1", 301),
    ],
)
def test_real_roots_against_plain_python(site: Site, root: str, number: int) -> None:
    known = Lineage.from_links(site.frame("links"))
    expected = by_hand(root)
    assert known.relation_counts(root).to_dict() == expected
    assert counts(known)[root] == len(known.descendants(root)) == expected.total() == number
    assert root in known.roots

"""Shapes that break careless code: cycles, tangles, long chains, stars."""

from __future__ import annotations

import pandas as pd
import pytest

from core.measure.families import FamilyRules
from core.measure.lineage import Lineage
from tests.core.frames import family
from tests.core.measure.lineages import chain, counts, lineage, table


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

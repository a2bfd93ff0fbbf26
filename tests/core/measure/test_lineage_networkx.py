"""Lineages of dirty graphs, random ones and a real one, against networkx."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measure.families import FamilyRules
from core.measure.lineage import Lineage
from tests.core.frames import family

Row = tuple[str | None, str | None, str | None]
Graph = nx.DiGraph  # from parent to child; networkx has no types

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "hub"
EDGES = REAL / "hakanotal_edges_2025-06-16.csv.gz"

NAMES = [
    "maker/A",
    "maker/a",
    "MAKER/A",
    "maker/b",
    "me/C",
    "me/c",
    "you/d",
    "e",
    "<script>alert(1)</script>",
    "[x](javascript:y)/*z*",
    "\u202erekam/a",
    "maker/b\u200f",
    "É/ß",
    "é/SS",
    "é/İ",
    "long/" + "x" * 10_000,
    "long/" + "X" * 9_999 + "y",
    "a\nb\x00\t",
    " ",
    "nan",
    "None",
    "\U0001f917/model",
    "~",
]
RELATIONS = ["finetune", "adapter", "quantized", "merge", "soup", "", None]
RULES = FamilyRules([family("Maker", ("maker",), "^[a-z]?$"), family("Long", ("long",))])

names = st.sampled_from(NAMES)
links = st.lists(
    st.tuples(names | st.none() | st.just(""), names | st.none(), st.sampled_from(RELATIONS)),
    max_size=60,
)


def small(name: str) -> str:
    """``name`` with A to Z in small letters, and nothing else changed."""
    return "".join(chr(ord(letter) + 32) if "A" <= letter <= "Z" else letter for letter in name)


class Expected:
    """What the rules of Lineage say, followed to the letter with networkx and dicts."""

    def __init__(self, rows: list[Row]) -> None:
        named = [
            (child, parent, relation or "unstated")
            for child, parent, relation in rows
            if child and parent
        ]
        self.incomplete = len(rows) - len(named)
        spellings = sorted({name for child, parent, _ in named for name in (child, parent)})
        self.spelled: dict[str, str] = {}
        for name in spellings:
            self.spelled.setdefault(small(name), name)
        relations: dict[tuple[str, str], set[str]] = {}
        self.self_links = 0
        for child, parent, relation in named:
            if small(child) == small(parent):
                self.self_links += 1
            else:
                relations.setdefault((small(child), small(parent)), set()).add(relation)
        self.duplicates = len(named) - self.self_links - len(relations)
        self.stubs = self.spelled.keys() - {small(child) for child, _, _ in named}
        self.graph: Graph = nx.DiGraph()
        self.graph.add_nodes_from(self.spelled)
        self.graph.add_edges_from((parent, child) for child, parent in relations)
        self.cut = self._without_cycles()
        self.relation = {
            model: min(min(relations[model, parent]) for parent in self.graph.predecessors(model))
            for model in self.graph
            if self.graph.in_degree(model)
        }
        self.below: dict[str, set[str]] = {
            model: nx.descendants(self.graph, model) for model in self.graph
        }
        self.depth: dict[str, int] = {}
        for model in nx.topological_sort(self.graph):
            above = [self.depth[parent] + 1 for parent in self.graph.predecessors(model)]
            self.depth[model] = max(above, default=0)

    def _without_cycles(self) -> list[tuple[str, str]]:
        cut = []
        while True:
            parts = nx.strongly_connected_components(self.graph)
            tangled = [part for part in parts if len(part) > 1]
            if not tangled:
                return sorted(cut)
            for part in tangled:
                inside = self.graph.subgraph(part).edges
                child, parent = max((child, parent) for parent, child in inside)
                self.graph.remove_edge(parent, child)
                cut.append((child, parent))

    def spell(self, models: Any) -> list[str]:  # noqa: ANN401 - any of networkx's views
        """The models as they are spelled, in alphabetical order."""
        return [self.spelled[model] for model in sorted(models)]


def table(rows: list[Row]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["child", "parent", "relation"], dtype="str")


def check(known: Lineage, expected: Expected) -> None:
    """Everything that can be asked of every model."""
    graph, spelled = expected.graph, expected.spelled
    report = known.report
    assert report.links == graph.number_of_edges()
    assert report.incomplete == expected.incomplete
    assert report.self_links == expected.self_links
    assert report.duplicates == expected.duplicates
    assert report.stubs == len(expected.stubs)
    assert list(report.cut) == [(spelled[child], spelled[parent]) for child, parent in expected.cut]
    assert len(known) == len(graph)
    assert known.stubs.tolist() == expected.spell(expected.stubs)
    assert known.roots.tolist() == expected.spell(
        model for model in graph if not graph.in_degree(model)
    )
    counts = known.descendant_counts()
    assert counts.index.tolist() == expected.spell(graph)
    assert counts.tolist() == [len(expected.below[model]) for model in sorted(graph)]
    for model, name in spelled.items():
        check_model(known, expected, model, name)


def check_model(known: Lineage, expected: Expected, model: str, name: str) -> None:
    graph = expected.graph
    below = expected.below[model]
    assert name in known
    assert known.spelling(model) == name
    assert known.children(name).tolist() == expected.spell(graph.successors(model))
    assert known.parents(name).tolist() == expected.spell(graph.predecessors(model))
    assert known.descendants(model).tolist() == expected.spell(below)
    assert known.depth(name) == expected.depth[model]
    assert known.relation(name) == expected.relation.get(model)
    found = known.relation_counts(name)
    assert found.to_dict() == Counter(expected.relation[other] for other in below)
    order = sorted(found.items(), key=lambda item: (-item[1], str(item[0])))
    assert list(found.items()) == order
    path = [model]
    while graph.in_degree(path[0]):
        path.insert(0, min(graph.predecessors(path[0])))
    assert known.path_to_root(name) == [expected.spelled[step] for step in path]


def nearest_family(expected: Expected, model: str) -> str | None:
    """Family of the official model with the shortest way down to ``model``."""
    ways = nx.single_source_shortest_path_length(expected.graph.reverse(), model)
    found = [
        (distance, other, official)
        for other, distance in ways.items()
        if (official := RULES.family_of(expected.spelled[other]))
    ]
    return min(found)[2] if found else None


@given(rows=links)
def test_random_dirt(rows: list[Row]) -> None:
    expected = Expected(rows)
    known = Lineage.from_links(table(rows))
    check(known, expected)
    for model, name in expected.spelled.items():
        assert known.family_of(name, RULES) == nearest_family(expected, model)


@given(
    rows=st.lists(
        st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), st.just("merge")),
        min_size=20,
        max_size=64,
    )
)
def test_random_tangles(rows: list[Row]) -> None:
    check(Lineage.from_links(table(rows)), Expected(rows))


@given(rows=links, data=st.data())
def test_order_of_rows_does_not_matter(rows: list[Row], data: st.DataObject) -> None:
    first = Lineage.from_links(table(rows))
    second = Lineage.from_links(table(data.draw(st.permutations(rows))))
    assert first.report == second.report
    pd.testing.assert_series_equal(first.descendant_counts(), second.descendant_counts())
    for name in first.descendant_counts().index:
        assert first.path_to_root(name) == second.path_to_root(name)
        assert first.relation(name) == second.relation(name)
        assert first.descendants(name).tolist() == second.descendants(name).tolist()


@given(rows=links)
def test_what_was_cut_was_declared_and_closed_a_cycle(rows: list[Row]) -> None:
    known = Lineage.from_links(table(rows))
    declared = {(small(child), small(parent)) for child, parent, _ in rows if child and parent}
    graph: Graph = nx.DiGraph((parent, child) for child, parent in declared)
    for child, parent in known.report.cut:
        assert (small(child), small(parent)) in declared
        assert nx.has_path(graph, small(child), small(parent))


def random_rows(seed: int, models: int, number: int, *, cycles: bool) -> list[Row]:
    """Links of which most hang on few models, many under several of them."""
    generator = np.random.default_rng(seed)
    child = generator.integers(0, models, number)
    parent = (generator.random(number) ** 2 * models).astype(int)
    if not cycles:
        child, parent = np.maximum(child, parent), np.minimum(child, parent)
    relation = generator.choice(["finetune", "merge", "quantized"], number)
    return [
        (f"m/{a * 7919 % models}", f"M/{b * 7919 % models}", str(c))
        for a, b, c in zip(child, parent, relation, strict=True)
    ]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("width", "pairs"), [(1, 0), (7, 0), (16_384, 0), (16_384, 16_000_000)])
@pytest.mark.parametrize(("models", "number"), [(400, 350), (400, 900), (150, 1_500)])
def test_random_graphs_counted_with_a_table_and_in_passes_of_any_width(  # noqa: PLR0913, PLR0917
    monkeypatch: pytest.MonkeyPatch, seed: int, width: int, pairs: int, models: int, number: int
) -> None:
    monkeypatch.setattr("core.measure.blocks._WIDTH", width)
    monkeypatch.setattr("core.measure.blocks._MOST_PAIRS", pairs)
    # Descendants of many models are marked, those of few are sorted.
    monkeypatch.setattr("core.measure.descent._FEW", 64 if pairs else 0)
    rows = random_rows(seed, models, number, cycles=False)
    check(Lineage.from_links(table(rows)), Expected(rows))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("models", "number"), [(300, 280), (300, 500), (60, 300)])
def test_random_graphs_with_long_cycles(seed: int, models: int, number: int) -> None:
    rows = random_rows(seed, models, number, cycles=True)
    expected = Expected(rows)
    check(Lineage.from_links(table(rows)), expected)


@pytest.mark.slow
@pytest.mark.skipif(not EDGES.exists(), reason="the real list of links is not on this machine")
def test_every_model_of_a_real_list_of_links() -> None:
    frame = pd.read_csv(EDGES, keep_default_na=False)
    frame = frame.rename(columns={"source": "parent", "target": "child", "edge": "relation"})
    rows = list(frame[["child", "parent", "relation"]].itertuples(index=False, name=None))
    known, expected = Lineage.from_links(frame), Expected(rows)
    assert known.report.self_links == 42
    counts = known.descendant_counts()
    assert counts.index.tolist() == expected.spell(expected.graph)
    assert counts.tolist() == [len(expected.below[model]) for model in sorted(expected.graph)]
    # Leaves are alike: each hundredth is looked at, and all others.
    for place, (model, name) in enumerate(expected.spelled.items()):
        if expected.below[model] or place % 100 == 0:
            check_model(known, expected, model, name)

"""Sums over distinct descendants, of text and integer ids, against networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measure.lineage import Lineage

Graph = nx.DiGraph  # from parent to child; networkx has no types

ends = st.integers(0, 14)
pairs = st.lists(st.tuples(ends, ends), max_size=50)
whole = st.lists(st.integers(-1_000, 1_000_000_000_000), min_size=15, max_size=15)


def without_cycles(links: set[tuple[int, int]], count: int) -> Graph:
    """Of each strongly connected component the last link is dropped until there is none."""
    graph: Graph = nx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from((parent, child) for child, parent in links if child != parent)
    while True:
        tangled = [part for part in nx.strongly_connected_components(graph) if len(part) > 1]
        if not tangled:
            return graph
        for part in tangled:
            child, parent = max((child, parent) for parent, child in graph.subgraph(part).edges)
            graph.remove_edge(parent, child)


def below(graph: Graph) -> dict[int, set[int]]:
    return {model: nx.descendants(graph, model) for model in graph}


def frame(links: list[tuple[int, int]]) -> pd.DataFrame:
    rows = pd.DataFrame(links, columns=["child", "parent"], dtype="int64")
    return rows.assign(relation=pd.Series(["merge"] * len(rows), dtype="str"))


def arrays(links: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(links, dtype=np.int64).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()


@pytest.mark.parametrize("most_pairs", [0, 16_000_000], ids=["bits", "table"])
@pytest.mark.parametrize("kind", ["int64", "float64"])
def test_sums_are_over_distinct_descendants(
    most_pairs: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.measure.blocks._MOST_PAIRS", most_pairs)
    links = [
        ("left", "top"),
        ("right", "top"),
        ("foot", "left"),
        ("foot", "right"),
        ("toe", "foot"),
    ]
    rows = pd.DataFrame(links, columns=["child", "parent"]).assign(relation="merge")
    values = pd.Series(
        {"TOE": 1, "foot": 10, "left": 100, "right": 1_000, "stranger": 5}, dtype=kind
    )
    found = Lineage.from_links(rows).totals(values.rename("downloads"))
    assert found.to_dict() == {"foot": 1, "left": 11, "right": 11, "toe": 0, "top": 1_111}
    assert (found.dtype, found.name, found.index.name) == (kind, "downloads", "model_id")


def test_models_without_a_value_count_as_nothing() -> None:
    rows = pd.DataFrame({"child": ["b", "c"], "parent": ["a", "b"], "relation": "merge"})
    values = pd.Series([7, None], index=["b", "c"], dtype="Int64")
    assert Lineage.from_links(rows).totals(values).to_dict() == {"a": 7, "b": 0, "c": 0}
    assert Lineage.from_links(rows).totals(values[:0]).to_dict() == {"a": 0, "b": 0, "c": 0}


@given(links=pairs, values=whole)
def test_whole_numbers_as_ids(links: list[tuple[int, int]], values: list[int]) -> None:
    known = Lineage.from_numbers(15, *arrays(links))
    graph = without_cycles(set(links), 15)
    under = below(graph)
    assert len(known) == 15
    assert known.descendant_counts().to_dict() == {model: len(under[model]) for model in range(15)}
    assert known.totals(pd.Series(values)).to_dict() == {
        model: sum(values[other] for other in under[model]) for model in range(15)
    }
    for model in range(15):
        assert known.descendants(model).tolist() == sorted(under[model])
        assert known.children(model).tolist() == sorted(graph.successors(model))
        assert known.parents(model).tolist() == sorted(graph.predecessors(model))
        assert known.count(model) == len(under[model])
    assert known.roots.tolist() == [model for model in range(15) if not graph.in_degree(model)]
    assert [*map(known.__contains__, (-1, 15, "0", True, None, 2.0))] == [False] * 6


@given(links=pairs, values=whole)
def test_numbers_in_a_frame_need_not_be_without_gaps(
    links: list[tuple[int, int]], values: list[int]
) -> None:
    wide = [(child * 1_000_003 - 7, parent * 1_000_003 - 7) for child, parent in links]
    known = Lineage.from_links(frame(wide))
    under = below(without_cycles(set(links), 15))
    named = sorted({end for link in links for end in link})
    assert known.descendant_counts().to_dict() == {
        model * 1_000_003 - 7: len(under[model]) for model in named
    }
    by_id = pd.Series(values, index=np.arange(15) * 1_000_003 - 7)
    assert known.totals(by_id).to_dict() == {
        model * 1_000_003 - 7: sum(values[other] for other in under[model]) for model in named
    }


def ladder(steps: int) -> list[tuple[int, int]]:
    """Two models a step, each made of both of the step before."""
    return [
        (2 * step + this, 2 * step - 2 + other)
        for step in range(1, steps)
        for this in (0, 1)
        for other in (0, 1)
    ]


def test_a_ladder_of_merges_needs_no_table_of_all_pairs() -> None:
    steps = 10_000
    known = Lineage.from_numbers(2 * steps, *arrays(ladder(steps)))
    expected = [2 * (steps - 1 - model // 2) for model in range(2 * steps)]
    assert known.descendant_counts().tolist() == expected
    assert known.descendants(0).tolist() == list(range(2, 2 * steps))
    assert known.depth(2 * steps - 1) == steps - 1


def test_a_merge_under_a_chain_is_counted_once_by_each() -> None:
    length = 10_000
    chain = [(model, model - 1) for model in range(1, length)]
    merges = [(length + k, length - 1 - k % 3) for k in range(300)]
    merges += [(length + k, 17 * k) for k in range(300)]
    known = Lineage.from_numbers(length + 300, *arrays(chain + merges))
    counts = known.descendant_counts()
    assert counts.iloc[0] == length + 299
    assert counts.iloc[length - 1] == 100
    expected = (length - 1 - 5_000) + 300
    assert counts.iloc[5_000] == expected
    assert len(known.descendants(5_000)) == expected


def test_the_middle_of_wide_and_deep_at_once() -> None:
    """35,000 children of one model, a chain of 10,000, and merges of both."""
    star = [(1 + k, 0) for k in range(35_000)]
    chain = [(35_001 + k, 35_000 + k) for k in range(10_000)]
    merges = [(45_001 + k, 1 + k) for k in range(1_000)]
    merges += [(45_001 + k, 35_001 + 9 * k) for k in range(1_000)]
    known = Lineage.from_numbers(46_001, *arrays(star + chain + merges))
    values = pd.Series(np.arange(46_001))
    totals, counts = known.totals(values), known.descendant_counts()
    assert counts.iloc[0] == 46_000
    assert totals.iloc[0] == 46_000 * 46_001 // 2
    assert counts.iloc[1] == 1
    assert totals.iloc[35_000] == sum(range(35_001, 46_001))


def test_no_models_at_all() -> None:
    known = Lineage.from_numbers(0, *arrays([]))
    assert len(known) == 0
    assert known.descendant_counts().empty
    assert known.totals(pd.Series([], dtype="int64")).empty
    alone = Lineage.from_numbers(1, *arrays([(0, 0)]))
    assert alone.descendant_counts().to_dict() == {0: 0}
    assert alone.report.self_links == 1

"""Three real families, counted from the list of links in plain Python."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

from core.measure.lineage import Lineage

ROOTS = ["Qwen/Qwen2.5-7B", "meta-llama/Llama-3.1-8B", "mistralai/Mistral-7B-v0.1"]

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "hub"
EDGES = REAL / "hakanotal_edges_2025-06-16.csv.gz"

pytestmark = pytest.mark.skipif(
    not EDGES.exists(), reason="the real list of links is not on this machine"
)


def rows() -> list[dict[str, str]]:
    with gzip.open(EDGES, "rt", encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def reached(children: dict[str, set[str]], root: str) -> set[str]:
    """All that hangs on ``root``, found by following each link once."""
    seen: set[str] = set()
    unread = [root]
    while unread:
        for child in children[unread.pop()] - seen:
            seen.add(child)
            unread.append(child)
    return seen - {root}


@pytest.fixture(scope="module")
def known() -> Lineage:
    frame = pd.DataFrame(rows(), dtype="str")
    return Lineage.from_links(
        frame.rename(columns={"source": "parent", "target": "child", "edge": "relation"})
    )


@pytest.mark.parametrize(
    "root", ["Qwen/Qwen2.5-7B", "meta-llama/Llama-3.1-8B", "mistralai/Mistral-7B-v0.1"]
)
def test_descendants_of_a_real_root(known: Lineage, root: str) -> None:
    children: dict[str, set[str]] = defaultdict(set)
    for row in rows():
        children[row["source"].lower()].add(row["target"].lower())
    expected = reached(children, root.lower())
    assert len(expected) > 100
    assert {model.lower() for model in known.descendants(root)} == expected
    assert known.count(root) == known.descendant_counts()[root] == len(expected)
    ones = pd.Series(1, index=known.descendant_counts().index)
    assert known.totals(ones)[root] == len(expected)

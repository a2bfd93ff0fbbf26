"""The snapshot's lineage against plain Python."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

import pytest

from core.measure.lineage import Lineage
from tests.core.measure.lineages import counts
from tests.independent import rows

if TYPE_CHECKING:
    from core.ui.site import Site


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

"""Small lineages written by hand, chains, and what is counted in them."""

from __future__ import annotations

import pandas as pd

from core.measure.lineage import Lineage

Rows = list[tuple[str | None, str | None, str | None]]


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

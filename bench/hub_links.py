"""Made-up links of the Hub's size and shape, and plain ways to sum over them.

Every graph comes from a seed, so that runs on different days measure the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import platformdirs
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from pathlib import Path

Numbers = npt.NDArray[np.int64]

_VERSION: Final = 1
"""Of what the seed gives: raise it where the shape changes, or old files are taken."""

_FAMILIES: Final = 150
"""Models that are no root, for each family."""

_WORDS: Final = [
    "qwen",
    "llama",
    "mistral",
    "gemma",
    "phi",
    "deepseek",
    "bert",
    "stable",
    "flux",
    "yi",
    "falcon",
    "smol",
]
_SIZES: Final = ["1B", "3B", "7B", "8B", "14B", "32B", "70B", "0.5B"]
_KINDS: Final = ["instruct", "GGUF", "lora", "awq", "chat", "merged", "ft-v2", "base"]


@dataclass(frozen=True)
class Size:
    """How large the graph is: ``several`` models have more than one parent."""

    models: int = 3_000_000
    links: int = 1_320_000
    several: int = 120_000
    largest: int = 300_000
    depth: int = 50


def cached_links(size: Size, seed: int) -> tuple[Numbers, Numbers]:
    """Child and parent of every link, made once and kept on disk."""
    folder = platformdirs.user_cache_path("groundswell") / "bench"
    shape = f"{size.models}-{size.links}-{size.several}-{size.largest}-{size.depth}"
    path = folder / f"links-{_VERSION}-{seed}-{shape}.npy"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _keep(path, np.stack(links(size, seed)))
    child, parent = np.load(path)
    return child, parent


def links(size: Size, seed: int) -> tuple[Numbers, Numbers]:
    """Child and parent of every link, in any order.

    One family is a fifth of all, the others fall off as the Hub's do. Within a
    family most models hang on few. There are chains ``size.depth`` deep,
    links that say the same, models that name themselves, and cycles.
    """
    generator = np.random.default_rng(seed)
    children = size.links - size.several - size.several // 8
    families = max(2, children // _FAMILIES)
    share = np.arange(2, families + 1) ** -0.95
    sizes = np.zeros(families, dtype=np.int64)
    # What merges of other families bring makes up for the rest.
    rest = children - int(size.largest * 0.85)
    sizes[1:] = share / share.sum() * rest
    sizes[0] = children - sizes.sum()
    starts = np.cumsum(sizes + 1) - (sizes + 1)
    family = np.repeat(np.arange(families), sizes + 1)
    place = np.arange(len(family)) - starts[family]
    child = np.flatnonzero(place)
    place, start = place[child], starts[family[child]]
    skewed = (place * generator.random(len(child)) ** 3).astype(np.int64)
    parent = start + np.minimum(skewed, place - 1)
    for at in generator.choice(np.flatnonzero(place > size.depth), len(child) // 4_000):
        chain = np.arange(at + 1, min(at + size.depth - 8, len(child)))
        chain = chain[family[child[chain]] == family[child[at]]]
        parent[chain] = child[chain] - 1
    merged = generator.choice(np.flatnonzero(place > 3), size.several, replace=False)  # noqa: PLR2004 - room for other parents
    merged = np.concatenate([merged, generator.choice(merged, size.several // 8, replace=False)])
    within = start[merged] + (place[merged] * generator.random(len(merged)) ** 2).astype(np.int64)
    across = (child[merged] * generator.random(len(merged))).astype(np.int64)
    other = np.where(generator.random(len(merged)) < 0.7, within, across)  # noqa: PLR2004 - most merges stay within a family
    below, above = np.concatenate([child, child[merged]]), np.concatenate([parent, other])
    own = generator.integers(0, len(family), size.links // 600)
    again = generator.integers(0, len(below), size.links // 250)
    circling = generator.integers(0, len(below), size.links // 6_000)
    below, above = (
        np.concatenate([below, own, below[again], above[circling]]),
        np.concatenate([above, own, above[again], below[circling]]),
    )
    names = generator.permutation(size.models)[: len(family)]
    order = generator.permutation(len(below))
    return names[below[order]], names[above[order]]


def names(count: int, seed: int) -> pa.Array[Any]:
    """Ids of ``count`` models, as text."""
    generator = np.random.default_rng(seed)

    def some(texts: list[str]) -> pa.Array[Any]:
        return pa.array(texts).take(generator.integers(0, len(texts), count))

    # Some have many models; the two numbers together are no one else's.
    every = np.arange(count)
    account = _joined("-", some(_WORDS), _texts(every % (count // 8 + 1)))
    unique = _joined("v", some(_KINDS), _texts(every // (count // 8 + 1)))
    odd = _texts(generator.integers(0, count // 10 + 1, count))
    name = _joined("-", some(_WORDS), some(_SIZES), unique, odd)
    return _joined("/", account, name).cast(pa.large_string())


def _texts(numbers: Numbers) -> pa.Array[Any]:
    return pa.array(numbers).cast(pa.string())


def _joined(between: str, *parts: pa.Array[Any]) -> pa.Array[Any]:
    join: Any = pc.binary_join_element_wise  # its types allow of no list of parts
    joined: pa.Array[Any] = join(*parts, between)
    return joined


def one_pass(child: Numbers, parent: Numbers, values: Numbers) -> Numbers:
    """The floor: look once at both ends of every link, in no useful order."""
    sums = values.copy()
    np.add.at(sums, parent, values[child])
    return sums


def one_parent_each(
    count: int, child: Numbers, parent: Numbers, values: Numbers
) -> tuple[Numbers, Numbers]:
    """Descendants and totals of every model if each had one parent, from the leaves up.

    The first row of a child gives its parent. Each cycle is cut at its
    model with the largest number.
    """
    linked = child != parent
    child, parent = child[linked], parent[linked]
    up = np.full(count, -1)
    up[child[::-1]] = parent[::-1]
    awaited = np.bincount(up[up >= 0], minlength=count)
    counts, totals = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    ready = np.flatnonzero((awaited == 0) & (up >= 0))
    while True:
        while len(ready):
            above = up[ready]
            np.add.at(counts, above, counts[ready] + 1)
            np.add.at(totals, above, totals[ready] + values[ready])
            np.subtract.at(awaited, above, 1)
            ready = np.unique(above[awaited[above] == 0])
            ready = ready[up[ready] >= 0]
        circling = np.flatnonzero(awaited > 0)
        if not len(circling):
            return counts, totals
        cut = _largest_of_each_cycle(up, circling)
        above = up[cut]
        up[cut] = -1
        np.subtract.at(awaited, above, 1)
        ready = np.unique(above[(awaited[above] == 0) & (up[above] >= 0)])


def _largest_of_each_cycle(up: Numbers, circling: Numbers) -> Numbers:
    place = np.full(len(up), -1)
    place[circling] = np.arange(len(circling))
    largest, following = circling.copy(), place[up[circling]]
    for _ in range(len(circling).bit_length()):
        largest = np.maximum(largest, largest[following])
        following = following[following]
    return np.unique(largest)


def with_networkx(
    count: int, child: Numbers, parent: Numbers, values: Numbers
) -> tuple[Numbers, Numbers]:
    """Distinct descendants and totals of every model, cycles cut by the site's rule."""
    nx: Any = import_module("networkx")  # has no types
    graph = nx.DiGraph()
    graph.add_nodes_from(range(count))
    linked = child != parent
    graph.add_edges_from(zip(parent[linked].tolist(), child[linked].tolist(), strict=True))
    while tangled := [part for part in nx.strongly_connected_components(graph) if len(part) > 1]:
        for part in tangled:
            last, above = max((below, top) for top, below in graph.subgraph(part).edges)
            graph.remove_edge(above, last)
    below = [[*nx.descendants(graph, model)] for model in range(count)]
    return (
        np.array([len(models) for models in below], dtype=np.int64),
        np.array([values[models].sum() if models else 0 for models in below], dtype=np.int64),
    )


def _keep(path: Path, array: Numbers) -> None:
    part = path.with_suffix(".part.npy")
    np.save(part, array)
    part.replace(path)

"""Compare the family tree's sums with plainer ways: `python -m bench.lineage`.

Everything is measured in one run on one graph of the Hub's size; read the
ratios. Each figure is a median.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa

from bench import hub_links
from core.measure.ids import TextIds, placed
from core.measure.lineage import Lineage
from core.measure.lineage_arrays import ARRAYS, FACTS, Kept, from_arrays, to_arrays
from core.measure.search import Search
from core.store import lineage_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.hub_links import Numbers

_SMALL: Final = hub_links.Size(models=20_000, links=12_000, several=1_500, largest=2_500, depth=30)
_NEW: Final = 2_000
"""Links that come after all others."""

_TYPED: Final = (
    "q", "qw", "qwen", "qwen-", "qwen-7/llama", "llama", "llama 7b gguf", "a", "7b", "gguf", "1",
    "b i l", "smol 70b", "flux-100/", "stable 0.5b merged 99", "nothing at all", "x" * 10_000,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code: 1 where results differ from networkx's."""
    options = _options(arguments)
    if options.open:
        print(json.dumps(_memory_of(options.open)))
        return 0
    size = hub_links.Size() if not options.small else _SMALL
    child, parent = hub_links.cached_links(size, options.seed)
    values = np.random.default_rng(options.seed).integers(0, 10_000, size.models)
    found: dict[str, Any] = {"models": size.models, "links": len(child)}
    found |= _sums(size, child, parent, values, options.rounds)
    found |= _queries(size, child, parent, options)
    found |= _texts(size, child, parent, values, options)
    found |= _agreement(options.seed)
    print(json.dumps(found, indent=2) if options.json else _table(found))
    return 0 if found["agrees_with_networkx"] else 1


def _sums(
    size: hub_links.Size, child: Numbers, parent: Numbers, values: Numbers, rounds: int
) -> dict[str, Any]:
    """Counts and totals of every model, integer ids given; the ways take turns."""

    def exact() -> None:
        known = Lineage.from_numbers(size.models, child, parent)
        known.descendant_counts()
        known.totals(pd.Series(values))

    ways: dict[str, Callable[[], object]] = {
        "floor_ms": lambda: hub_links.one_pass(child, parent, values),
        "one_parent_each_ms": lambda: hub_links.one_parent_each(size.models, child, parent, values),
        "exact_ms": exact,
    }
    if importlib.util.find_spec("scipy"):
        ways["scipy_components_ms"] = lambda: _components(size.models, child, parent)
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            times[name].append(_milliseconds(way))
    found: dict[str, Any] = {name: statistics.median(each) for name, each in times.items()}
    for name in ways.keys() - {"exact_ms"}:
        pairs = zip(times["exact_ms"], times[name], strict=True)
        ratio = statistics.median(exact / other for exact, other in pairs)
        found[f"exact_to_{name.removesuffix('_ms')}"] = ratio
    return found


def _components(count: int, child: Numbers, parent: Numbers) -> object:
    sparse = importlib.import_module("scipy.sparse")
    graph = sparse.coo_array((np.ones(len(child), dtype=np.int8), (child, parent)), (count, count))
    return importlib.import_module("scipy.sparse.csgraph").connected_components(graph.tocsr())


def _queries(
    size: hub_links.Size, child: Numbers, parent: Numbers, options: argparse.Namespace
) -> dict[str, Any]:
    known = Lineage.from_numbers(size.models, child, parent)
    counts = known.descendant_counts()
    building = _milliseconds(lambda: known.descendants(0))
    largest = int(counts.to_numpy().argmax())
    generator = np.random.default_rng(options.seed)
    onto = parent[generator.integers(0, len(parent), _NEW)]
    leaves = _rows(np.arange(size.models, size.models + _NEW), onto)
    # A tenth bridge models that were there, a half hang on other new ones.
    below, above = np.arange(size.models, size.models + _NEW), onto.copy()
    below[: _NEW // 10] = child[generator.integers(0, len(child), _NEW // 10)]
    above[_NEW // 2 :] = below[generator.integers(0, _NEW // 2, _NEW - _NEW // 2)]
    mixed = _rows(below, above)
    times = options.rounds * 4
    grown = known.extend(mixed)
    return {
        "largest_descendants": int(counts.max()),
        "most_levels": max(map(known.depth, child[:: max(1, len(child) // 2_000)].tolist())),
        "layout_ms": building,
        "descendants_of_largest_ms": _median(lambda: known.descendants(largest), times),
        "extend_new_models_ms": _median(lambda: known.extend(leaves), times),
        "extend_mixed_ms": _median(lambda: known.extend(mixed), times),
        "descendants_after_extend_ms": _median(lambda: grown.descendants(largest), times),
    }


def _rows(child: Numbers, parent: Numbers) -> pd.DataFrame:
    return pd.DataFrame({"child": child, "parent": parent, "relation": "merge"})


def _texts(
    size: hub_links.Size,
    child: Numbers,
    parent: Numbers,
    values: Numbers,
    options: argparse.Namespace,
) -> dict[str, Any]:
    """Text ids: numbering, searching, the file and the memory of a server that opens it."""
    every = hub_links.names(size.models, options.seed)
    texts = pd.Series(pa.chunked_array([every, every.take(child), every.take(parent)]), dtype="str")
    begin = time.perf_counter()
    ids, numbers = placed(texts)
    numbering = 1e3 * (time.perf_counter() - begin)
    del texts
    if not isinstance(ids, TextIds):
        raise TypeError
    number = numbers[: size.models]
    known = Lineage.from_placed(ids, number[child], number[parent])
    downloads = np.empty_like(values)
    downloads[number] = values
    begin = time.perf_counter()
    search = Search.of(ids, downloads)
    indexing = 1e3 * (time.perf_counter() - begin)
    kept = Kept(known, {"downloads": known.totals_by_place(downloads)}, search)
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as folder:
        path = Path(folder) / "lineage.bin"
        writing = _milliseconds(lambda: lineage_file.write(path, *to_arrays(kept)))
        opened = _memory_in_a_new_process(path)
        return {
            "texts_to_numbers_ms": numbering,
            "search_index_ms": indexing,
            "write_file_ms": writing,
            "file_megabytes": path.stat().st_size / 1e6,
            **opened,
        }


def _memory_in_a_new_process(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.lineage", "--open", str(path)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ourselves
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def _memory_of(path: Path) -> dict[str, Any]:
    """Growth of this process by opening the file, and by questions of every kind."""
    process = psutil.Process()
    before = process.memory_info().rss
    begin = time.perf_counter()
    mapped = lineage_file.read(path, ARRAYS, FACTS)
    kept = from_arrays(mapped.arrays, mapped.facts)
    opening = 1e3 * (time.perf_counter() - begin)
    grown = process.memory_info().rss
    search, known = kept.search, kept.lineage
    if search is None:
        raise TypeError
    times = {text: _median(lambda text=text: search.find(text), 7) for text in _TYPED}  # type: ignore[misc]
    for text in _TYPED:
        for model in search.find(text).tolist():
            known.path_to_root(model)
            known.children(model)
            known.count(model)
    asked = process.memory_info().rss
    mapped.give_back(0)
    return {
        "open_file_ms": opening,
        "open_file_megabytes": (grown - before) / 1e6,
        "after_questions_megabytes": (asked - before) / 1e6,
        "given_back_megabytes": (process.memory_info().rss - before) / 1e6,
        "search_median_ms": statistics.median(times.values()),
        "search_slowest_ms": max(times.values()),
        "search_slowest": max(times, key=lambda text: times[text])[:20],
    }


def _agreement(seed: int) -> dict[str, Any]:
    """Whether a smaller graph gives what networkx gives, and how long each takes."""
    child, parent = hub_links.links(_SMALL, seed)
    values = np.random.default_rng(seed).integers(0, 10_000, _SMALL.models)
    begin = time.perf_counter()
    counts, totals = hub_links.with_networkx(_SMALL.models, child, parent, values)
    middle = time.perf_counter()
    known = Lineage.from_numbers(_SMALL.models, child, parent)
    ours = known.descendant_counts().to_numpy(), known.totals(pd.Series(values)).to_numpy()
    end = time.perf_counter()
    return {
        "small_models": _SMALL.models,
        "small_networkx_ms": 1e3 * (middle - begin),
        "small_exact_ms": 1e3 * (end - middle),
        "agrees_with_networkx": bool((counts == ours[0]).all() and (totals == ours[1]).all()),
    }


def _milliseconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - begin)


def _median(work: Callable[[], object], times: int) -> float:
    return statistics.median(_milliseconds(work) for _ in range(times))


def _table(found: dict[str, Any]) -> str:
    width = max(map(len, found))
    shown = {
        name: f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
        if isinstance(value, int) and not isinstance(value, bool) else str(value)
        for name, value in found.items()
    }  # fmt: skip
    return "\n".join(
        f"{name.replace('_', ' '):{width}}  {value:>14}" for name, value in shown.items()
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.lineage", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the made-up links")
    parser.add_argument("--rounds", type=int, default=5, help="times every way is measured")
    parser.add_argument("--small", action="store_true", help="a small graph, to try it out")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

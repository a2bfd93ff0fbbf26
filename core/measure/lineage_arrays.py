"""A lineage as plain arrays and facts, and back: what a file can keep and a server map.

Arrays read back are used as they are, so they may lie in a mapped file and
may be read-only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from core.measure.descent import Descent
from core.measure.graph import Neighbours
from core.measure.grown import GrownIds
from core.measure.ids import NumberIds, Renames, TextIds
from core.measure.kin import Kin
from core.measure.known import Known
from core.measure.lineage import Lineage
from core.measure.parents import Parents
from core.measure.search import Search

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.measure.graph import Numbers

_KIN: Final = {
    "up": (Parents, ("sole", "several", "starts", "targets", "relations", "target_relations")),
    "down": (Neighbours, ("starts", "targets")),
    "descent": (
        Descent,
        ("place", "sizes", "row", "at", "hung", "begins", "ends", "first", "last"),
    ),
}
_SEARCH: Final = ("ranks", "by_rank", "by_name", "starts", "postings")

ARRAYS: Final = (
    *(f"{part}.{name}" for part, (_, names) in _KIN.items() for name in names),
    "counts",
    "stubs",
    "cut",
)
"""The arrays that every kept lineage has."""

FACTS: Final = ("count", "dropped", "links", "names", "renames", "texts", "totals", "search")
"""The facts that every kept lineage has."""


@dataclass(frozen=True)
class Kept:
    """A lineage with what was worked out beside it.

    ``totals`` are sums over the distinct descendants of every model, by what
    they sum, in the order of the ids. ``search`` is None for ids that are numbers.
    """

    lineage: Lineage
    totals: Mapping[str, Numbers] = field(default_factory=dict)
    search: Search | None = None


def to_arrays(kept: Kept) -> tuple[dict[str, Numbers], dict[str, Any]]:
    """Arrays and facts (fit for JSON) that ``from_arrays`` makes the same of.

    The lineage must have been built at once, not extended.
    """
    known = kept.lineage.known
    if isinstance(known.ids, GrownIds) or not isinstance(known.kin, Kin):
        message = "Only a lineage that was built at once can be kept."
        raise TypeError(message)
    parts = {"up": known.kin.parents, "down": known.kin.children, "descent": known.kin.descent}
    arrays = {
        f"{part}.{name}": getattr(parts[part], name)
        for part, (_, names) in _KIN.items()
        for name in names
    }
    arrays |= {
        "counts": known.kin.counts.astype(np.int32),
        "stubs": known.stubs.astype(np.uint8),
        "cut": np.array(sorted(known.cut), dtype=np.int32).reshape(-1, 2),
    }
    arrays |= {f"totals.{name}": values for name, values in kept.totals.items()}
    texts = isinstance(known.ids, TextIds)
    if isinstance(known.ids, TextIds):
        arrays |= _of_ids("ids", known.ids)
    elif known.ids.numbers is not None:
        arrays["ids.numbers"] = known.ids.numbers
    if kept.search is not None:
        arrays |= {f"search.{name}": getattr(kept.search, name) for name in _SEARCH}
        arrays |= _of_ids("words", kept.search.words)
    facts = {
        "count": len(known.ids),
        "dropped": list(known.dropped),
        "links": known.links,
        "names": list(known.names),
        "renames": list(known.renames.pairs.items()),
        "texts": texts,
        "totals": list(kept.totals),
        "search": kept.search is not None,
    }
    return arrays, facts


def from_arrays(arrays: Mapping[str, Numbers], facts: Mapping[str, Any]) -> Kept:
    """What ``to_arrays`` was given. Nothing is copied or worked out."""
    parts: dict[str, Any] = {
        part: kind(*(arrays[f"{part}.{name}"] for name in names))
        for part, (kind, names) in _KIN.items()
    }
    kin = Kin.of_parts(parts["up"], parts["down"], parts["descent"], arrays["counts"])
    ids: TextIds | NumberIds
    if facts["texts"]:
        ids = TextIds(_texts("ids", arrays), _texts("ids.fences", arrays))
    else:
        ids = NumberIds(int(facts["count"]), arrays.get("ids.numbers"))
    known = Known(
        ids=ids,
        kin=kin,
        names=tuple(facts["names"]),
        cut=frozenset((child, parent) for child, parent in arrays["cut"].tolist()),
        dropped=tuple(facts["dropped"]),
        links=int(facts["links"]),
        stubs=arrays["stubs"].view(np.bool_),
        renames=Renames(dict(facts["renames"])),
    )
    search = None
    if facts["search"] and isinstance(ids, TextIds):
        index = {name: arrays[f"search.{name}"] for name in _SEARCH}
        words = TextIds(_texts("words", arrays), _texts("words.fences", arrays))
        search = Search(ids, words=words, **index)
    totals = {name: arrays[f"totals.{name}"] for name in facts["totals"]}
    return Kept(Lineage(known), totals, search)


def _of_ids(name: str, ids: TextIds) -> dict[str, Numbers]:
    return _of_texts(name, ids.texts) | _of_texts(f"{name}.fences", ids.fences)


def _of_texts(name: str, texts: pa.Array[Any]) -> dict[str, Numbers]:
    """The texts as the bytes of all and where each begins."""
    if not len(texts):
        return {f"{name}.begins": np.zeros(1, np.int64), f"{name}.letters": np.zeros(0, np.uint8)}
    if texts.offset:
        texts = pa.concat_arrays([texts])
    _, offsets, content = texts.buffers()
    begins = np.frombuffer(memoryview(offsets or b""), dtype=np.int64, count=len(texts) + 1)
    letters = np.frombuffer(memoryview(content or b""), dtype=np.uint8)[: int(begins[-1])]
    return {f"{name}.begins": begins, f"{name}.letters": letters}


def _texts(name: str, arrays: Mapping[str, Numbers]) -> pa.Array[Any]:
    begins, letters = arrays[f"{name}.begins"], arrays[f"{name}.letters"]
    count = len(begins) - 1
    buffers = [None, *(pa.py_buffer(array.data) for array in (begins, letters))]
    return pa.Array.from_buffers(pa.large_string(), count, buffers)

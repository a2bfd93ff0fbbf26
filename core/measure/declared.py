"""What the authors of many models declare, looked up together.

A lineage answers for one model at a time; for hundreds of thousands its links
are gone through once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.measure.lineage import UNSTATED

if TYPE_CHECKING:
    from core.measure.lineage import Lineage

Ids = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.int64]
Texts = Any
"""An Arrow array of texts; its stubs know too little of what is done with it."""


@dataclass(frozen=True)
class Declared:
    """The bases of ``count`` models, by the models' places in what was asked.

    Row ``i`` says that the model at place ``child[i]`` has base ``bases[parent[i]]``;
    rows are in order of place, then of the base's name. ``relation`` has each
    model's relation, None for one without a base.
    """

    count: int
    child: Numbers
    parent: Numbers
    bases: Ids
    relation: Ids

    def joined(self) -> Ids:
        """The bases of each model in one text, with commas between; empty without any."""
        texts = np.full(self.count, "", dtype=np.object_)
        names = self.bases[self.parent]
        first = np.flatnonzero(np.diff(self.child, prepend=-1))
        texts[self.child[first]] = names[first]
        ends = np.append(first[1:], len(self.child))
        for start, end in zip(first[ends - first > 1], ends[ends - first > 1], strict=True):
            texts[self.child[start]] = ", ".join(names[start:end])
        return texts


def small(texts: pd.Series | pd.Index[Any] | Ids) -> Texts:
    """``texts`` with A to Z in small letters, by which ids are compared."""
    return pc.ascii_lower(_arrow(texts))


def places(texts: Texts, among: Texts) -> Numbers:
    """The place of each of ``texts`` in ``among`` (int64), -1 where it is not there."""
    found: Any = pc.index_in(texts, value_set=among)
    numbers: Numbers = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return numbers


def declared(lineage: Lineage, links: pd.DataFrame, ids: Ids) -> Declared:
    """What ``links``, of which ``lineage`` was made, say of ``ids``; by the lineage's rules."""
    asked = small(ids)
    child = places(small(links["child"]), asked)
    parents = links["parent"]
    stated = (parents.notna() & (parents != "")).to_numpy(dtype=np.bool_)
    wanted = (child >= 0) & stated
    child = child[wanted]
    coded: Any = pc.dictionary_encode(small(links.loc[wanted, "parent"]))
    names = coded.dictionary
    parent = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    kept = places(names, asked)[parent] != child  # nothing is built on itself
    for below, above in lineage.report.cut:
        pair = [
            places(small(np.array([name], dtype=np.object_)), table)[0]
            for name, table in ((below, asked), (above, names))
        ]
        kept &= (child != pair[0]) | (parent != pair[1])
    told = links.loc[wanted, "relation"]
    relation, kinds = pd.factorize(
        told.where(told.notna() & (told != ""), UNSTATED).astype("str"), sort=True
    )
    rank = np.empty(len(names), dtype=np.int64)
    rank[pc.sort_indices(names).to_numpy()] = np.arange(len(names))
    child, parent, relation = child[kept], parent[kept], relation[kept]
    order = np.lexsort((relation, rank[parent], child))
    child, parent, relation = child[order], parent[order], relation[order]
    relations = np.full(len(ids), None, dtype=np.object_)
    first = np.flatnonzero(np.diff(child, prepend=-1))
    if len(first):
        least = np.minimum.reduceat(relation, first)
        relations[child[first]] = np.asarray(kinds, dtype=np.object_)[least]
    new = (np.diff(child, prepend=-1) != 0) | (np.diff(parent, prepend=-1) != 0)
    bases = np.array([lineage.spelling(name) for name in names.to_pylist()], dtype=np.object_)
    return Declared(len(ids), child[new], parent[new], bases, relations)


def _arrow(texts: pd.Series | pd.Index[Any] | Ids) -> Texts:
    array: Any = pa.array(texts, type=pa.large_string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array

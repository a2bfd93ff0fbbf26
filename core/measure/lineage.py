"""What was built on what, as the models' authors declared it.

What authors declare may be missing, stale, doubled or circular. ``Lineage``
puts it into an order that does not depend on the order of the rows, by rules
that its docstring states, and reports what it had to do.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import NothingToShow
from core.measure.graph import Descent, Neighbours, links_to_cut, order_from_roots

if TYPE_CHECKING:
    from core.measure.families import FamilyRules
    from core.measure.graph import Flags, Numbers

Ids = npt.NDArray[np.object_]

UNSTATED: Final = "unstated"
"""The relation of a link that names none."""

_QUOTED: Final = 60
"""Characters of an unknown id that an error repeats."""


@dataclass(frozen=True)
class Report:
    """What was done to the links.

    ``links`` are left. ``incomplete`` named no child or no parent,
    ``self_links`` named a model as its own parent, ``duplicates`` repeated the
    child and parent of another; these are numbers of rows. ``cut`` are the
    links, child and parent, that were dropped to break cycles, in alphabetical
    order. ``stubs`` models are known only because a child names them.
    """

    links: int
    incomplete: int
    self_links: int
    duplicates: int
    cut: tuple[tuple[str, str], ...]
    stubs: int


class Lineage:
    """Every model that the links name, its parents, children and descendants.

    The rules, none of which depends on the order of the rows:

    - Ids that differ only in the case of the letters A to Z are one model, as
      on the Hub. Of several spellings the first in order of code points is
      kept, in which capital letters come before small ones.
    - Alphabetical order is that of the ids in small letters, by code point.
      Every array of ids is in this order, unless it says otherwise.
    - A row without a child or a parent is dropped, and so is a self-link; its
      model stays.
    - Rows with the same child and parent are one link.
    - Where rows or links disagree about a model's relation, the relation that
      comes first in alphabetical order is the model's: on the Hub a repository
      has one. A relation unknown to us is kept as written.
    - While some models are on cycles with each other (a strongly connected
      component), the link among them whose child, then parent, comes last in
      alphabetical order is dropped.
    - A root has no parent left. A stub is named as a parent and never as a
      child: the links say nothing of its own parents.
    - A descendant that is reached in several ways is counted once.

    Every method that takes an id raises ``NothingToShow`` for one that no link
    names. Time and memory grow with the links, not with the pairs of ancestor
    and descendant.
    """

    def __init__(
        self,
        ids: Ids,
        up: Neighbours,
        relations: npt.NDArray[np.object_],
        stubs: Flags,
        report: Report,
    ) -> None:
        """From ids in alphabetical order and the parents of each, without cycles.

        ``relations`` has the relation of each model, None for a root.
        """
        self.report = report
        self._ids, self._up, self._relations, self._stubs = ids, up, relations, stubs
        children = np.repeat(np.arange(len(ids)), up.numbers)
        self._down = Neighbours.from_links(len(ids), up.targets, children)
        order = order_from_roots(self._down)
        self._descent = Descent(up, self._down, order)
        self._depths = _depths(up, order)

    @classmethod
    def from_links(cls, links: pd.DataFrame) -> Lineage:
        """Lineage from rows with the text columns child, parent and relation.

        Other columns are ignored, and ``links`` may be empty.
        """
        stated = _stated(links["child"]) & _stated(links["parent"])
        rows = links.loc[stated, ["child", "parent", "relation"]]
        ids, numbers = _numbered(pd.concat([rows["child"], rows["parent"]]))
        child, parent = np.split(numbers, 2)
        relation, names = pd.factorize(
            rows["relation"].where(_stated(rows["relation"]), UNSTATED).astype("str"), sort=True
        )
        stubs = np.ones(len(ids), dtype=np.bool_)
        stubs[child] = False

        own = child == parent
        child, parent, relation = child[~own], parent[~own], relation[~own]
        order = np.lexsort((relation, parent, child))
        child, parent, relation = child[order], parent[order], relation[order]
        again = (np.diff(child) == 0) & (np.diff(parent) == 0)
        again = np.concatenate([np.zeros(min(1, len(child)), dtype=np.bool_), again])
        child, parent, relation = child[~again], parent[~again], relation[~again]
        kept, cut = _without_cycles(child, parent, len(ids))
        child, parent, relation = child[kept], parent[kept], relation[kept]

        up = Neighbours.from_links(len(ids), child, parent)
        has_parent = np.flatnonzero(up.numbers)
        relations = np.full(len(ids), None, dtype=np.object_)
        if len(has_parent):
            first = np.minimum.reduceat(relation, up.starts[has_parent])
            relations[has_parent] = np.asarray(names, dtype=np.object_)[first]
        report = Report(
            links=len(child),
            incomplete=int((~stated).sum()),
            self_links=int(own.sum()),
            duplicates=int(again.sum()),
            cut=tuple((ids[c], ids[p]) for c, p in cut),
            stubs=int(stubs.sum()),
        )
        return cls(ids, up, relations, stubs, report)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, model_id: object) -> bool:
        return isinstance(model_id, str) and self._find(model_id) is not None

    @property
    def roots(self) -> Ids:
        """The models without parents."""
        roots: Ids = self._ids[self._up.numbers == 0]
        return roots

    @property
    def stubs(self) -> Ids:
        """The models that are known only because a child names them."""
        return self._ids[self._stubs]

    def spelling(self, model_id: str) -> str:
        """The spelling of ``model_id`` that is used here."""
        return str(self._ids[self._number(model_id)])

    def parents(self, model_id: str) -> Ids:
        """The models that ``model_id`` declares as its base."""
        return self._ids[self._up.of(self._number(model_id))]

    def children(self, model_id: str) -> Ids:
        """The models that declare ``model_id`` as their base."""
        return self._ids[self._down.of(self._number(model_id))]

    def relation(self, model_id: str) -> str | None:
        """How ``model_id`` was made from its parents; None for a root."""
        found: str | None = self._relations[self._number(model_id)]
        return found

    def path_to_root(self, model_id: str) -> list[str]:
        """A way from a root down to ``model_id``, both included.

        Of several parents the first in alphabetical order is taken.
        """
        starts, parents = self._up.starts, self._up.targets
        path = [self._number(model_id)]
        while starts[path[-1]] < starts[path[-1] + 1]:
            path.append(int(parents[starts[path[-1]]]))
        return [str(self._ids[model]) for model in reversed(path)]

    def depth(self, model_id: str) -> int:
        """Links on the longest way up from ``model_id``, 0 for a root.

        The longest, so that every model is deeper than each of its parents.
        """
        return int(self._depths[self._number(model_id)])

    def descendants(self, model_id: str) -> Ids:
        """All that was built on ``model_id``, and on that, and so on; each once."""
        return self._ids[self._descent.below(self._number(model_id))]

    def descendant_counts(self) -> pd.Series:
        """Number of distinct descendants (int64) of every model, by its id."""
        return pd.Series(self._counts, index=self._index, name="descendants", copy=True)

    def relation_counts(self, model_id: str) -> pd.Series:
        """Number of distinct descendants (int64) by relation, most frequent first.

        A relation that no descendant has is left out; of equally frequent ones
        the first in alphabetical order comes first.
        """
        below = pd.Series(self._relations[self._descent.below(self._number(model_id))], dtype="str")
        counts = below.value_counts().sort_index().sort_values(ascending=False, kind="stable")
        return counts.rename_axis("relation").rename("descendants")

    def family_of(self, model_id: str, rules: FamilyRules) -> str | None:
        """The family of the nearest model, from ``model_id`` upwards, that is official.

        ``model_id`` itself comes first, then its parents, then theirs; of
        equally near ones the first in alphabetical order counts. None where
        none of them is official.
        """
        level = {self._number(model_id)}
        seen = set(level)
        while level:
            for model in sorted(level):
                family = rules.family_of(self._ids[model])
                if family is not None:
                    return family
            level = {int(parent) for model in level for parent in self._up.of(model)} - seen
            seen |= level
        return None

    @cached_property
    def _counts(self) -> Numbers:
        return self._descent.counts()

    @cached_property
    def _index(self) -> pd.Index[Any]:
        return pd.Index(self._ids, dtype="str", name="model_id")

    def _find(self, model_id: str) -> int | None:
        """The number of ``model_id``: its place in alphabetical order."""
        wanted = _small(model_id)
        # The ids are in the order of the small letters: no second table is needed.
        place = bisect_left(self._ids, wanted, key=_small)
        if place < len(self._ids) and _small(self._ids[place]) == wanted:
            return place
        return None

    def _number(self, model_id: str) -> int:
        """The number of ``model_id``. Raises ``NothingToShow`` where it has none."""
        number = self._find(model_id)
        if number is None:
            quoted = model_id if len(model_id) <= _QUOTED else model_id[: _QUOTED - 1] + "…"
            # An id can come from anyone's link: nothing in it may turn the sentence around.
            shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in quoted)
            raise NothingToShow(f"No model named “{shown}” is among the declared links.")
        return number


def _small(model_id: str) -> bytes:
    """What ids are compared by: their bytes, which sort by code point, A to Z in small letters."""
    return model_id.encode("utf-8", "surrogatepass").lower()


def _stated(column: pd.Series) -> pd.Series:
    """Where a text is neither missing nor empty."""
    return column.notna() & (column != "")


def _numbered(texts: pd.Series) -> tuple[Ids, Numbers]:
    """The distinct ids in alphabetical order, and the number of each of ``texts`` among them."""
    codes, spellings = pd.factorize(texts.astype("str"))
    spelled = pa.array(spellings, type=pa.large_string())
    small = pc.ascii_lower(spelled)
    order = pc.sort_indices(
        pa.table({"small": small, "spelled": spelled}),
        sort_keys=[("small", "ascending"), ("spelled", "ascending")],
    ).to_numpy()
    ordered = small.take(pa.array(order))
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = pc.not_equal(ordered[1:], ordered[:-1]).to_numpy(zero_copy_only=False)
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.cumsum(first) - 1
    ids = np.asarray(spellings, dtype=np.object_)[order[first]]
    return ids, number[codes]


def _without_cycles(
    child: Numbers, parent: Numbers, count: int
) -> tuple[Flags, list[tuple[int, int]]]:
    """Which links to keep so that no cycle is left, and the others, child and parent."""
    down = Neighbours.from_links(count, parent, child)
    circling = down.numbers > 0
    circling[order_from_roots(down)] = False
    suspects = circling[child] & circling[parent]
    pairs = zip(child[suspects].tolist(), parent[suspects].tolist(), strict=True)
    cut = links_to_cut(list(pairs))
    return ~np.isin(child * count + parent, [c * count + p for c, p in cut]), cut


def _depths(up: Neighbours, order: list[int]) -> Numbers:
    """Links on the longest way from a root to each model; ``order`` has parents first."""
    starts, targets = up.starts.tolist(), up.targets.tolist()
    inner = [0] * len(up.numbers)
    for model in order:
        above = targets[starts[model] : starts[model + 1]]
        inner[model] = max((inner[parent] + 1 for parent in above), default=0)
    # All parents are known now, so the models without children follow at once.
    depths = np.array(inner, dtype=np.int64)
    linked = np.flatnonzero(up.numbers)
    if len(linked):
        depths[linked] = np.maximum.reduceat(depths[up.targets], up.starts[linked]) + 1
    return depths

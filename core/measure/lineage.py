"""What was built on what, as the models' authors declared it.

What authors declare may be missing, stale, doubled or circular. ``Lineage``
puts it into an order that does not depend on the order of the rows, by rules
that its docstring states, and reports what it had to do.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.measure.ascent import ascent
from core.measure.grown import GrownIds
from core.measure.ids import NumberIds, Renames, placed
from core.measure.kin import Kin, longest_way_up
from core.measure.known import UNSTATED, Known, Report, complete, listed, stated
from core.measure.lineage_growth import grown
from core.measure.parents import cleaned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.measure.families import FamilyRules
    from core.measure.graph import Flags, Numbers
    from core.measure.ids import IdArray, Ids

__all__ = ["UNSTATED", "Lineage", "Report"]


class Lineage:
    """Every model that the links name, its parents, children and descendants.

    The rules, none of which depends on the order of the rows:

    - Ids are texts, or whole numbers. Texts that differ only in the case of
      the letters A to Z are one model, as on the Hub. Of several spellings the
      first in order of code points is kept, in which capital letters come
      before small ones.
    - Alphabetical order is that of the ids in small letters, by code point,
      and of numbers that of their size. Every array of ids is in this order,
      unless it says otherwise.
    - A model that was renamed is the one that bears the new name.
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

    def __init__(self, known: Known) -> None:
        self.known = known
        self._ids, self._kin = known.ids, known.kin

    @classmethod
    def from_links(
        cls,
        links: pd.DataFrame,
        *,
        renames: Mapping[Any, Any] | None = None,
        models: pd.Series | None = None,
    ) -> Lineage:
        """Lineage from rows with the columns child, parent and relation.

        Other columns are ignored, and ``links`` may be empty. ``renames`` gives
        the new name of each old one. ``models`` are known whether or not a
        link names them, and are no stubs.
        """
        newest = Renames(renames)
        rows, incomplete = complete(links, newest)
        others = [] if models is None else [newest.applied(models[stated(models)])]
        columns = [rows["child"], rows["parent"], *others]
        filled = [column for column in columns if len(column)] or columns[:1]
        ids, numbers = placed(pd.concat(filled, ignore_index=True))
        child, parent = numbers[: len(rows)], numbers[len(rows) : 2 * len(rows)]
        relation, names = pd.factorize(rows["relation"], sort=True)
        stubs = np.ones(len(ids), dtype=np.bool_)
        stubs[child] = False
        stubs[numbers[2 * len(rows) :]] = False
        return cls._built(ids, child, parent, relation, tuple(names), stubs, incomplete, newest)

    @classmethod
    def from_numbers(cls, count: int, child: Numbers, parent: Numbers) -> Lineage:
        """Lineage of the models 0 … ``count`` - 1 from links (int64) between them.

        No relation is stated, and no model is a stub.
        """
        return cls.from_placed(NumberIds(count), child, parent)

    @classmethod
    def from_placed(cls, ids: Ids, child: Numbers, parent: Numbers) -> Lineage:
        """Lineage of the models ``ids`` from links (int64) between their places.

        No relation is stated, and no model is a stub.
        """
        stubs = np.zeros(len(ids), dtype=np.bool_)
        return cls._built(ids, child, parent, None, (UNSTATED,), stubs, 0, Renames())

    @classmethod
    def _built(  # noqa: PLR0913, PLR0917 - what every lineage is built from
        cls,
        ids: Ids,
        child: Numbers,
        parent: Numbers,
        relation: Numbers | None,
        names: tuple[str, ...],
        stubs: Flags,
        incomplete: int,
        renames: Renames,
    ) -> Lineage:
        links = cleaned(len(ids), child, parent, relation)
        order = ascent(links.parents)
        return cls(
            Known(
                ids=ids,
                kin=Kin.climbed(order),
                names=names,
                cut=frozenset(order.cut),
                dropped=(incomplete, links.self_links, links.duplicates),
                links=order.parents.number_of_links,
                stubs=stubs,
                renames=renames,
            )
        )

    def extend(self, links: pd.DataFrame) -> Lineage:
        """A lineage with the rows of ``links`` besides, as if they had been there always.

        Nothing is built again, until something is asked that every model has
        a part in: ``descendant_counts`` or ``totals``. This one stays as it is.
        """
        known = self.known
        rows, incomplete = listed(links, known.renames)
        ids = self._ids if isinstance(self._ids, GrownIds) else GrownIds(self._ids, [], {})
        growth = grown(self._kin, ids, rows, known)
        return Lineage(
            replace(
                known,
                ids=growth.kin.ids,
                kin=growth.kin,
                cut=frozenset(growth.cut),
                dropped=(
                    known.dropped[0] + incomplete,
                    known.dropped[1] + growth.self_links,
                    known.dropped[2] + growth.duplicates,
                ),
                links=known.links + growth.links,
                later_relations=growth.relations,
                new_relations=growth.of_models,
                new_children=known.new_children | growth.declared,
            )
        )

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, model_id: object) -> bool:
        return self.known.find(model_id) is not None

    @cached_property
    def report(self) -> Report:
        """What was done to the links."""
        cut = sorted(self.known.cut, key=lambda link: tuple(map(self._ids.rank, link)))
        ends = self._ids.take(np.array(cut, dtype=np.int64).reshape(-1))
        incomplete, self_links, duplicates = self.known.dropped
        return Report(
            links=self.known.links,
            incomplete=incomplete,
            self_links=self_links,
            duplicates=duplicates,
            cut=tuple(zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True)),
            stubs=len(self.known.stub_numbers()),
        )

    @property
    def roots(self) -> IdArray:
        """The models without parents."""
        return self._ids.take(self._kin.roots)

    @property
    def stubs(self) -> IdArray:
        """The models that are known only because a child names them."""
        return self._ids.take(self.known.stub_numbers())

    def spelling(self, model_id: Any) -> Any:  # noqa: ANN401 - text or number
        """The spelling of ``model_id`` that is used here; of an old name, the new one."""
        return self._ids.take(np.array([self.known.number(model_id)])).tolist()[0]

    def parents(self, model_id: Any) -> IdArray:  # noqa: ANN401 - text or number
        """The models that ``model_id`` declares as its base."""
        return self._ids.take(self._kin.parents_of(self.known.number(model_id)))

    def children(self, model_id: Any) -> IdArray:  # noqa: ANN401 - text or number
        """The models that declare ``model_id`` as their base."""
        return self._ids.take(self._kin.children_of(self.known.number(model_id)))

    def relation(self, model_id: Any) -> str | None:  # noqa: ANN401 - text or number
        """How ``model_id`` was made from its parents; None for a root."""
        return self.known.relation(self.known.number(model_id))

    def path_to_root(self, model_id: Any) -> list[Any]:  # noqa: ANN401 - text or number
        """A way from a root down to ``model_id``, both included.

        Of several parents the first in alphabetical order is taken.
        """
        path = [self.known.number(model_id)]
        while len(above := self._kin.parents_of(path[-1])):
            path.append(int(above[0]))
        found: list[Any] = self._ids.take(np.array(path[::-1], dtype=np.int64)).tolist()
        return found

    def depth(self, model_id: Any) -> int:  # noqa: ANN401 - text or number
        """Links on the longest way up from ``model_id``, 0 for a root.

        The longest, so that every model is deeper than each of its parents.
        """
        return longest_way_up(self._kin, self.known.number(model_id))

    def descendants(self, model_id: Any) -> IdArray:  # noqa: ANN401 - text or number
        """All that was built on ``model_id``, and on that, and so on; each once."""
        return self._ids.take(self._kin.below(self.known.number(model_id)))

    def count(self, model_id: Any) -> int:  # noqa: ANN401 - text or number
        """Number of distinct descendants of one model."""
        return self._kin.count(self.known.number(model_id))

    def descendant_counts(self) -> pd.Series:
        """Number of distinct descendants (int64) of every model, by its id."""
        return self._by_id(self._kin.counts.astype(np.int64), "descendants")

    def totals(self, values: pd.Series) -> pd.Series:
        """Sum of ``values`` over the distinct descendants of every model, by its id.

        ``values`` are whole numbers (int64) or float64, by id. A model that is
        not among them, or has no value, counts as 0; one that no link names is
        left out. The model's own value is not part of its total.
        """
        kind = np.int64 if pd.api.types.is_integer_dtype(values.dtype) else np.float64
        given = values.fillna(0).to_numpy(dtype=kind)
        if isinstance(self._ids, NumberIds) and values.index.equals(self._ids.index()):
            return self._by_id(self._kin.totals(given), str(values.name or "total"))
        numbers = self.known.numbers(values.index)
        own = np.zeros(len(self), dtype=kind)
        np.add.at(own, numbers[numbers >= 0], given[numbers >= 0])
        return self._by_id(self._kin.totals(own), str(values.name or "total"))

    def totals_by_place(self, values: Numbers) -> Numbers:
        """Sum of ``values`` over the distinct descendants of every model.

        Both are in the order of the ids of all models; int64 or float64.
        """
        if isinstance(self._ids, GrownIds):
            own = np.empty_like(values)
            own[self._ids.all()] = values
            return self._ids.in_order(self._kin.totals(own))
        return self._kin.totals(values)

    def relation_counts(self, model_id: Any) -> pd.Series:  # noqa: ANN401 - text or number
        """Number of distinct descendants (int64) by relation, most frequent first.

        A relation that no descendant has is left out; of equally frequent ones
        the first in alphabetical order comes first.
        """
        counts = self.known.relation_counts(self._kin.below(self.known.number(model_id)))
        order = sorted((-number, name) for name, number in counts.items() if number)
        index = pd.Index([name for _, name in order], dtype="str", name="relation")
        found = [-number for number, _ in order]
        return pd.Series(found, index=index, dtype="int64", name="descendants")

    def family_of(self, model_id: Any, rules: FamilyRules) -> str | None:  # noqa: ANN401
        """The family of the nearest model, from ``model_id`` upwards, that is official.

        ``model_id`` itself comes first, then its parents, then theirs; of
        equally near ones the first in alphabetical order counts. None where
        none of them is official.
        """
        return self.known.nearest_family(self.known.number(model_id), rules)

    def _by_id(self, values: Numbers, name: str) -> pd.Series:
        return pd.Series(self._ids.in_order(values), index=self._index, name=name, copy=False)

    @cached_property
    def _index(self) -> pd.Index[Any]:
        return self._ids.index()

"""What rows of links say, and what a lineage makes of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.grown import Grown
from core.measure.ids import NumberIds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.measure.families import FamilyRules
    from core.measure.graph import Flags, Link, Numbers
    from core.measure.grown import GrownIds
    from core.measure.ids import Ids, Renames
    from core.measure.kin import Kin

_ID: Final = (str, int)

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
    cut: tuple[tuple[Any, Any], ...]
    stubs: int


@dataclass(frozen=True)
class Known:
    """What a lineage consists of, models as numbers.

    ``names`` are the relations of the built links by number, ``cut`` the links
    that were dropped to break cycles, ``dropped`` the numbers of incomplete
    rows, self-links and duplicates. ``stubs`` are flags of the built models.
    Since then came the relations of links, ``later_relations``, those of
    models that have new ones, ``new_relations`` (None without parents), and
    the models that came as a child, ``new_children``.
    """

    ids: Ids | GrownIds
    kin: Kin | Grown
    names: tuple[str, ...]
    cut: frozenset[Link]
    dropped: tuple[int, int, int]
    links: int
    stubs: Flags
    renames: Renames
    later_relations: Mapping[Link, str] = field(default_factory=dict)
    new_relations: Mapping[int, str | None] = field(default_factory=dict)
    new_children: frozenset[int] = frozenset()

    def find(self, model_id: object) -> int | None:
        """The number of ``model_id``; None where no link names it."""
        return self.ids.find(self.renames.of(model_id))

    def number(self, model_id: object) -> int:
        """The number of ``model_id``. Raises ``NothingToShow`` where it has none."""
        number = self.find(model_id)
        if number is None:
            text = str(model_id)
            quoted = text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"
            # An id can come from anyone's link: nothing in it may turn the sentence around.
            shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in quoted)
            raise NothingToShow(f"No model named “{shown}” is among the declared links.")
        return number

    def numbers(self, model_ids: pd.Index[Any]) -> Numbers:
        """The number of each of ``model_ids``; -1 where no link names it."""
        given = model_ids
        if self.renames.next:
            given = pd.Index([self.renames.of(model_id) for model_id in model_ids])
        if isinstance(self.ids, NumberIds) and pd.api.types.is_integer_dtype(given.dtype):
            return self.ids.find_all(given.to_numpy())
        return np.asarray(self.ids.find_all(given.tolist()), dtype=np.int64)

    def relation(self, model: int) -> str | None:
        """The relation of a model; None without parents."""
        if model in self.new_relations:
            return self.new_relations[model]
        built = self._built_relations
        number = int(built[model]) if model < len(built) else -1
        return self.names[number] if number >= 0 else None

    def relation_counts(self, models: Numbers) -> Counter[str]:
        """How many of ``models``, which all have parents, are of each relation."""
        counts: Counter[str] = Counter()
        if self.new_relations:
            changed = np.fromiter(self.new_relations, np.int64, len(self.new_relations))
            told = np.isin(models, changed)
            counts.update(str(self.new_relations[model]) for model in models[told].tolist())
            models = models[~told]
        numbers = np.bincount(self._built_relations[models], minlength=len(self.names))
        counts.update(dict(zip(self.names, numbers.tolist(), strict=True)))
        return counts

    def stub_numbers(self) -> Numbers:
        """The stubs, in order."""
        named = [*np.flatnonzero(self.stubs).tolist(), *range(len(self.stubs), len(self.ids))]
        stubs = [model for model in named if model not in self.new_children]
        return self.ids.ascending(np.array(stubs, dtype=np.int64))

    def nearest_family(self, model: int, rules: FamilyRules) -> str | None:
        """The family of the nearest model upwards that is official; see ``Lineage``."""
        level = np.array([model], dtype=np.int64)
        seen = {model}
        while len(level):
            for name in self.ids.take(level).tolist():
                family = rules.family_of(name)
                if family is not None:
                    return family
            above = {
                parent for each in level.tolist() for parent in self.kin.parents_of(each).tolist()
            }
            level = self.ids.ascending(np.array(sorted(above - seen), dtype=np.int64))
            seen |= above
        return None

    @property
    def _built_relations(self) -> Numbers:
        kin = self.kin.base if isinstance(self.kin, Grown) else self.kin
        return kin.parents.relations


class Rows(NamedTuple):
    """Rows of links: ids and relation, nothing missing."""

    child: list[Any]
    parent: list[Any]
    relation: list[str]


def listed(links: pd.DataFrame, renames: Renames) -> tuple[Rows, int]:
    """What ``complete`` gives, quicker for some thousand rows."""
    columns = [links[name].tolist() for name in ("child", "parent", "relation")]
    if not renames.next and all(links[name].dtype == np.int64 for name in ("child", "parent")):
        # Whole numbers of numpy's are never missing.
        child, parent, said = columns
        texts = [each if isinstance(each, str) and each else UNSTATED for each in said]
        return Rows(child, parent, texts), 0
    rows = [
        (child, parent, relation if isinstance(relation, str) and relation else UNSTATED)
        for child, parent, relation in zip(*columns, strict=True)
        if isinstance(child, _ID) and isinstance(parent, _ID) and "" not in {child, parent}
    ]
    child, parent, relation = ([row[at] for row in rows] for at in range(3))
    if renames.next:
        child, parent = [*map(renames.of, child)], [*map(renames.of, parent)]
    return Rows(child, parent, [*map(str, relation)]), len(links) - len(rows)


def complete(links: pd.DataFrame, renames: Renames) -> tuple[pd.DataFrame, int]:
    """The rows that state both ends, under their newest names, and how many do not."""
    whole = stated(links["child"]) & stated(links["parent"])
    rows = links.loc[whole, ["child", "parent", "relation"]].reset_index(drop=True)
    said = stated(rows["relation"])
    return pd.DataFrame(
        {
            "child": renames.applied(_ids(rows["child"])),
            "parent": renames.applied(_ids(rows["parent"])),
            "relation": rows["relation"].astype("object").where(said, UNSTATED).astype("str"),
        }
    ), int((~whole).sum())


def _ids(column: pd.Series) -> pd.Series:
    """A column of ids without gaps, as text or int64."""
    whole = pd.api.types.is_integer_dtype(column.dtype)
    return column.astype("int64" if whole else "str")


def stated(column: pd.Series) -> pd.Series:
    """Where a text is neither missing nor empty, or a number is not missing."""
    if pd.api.types.is_integer_dtype(column.dtype):
        return column.notna()
    return column.notna() & (column != "")

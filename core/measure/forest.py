"""All trees together: who was built on whom, and what is known of every model.

A refresh makes a forest from the tables and keeps it in one file; the server
maps that file, so that no page reads a table of three million models.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from core.measure.accounts import Accounts
from core.measure.ids import Renames, TextIds
from core.measure.kin import Kin
from core.measure.lineage import Lineage
from core.measure.names import current_links, current_names, with_current_names
from core.measure.occasions import Occasions
from core.measure.search import Search
from core.measure.traits import NEVER, Traits, days

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.measure.families import FamilyRules
    from core.measure.graph import Numbers
    from core.measure.ids import IdArray


@dataclass(frozen=True)
class Told:
    """Who has told what the forest knows, and when.

    ``first`` and ``last`` are the days on which a declaration was seen first
    and last, ``asked`` that of the Hub's newest answer (days from 1 January
    1970, ``NEVER`` for none), ``sources`` the keys of who told the links.
    ``embedded`` says that the models are those that come with the site,
    ``faults`` which files could not be used (table, sentence, advice);
    ``renamed`` has today's name of each old model.
    """

    first: int
    last: int
    asked: int
    sources: tuple[str, ...]
    embedded: bool
    faults: tuple[tuple[str, str, str], ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Forest:
    """A lineage, what is known of its models, their downloads and accounts, and how to find them.

    Models are numbers: their places among the ids, which are in alphabetical
    order. Every model of the tables has one, whether or not a link names it.
    """

    lineage: Lineage
    traits: Traits
    occasions: Occasions
    accounts: Accounts
    search: Search
    told: Told

    @classmethod
    def of(  # noqa: PLR0913 - four tables, and what is known of their files
        cls,
        links: pd.DataFrame,
        models: pd.DataFrame,
        readings: pd.DataFrame,
        listings: pd.DataFrame,
        *,
        embedded: bool = False,
        faults: tuple[tuple[str, str, str], ...] = (),
    ) -> Forest:
        """The forest of all rows of the tables LINKS, MODELS, READINGS and LISTINGS."""
        renamed = current_names(models)
        links = current_links(links, renamed)
        models = with_current_names(models, ("model_id",), renamed)
        readings = with_current_names(readings, ("model_id",), renamed)
        listings = with_current_names(listings, ("parent",), renamed)
        # All ids are needed to number them; two spellings of one are one number.
        every = [column.astype("str") for column in (models["model_id"], readings["model_id"])]
        named = pd.concat([every[0], every[1].drop_duplicates()], ignore_index=True)
        known = Lineage.from_links(links, models=named).known
        # The rows bear today's names already; a reader may still ask for an old one.
        lineage = Lineage(replace(known, renames=Renames(renamed)))
        ids = known.ids
        kin = known.kin
        if not isinstance(ids, TextIds) or not isinstance(kin, Kin):
            raise TypeError
        columns = (
            links["child"],
            models["model_id"],
            readings["model_id"],
            listings["parent"],
        )
        found = ids.places_of(pd.concat([each.astype("str") for each in columns]))
        numbers = np.split(found, np.cumsum([len(each) for each in columns])[:-1])
        links, models, readings, listings = (
            table.assign(number=number)
            for table, number in zip((links, models, readings, listings), numbers, strict=True)
        )
        traits = Traits.of(kin.parents, links, models, readings, listings)
        seen = days(links["seen_on"])
        asked = days(listings["asked_at"])
        return cls(
            lineage,
            traits,
            Occasions.of(kin, readings),
            Accounts.of(ids),
            Search.of(ids, traits.downloads),
            Told(
                first=int(seen.min()) if len(seen) else NEVER,
                last=int(seen.max()) if len(seen) else NEVER,
                asked=int(asked.max()) if len(asked) else NEVER,
                sources=tuple(map(str, links["source"].unique())),
                embedded=embedded,
                faults=faults,
                renamed=renamed,
            ),
        )

    @property
    def kin(self) -> Kin:
        """Who is whose kin, by number."""
        kin = self.lineage.known.kin
        if not isinstance(kin, Kin):
            raise TypeError
        return kin

    def names(self, models: Numbers) -> IdArray:
        """The ids of ``models``."""
        return self.lineage.known.ids.take(models)

    def texts(self, models: Numbers) -> pa.Array[Any]:
        """The ids of ``models`` as an Arrow array, which is quicker for many."""
        ids = self.lineage.known.ids
        if not isinstance(ids, TextIds):
            raise TypeError
        places: Any = pa.array(models)
        return ids.texts.take(places)

    def relations(self, models: Numbers) -> tuple[Numbers, Sequence[str]]:
        """Number of the relation of each of ``models``, -1 without parents; and the relations."""
        return self.kin.parents.relations[models], self.lineage.known.names


@dataclass(frozen=True, eq=False)
class Official:
    """The official models of a forest: numbers, ascending, and each one's family."""

    models: Numbers
    families: tuple[str, ...]

    def among(self, models: Numbers) -> Numbers:
        """For each of ``models`` its place among the official ones; -1 where it is none."""
        if not len(self.models):
            return np.full(len(models), -1)
        at = np.minimum(self.models.searchsorted(models), len(self.models) - 1)
        return np.where(self.models[at] == models, at, -1)

    def within(self, models: Numbers) -> Numbers:
        """The places of official models in ``models``, which ascend."""
        if not len(models):
            return models[:0]
        at = np.minimum(models.searchsorted(self.models.astype(models.dtype)), len(models) - 1)
        found: Numbers = at[models[at] == self.models]
        return found

    def family(self, models: Numbers) -> list[str | None]:
        """The family of each of ``models``, None where it is no official one."""
        return [self.families[at] if at >= 0 else None for at in self.among(models).tolist()]

    def of(self, family: str) -> Numbers:
        """The official models of one family."""
        return self.models[[name == family for name in self.families]]


def official(forest: Forest, rules: FamilyRules) -> Official:
    """The official models of ``forest``: only the families' own accounts are looked at."""
    ids = forest.lineage.known.ids
    if not isinstance(ids, TextIds):
        raise TypeError
    found: dict[int, str] = {}
    for account in rules.accounts:
        begin = account.encode()
        # "0" comes right after the slash: all between the two are of this account.
        stretch = np.arange(ids.before_bytes(begin + b"/"), ids.before_bytes(begin + b"0"))
        for model, name in zip(stretch.tolist(), ids.take(stretch).tolist(), strict=True):
            family = rules.family_of(name)
            if family is not None:
                found[model] = family
    models = sorted(found)
    return Official(np.array(models, dtype=np.int64), tuple(found[model] for model in models))

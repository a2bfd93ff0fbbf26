"""Which repositories count for which family on which basis, for the roll-up.

A repository is followed under its name of today, whatever it was called when
a counter was read, so a rename moves no downloads from one family to another.
It is a member of a family when it is official there, or when it declares a
member as its base, however many steps away; a circle of declarations is
walked once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.measure.bases import DERIVATIVES, LANGUAGE, NAMED, OFFICIAL, SHARED
from core.measure.graph import Neighbours, Numbers
from core.measure.membership_traits import (
    QUANTIZED,
    after_chatgpt,
    facts_by_number,
    writes_text,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import numpy.typing as npt

    from core.measure.families import FamilyRules
    from core.schemas import Family

WHOLE: Final = 720_720
"""Parts that a repository is cut into on basis ``shared``: divisible by every number
of families up to 16, so that the parts of one repository add up to it exactly."""

MOVED_ACCOUNTS: Final = {"thudm": "zai-org"}
"""Accounts, in small letters, whose repositories went to another one of the same
maker with their counters: the maker of GLM on 2025-07-28 (Model Pulse)."""

_BETWEEN: Final = "\t"


@dataclass(frozen=True)
class Membership:
    """Who is counted where.

    - ``ids``: id (a name in the counter files), model and unit (int64), and
      signature (text, all that decides where it counts); one row an id
    - ``names``: today's name by model number
    - ``models``: unit, model_id and family of the official models; each of
      them is a unit of its own, all others with one signature share one
    - ``shares``: unit, family, basis and weight (int64, ``WHOLE`` for all of it)
    """

    ids: pd.DataFrame
    names: npt.NDArray[np.object_]
    models: pd.DataFrame
    shares: pd.DataFrame

    def of_bases(self, bases: Collection[str]) -> Membership:
        """Only what counts on one of ``bases``."""
        return self._kept(self.shares[self.shares["basis"].isin(list(bases))])

    def of_families(self, families: Collection[str]) -> Membership:
        """Only what counts for one of ``families``."""
        return self._kept(self.shares[self.shares["family"].isin(list(families))])

    def _kept(self, shares: pd.DataFrame) -> Membership:
        ids = self.ids[self.ids["unit"].isin(shares["unit"])]
        models = self.models[self.models["unit"].isin(shares["unit"])]
        return Membership(
            ids.reset_index(drop=True),
            self.names,
            models.reset_index(drop=True),
            shares.reset_index(drop=True),
        )


def of_models(
    ids: Iterable[str],
    facts: pd.DataFrame,
    links: pd.DataFrame,
    renames: Mapping[str, str],
    rules: FamilyRules,
) -> Membership:
    """Membership of ``ids`` (names in counter files), of those in ``facts`` and in ``links``.

    ``facts`` has model_id, created_on (datetime64), task, format (texts), each
    but the first maybe missing; of several rows of one model the first that
    knows a thing counts. ``links`` has child, parent and relation. ``renames``
    gives for a name the one that followed it.

    Names that differ only in case are one model's, as at the Hub. On basis
    ``shared`` a repository counts in equal parts for all families that it
    descends from, its own included where it is official; of more than 16, what
    a part lacks of a whole number is lost.
    """
    given = [
        pd.Series(list(one), dtype="str")
        for one in (facts["model_id"], renames.values(), ids, renames, links["child"])
    ]
    spelled = pd.Index(
        pd.concat([*given, links["parent"].astype("str")], ignore_index=True).dropna().unique()
    )
    model, names = _numbered(spelled, renames)
    official = [rules.family_of(name) for name in names]
    families = sorted({family for family in official if family is not None})
    number = {family: at for at, family in enumerate(families)}
    own = np.array([number.get(family or "", -1) for family in official], dtype=np.int64)

    flags = np.zeros((len(names), len(families)), dtype=np.bool_)
    flags[np.flatnonzero(own >= 0), own[own >= 0]] = True
    known = pd.Series(model, index=spelled)
    child, parent = (known.reindex(links[end]).to_numpy(np.int64) for end in ("child", "parent"))
    reached = descended(flags, child, parent)

    quantized = child[(links["relation"] == QUANTIZED).to_numpy(np.bool_, na_value=False)]
    told = facts_by_number(facts, known.reindex(facts["model_id"]).to_numpy(np.int64), len(names))
    language = (own >= 0) & writes_text(told)
    named = language & after_chatgpt(told, names, quantized)
    return _membership(spelled, model, _Found(names, families, own, reached, language, named))


def families_in(signatures: Iterable[str]) -> frozenset[str]:
    """All families that a model of one of these signatures counts for."""
    named = (signature.split("\n", 1)[0].split(_BETWEEN) for signature in set(signatures))
    return frozenset(family for families in named for family in families if family)


def of_accounts(families: Iterable[Family]) -> Membership:
    """Membership of whole accounts, where all in them is one family's."""
    owned = [
        (account, family.name)
        for family in families
        if not family.pattern
        for account in family.accounts
    ]
    unit = np.arange(len(owned), dtype=np.int64)
    family = pd.Series([name for _, name in owned], dtype="str")
    account = pd.Series([name for name, _ in owned], dtype="str")
    return Membership(
        ids=pd.DataFrame({"id": account, "model": unit, "unit": unit, "signature": family}),
        names=account.to_numpy(np.object_),
        models=pd.DataFrame(
            {
                "unit": pd.Series(dtype="int64"),
                "model_id": pd.Series(dtype="str"),
                "family": pd.Series(dtype="str"),
            }
        ),
        shares=pd.DataFrame({"unit": unit, "family": family, "basis": OFFICIAL, "weight": WHOLE}),
    )


def descended(
    flags: npt.NDArray[np.bool_], child: Numbers, parent: Numbers
) -> npt.NDArray[np.bool_]:
    """Of which families each model is a member: ``flags``, handed down along the links.

    ``flags`` is models × families. Each round looks only at the children of
    what changed in the round before, so a circle ends by itself.
    """
    reached = np.packbits(flags, axis=1)
    if not len(child) or not reached.shape[1]:
        return flags.copy()
    down = Neighbours.from_links(len(flags), parent, child)
    changed = np.flatnonzero(reached.any(axis=1) & (down.numbers > 0))
    while len(changed):
        counts = down.numbers[changed]
        sources = np.repeat(changed, counts)
        offsets = np.arange(len(sources)) - np.repeat(np.cumsum(counts) - counts, counts)
        targets = down.targets[down.starts[sources] + offsets]
        new = (reached[sources] & ~reached[targets]).any(axis=1)
        sources, targets = sources[new], targets[new]
        # One target may have several sources here: each has to be heard.
        for column in range(reached.shape[1]):
            np.bitwise_or.at(reached[:, column], targets, reached[sources, column])
        changed = np.unique(targets)
        changed = changed[down.numbers[changed] > 0]
    return np.unpackbits(reached, axis=1, count=flags.shape[1]).astype(np.bool_)


def _numbered(
    spelled: pd.Index[Any], renames: Mapping[str, str]
) -> tuple[Numbers, npt.NDArray[np.object_]]:
    """The model number of each name, and the models' names of today.

    Of several spellings the first in ``spelled`` is the model's.
    """
    follows = {old.casefold(): new for old, new in renames.items()}
    today = [_today(name, follows) for name in spelled]
    folded = pd.Series([name.casefold() for name in today], dtype="str")
    number, keys = pd.factorize(folded)
    wanted = dict(zip(keys, range(len(keys)), strict=True))
    names = np.empty(len(keys), dtype=np.object_)
    for name, at in zip(reversed(today), reversed(number), strict=True):
        names[at] = name
    for name in reversed(spelled):
        at = wanted.get(name.casefold())
        if at is not None:
            names[at] = name
    return number.astype(np.int64), names


def _today(name: str, follows: Mapping[str, str]) -> str:
    """Today's name of what was called ``name``.

    Of names that follow each other in a circle the first in alphabetical order
    is taken: whichever is right, they are one model.
    """
    passed = [name]
    while True:
        after = follows.get(name.casefold(), "")
        account, slash, rest = name.partition("/")
        if not after and slash:
            moved = MOVED_ACCOUNTS.get(account.casefold())
            after = f"{moved}/{rest}" if moved else ""
        if not after:
            return name
        folded = [one.casefold() for one in passed]
        if after.casefold() in folded:
            return min(passed[folded.index(after.casefold()) :], key=str.casefold)
        passed.append(after)
        name = after


@dataclass(frozen=True)
class _Found:
    """What was found out about each model, by its number."""

    names: npt.NDArray[np.object_]
    families: list[str]
    own: Numbers
    reached: npt.NDArray[np.bool_]
    language: npt.NDArray[np.bool_]
    named: npt.NDArray[np.bool_]


def _membership(spelled: pd.Index[Any], model: Numbers, found: _Found) -> Membership:
    """Units, what they count for, and the ids that lead to them."""
    names, families, own, reached = found.names, found.families, found.own, found.reached
    language, named = found.language, found.named
    member = np.asarray(reached.any(axis=1))
    packed = np.packbits(reached, axis=1)
    sets, of_set = np.unique(packed[member], axis=0, return_inverse=True)
    kind = np.full(len(names), -1, dtype=np.int64)
    kind[member] = of_set.ravel()
    official = own >= 0
    unit = np.where(official, np.arange(len(names)), len(names) + kind)

    in_set = np.unpackbits(sets, axis=1, count=len(families)).astype(np.bool_)
    words = [_BETWEEN.join(np.array(families, dtype=np.object_)[row]) for row in in_set]
    trait = official.astype(np.int64) + (official & language) + (official & named)
    own_name = np.array([families[at] if at >= 0 else "" for at in own], dtype=np.object_)
    of_kind = np.array([*words, ""], dtype=np.object_)[kind]
    signature = of_kind + "\n" + trait.astype("str").astype(np.object_) + "\n" + own_name

    ids = pd.DataFrame({"id": spelled.astype("str"), "model": model, "unit": unit[model]})
    ids["signature"] = pd.Series(signature[model], dtype="str")
    ids = ids[member[model]].sort_values("id", ignore_index=True)

    parts = [
        pd.DataFrame({"unit": unit[chosen], "family": own_name[chosen], "basis": basis})
        for basis, chosen in (
            (OFFICIAL, official),
            (LANGUAGE, official & language),
            (NAMED, official & named),
        )
    ]
    units, first = np.unique(unit[member], return_index=True)
    of_unit = reached[member][first]
    at, family = np.nonzero(of_unit)
    listed = np.array(families, dtype=np.object_)[family]
    parts.append(pd.DataFrame({"unit": units[at], "family": listed, "basis": DERIVATIVES}))
    shared = pd.DataFrame({"unit": units[at], "family": listed, "basis": SHARED})
    whole = pd.concat(parts, ignore_index=True).assign(weight=WHOLE)
    shared["weight"] = WHOLE // of_unit.sum(axis=1)[at]
    shares = pd.concat([whole, shared], ignore_index=True).astype(
        {"unit": "int64", "family": "str", "basis": "str", "weight": "int64"}
    )
    models = pd.DataFrame(
        {
            "unit": np.flatnonzero(official),
            "model_id": pd.Series(names[official], dtype="str"),
            "family": pd.Series(own_name[official], dtype="str"),
        }
    )
    return Membership(ids, names, models, shares)

"""The daily history of the site's families on every basis, as the pages use it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from core.errors import NothingToShow, StoreError
from core.measure.bases import BASES, OFFICIAL, WITHOUT_BIGGEST
from core.measure.history import (
    SOURCE_ORDER,
    History,
    available,
    history,
    of_members,
)
from core.measure.model_rows import gathered
from core.schemas import DAILY, MODEL_DAILY

if TYPE_CHECKING:
    from core.measure.history_models import ModelHistory
    from core.measure.model_rows import Pieces
    from core.measure.ranges import Range
    from core.ui.site import Site

ANY_DATES, READINGS = "Any dates", "30-day readings"
"""The two ways of counting between which a reader chooses where there is a daily history."""

MEMBER_BASES: Final = (OFFICIAL, WITHOUT_BIGGEST)
"""Bases on which accounts and models can be taken out or put in."""


Members = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]
"""Accounts and models taken out, and pairs of those put in with the family they count in."""

NOBODY: Final[Members] = ((), ())


def bases(site: Site) -> tuple[str, ...]:
    """Bases on which there is a daily history of several families; empty without any.

    A leaderboard of one family would be none.
    """
    return site.once(_bases, site)


def any_dates(site: Site) -> bool:
    """Whether there is a daily history of several families; without loading all of it."""
    return bool(site.once(_stored_bases, site))


def models(site: Site) -> ModelHistory | None:
    """The daily history of single official models; None where it is not loaded."""
    return _loaded(site)[0]


def faults(site: Site) -> list[StoreError]:
    """Files of daily histories that could not be used although others could."""
    return [*site.faults(DAILY.name), *model_faults(site)]


def model_faults(site: Site) -> list[StoreError]:
    """Files of the models' daily history that could not be used although others could."""
    return list(_loaded(site)[1])


def stored(site: Site, basis: str) -> History:
    """The history on a basis that the store has rows of. Raises ``NothingToShow``."""
    return site.once(_stored, site, basis)


def on_basis(site: Site, basis: str, span: Range | None, members: Members = NOBODY) -> History:
    """The history on any loaded basis.

    Without a ``span`` that of all official models stands for the one without
    the biggest ones, which depends on the dates: its days are the same.
    Raises ``NothingToShow`` where the basis is not loaded.
    """
    if basis not in MEMBER_BASES:
        return stored(site, basis)
    single, leaving = models(site), None
    if single is None:
        return stored(site, OFFICIAL)
    if basis == WITHOUT_BIGGEST and span is not None:
        # Not the dates decide, but which models these are: for many dates they are the same.
        biggest = site.once(single.biggest, span.start, span.end)
        leaving = frozenset(one.model_id for one in biggest.values())
    if leaving is None and members == NOBODY:
        return stored(site, OFFICIAL)
    return site.once(_of_models, site, leaving, members)


def _bases(site: Site) -> tuple[str, ...]:
    held = site.once(_stored_bases, site)
    if OFFICIAL in held and models(site):
        held |= {WITHOUT_BIGGEST}
    return tuple(key for key in BASES if key in held)


def _stored_bases(site: Site) -> frozenset[str]:
    try:
        daily = site.frame(DAILY.name)
    except StoreError:
        return frozenset()
    names = {family.name for family in site.families}
    of_families = daily[daily["model_id"].isna() & daily["family"].isin(names)]
    pairs = of_families[["basis", "family"]].drop_duplicates()["basis"].value_counts()
    return frozenset(available(of_families)) & frozenset(pairs.index[pairs > 1])


def _stored(site: Site, basis: str) -> History:
    try:
        artefacts = site.artefacts
    except StoreError:
        artefacts = None
    found = history(site.frame(DAILY.name), basis, artefacts)
    return found.only(family.name for family in site.families)


def _loaded(site: Site) -> tuple[ModelHistory | None, tuple[StoreError, ...]]:
    return site.once(_models, site)


def _models(site: Site) -> tuple[ModelHistory | None, tuple[StoreError, ...]]:
    # Not through the site's tables: those would hold all its rows as a frame.
    return site.store.gathered(MODEL_DAILY, _gathered)


def _gathered(pieces: Pieces) -> ModelHistory | None:
    try:
        return gathered(pieces, SOURCE_ORDER)
    except NothingToShow:
        return None


def _of_models(site: Site, leaving: frozenset[str] | None, members: Members) -> History:
    found, single = stored(site, OFFICIAL), models(site)
    without, also = members
    if single is None:
        return found
    if without or also:
        moved = frozenset([*without, *(name for name, _ in also)])
        found = of_members(found, single, without=moved, also=also)
    if leaving is not None:
        found = replace(of_members(found, single, without=leaving), basis=WITHOUT_BIGGEST)
    return found

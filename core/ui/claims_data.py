"""The site's data as claims are checked against, and what became of each claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from core.errors import NothingToShow, StoreError
from core.measure import claims_published, overlay
from core.measure.bases import BASES
from core.measure.claims import check
from core.measure.claims_figures import Figures
from core.measure.coverage import Coverage
from core.schemas import ARTEFACTS, EVENTS, MILESTONES, MODELS, PRICES, TABLES
from core.store.definitions import load_claims
from core.store.parquet import empty
from core.ui import daily
from core.ui.forest import coverage, forest, rules
from core.ui.page import today

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from core.measure.claims import Verdict
    from core.schemas import Claim
    from core.ui.site import Site


T = TypeVar("T")


def figures(site: Site) -> Figures:
    """What claims are held against. A table that cannot be read is as if empty."""
    return site.once(_figures, site, today())


def claims(site: Site) -> tuple[Claim, ...]:
    """The claims of claims.toml. Raises ``DefinitionError``."""
    return site.once(load_claims, site.store.embedded / "claims.toml")


def verdicts(site: Site) -> tuple[Verdict, ...]:
    """The verdict on every claim of claims.toml, in its order."""
    return site.once(_verdicts, claims(site), figures(site))


def verdict(site: Site, claim: Claim) -> Verdict:
    """The verdict on one claim, a reader's own for example."""
    return site.once(check, claim, figures(site))


def published(site: Site) -> tuple[Verdict, ...]:
    """The verdict on every figure of the table of milestones, in its order."""
    return site.once(_published, figures(site))


def _verdicts(every: tuple[Claim, ...], held: Figures) -> tuple[Verdict, ...]:
    return tuple(check(claim, held) for claim in every)


def _published(held: Figures) -> tuple[Verdict, ...]:
    return _verdicts(claims_published.from_milestones(held), held)


def _figures(site: Site, now: date) -> Figures:
    def or_empty(name: str) -> pd.DataFrame:
        try:
            return site.frame(name)
        except StoreError:
            return empty(TABLES[name])

    stored = [key for key in daily.bases(site) if BASES[key].stored]
    return Figures(
        families=site.families,
        rules=rules(site),
        histories={key: daily.stored(site, key) for key in stored},
        single=daily.models(site),
        official=_otherwise(lambda: site.official, _no_readings),
        forest=_otherwise(lambda: forest(site), lambda: None),
        models=_otherwise(lambda: site.makers(MODELS.name), lambda: empty(MODELS)),
        coverage=_otherwise(lambda: coverage(site), lambda: Coverage(0, 0, 0, 0, None)),
        levels=overlay.levels(or_empty(PRICES.name)),
        artefacts=or_empty(ARTEFACTS.name),
        events=or_empty(EVENTS.name),
        milestones=or_empty(MILESTONES.name),
        example=site.worked_example,
        today=pd.Timestamp(now),
    )


def _otherwise(wanted: Callable[[], T], instead: Callable[[], T]) -> T:
    try:
        return wanted()
    except (StoreError, NothingToShow):
        return instead()


def _no_readings() -> pd.DataFrame:
    columns = {"day": "datetime64[ms]", "family": "str", "model_id": "str"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()}).assign(
        downloads=pd.Series(dtype="int64"), source=pd.Series(dtype="str")
    )

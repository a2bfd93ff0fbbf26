"""How much of the tree is known: which models have been asked about, and which not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from core.schemas import HUB

if TYPE_CHECKING:
    from core.measure.families import FamilyRules


@dataclass(frozen=True)
class Coverage:
    """What has been asked of the Hub so far.

    ``official`` models are known, of which ``official_asked`` have been asked
    about to the end of the answer; of the ``derived`` models found to be built
    on them ``derived_asked`` have. ``until`` is the day of the newest answer,
    None where nobody has been asked: then only the embedded sample is known.
    """

    official: int
    official_asked: int
    derived: int
    derived_asked: int
    until: pd.Timestamp | None

    @property
    def live(self) -> bool:
        """Whether the Hub has been asked at all."""
        return self.until is not None


def coverage(
    listings: pd.DataFrame, models: pd.DataFrame, links: pd.DataFrame, rules: FamilyRules
) -> Coverage:
    """What ``listings`` says about the models of table MODELS and those of ``links``.

    Only models that the Hub itself has named count: rows with a ``hub_id``.
    """
    known = models.loc[models["hub_id"].notna(), "model_id"]
    official = set(known[known.map(rules.family_of).notna()].str.casefold())
    derived = set(links.loc[links["source"] == HUB, "child"].str.casefold()) - official
    done = set(listings.loc[listings["complete"], "parent"].str.casefold())
    newest = listings["asked_at"].max()
    return Coverage(
        official=len(official),
        official_asked=len(official & done),
        derived=len(derived),
        derived_asked=len(derived & done),
        until=None if pd.isna(newest) else newest.tz_localize(None).normalize(),
    )

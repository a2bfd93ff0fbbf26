"""Why a claim cannot be one: what contradicts itself, or speaks of what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.measure import claims_terms as terms

if TYPE_CHECKING:
    from core.measure.claims_figures import Figures
    from core.schemas import Claim


def objection(claim: Claim, figures: Figures) -> str:
    """Why a claim cannot be one, in a sentence; "" where it can."""
    span = terms.span(claim.period)
    others = [name for name in figures.names if name != claim.subject]
    unknown_names = [name for name in claim.against if name not in figures.names]
    several = claim.next_families > len(others)
    said = {
        "The claim names no family, model or share.": not claim.subject,
        "The claim names no dates that can be understood.": (
            span is None and claim.measure != terms.CROSSING
        ),
        "The claim speaks of days that have not come yet: nothing has been measured.": (
            span is not None and span.last > figures.today and span.first > figures.today
        ),
        f"{claim.subject} is set against itself.": claim.subject in claim.against,
        f"There are no {claim.next_families} families beside {claim.subject}: the site follows "
        f"{len(others)} others.": several,
        f"The site does not follow {', '.join(unknown_names)}.": bool(unknown_names),
        "The claim names no other family to compare with.": (
            claim.measure == terms.CROSSING and len(claim.against) != 1
        ),
        f"{claim.subject} is no family of this site, and places and shares are told of families.": (
            claim.measure in {terms.SHARE, terms.RANK} and claim.subject not in figures.names
        ),
        "A place is a whole number from 1 on.": (
            claim.measure == terms.RANK and (claim.value < 1 or claim.value % 1 != 0)
        ),
        "A share lies between 0 and 100 percent.": (
            claim.measure == terms.SHARE and not 0 <= claim.value <= 100  # noqa: PLR2004 - percent
        ),
        "A number of downloads or models is not below zero.": (
            claim.value < 0 and claim.measure not in {terms.PRICE, terms.CROSSING}
        ),
        f"No listed share stands behind {claim.subject}.": (
            claim.measure == terms.PRICE
            and bool(claim.subject)
            and not figures.ticker(claim.subject)
        ),
        "A claim about models built on another does not compare families here.": (
            claim.measure in {terms.DERIVATIVES, terms.COUNTER, terms.PRICE}
            and bool(claim.against or claim.next_families)
        ),
    }
    return next((sentence for sentence, holds in said.items() if holds), "")

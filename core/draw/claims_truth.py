"""The truth table: published figures beside what the loaded data say of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from core.draw import claims as said
from core.draw import words
from core.draw.claims_steps import band
from core.measure.claims import FAILS, HOLDS, TURNS, UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.measure.claims import Verdict


def truth_rows(verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Every figure with what was claimed and measured, difference, basis, verdict and reason."""
    rows = []
    for one in verdicts:
        claim, way = one.claim, one.best
        rows.append(
            {
                "publisher": claim.publisher,
                "as_of": claim.period,
                "text": claim.text,
                "claimed": said.claimed(claim) if claim.measure else claim.text.partition(": ")[2],
                "measured": said.known(claim, way.figure) if way else "not known",
                "difference": said.difference(claim, way) if way else "",
                "basis": way.name if way else "",
                "verdict": one.outcome,
                "reason": reason(one),
            }
        )
    columns = ["publisher", "as_of", "text", "claimed", "measured", "difference", "basis"]
    return pd.DataFrame(rows, columns=[*columns, "verdict", "reason"])


def reason(verdict: Verdict) -> str:
    """Why a verdict is what it is, in a sentence."""
    if not verdict.ways:
        return verdict.reason
    if verdict.outcome == TURNS:
        return said.sentence(verdict)
    way = verdict.best or verdict.ways[0]
    if verdict.outcome == UNTOLD:
        return way.figure.lacks or "The figure does not settle it."
    inside = "within" if verdict.outcome == HOLDS else "outside"
    return f"The figure lies {inside} what the words mean: {band(verdict)}."


def truth_sentence(verdicts: Iterable[Verdict]) -> str:
    """How many of the published figures the loaded data settle."""
    every = list(verdicts)
    counted = Counter(one.outcome for one in every)
    told = sum(counted[outcome] for outcome in (HOLDS, FAILS, TURNS))
    opening = f"Of {words.plural(len(every), 'published figure')} the loaded data settle {told}"
    parts = [
        f"{counted[outcome]} {'depend on how one counts' if outcome == TURNS else word}"
        for outcome, word in ((HOLDS, "hold"), (FAILS, "do not"), (TURNS, ""))
        if counted[outcome]
    ]
    listed = f": {words.listing(parts)}" if parts else ""
    return f"{opening}{listed}. The other {len(every) - told} cannot be told from them."

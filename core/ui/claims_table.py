"""Every way to count a claim beside the others, as a table and a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from core.draw import claims as said
from core.draw import words
from core.measure import claims_terms as terms
from core.measure.bases import BASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.measure.claims import Verdict


def ways_table(verdict: Verdict) -> pd.DataFrame:
    """Every way to count beside the others."""
    claim = verdict.claim
    answers = {True: "yes", False: "no", None: "cannot be told"}
    rows = [
        {
            "way": way.name,
            "measured": said.known(claim, way.figure),
            "claimed": said.claimed(claim),
            "difference": said.difference(claim, way),
            "holds": answers[way.outcome],
            "lacks": way.figure.lacks,
            "meaning": BASES[way.key].meaning if way.key in BASES else "",
            "parts": "; ".join(_part(verdict, name, part.low) for name, part in way.parts),
            "low": way.figure.low if way.figure.known else None,
            "high": way.figure.high if way.figure.known else None,
            "as_of": words.iso(way.figure.last) if way.figure.last is not None else "",
        }
        for way in verdict.ways
    ]
    return pd.DataFrame(rows)


def ways_columns() -> Mapping[str, Any]:
    """Titles of ``ways_table``."""
    text = st.column_config.TextColumn
    return {
        "way": text("How it is counted", width="medium"),
        "measured": text("Measured"),
        "claimed": text("Claimed"),
        "difference": text("Difference"),
        "holds": text("Does it hold?"),
        "as_of": text("As of"),
        "parts": text("Worked out of"),
        "lacks": text("What is missing", width="large"),
        "meaning": text("What is counted", width="large"),
    }


def _part(verdict: Verdict, name: str, value: float) -> str:
    if verdict.claim.measure == terms.PRICE:
        return f"{name} {value:.2f}"
    return f"{name} {words.count(value) if abs(value) < float('inf') else 'not known'}"

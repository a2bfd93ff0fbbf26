"""What words beside a figure allow, and what a period means."""

from __future__ import annotations

from math import inf

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measure import claims_terms as terms


@pytest.mark.parametrize(
    ("relation", "value", "inside", "outside"),
    [
        (terms.MORE, 700e6, 700e6 + 1, 700e6),
        (terms.AT_LEAST, 700e6, 700e6, 700e6 - 1e3),
        (terms.LESS, 700e6, 700e6 - 1, 700e6),
        (terms.AT_MOST, 700e6, 700e6, 700e6 + 1e3),
        (terms.SAYS, 700e6, 734e6, 736e6),  # half of 100 million is over 5 %: 5 % it is
        (terms.SAYS, 700e6, 666e6, 664e6),
        (terms.SAYS, 942.1e6, 942.14e6, 942.2e6),
        (terms.SAYS, 151_448, 151_448, 151_449),
        (terms.SAYS, 9.8, 9.84, 9.86),
        (terms.ABOUT, 700e6, 651e6, 649e6),  # half of its last digit is more than 5 %
        (terms.ABOUT, 153.6e6, 146e6, 145e6),
        (terms.ABOUT, 6, 6.5, 6.6),  # half of its only digit is more than 5 %
        (terms.NEARLY, 9.8, 9.75, 10.17),
        (terms.NEARLY, 350e6, 333e6, 332e6),
        (terms.NEARLY, -10, -9.6, -10.6),
    ],
)
def test_tolerance_of_each_word(relation: str, value: float, inside: float, outside: float) -> None:
    band = terms.band(relation, value)
    assert band.has(inside)
    assert not band.has(outside)


def test_places_and_months_are_meant_exactly() -> None:
    assert terms.band(terms.SAYS, 3, whole=True) == terms.Band(3 - 3e-9, 3 + 3e-9)
    assert not terms.band(terms.SAYS, 24308, whole=True).has(24309)
    assert terms.band(terms.ABOUT, 24308, whole=True).has(24309)


@given(
    relation=st.sampled_from(terms.RELATIONS),
    value=st.floats(-1e9, 1e9),
    ends=st.tuples(st.floats(-1e10, 1e10), st.floats(-1e10, 1e10)),
    share=st.floats(0, 1),
)
def test_an_answer_for_a_span_is_one_for_every_value_in_it(
    relation: str, value: float, ends: tuple[float, float], share: float
) -> None:
    low, high = sorted(ends)
    band = terms.band(relation, value)
    outcome = band.outcome(low, high)
    if outcome is not None:
        within = min(max(low + share * (high - low), low), high)
        assert band.has(within) == outcome
    assert band.outcome(-inf, inf) is None


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2026-01-12", "2026-01-12", "2026-01-12", "day"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("2026", "2026-01-01", "2026-12-31", "year"),
        ("2026-01..2026-07", "2026-01-01", "2026-07-31", "days"),
    ],
)
def test_what_a_period_means(text: str, first: str, last: str, precision: str) -> None:
    span = terms.span(text)
    assert span == terms.Span(pd.Timestamp(first), pd.Timestamp(last), precision)


@pytest.mark.parametrize(
    "text", ["", "now", "2026-13", "2026-02-30", "26-01", "2026-07..2026-01", "2026-01..", "..2026"]
)
def test_what_is_no_period(text: str) -> None:
    assert terms.span(text) is None


def test_months_are_numbered_one_after_the_other() -> None:
    assert terms.month_number(pd.Timestamp("2025-09-15")) == 2025 * 12 + 8
    assert terms.month_of(terms.month_number(pd.Timestamp("2025-12-31"))) == "2025-12"

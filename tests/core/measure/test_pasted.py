"""Texts from the news, and what plain rules find in them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.measure import claims_terms as terms
from core.measure.pasted import LONGEST, read
from core.measure.pasted_dates import dates
from core.measure.pasted_numbers import figure, numbers

if TYPE_CHECKING:
    from core.store.store import Store


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("700 million", 700e6),
        ("7亿", 7e8),
        ("18万", 180_000),
        ("七亿", 7e8),
        ("三亿五千万", 350_000_000),
        ("十万", 100_000),
        ("一万亿", 1e12),
        ("1,5 Mio", 1.5e6),
        ("1,5 Mrd.", 1.5e9),
        ("2.061 billion", 2.061e9),
        ("1,500 million", 1.5e9),
        ("1,500", 1500),
        ("1'000'000", 1e6),
        ("1.200.000,5", 1_200_000.5),
        ("seven hundred million", 700e6),
        ("two hundred and fifty thousand", 250_000),
        ("half a billion", 5e8),
        ("180K", 180_000),
        ("380bn", 380e9),
        ("9.8 %", 9.8),
        ("−3,4 %", -3.4),
        ("0.125", 0.125),
    ],
)
def test_figure_as_it_is_written(text: str, value: float) -> None:
    found = figure(text)
    assert found is not None
    assert found.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "readings"), [("1.500 Mio.", (1.5e9, 1.5e6)), ("165.680", (165_680.0, 165.68))]
)
def test_figure_that_can_be_read_in_two_ways_is_not_chosen_for_the_reader(
    text: str, readings: tuple[float, float]
) -> None:
    found = figure(text)
    assert found is not None
    assert found.value is None
    assert found.readings == readings


@pytest.mark.parametrize("text", ["", "many", "Qwen2.5-7B", "1 and 2", "x700", "1" + "," * 50])
def test_what_is_no_single_figure(text: str) -> None:
    found = figure(text)
    assert found is None or found.value is None or not math.isfinite(found.value)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("in December 2025", "2025-12"),
        ("on 12 January 2026", "2026-01-12"),
        ("January 12th, 2026", "2026-01-12"),
        ("2025年12月", "2025-12"),
        ("2026年1月12日", "2026-01-12"),
        ("2026-01-12", "2026-01-12"),
        ("im Dezember 2025", "2025-12"),
        ("in 2025", "2025"),
    ],
)
def test_date_as_it_is_written(text: str, period: str) -> None:
    (found,) = dates(text)
    assert found.period == period


@pytest.mark.parametrize("text", ["in December", "12月", "last month", "31 February 2026"])
def test_date_that_is_not_complete_is_not_completed(text: str) -> None:
    (found,) = dates(text)
    assert found.period == ""
    assert found.unclear


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Alibaba's Qwen has passed 700 million downloads on Hugging Face by 12 January 2026.",
            (terms.ALL_TIME, terms.MORE, 7e8, "2026-01-12"),
        ),
        (
            "截至2026年1月12日，通义千问累计下载量超过７亿",
            (terms.ALL_TIME, terms.MORE, 7e8, "2026-01-12"),
        ),
        (
            "Developers have made more than 100,000 variations of Qwen by January 2026",
            (terms.DERIVATIVES, terms.MORE, 1e5, "2026-01"),
        ),
        (
            "Alibaba shares jumped nearly 9.8 % to $165.68 on January 12, 2026",
            (terms.PRICE, terms.NEARLY, 9.8, "2026-01-12"),
        ),
        (
            "<b>Qwen</b> [x](javascript:1) 1,5 Mio. downloads im Dezember 2025",
            (terms.PERIOD, terms.SAYS, 1.5e6, "2025-12"),
        ),
    ],
)
def test_claim_found_in_a_text(store: Store, text: str, found: tuple[str, str, float, str]) -> None:
    claim = read(text, store.families()).claim
    assert claim is not None
    assert claim.subject == "Qwen"
    assert (claim.measure, claim.relation, claim.value, claim.period) == found


def test_comparison_with_the_next_eight_and_with_another(store: Store) -> None:
    families = store.families()
    eight = read("Qwen's December 2025 downloads were more than the next eight together", families)
    assert eight.claim is not None
    assert (eight.claim.next_families, eight.claim.against) == (8, ())
    one = read("Qwen downloads were more than Llama's in 2025-12", families)
    assert one.claim is not None
    assert one.claim.against == ("Llama",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no text"),
        ("   \n", "no text"),
        ("hello world", "No family"),
        ("x" * 100_000, "100,000 characters"),
        ("千问" * 1_500, "3,000 characters"),
        ("Qwen is loved", "what is counted"),
        ("Qwen was downloaded a lot in December 2025", "no figure"),
        ("Qwen had 700 million downloads", "no date"),
        ("Qwen had 700 million downloads in December", "of which year"),
        ("In May 2026 Qwen had 1.500 Mio. downloads", "1,500,000,000 or 1,500,000"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_guessed(store: Store, text: str, said: str) -> None:
    reading = read(text, store.families())
    assert reading.claim is None
    assert any(said in sentence for sentence in reading.unclear)


def test_what_was_not_used_is_said(store: Store) -> None:
    text = (
        "Qwen, not Gemma, had over 700 million downloads on 12 January 2026 and 180,000 "
        "derivatives since 13 January 2026"
    )
    unclear = " ".join(read(text, store.families()).unclear)
    for part in ("Gemma", "“180,000”", "“13 January 2026”", "“not”"):
        assert part in unclear


@settings(max_examples=60)
@given(st.text(max_size=LONGEST + 50))
def test_no_text_of_any_kind_breaks_the_rules(store: Store, text: str) -> None:
    reading = read(text, store.families())
    assert reading.claim is None or (reading.claim.subject and reading.claim.period)
    assert reading.claim is not None or reading.unclear


@given(st.floats(0.1, 999.9).map(lambda number: round(number, 1)))
def test_english_figures_come_back_as_they_were(number: float) -> None:
    (found,) = numbers(f"{number:.1f} million")
    assert found.value == pytest.approx(number * 1e6)

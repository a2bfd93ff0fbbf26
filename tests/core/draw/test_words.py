from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.draw import words

COUNTS = [
    # number, in full, beside a bar
    (0, "0", "0"),
    (1, "1", "1"),
    (999, "999", "999"),
    (1_000, "1,000", "1k"),
    (1_049, "1,049", "1k"),
    (1_050, "1,050", "1.1k"),
    (12_345, "12,345", "12.3k"),
    (999_949, "999,949", "999.9k"),
    (999_950, "999,950", "1M"),
    (999_999, "999,999", "1M"),
    (1_000_000, "1.0 million", "1M"),
    (1_049_999, "1.0 million", "1M"),
    (419_439_489, "419.4 million", "419.4M"),
    (999_949_999, "999.9 million", "999.9M"),
    (999_950_001, "1.00 billion", "1B"),
    (999_999_999, "1.00 billion", "1B"),
    (1_000_000_000, "1.00 billion", "1B"),
    (1_234_567_890, "1.23 billion", "1.2B"),
    (123_456_789_012, "123.46 billion", "123.5B"),
]


@pytest.mark.parametrize(("number", "full", "_"), COUNTS)
def test_count(number: int, full: str, _: str) -> None:
    assert words.count(number) == full


@pytest.mark.parametrize(
    ("number", "size"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (41_234_567, "41.2 MB"),
        (2_000_000_000, "2.0 GB"),
        (1_500_000_000_000, "1,500.0 GB"),
    ],
)
def test_size(number: int, size: str) -> None:
    assert words.size(number) == size


@pytest.mark.parametrize(("number", "_", "brief"), COUNTS)
def test_short(number: int, _: str, brief: str) -> None:
    assert words.short(number) == brief


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_larger_number_never_reads_as_a_smaller_one(one: int, other: int) -> None:
    size = {"k": 1e3, "M": 1e6, "B": 1e9}
    low, high = (
        float(text.rstrip("kMB")) * size.get(text[-1], 1)
        for text in (words.short(min(one, other)), words.short(max(one, other)))
    )
    assert low <= high


@example(999_950)
@example(999_999_999)
@given(st.integers(0, 10**12 - 10**9))
def test_short_is_short_and_no_thousand_of_a_smaller_unit(number: int) -> None:
    text = words.short(number)
    assert len(text) <= len("999.9M")
    assert float(text.rstrip("kMB")) < 1_000


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0.0%"),
        (0.0001, "under 0.1%"),
        (0.000_999, "under 0.1%"),
        (0.001, "0.1%"),
        (0.4458, "44.6%"),
        (0.7321865, "73.2%"),
        (1, "100.0%"),
    ],
)
def test_percent(share: float, text: str) -> None:
    assert words.percent(share) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (0.199401, "+19.9%"),
        (2.257, "+225.7%"),
        (0, "+0.0%"),
        (-0.1, "\N{MINUS SIGN}10.0%"),
        (-1, "\N{MINUS SIGN}100.0%"),
    ],
)
def test_change_has_a_sign_and_a_true_minus(ratio: float, text: str) -> None:
    assert words.change(ratio) == text


@pytest.mark.parametrize("moment", [date(2026, 5, 3), pd.Timestamp("2026-05-03 23:00")])
def test_day_and_iso(moment: date) -> None:
    assert words.day(moment) == "3 May 2026"
    assert words.iso(moment) == "2026-05-03"


@pytest.mark.parametrize(
    ("then", "text"),
    [
        ("2026-06-01", "in the future"),
        ("2026-05-10", "today"),
        ("2026-05-09", "yesterday"),
        ("2026-05-08", "2 days ago"),
        ("2026-03-11", "60 days ago"),
        ("2026-03-10", "2 months ago"),
        ("2025-11-10", "6 months ago"),
        ("2024-05-10", "24 months ago"),
    ],
)
def test_age(then: str, text: str) -> None:
    assert words.age(pd.Timestamp(then), date(2026, 5, 10)) == text


def test_age_is_told_in_days_of_the_calendar_not_in_hours() -> None:
    assert words.age(pd.Timestamp("2026-05-09 23:59"), date(2026, 5, 10)) == "yesterday"


@pytest.mark.parametrize(
    ("names", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_listing(names: list[str], text: str) -> None:
    assert words.listing(names) == text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 models"), (1, "1 model"), (2, "2 models"), (1234, "1,234 models")]
)
def test_plural(number: int, text: str) -> None:
    assert words.plural(number, "model") == text


def test_plural_of_a_word_that_changes() -> None:
    assert words.plural(1, "family", "families") == "1 family"
    assert words.plural(3, "family", "families") == "3 families"

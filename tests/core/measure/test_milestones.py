from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measure.milestones import METRICS, bounds, kinds, metric_words, of_family
from tests.independent import rows

if TYPE_CHECKING:
    from core.ui.site import Site


def bound(text: str | None) -> tuple[str, str] | None:
    """First and last day of one date; None where it is none."""
    first, last = bounds(pd.Series([text], dtype="str"))
    assert pd.isna(first[0]) == pd.isna(last[0])
    return None if pd.isna(first[0]) else (str(first[0])[:10], str(last[0])[:10])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-05-10", "2026-05-10", "2026-05-10"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2026-01-31", "2026-01-31", "2026-01-31"),
        ("2026-01", "2026-01-01", "2026-01-31"),
        ("2026-04", "2026-04-01", "2026-04-30"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2100-02", "2100-02-01", "2100-02-28"),
        ("2000-02", "2000-02-01", "2000-02-29"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2025", "2025-01-01", "2025-12-31"),
    ],
)
def test_bounds_of_a_day_a_month_and_a_year(text: str, first: str, last: str) -> None:
    assert bound(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "soon", "abcdefg", "2026-13", "2026-00", "2026-02-30", "2023-02-29", "2026-1"),
        *("26-01-01", "10.05.2026", "2026/05", "2026-05-10 ", "2026-05-10T00:00", "+123", "-001"),
        *("now", "today", "2026-5-1", "２０２６", None),
    ],
)
def test_bounds_of_what_is_no_date_are_unknown(text: str | None) -> None:
    assert bound(text) is None


@given(st.lists(st.text(max_size=12) | st.dates().map(str)))
def test_bounds_of_anything_never_raise_and_are_in_order(texts: list[str]) -> None:
    first, last = bounds(pd.Series(texts, dtype="str"))
    known = first.notna()
    assert (last.notna() == known).all()
    assert (first[known] <= last[known]).all()
    assert len(first) == len(texts)


def test_bounds_keep_the_index() -> None:
    first, last = bounds(pd.Series(["2024", "x"], index=[7, 3], dtype="str"))
    assert first.index.tolist() == last.index.tolist() == [7, 3]


def test_every_metric_of_the_figures_has_words_of_its_own() -> None:
    assert {row["metric"] for row in rows("milestones")} <= set(METRICS)
    assert len(set(METRICS.values())) == len(METRICS)


@pytest.mark.parametrize("words", METRICS.values())
def test_words_are_plain(words: str) -> None:
    assert words[0].isupper()
    assert "_" not in words
    assert "30d" not in words


def test_metric_unknown_to_us_keeps_its_name() -> None:
    assert metric_words("stars_per_month") == "stars per month"


@pytest.mark.parametrize("family", ["Qwen", "Llama", "DeepSeek"])
def test_real_figures_of_a_family(site: Site, family: str) -> None:
    found = of_family(site.frame("milestones"), family)
    expected = [row for row in rows("milestones") if row["family"] == family]
    assert sorted(found["value_text"]) == sorted(row["value"] for row in expected)
    assert found["last_day"].notna().all()
    assert found["last_day"].is_monotonic_decreasing
    assert found["counts"].tolist() == [METRICS[name] for name in found["metric"]]
    assert found.index.tolist() == list(range(len(expected)))


def test_figures_of_equal_days_keep_their_order_and_unknown_days_come_last() -> None:
    table = pd.DataFrame(
        {
            "family": ["A", "A", "B", "A", "A"],
            "metric": ["user_count"] * 5,
            "as_of": ["soon", "2025-12", "2026", "2026-01-01", "2025"],
            "value_text": ["1", "2", "3", "4", "5"],
            "source_url": "https://example.org",
        }
    )
    assert of_family(table, "A")["value_text"].tolist() == ["4", "2", "5", "1"]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/a", True),
        ("http://example.org", True),
        ("javascript:alert(1)//https://", False),
        (" https://example.org", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_web_are_kept(address: str, *, kept: bool) -> None:
    row = {"family": "A", "metric": "user_count", "as_of": "2026", "source_url": address}
    found = of_family(pd.DataFrame([row]), "A")["source_url"]
    assert found.dropna().tolist() == [address] * kept


def test_real_addresses_are_all_kept(site: Site) -> None:
    table = site.frame("milestones")
    assert of_family(table, "Qwen")["source_url"].notna().all()


def test_figures_are_left_as_they_were(site: Site) -> None:
    before = site.frame("milestones").copy()
    of_family(site.frame("milestones"), "Qwen")
    pd.testing.assert_frame_equal(site.frame("milestones"), before)


def test_kinds_are_those_with_numbers_the_most_frequent_first() -> None:
    figures = pd.DataFrame(
        {"counts": ["b", "a", "c", "a", "b", "a"], "value": [1.0, 2.0, None, 3.0, 4.0, None]}
    ).iloc[[0, 1, 2, 4, 5]]
    assert kinds(figures) == ["b", "a"]


def test_family_without_figures_has_none(site: Site) -> None:
    found = of_family(site.frame("milestones"), "Nobody")
    assert found.empty
    assert {"counts", "first_day", "last_day"} <= set(found.columns)

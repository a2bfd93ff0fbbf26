"""Sentences on downloads beside shares, on what moves together, and on revenue."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from core.draw import price_gaps, prices_revenue, together
from core.measure.session_sums import SessionSums
from core.measure.together import Together

DAY = pd.Timestamp

FOUND = Together(
    family="Qwen",
    ticker="BABA",
    correlation=-0.31,
    low=-0.12,
    high=0.13,
    as_strong=2,
    histories=100,
    lags=pd.DataFrame({"lag": [-2, 0, 3], "correlation": [0.1, -0.31, 0.4]}),
    band=0.2,
    best=3,
    best_as_strong=1,
    shuffled=1000,
    pairs=pd.DataFrame({"session": [DAY("2026-01-05"), DAY("2026-03-02")]}),
    left_out=1,
)


def test_what_moves_together_is_said_with_how_often_chance_does_as_much() -> None:
    assert together.headline(FOUND, "Alibaba (BABA)") == (
        "From session to session, Qwen's downloads and Alibaba (BABA) moved somewhat against each "
        "other (rank correlation −0.31): as strong as this came up in 2 of 100 shuffled "
        "histories. Chance alone rarely does that."
    )
    usual = replace(FOUND, correlation=0.04, as_strong=31)
    assert together.headline(usual, "B").endswith(
        "hardly moved together (rank correlation +0.04): as strong as this came up in 31 of 100 "
        "shuffled histories. That is what chance alone does."
    )


@pytest.mark.parametrize(
    ("best", "when"),
    [
        (3, "with downloads 3 sessions before the share (+0.40)"),
        (-2, "with the share 2 sessions before downloads (+0.10)"),
        (0, "on the same session (−0.31)"),
    ],
)
def test_strongest_lag_is_corrected_for_the_search(best: int, when: str) -> None:
    said = together.lag_sentence(replace(FOUND, best=best))
    assert when in said
    assert "Who tries 3 finds something: as strong at some shift came up in 1 of 1,000" in said


def test_what_was_compared_is_said() -> None:
    said = together.basis_sentence(FOUND)
    assert said.startswith("2 sessions from 5 January 2026 to 2 March 2026.")
    assert "1 session lack one of the two" not in said
    assert "1 session lacks one of the two and is left out." in said
    assert "between −0.12 and +0.13" in said


def test_lags_beyond_chance_are_marked() -> None:
    lags = together.lag_data(FOUND)["lags"].set_index("lag")
    assert lags["beyond"].tolist() == ["As chance does", "Beyond chance", "Beyond chance"]
    assert lags["words"].tolist() == [
        "Share 2 sessions earlier",
        "The same session",
        "Downloads 3 sessions earlier",
    ]


def test_unknown_sums_are_named_by_date() -> None:
    rows = pd.DataFrame({"session": [], "week": []})
    sums = SessionSums("Qwen", rows, (DAY("2026-01-12"),), (DAY("2026-01-16"),))
    assert price_gaps.missing_sums((sums,)) == (
        "Qwen's downloads are not known for every day up to 12 January 2026: no sum is made of "
        "them. Qwen's downloads were not over when they were read for 16 January 2026: no sum is "
        "made of them."
    )
    many = SessionSums("Qwen", rows, tuple(pd.date_range("2026-01-05", periods=6)), ())
    assert "8 January 2026, 9 January 2026 and 10 January 2026 and 2 earlier" in (
        price_gaps.missing_sums((many,))
    )


def test_days_without_a_price_are_named_the_newest_first() -> None:
    missing = pd.DataFrame(
        {
            "ticker": ["B", "M", "B"],
            "session": pd.to_datetime(["2026-07-24", "2026-07-24", "2026-08-28"]),
        }
    )
    assert price_gaps.missing_days(missing) == (
        "The source has no price for 28 August 2026 of B; 24 July 2026 of B and M, although the "
        "exchange was open: lines are not drawn across."
    )
    assert price_gaps.missing_days(missing.head(0)) == ""


@pytest.mark.parametrize(("number", "said"), [(1, "1 quarter is too few"), (12, "still few")])
def test_few_quarters_are_never_joined(number: int, said: str) -> None:
    assert said in prices_revenue.few(number)
    assert "line" in prices_revenue.few(number)

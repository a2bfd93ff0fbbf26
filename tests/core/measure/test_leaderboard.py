"""The leaderboard on frames small enough to work out by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import NothingToShow
from core.measure.leaderboard import Leaderboard, leaderboard
from tests.core.frames import MONDAY, TUESDAY, WEDNESDAY, official

# Alpha has six models, Beta five, Gamma two, Delta one: only the first two rank.
READINGS = official(
    {
        MONDAY: {
            "Alpha": [100, 10, 10, 10, 10, None],
            "Beta": [20, 20, 20, None, None],
            "Gamma": [0, 7],
            "Delta": [90],
        },
        TUESDAY: {
            "Alpha": [200, 20, 10, 10, 10, 50],
            "Beta": [30, 20, 10, 10, 30],
            "Gamma": [5, None],
            "Delta": [495],
        },
    }
)
NOW = leaderboard(READINGS, TUESDAY, MONDAY)
WITHOUT = leaderboard(READINGS, TUESDAY, MONDAY, without_biggest=True)


def column(board: Leaderboard, name: str) -> dict[str, object]:
    """One column by family; null as None."""
    values = zip(board.rows["family"], board.rows[name], strict=True)
    return {family: None if pd.isna(value) else value for family, value in values}


def test_downloads_are_summed_by_family() -> None:
    assert column(NOW, "downloads") == {"Alpha": 300, "Beta": 100, "Gamma": 5, "Delta": 495}
    assert NOW.total == 900


def test_shares_are_of_all_families_ranked_or_not() -> None:
    expected = {"Alpha": 1 / 3, "Beta": 1 / 9, "Gamma": 1 / 180, "Delta": 0.55}
    assert column(NOW, "share") == pytest.approx(expected)


def test_fewer_than_five_models_are_listed_but_not_ranked() -> None:
    assert column(NOW, "rank") == {"Alpha": 1, "Beta": 2, "Gamma": None, "Delta": None}
    assert NOW.ranked["family"].tolist() == ["Alpha", "Beta"]


def test_families_not_ranked_come_last_the_larger_first() -> None:
    assert NOW.rows["family"].tolist() == ["Alpha", "Beta", "Delta", "Gamma"]
    assert NOW.unranked["family"].tolist() == ["Delta", "Gamma"]


def test_models_are_counted() -> None:
    assert column(NOW, "models") == {"Alpha": 6, "Beta": 5, "Gamma": 1, "Delta": 1}
    assert column(NOW, "counted") == column(NOW, "models")
    assert NOW.counted == 13


def test_biggest_model_is_named_with_its_share_of_the_family() -> None:
    assert column(NOW, "biggest")["Alpha"] == "Alpha/1"
    assert column(NOW, "biggest_downloads")["Alpha"] == 200
    assert column(NOW, "biggest_share")["Alpha"] == pytest.approx(2 / 3)


def test_first_by_name_is_the_biggest_of_two_that_are_equal() -> None:
    assert column(NOW, "biggest")["Beta"] == "Beta/1"


def test_change_is_over_the_models_of_both_days() -> None:
    assert column(NOW, "then") == {"Alpha": 140, "Beta": 60, "Gamma": 0, "Delta": 90}
    assert column(NOW, "now") == {"Alpha": 250, "Beta": 60, "Gamma": 5, "Delta": 495}
    assert column(NOW, "on_both") == {"Alpha": 5, "Beta": 3, "Gamma": 1, "Delta": 1}
    change = column(NOW, "change")
    assert change.pop("Gamma") is None  # from zero
    assert change == pytest.approx({"Alpha": 110 / 140, "Beta": 0, "Delta": 4.5})


def test_family_new_to_the_list_has_no_change() -> None:
    readings = official({MONDAY: {"Alpha": [1]}, TUESDAY: {"Alpha": [1], "Beta": [1]}})
    board = leaderboard(readings, TUESDAY, MONDAY)
    assert column(board, "on_both") == {"Alpha": 1, "Beta": 0}
    assert column(board, "change") == {"Alpha": 0, "Beta": None}


def test_nothing_is_compared_without_an_earlier_day() -> None:
    board = leaderboard(READINGS, TUESDAY)
    assert board.since is None
    assert set(column(board, "change").values()) == {None}
    assert set(column(board, "on_both").values()) == {0}
    assert board.rows["downloads"].tolist() == NOW.rows["downloads"].tolist()


def test_earlier_day_without_readings_compares_nothing() -> None:
    board = leaderboard(READINGS, TUESDAY, pd.Timestamp("2020-01-01"))
    assert set(column(board, "change").values()) == {None}


def test_without_biggest_leaves_out_each_family_s_biggest() -> None:
    assert column(WITHOUT, "downloads") == {"Alpha": 100, "Beta": 70, "Gamma": 0, "Delta": 0}
    assert column(WITHOUT, "counted") == {"Alpha": 5, "Beta": 4, "Gamma": 0, "Delta": 0}
    assert column(WITHOUT, "share")["Alpha"] == pytest.approx(100 / 170)
    assert (WITHOUT.total, WITHOUT.counted) == (170, 9)


def test_without_biggest_still_says_what_was_left_out_and_of_how_much() -> None:
    for name in ("biggest", "biggest_downloads", "biggest_share", "models"):
        assert column(WITHOUT, name) == column(NOW, name)


def test_without_biggest_ranks_the_same_families() -> None:
    assert set(WITHOUT.ranked["family"]) == {"Alpha", "Beta"}


def test_without_biggest_leaves_the_same_model_out_on_both_days() -> None:
    assert column(WITHOUT, "then")["Alpha"] == 40
    assert column(WITHOUT, "now")["Alpha"] == 50
    assert column(WITHOUT, "on_both")["Alpha"] == 4
    assert column(WITHOUT, "change")["Alpha"] == pytest.approx(0.25)


def test_family_of_one_model_has_nothing_to_compare_without_it() -> None:
    for name in ("then", "now", "on_both"):
        assert column(WITHOUT, name)["Delta"] == 0
    assert column(WITHOUT, "change")["Delta"] is None


def test_counts_are_whole_numbers_even_where_a_family_has_vanished() -> None:
    for board in (NOW, WITHOUT):
        for name in ("downloads", "models", "counted", "then", "now", "on_both"):
            assert pd.api.types.is_integer_dtype(board.rows[name].dtype), name


def test_only_family_vanishes_without_its_only_model() -> None:
    board = leaderboard(official({MONDAY: {"Alpha": [3]}}), MONDAY, without_biggest=True)
    assert column(board, "downloads") == {"Alpha": 0}
    assert column(board, "share") == {"Alpha": None}
    assert (board.total, board.counted) == (0, 0)


def test_families_of_equal_downloads_share_a_rank_in_order_of_name() -> None:
    readings = official(
        {MONDAY: {"Last": [1] * 5, "Tie B": [2] * 5, "First": [3] * 5, "Tie A": [10, 0, 0, 0, 0]}}
    )
    ranked = leaderboard(readings, MONDAY).ranked
    assert ranked["family"].tolist() == ["First", "Tie A", "Tie B", "Last"]
    assert ranked["rank"].tolist() == [1, 2, 2, 4]


def test_downloads_of_zero_have_no_shares() -> None:
    board = leaderboard(official({MONDAY: {"Alpha": [0] * 5}}), MONDAY)
    assert column(board, "rank") == {"Alpha": 1}
    assert column(board, "share") == {"Alpha": None}
    assert column(board, "biggest_share") == {"Alpha": None}


def test_row_of_a_family_and_of_none() -> None:
    row = NOW.family("Beta")
    assert row is not None
    assert row["downloads"] == 100
    assert NOW.family("Omega") is None


def test_only_some_families_keep_their_ranks_and_shares() -> None:
    only = NOW.only(frozenset({"Beta", "Gamma", "Omega"}))
    assert column(only, "rank") == {"Beta": 2, "Gamma": None}
    assert column(only, "share") == pytest.approx({"Beta": 1 / 9, "Gamma": 1 / 180})
    assert (only.total, only.counted) == (NOW.total, NOW.counted)
    assert only.ranked["family"].tolist() == ["Beta"]


@pytest.mark.parametrize("without", [False, True])
def test_day_without_readings_has_nothing_to_show(*, without: bool) -> None:
    with pytest.raises(NothingToShow, match="on 2026-01-07"):
        leaderboard(READINGS, WEDNESDAY, MONDAY, without_biggest=without)


DOWNLOADS = st.lists(st.none() | st.integers(0, 10**9), min_size=1, max_size=8)
DAY = st.dictionaries(st.sampled_from("ABCDE"), DOWNLOADS, min_size=1)


@settings(max_examples=40)
@given(then=DAY, now=DAY, without=st.booleans())
def test_any_leaderboard_adds_up(
    *, then: dict[str, list[int | None]], now: dict[str, list[int | None]], without: bool
) -> None:
    now["A"] = [1, *now.get("A", [])]
    board = leaderboard(
        official({MONDAY: then, TUESDAY: now}), TUESDAY, MONDAY, without_biggest=without
    )
    listed = {
        name: [value for value in models if value is not None] for name, models in now.items()
    }
    kept = {name: sorted(models)[: len(models) - without] for name, models in listed.items()}
    assert board.total == sum(map(sum, kept.values())) == board.rows["downloads"].sum()
    assert column(board, "downloads") == {name: sum(kept[name]) for name in listed if listed[name]}
    assert board.total == 0 or board.rows["share"].sum() == pytest.approx(1)
    assert set(board.ranked["family"]) == {name for name in listed if len(listed[name]) >= 5}


@settings(max_examples=40)
@given(DAY)
def test_any_ranks_count_the_families_that_are_ahead(now: dict[str, list[int | None]]) -> None:
    now["A"] = [1, *now.get("A", [])]
    ranked = leaderboard(official({MONDAY: now}), MONDAY).ranked
    downloads = ranked["downloads"].tolist()
    assert downloads == sorted(downloads, reverse=True)
    ahead = [sum(other > own for other in downloads) for own in downloads]
    assert ranked["rank"].tolist() == [1 + count for count in ahead]

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.draw import headlines
from core.measure.leaderboard import index_over_time, leaderboard, models
from tests.core.frames import MONDAY, TUESDAY, official

if TYPE_CHECKING:
    from core.ui.site import Site

# Alpha 300 of 1000 in 6 models, Beta 100 in 5, Delta 595 in 1, Gamma 5 in 1.
READINGS = official(
    {
        MONDAY: {"Alpha": [100, 10, 10, 10, 10, None], "Beta": [60, 20, 20, 20, 5], "Delta": [90]},
        TUESDAY: {
            "Alpha": [200, 20, 10, 10, 10, 50],
            "Beta": [30, 20, 20, 20, 10],
            "Gamma": [5],
            "Delta": [595],
        },
    }
)
NOW = leaderboard(READINGS, TUESDAY, MONDAY)
WITHOUT = leaderboard(READINGS, TUESDAY, MONDAY, without_biggest=True)
ALONE = leaderboard(official({MONDAY: {"Alpha": [3] * 5}}), MONDAY)
UNRANKED = leaderboard(official({MONDAY: {"Alpha": [3] * 4}}), MONDAY)
NOTHING = leaderboard(official({MONDAY: {"Alpha": [0] * 5, "Beta": [0] * 5}}), MONDAY)


def test_leader() -> None:
    assert headlines.leader(NOW) == (
        "Alpha leads with 300 downloads in the 30 days to 6 January 2026: "
        "30.0% of the 1,000 counted for 13 official models of 4 families."
    )


def test_leader_without_biggest_says_so_first() -> None:
    assert headlines.leader(WITHOUT) == (
        "Counting each family without its most downloaded model, Alpha leads with 100 downloads "
        "in the 30 days to 6 January 2026: "
        "58.8% of the 170 counted for 9 official models of 4 families."
    )


def test_leader_where_none_is_ranked() -> None:
    assert headlines.leader(UNRANKED) == (
        "No family has 5 official models on the list of 5 January 2026, so none is ranked."
    )


def test_leader_of_nothing_claims_no_share() -> None:
    assert headlines.leader(NOTHING) == (
        "Alpha leads with 0 downloads in the 30 days to 5 January 2026."
    )


def test_lead() -> None:
    assert headlines.lead(NOW) == "That is 3.0 times Beta, which is second."


@pytest.mark.parametrize("board", [ALONE, UNRANKED, NOTHING])
def test_no_lead_where_there_is_no_second(board: headlines.Leaderboard) -> None:
    assert headlines.lead(board) == ""


def test_one_model_is_called_out_above_a_quarter() -> None:
    assert headlines.one_model(NOW, "Alpha") == "One model is 66.7% of Alpha's 300 downloads."
    assert headlines.one_model(NOW, "Delta") == "One model is 100.0% of Delta's 595 downloads."


def test_one_model_is_of_all_the_family_even_where_it_is_left_out() -> None:
    assert headlines.one_model(WITHOUT, "Alpha") == headlines.one_model(NOW, "Alpha")


def test_no_model_is_called_out_at_a_quarter() -> None:
    board = leaderboard(official({MONDAY: {"Alpha": [5] * 4, "Beta": [5, 5, 5, 4]}}), MONDAY)
    assert headlines.one_model(board, "Alpha") == ""
    assert headlines.one_model(board, "Beta") == "One model is 26.3% of Beta's 19 downloads."


@pytest.mark.parametrize("family", ["Alpha", "Omega"])
def test_no_model_is_called_out_of_nothing(family: str) -> None:
    assert headlines.one_model(NOTHING, family) == ""


def test_change_names_the_steepest_rise_and_fall_of_ranked_families() -> None:
    assert headlines.change(NOW) == (
        "Since 5 January 2026, over the models on both days' lists, Alpha (5 models) rose most "
        "(+78.6%) and Beta (5 models) fell most (−20.0%)."
    )


def test_change_needs_an_earlier_day() -> None:
    assert headlines.change(leaderboard(READINGS, TUESDAY)) == ""


def test_change_needs_five_models_on_both_days() -> None:
    assert headlines.change(WITHOUT) == ""


def test_change_of_nothing_is_said() -> None:
    board = leaderboard(
        official({MONDAY: {"Alpha": [3] * 5}, TUESDAY: {"Alpha": [3] * 5}}), TUESDAY, MONDAY
    )
    assert headlines.change(board) == (
        "Nothing changed since 5 January 2026 over the models on both lists."
    )


def test_without_biggest_where_the_leader_stays() -> None:
    assert headlines.without_biggest(NOW, WITHOUT) == (
        "Without each family's most downloaded model Alpha still leads, "
        "with 58.8% instead of 30.0%."
    )


def test_without_biggest_where_the_leader_changes() -> None:
    readings = official({MONDAY: {"Alpha": [900, 1, 1, 1, 1], "Beta": [4] * 5}})
    board = leaderboard(readings, MONDAY)
    without = leaderboard(readings, MONDAY, without_biggest=True)
    assert headlines.without_biggest(board, without) == (
        "Without each family's most downloaded model Beta leads instead of Alpha, with 80.0%."
    )


def test_without_biggest_has_nothing_to_say_of_no_ranks() -> None:
    assert headlines.without_biggest(UNRANKED, UNRANKED) == ""


def test_runners_up() -> None:
    assert headlines.runners_up(NOW).startswith("Behind Alpha follow Beta.")
    assert headlines.runners_up(ALONE) == ""


def test_not_ranked() -> None:
    assert headlines.not_ranked(NOW) == (
        "Not ranked, because fewer than 5 of their models are on the list: "
        "Delta (1 model, 595 downloads) and Gamma (1 model, 5 downloads)."
    )
    assert headlines.not_ranked(ALONE) == ""


@pytest.mark.parametrize(("board", "said"), [(NOW, "official models only"), (WITHOUT, "without")])
def test_basis(board: headlines.Leaderboard, said: str) -> None:
    assert said in headlines.basis(board)


def test_index() -> None:
    index = index_over_time(READINGS, MONDAY, TUESDAY)
    assert headlines.index(index, without_biggest=False) == (
        "Alpha stands at 179 on 6 January 2026, with 5 January 2026 as 100; "
        "Beta is lowest at 80. On every day the same models are summed."
    )


def test_index_of_one_family_names_no_lowest() -> None:
    index = index_over_time(READINGS, MONDAY, TUESDAY)
    only = index.only(frozenset({"Beta"}))
    said = headlines.index(only, without_biggest=True)
    assert said.startswith("Counting each family without its most downloaded model, Beta stands")
    assert "lowest" not in said


def test_not_drawn() -> None:
    assert headlines.not_drawn(["Beta", "Gamma"]).startswith("Not drawn: Beta and Gamma. Fewer")


def test_not_drawn_names_somebody() -> None:
    assert "Not drawn: ." not in headlines.not_drawn([])


def test_models_of_a_small_family() -> None:
    assert headlines.models(models(READINGS, "Beta", TUESDAY, None), "Beta", TUESDAY) == (
        "Beta has 5 official models on the list of 6 January 2026, with 100 downloads in 30 days."
    )


@pytest.mark.parametrize(("downloads", "share"), [(5, "90.9%"), (0, "0.0%")])
def test_models_of_a_large_family(downloads: int, share: str) -> None:
    frame = models(official({MONDAY: {"Alpha": [downloads] * 11}}), "Alpha", MONDAY, None)
    said = headlines.models(frame, "Alpha", MONDAY)
    assert said.startswith(f"The ten most downloaded of Alpha's 11 listed models make up {share}")


def test_milestones() -> None:
    frame = pd.DataFrame({"source_name": ["ATOM", "ATOM", "Xinhua"]})
    assert headlines.milestones(frame, "Qwen").startswith(
        "3 published figures about Qwen, by 2 publishers."
    )


@pytest.mark.parametrize("without", [False, True])
def test_no_sentence_over_the_real_figures_holds_a_model_s_name(
    site: Site, *, without: bool
) -> None:
    for day in site.days:
        board = site.leaderboard(day, site.days[0], without_biggest=without)
        other = site.leaderboard(day, site.days[0], without_biggest=True)
        said = [
            headlines.leader(board),
            headlines.lead(board),
            headlines.change(board),
            headlines.runners_up(board),
            headlines.not_ranked(board),
            headlines.without_biggest(board, other),
            *(headlines.one_model(board, family) for family in board.rows["family"]),
        ]
        assert not any("/" in sentence or "nan" in sentence for sentence in said)
        assert all(sentence == "" or sentence.endswith(".") for sentence in said)

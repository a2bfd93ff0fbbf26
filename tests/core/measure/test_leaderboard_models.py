"""One family's models, and the index over time, worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from core.errors import NothingToShow
from core.measure.leaderboard import Index, index_over_time, models
from tests.core.frames import MONDAY, TUESDAY, WEDNESDAY, official

READINGS = official(
    {
        MONDAY: {"Alpha": [50, 0, None, 30], "Beta": [5]},
        TUESDAY: {"Alpha": [60, 5, 35, None], "Beta": [900]},
    }
)


def test_models_come_with_the_most_downloaded_first() -> None:
    rows = models(READINGS, "Alpha", TUESDAY, MONDAY)
    assert rows["model_id"].tolist() == ["Alpha/1", "Alpha/3", "Alpha/2"]
    assert rows["downloads"].tolist() == [60, 35, 5]


def test_share_of_a_model_is_of_its_family() -> None:
    shares = models(READINGS, "Alpha", TUESDAY, MONDAY)["share"]
    assert shares.tolist() == pytest.approx([0.6, 0.35, 0.05])


def test_change_of_a_model_is_unknown_where_it_was_not_listed_or_zero() -> None:
    rows = models(READINGS, "Alpha", TUESDAY, MONDAY)
    assert rows["then"].tolist() == [50, pd.NA, 0]
    assert rows["change"][0] == pytest.approx(0.2)
    assert rows["change"].isna().tolist() == [False, True, True]


def test_models_without_an_earlier_day_have_no_change() -> None:
    rows = models(READINGS, "Alpha", TUESDAY, None)
    assert rows[["then", "change"]].isna().all(axis=None)


@pytest.mark.parametrize(("family", "day"), [("Omega", TUESDAY), ("Alpha", WEDNESDAY)])
def test_family_without_a_model_has_nothing_to_show(family: str, day: pd.Timestamp) -> None:
    with pytest.raises(NothingToShow, match=f"{family} is listed on {day:%Y-%m-%d}"):
        models(READINGS, family, day, MONDAY)


# Alpha's sixth and seventh model and Beta's fifth are not on every day's list.
THREE_DAYS = official(
    {
        MONDAY: {"Alpha": [10, 10, 10, 10, 10, 900, None], "Beta": [1] * 5},
        TUESDAY: {"Alpha": [20, 10, 10, 10, 10, None, None], "Beta": [1, 1, 1, 1]},
        WEDNESDAY: {"Alpha": [90, 0, 5, 4, 1, 900, 7], "Beta": [2] * 5},
    }
)


def lines(index: Index) -> dict[str, list[float]]:
    rows = index.rows.sort_values("day")
    return {name: group["index_100"].tolist() for name, group in rows.groupby("family")}


def test_index_sums_the_models_of_all_days_and_starts_at_a_hundred() -> None:
    index = index_over_time(THREE_DAYS, MONDAY, WEDNESDAY)
    assert lines(index) == {"Alpha": pytest.approx([100, 120, 200])}
    assert index.rows["downloads"].tolist() == [50, 60, 100]
    assert index.rows["models"].tolist() == [5, 5, 5]


def test_index_names_its_days_and_the_models_it_sums() -> None:
    index = index_over_time(THREE_DAYS, MONDAY, WEDNESDAY)
    assert index.days == (MONDAY, TUESDAY, WEDNESDAY)
    assert index.models == {"Alpha": {f"Alpha/{number}" for number in range(1, 6)}}
    assert index.model_ids == index.models["Alpha"]


def test_index_names_the_families_with_too_few_models_for_it() -> None:
    assert index_over_time(THREE_DAYS, MONDAY, WEDNESDAY).left_out == ("Beta",)


def test_index_ends_on_its_last_day() -> None:
    index = index_over_time(THREE_DAYS, MONDAY, TUESDAY)
    assert lines(index) == {"Alpha": pytest.approx([100, 120])}


def test_index_starts_on_its_first_day() -> None:
    index = index_over_time(THREE_DAYS, TUESDAY, WEDNESDAY)
    assert lines(index) == {"Alpha": pytest.approx([100, 100 * 100 / 60])}


def test_index_without_biggest_leaves_the_last_day_s_biggest_out_on_all_days() -> None:
    seven = official(
        {
            MONDAY: {"Alpha": [100, 1, 1, 1, 1, 1], "Beta": [4] * 5},
            TUESDAY: {"Alpha": [1, 50, 2, 2, 2, 2], "Beta": [4] * 5},
        }
    )
    index = index_over_time(seven, MONDAY, TUESDAY, without_biggest=True)
    assert lines(index) == {"Alpha": pytest.approx([100, 100 * 9 / 104])}
    assert index.model_ids == {f"Alpha/{number}" for number in (1, 3, 4, 5, 6)}
    assert index.left_out == ("Beta",)


def test_family_that_starts_at_zero_has_no_index() -> None:
    readings = official(
        {
            MONDAY: {"Alpha": [0] * 5, "Beta": [1] * 5},
            TUESDAY: {"Alpha": [7] * 5, "Beta": [3] * 5},
        }
    )
    index = index_over_time(readings, MONDAY, TUESDAY)
    assert lines(index) == {"Beta": pytest.approx([100, 300])}
    assert index.left_out == ("Alpha",)


def test_family_that_falls_to_zero_is_drawn_there() -> None:
    readings = official({MONDAY: {"Alpha": [5] * 5}, TUESDAY: {"Alpha": [0] * 5}})
    assert lines(index_over_time(readings, MONDAY, TUESDAY)) == {"Alpha": [100, 0]}


def test_index_of_some_families_only() -> None:
    days = {
        day: {name: [1] * 5 for name in "AB"} | {"C": [1], "D": [1]} for day in (MONDAY, TUESDAY)
    }
    only = index_over_time(official(days), MONDAY, TUESDAY).only(frozenset({"B", "C"}))
    assert set(only.rows["family"]) == set(only.models) == {"B"}
    assert only.model_ids == {f"B/{number}" for number in range(1, 6)}
    assert only.left_out == ("C",)


def test_index_of_no_family_is_empty() -> None:
    none = index_over_time(THREE_DAYS, MONDAY, WEDNESDAY).only(frozenset())
    assert (len(none.rows), none.days, none.model_ids, none.left_out) == (0, (), frozenset(), ())


@pytest.mark.parametrize(
    ("since", "day"),
    [(WEDNESDAY, MONDAY), (MONDAY, MONDAY), (pd.Timestamp("2020-01-01"), WEDNESDAY)],
    ids=["reversed", "one day", "no reading on the first day"],
)
def test_index_needs_two_days(since: pd.Timestamp, day: pd.Timestamp) -> None:
    with pytest.raises(NothingToShow, match=f"from {since:%Y-%m-%d} to {day:%Y-%m-%d}"):
        index_over_time(THREE_DAYS, since, day)


def test_index_of_too_few_models_has_nothing_to_show() -> None:
    readings = official({MONDAY: {"Alpha": [1] * 4}, TUESDAY: {"Alpha": [1] * 9}})
    with pytest.raises(NothingToShow):
        index_over_time(readings, MONDAY, TUESDAY)

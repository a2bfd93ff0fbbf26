"""Readings as arrays: which rows a day has, and sums by number."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.measure.lists import Lists, first_of_each, summed
from tests.core.frames import official

MONDAY, TUESDAY, FRIDAY = (pd.Timestamp(f"2026-06-0{day}") for day in (1, 2, 5))
READINGS = official(
    {
        MONDAY: {"Beta": [7], "Alpha": [5, 3]},
        FRIDAY: {"Alpha": [4, 9]},
    }
)
LISTS = Lists.of(READINGS)


def test_a_day_is_a_slice_of_its_own_rows() -> None:
    assert LISTS.models_of(LISTS.on(MONDAY)) == ["Beta/1", "Alpha/1", "Alpha/2"]
    assert LISTS.models_of(LISTS.on(FRIDAY)) == ["Alpha/2", "Alpha/1"]
    assert LISTS.downloads[LISTS.on(FRIDAY)].tolist() == [9, 4]
    assert LISTS.models_of(LISTS.on(TUESDAY)) == LISTS.models_of(LISTS.on(None)) == []


def test_days_between_are_those_of_which_there_is_a_list() -> None:
    assert LISTS.between(MONDAY, FRIDAY) == slice(0, 5)
    assert LISTS.between(TUESDAY, FRIDAY) == slice(3, 5)
    assert LISTS.between(TUESDAY, TUESDAY) == slice(3, 3)
    assert LISTS.between(FRIDAY, MONDAY) == slice(3, 3)
    assert LISTS.day_of(slice(2, 4)).tolist() == [0, 1]


def test_models_of_a_family_on_a_day() -> None:
    assert LISTS.models_of(LISTS.of_family(LISTS.on(FRIDAY), "Alpha")) == ["Alpha/2", "Alpha/1"]
    assert LISTS.models_of(LISTS.of_family(LISTS.on(FRIDAY), "Beta")) == []
    assert LISTS.models_of(LISTS.of_family(LISTS.on(MONDAY), "Gamma")) == []


def test_rows_that_are_not_in_order_come_by_day() -> None:
    turned = Lists.of(READINGS.iloc[[3, 4, 0, 1, 2]])
    assert turned.models_of(turned.on(MONDAY)) == ["Beta/1", "Alpha/1", "Alpha/2"]
    assert turned.models_of(turned.on(FRIDAY)) == ["Alpha/2", "Alpha/1"]


def test_the_first_of_each_number_and_what_is_not_there() -> None:
    assert first_of_each(np.array([2, 0, 2, 0]), 4).tolist() == [1, 4, 0, 4]


def test_sums_are_exact_beyond_what_a_float_can_hold() -> None:
    large = np.array([2**53, 1, 2**53, 1])
    assert summed(np.array([0, 0, 1, 0]), large, 3).tolist() == [2**53 + 2, 2**53, 0]

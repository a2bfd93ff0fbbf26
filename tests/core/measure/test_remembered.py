"""What is worked out of a frame once, and never given for another."""

from __future__ import annotations

import gc

import pandas as pd

from core.measure.remembered import remembered

CALLS: list[int] = []


@remembered
def total(frame: pd.DataFrame, times: int = 1) -> int:
    CALLS.append(times)
    return times * int(frame["a"].sum())


def test_the_very_same_frame_is_worked_out_once_for_every_value() -> None:
    CALLS.clear()
    frame = pd.DataFrame({"a": [1, 2]})
    assert [total(frame), total(frame), total(frame, 2), total(frame, 2)] == [3, 3, 6, 6]
    assert CALLS == [1, 2]


def test_an_equal_frame_is_another_one() -> None:
    CALLS.clear()
    assert total(pd.DataFrame({"a": [1]})) == total(pd.DataFrame({"a": [1]})) == 1
    assert CALLS == [1, 1]


def test_frames_that_are_gone_leave_nothing_to_those_that_come() -> None:
    # Freed numbers of objects are given out again: none of these may get another's sum.
    for value in range(200):
        assert total(pd.DataFrame({"a": [value]})) == value
    gc.collect()
    assert total(pd.DataFrame({"a": [7]})) == 7

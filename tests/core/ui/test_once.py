from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.ui.once import Once

if TYPE_CHECKING:
    from collections.abc import Callable


class Counted:
    """A function that says how often it was called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, *args: object, **kwargs: object) -> tuple[object, ...]:
        self.calls += 1
        return (self.calls, *args, *kwargs.values())


@pytest.fixture
def once() -> Once:
    return Once()


@pytest.fixture
def function() -> Counted:
    return Counted()


def test_same_values_are_worked_out_once(once: Once, function: Counted) -> None:
    first = once(function, pd.Timestamp("2026-01-01"), ("a",), without=True)
    assert once(function, pd.Timestamp("2026-01-01"), ("a",), without=True) is first
    assert function.calls == 1


@pytest.mark.parametrize(
    "other",
    [
        lambda once, function: once(function, 2),
        lambda once, function: once(function, 1.0),
        lambda once, function: once(function, True),  # noqa: FBT003
        lambda once, function: once(function, "1"),
        lambda once, function: once(function, 1, 1),
        lambda once, function: once(function, a=1),
        lambda once, function: once(function),
    ],
    ids=["value", "type", "truth", "text", "one more", "by name", "none"],
)
def test_other_arguments_are_worked_out_anew(
    once: Once, function: Counted, other: Callable[[Once, Counted], object]
) -> None:
    once(function, 1)
    other(once, function)
    assert function.calls == 2


def test_value_by_name_is_not_that_of_another_name(once: Once, function: Counted) -> None:
    once(function, a=1)
    once(function, b=1)
    assert function.calls == 2


def test_other_function_has_its_own_results(once: Once, function: Counted) -> None:
    other = Counted()
    assert once(function, 1) is not once(other, 1)


def test_very_same_frame_is_worked_out_once(once: Once, function: Counted) -> None:
    frame = pd.DataFrame({"a": [1]})
    assert once(function, frame) is once(function, frame)


def test_equal_frames_are_not_the_same(once: Once, function: Counted) -> None:
    once(function, pd.DataFrame({"a": [1]}))
    once(function, pd.DataFrame({"a": [1]}))
    assert function.calls == 2


def test_frame_that_nobody_else_keeps_is_never_taken_for_a_new_one(once: Once) -> None:
    def value(frame: pd.DataFrame) -> int:
        return int(frame["a"].iloc[0])

    assert [once(value, pd.DataFrame({"a": [number]})) for number in range(100)] == [*range(100)]


def test_result_of_nothing_is_remembered_too(once: Once) -> None:
    calls = []
    assert once(calls.append, 1) is None
    assert once(calls.append, 1) is None


def test_error_is_not_remembered(once: Once) -> None:
    answers = iter([0, 2])

    def inverse() -> float:
        return 1 / next(answers)

    with pytest.raises(ZeroDivisionError):
        once(inverse)
    assert once(inverse) == 0.5


def test_memory_is_bounded(function: Counted) -> None:
    once = Once(most=1_000_000)
    for number in range(200):
        assert len(once(function, number, "x" * 50_000)[2]) == 50_000
    assert len(vars(once)["_results"]) < 30


def text_of(number: int) -> str:
    return str(number) * 50_000


def test_what_nobody_has_asked_for_longest_is_forgotten() -> None:
    once = Once(most=200_000)
    first, second, _ = (once(text_of, number) for number in (1, 2, 3))
    assert once(text_of, 1) is first
    once(text_of, 4)  # three are kept
    assert once(text_of, 1) is first
    assert once(text_of, 2) is not second


def test_many_small_results_are_all_kept(once: Once, function: Counted) -> None:
    for number in range(5000):
        once(function, number)
    once(function, 0)
    assert function.calls == 5000


def test_one_result_larger_than_all_may_be_is_kept_until_the_next() -> None:
    once = Once(most=1_000)
    first = once(text_of, 1)
    assert once(text_of, 1) is first
    once(text_of, 2)
    assert once(text_of, 1) is not first


def test_of_many_who_ask_at_once_one_works_it_out(once: Once) -> None:
    started, calls = Event(), list[int]()

    def slow(value: int) -> list[int]:
        calls.append(value)
        started.wait(10)
        return [value]

    with ThreadPoolExecutor(4) as readers:
        answers = [readers.submit(once, slow, 1) for _ in range(4)]
        started.set()
        found = [answer.result(10) for answer in answers]
    assert calls == [1]
    assert all(answer is found[0] for answer in found)


def test_error_of_one_is_worked_out_anew_by_the_next(once: Once) -> None:
    calls = list[int]()

    def broken(value: int) -> int:
        calls.append(value)
        return 1 // (len(calls) - 1)

    with pytest.raises(ZeroDivisionError):
        once(broken, 1)
    assert once(broken, 1) == 1

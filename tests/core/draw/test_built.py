from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from core.draw.built import built_once


def test_of_many_who_come_at_once_one_builds() -> None:
    calls, together = list[int](), Barrier(8)

    @built_once
    def square(number: int) -> list[int]:
        calls.append(number)
        return [number * number]

    def asked() -> list[int]:
        together.wait(10)
        return square(3)

    with ThreadPoolExecutor(8) as readers:
        found = [future.result() for future in [readers.submit(asked) for _ in range(8)]]
    assert found == [[9]] * 8
    assert all(one is found[0] for one in found)
    assert calls == [3]


def test_each_argument_has_its_own() -> None:
    @built_once
    def pair(first: int, *, second: int = 0) -> tuple[int, int]:
        return first, second

    assert (pair(1), pair(2), pair(1, second=5)) == ((1, 0), (2, 0), (1, 5))


def test_error_is_not_remembered() -> None:
    answers = iter([0, 2])

    @built_once
    def inverse() -> float:
        return 1 / next(answers)

    with pytest.raises(ZeroDivisionError):
        inverse()
    assert inverse() == 0.5

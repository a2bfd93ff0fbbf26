"""That there is nothing to show is worked out once too, and told like the first time."""

from __future__ import annotations

import pytest

from core.errors import NothingToShow
from core.ui.answered import answered
from core.ui.once import Once


def test_an_answer_is_worked_out_once_and_raised_every_time() -> None:
    once, asked = Once(), []

    def halves(number: int) -> int:
        asked.append(number)
        if number % 2:
            message = f"{number} has no half."
            raise NothingToShow(message, advice="Choose another.")
        return number // 2

    for _ in range(3):
        assert answered(once, halves, 6) == 3
        with pytest.raises(NothingToShow, match=r"5 has no half") as told:
            answered(once, halves, 5)
        assert told.value.advice == "Choose another."
    assert asked == [6, 5]


def test_other_errors_are_not_kept() -> None:
    once, asked = Once(), []

    def broken() -> int:
        asked.append(1)
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError, match=r"^$"):
            answered(once, broken)
    assert len(asked) == 2

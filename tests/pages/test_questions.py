"""Twelve questions that a reader would ask, answered by the leaderboard page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pages.questions import QUESTIONS, Question
from tests.pages.test_pages import words
from tests.pages.test_range_leaderboard import made_home, opened, table, with_history

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

__all__ = ["made_home", "with_history"]  # fixtures

_OPENED: dict[str, AppTest] = {}
"""Several questions are answered by one view: it is opened once."""


def test_there_are_twelve_questions() -> None:
    assert len({question.asked for question in QUESTIONS}) == 12


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.asked)
def test_question_is_answered(question: Question) -> None:
    view = repr(question.address)
    if view not in _OPENED:
        _OPENED[view] = opened(question.address)
    app = _OPENED[view]
    said = words(app)
    for sentence in question.says:
        assert sentence in said
    for family, column, value in question.cells:
        rows = table(app, column).set_index("family")
        assert rows.loc[family, column] == pytest.approx(value)

"""Twelve questions that a reader would ask, answered in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit, serving
from tests.conftest import ROOT
from tests.pages.questions import QUESTIONS, Question
from tests.pages.test_range_leaderboard import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def with_history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("history")
    fill(home)
    with serving(ROOT, {"GROUNDSWELL_HOME": str(home)}) as running:
        yield running


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.asked)
def test_question_is_answered(
    visit: Callable[..., Visit], with_history: Server, question: Question
) -> None:
    query = urlencode(question.address, doseq=True)
    opened = visit(f"{with_history.address}/leaderboard?{query}")
    for sentence in question.says:
        expect(opened.page.get_by_text(sentence).first).to_be_visible()
    if question.cells:  # a table is drawn as a picture: its cells are read in tests/pages
        expect(opened.page.get_by_test_id("stDataFrame").first).to_be_visible()

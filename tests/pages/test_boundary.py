"""Errors reach readers as sentences, never as tracebacks."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.pages.test_pages import words

UNEXPECTED = """
import streamlit as st
from core.ui.page import boundary

with boundary():
    st.title("Before")
    raise RuntimeError("a secret <b>detail</b>")
st.markdown("after")
"""

EXPECTED = """
from core.errors import DefinitionError
from core.ui.page import boundary

with boundary():
    raise DefinitionError("**Bold** words.", instead="Look here.", advice="Do this.")
"""

STOPPED = """
import streamlit as st
from core.ui.page import boundary

with boundary():
    st.title("Before")
    st.stop()
"""


def test_unexpected_error_tells_readers_nothing_of_its_inside() -> None:
    app = AppTest.from_string(UNEXPECTED).run()
    assert not app.exception
    assert "Something went wrong here that we had not thought of." in words(app)
    assert "secret" not in words(app)
    assert app.title[0].value == "Before"
    assert app.markdown[-1].value == "after"


def test_expected_error_says_what_happened_what_is_shown_and_what_to_do() -> None:
    app = AppTest.from_string(EXPECTED).run()
    assert [block.value for block in app.text] == ["**Bold** words.", "Look here.", "Do this."]


def test_stopping_a_page_is_not_an_error() -> None:
    app = AppTest.from_string(STOPPED).run()
    assert not app.exception
    assert "cannot be shown" not in words(app)

"""A click's time ends when the page has changed on the screen, and not before."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from bench.server import serving
from bench.watched import QUIET_MILLISECONDS, chromium, watched

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is missing"),
]

SLOW_APP = """
import time
import streamlit as st
st.title("Slow")
chosen = st.selectbox("Colour", ("red", "green", "blue"))
if chosen != "red":
    time.sleep(0.6)
st.text(f"You chose {chosen}.")
"""


def test_a_click_lasts_until_the_answer_is_on_the_screen(tmp_path: Path) -> None:
    script = tmp_path / "slow.py"
    script.write_text(SLOW_APP, encoding="utf-8")
    with serving(script, tmp_path) as server, chromium() as browser, watched(browser) as reader:
        seen = reader.visit(f"http://127.0.0.1:{server.port}/")
        assert seen["chart"] == 0  # it has none
        assert reader.received > 0
        (box,) = reader.controls()
        assert (box.kind, box.number) == ("select box", 0)
        changed = reader.change(box)
        assert changed is not None
        milliseconds, received = changed
        assert milliseconds > 600
        assert 0 < received < 20_000
        assert seen["now"] - seen["changed"] > QUIET_MILLISECONDS
        assert not reader.errors

"""What "Copy link" offers, as a reader gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.ui.link import BUTTON

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest


def copied_link(app: AppTest) -> str:
    """Click on "Copy link" and return the link: the only code block that opens."""
    if getattr(app.session_state, BUTTON, False):
        app.session_state[BUTTON] = False
        app.run()
    before = [block.value for block in app.code]
    app.session_state[BUTTON] = True
    app.run()
    assert not app.exception
    (link,) = [block.value for block in app.code if block.value not in before]
    return str(link)

"""A link to exactly the view that is on show.

The parts of a page say what they show whenever they are drawn, so that a part
that is drawn again alone changes its own share of the link and no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from streamlit.delta_generator import DeltaGenerator

    State: TypeAlias = Mapping[str, str | Sequence[str] | bool]

BUTTON: Final = "copy_link"
"""Key of the button that shows the link."""

_CHOICES: Final = "_link_choices"
_TABS: Final = "_link_tabs"
_DRAWING: Final = "_link_drawing"
_ASKED: Final = "_link_asked"


def start() -> None:
    """A page begins to be drawn: forget what was said before."""
    st.session_state.update({_CHOICES: {}, _TABS: {}, _DRAWING: True, _ASKED: None})


def finish() -> None:
    """The page is drawn: put the link together if it is asked for, now that all is said."""
    st.session_state[_DRAWING] = False
    if (asked := st.session_state[_ASKED]) is not None:
        _fill(asked)


def say(state: State) -> None:
    """What a part of the page shows: every choice written out, defaults included."""
    st.session_state.setdefault(_CHOICES, {}).update(state)


def say_tab(key: str) -> None:
    """Which tab of a figure is open; it may be another when the link is asked for."""
    st.session_state.setdefault(_TABS, {})[key] = True


@st.fragment
def copy_link() -> None:
    """The button for the link, which is put together when the reader asks for it."""
    asked = st.popover("Copy link", icon=":material/link:", key=BUTTON, on_change="rerun")
    if not asked.open:
        return
    if st.session_state.get(_DRAWING):
        st.session_state[_ASKED] = asked  # other parts of the page have yet to speak
    else:
        _fill(asked)


def _fill(asked: DeltaGenerator) -> None:
    tabs = {key: str(st.session_state.get(key) or "") for key in st.session_state[_TABS]}
    with asked:
        st.markdown("This link opens exactly what you see, with the same dates.")
        address = link(st.context.url or "", st.session_state[_CHOICES] | tabs)
        st.code(address, language=None, wrap_lines=True)


def link(url: str, state: State) -> str:
    """``url`` with ``state`` as its query string; what is off or empty is left out."""
    pairs: list[tuple[str, str]] = []
    for key, value in state.items():
        if isinstance(value, bool):
            pairs += [(key, "true")] if value else []
        elif isinstance(value, str):
            pairs += [(key, value)] if value else []
        else:
            pairs += [(key, item) for item in value]
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs), ""))

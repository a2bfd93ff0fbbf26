"""How a reader came to a page, and what that means for earlier choices.

Streamlit keeps what a reader chose on a page and mixes it into the address of
the next link to that page. A link that says something means all it says and no
more; only a link that says nothing, as the menu's, brings the choices back.
"""

from __future__ import annotations

import streamlit as st

_PAGE = "_page"
_FORGOTTEN = "_forgotten_on_arrival"
"""Controls whose earlier choice is forgotten; None where the link says nothing."""


def arrive(script: str) -> None:
    """Note that ``script`` runs now. Called once at the start of each page."""
    before = st.session_state.get(_PAGE)
    st.session_state[_PAGE] = script
    by_link = before not in {None, script} and len(st.query_params) > 0
    st.session_state[_FORGOTTEN] = set() if by_link else None


def forget_earlier_choice(key: str) -> None:
    """Let the address alone decide about control ``key``, where it should.

    Called before the control is made, or before code makes the choice.
    """
    forgotten = st.session_state.get(_FORGOTTEN)
    if forgotten is not None and key not in forgotten:
        forgotten.add(key)
        st.session_state.pop(key, None)

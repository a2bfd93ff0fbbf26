"""How a reader came to a page, and what that means for earlier choices.

Streamlit keeps what a reader chose on a page and mixes it into the address of
the next link to that page. A link that says something means all it says and no
more; only a link that says nothing, as the menu's, brings the choices back.
"""

from __future__ import annotations

import streamlit as st

_PAGE = "_page"
_BY_LINK = "_came_by_link_with_choices"


def arrive(script: str) -> None:
    """Note that ``script`` runs now. Called once at the start of each page."""
    before = st.session_state.get(_PAGE)
    st.session_state[_PAGE] = script
    st.session_state[_BY_LINK] = before not in {None, script} and len(st.query_params) > 0


def forget_earlier_choice(key: str) -> None:
    """Let the address alone decide about control ``key``, where it should.

    Called before the control is made.
    """
    if st.session_state.get(_BY_LINK):
        st.session_state.pop(key, None)

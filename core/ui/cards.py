"""Cards: a question, a sentence that answers it, a link to where one sees more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ui.page import Page


def card(
    question: str, answer: str, label: str, target: Page, state: Mapping[str, str] | None = None
) -> None:
    """One card. ``answer`` holds no outside text; ``state`` is the target's address.

    ``state`` names no defaults: Streamlit takes those out of the address again,
    and Back would then need to be pressed twice. A card always opens the view
    it speaks of, so its link never says nothing, as the menu's does.
    """
    with st.container(border=True):
        st.markdown(f"**{question}**")
        st.markdown(answer)
        st.page_link(
            target.script,
            label=label,
            icon=":material/arrow_forward:",
            query_params=dict(state or {"from": "card"}),
        )

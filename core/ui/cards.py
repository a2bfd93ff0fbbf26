"""Cards: a question, a sentence that answers it, a link to where one sees more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.draw import words
from core.draw.worked_example import story
from core.ui.page import PRICES, REACTION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ui.page import Page
    from core.ui.site import Site

_VIEW_SPOKEN_OF = {"from": "card"}
"""A card always opens the view it speaks of, so its link never says nothing, as the menu's does."""

_EVENT = "2026-01-12 Qwen: 700M downloads reported; Alibaba shares up nearly 10% in the day"
"""The event of the story in the box of the share-price page, which opens on its month."""


def card(
    question: str, answer: str, label: str, target: Page, state: Mapping[str, str] | None = None
) -> None:
    """One card. ``answer`` holds no outside text; ``state`` is the target's address.

    ``state`` names no defaults: Streamlit takes those out of the address again,
    and Back would then need to be pressed twice.
    """
    with st.container(border=True):
        st.markdown(f"**{question}**")
        st.markdown(answer)
        st.page_link(
            target.script,
            label=label,
            icon=":material/arrow_forward:",
            query_params=dict(state or _VIEW_SPOKEN_OF),
        )


def worked_example(site: Site) -> None:
    """The card of the story the site starts from, with the closes of that week."""
    example = site.worked_example
    with st.container(border=True):
        st.markdown("**What did Alibaba's share do on 12 January 2026?**")
        for sentence in site.once(story, example):
            st.text(sentence)
        st.text(f"Sources: {example.source_name}; {example.closes_source}.")
        if example.source_url.startswith("https://"):
            st.link_button("Read the report", example.source_url, icon=":material/open_in_new:")
        st.page_link(
            PRICES.script,
            label="See it beside others",
            icon=":material/arrow_forward:",
            query_params={"event": _EVENT},
        )
        st.page_link(
            REACTION.script,
            label="Was it the news? See the market",
            icon=":material/arrow_forward:",
            query_params={"share": example.ticker, "day": words.iso(example.at)},
        )

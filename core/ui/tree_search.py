"""Any known model, found while a reader types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.draw import words
from core.ui.arrival import forget_earlier_choice
from core.ui.forest import forest
from core.ui.tree import label
from core.ui.tree_place import visit

if TYPE_CHECKING:
    import pandas as pd

    from core.ui.site import Site

FIND: Final = "find"
"""What is looked for, in the address."""

MOST: Final = 20
"""Matches that are listed."""

LONGEST: Final = 200
"""Characters of a question that count: no id on the Hub is longer."""

_FEWEST: Final = 2


@st.fragment
def any_model(site: Site, roots: pd.DataFrame) -> None:
    """A box for any model and its matches as buttons. While one types only this runs again.

    ``roots`` are those of ``measure.tree.roots``.
    """
    forget_earlier_choice(FIND)
    typed = (
        st.text_input(
            "Find any model",
            key=FIND,
            type="search",
            live="200ms",
            max_chars=LONGEST,
            placeholder="Type part of its name, for example qwen coder",
            bind="query-params",
        )
        or ""
    )
    found = find(site, typed, MOST)
    if not found:
        if len(typed.strip()) >= _FEWEST:
            st.text(f"No model that is known here has “{words.quoted(typed, 60)}” in its name.")
        return
    more = "The most downloaded come first."
    if len(found) == MOST:
        more = "More of the name finds others; the most downloaded come first."
    st.text(f"{words.plural(len(found), 'model')} shown. {more}")
    with st.container(horizontal=True, gap="small"):
        for at, model in enumerate(found):
            st.button(
                label(model),
                key=f"found_{at}",
                type="tertiary",
                on_click=_chosen,
                args=(site, roots, model),
            )


def find(site: Site, text: str, limit: int) -> list[str]:
    """At most ``limit`` ids that fit ``text``, see ``measure.search.Search.find``.

    Nothing for a text of fewer than two letters.
    """
    asked = text[:LONGEST].strip()
    if len(asked) < _FEWEST:
        return []
    found = [str(name) for name in forest(site).search.find(asked, limit)]
    site.give_back()
    return found


def _chosen(site: Site, roots: pd.DataFrame, model: str) -> None:
    visit(site, roots, model)
    st.session_state[FIND] = ""
    st.rerun()  # the whole page: the model has another tree

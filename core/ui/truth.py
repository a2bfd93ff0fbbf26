"""The truth table: every published figure beside what the loaded data say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.draw import claims_truth as said
from core.ui.claims_data import published
from core.ui.page import CLAIMS, MILESTONES_PAGE

if TYPE_CHECKING:
    from core.ui.site import Site


def truth_table(site: Site) -> None:
    """Every published figure with claimed, measured, difference, basis, verdict and reason.

    The same as `make truth` prints. Raises a ``StoreError`` where the published
    figures cannot be read.
    """
    site.frame("milestones")  # an empty table would say that nothing was published
    every = published(site)
    text = st.column_config.TextColumn
    says = site.once(said.truth_sentence, every)
    st.markdown(says)
    st.dataframe(
        site.once(said.truth_rows, every),
        hide_index=True,
        column_order=[
            "publisher", "text", "as_of", "claimed", "measured", "difference", "basis", "verdict",
            "reason",
        ],
        column_config={
            "publisher": text("Published by"),
            "text": text("Figure", width="medium"),
            "as_of": text("As of"),
            "claimed": text("Claimed"),
            "measured": text("Measured"),
            "difference": text("Difference"),
            "basis": text("How it is counted"),
            "verdict": text("Verdict"),
            "reason": text("Reason", width="large"),
        },
        alt=says,
    )  # fmt: skip
    with st.container(horizontal=True):
        for page, label in ((CLAIMS, "Claims"), (MILESTONES_PAGE, "Milestones")):
            st.page_link(page.script, label=label, icon=page.icon)

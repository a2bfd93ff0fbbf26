"""Milestones: what was published over time, against what was measured."""

import streamlit as st

from core.draw import words
from core.ui import claims_milestones as parts
from core.ui.claims_data import published
from core.ui.controls import pick, read_address, show_notes
from core.ui.link import copy_link, say
from core.ui.page import CLAIMS, MILESTONES_PAGE, boundary, say_faults, show
from core.ui.site import Site


def content(site: Site) -> None:
    """Draw the page from the site's data."""
    st.title("Milestones", anchor=False)
    notes_place, headline_place = st.container(), st.container()
    address = read_address()
    names = parts.families(site)
    with headline_place:
        say_faults(site.faults("milestones", "artefacts", "daily"))
        every = published(site)
        told = sum(1 for one in every if one.settled)
        st.subheader(
            f"{words.plural(len(every), 'published figure')}, of which the data at hand settle "
            f"{told or 'none'}.",
            anchor=False,
        )
    st.markdown(
        "Publishers count different things. Their figures are shown as published, never joined to "
        "a line, and those that stand out are kept and labelled."
    )
    family = pick(address, "family", "Family", names, noun="family with a published figure")
    state = {"family": family}
    row = None
    with boundary():
        row = parts.against_measured(site, address, family)
    with boundary():
        parts.side_by_side(site, family)
    st.page_link(
        CLAIMS.script,
        label="Check a sentence from the news",
        icon=":material/arrow_forward:",
        query_params={"show": "All claims"},
    )
    for key in ("kind", "milestones_tab"):
        state[key] = str(st.session_state.get(key) or "")
    with row or st.container():
        say(state)
        copy_link()
    with notes_place:
        show_notes(address)


show(MILESTONES_PAGE, content)

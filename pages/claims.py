"""Claims: is what the news says true? Published sentences and a reader's own, checked."""

import streamlit as st

from core.draw import claims as said
from core.ui import claims as parts
from core.ui.claims_data import verdicts
from core.ui.claims_own import own_claim
from core.ui.controls import pick_view, read_address, show_notes
from core.ui.link import copy_link, say
from core.ui.page import CLAIMS, say_faults, show
from core.ui.site import Site


def content(site: Site) -> None:
    """Draw the page from the site's data."""
    st.title("Claims", anchor=False)
    notes_place, headline_place = st.container(), st.container()
    address, once = read_address(), site.once
    every = verdicts(site)
    keys = {one.claim.key: one for one in every}
    view = pick_view(address, "show", "What is shown", parts.VIEWS, noun="view", wrap=True)
    key = parts.focus(address, list(keys), view)
    state = {"show": view, parts.CLAIM: key}
    story = parts.story(site)
    with headline_place:
        say_faults(site.faults("milestones", "events", "readings", "daily", "links", "prices"))
    headline = once(said.headline, every)

    if key:
        headline = once(said.one_headline, keys[key])
        parts.neighbours(every, key)
        parts.opened(site, keys[key], {parts.CLAIM: key})
    elif view == parts.ARTICLE:
        headline = once(said.story_headline, story)
        st.markdown(
            "The news of 12 January 2026 about Qwen and Alibaba's share, sentence by sentence in "
            "our own words. What the data at hand cannot settle is said to be so: a counter of "
            "30 days never settles a claim about a total."
        )
        for one in story:
            parts.card(one)
    elif view == parts.EVERY:
        parts.cards(address, parts.filtered(address, every))
    else:
        headline = own_claim(site, address, state)

    for name in ("about", "publisher", "verdict", "part", "claim_tab"):
        state[name] = str(st.session_state.get(name) or "")
    say(state)
    copy_link()
    headline_place.subheader(headline, anchor=False)
    with notes_place:
        show_notes(address)


show(CLAIMS, content)

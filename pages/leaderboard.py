"""The leaderboard: families ranked by downloads, in any dates or by 30-day readings."""

import streamlit as st

from core.draw import headlines
from core.measure.bases import OFFICIAL_LEVEL
from core.ui import against, daily, range_board, readings_board
from core.ui.controls import pick, pick_view, read_address, show_notes
from core.ui.family import models_figure, published_figure
from core.ui.figure import copy_link
from core.ui.levels import offer_level
from core.ui.make_up import make_up_figure
from core.ui.page import LEADERBOARD, boundary, page

ANY_DATES, READINGS = "Any dates", "30-day readings"
TABS = (
    "range_tab",
    "against_tab",
    "tab",
    "models_tab",
    "make_up",
    "make_up_tab",
    "published",
    "published_tab",
)

with page(LEADERBOARD) as site:
    st.title("Leaderboard", anchor=False)
    notes_place, headline_place = st.container(), st.container()
    address, once = read_address(), site.once
    names = sorted((family.name for family in site.families), key=str.casefold)
    state, row, board = {}, None, None
    dated = daily.bases(site)
    counted = READINGS
    if dated:
        # A link from before there was a daily history gives the day of a reading.
        old = READINGS if {"day", "since"} & set(st.query_params) else ""
        counted = pick_view(
            address,
            "counted",
            "Downloads",
            (ANY_DATES, READINGS),
            noun="way of counting",
            otherwise=old,
        )

    if counted == ANY_DATES:
        chosen = None
        with boundary():
            chosen = range_board.choose(site, address, names)
            row = range_board.show(site, chosen, headline_place)
            state = chosen.state
        if chosen and chosen.span:
            st.subheader("One family against the next ones together", anchor=False)
            with boundary():
                state |= against.show(site, address, chosen.basis, chosen.span, names)
        day, earlier = None, None
        with boundary():
            day = site.days[-1]
            board = site.leaderboard(day, None, without_biggest=False)
    else:
        shown = readings_board.show(site, address, names, headline_place)
        state, row, board = shown.state, shown.row, shown.board
        day, earlier = shown.day, shown.earlier
    if dated:
        state["counted"] = counted

    st.subheader("A closer look at one family", anchor=False)
    if counted == ANY_DATES:
        st.markdown("Here models are told by their newest 30-day reading, not by the dates above.")
    listed = board.rows["family"].tolist() if board else []
    others = [name for name in names if name not in listed]
    family = pick(address, "family", "Family", listed + others, noun="family")
    state["family"] = family
    if board:
        with boundary():
            call_out = once(headlines.one_model, board, family)
            if call_out and (counted == ANY_DATES or family != board.rows["family"].iloc[0]):
                st.markdown(f":material/warning: {call_out}")
            models_figure(site, family, day, earlier)

    st.subheader(f"What {family}'s models are", anchor=False)
    with boundary():
        make_up_figure(site, address, family)

    st.subheader(f"What others have published about {family}", anchor=False)
    with boundary():
        published_figure(site, address, family)

    if not dated:
        st.subheader("Any dates, and one family against the next ones together", anchor=False)
        st.text(
            "With a daily history this page ranks the families over any dates, by day, week or "
            "month, and tells whether one family had more downloads than the next ones together, "
            "on every way to count. A 30-day counter cannot be added up to that."
        )
        offer_level(site, OFFICIAL_LEVEL)

    for key in TABS:
        state[key] = str(st.session_state.get(key) or "")
    with row or st.container():
        copy_link(state)
    with notes_place:
        show_notes(address)

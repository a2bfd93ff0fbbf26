"""The leaderboard: families ranked by downloads, in any dates or by 30-day readings."""

import pandas as pd
import streamlit as st

from core.draw import headlines
from core.measure.bases import OFFICIAL_LEVEL
from core.measure.leaderboard import Leaderboard
from core.ui import against, daily, range_board, readings_board
from core.ui.controls import pick, pick_view, read_address, show_notes
from core.ui.daily import ANY_DATES, READINGS
from core.ui.family import models_figure, published_figure
from core.ui.levels import offer_level
from core.ui.link import copy_link, say
from core.ui.make_up import make_up_figure
from core.ui.page import LEADERBOARD, boundary, show
from core.ui.section import section
from core.ui.site import Site


def content(site: Site) -> None:
    """Draw the page from the site's data."""
    st.title("Leaderboard", anchor=False)
    dated = daily.bases(site)
    counted = READINGS
    if dated:
        address = read_address()
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
        say({"counted": counted})
        show_notes(address)
    names = sorted((family.name for family in site.families), key=str.casefold)
    if counted == ANY_DATES:
        any_dates(site, names)
        board, day = None, None
        with boundary():
            day = site.days[-1]
            board = site.leaderboard(day, None, without_biggest=False)
        closer_look(site, names, board, day, None, beside_dates=True)
    else:
        by_readings(site, names)
    if not dated:
        st.subheader("Any dates, and one family against the next ones together", anchor=False)
        st.text(
            "With a daily history this page ranks the families over any dates, by day, week or "
            "month, and tells whether one family had more downloads than the next ones together, "
            "on every way to count. A 30-day counter cannot be added up to that."
        )
        offer_level(site, OFFICIAL_LEVEL)


@section
def any_dates(site: Site, names: list[str]) -> None:
    """The families over any dates, and one of them against the next."""
    notes_place, headline_place = st.container(), st.container()
    address = read_address()
    chosen = range_board.choose(site, address, names)
    say(chosen.state)
    drawn = False
    with boundary():
        drawn = range_board.show(site, chosen, headline_place)
    if not drawn:
        copy_link()
    if chosen.span:
        st.subheader("One family against the next ones together", anchor=False)
        against.show(site, chosen.basis, chosen.span, names)
    with notes_place:
        show_notes(address)


@section
def by_readings(site: Site, names: list[str]) -> None:
    """The families by their 30-day readings, and one of them on the same day."""
    notes_place, headline_place = st.container(), st.container()
    address = read_address()
    shown = readings_board.show(site, address, names, headline_place)
    with notes_place:
        show_notes(address)
    closer_look(site, names, shown.board, shown.day, shown.earlier, beside_dates=False)


@section
def closer_look(  # noqa: PLR0913 - the reading it is told by is three of them
    site: Site,
    names: list[str],
    board: Leaderboard | None,
    day: pd.Timestamp | None,
    earlier: pd.Timestamp | None,
    *,
    beside_dates: bool,
) -> None:
    """One family: its models by a reading, what they are, and what others published."""
    st.subheader("A closer look at one family", anchor=False)
    if beside_dates:
        st.markdown("Here models are told by their newest 30-day reading, not by the dates above.")
    address = read_address()
    listed = [row.family for row in board.standings] if board else []
    others = [name for name in names if name not in listed]
    family = pick(address, "family", "Family", listed + others, noun="family")
    say({"family": family})
    show_notes(address)
    if board and day is not None:
        with boundary():
            call_out = site.once(headlines.one_model, board, family)
            if call_out and (beside_dates or family != listed[0]):
                st.markdown(f":material/warning: {call_out}")
            models_figure(site, family, day, earlier)

    st.subheader(f"What {family}'s models are", anchor=False)
    make_up_figure(site, family)

    st.subheader(f"What others have published about {family}", anchor=False)
    published_figure(site, family)


show(LEADERBOARD, content)

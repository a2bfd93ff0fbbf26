"""The overview: who leads, what changed, how old it is, and where to look next."""

import streamlit as st

from core.draw import headlines, tree_headlines, words
from core.draw.leaderboard import bar_rows, bars
from core.ui import daily
from core.ui.cards import card, worked_example
from core.ui.chart import arrow, show_chart
from core.ui.controls import read_address, show_notes
from core.ui.figure import figure
from core.ui.forest import coverage, roots
from core.ui.leaderboard import board_columns, board_facts, board_table, one_model_call_out
from core.ui.link import copy_link, say
from core.ui.page import (
    CLAIMS,
    DATA,
    LEADERBOARD,
    OVERVIEW,
    TREE,
    boundary,
    say_faults,
    show,
    today,
)
from core.ui.site import Site


def content(site: Site) -> None:
    """Draw the page from the site's data."""
    st.title("Groundswell", anchor=False)
    st.markdown(
        "Which open AI models the world is downloading, what is being built on them, "
        "and whether the market noticed."
    )
    address = read_address()
    board, once = None, site.once

    with boundary():
        day = address.day("day", site.days, site.days[-1])
        since = site.days[0] if site.days[0] < day else None
        board = site.leaderboard(day, since, without_biggest=False)
        headline = once(headlines.leader, board)
        rows = once(bar_rows, board, "downloads")
        show_notes(address)
        say_faults(site.faults("readings", "artefacts"))
        st.subheader(headline, anchor=False)
        st.markdown(f"{once(headlines.lead, board)} {once(headlines.change, board)}")
        st.markdown(
            f"The figures are of **{words.day(day)}, {words.age(day, today())}**. "
            "A download is not a user: one developer may download many times."
        )
        one_model_call_out(site, board)
        row = figure(
            "overview_tab",
            chart=lambda: show_chart(
                bars(site.palette, "downloads", len(rows)),
                once(arrow, rows=rows),
                description=headline,
                key="overview_chart",
            ),
            table=lambda: board_table(board),
            columns=board_columns(board),
            description=headline,
            facts=lambda: board_facts(site, board),
            file_name=f"groundswell-overview-{words.iso(day)}.csv",
        )
        say({"day": words.iso(day)})
        with row:
            copy_link()
        st.markdown(once(headlines.not_ranked, board))

    st.subheader("Questions to start from", anchor=False)
    with st.grid(min_column_width=280):
        with boundary():
            worked_example(site)
        if board:
            at = {} if day == site.days[-1] else {"day": words.iso(day)}
            # With a daily history the page would open on that, not on what the card tells.
            at |= {"counted": daily.READINGS} if daily.any_dates(site) else {}
            leader = str(board.rows["family"].iloc[0])
            without = site.leaderboard(day, since, without_biggest=True)
            card(
                "Does one model make the leader?",
                once(headlines.without_biggest, board, without),
                "Leave it out",
                LEADERBOARD,
                at | {"without_biggest": "true"},
            )
            card(
                "Who is growing?",
                once(headlines.change, board) or "This is the first day that can be compared.",
                "See the lines",
                LEADERBOARD,
                at | {"view": "Index"},
            )
            card(
                "Who comes after the first?",
                once(headlines.runners_up, board),
                "See them all",
                LEADERBOARD,
                at | {"view": "Log scale"},
            )
            card(
                f"What has been claimed about {leader}?",
                "Companies and researchers publish figures that count different things. "
                "They stand beside ours, never in the same line.",
                "Read them",
                LEADERBOARD,
                at | {"published_tab": "Table"},
            )
        with boundary():
            card(
                "What is being built on them?",
                once(
                    tree_headlines.largest,
                    roots(site),
                    coverage(site),
                ),
                "See the tree",
                TREE,
            )
        card(
            "Is what the news says true?",
            "The report of 12 January 2026 sentence by sentence, each with a verdict, the figures "
            "behind it and what they count.",
            "Check it",
            CLAIMS,
        )
        card(
            "What is a download, and what is it not?",
            "A request for a model's files. Not a person, not a paying customer, "
            "and counted again each time.",
            "Read more",
            DATA,
        )
        card(
            "Who counted this?",
            "Every row says where it comes from, and all of it can be downloaded.",
            "See the sources",
            DATA,
            {"section": "Sources"},
        )


show(OVERVIEW, content)

"""The leaderboard: families ranked by downloads of their official models."""

from functools import partial

import streamlit as st

from core.draw import headlines, words
from core.draw import leaderboard as draw
from core.errors import NothingToShow
from core.measure import artefacts
from core.measure.leaderboard import Index, Leaderboard
from core.ui import leaderboard as parts
from core.ui.chart import arrow, show_chart
from core.ui.controls import (
    pick,
    pick_day,
    pick_several,
    pick_view,
    read_address,
    show_notes,
    switch,
)
from core.ui.family import models_figure, published_figure
from core.ui.figure import copy_link, figure
from core.ui.make_up import make_up_figure
from core.ui.page import LEADERBOARD, boundary, page, say_faults

DOWNLOADS, SHARE, LOG, INDEX = "Downloads", "Share", "Log scale", "Index"

with page(LEADERBOARD) as site:
    st.title("Leaderboard", anchor=False)
    notes_place, headline_place = st.container(), st.container()

    address = read_address()
    names = sorted((family.name for family in site.families), key=str.casefold)
    state, row, board = {}, None, None
    once = site.once

    with boundary():
        # What the reader chooses
        with st.container(horizontal=True, vertical_alignment="bottom"):
            with st.container(width=170):
                day = pick_day(address, "day", "As of", site.days, newest_first=True)
            with st.container(width=170):
                since = pick_day(address, "since", "Compared with", site.days, newest_first=False)
            view = pick_view(address, "view", "Show", (DOWNLOADS, SHARE, LOG, INDEX), noun="view")
        chosen = pick_several(
            address,
            "families",
            "Families",
            names,
            noun="family",
            empty="All families: choose to narrow down",
        )
        without_biggest = switch(
            address,
            "without_biggest",
            "Without each family's most downloaded model",
            "One busy model can make a whole family look big. This leaves it out everywhere.",
        )
        if since > day:
            day, since = since, day
            address.notes.append(
                "The two days were the wrong way round and have been swapped: "
                f"{words.day(since)} to {words.day(day)}."
            )
        earlier = since if since < day else None
        state = {
            "day": words.iso(day),
            "since": words.iso(since),
            "view": view,
            "families": chosen,
            "without_biggest": without_biggest,
        }

        # What the data say
        board = site.leaderboard(day, earlier, without_biggest=without_biggest)
        wanted = frozenset(chosen or names)
        shown = once(Leaderboard.only, board, wanted)
        headline = once(headlines.leader, board)
        with headline_place:
            say_faults(site.faults("readings", "artefacts", "milestones"))
            st.subheader(headline, anchor=False)
            st.markdown(f"{once(headlines.lead, board)} {once(headlines.change, board)}")
            parts.one_model_call_out(site, board)

        # The figure
        with boundary():
            if view == INDEX:
                every = site.index_over_time(since, day, without_biggest=without_biggest)
                index = once(Index.only, every, wanted)
                if index.rows.empty:
                    raise NothingToShow(
                        headlines.not_drawn(index.left_out)
                        or "None of the families chosen has a model on the lists of these days."
                    )
                headline = once(headlines.index, index, without_biggest=without_biggest)
                touching = once(artefacts.touching, site.artefacts, index.model_ids, since, day)
                spec = draw.lines(site.palette, index.days)
                datasets = once(draw.index_data, index, touching)
                table, columns = partial(parts.index_table, index), parts.index_columns()
                facts = partial(parts.index_facts, site, board, index)
                st.markdown(headline)
                if index.left_out:
                    st.markdown(headlines.not_drawn(index.left_out))
                for sentence in parts.artefact_sentences(site, index.model_ids, since, day):
                    st.text(f"Shaded: {sentence}")
            else:
                amount = "share" if view == SHARE else "downloads"
                datasets = {"rows": once(draw.bar_rows, shown, amount)}
                kind = draw.dots if view == LOG else draw.bars
                spec = kind(site.palette, amount, len(shown.ranked))
                table, columns = partial(parts.board_table, shown), parts.board_columns(shown)
                facts = partial(parts.board_facts, site, board)
            row = figure(
                "tab",
                chart=lambda: show_chart(
                    spec, once(arrow, **datasets), description=headline, key=f"leaderboard_{view}"
                ),
                table=table,
                columns=columns,
                description=headline,
                facts=facts,
                file_name=f"groundswell-{view.lower().replace(' ', '-')}-{words.iso(day)}.csv",
            )
        st.markdown(once(headlines.not_ranked, shown))
        if chosen:
            st.markdown("Ranks and shares are among all families, not only those shown.")

    st.subheader("A closer look at one family", anchor=False)
    listed = board.rows["family"].tolist() if board else []
    others = [name for name in names if name not in listed]
    family = pick(address, "family", "Family", listed + others, noun="family")
    state["family"] = family
    if board:
        with boundary():
            call_out = once(headlines.one_model, board, family)
            if call_out and family != board.rows["family"].iloc[0]:
                st.markdown(f":material/warning: {call_out}")
            models_figure(site, family, day, earlier)

    st.subheader(f"What {family}'s models are", anchor=False)
    with boundary():
        make_up_figure(site, address, family)

    st.subheader(f"What others have published about {family}", anchor=False)
    with boundary():
        published_figure(site, address, family)

    for key in ("tab", "models_tab", "make_up", "make_up_tab", "published", "published_tab"):
        state[key] = str(st.session_state.get(key) or "")
    with row or st.container():
        copy_link(state)
    with notes_place:
        show_notes(address)

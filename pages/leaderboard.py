"""The leaderboard: families ranked by downloads of their official models."""

from dataclasses import replace

import streamlit as st

from core.draw import headlines, words
from core.draw import leaderboard as draw
from core.measure import artefacts, milestones
from core.ui import leaderboard as parts
from core.ui.chart import show_chart
from core.ui.controls import (
    pick,
    pick_day,
    pick_several,
    pick_view,
    read_address,
    show_notes,
    switch,
)
from core.ui.figure import copy_link, figure
from core.ui.page import LEADERBOARD, boundary, page, say_faults, today
from core.ui.site import current_site

DOWNLOADS, SHARE, LOG, INDEX = "Downloads", "Share", "Log scale", "Index"

with page(LEADERBOARD):
    site = current_site()
    address = read_address()
    names = sorted((family.name for family in site.families), key=str.casefold)

    st.title("Leaderboard", anchor=False)
    headline_place = st.container()

    # What the reader chooses
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=170):
            day = pick_day(address, "day", "As of", site.days, newest_first=True)
        with st.container(width=170):
            since = pick_day(address, "since", "Compared with", site.days, newest_first=False)
        view = pick_view(address, "view", "Show", (DOWNLOADS, SHARE, LOG, INDEX))
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

    # What the data say
    board = site.leaderboard(day, earlier, without_biggest=without_biggest)
    wanted = set(chosen or names)
    shown = replace(board, rows=board.rows[board.rows["family"].isin(wanted)])
    headline = headlines.leader(board)

    with headline_place:
        show_notes(address)
        say_faults(site.faults("readings"))
        st.subheader(headline, anchor=False)
        st.markdown(f"{headlines.lead(board)} {headlines.change(board)}")
        leader = str(board.rows["family"].iloc[0])
        if call_out := headlines.one_model(board, leader):
            with st.container(border=True):
                st.markdown(f":material/warning: **{call_out}**")
                left_out = " It is left out here." if without_biggest else ""
                st.text(f"It is {board.rows['biggest'].iloc[0]}.{left_out}")
                for sentence in parts.artefact_sentences(
                    site, [board.rows["biggest"].iloc[0]], day, day
                ):
                    st.text(sentence)

    # The figure
    row = None
    if view == INDEX:
        with boundary():
            index = site.index_over_time(since, day, without_biggest=without_biggest)
            index = replace(index, rows=index.rows[index.rows["family"].isin(wanted)])
            touching = artefacts.touching(site.artefacts, index.model_ids, since, day)
            says = headlines.index(index, since, day, without_biggest=without_biggest)
            st.markdown(says)
            row = figure(
                "tab",
                chart=lambda: show_chart(
                    draw.lines(site.palette, tuple(sorted(index.rows["day"].unique()))),
                    draw.index_data(index, touching),
                    description=says,
                    key="leaderboard_index",
                ),
                table=parts.index_table(index),
                columns=parts.index_columns(),
                description=says,
                facts=parts.index_facts(site, board, index),
                file_name=f"groundswell-index-{words.iso(since)}-{words.iso(day)}.csv",
            )
            if left_out := [name for name in index.left_out if name in wanted]:
                st.markdown(headlines.not_drawn(left_out))
    else:
        amount = "share" if view == SHARE else "downloads"
        rows = draw.bar_rows(shown.ranked, amount)
        if view == LOG:
            spec = draw.dots(site.palette, len(rows))
        else:
            spec = draw.bars(site.palette, amount, len(rows))
        row = figure(
            "tab",
            chart=lambda: show_chart(
                spec,
                {"rows": rows},
                description=headline,
                key=f"leaderboard_{view}",
            ),
            table=parts.board_table(shown),
            columns=parts.board_columns(shown),
            description=headline,
            facts=parts.board_facts(site, board),
            file_name=f"groundswell-leaderboard-{words.iso(day)}.csv",
        )
    st.markdown(headlines.not_ranked(shown))
    if chosen:
        st.markdown("Ranks and shares are among all families, not only those shown.")

    # One family
    st.subheader("A closer look at one family", anchor=False)
    listed = board.rows["family"].tolist()
    others = [name for name in names if name not in listed]
    family = pick(address, "family", "Family", listed + others)
    with boundary():
        models = site.models(family, day, earlier)
        model_rows = draw.model_rows(models)
        says = headlines.models(models, family, day)
        st.markdown(says)
        if family != leader and (call_out := headlines.one_model(board, family)):
            st.markdown(f":material/warning: {call_out}")
        figure(
            "models_tab",
            chart=lambda: show_chart(
                draw.model_bars(site.colour(family), len(model_rows)),
                {"rows": model_rows},
                description=says,
                key=f"models_{family}",
            ),
            table=parts.models_table(models),
            columns=parts.models_columns(earlier),
            description=says,
            facts=parts.models_facts(site, family, day),
            file_name=f"groundswell-models-{family}-{words.iso(day)}.csv",
        )

    st.subheader(f"What others have published about {family}", anchor=False)
    with boundary():
        figures = milestones.of_family(site.milestones, family)
        st.markdown(headlines.milestones(figures, family))
        if not figures.empty:
            kinds = figures[figures["value"].notna()]["counts"].value_counts().index.tolist()
            kind = pick(address, "published", "Figures that count", kinds)
            same = figures[figures["counts"] == kind]
            figure(
                "published_tab",
                chart=lambda: show_chart(
                    draw.published(site.colour(family), kind),
                    {"rows": draw.milestone_rows(same, today())},
                    description=headlines.milestones(figures, family),
                    key=f"published_{family}_{kind}",
                ),
                table=figures.drop(columns=["first_day", "last_day"]),
                columns=parts.published_columns(),
                description=headlines.milestones(figures, family),
                facts=parts.published_facts(family, figures),
                file_name=f"groundswell-published-{family}.csv",
            )

    with row or st.container():
        copy_link(
            {
                "day": words.iso(day),
                "since": words.iso(since),
                "view": view,
                "families": chosen,
                "without_biggest": without_biggest,
                "family": family,
                **{
                    key: str(st.session_state.get(key) or "")
                    for key in ("tab", "models_tab", "published", "published_tab")
                },
            }
        )

"""Data and method: what is counted, by whom, how old, and all of it to take away."""

import streamlit as st

from core.draw import tree_headlines, words
from core.draw.timeline import spans
from core.schemas import PRICES, TABLES
from core.ui import glossary, inventory
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick, pick_view, read_address, show_notes
from core.ui.figure import figure
from core.ui.forest import coverage
from core.ui.history_levels import levels, with_source_names
from core.ui.levels import SECTION
from core.ui.link import copy_link, say
from core.ui.page import DATA, boundary, say_faults, show, today
from core.ui.refreshes import kept_and_refreshed
from core.ui.site import Site
from core.ui.truth import truth_table

COUNTED, STORE, HISTORY, TRUTH, SOURCES, PROBLEMS, TAKE = (
    "What is counted",
    "Tables",
    SECTION,
    "Published and measured",
    "Sources",
    "Known problems",
    "Take it with you",
)
text, number, date = (
    st.column_config.TextColumn,
    st.column_config.NumberColumn,
    st.column_config.DateColumn,
)


def content(site: Site) -> None:
    """Draw the page from the site's data."""
    st.title("Data & method", anchor=False)
    notes_place, headline_place = st.container(), st.container()
    address = read_address()
    once = site.once
    section = pick_view(
        address,
        "section",
        "Section",
        (COUNTED, STORE, HISTORY, TRUTH, SOURCES, PROBLEMS, TAKE),
        noun="section",
    )
    state = {"section": section}

    with headline_place, boundary():
        say_faults(inventory.faults(site))
        st.subheader(once(inventory.headline, site, today()), anchor=False)

    with boundary():
        if section == COUNTED:
            left, right = st.columns(2)
            with left:
                st.markdown("#### A download is")
                st.markdown("\n".join(f"- {item}" for item in glossary.IS_A_DOWNLOAD))
            with right:
                st.markdown("#### A download is not")
                st.markdown("\n".join(f"- {item}" for item in glossary.IS_NOT_A_DOWNLOAD))
            st.markdown("#### The words we use")
            for term, meaning in glossary.TERMS.items():
                st.markdown(f"**{term}.** {meaning}")

        elif section == STORE:
            rows = once(inventory.tables, site, today())
            bars = once(inventory.table_bars, rows)
            says = inventory.tables_sentence(rows)
            st.markdown(says)
            figure(
                "tables_tab",
                chart=lambda: show_chart(
                    spans(len(bars["labels"])),
                    once(arrow, **bars),
                    description=says,
                    key="tables_chart",
                ),
                table=lambda: rows,
                columns={
                    "table": text("Table"),
                    "row": text("One row is"),
                    "rows": number("Rows", format="localized"),
                    "first": date("First", format="YYYY-MM-DD"),
                    "last": date("Last", format="YYYY-MM-DD"),
                    "age": text("Newest row"),
                    "origin": text("Source", width="large"),
                    "licence": text("Licence"),
                    "where": text("Where"),
                    "state": text("State"),
                },
                description=says,
                facts=inventory.store_facts,
                file_name="groundswell-tables.csv",
            )
            kept_and_refreshed(site.store)
            st.markdown("#### What is known of the models")
            known = once(inventory.models_known, site)
            st.markdown(inventory.unknown_sentence(known))
            with boundary():
                st.markdown(tree_headlines.known(coverage(site)))
            st.dataframe(
                known,
                hide_index=True,
                column_config={
                    "column": text("Column"),
                    "meaning": text("Meaning"),
                    "known": number("Rows that know it", format="localized"),
                    "share": st.column_config.ProgressColumn("Share", format="percent"),
                },
                alt="How many models have each piece of information",
            )

        elif section == HISTORY:
            levels(site)

        elif section == TRUTH:
            truth_table(site)

        elif section == SOURCES:
            st.markdown(
                "Every row of every table names its source. Origin and licence of each, as the "
                "origin states it:"
            )
            for source in site.sources.values():
                with st.container(border=True):
                    st.text(f"{source.name}. Licence: {source.licence}")
                    st.text(source.holds)
                    if source.address:
                        st.link_button("Open", source.address, icon=":material/open_in_new:")
            st.markdown(
                "The licence of the site's code does not cover these figures. Share prices are "
                "embedded as an index only, because no vendor licenses them to be passed on."
            )

        elif section == PROBLEMS:
            frame = site.artefacts
            bars = once(inventory.artefact_bars, frame, today())
            says_problems = (
                f"{words.plural(len(frame), 'period')} in which a counter or a public history is "
                "not what it seems."
            )
            st.markdown(says_problems)
            figure(
                "problems_tab",
                chart=lambda: show_chart(
                    spans(len(bars["labels"])),
                    once(arrow, **bars),
                    description=says_problems,
                    key="problems_chart",
                ),
                table=lambda: once(with_source_names, site, frame),
                columns={
                    "start": date("From", format="YYYY-MM-DD"),
                    "end": date("To", format="YYYY-MM-DD"),
                    "kind": text("Kind"),
                    "scope": text("What it touches"),
                    "what": text("What happened", width="large"),
                    "source": text("Found by"),
                },
                description=says_problems,
                facts=inventory.artefact_facts,
                file_name="groundswell-known-problems.csv",
            )
            st.markdown("#### What the kinds mean")
            for kind, meaning in glossary.KINDS.items():
                st.markdown(f"**{kind}.** {meaning}")

        else:
            st.markdown(
                "All figures that come with the site, as CSV. Every row says where it comes from, "
                "what it counts and of when it is. Please quote the source, not only us."
            )
            names = inventory.readable(site)
            name = pick(address, "table", "Table", names, noun="table")
            state["table"] = name
            st.text(f"One row is {TABLES[name].row}. Licence: see the file.")
            if name == PRICES.name:
                st.text("The embedded index only.")
            for said in inventory.stays(site):
                st.text(said)
            with st.container(horizontal=True):
                st.download_button(
                    f"{name} as CSV",
                    data=lambda: inventory.table_csv(site, name),
                    file_name=f"groundswell-{name}.csv",
                    mime="text/csv",
                    key="table_csv",
                    on_click="ignore",
                    icon=":material/download:",
                )
                st.download_button(
                    "Everything as one ZIP",
                    data=lambda: inventory.everything(site),
                    file_name="groundswell-data.zip",
                    mime="application/zip",
                    key="zip",
                    on_click="ignore",
                    icon=":material/folder_zip:",
                )

    for tab in ("tables_tab", "problems_tab"):
        state[tab] = str(st.session_state.get(tab) or "")
    say(state)
    copy_link()
    with notes_place:
        show_notes(address)


show(DATA, content)

"""Data and method: what is counted, by whom, how old, and all of it to take away."""

import pandas as pd
import streamlit as st

from core.draw import words
from core.draw.timeline import spans
from core.measure import inventory as measure
from core.schemas import MODELS, TABLES
from core.ui import glossary, inventory
from core.ui.chart import show_chart
from core.ui.controls import pick, pick_view, read_address, show_notes
from core.ui.figure import copy_link, figure
from core.ui.page import DATA, page, say_faults, today
from core.ui.site import current_site

COUNTED, STORE, SOURCES, PROBLEMS, TAKE = (
    "What is counted",
    "Tables",
    "Sources",
    "Known problems",
    "Take it with you",
)
text, number, date = (
    st.column_config.TextColumn,
    st.column_config.NumberColumn,
    st.column_config.DateColumn,
)

with page(DATA):
    site = current_site()
    address = read_address()
    st.title("Data & method", anchor=False)
    top = st.container()
    section = pick_view(address, "section", "Section", (COUNTED, STORE, SOURCES, PROBLEMS, TAKE))
    state = {"section": section}

    with top:
        show_notes(address)
        say_faults(site.faults(*inventory.readable(site)))
        rows = inventory.tables(site, today())
        says = inventory.headline(site, today())
        st.subheader(says, anchor=False)

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
        table_spans = inventory.table_spans(rows)
        figure(
            "tables_tab",
            chart=lambda: show_chart(
                spans(len(table_spans)),
                {"rows": table_spans},
                description=says,
                key="tables_chart",
            ),
            table=rows,
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
            facts=inventory.store_facts(),
            file_name="groundswell-tables.csv",
        )
        st.markdown("#### What is known of the models")
        known = measure.known(site.frame(MODELS.name), MODELS)
        st.markdown(inventory.unknown_sentence(known))
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

    elif section == SOURCES:
        st.markdown(
            "Every row of every table names its source. Origin and licence of each, as the "
            "origin states it:"
        )
        sources = pd.DataFrame(
            [
                {
                    "source": source.key,
                    "origin": source.name,
                    "licence": source.licence,
                    "holds": source.holds,
                    "address": source.address or None,
                }
                for source in site.sources.values()
            ]
        )
        st.dataframe(
            sources,
            hide_index=True,
            column_config={
                "source": text("Key"),
                "origin": text("Origin"),
                "licence": text("Licence"),
                "holds": text("What it holds", width="large"),
                "address": st.column_config.LinkColumn("Address"),
            },
            alt="Sources with their licences",
        )
        st.markdown(
            "The licence of the site's code does not cover these figures. Share prices are "
            "embedded as an index only, because no vendor licenses them to be passed on."
        )

    elif section == PROBLEMS:
        frame = site.artefacts
        says_problems = (
            f"{words.plural(len(frame), 'period')} in which a counter or a public history is "
            "not what it seems."
        )
        st.markdown(says_problems)
        figure(
            "problems_tab",
            chart=lambda: show_chart(
                spans(len(frame)),
                {"rows": inventory.artefact_spans(frame, today())},
                description=says_problems,
                key="problems_chart",
            ),
            table=frame,
            columns={
                "start": date("From", format="YYYY-MM-DD"),
                "end": date("To", format="YYYY-MM-DD"),
                "kind": text("Kind"),
                "scope": text("What it touches"),
                "what": text("What happened", width="large"),
                "source": text("Found by"),
            },
            description=says_problems,
            facts=inventory.artefact_facts(),
            file_name="groundswell-known-problems.csv",
        )

    else:
        st.markdown(
            "All figures that come with the site, as CSV. Every row says where it comes from, "
            "what it counts and of when it is. Please quote the source, not only us."
        )
        names = inventory.readable(site)
        name = pick(address, "table", "Table", names)
        state["table"] = name
        st.text(f"One row is {TABLES[name].row}. Licence: see the file.")
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
    copy_link(state)

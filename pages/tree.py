"""The family tree: what is being built on a model."""

from functools import partial

import streamlit as st

from core.draw import tree_headlines as headlines
from core.draw import treemap as draw
from core.errors import NothingToShow
from core.measure import tree as measure
from core.schemas import READINGS
from core.ui import tree as parts
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick, pick_view, read_address, show_notes, switch
from core.ui.family import published_figure
from core.ui.figure import copy_link, figure
from core.ui.page import TREE, boundary, page, say_faults

NUMBER, DOWNLOADS = "Models built on it", "Downloads"
text, number = st.column_config.TextColumn, st.column_config.NumberColumn

with page(TREE) as site:
    st.title("Family tree", anchor=False)
    notes_place, headline_place = st.container(), st.container()
    address = read_address()
    once = site.once
    known, rules = parts.lineage(site), parts.rules(site)
    coverage = parts.coverage(site)
    roots = once(measure.roots, known, rules)
    parts.start(site, address, roots)

    # What the reader chooses
    with st.container(horizontal=True, vertical_alignment="bottom"):
        families = roots["family"].drop_duplicates().tolist()
        family = pick(address, "tree", "Family", families, noun="family")
        of_family = roots.loc[roots["family"] == family, "root"].tolist()
        root = pick(address, "root", "Root", of_family, noun="root")
        sized = pick_view(address, "size", "Area", (NUMBER, DOWNLOADS), noun="size")
    without_official = switch(
        address,
        "without_official",
        "Leave out the makers' own models",
        "A maker's own Instruct model is often declared as a finetune of its own base. "
        "What is built on it stays, and moves up to its place.",
    )
    node = parts.focus(site, address, root)

    # What is built on the model in focus
    branch = once(measure.branch, known, node, rules, without_official=without_official)
    headline = once(headlines.branch, branch, family, coverage, is_root=node == root)
    with headline_place:
        say_faults(site.faults("links", "listings", "readings", "milestones"))
        st.subheader(headline, anchor=False)
        st.markdown(headlines.known(coverage))
    parts.breadcrumbs(known.path_to_root(node))
    st.text(once(parts.relation_sentence, branch.rows))
    parts.go_to_box(
        once(parts.models_under, known, root), node, once(parts.number_under, known, root)
    )

    row = None
    with boundary():
        if branch.rows.empty:
            raise NothingToShow(headlines.leaf(coverage))
        tiles, unit, downloads = branch.tiles, "models with itself", None
        if sized == DOWNLOADS:
            downloads = once(measure.download_sizes, known, site.frame(READINGS.name), tiles)
            sizes, unit = downloads.sizes, "downloads in 30 days"
            says = headlines.downloads_known(downloads, len(branch.rows))
        else:
            sizes, says = once(measure.number_sizes, tiles), headlines.AREA_IS_NUMBER
        st.markdown(f"{headlines.tiles(len(tiles))} {says}")
        datasets = once(draw.treemap_data, tiles, sizes, unit)
        row = figure(
            "tree_tab",
            chart=lambda: show_chart(
                draw.treemap_spec(),
                once(arrow, **datasets),
                description=headline,
                key=f"treemap_{node}_{sized}_{without_official}",
                selection=draw.PICK,
                on_select=parts.clicked,
            ),
            table=lambda: once(parts.branch_table, branch.rows, downloads),
            columns={
                "model_id": text("Model"),
                "relation": text("Relation"),
                "level": number("Level", help="1 is built on the model above itself"),
                "below": number("Models built on it", format="localized"),
                "parents": text("Built on"),
                "family": text("Official model of"),
                **parts.download_column(downloads),
            },
            description=headline,
            facts=partial(parts.branch_facts, site, downloads, without_official=without_official),
            file_name="groundswell-tree.csv",
            go_to=parts.go_to,
        )

    st.subheader(f"What others have counted for {family}", anchor=False)
    with boundary():
        published_figure(site, address, family, first="Models built on it")

    state = {
        "tree": family,
        "root": root,
        "size": sized,
        "without_official": without_official,
        "node": node if node != root else "",
    }
    for key in ("tree_tab", "published", "published_tab"):
        state[key] = str(st.session_state.get(key) or "")
    with row or st.container():
        copy_link(state)
    with notes_place:
        show_notes(address)

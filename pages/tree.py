"""The family tree: what is being built on a model."""

import streamlit as st

from core.draw import tree_headlines as headlines
from core.errors import NothingToShow
from core.measure import tree as measure
from core.ui import tree as parts
from core.ui.controls import pick, pick_view, read_address, show_notes, switch
from core.ui.family import published_figure
from core.ui.figure import copy_link
from core.ui.page import TREE, boundary, page, say_faults
from core.ui.tree_built_on import built_on_figure
from core.ui.tree_figure import (
    DOWNLOADS,
    LEVELS,
    LICENCE,
    NUMBER,
    RELATION,
    TREEMAP,
    Look,
    branch_figure,
)
from core.ui.tree_place import outside_the_trees, show_place
from core.ui.tree_search import any_model

with page(TREE) as site:
    st.title("Family tree", anchor=False)
    notes_place, headline_place = st.container(), st.container()
    address = read_address()
    once = site.once
    known, rules = parts.lineage(site), parts.rules(site)
    coverage = parts.coverage(site)
    roots = once(measure.roots, known, rules)
    any_model(site, roots)
    with boundary():
        outside_the_trees(site, address, roots)
    parts.start(site, address, roots)

    # What the reader chooses
    with st.container(horizontal=True, vertical_alignment="bottom"):
        families = roots["family"].drop_duplicates().tolist()
        family = pick(address, "tree", "Family", families, noun="family")
        of_family = roots.loc[roots["family"] == family, "root"].tolist()
        root = pick(address, "root", "Root", of_family, noun="root")
        sized = pick_view(address, "size", "Area", (NUMBER, DOWNLOADS), noun="size")
        shape = pick_view(address, "shape", "Shown as", (TREEMAP, LEVELS), noun="shape")
        coloured = pick_view(address, "colour", "Colour", (RELATION, LICENCE), noun="colour")
    without_official = switch(
        address,
        "without_official",
        "Leave out the makers' own models",
        "A maker's own Instruct model is often declared as a finetune of its own base. "
        "What is built on it stays, and moves up to its place.",
    )
    node = parts.focus(site, address, root)

    # What is built on the model in focus
    branch = once(
        measure.branch, known, node, rules, without_official=without_official, links=site.links
    )
    headline = once(headlines.branch, branch, family, coverage, is_root=node == root)
    with headline_place:
        say_faults(site.faults("links", "listings", "readings", "milestones"))
        st.subheader(headline, anchor=False)
        st.markdown(headlines.known(coverage))
    parts.breadcrumbs(known.path_to_root(node))
    parts.go_to_box(
        once(parts.models_under, known, root), node, once(parts.number_under, known, root)
    )
    show_place(site, node)
    st.text(once(parts.relation_sentence, branch.rows))
    parts.relations_explained()

    row = None
    with boundary():
        if branch.rows.empty:
            raise NothingToShow(headlines.leaf(coverage))
        look = Look(sized, shape, coloured, without_official)
        row = branch_figure(site, branch, headline, look)

    if not branch.rows.empty:
        st.subheader("What is built on it, and how it grows", anchor=False)
        with boundary():
            built_on_figure(site, address, node, family, without_official=without_official)

    st.subheader(f"What others have counted for {family}", anchor=False)
    with boundary():
        published_figure(site, address, family, first="Models built on it")

    state: dict[str, str | bool | list[str]] = {
        "tree": family,
        "root": root,
        "size": sized,
        "shape": shape,
        "colour": coloured,
        "without_official": without_official,
        "node": node if node != root else "",
    }
    for key in ("tree_tab", "built", "built_of", "built_when", "built_tab"):
        state[key] = str(st.session_state.get(key) or "")
    state["built_range"] = st.query_params.get_all("built_range")
    for key in ("published", "published_tab"):
        state[key] = str(st.session_state.get(key) or "")
    with row or st.container():
        copy_link(state)
    with notes_place:
        show_notes(address)

"""The family tree: what is being built on a model."""

import streamlit as st

from core.draw import tree_headlines as headlines
from core.errors import NothingToShow
from core.measure import tree as measure
from core.ui import forest as trees
from core.ui import tree as parts
from core.ui import tree_words
from core.ui.controls import pick, read_address, show_notes, switch
from core.ui.family import published_figure
from core.ui.link import copy_link, say
from core.ui.page import TREE, boundary, say_faults, show
from core.ui.site import Site
from core.ui.tree_built_on import built_on_figure
from core.ui.tree_figure import branch_figure
from core.ui.tree_place import outside_the_trees, show_place
from core.ui.tree_search import any_model


def content(site: Site) -> None:
    """Draw the page from the site's data."""
    st.title("Family tree", anchor=False)
    headline_place = st.container()
    address = read_address()
    once = site.once
    known, official = trees.forest(site), trees.official(site)
    coverage, roots = trees.coverage(site), trees.roots(site)
    any_model(site, roots)
    with boundary():
        outside_the_trees(site, address, roots)
    families = trees.families(site)
    parts.start(site, address, families)

    # What the reader chooses
    with st.container(horizontal=True, vertical_alignment="bottom"):
        family = pick(address, "tree", "Family", [*families], noun="family")
        root = pick(address, "root", "Root", families[family], noun="root")
    without_official = switch(
        address,
        "without_official",
        "Leave out the makers' own models",
        "A maker's own Instruct model is often declared as a finetune of its own base. "
        "What is built on it stays, and moves up to its place.",
    )
    node = parts.focus(site, address, root)

    # What is built on the model in focus
    branch = once(measure.branch, known, node, official, without_official=without_official)
    headline = once(headlines.branch, branch, family, coverage, is_root=node == root)
    with headline_place:
        show_notes(address)
        say_faults([*trees.faults(site), *site.faults("milestones")])
        st.subheader(headline, anchor=False)
        st.markdown(headlines.known(coverage))
    parts.breadcrumbs(known.lineage.path_to_root(node))
    parts.go_to_box(site, root, node)
    show_place(site, node, once(tree_words.relation_sentence, branch))
    tree_words.relations_explained()

    say(
        {
            "tree": family,
            "root": root,
            "without_official": without_official,
            "node": node if node != root else "",
        }
    )
    if len(branch):
        branch_figure(site, branch, headline, without_official=without_official)
        st.subheader("What is built on it, and how it grows", anchor=False)
        built_on_figure(site, node, family, without_official=without_official)
    else:
        with boundary():
            raise NothingToShow(headlines.leaf(coverage))
        copy_link()

    st.subheader(f"What others have counted for {family}", anchor=False)
    published_figure(site, family, first="Models built on it")


show(TREE, content)

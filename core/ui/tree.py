"""The place in the tree where a reader is, and the ways to go on from there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.draw import words
from core.measure.tree import is_under, largest_under
from core.ui.address import quoted
from core.ui.forest import forest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.ui.address import Address
    from core.ui.site import Site

NODE: Final = "node"
"""The model in focus: a place one goes to, so that Back returns from it."""

_MOST_CRUMBS: Final = 8
_MOST_TO_GO_TO: Final = 2_000
"""More models than this would make the box, and the page, slow."""
_ROOT: Final = "_root_of_the_tree_on_show"
_LONGEST_NAME: Final = 200
_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,96}/[A-Za-z0-9._-]{1,96}")


def start(site: Site, address: Address, families: Mapping[str, list[str]]) -> None:
    """Let a link that names only a model or a root choose the family above it.

    The page then starts again with an address that says so.
    """
    if not address.gives("tree") or "tree" in st.session_state:
        return
    known = forest(site).lineage
    asked = st.query_params.get(NODE, "")
    root = st.query_params.get("root", "")
    if address.gives("root") and asked in known:
        root = known.path_to_root(asked)[0]
    family = next((name for name, roots in families.items() if root in roots), None)
    if family is None:
        return
    # Defaults are not written: Streamlit would take them out of the address again.
    said = {
        key: value
        for key, value, default in (
            ("tree", family, next(iter(families))),
            ("root", root, families[family][0]),
        )
        if value != default and not address.gives(key, value)
    }
    if said:
        st.query_params.update(said)
        st.rerun()


def focus(site: Site, address: Address, root: str) -> str:
    """The model in focus: the address's, where it hangs under ``root``, else ``root``."""
    asked, known = st.query_params.get(NODE, ""), forest(site).lineage
    chosen_anew = st.session_state.get(_ROOT, root) != root
    st.session_state[_ROOT] = root
    if not asked or asked == root:
        return root
    node = known.spelling(asked) if asked in known else ""
    if node and site.once(is_under, forest(site), root, node):
        return node
    if chosen_anew:  # with another tree one does not stay at a model of the last one
        leave()
    elif node:
        address.notes.append(f"“{quoted(asked)}” is not in this tree: its root is shown.")
    else:
        address.notes.append(f"The tree has no model “{quoted(asked)}”: its root is shown.")
    return root


def leave() -> None:
    """Go back to the root."""
    st.query_params.pop(NODE, None)


def go_to(model: str) -> None:
    """Make ``model`` the place in the address. The browser's Back returns from it."""
    st.query_params[NODE] = model


def clicked(tile: Mapping[str, Any]) -> None:
    """Go to the model of a tile."""
    go_to(str(tile["model"]))


def breadcrumbs(path: Sequence[str]) -> None:
    """The way from the root down to the model in focus; those above it are buttons.

    Of a long way the root and the last few steps are shown.
    """
    here = words.quoted(path[-1], _LONGEST_NAME)
    above = list(enumerate(path[:-1]))
    if not above:
        st.text(here)
        return
    left_out = max(0, len(above) - _MOST_CRUMBS)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for at, model in above[:1] + above[1 + left_out :]:
            name, key = label(model), f"crumb_{at}"
            if at:
                st.button(name, key=key, type="tertiary", on_click=go_to, args=(model,))
            else:
                st.button(name, key=key, type="tertiary", on_click=leave)
            st.text("›" if at or not left_out else f"› {words.plural(left_out, 'step')} between ›")
        st.text(here)


def go_to_box(site: Site, root: str, node: str) -> None:
    """A box that finds one of the models under ``root`` as one types."""
    known = forest(site)
    models = site.once(largest_under, known, root, _MOST_TO_GO_TO)
    total, key = known.lineage.count(root) + 1, f"go_to_{node}"

    def chosen() -> None:
        if model := st.session_state[key]:
            go_to(model)

    st.selectbox(
        "Go to model",
        models,
        index=None,
        key=key,
        placeholder=f"Type to find one of {len(models):,} models",
        on_change=chosen,
        help=None
        if len(models) == total
        else f"The {len(models):,} with most built on them; the table has all {total:,}.",
    )


def label(model: str) -> str:
    """A model's id as the label of a button, where Markdown would be read."""
    if not _PLAIN_ID.fullmatch(model):
        return "one with an unusual name"
    return model.replace("_", r"\_")

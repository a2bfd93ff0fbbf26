"""The place in the tree where a reader is, and the ways to go on from there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.draw import words
from core.measure.families import FamilyRules
from core.measure.lineage import Lineage, Report
from core.schemas import LINKS
from core.ui.address import quoted
from core.ui.arrival import forget_earlier_choice
from core.ui.export import Facts
from core.ui.leaderboard import source_licences, source_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from core.ui.address import Address
    from core.ui.site import Site

NODE: Final = "node"
"""The model in focus: a place one goes to, so that Back returns from it."""

CAUTIONS: Final = (
    "Declared by the models' authors: a declaration may be missing, stale or wrong.",
    "A sample: seven roots, seen in April and June 2025. Nothing here is a total of the Hub.",
    "Adapters are under-counted in the sample.",
    "A derivative need not be somebody else's: makers build their own models on each other.",
)

_MOST_CRUMBS: Final = 8
_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,96}/[A-Za-z0-9._-]{1,96}")


def lineage(site: Site) -> Lineage:
    """The lineage of the store's links, worked out once."""
    return site.once(Lineage.from_links, site.frame(LINKS.name))


def rules(site: Site) -> FamilyRules:
    """The rules of makers.toml, worked out once."""
    return site.once(FamilyRules, site.families)


def start(site: Site, address: Address, roots: pd.DataFrame) -> None:
    """Let a link that names only a model choose the family and the root above it."""
    asked, known = st.query_params.get(NODE, ""), lineage(site)
    if asked not in known or not address.gives("tree") or not address.gives("root"):
        return
    above = roots[roots["root"] == known.path_to_root(asked)[0]]
    for key, column in (("tree", "family"), ("root", "root")):
        forget_earlier_choice(key)
        if key not in st.session_state and not above.empty:
            st.session_state[key] = above[column].iloc[0]


def focus(site: Site, address: Address, root: str) -> str:
    """The model in focus: the address's, where it hangs under ``root``, else ``root``."""
    asked, known = st.query_params.get(NODE, ""), lineage(site)
    if not asked or asked == root:
        return root
    if asked not in known:
        address.notes.append(f"The tree has no model “{quoted(asked)}”: its root is shown.")
        return root
    node = known.spelling(asked)
    return node if node in site.once(_under, known, root) else root


def go_to(model: str) -> None:
    """Make ``model`` the place in the address. The browser's Back returns from it."""
    st.query_params[NODE] = model


def clicked(tile: Mapping[str, Any]) -> None:
    """Go to the model of a tile."""
    go_to(str(tile["model"]))


def breadcrumbs(path: list[str]) -> None:
    """The way from the root down to the model in focus; those above it are buttons.

    Of a long way the root and the last few steps are shown.
    """
    above = list(enumerate(path[:-1]))
    left_out = max(0, len(above) - _MOST_CRUMBS)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for at, model in above[:1] + above[1 + left_out :]:
            st.button(
                label(model), key=f"crumb_{at}", type="tertiary", on_click=go_to, args=(model,)
            )
            st.text("›" if at or not left_out else f"› {words.plural(left_out, 'step')} between ›")
        st.text(path[-1])


def go_to_box(models: list[str], node: str) -> None:
    """A box that finds any model of the tree as one types."""
    key = f"go_to_{node}"

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
    )


def label(model: str) -> str:
    """A model's id as the label of a button, where Markdown would be read."""
    if not _PLAIN_ID.fullmatch(model):
        return "one with an unusual name"
    return model.replace("_", r"\_")


def relation_sentence(rows: pd.DataFrame) -> str:
    """How many of these models have which relation. Relations are outside text."""
    counts = rows["relation"].value_counts()
    if counts.empty:
        return "Nothing is known to be built on this model."
    return (
        "By relation: "
        + words.listing([f"{count:,} {relation}" for relation, count in counts.items()])
        + "."
    )


def branch_facts(site: Site, *, without_official: bool) -> Facts:
    """What to know before quoting a branch."""
    links = site.frame(LINKS.name)
    counted = "; models of the families' own accounts are left out" if without_official else ""
    first, last = links["seen_on"].min(), links["seen_on"].max()
    return Facts(
        source=source_names(site, links["source"]),
        as_of=f"{words.iso(first)} to {words.iso(last)}",
        basis=f"Models whose authors declare a parent, each counted once{counted}",
        licence=source_licences(site, links["source"]),
        cautions=[*CAUTIONS, *cleaned(lineage(site).report)],
    )


def cleaned(report: Report) -> list[str]:
    """What was left out of the links so that they form a tree; empty where nothing was."""
    left_out = {
        "that names the model itself": report.self_links,
        "that is there twice": report.duplicates,
        "that closes a circle": len(report.cut),
        "without a name": report.incomplete,
    }
    return [
        f"Left out: {words.plural(number, 'declaration')} {which}."
        for which, number in left_out.items()
        if number
    ]


def models_under(known: Lineage, root: str) -> list[str]:
    """The root and all its descendants, alphabetically."""
    return sorted({root, *_under(known, root)}, key=str.casefold)


def _under(known: Lineage, root: str) -> frozenset[str]:
    return frozenset(map(str, known.descendants(root)))

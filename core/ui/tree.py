"""The place in the tree where a reader is, and the ways to go on from there."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from core.draw import words
from core.errors import StoreError
from core.measure import coverage as measure_coverage
from core.measure.families import FamilyRules
from core.measure.lineage import Lineage, Report
from core.schemas import LISTINGS, MODELS, TABLES
from core.ui.address import quoted
from core.ui.export import Facts
from core.ui.leaderboard import source_licences, source_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.measure import tree as measure
    from core.measure.coverage import Coverage
    from core.ui.address import Address
    from core.ui.site import Site

NODE: Final = "node"
"""The model in focus: a place one goes to, so that Back returns from it."""

CAUTIONS: Final = (
    "Declared by the models' authors: a declaration may be missing, stale or wrong.",
    "A derivative need not be somebody else's: makers build their own models on each other.",
)

SAMPLE_CAUTIONS: Final = (
    "A sample: seven roots, seen in April and June 2025. Nothing here is a total of the Hub.",
    "Adapters are under-counted in the sample.",
)

_MOST_CRUMBS: Final = 8
_MOST_TO_GO_TO: Final = 2_000
"""More models than this would make the box, and the page, slow."""
_ROOT: Final = "_root_of_the_tree_on_show"
RELATION_WORDS: Final = {
    "finetune": "tuned further (finetune)",
    "quantized": "made smaller (quantized)",
    "adapter": "extended (adapter)",
    "merge": "mixed (merge)",
}
EXPLAINED: Final = (
    (
        "**Finetune**: the base trained further on other examples, so that it answers "
        "differently or knows a subject better; a full model of its own."
    ),
    (
        "**Adapter**: a small addition to the base, trained in its place; it works only "
        "together with the base."
    ),
    (
        "**Quantized**: the same model stored in fewer bits, so that it fits a smaller "
        "computer; nothing new is learned."
    ),
    "**Merge**: the numbers of several models mixed into one, without training.",
)
_MOST_OF_A_RELATION: Final = 40
_LONGEST_NAME: Final = 200
_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,96}/[A-Za-z0-9._-]{1,96}")


def lineage(site: Site) -> Lineage:
    """The lineage of the links that hold today, worked out once."""
    return site.once(Lineage.from_links, site.links)


def coverage(site: Site) -> Coverage:
    """How much of the tree is known, worked out once."""
    return site.once(
        measure_coverage.coverage,
        site.frame(LISTINGS.name),
        site.frame(MODELS.name),
        site.links,
        rules(site),
    )


def frame_if_any(site: Site, name: str) -> pd.DataFrame:
    """Rows of table ``name``; none where it cannot be read, for what can do without."""
    try:
        return site.frame(name)
    except StoreError:
        return _no_rows(name)


@cache
def _no_rows(name: str) -> pd.DataFrame:
    return TABLES[name].arrow.empty_table().to_pandas()


def rules(site: Site) -> FamilyRules:
    """The rules of makers.toml, worked out once."""
    return site.once(FamilyRules, site.families)


def start(site: Site, address: Address, roots: pd.DataFrame) -> None:
    """Let a link that names only a model or a root choose the family above it.

    The page then starts again with an address that says so.
    """
    known = lineage(site)
    asked = st.query_params.get(NODE, "")
    root = st.query_params.get("root", "")
    if address.gives("root") and asked in known:
        root = known.path_to_root(asked)[0]
    above = roots[roots["root"] == root]
    if above.empty or not address.gives("tree") or "tree" in st.session_state:
        return
    first_family, first_root = roots["family"].iloc[0], above["root"].iloc[0]
    family = above["family"].iloc[0]
    of_family = roots.loc[roots["family"] == family, "root"].iloc[0]
    # Defaults are not written: Streamlit would take them out of the address again.
    said = {
        key: value
        for key, value, default in (
            ("tree", family, first_family),
            ("root", first_root, of_family),
        )
        if value != default and not address.gives(key, value)
    }
    if said:
        st.query_params.update(said)
        st.rerun()


def focus(site: Site, address: Address, root: str) -> str:
    """The model in focus: the address's, where it hangs under ``root``, else ``root``."""
    asked, known = st.query_params.get(NODE, ""), lineage(site)
    chosen_anew = st.session_state.get(_ROOT, root) != root
    st.session_state[_ROOT] = root
    if not asked or asked == root:
        return root
    node = known.spelling(asked) if asked in known else ""
    if node in site.once(_under, known, root):
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


def breadcrumbs(path: list[str]) -> None:
    """The way from the root down to the model in focus; those above it are buttons.

    Of a long way the root and the last few steps are shown.
    """
    above = list(enumerate(path[:-1]))
    left_out = max(0, len(above) - _MOST_CRUMBS)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for at, model in above[:1] + above[1 + left_out :]:
            name, key = label(model), f"crumb_{at}"
            if at:
                st.button(name, key=key, type="tertiary", on_click=go_to, args=(model,))
            else:
                st.button(name, key=key, type="tertiary", on_click=leave)
            st.text("›" if at or not left_out else f"› {words.plural(left_out, 'step')} between ›")
        st.text(words.quoted(path[-1], _LONGEST_NAME))


def go_to_box(models: list[str], node: str, total: int) -> None:
    """A box that finds one of ``models`` as one types; the tree has ``total``."""
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
        help=None
        if len(models) == total
        else f"The {len(models):,} with most built on them; the table has all {total:,}.",
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
    told = [
        f"{count:,} {RELATION_WORDS.get(str(relation)) or _brief(str(relation))}"
        for relation, count in counts.head(len(RELATION_WORDS)).items()
    ]
    return f"How they were made: {words.listing(told)}."


def relations_explained() -> None:
    """What each relation means, a line each."""
    with st.popover("What these words mean", icon=":material/help:", type="tertiary"):
        for line in EXPLAINED:
            st.markdown(line)


def _brief(relation: str) -> str:
    return words.quoted(relation, _MOST_OF_A_RELATION)


def branch_table(rows: pd.DataFrame, known: measure.Downloads | None) -> pd.DataFrame:
    """The rows of a branch as shown and exported, with downloads where they are the area."""
    if known is None:
        return rows
    return rows.assign(
        downloads_30d=rows["model_id"].map(known.by_model).astype("Int64"),
        downloads_as_of=words.iso(known.day),
    )


def first_rows(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """The rows that are shown on the page: all of them, if they are not too many."""
    return rows if len(rows) <= most else rows.head(most)


def download_column(known: measure.Downloads | None) -> dict[str, Any]:
    """The column of downloads, where they are known and shown."""
    if known is None:
        return {}
    title = f"Downloads in the 30 days to {words.day(known.day)}"
    return {"downloads_30d": st.column_config.NumberColumn(title, format="localized")}


def branch_facts(site: Site, known: measure.Downloads | None, *, without_official: bool) -> Facts:
    """What to know before quoting a branch, and the downloads of its models if shown."""
    links = site.links
    sources = links["source"]
    downloads = ""
    if known is not None:
        sources = pd.concat([sources, pd.Series([known.source], dtype="str")])
        downloads = f"; downloads in the 30 days to {words.iso(known.day)}"
    counted = "; models of the families' own accounts are left out" if without_official else ""
    first, last = links["seen_on"].min(), links["seen_on"].max()
    return Facts(
        source=source_names(site, sources),
        as_of=f"{words.iso(first)} to {words.iso(last)}",
        basis=f"Models whose authors declare a parent, each counted once{counted}{downloads}",
        licence=source_licences(site, sources),
        cautions=[*CAUTIONS, *how_much(site), *cleaned(lineage(site).report)],
    )


def how_much(site: Site) -> tuple[str, ...]:
    """How far what is shown is from all there is."""
    known = coverage(site)
    if not known.live:
        return SAMPLE_CAUTIONS
    return (
        (
            f"The Hub was asked what is built on {known.official_asked:,} of {known.official:,} "
            f"official models, and on {known.derived_asked:,} of {known.derived:,} models built "
            "on them. Nothing here is a total of the Hub."
        ),
        "Models of a sample of 2025 are included, as declared then.",
    )


def cleaned(report: Report) -> list[str]:
    """What was left out of the links so that they form a tree; empty where nothing was."""
    left_out = {
        "that names the model itself": report.self_links,
        "that is there twice": report.duplicates,
        "that closes a circle": len(report.cut),
        "without a name": report.incomplete,
    }
    said = [
        f"Left out: {words.plural(number, 'declaration')} {which}."
        for which, number in left_out.items()
        if number
    ]
    if report.stubs:
        said.append(
            f"{words.plural(report.stubs, 'model')} known only because others are built on it."
        )
    return said


def models_under(known: Lineage, root: str) -> list[str]:
    """The root and its descendants, alphabetically; of very many those with most below."""
    under = {root, *_under(known, root)}
    if len(under) > _MOST_TO_GO_TO:
        counts = known.descendant_counts()
        largest = counts[counts.index.isin(under)].sort_values(ascending=False, kind="stable")
        under = {root, *map(str, largest.index[: _MOST_TO_GO_TO - 1])}
    return sorted(under, key=str.casefold)


def number_under(known: Lineage, root: str) -> int:
    """How many models the tree of ``root`` has, itself included."""
    return len(_under(known, root)) + 1


def _under(known: Lineage, root: str) -> frozenset[str]:
    return frozenset(map(str, known.descendants(root)))

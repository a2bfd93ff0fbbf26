"""What the page of the tree says of a branch, in words, and what to know before quoting it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from core.draw import words
from core.measure.traits import timestamp
from core.measure.tree import whole
from core.ui.export import Facts
from core.ui.forest import coverage, forest
from core.ui.leaderboard import source_licences, source_names

if TYPE_CHECKING:
    from core.measure.forest import Forest
    from core.measure.lineage import Report
    from core.measure.tree import Branch, Downloads
    from core.ui.site import Site

CAUTIONS: Final = (
    "Declared by the models' authors: a declaration may be missing, stale or wrong.",
    "A derivative need not be somebody else's: makers build their own models on each other.",
)

SAMPLE_CAUTIONS: Final = (
    "A sample: seven roots, seen in April and June 2025. Nothing here is a total of the Hub.",
    "Adapters are under-counted in the sample.",
)

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


def relation_sentence(branch: Branch) -> str:
    """How many of these models have which relation. Relations are outside text."""
    if not branch.relations:
        return "Nothing is known to be built on this model."
    told = [
        f"{count:,} {RELATION_WORDS.get(relation) or _brief(relation)}"
        for relation, count in islice(branch.relations.items(), len(RELATION_WORDS))
    ]
    return f"How they were made: {words.listing(told)}."


def relations_explained() -> None:
    """What each relation means, a line each."""
    with st.popover("What these words mean", icon=":material/help:", type="tertiary"):
        st.markdown("\n\n".join(EXPLAINED))


def _brief(relation: str) -> str:
    return words.quoted(relation, _MOST_OF_A_RELATION)


def branch_table(branch: Branch, known: Downloads | None, most: int | None = None) -> pd.DataFrame:
    """The first ``most`` rows of a branch, or all, with downloads where they are the area."""
    rows = branch.rows(0, most)
    if known is None:
        return rows
    own = whole(known.counts[:most])
    return rows.assign(downloads_30d=own, downloads_as_of=words.iso(known.day))


def download_column(known: Downloads | None) -> dict[str, Any]:
    """The column of downloads, where they are known and shown."""
    if known is None:
        return {}
    title = f"Downloads in the 30 days to {words.day(known.day)}"
    return {"downloads_30d": st.column_config.NumberColumn(title, format="localized")}


def branch_facts(site: Site, known: Downloads | None, *, without_official: bool) -> Facts:
    """What to know before quoting a branch, and the downloads of its models if shown."""
    told = forest(site).told
    sources = pd.Series(told.sources, dtype="str")
    downloads = ""
    if known is not None:
        sources = pd.concat([sources, pd.Series([known.source], dtype="str")])
        downloads = f"; downloads in the 30 days to {words.iso(known.day)}"
    counted = "; models of the families' own accounts are left out" if without_official else ""
    first, last = timestamp(told.first), timestamp(told.last)
    return Facts(
        source=source_names(site, sources),
        as_of=f"{words.iso(first)} to {words.iso(last)}" if first and last else "not known",
        basis=f"Models whose authors declare a parent, each counted once{counted}{downloads}",
        licence=source_licences(site, sources),
        cautions=[*CAUTIONS, *how_much(site), *cleaned(site.once(_report, forest(site)))],
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


def _report(known: Forest) -> Report:
    return known.lineage.report

"""The branch under the model in focus, as a treemap or level by level, and as a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.draw import icicle, treemap
from core.draw import tree_headlines as headlines
from core.measure import built_on, tree
from core.schemas import MODELS, READINGS
from core.ui import tree as parts
from core.ui.chart import arrow, show_chart
from core.ui.export import Facts, csv
from core.ui.figure import figure

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from core.draw.treemap import Colouring
    from core.measure.tree import Branch, Downloads
    from core.ui.site import Site

NUMBER, DOWNLOADS = "Models built on it", "Downloads"
TREEMAP, LEVELS = "Treemap", "Level by level"
RELATION, LICENCE = "How it was made", "Licence beside its base's"

MOST_ROWS: Final = 5_000
"""Rows of the table on the page: more would make the browser slow."""


@dataclass(frozen=True)
class Look:
    """How the reader wants to see a branch: one of each pair above."""

    sized: str
    shape: str
    coloured: str
    without_official: bool

    @property
    def colouring(self) -> Colouring:
        """What the colour of a tile says."""
        return "licence" if self.coloured == LICENCE else "relation"


def branch_figure(site: Site, branch: Branch, headline: str, look: Look) -> DeltaGenerator:
    """The figure, with the row of its buttons. ``branch`` is not empty.

    Raises ``NothingToShow`` where no downloads are known and they are asked for.
    """
    once, known, rows = site.once, parts.lineage(site), branch.rows
    levels = look.shape == LEVELS
    side, downloads = ("width" if levels else "area"), None
    if look.sized == DOWNLOADS:
        downloads = once(tree.download_sizes, known, site.frame(READINGS.name), branch.tiles)
        says = headlines.downloads_known(downloads, len(rows), side=side)
    else:
        says = headlines.WIDTH_IS_NUMBER if levels else headlines.AREA_IS_NUMBER
    about = headlines.levels(len(rows)) if levels else headlines.tiles(len(branch.tiles))
    st.markdown(f"{about} {says}")
    if len(rows) > MOST_ROWS:
        st.text(
            f"The table shows the first {MOST_ROWS:,} of {len(rows):,} models; the button with "
            "all of them is below."
        )
    row = figure(
        "tree_tab",
        chart=lambda: _chart(site, branch, headline, look, downloads),
        table=lambda: once(parts.branch_table, once(parts.first_rows, rows, MOST_ROWS), downloads),
        columns=_columns(downloads),
        description=headline,
        facts=partial(parts.branch_facts, site, downloads, without_official=look.without_official),
        file_name="groundswell-tree.csv",
        go_to=parts.go_to,
    )
    if len(rows) > MOST_ROWS:
        row.download_button(
            f"All {len(rows):,} as CSV",
            data=lambda: csv(
                once(parts.branch_table, rows, downloads), _in_brief(site, downloads, look)
            ),
            file_name="groundswell-tree-all.csv",
            mime="text/csv",
            key="tree_all_csv",
            on_click="ignore",
            icon=":material/download:",
        )
    return row


def _chart(
    site: Site, branch: Branch, headline: str, look: Look, downloads: Downloads | None
) -> None:
    once = site.once
    licences = _licences(site, branch.node, look) if look.coloured == LICENCE else None
    unit = "downloads in 30 days" if downloads else "models with itself"
    if look.shape == LEVELS:
        values = downloads.by_model if downloads else None
        sizes = once(tree.hanging, branch.rows, values)
        data = once(icicle.icicle_data, branch, sizes, unit, licences)
        spec = icicle.icicle_spec(icicle.rows_of(data), look.colouring)
    else:
        sizes = downloads.sizes if downloads else once(tree.number_sizes, branch.tiles)
        data = once(treemap.treemap_data, branch.tiles, sizes, unit, licences)
        spec = treemap.treemap_spec(look.colouring)
    show_chart(
        spec,
        once(arrow, **data),
        description=headline,
        key=f"treemap_{branch.node}_{look.sized}_{look.without_official}{look.shape}",
        selection=treemap.PICK,
        on_select=parts.clicked,
    )


def _licences(site: Site, node: str, look: Look) -> pd.Series:
    built = site.once(
        built_on.built_on,
        parts.lineage(site),
        site.links,
        site.frame(MODELS.name),
        (node,),
        parts.rules(site),
        without_official=look.without_official,
    )
    return site.once(built_on.licence_beside_base, built)


def _in_brief(site: Site, downloads: Downloads | None, look: Look) -> Facts:
    """The facts without what would make a file of so many rows many times as large."""
    facts = parts.branch_facts(site, downloads, without_official=look.without_official)
    return replace(facts, cautions=parts.CAUTIONS[:1])


def _columns(downloads: Downloads | None) -> dict[str, object]:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "model_id": text("Model"),
        "relation": text("Relation"),
        "level": number("Level", help="1 is built on the model above itself"),
        "below": number("Models built on it", format="localized"),
        "parents": text("Built on"),
        "family": text("Official model of"),
        **parts.download_column(downloads),
    }

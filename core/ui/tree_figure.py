"""The branch under the model in focus, as a treemap or level by level, and as a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.draw import icicle, treemap
from core.draw import tree_headlines as headlines
from core.measure import tree
from core.ui import tree as parts
from core.ui import tree_words as text
from core.ui.boundary import boundary
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick_view, read_address, show_notes
from core.ui.figure import figure
from core.ui.link import copy_link, say
from core.ui.section import section
from core.ui.tree_csv import ZIPPED_FROM, all_rows

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from core.draw.treemap import Colouring
    from core.measure.tree import Branch, Downloads
    from core.ui.export import Facts
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


@section
def branch_figure(site: Site, branch: Branch, headline: str, *, without_official: bool) -> None:
    """How the branch is drawn, and the figure. ``branch`` is not empty."""
    address = read_address()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sized = pick_view(address, "size", "Area", (NUMBER, DOWNLOADS), noun="size")
        shape = pick_view(address, "shape", "Shown as", (TREEMAP, LEVELS), noun="shape")
        coloured = pick_view(address, "colour", "Colour", (RELATION, LICENCE), noun="colour")
    say({"size": sized, "shape": shape, "colour": coloured})
    show_notes(address)
    row = None
    with boundary():
        row = _figure(site, branch, headline, Look(sized, shape, coloured, without_official))
    with row or st.container():
        copy_link()


def _figure(site: Site, branch: Branch, headline: str, look: Look) -> DeltaGenerator:
    """The figure, with the row of its buttons.

    Raises ``NothingToShow`` where no downloads are known and they are asked for.
    """
    once, total = site.once, len(branch)
    levels = look.shape == LEVELS
    side, downloads = ("width" if levels else "area"), None
    if look.sized == DOWNLOADS:
        downloads = once(tree.download_sizes, branch)
        says = headlines.downloads_known(downloads, total, side=side)
    else:
        says = headlines.WIDTH_IS_NUMBER if levels else headlines.AREA_IS_NUMBER
    about = headlines.levels(total) if levels else headlines.tiles(branch.direct)
    if total > MOST_ROWS:
        says += (
            f" The table shows the first {MOST_ROWS:,} of {total:,} models; the button with "
            "all of them is below."
        )
    st.markdown(f"{about} {says}")
    row = figure(
        "tree_tab",
        chart=lambda: _chart(site, branch, headline, look, downloads),
        table=lambda: _table(site, branch, downloads),
        columns=_columns(downloads),
        description=headline,
        facts=partial(text.branch_facts, site, downloads, without_official=look.without_official),
        file_name="groundswell-tree.csv",
        go_to=parts.go_to,
    )
    if total > MOST_ROWS:
        name, zipped = "groundswell-tree-all.csv", total >= ZIPPED_FROM
        row.download_button(
            f"All {total:,} as CSV{', zipped' if zipped else ''}",
            data=lambda: _all(site, branch, downloads, look, name),
            file_name=f"{name}.zip" if zipped else name,
            mime="application/zip" if zipped else "text/csv",
            key="tree_all_csv",
            on_click="ignore",
            icon=":material/download:",
        )
    return row


def _chart(
    site: Site, branch: Branch, headline: str, look: Look, downloads: Downloads | None
) -> None:
    once = site.once
    unit = "downloads in 30 days" if downloads else "models with itself"
    if look.shape == LEVELS:
        data = once(_level_data, branch, downloads, unit)
        spec = icicle.icicle_spec(icicle.rows_of(data), look.colouring)
    else:
        data = once(_tile_data, branch, downloads, unit)
        spec = treemap.treemap_spec(look.colouring)
    show_chart(
        spec,
        once(arrow, **data),
        description=headline,
        key=f"treemap_{branch.node}_{look.sized}_{look.without_official}{look.shape}",
        selection=treemap.PICK,
        on_select=parts.clicked,
    )


def _level_data(branch: Branch, downloads: Downloads | None, unit: str) -> dict[str, pd.DataFrame]:
    return icicle.icicle_data(branch, tree.hanging(branch, downloads), unit)


def _tile_data(branch: Branch, downloads: Downloads | None, unit: str) -> dict[str, pd.DataFrame]:
    sizes = downloads.sizes if downloads else tree.number_sizes(branch)
    return treemap.treemap_data(branch.shown, sizes, unit)


def _table(site: Site, branch: Branch, downloads: Downloads | None) -> pd.DataFrame:
    rows = site.once(text.branch_table, branch, downloads, MOST_ROWS)
    site.give_back()
    return rows


def _all(site: Site, branch: Branch, downloads: Downloads | None, look: Look, name: str) -> bytes:
    """Every row as CSV. It is not remembered: it would stay in memory."""
    content = all_rows(branch, downloads, _in_brief(site, downloads, look), name)
    site.give_back()
    return content


def _in_brief(site: Site, downloads: Downloads | None, look: Look) -> Facts:
    """The facts without what would make a file of so many rows many times as large."""
    facts = text.branch_facts(site, downloads, without_official=look.without_official)
    return replace(facts, cautions=text.CAUTIONS[:1])


def _columns(downloads: Downloads | None) -> dict[str, object]:
    words, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "model_id": words("Model"),
        "relation": words("Relation"),
        "level": number("Level", help="1 is built on the model above itself"),
        "below": number("Models built on it", format="localized"),
        "parents": words("Built on"),
        "family": words("Official model of"),
        **text.download_column(downloads),
    }

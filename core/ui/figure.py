"""A figure: Chart, Table, About this data; and what can be taken away from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import streamlit as st

from core.ui.arrival import forget_earlier_choice
from core.ui.boundary import boundary
from core.ui.chart import CONTENT
from core.ui.export import Facts, csv
from core.ui.link import say_tab
from core.ui.once import Once

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

CHART, TABLE, ABOUT = "Chart", "Table", "About this data"

_sent: Final = Once(most=8 << 20)
"""Tables as they travel: Streamlit would make them anew for every reader."""


def figure(  # noqa: PLR0913 - a figure is these seven things; all but one are keywords
    key: str,
    *,
    chart: Callable[[], None],
    table: Callable[[], pd.DataFrame],
    columns: Mapping[str, Any],
    description: str,
    facts: Callable[[], Facts],
    file_name: str,
    go_to: Callable[[str], None] | None = None,
) -> DeltaGenerator:
    """Three tabs, of which only the open one costs anything, and a CSV button.

    ``table`` gives what the chart shows, ``columns`` how its columns are
    titled and written (columns not named are hidden, but are in the CSV), and
    ``facts`` what to know before quoting it; each is called only when needed.
    The open tab is in the address as ``key``. Returns the row of the button,
    for what else is to be taken away. With ``go_to`` a click on a row of the
    table calls it with the row's ``model_id``.
    """
    forget_earlier_choice(key)
    say_tab(key)

    def rows() -> None:
        _table(key, table(), columns, description, go_to)

    _tabs(key, chart, rows, lambda: _about(facts()))
    row = st.container(horizontal=True)
    row.download_button(
        "Download as CSV",
        data=lambda: csv(table(), facts()),
        file_name=file_name,
        mime="text/csv",
        key=f"{key}_csv",
        on_click="ignore",
        icon=":material/download:",
    )
    return row


@st.fragment
def _tabs(key: str, *shown: Callable[[], None]) -> None:
    """One tab for each of ``shown``: another one opened draws nothing else again."""
    tabs = st.tabs([CHART, TABLE, ABOUT], key=key, on_change="rerun", bind="query-params")
    for tab, show in zip(tabs, shown, strict=True):
        if tab.open:
            with tab, boundary():
                show()


def _table(
    key: str,
    rows: pd.DataFrame,
    columns: Mapping[str, Any],
    description: str,
    go_to: Callable[[str], None] | None,
) -> None:
    shown: dict[str, Any] = {
        "hide_index": True,
        "column_order": list(columns),
        "column_config": dict(columns),
        "alt": description,
    }
    sent = _sent(pa.Table.from_pandas, rows, preserve_index=False)
    if go_to is None:
        st.dataframe(sent, **shown)
        return
    # A new key for new rows: an old choice must not be made again on them.
    table_key = f"{key}_rows_{id(rows)}"

    def chosen() -> None:
        picked = st.session_state[table_key]["selection"]["rows"]
        if picked and picked[0] < len(rows):
            go_to(str(rows["model_id"].iloc[picked[0]]))
        st.rerun(CONTENT)

    st.dataframe(sent, key=table_key, on_select=chosen, selection_mode="single-row", **shown)


def _about(facts: Facts) -> None:
    rows = {
        "What is counted": facts.basis,
        "As of": facts.as_of,
        "Source": facts.source,
        "Licence of the figures": facts.licence,
    }
    lines = [f"{title}: {text}" for title, text in rows.items()]
    if facts.cautions:
        lines += ["", "Good to know:", *(f"•\u00a0{caution}" for caution in facts.cautions)]
    st.text("\n".join(lines))  # one: each element of a page costs a reader time
    st.page_link("pages/data.py", label="More on data and method", icon=":material/menu_book:")

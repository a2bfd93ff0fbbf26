"""Where own readings are kept, and the last refreshes, as the data page shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.measure.due import NAMES
from core.schemas import OK
from core.settings import Settings
from core.ui.boundary import boundary
from core.ui.newest import recent_refreshes

if TYPE_CHECKING:
    import pandas as pd

    from core.store.store import Store

_SHOWN: Final = 10
"""Refreshes in the table."""


def kept_and_refreshed(store: Store) -> None:
    """Say where own readings are kept, and list the last refreshes if there were any."""
    st.markdown("#### Where own readings are kept")
    with boundary():
        st.text(kept(Settings.from_environment().history_repo))
    rows = last_refreshes(recent_refreshes(store))
    if rows.empty:
        return
    st.markdown("#### The last refreshes")
    moment = st.column_config.DatetimeColumn
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            "started_at": moment("Begun (UTC)", format="YYYY-MM-DD HH:mm", timezone="UTC"),
            "finished_at": moment("Ended (UTC)", format="YYYY-MM-DD HH:mm", timezone="UTC"),
            "source": text("Source"),
            "outcome": text("Outcome"),
            "rows": number("Rows written", format="localized"),
            "requests": number("Requests", format="localized"),
            "message": text("What happened", width="large"),
        },
        alt="The last refreshes, newest first",
    )


def kept(history_repo: str) -> str:
    """Whether what this site records outlives its disk; ``history_repo`` is "" for none."""
    if history_repo:
        return f"New readings are also kept in the dataset {history_repo} on the Hub."
    return (
        "Readings that this site records are kept in the folder of its store. On Streamlit "
        "Community Cloud that folder is emptied at every restart and they are lost, unless the "
        "owner names a dataset in GROUNDSWELL_HISTORY_REPO."
    )


def last_refreshes(refreshes: pd.DataFrame) -> pd.DataFrame:
    """The newest rows of table ``refreshes``, newest first, in a reader's words."""
    newest = refreshes.sort_values("started_at", ascending=False, kind="stable").head(_SHOWN)
    return newest.assign(
        source=newest["source"].map(NAMES).fillna(newest["source"]),
        outcome=newest["outcome"].where(newest["outcome"] != OK, "went well"),
    )

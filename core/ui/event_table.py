"""Events as a table: what every list of them shows, and under which titles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMN_ORDER: Final = ("when", "subject", "kind", "title", "source_name", "source_url")
"""Columns of ``measure.events.named`` that are shown, in this order."""


def event_columns() -> Mapping[str, Any]:
    """Their titles."""
    text = st.column_config.TextColumn
    return {
        "when": text("When"),
        "subject": text("About"),
        "kind": text("Kind"),
        "title": text("What happened", width="large"),
        "source_name": text("Source"),
        "source_url": st.column_config.LinkColumn("Address"),
    }

"""What is done once per server process, before its first page runs."""

from __future__ import annotations

import gc

import altair as alt
import pandas as pd
import pyarrow.parquet as pq
import streamlit as st

_HEAVY = (alt, pd, pq)
"""Imported before freezing: what is imported later would be walked again."""


@st.cache_resource(show_spinner=False)
def freeze_collector() -> int:
    """Move everything that now lives out of the garbage collector's sight.

    Streamlit collects all generations after every run of a script. Without
    this it walks the hundred thousand objects of the imported libraries each
    time, which takes longer than a whole page. Returns how many were frozen.
    """
    gc.collect()
    gc.freeze()
    return gc.get_freeze_count()

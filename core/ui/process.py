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


def let_go_of_the_old() -> None:
    """Let the collector see everything once more, before a new site is built beside the last.

    A site that nobody shows any longer is held by nothing but itself, and what
    is frozen is never freed.
    """
    gc.unfreeze()
    gc.collect()


def keep_what_is_new() -> None:
    """Move what has been worked out since out of the collector's sight too.

    Called after a run that worked something out, when its own litter is small:
    tables and trees of a refreshed store are as many objects as the libraries.
    """
    gc.collect()
    gc.freeze()

"""What is done once per server process, before its first page runs."""

from __future__ import annotations

import gc
import time
from typing import Final

import altair as alt
import pandas as pd
import pyarrow.parquet as pq
import streamlit as st

_HEAVY = (alt, pd, pq)
"""Imported before freezing: what is imported later would be walked again."""

_MOST_GROWTH: Final = 1.25
"""So many times as many frozen things as after the last look through all: look again."""


_EVERY: Final = 30.0
"""Seconds between two looks: each takes as long as several pages, and little is added meanwhile."""


class _Looked:
    """How many things were frozen when everything had last been looked through.

    ``at`` is when anything was last looked through, by a clock that is never
    put back; ``built`` says whether a site has been built in this process.
    """

    frozen = 0
    at = float("-inf")
    built = False


@st.cache_resource(show_spinner=False)
def freeze_collector() -> int:
    """Move everything that now lives out of the garbage collector's sight.

    Without this every look through all generations walks the hundred thousand
    objects of the imported libraries, which takes longer than a whole page.
    Importing leaves no litter to be collected before. Returns how many were frozen.
    """
    gc.freeze()
    _Looked.frozen = gc.get_freeze_count()
    return _Looked.frozen


def let_go_of_the_old() -> None:
    """Let the collector see everything once more, before a new site is built beside the last.

    A site that nobody shows any longer is held by nothing but itself, and what
    is frozen is never freed. Before the first site there is none to let go of.
    """
    if _Looked.built:
        gc.unfreeze()
        gc.collect()
        _Looked.at = float("-inf")  # and everything is to be kept anew, at once
    _Looked.built = True


def keep_what_is_new() -> None:
    """Move what has been worked out since out of the collector's sight too.

    Called after a run that worked something out, when its own litter is small,
    and done twice a minute at most: tables and trees of a refreshed store are as
    many objects as the libraries.
    What other readers' runs hold at that moment is frozen with it and would
    never be freed where it holds itself, so that everything is looked through
    once more whenever much has been added.
    """
    if time.monotonic() - _Looked.at < _EVERY:
        return
    _Looked.at = time.monotonic()
    if gc.get_freeze_count() > _MOST_GROWTH * _Looked.frozen:
        gc.unfreeze()
    everything = gc.get_freeze_count() == 0
    gc.collect()
    gc.freeze()
    if everything:
        _Looked.frozen = gc.get_freeze_count()

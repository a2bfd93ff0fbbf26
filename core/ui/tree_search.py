"""Any known model, found while a reader types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from core.draw import words
from core.schemas import MODELS, READINGS
from core.ui.arrival import forget_earlier_choice
from core.ui.tree import frame_if_any, label, lineage
from core.ui.tree_place import visit

if TYPE_CHECKING:
    from core.measure.lineage import Lineage
    from core.ui.site import Site

FIND: Final = "find"
"""What is looked for, in the address."""

MOST: Final = 20
"""Matches that are listed."""

LONGEST: Final = 200
"""Characters of a question that count: no id on the Hub is longer."""

_FEWEST: Final = 2
_WORDS: Final = re.compile(r"[^\W_]+")
_STARTS_A_WORD: Final = r"(?:^|[\W_])"


@dataclass(frozen=True)
class Names:
    """Every known id, in alphabetical order of its small letters, with its last counter.

    ``downloads`` orders matches and is never shown: -1 where none was read.
    """

    ids: npt.NDArray[np.object_]
    small: pa.LargeStringArray
    downloads: npt.NDArray[np.int64]


@st.fragment
def any_model(site: Site, roots: pd.DataFrame) -> None:
    """A box for any model and its matches as buttons. While one types only this runs again.

    ``roots`` are those of ``measure.tree.roots``.
    """
    forget_earlier_choice(FIND)
    typed = (
        st.text_input(
            "Find any model",
            key=FIND,
            type="search",
            live="200ms",
            max_chars=LONGEST,
            placeholder="Type part of its name, for example qwen coder",
            bind="query-params",
        )
        or ""
    )
    found = find(site, typed, MOST)
    if not found:
        if len(typed.strip()) >= _FEWEST:
            st.text(f"No model that is known here has “{words.quoted(typed, 60)}” in its name.")
        return
    more = "The most downloaded come first."
    if len(found) == MOST:
        more = "More of the name finds others; the most downloaded come first."
    st.text(f"{words.plural(len(found), 'model')} shown. {more}")
    with st.container(horizontal=True, gap="small"):
        for at, model in enumerate(found):
            st.button(
                label(model),
                key=f"found_{at}",
                type="tertiary",
                on_click=_chosen,
                args=(site, roots, model),
            )


def find(site: Site, text: str, limit: int) -> list[str]:
    """At most ``limit`` ids in which every word of ``text`` starts a word.

    Those whose account or name starts with ``text`` come first, then the most
    downloaded, then alphabetically. Nothing for a text of fewer than two letters.
    """
    models, readings = frame_if_any(site, MODELS.name), frame_if_any(site, READINGS.name)
    names = site.once(known_names, lineage(site), models, readings)
    return matches(names, text, limit)


def known_names(lineage: Lineage, models: pd.DataFrame, readings: pd.DataFrame) -> Names:
    """The ids of the tree, of table MODELS and of table READINGS; of two spellings the first."""
    every = pd.concat(
        [
            pd.Series(lineage.descendant_counts().index, dtype="str"),
            models["model_id"],
            readings["model_id"],
        ]
    ).drop_duplicates()
    small = every.str.lower()
    frame = pd.DataFrame({"id": every, "small": small}).drop_duplicates("small")
    frame = frame.sort_values("small", ignore_index=True)
    newest = readings.dropna(subset="downloads_30d").sort_values("read_at")
    counts = pd.Series(
        newest["downloads_30d"].to_numpy("int64"), index=newest["model_id"].str.lower()
    )
    counts = counts[~counts.index.duplicated(keep="last")]
    downloads = frame["small"].map(counts).fillna(-1).to_numpy("int64")
    return Names(
        frame["id"].to_numpy(dtype=np.object_),
        pa.array(frame["small"], type=pa.large_string()),
        downloads,
    )


def matches(names: Names, text: str, limit: int) -> list[str]:
    """See ``find``."""
    asked = text[:LONGEST].strip().lower()
    wanted = sorted(set(_WORDS.findall(asked)), key=len, reverse=True)
    if len(asked) < _FEWEST or not wanted:
        return []
    places = np.arange(len(names.ids))
    rest = names.small
    for word in wanted:
        # Letters alone are looked for first: that is many times as fast as a pattern.
        holds = pc.match_substring(rest, word).to_numpy(zero_copy_only=False)
        places, rest = places[holds], rest.filter(pa.array(holds))
        pattern = _STARTS_A_WORD + re.escape(word)
        starts = pc.match_substring_regex(rest, pattern).to_numpy(zero_copy_only=False)
        places, rest = places[starts], rest.filter(pa.array(starts))
    first = np.zeros(len(places), dtype=np.bool_)
    if len(places):
        prefix = f"(?:^|/){re.escape(asked)}"
        first = pc.match_substring_regex(rest, prefix).to_numpy(zero_copy_only=False)
    order = np.lexsort((places, -names.downloads[places], ~first))
    return [str(names.ids[place]) for place in places[order[:limit]]]


def _chosen(site: Site, roots: pd.DataFrame, model: str) -> None:
    visit(site, roots, model)
    st.session_state[FIND] = ""
    st.rerun()  # the whole page: the model has another tree

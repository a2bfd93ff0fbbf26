"""The one way a chart reaches a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from core.draw.theme import Spec


def show_chart(
    spec: Spec, datasets: Mapping[str, pd.DataFrame], *, description: str, key: str
) -> None:
    """Draw ``spec``, whose data are named, with ``datasets`` by those names.

    Building and checking a chart in Altair costs more than the rest of a
    page: the specification is built once and cached by its builder, and only
    the frames travel, as Arrow. ``description`` is what a screen reader says.
    ``key`` changes with the kind of view.
    """
    # The specification is shared by all readers: it is copied, never changed.
    st.vega_lite_chart(
        spec | {"datasets": dict(datasets)}, width="stretch", alt=description, key=key
    )

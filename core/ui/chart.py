"""The one way a chart reaches a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from core.draw.theme import Spec


def arrow(**frames: pd.DataFrame) -> dict[str, bytes]:
    """Frames by name as Arrow streams, as the browser reads them."""
    streams = {}
    for name, frame in frames.items():
        table = pa.Table.from_pandas(frame, preserve_index=False)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        streams[name] = sink.getvalue().to_pybytes()
    return streams


def show_chart(spec: Spec, datasets: Mapping[str, bytes], *, description: str, key: str) -> None:
    """Draw ``spec``, whose data are named, with ``datasets`` from ``arrow``.

    Building and checking a chart in Altair costs more than the rest of a
    page: the specification is built once and cached by its builder, and only
    the data travel. ``description`` is what a screen reader says. ``key``
    changes with the kind of view.
    """
    # The specification is shared by all readers: it is copied, never changed.
    st.vega_lite_chart(
        spec | {"datasets": dict(datasets)}, width="stretch", alt=description, key=key
    )

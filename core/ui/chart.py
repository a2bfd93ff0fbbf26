"""The one way a chart reaches a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from core.draw.theme import Spec

CONTENT: Final = "content"
"""Key of the fragment that is a page's content: what a click in a figure draws again."""


_AS_PICTURE: Final = {"usermeta": {"embedOptions": {"renderer": "canvas"}}}
"""Drawn as one picture instead of an element for each of hundreds of points: making those took
most of a click. Vega keeps it sharp at any zoom, and its label and pointers work all the same."""


_NOTHING: Final = {"data": {"name": "nothing"}, "mark": "point", "width": 1, "height": 1}
_FETCHED: Final = "_charts_fetched"


def fetch_ahead() -> DeltaGenerator:
    """Let a new reader's browser fetch what it draws charts with while the page is made.

    That is a megabyte, which it would ask for only once the first chart arrives.
    So it is given a point of a chart, in a place that is to be emptied again
    once the page is there.
    """
    place = st.empty()
    if _FETCHED not in st.session_state:
        st.session_state[_FETCHED] = True
        place.vega_lite_chart(_NOTHING | _AS_PICTURE, width="content", alt="The page is coming")
    return place


def arrow(**frames: pd.DataFrame) -> dict[str, bytes]:
    """Frames by name as Arrow streams, as the browser reads them."""
    streams = {}
    for name, frame in frames.items():
        columns = {column: pa.array(frame[column], from_pandas=True) for column in frame.columns}
        table = pa.table(columns)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        streams[name] = sink.getvalue().to_pybytes()
    return streams


def show_chart(  # noqa: PLR0913 - what is drawn, and what a click means; keywords
    spec: Spec,
    datasets: Mapping[str, bytes],
    *,
    description: str,
    key: str,
    selection: str = "",
    on_select: Callable[[Mapping[str, Any]], None] | None = None,
    brush: str = "",
    on_brush: Callable[[Mapping[str, Any]], bool] | None = None,
) -> None:
    """Draw ``spec``, whose data are named, with ``datasets`` from ``arrow``.

    Building and checking a chart in Altair costs more than the rest of a
    page: the specification is built once and cached by its builder, and only
    the data travel. ``description`` is what a screen reader says.

    A click that fills the spec's point selection ``selection`` calls
    ``on_select`` with the fields of what was clicked. ``key`` changes with the
    view: otherwise an old click would be answered again on new data. A drag that
    fills the interval selection ``brush`` calls ``on_brush`` with both ends of
    each field; it says whether the view changes. What can be clicked stays an
    element each, with its own label; all else is a picture with ``description``.
    """
    # The specification is shared by all readers: it is copied, never changed.
    shown = spec | {"datasets": dict(datasets)}
    if on_select is None:
        st.vega_lite_chart(shown | _AS_PICTURE, width="stretch", alt=description, key=key)
        return

    def answer() -> None:
        said = st.session_state[key]["selection"]
        moved = on_brush is not None and (dragged := said.get(brush)) and on_brush(dragged)
        if not moved and (points := said.get(selection)):
            on_select(points[0])
        st.rerun(CONTENT)  # not only the figure, which is a fragment of its own

    st.vega_lite_chart(
        shown,
        width="stretch",
        alt=description,
        key=key,
        on_select=answer,
        selection_mode=[selection, brush] if brush else selection,
    )

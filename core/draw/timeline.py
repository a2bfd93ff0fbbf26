"""Spans of time as bars: what a table covers, when an artefact was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt

from core.draw.built import built_once
from core.draw.theme import BELOW, INK, Spec, finished

if TYPE_CHECKING:
    import pandas as pd

_COLOUR: Final = "#1D4ED8"
_ROW: Final = 38


def span_data(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The data of ``spans`` from its ``rows``."""
    return {"rows": rows, "labels": rows[["label"]].drop_duplicates()}


def spans(rows: int) -> Spec:
    """``rows`` rows, each a ``label`` with a bar from ``start`` to ``end`` and a dot at each.

    Data: ``rows`` with label, words, start, end (datetime64), in order, where
    several bars may share a label; ``labels`` with each label once.
    """
    return _spans() | {"height": _ROW * rows + BELOW}


@built_once
def _spans() -> Spec:
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=None),
        tooltip=[
            alt.Tooltip("label:N", title="What"),
            alt.Tooltip("start:T", title="From", format="%-d %B %Y"),
            alt.Tooltip("end:T", title="To", format="%-d %B %Y"),
            alt.Tooltip("words:N", title="Good to know"),
        ],
    )
    first = alt.X("start:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=5))
    bar = base.mark_rule(strokeWidth=6, yOffset=9, color=_COLOUR, opacity=0.55).encode(
        x=first, x2="end:T"
    )
    dots = [
        base.mark_point(filled=True, size=70, yOffset=9, color=_COLOUR, opacity=1).encode(x=edge)
        for edge in (first, alt.X("end:T"))
    ]
    # Text at the left edge of the frame, above its bar, fits on a narrow screen too.
    name = (
        alt.Chart(alt.NamedData("labels"))
        .mark_text(align="left", dy=-7, color=INK, limit=alt.expr("width"))
        .encode(y=alt.Y("label:N", sort=None), x=alt.value(2), text="label:N")
    )
    return finished(bar, *dots, name, height=0)

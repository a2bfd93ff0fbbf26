"""Colours and axes that every chart shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
from altair.utils import schemapi

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.schemas import Family

INK: Final = "#0F172A"
"""Text in charts; the page's own text colour."""

MUTED: Final = "#475569"
"""Secondary text: 7.6:1 on white."""

SHADE: Final = "#94A3B8"
"""Area behind an artefact."""

ROW: Final = 26
"""Height of one bar with its gap, in pixels."""

BELOW: Final = 58
"""Height of an axis with its title below the rows, in pixels."""

LINES: Final = 380
"""Height of a chart of lines, in pixels."""

SHORT_NUMBER: Final = "replace(format(datum.value, '~s'), 'G', 'B')"
"""Vega writes 10⁹ as G; readers know it as B."""

schemapi.disable_debug_mode()
"""Altair would hold every part of a chart against Vega-Lite's schema as it is built, which takes
longer than a page. The charts are the same for everybody: the tests do that with each."""

Spec = dict[str, Any]
"""A Vega-Lite specification whose data are named, not inside."""

Colours = tuple[tuple[str, str], ...]
"""Families and their colours, in the order of makers.toml; hashable."""


def colours(families: Iterable[Family]) -> Colours:
    """Every family with its colour."""
    return tuple((family.name, family.colour) for family in families)


def family_colour(palette: Colours) -> alt.Color:
    """A family's own colour, the same on every page."""
    scale = alt.Scale(domain=[name for name, _ in palette], range=[code for _, code in palette])
    return alt.Color("family:N", scale=scale, legend=None)


def finished(*layers: alt.Chart, height: int) -> Spec:
    """The specification of a chart of ``layers``, legible on a narrow screen too.

    ``height`` is that of the whole chart with its axes, in pixels.
    """
    styled = (
        alt.layer(*layers, height=height)
        .configure_axis(labelColor=INK, titleColor=MUTED, labelFontSize=13, titleFontSize=12)
        .configure_legend(labelColor=INK)
        .configure_text(fontSize=13)
    )
    spec: Spec = styled.to_dict(validate=schemapi.DEBUG_MODE)
    # Streamlit fills the width of the page; Altair's default would forbid it.
    spec.get("config", {}).pop("view", None)
    return spec

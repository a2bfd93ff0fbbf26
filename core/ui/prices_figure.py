"""The lines of the share-price page and the events above them: a part that is drawn alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.draw import price_headlines as headlines
from core.draw import prices as draw
from core.draw import words
from core.measure import events as measure_events
from core.ui import prices as parts
from core.ui import prices_lines, prices_tables
from core.ui.boundary import boundary
from core.ui.controls import pick_several, read_address, show_notes
from core.ui.figure import figure
from core.ui.link import copy_link, say
from core.ui.section import section

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from core.measure.events import InView
    from core.schemas import Family
    from core.ui.prices_lines import Lines
    from core.ui.site import Site


@section
def lines_and_events(  # noqa: PLR0913, PLR0917 - all that was chosen above
    site: Site,
    drawn: Lines | None,
    families: tuple[Family, ...],
    dates: tuple[pd.Timestamp, pd.Timestamp],
    view: str,
    counted: str,
) -> None:
    """The figure of ``drawn``, and below it the events that are marked in it.

    Without ``drawn`` the events alone. ``view`` tells one choice of lines from
    another, and ``counted`` what downloads count.
    """
    address, once = read_address(), site.once
    figure_place, event_place = st.container(), st.container()
    # Controls stand below the chart that they decide about.
    shown: InView = once(parts.none_in_view)
    kinds: list[str] = []
    event = ""
    with boundary():
        every = parts.events(site)
        kinds = pick_several(
            address,
            "kinds",
            "Kinds of event",
            once(measure_events.kinds, every),
            noun="kind of event",
            empty="All kinds: choose to narrow down",
        )
        names = tuple(family.name for family in families)
        shown = once(measure_events.in_view, every, names, tuple(kinds), *dates)
        with event_place:
            event = parts.pick_event(address, shown)
            parts.show_event(shown, event)
        if len(shown):
            parts.event_list(shown)
        else:
            st.markdown("No event of these kinds about these families lies in these dates.")
    say({"kinds": kinds, "event": event})
    row = None
    if drawn is not None:
        clicked = f"{bool(event):d}_{parts.clicks()}"
        key = "_".join([view, *kinds, clicked])
        with figure_place, boundary():
            row = _figure(site, drawn, shown, event, families, key, counted)
    with row or st.container():
        copy_link()
    show_notes(address)


def _figure(  # noqa: PLR0913, PLR0917 - lines, events, and what is said of them
    site: Site,
    drawn: Lines,
    shown: InView,
    event: str,
    families: tuple[Family, ...],
    key: str,
    counted: str,
) -> DeltaGenerator:
    once, overlay = site.once, drawn.overlay
    marks = once(draw.event_marks, shown, overlay.start, overlay.end, site.palette)
    picked = once(draw.chosen_marks, marks, event)
    row = figure(
        "prices_tab",
        chart=lambda: prices_lines.show_lines(drawn, marks, picked, key, site),
        table=partial(once, prices_tables.index_table, overlay, drawn.looks, drawn.sums),
        columns=prices_tables.index_columns(with_downloads=bool(drawn.sums)),
        description=drawn.headline,
        facts=partial(
            once, prices_tables.index_facts, site, overlay, families, drawn.sums, counted
        ),
        file_name=f"groundswell-index-{words.iso(overlay.start)}-{words.iso(overlay.end)}.csv",
    )
    notes = (headlines.marks(shown, len(marks)), *drawn.notes)
    st.caption("\n\n".join(note for note in notes if note))
    return row

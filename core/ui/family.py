"""One family: its models, and what others have published about it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.draw import headlines, words
from core.draw import leaderboard as draw
from core.draw.milestones import milestone_rows, published
from core.measure import milestones
from core.ui import leaderboard as parts
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick, read_address, show_notes
from core.ui.figure import figure
from core.ui.link import say
from core.ui.page import today
from core.ui.section import section

if TYPE_CHECKING:
    import pandas as pd

    from core.ui.site import Site


def models_figure(site: Site, family: str, day: pd.Timestamp, earlier: pd.Timestamp | None) -> None:
    """The family's models on ``day``. Raises ``NothingToShow`` where none is listed."""
    once = site.once
    models = site.models(family, day, earlier)
    rows = once(draw.model_rows, models)
    says = once(headlines.models, models, family, day)
    st.markdown(says)
    figure(
        "models_tab",
        chart=lambda: show_chart(
            draw.model_bars(site.colour(family), len(rows)),
            once(arrow, rows=rows),
            description=says,
            key=f"models_{family}",
        ),
        table=lambda: parts.models_table(models),
        columns=parts.models_columns(earlier),
        description=says,
        facts=partial(once, parts.models_facts, site, family, day),
        file_name=f"groundswell-models-{family}-{words.iso(day)}.csv",
    )


@section
def published_figure(site: Site, family: str, first: str = "") -> None:
    """Figures that others have published about the family, one kind at a time.

    ``first`` is the kind shown first, where there are figures of it.
    """
    once = site.once
    figures = site.published(family)
    says = once(headlines.milestones, figures, family)
    st.markdown(says)
    kinds = once(milestones.kinds, figures)
    if not kinds:
        return
    kinds = sorted(kinds, key=lambda kind: kind != first)
    address = read_address()
    kind = pick(address, "published", "Figures that count", kinds, noun="kind of figure")
    say({"published": kind})
    show_notes(address)
    rows = once(milestone_rows, figures, kind, today())
    figure(
        "published_tab",
        chart=lambda: show_chart(
            published(site.colour(family), kind),
            once(arrow, rows=rows),
            description=says,
            key=f"published_{family}_{kind}",
        ),
        table=lambda: figures.drop(columns=["first_day", "last_day"]),
        columns=parts.published_columns(),
        description=says,
        facts=partial(once, parts.published_facts, family, figures),
        file_name=f"groundswell-published-{family}.csv",
    )

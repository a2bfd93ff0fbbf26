"""The parts of the page of milestones: published against measured, contradictions, the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from core.draw import claims as said
from core.draw import headlines, words
from core.draw.claims_over_time import contradiction_sentence, measured_lines, over_time, with_lines
from core.draw.milestones import milestone_rows
from core.errors import NothingToShow
from core.measure import contradictions as measure
from core.measure import milestones
from core.measure.bases import OFFICIAL_LEVEL
from core.ui import leaderboard as board
from core.ui.chart import arrow, show_chart
from core.ui.claims_data import figures, published
from core.ui.controls import pick
from core.ui.figure import figure
from core.ui.levels import offer_level
from core.ui.page import today

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.delta_generator import DeltaGenerator

    from core.ui.address import Address
    from core.ui.site import Site

TOTALS = milestones.METRICS["cumulative_downloads"]
_LONGEST = 400
_MOST_PAIRS = 12


def families(site: Site) -> list[str]:
    """Families of which anything was published, most figures first."""
    table = figures(site).milestones
    counted = table["family"].value_counts()
    names = [family.name for family in site.families if family.name in counted.index]
    return sorted(names, key=lambda name: -int(counted[name]))


def against_measured(site: Site, address: Address, family: str) -> DeltaGenerator:
    """Published figures of one kind over time, with the measured counters where there are any."""
    once, held = site.once, figures(site)
    every = site.published(family)
    kinds = once(milestones.kinds, every)
    if not kinds:
        message = f"No figure of {family} that is a number has been published."
        raise NothingToShow(message)
    kinds = sorted(kinds, key=lambda kind: kind != TOTALS)
    kind = pick(address, "kind", "Figures that count", kinds, noun="kind of figure")
    flags = once(measure.flagged, every, held.artefacts)
    lines = once(_lines, held, family, totals=kind == TOTALS)
    rows = once(_rows, every, flags, kind, pd.Timestamp(today()), lines)
    bases = tuple(lines["basis"].unique())
    says = once(headlines.milestones, every, family)
    st.markdown(says)
    if kind == TOTALS and lines.empty:
        st.text(
            "No measured line is drawn: the daily history is not loaded, and a counter of 30 "
            "days says nothing of a total."
        )
        offer_level(site, OFFICIAL_LEVEL)
    return figure(
        "milestones_tab",
        chart=lambda: show_chart(
            over_time(site.colour(family), kind, bases),
            once(arrow, rows=rows, lines=lines),
            description=says,
            key=f"milestones_{family}_{kind}",
        ),
        table=lambda: once(_table, every, flags, site),
        columns=_columns(),
        description=says,
        facts=lambda: board.published_facts(family, every),
        file_name=f"groundswell-milestones-{family}.csv",
    )


def side_by_side(site: Site, family: str) -> None:
    """Figures that contradict each other, with the likely reason: who counts what."""
    pairs = site.once(measure.contradictions, site.published(family))
    st.markdown("#### Contradictions side by side")
    st.markdown(site.once(contradiction_sentence, pairs, family))
    for _, pair in pairs.head(_MOST_PAIRS).iterrows():
        with st.container(border=True, gap="xsmall"):
            st.text(words.quoted(f"{pair['counts']}, {pair['subject']}", _LONGEST))
            for which in ("first", "second"):
                told = (
                    f"{words.count(pair[which])} · {pair[f'{which}_by']} · as of "
                    f"{pair[f'{which}_as_of']}"
                )
                st.text(words.quoted(told, _LONGEST))
            st.text(words.quoted(f"Likely reason: {pair['reason']}", _LONGEST))
    if len(pairs) > _MOST_PAIRS:
        st.text(f"{len(pairs) - _MOST_PAIRS} narrower pairs are not listed.")


def _rows(
    every: pd.DataFrame, flags: pd.Series, kind: str, now: pd.Timestamp, lines: pd.DataFrame
) -> pd.DataFrame:
    rows = with_lines(milestone_rows(every, kind, now), lines)
    return rows.assign(flag=flags.reindex(rows.index).fillna(""))


def _lines(held: Any, family: str, *, totals: bool) -> pd.DataFrame:  # noqa: ANN401 - see Figures
    return measured_lines(held.histories if totals else {}, family)


def _table(every: pd.DataFrame, flags: pd.Series, site: Site) -> pd.DataFrame:
    """Every published figure of the family with what became of it."""
    by_text = {
        (one.claim.text, one.claim.publisher, one.claim.published_on): one
        for one in published(site)
    }
    verdicts = [
        by_text.get(
            (
                f"{row['subject']}: {row['value_text']} {row['unit']}",
                row["source_name"],
                row["reported_on"],
            )
        )
        for _, row in every.iterrows()
    ]
    return every.drop(columns=["first_day", "last_day"]).assign(
        stands_out=flags,
        who_counts=[
            measure.who_counts(str(row["source_name"]), str(row["note"]), str(row["unit"]))
            for _, row in every.iterrows()
        ],
        verdict=[one.outcome if one else "" for one in verdicts],
        measured=[
            said.known(one.claim, one.best.figure) if one and one.best else "not known"
            for one in verdicts
        ],
    )


def _columns() -> Mapping[str, Any]:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "as_of": text("As of"),
        "counts": text("What is counted"),
        "subject": text("For"),
        "value": number("Published", format="localized"),
        "unit": text("Unit"),
        "source_name": text("Published by"),
        "who_counts": text("Counts, by its own words"),
        "measured": text("Measured"),
        "verdict": text("Verdict"),
        "stands_out": text("Stands out"),
        "note": text("Good to know", width="large"),
        "source_url": st.column_config.LinkColumn("Address"),
    }

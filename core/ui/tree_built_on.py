"""What is built on a model or a family: one figure, five views of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.draw import built_on as draw
from core.draw import words
from core.measure import built_on as measure
from core.measure import built_shares
from core.schemas import HUB
from core.ui import leaderboard
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick_range, pick_view, read_address, show_notes
from core.ui.export import Facts
from core.ui.figure import figure
from core.ui.forest import forest, official
from core.ui.link import say
from core.ui.page import today
from core.ui.section import section
from core.ui.tree_words import CAUTIONS, how_much

if TYPE_CHECKING:
    from core.measure.built_shares import Months, Question, Shares
    from core.ui.site import Site

TAB: Final = "built_tab"

WHOSE, LICENCE, FORMAT, SIZE = "Whose they are", "Licence", "For home computers", "Model size"
NEW: Final = "New per month"
_QUESTIONS: Final[dict[str, Question]] = {
    WHOSE: "publisher",
    LICENCE: "licence",
    FORMAT: "format",
    SIZE: "size",
}
VIEWS: Final = (WHOSE, NEW, LICENCE, FORMAT, SIZE)
MODEL, FAMILY = "The model above", "Its whole family"
EVER, YEAR, QUARTER, DATES = "At any time", "Last 12 months", "Last 3 months", "Dates"
_MONTHS: Final = {YEAR: 12, QUARTER: 3}

_CAUTIONS: Final[dict[Question, tuple[str, ...]]] = {
    "publisher": (
        "The publisher is the account in a model's name; one person or company may have several.",
    ),
    "licence": (
        (
            "The base is the model that its author names. Of several bases all that state a "
            "licence must state the same one."
        ),
        (
            "“other” and words like it can mean different texts; two models that state the same "
            "word are counted as having the same licence."
        ),
    ),
    "format": (
        (
            "GGUF, MLX, EXL2 and EXL3 are files for programs that run on home computers and "
            "laptops. A repository with files of several formats counts as the most special of "
            "them."
        ),
    ),
    "size": ("The number of parameters is what the files on the Hub say.",),
}


@section
def built_on_figure(site: Site, node: str, family: str, *, without_official: bool) -> None:
    """One view of what is built."""
    once, address = site.once, read_address()
    view = pick_view(address, "built", "Show of them", VIEWS, noun="view", wrap=True)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        of = pick_view(address, "built_of", "Built on", (MODEL, FAMILY), noun="choice")
        when = pick_view(
            address, "built_when", "Created", (EVER, YEAR, QUARTER, DATES), noun="span", wrap=True
        )
    dates = None
    if when == DATES:
        now = pd.Timestamp(today())
        default = ((now - pd.DateOffset(months=12)).date(), now.date())
        dates = pick_range(address, "built_range", "Created from and to", default)
    say(
        {
            "built": view,
            "built_of": of,
            "built_when": when,
            "built_range": st.query_params.get_all("built_range"),
        }
    )
    show_notes(address)
    known, makers = forest(site), official(site)
    nodes: tuple[str, ...] = (node,)
    if of == FAMILY:
        nodes = once(measure.family_ids, known, makers, family)
    built = once(measure.built_on, known, nodes, makers, without_official=without_official)
    if when in _MONTHS:
        end = pd.Timestamp(today())
        dates = (end - pd.DateOffset(months=_MONTHS[when]), end)
    what = f"{family}'s official models" if of == FAMILY else "this model"
    said = _created(dates)
    if view == NEW:
        months = once(built_shares.new_per_month, built, today(), dates)
        _new(site, months, what, without_official=without_official)
    else:
        found = once(built_shares.shares, built, _QUESTIONS[view], dates)
        _shares(site, found, built.as_of, what + said, without_official=without_official)


def _created(dates: tuple[pd.Timestamp, pd.Timestamp] | None) -> str:
    return f", created from {words.day(dates[0])} to {words.day(dates[1])}" if dates else ""


def _shares(
    site: Site, found: Shares, as_of: pd.Timestamp, what: str, *, without_official: bool
) -> None:
    once, by = site.once, found.by
    says = once(draw.shares_sentence, found, what)
    st.text(says)  # it quotes outside text
    rows = once(draw.share_rows, found)
    title = draw.TITLES[by]
    figure(
        TAB,
        chart=lambda: show_chart(
            draw.share_bars(title, len(rows)),
            once(arrow, rows=rows),
            description=says,
            key=f"built_{by}",
        ),
        table=lambda: found.rows.rename(columns={"value": by}),
        columns={
            by: st.column_config.TextColumn(title),
            "models": st.column_config.NumberColumn("Models built on it", format="localized"),
            "share": st.column_config.NumberColumn(
                "Share of those it is known of", format="percent"
            ),
        },
        description=says,
        facts=lambda: _share_facts(site, found, as_of, what, without_official=without_official),
        file_name=f"groundswell-built-on-{by}.csv",
    )


def _new(site: Site, found: Months, what: str, *, without_official: bool) -> None:
    once = site.once
    says = once(draw.months_sentence, found, what)
    st.markdown(says)
    data = once(draw.month_data, found)
    figure(
        TAB,
        chart=lambda: show_chart(
            draw.month_bars(unfinished="labels" in data),
            once(arrow, **data),
            description=says,
            key="built_new",
        ),
        table=lambda: found.rows,
        columns={
            "month": st.column_config.DateColumn("Month", format="MMMM YYYY"),
            "relation": st.column_config.TextColumn("How it was made"),
            "models": st.column_config.NumberColumn("New models", format="localized"),
            "complete": st.column_config.CheckboxColumn("Whole month"),
        },
        description=says,
        facts=lambda: _month_facts(site, found, what, without_official=without_official),
        file_name="groundswell-built-on-new.csv",
    )


def _basis(what: str, *, without_official: bool) -> str:
    left_out = "; models of the families' own accounts are left out" if without_official else ""
    return f"Models declared to be built on {what}, directly or over steps, each once{left_out}"


def _share_facts(
    site: Site, found: Shares, as_of: pd.Timestamp, what: str, *, without_official: bool
) -> Facts:
    keys = _keys(site)
    return Facts(
        source=leaderboard.source_names(site, keys),
        as_of=words.iso(as_of),
        basis=_basis(what, without_official=without_official),
        licence=leaderboard.source_licences(site, keys),
        cautions=[
            f"It is known of {found.known:,} of {found.total:,} models. Shares are of those.",
            *_CAUTIONS[found.by],
            *CAUTIONS,
            *how_much(site),
        ],
    )


def _month_facts(site: Site, found: Months, what: str, *, without_official: bool) -> Facts:
    keys = _keys(site)
    return Facts(
        source=leaderboard.source_names(site, keys),
        as_of=words.iso(found.as_of),
        basis=_basis(what, without_official=without_official) + ", by month of creation on the Hub",
        licence=leaderboard.source_licences(site, keys),
        cautions=[
            "A month that has not ended is drawn lighter: it can still grow.",
            (
                "Models that were deleted before the site first saw them are missing, and what "
                "is found later is added to the month in which it was created."
            ),
            *CAUTIONS,
            *how_much(site),
        ],
    )


def _keys(site: Site) -> pd.Series:
    told = forest(site).told
    keys = pd.Series(told.sources, dtype="str")
    if told.embedded:
        return keys
    return pd.concat([keys, pd.Series([HUB], dtype="str")], ignore_index=True)

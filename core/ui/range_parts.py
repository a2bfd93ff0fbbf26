"""Controls, tables and facts of the leaderboard over a range of days."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st

from core.draw import range_headlines as headlines
from core.draw import words
from core.errors import StoreError
from core.measure.bases import BASES
from core.measure.families import FamilyRules
from core.measure.ranges import artefacts_in, known_days
from core.schemas import MODELS
from core.ui import daily
from core.ui.controls import pick_range, pick_view
from core.ui.export import Facts
from core.ui.leaderboard import source_licences, source_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.measure.history import Artefact, History
    from core.measure.ranges import Range, RangeBoard
    from core.ui.address import Address
    from core.ui.site import Site

NEWS, DATES, ALL = "December 2025", "Dates", "All"
LAST: Final = {"Last 30 days": 30, "Last 90 days": 90, "Last 365 days": 365}
NEWS_DAYS: Final = (date(2025, 12, 1), date(2025, 12, 31))
"""The month that the news of January 2026 spoke of."""


def pick_span(
    site: Site, address: Address, history: History
) -> tuple[str, pd.Timestamp, pd.Timestamp]:
    """The preset, and the first and last day asked for; never checked against the data.

    The first preset is what is shown at first: the month of the news, or the
    newest days where no history in the store reaches that month.
    """
    first, last = known_days(history)
    news = site.once(_holds_news, site)
    options = (NEWS, *LAST, ALL, DATES) if news else (*LAST, ALL, NEWS, DATES)
    typed = DATES if "between" in st.query_params else ""
    chosen = pick_view(
        address, "dates", "Dates", options, noun="choice of dates", otherwise=typed, wrap=True
    )
    if chosen == DATES:
        with st.container(width=260):
            usual = NEWS_DAYS if news else site.once(_newest_days, site)
            return chosen, *pick_range(address, "between", "From and to", usual)
    if chosen == NEWS:
        return chosen, pd.Timestamp(NEWS_DAYS[0]), pd.Timestamp(NEWS_DAYS[1])
    if chosen == ALL:
        return chosen, first, last
    return chosen, *_last(history, LAST[chosen])


def _holds_news(site: Site) -> bool:
    """Whether the history on any basis reaches into the month of the news."""
    every = [daily.on_basis(site, basis, None).known for basis in daily.bases(site)]
    start, end = (pd.Timestamp(day) for day in NEWS_DAYS)
    return any(known[0] <= end and known[1] >= start for known in every if known)


def _newest_days(site: Site) -> tuple[date, date]:
    """The newest thirty days on the first basis."""
    start, end = _last(daily.on_basis(site, daily.bases(site)[0], None), 30)
    return start.date(), end.date()


def _last(history: History, days: int) -> tuple[pd.Timestamp, pd.Timestamp]:
    """So many days to the last finished one; fewer where the history begins later."""
    finished = last_finished(history)
    first = known_days(history)[0]
    return max(finished - pd.Timedelta(days=days - 1), first), finished


def last_finished(history: History) -> pd.Timestamp:
    """The last day that is finished for any family, else the last known."""
    columns = np.flatnonzero(history.complete.any(axis=0))
    return pd.Timestamp(history.days[columns[-1]]) if len(columns) else known_days(history)[1]


def launches(site: Site) -> dict[str, pd.Timestamp]:
    """The first launch of a model of each family, where any is known."""
    try:
        return site.once(_launches, site.makers(MODELS.name))
    except StoreError:
        return {}


def _launches(models: pd.DataFrame) -> dict[str, pd.Timestamp]:
    known = models[models["family"].notna() & models["released_on"].notna()]
    first = known.groupby("family")["released_on"].min()
    return {str(family): pd.Timestamp(day) for family, day in first.items()}


def known_problems(
    site: Site, history: History, span: Range, families: frozenset[str]
) -> tuple[Artefact, ...]:
    """Artefacts of the history that touch ``span``, of models those of ``families``."""
    return artefacts_in(history, span, families, site.once(_family_of, site).get)


def _family_of(site: Site) -> dict[str, str | None]:
    """The family of every model of which there is an artefact."""
    rules = FamilyRules(site.families)
    every = (daily.on_basis(site, basis, None).artefacts for basis in daily.bases(site))
    return {one.scope: rules.family_of(one.scope) for held in every for one in held}


def problem_list(site: Site, problems: tuple[Artefact, ...]) -> None:
    """What is shaded, as a table for those who cannot or will not hover. Outside text."""
    if not problems:
        return
    with st.expander(f"Known problems of the history in these dates: {len(problems)}"):
        st.dataframe(
            site.once(_problem_table, problems),
            hide_index=True,
            column_config=_problem_columns(),
            alt="Known problems of the history in these dates",
        )


def _problem_table(problems: tuple[Artefact, ...]) -> pa.Table:
    return pa.table(
        {
            "first": [words.iso(one.start) for one in problems],
            "last": [words.iso(one.end) for one in problems],
            "scope": [one.scope for one in problems],
            "what": [one.what for one in problems],
            "source": [one.source for one in problems],
        }
    )


@cache
def _problem_columns() -> Mapping[str, Any]:
    text = st.column_config.TextColumn
    return {
        "first": text("From"),
        "last": text("To"),
        "scope": text("Touches"),
        "what": text("What happened", width="large"),
        "source": text("Found by"),
    }


def board_table(board: RangeBoard) -> pd.DataFrame:
    """The families as they are shown and exported."""
    rows, span = board.rows, board.range
    return pd.DataFrame(
        {
            "rank": rows["rank"],
            "family": rows["family"],
            "downloads": rows["downloads"],
            "share": rows["share"],
            "downloads_a_day_along": rows["series"],
            "downloads_a_day": rows["per_day"].round(1),
            "ranks_gained": rows["rank_change"],
            "rank_before": rows["rank_before"],
            "downloads_before": rows["before"],
            "change": rows["change"],
            "all_time": rows["all_time"],
            "all_time_on": rows["all_time_on"],
            "days_known": rows["days_known"],
            "days_missing": rows["missing"],
            "days_unfinished": rows["unfinished"],
            "biggest_model": rows["biggest"],
            "biggest_model_share": rows["biggest_share"],
            "first_day": words.iso(span.start),
            "last_day": words.iso(span.end),
            "share_of": board.denominator,
            "basis_key": board.basis,
        }
    )


def board_columns(board: RangeBoard) -> Mapping[str, Any]:
    """Titles and formats of ``board_table``; columns left out are only in the CSV."""
    return _board_columns(board.range.days, board.denominator)


@lru_cache(maxsize=64)
def _board_columns(days: int, denominator: float) -> Mapping[str, Any]:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    before = words.plural(days, "day")
    return {
        "rank": number("Rank", help="Empty: no figures in these dates"),
        "family": text("Family"),
        "downloads": number("Downloads", format="localized"),
        "share": number("Share", format="percent", help=f"Of {words.count(denominator)}"),
        "downloads_a_day_along": st.column_config.LineChartColumn(
            "Along the dates", help="Downloads a day; days that are not known are left out"
        ),
        "downloads_a_day": number("A day", format="localized"),
        "ranks_gained": number(
            "Ranks gained", help=f"Against the {before} before; empty where not every day is known"
        ),
        "change": number("Change", format="percent", help=f"Against the {before} before"),
        "all_time": number("All so far", format="localized", help="All-time counter at the end"),
        "days_known": number("Days known", help=f"Of {before}"),
        "biggest_model": text("Most downloaded model"),
        "biggest_model_share": number("Its share of the family", format="percent"),
    }


def facts(
    site: Site, history: History, span: Range, cautions: list[str], problems: tuple[Artefact, ...]
) -> Facts:
    """What to know before quoting any figure of ``history`` in ``span``."""
    basis = BASES[history.basis]
    keys = pd.Series(history.sources_of(span.start, span.end), dtype="str")
    told = [
        f"{words.quoted(one.scope, 200)}, {words.iso(one.start)} to {words.iso(one.end)}: "
        f"{words.quoted(one.what, 400)}. Found by: {words.quoted(one.source, 200)}."
        for one in problems
    ]
    return Facts(
        source=source_names(site, keys),
        as_of=f"{words.iso(span.start)} to {words.iso(span.end)}",
        basis=f"{basis.name}: {basis.meaning}. Daily downloads",
        licence=source_licences(site, keys),
        cautions=[headlines.DAILY, *(said for said in cautions if said), *told],
    )


def pinned(chosen: str, start: pd.Timestamp, end: pd.Timestamp) -> dict[str, str | list[str]]:
    """The dates for a link: a choice that is counted from the newest data is written out."""
    if chosen == NEWS:
        return {"dates": NEWS}
    return {"dates": DATES, "between": [words.iso(start), words.iso(end)]}

"""Tables of the reaction page, and what to know before quoting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from core.draw import reaction_headlines as headlines
from core.draw import words
from core.measure.by_ticker import by_ticker
from core.measure.event_study import MARKET_MODEL
from core.measure.reaction import change
from core.ui.export import Facts
from core.ui.leaderboard import source_licences, source_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.measure.event_reactions import EventReactions
    from core.measure.reaction import Reaction
    from core.ui.site import Site

_CHANGES: Final = {
    "raw": "change_percent",
    "market": "beyond_market_percent",
    "sector": "beyond_sector_percent",
}


def around_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The days around as shown and exported: changes in percent."""
    percent = {
        name: (100 * np.array([change(one) for one in rows[column].tolist()], "float64")).round(3)
        for column, name in _CHANGES.items()
        if column in rows
    }
    return pd.DataFrame({"session": rows["session"], "from_the_day": rows["relative"], **percent})


def around_columns() -> Mapping[str, Any]:
    """Titles and formats of ``around_table``."""
    number = st.column_config.NumberColumn
    return {
        "session": st.column_config.DateColumn("Session", format="YYYY-MM-DD"),
        "from_the_day": number("Sessions from the day"),
        "change_percent": number("Change, %", format="%.2f"),
        "beyond_market_percent": number("Beyond the whole market, %", format="%.2f"),
        "beyond_sector_percent": number("Beyond its sector, %", format="%.2f"),
    }


def study_table(found: Sequence[Reaction]) -> pd.DataFrame:
    """Every study as shown and exported: a row a window and a fund."""
    rows = [
        {
            "share": one.ticker,
            "first_session": study.window_dates[0],
            "last_session": study.window_dates[1],
            "compared_with": headlines.EXPLAINED_BY[role],
            "fund": dict(one.benchmarks)[role],
            "change_percent": round(100 * change(study.raw_return), 2),
            "fund_change_percent": round(100 * change(study.benchmark_return), 2),
            "beyond_percent": round(100 * change(study.abnormal_return), 2),
            "beyond_log": round(study.abnormal_return, 5),
            "usual_error_log": round(study.standard_error, 5),
            "t": round(study.t, 2),
            "as_large": study.placebo_count,
            "of_ordinary": study.placebo_windows,
            "alpha": round(study.alpha, 6),
            "beta": round(study.beta, 3),
            "r_squared": round(study.r_squared, 3),
            "method": study.model,
            "ordinary_from": study.estimation_dates[0],
            "ordinary_to": study.estimation_dates[1],
        }
        for one in found
        for role, study in one.studies.items()
    ]
    return pd.DataFrame(rows)


def study_columns() -> Mapping[str, Any]:
    """Titles and formats of ``study_table``."""
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    day = st.column_config.DateColumn
    return {
        "first_session": day("From", format="YYYY-MM-DD"),
        "last_session": day("To", format="YYYY-MM-DD"),
        "compared_with": text("Compared with"),
        "fund": text("Fund"),
        "change_percent": number("Share, %", format="%.1f"),
        "fund_change_percent": number("Fund, %", format="%.1f"),
        "beyond_percent": number("Share beyond the expected, %", format="%.1f"),
        "as_large": number("Ordinary days as large"),
        "of_ordinary": number("Of ordinary days"),
        "t": number("t", help="The surprise, divided by the usual size of one", format="%.2f"),
        "beta": number(
            "Beta", help="How many percent the share usually moves with 1 % of the fund"
        ),
        "r_squared": number(
            "R²", help="Part of the share's ups and downs that the fund's explain", format="%.2f"
        ),
        "method": text("Method"),
        "ordinary_from": day("Ordinary days from", format="YYYY-MM-DD"),
        "ordinary_to": day("Ordinary days to", format="YYYY-MM-DD"),
    }


def facts(site: Site, levels: pd.DataFrame, found: Reaction, cautions: tuple[str, ...]) -> Facts:
    """What to know before quoting these figures."""
    tickers = {found.ticker, *(fund for _, fund in found.benchmarks)}
    sources = _sources(levels, tickers)
    first, last = found.window_dates
    method = ""
    if found.studies:
        one = next(iter(found.studies.values()))
        start, end = (words.iso(day) for day in one.estimation_dates)
        fitted = "market model, fitted to" if one.model == MARKET_MODEL else "compared on"
        method = f"; {fitted} {one.sessions} sessions from {start} to {end}"
    return Facts(
        source=source_names(site, sources),
        as_of=words.iso(last) if first == last else f"{words.iso(first)} to {words.iso(last)}",
        basis=(
            "Changes of closing prices adjusted for dividends, from session to session"
            f"{method}. Never a price within the day"
        ),
        licence=source_licences(site, sources),
        cautions=[*cautions, headlines.NOT_A_CAUSE],
    )


def launches_table(found: EventReactions, *, left_out: bool) -> pd.DataFrame:
    """Several events as shown and exported, those too that could not be studied."""
    events = found.events
    percent = 100 * np.array([change(one) for one in found.abnormal_return.tolist()], "float64")
    return pd.DataFrame(
        {
            "date": events.column("date"),
            "session": events.position,
            "title": pd.array(events.column("title"), dtype="str"),
            "source_name": pd.array(events.column("source_name"), dtype="str"),
            "beyond_percent": percent.round(2),
            "t": found.t.round(2),
            "as_large": pd.Series(found.placebo_count).astype("Int64"),
            "of_ordinary": pd.Series(found.placebo_windows).astype("Int64"),
            "counted": found.counted(left_out=left_out),
            "shares_a_day_with": pd.array(list(found.overlaps), dtype="str"),
            "not_studied_because": pd.array(list(found.refused), dtype="str"),
        }
    )


def launches_columns() -> Mapping[str, Any]:
    """Titles and formats of ``launches_table``."""
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    day = st.column_config.DateColumn
    return {
        "date": day("Date", format="YYYY-MM-DD"),
        "session": day("Session", format="YYYY-MM-DD"),
        "title": text("What happened", width="medium"),
        "beyond_percent": number("Share beyond the expected, %", format="%.1f"),
        "as_large": number("Ordinary days as large"),
        "of_ordinary": number("Of ordinary days"),
        "t": number("t", format="%.2f"),
        "counted": st.column_config.CheckboxColumn("Counted in the mean"),
        "shares_a_day_with": text("Has a day in common with"),
        "not_studied_because": text("Not studied because"),
        "source_name": text("Source"),
    }


def launches_facts(
    site: Site, levels: pd.DataFrame, tickers: tuple[str, str], found: EventReactions
) -> Facts:
    """What to know before quoting the mean of several events."""
    sources = _sources(levels, tickers)
    studied = pd.DatetimeIndex(found.events.position[found.studied])
    return Facts(
        source=source_names(site, sources),
        as_of=f"{words.iso(studied.min())} to {words.iso(studied.max())}",
        basis=(
            f"Changes of {tickers[0]} that {tickers[1]} does not explain, from closing prices "
            "adjusted for dividends; market model fitted before each event"
        ),
        licence=source_licences(site, sources),
        cautions=[headlines.LAUNCHES_SAY_LITTLE, headlines.NOT_A_CAUSE],
    )


def _sources(levels: pd.DataFrame, tickers: Iterable[str]) -> pd.Series:
    """The sources of the prices of ``tickers``."""
    lines = by_ticker(levels).lines
    found = [lines[ticker].source.tolist() for ticker in tickers if ticker in lines]
    return pd.Series(list(dict.fromkeys(key for one in found for key in one)), dtype="str")

"""The lines of the share-price page as a table and a file: index and downloads, no price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from core.draw import price_gaps as gaps
from core.draw import price_headlines as headlines
from core.draw import words
from core.ui.export import Facts
from core.ui.leaderboard import source_licences, source_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.draw.prices import Share
    from core.measure.overlay import Overlay
    from core.measure.session_sums import SessionSums
    from core.schemas import Family
    from core.ui.site import Site

_COLUMNS = [
    "session",
    "ticker",
    "company",
    "role",
    "index_100",
    "change_percent",
    "is_100_on",
    "downloads",
    "days",
    "source_key",
]


def index_table(
    overlay: Overlay, looks: tuple[Share, ...], sums: tuple[SessionSums, ...]
) -> pd.DataFrame:
    """The lines as they are shown and exported: an index and downloads, never a price.

    ``downloads`` is the sum of ``days`` days up to the session; of shares both
    are empty.
    """
    rows = overlay.rows
    look = {share.ticker: share for share in looks}
    frame = pd.DataFrame(
        {
            "session": rows["session"],
            "ticker": rows["ticker"],
            "index_100": rows["value"].round(3),
            "change_percent": rows["change"].round(3),
            "is_100_on": rows["base"],
            "source_key": rows["source"],
        }
    )
    told = [
        one.rows[["session", "downloads", "days"]].assign(
            ticker=headlines.FLOW_KEY + one.family, flow_source=one.rows["source"]
        )
        for one in sums
    ]
    if told:
        flows = pd.concat(told, ignore_index=True)
        frame = frame.merge(flows, on=["ticker", "session"], how="outer", sort=False)
        order = {ticker: at for at, ticker in enumerate(look)}
        frame = frame.sort_values(
            ["ticker", "session"],
            key=lambda column: column.map(order) if column.name == "ticker" else column,
            ignore_index=True,
        )
        frame["source_key"] = frame["source_key"].fillna(frame["flow_source"])
        frame["days"] = frame["days"].astype("Int64")
    else:
        frame = frame.assign(downloads=float("nan"), days=pd.Series(pd.NA, dtype="Int64"))
    frame["company"] = frame["ticker"].map({ticker: one.name for ticker, one in look.items()})
    frame["role"] = frame["ticker"].map({ticker: one.role for ticker, one in look.items()})
    return frame[_COLUMNS]


def index_columns(*, with_downloads: bool) -> Mapping[str, Any]:
    """Titles and formats of ``index_table``."""
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    day = st.column_config.DateColumn
    columns = {
        "session": day("Session", format="YYYY-MM-DD"),
        "ticker": text("Ticker"),
        "company": text("Line"),
        "index_100": number("First common session = 100", format="%.1f"),
        "change_percent": number("Change since then, %", format="%.1f"),
        "is_100_on": day("Is 100 on", format="YYYY-MM-DD"),
    }
    if with_downloads:
        columns["downloads"] = number("Downloads since the session before", format="localized")
        columns["days"] = number("Days since then")
    return columns


def index_facts(
    site: Site,
    overlay: Overlay,
    families: Sequence[Family],
    sums: tuple[SessionSums, ...],
    counted: str,
) -> Facts:
    """What to know before quoting the lines; ``counted`` says what downloads count."""
    rows = overlay.rows
    first, last = words.iso(rows["session"].min()), words.iso(rows["session"].max())
    notes = [
        f"{family.name}: {family.note}."
        for family in families
        if family.sector_benchmark and family.sector_benchmark in family.note
    ]
    keys = pd.concat([rows["source"], *(one.rows["source"] for one in sums)]).drop_duplicates()
    basis = (
        "Closing prices adjusted for dividends, as an index: the first session that all lines "
        "have in common is 100. Not prices. Sessions only, nothing filled in"
    )
    flows = [headlines.SESSION_SUMS, gaps.missing_sums(sums)] if sums else []
    if sums:
        basis += f". Downloads: {counted}"
    return Facts(
        source=source_names(site, keys),
        as_of=f"{first} to {last}",
        basis=basis,
        licence=source_licences(site, keys),
        cautions=[
            headlines.PROVES_NOTHING,
            gaps.data_end(overlay),
            headlines.NOT_THE_SAME_MOMENT,
            *(text for text in flows if text),
            *dict.fromkeys(notes),
        ],
    )

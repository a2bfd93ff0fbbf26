"""The lines of the share-price page as a table and a file: index and downloads, no price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from core.draw import price_gaps as gaps
from core.draw import price_headlines as headlines
from core.draw import words
from core.ui.export import Facts
from core.ui.leaderboard import source_licences, source_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from core.draw.prices import Share
    from core.measure.overlay_parts import Overlay, Part
    from core.measure.session_sums import SessionSums
    from core.schemas import Family
    from core.ui.site import Site


def index_table(
    overlay: Overlay, looks: tuple[Share, ...], sums: tuple[SessionSums, ...]
) -> pd.DataFrame:
    """The lines as they are shown and exported: an index and downloads, never a price.

    ``downloads`` is the sum of ``days`` days up to the session; of shares both
    are empty.
    """
    flows = {headlines.FLOW_KEY + one.family: one.rows for one in sums}
    parts = {one.ticker: one for one in overlay.parts}
    looks = tuple(one for one in looks if one.ticker in parts or one.ticker in flows)
    lines = [_line(parts.get(one.ticker), flows.get(one.ticker)) for one in looks]
    sizes = [len(one["session"]) for one in lines]

    def whole(name: str) -> NDArray[Any]:
        return np.concatenate([one[name] for one in lines])

    def of_line(values: Iterable[str]) -> pd.Series:
        return pd.Series(np.repeat(np.array(list(values), "object"), sizes), dtype="str")

    days = whole("days")
    return pd.DataFrame(
        {
            "session": whole("session"),
            "ticker": of_line(one.ticker for one in looks),
            "company": of_line(one.name for one in looks),
            "role": of_line(one.role for one in looks),
            "index_100": whole("index_100"),
            "change_percent": whole("change_percent"),
            "is_100_on": whole("is_100_on"),
            "downloads": whole("downloads"),
            "days": pd.arrays.IntegerArray(np.nan_to_num(days).astype("int64"), np.isnan(days)),
            "source_key": pd.array(whole("source_key"), dtype="str"),
        }
    )


def _line(part: Part | None, flow: pd.DataFrame | None) -> dict[str, NDArray[Any]]:
    """One line of the table: of the index, of the sums, or of both by session."""
    session: NDArray[Any] = np.zeros(0, "datetime64[s]") if part is None else part.sessions
    summed: NDArray[Any] = session[:0] if flow is None else flow["session"].to_numpy()
    if part is None or len(summed):
        kind = summed.dtype if part is None else session.dtype
        session = np.union1d(session.astype(kind), summed.astype(kind))
    size = len(session)
    found: dict[str, NDArray[Any]] = {
        "session": session,
        "is_100_on": np.full(size, np.datetime64("NaT"), session.dtype),
        "source_key": np.full(size, None, "object"),
        **{name: np.full(size, np.nan) for name in ("index_100", "change_percent")},
        **{name: np.full(size, np.nan) for name in ("downloads", "days")},
    }
    if flow is not None:
        at = session.searchsorted(summed.astype(session.dtype))
        found["source_key"][at] = flow["source"].to_numpy("object")
        for name in ("downloads", "days"):
            found[name][at] = flow[name].to_numpy("float64")
    if part is not None:
        at = session.searchsorted(part.sessions)
        found["index_100"][at] = (100 + part.change).round(3)
        found["change_percent"][at] = part.change.round(3)
        found["is_100_on"][at] = part.base
        found["source_key"][at] = part.source
    return found


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
    first = words.iso(pd.Timestamp(min(one.sessions[0] for one in overlay.parts)))
    last = words.iso(pd.Timestamp(max(one.sessions[-1] for one in overlay.parts)))
    notes = [
        f"{family.name}: {family.note}."
        for family in families
        if family.sector_benchmark and family.sector_benchmark in family.note
    ]
    sources = [one.source for one in overlay.parts]
    sources += [one.rows["source"].to_numpy("object") for one in sums]
    keys = pd.Series(list(dict.fromkeys(np.concatenate(sources).tolist())), dtype="str")
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

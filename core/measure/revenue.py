"""A company's revenue by quarter, beside the downloads of the same days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from core.errors import NothingToShow
from core.measure.history import total

if TYPE_CHECKING:
    from core.measure.history import History

FEW: Final = 12
"""Fewer quarters than these are too few for any statistics."""

CLOUD: Final = "cloud_revenue"
"""Metric of published figures of a company's cloud business."""


def quarters(
    table: pd.DataFrame, ticker: str, start: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """Revenue of ``ticker`` in the quarters that end from ``start`` to ``end``, oldest first.

    ``first_day``, ``quarter_end`` (both included), ``revenue`` (in ``currency``),
    ``source``, ``read_at``. Of a quarter that was read several times the newest
    figure counts: companies restate. Raises ``NothingToShow`` without any.
    """
    own = table[(table["ticker"] == ticker) & table["revenue"].notna()]
    if own.empty:
        message = f"The data hold no quarterly revenue of {ticker}."
        raise NothingToShow(
            message,
            advice="It is read with the share prices, where the price source has it: "
            "“Bring up to date” asks for it.",
        )
    newest = own.sort_values("read_at", kind="stable").drop_duplicates("quarter_end", keep="last")
    inside = newest[newest["quarter_end"].between(start, end)]
    if inside.empty:
        ends = own["quarter_end"]
        message = (
            f"No quarter of {ticker} with known revenue ends from {start:%Y-%m-%d} "
            f"to {end:%Y-%m-%d}."
        )
        advice = f"Those known end from {ends.min():%Y-%m-%d} to {ends.max():%Y-%m-%d}."
        raise NothingToShow(message, advice=advice)
    frame = inside.sort_values("quarter_end", ignore_index=True)
    # A quarter is three months, ending with the last day of one.
    first = (frame["quarter_end"] + pd.Timedelta(days=1)) - pd.DateOffset(months=3)
    frame.insert(0, "first_day", first.astype(frame["quarter_end"].dtype))
    return frame[["first_day", "quarter_end", "revenue", "currency", "source", "read_at"]]


def with_downloads(
    frame: pd.DataFrame, history: History | None, families: tuple[str, ...]
) -> pd.DataFrame:
    """Downloads of each of ``families`` in each quarter of ``quarters``, a row a pair.

    Columns ``family, first_day, quarter_end, downloads, days_known, days``;
    ``downloads`` is NaN unless every day of the quarter is known and over.
    """
    rows = []
    for family in families:
        for first, last in zip(frame["first_day"], frame["quarter_end"], strict=True):
            days = (last - first).days + 1
            found = total(history, family, first, last) if history else None
            whole = found is not None and found.complete
            downloads = found.downloads if found is not None and whole else float("nan")
            known = found.days_known if found is not None else 0
            rows.append((family, first, last, downloads, known, days))
    names = ["family", "first_day", "quarter_end", "downloads", "days_known", "days"]
    typed = {"downloads": "float64", "days_known": "int64", "days": "int64"}
    return pd.DataFrame(rows, columns=names).astype(typed)


def cloud_figures(
    milestones: pd.DataFrame, families: tuple[str, ...], start: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """Published figures of cloud business about ``families`` in the range, with their source."""
    wanted = milestones[
        (milestones["metric"] == CLOUD) & milestones["family"].isin(families)
    ].copy()
    day = pd.to_datetime(wanted["as_of"], format="%Y-%m-%d", errors="coerce")
    inside: pd.DataFrame = wanted[day.between(start, end)].reset_index(drop=True)
    return inside

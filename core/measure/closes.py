"""Closing prices as traded, which are shown in their currency and never leave as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def closes(prices: pd.DataFrame, source: str) -> pd.DataFrame:
    """Closing prices as traded, where ``source`` gave them: ``ticker, session, close, currency``.

    Of each ticker its newest version as a whole. Split-adjusted, not for
    dividends: what a newspaper names. Sorted by ticker and session.
    """
    read = prices[(prices["source"] == source) & prices["read_at"].notna()]
    newest = read[read["read_at"] == read.groupby("ticker")["read_at"].transform("max")]
    priced = newest[(newest["close"] > 0) & (newest["close"] < float("inf"))]
    frame = priced.drop_duplicates(["ticker", "session"], keep="last")
    columns = ["ticker", "session", "close", "currency", "source"]
    return frame[columns].sort_values(["ticker", "session"], ignore_index=True)

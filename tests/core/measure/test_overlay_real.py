"""The overlay on real price files, with their unfinished last day and a row without a price."""

from __future__ import annotations

import csv

import pandas as pd
import pytest

from core.measure.overlay import levels, missing_sessions, overlay
from tests.conftest import ROOT

FOLDER = ROOT.parent / "shared" / "data" / "prices"
TICKERS = ("BABA", "MSFT", "META", "SPY", "0700.HK", "2513.HK")
DAY = pd.Timestamp

pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason="the real price files are not beside this checkout"
)


def closes() -> dict[str, dict[str, float]]:
    """Closes by ticker and day, in plain Python; NaN where a file has none."""
    found: dict[str, dict[str, float]] = {}
    for ticker in TICKERS:
        with (FOLDER / f"{ticker}.csv").open(encoding="utf-8", newline="") as file:
            found[ticker] = {
                row["Date"][:10]: float(row["Close"] or "nan") for row in csv.DictReader(file)
            }
    return found


def table() -> pd.DataFrame:
    rows = [
        (ticker, day, value, f"2026-03-26T{20 + at % 2}:00")
        for at, (ticker, own) in enumerate(closes().items())
        for day, value in reversed(own.items())
    ]
    frame = pd.DataFrame(rows, columns=["ticker", "session", "adjusted_close", "read_at"])
    return frame.assign(
        session=pd.to_datetime(frame["session"]).astype("datetime64[ms]"),
        read_at=pd.to_datetime(frame["read_at"])
        .dt.tz_localize("UTC")
        .astype("datetime64[ms, UTC]"),
        close=frame["adjusted_close"],
        index_100=frame["adjusted_close"],
        currency="USD",
        source="yahoo",
    )


def test_day_without_a_price_is_left_out_and_named() -> None:
    series = levels(table())
    last = series.groupby("ticker")["session"].max()
    assert last["MSFT"] == DAY("2026-03-25")
    assert last["BABA"] == DAY("2026-03-26")
    missing = missing_sessions(series, ("MSFT", "BABA"), DAY("2026-03-01"), DAY("2026-03-31"))
    assert missing.to_numpy().tolist() == [["MSFT", DAY("2026-03-26")]]


def test_lines_are_what_plain_python_makes_of_the_files() -> None:
    start, end = "2025-09-01", "2026-03-31"
    result = overlay(levels(table()), TICKERS, DAY(start), DAY(end))
    own = {
        ticker: {day: value for day, value in days.items() if start <= day <= end and value > 0}
        for ticker, days in closes().items()
    }
    base = min(set.intersection(*(set(days) for days in own.values())))
    # Zhipu is listed since 8 January 2026, a session in both places.
    assert result.base == DAY(base) == DAY("2026-01-08")
    got = {
        (ticker, f"{session:%Y-%m-%d}"): value
        for ticker, session, value in zip(
            result.rows["ticker"], result.rows["session"], result.rows["value"], strict=True
        )
    }
    assert got == pytest.approx(
        {
            (ticker, day): 100 * value / days[base]
            for ticker, days in own.items()
            for day, value in days.items()
        }
    )
    # Every holiday is one for all shares of an exchange: no line breaks.
    assert result.rows["segment"].eq(0).all()

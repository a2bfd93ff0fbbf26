"""The table of the share-price page: lines of an index and of downloads, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from core.draw.prices import Share
from core.measure.overlay import overlay
from core.measure.session_sums import SessionSums
from core.ui.prices_flows import flow_lines
from core.ui.prices_tables import index_table

DAY = pd.Timestamp
DAYS = pd.to_datetime(["2026-01-05", "2026-01-06", "2026-01-07"]).astype("datetime64[ms]")
SERIES = pd.DataFrame(
    {"ticker": "A", "session": DAYS, "level": [50.0, 100.0, 75.0], "source": "prices"}
)
SUMS = SessionSums(
    "Fam",
    pd.DataFrame(
        {
            "session": DAYS.astype("datetime64[s]"),
            "downloads": [30.0, 10.0, 20.0],
            "days": [3, 1, 1],
            "per_day": [10.0, 10.0, 20.0],
            "week": [float("nan"), 10.0, 15.0],
            "segment": [0, 0, 0],
            "source": "downloads",
        }
    ),
    (),
    (),
)
LOOKS = (
    Share("A", "Alpha (A)", "A", "company", "#112233", "solid"),
    Share("downloads:Fam", "Fam downloads", "Fam", "downloads", "#112233", "flow"),
)
DATES = (DAY("2026-01-01"), DAY("2026-01-31"))


def test_sums_without_a_week_are_told_beside_the_lines() -> None:
    (line,) = flow_lines(SERIES, (SUMS,), ("New York",))
    assert line.sessions.tolist() == DAYS.to_numpy()[1:].tolist()
    assert line.ordinal.tolist() == [1, 2]
    lines = overlay(SERIES, ("A", "downloads:Fam"), *DATES, (line,))
    table = index_table(lines, LOOKS, (SUMS,))
    assert table["company"].tolist() == ["Alpha (A)"] * 3 + ["Fam downloads"] * 3
    assert table["session"].tolist() == [*DAYS, *DAYS]
    # Both are 100 on the 6th, the first session that both have.
    told = table["index_100"].fillna(-1).tolist()
    assert told == pytest.approx([50, 100, 75, -1, 100, 150])
    assert table["downloads"].fillna(-1).tolist() == [-1, -1, -1, 30, 10, 20]
    assert table["days"].fillna(-1).tolist() == [-1, -1, -1, 3, 1, 1]
    assert table["source_key"].tolist() == ["prices"] * 3 + ["downloads"] * 3


def test_sums_that_are_not_among_the_lines_have_no_index() -> None:
    table = index_table(overlay(SERIES, ("A",), *DATES), LOOKS, (SUMS,))
    assert table["index_100"].fillna(-1).tolist() == [100, 200, 150, -1, -1, -1]
    assert table["is_100_on"].isna().tolist() == [False] * 3 + [True] * 3
    alone = index_table(overlay(SERIES, ("A",), *DATES), LOOKS[:1], ())
    assert alone["ticker"].tolist() == ["A"] * 3
    assert alone["downloads"].isna().all()
    assert alone["days"].isna().all()

"""Revenue and downloads by quarter, by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from core.errors import NothingToShow
from core.measure.revenue import cloud_figures, quarters, with_downloads
from tests.core.measure.test_session_sums import plain

DAY = pd.Timestamp
ALWAYS = (DAY("2020-01-01"), DAY("2030-01-01"))


def table(*rows: tuple[str, str, float, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["ticker", "quarter_end", "revenue", "read_at"])
    return frame.assign(
        quarter_end=pd.to_datetime(frame["quarter_end"]).astype("datetime64[ms]"),
        read_at=pd.to_datetime(frame["read_at"])
        .dt.tz_localize("UTC")
        .astype("datetime64[ms, UTC]"),
        currency="CNY",
        source="yahoo",
    )


TABLE = table(
    ("B", "2026-06-30", 5, "2026-08-01"),
    ("B", "2026-03-31", 3, "2026-08-01"),
    ("B", "2026-06-30", 6, "2026-11-01"),
    ("C", "2026-02-28", 9, "2026-11-01"),
)


def test_newest_figure_of_each_quarter_counts_and_a_quarter_is_three_months() -> None:
    found = quarters(TABLE, "B", *ALWAYS)
    assert found["revenue"].tolist() == [3, 6]
    assert found["first_day"].tolist() == [DAY("2026-01-01"), DAY("2026-04-01")]
    # A business year need not be a calendar year.
    assert quarters(TABLE, "C", *ALWAYS)["first_day"].tolist() == [DAY("2025-12-01")]


@pytest.mark.parametrize(
    ("ticker", "dates", "sentence"),
    [
        ("X", ALWAYS, "hold no quarterly revenue of X"),
        ("B", (DAY("2026-04-01"), DAY("2026-06-29")), "No quarter of B with known revenue ends"),
    ],
)
def test_nothing_is_refused_in_words(
    ticker: str, dates: tuple[pd.Timestamp, pd.Timestamp], sentence: str
) -> None:
    with pytest.raises(NothingToShow) as caught:
        quarters(TABLE, ticker, *dates)
    assert sentence in caught.value.sentence
    assert caught.value.advice


def test_downloads_count_only_where_every_day_of_the_quarter_is_known() -> None:
    days = [f"{day:%Y-%m-%d}" for day in pd.date_range("2026-01-01", "2026-06-30")]
    whole = plain(dict.fromkeys(days, 2))
    found = with_downloads(quarters(TABLE, "B", *ALWAYS), whole, ("A", "Z"))
    assert found["downloads"].tolist()[:2] == [2 * 90, 2 * 91]
    assert found["downloads"].isna().tolist() == [False, False, True, True]
    holed = plain({day: 2 for day in days if day != "2026-05-01"})
    found = with_downloads(quarters(TABLE, "B", *ALWAYS), holed, ("A",))
    assert found["downloads"].iloc[0] == 180
    assert math.isnan(found["downloads"].iloc[1])
    assert found["days_known"].tolist() == [90, 90]
    assert with_downloads(quarters(TABLE, "B", *ALWAYS), None, ("A",))["downloads"].isna().all()


def test_published_figures_of_cloud_business_are_those_of_the_family_and_dates() -> None:
    milestones = pd.DataFrame(
        {
            "metric": ["cloud_revenue", "cloud_revenue", "cumulative_downloads", "cloud_revenue"],
            "family": ["A", "B", "A", "A"],
            "as_of": ["2026-03-31", "2026-03-31", "2026-03-31", "soon"],
        }
    )
    assert len(cloud_figures(milestones, ("A",), *ALWAYS)) == 1
    assert cloud_figures(milestones, ("A",), DAY("2026-04-01"), DAY("2026-12-31")).empty

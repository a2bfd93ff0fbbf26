"""Shares laid over each other, by hand and against plain Python on the CSV file."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NothingToShow
from core.measure.closes import closes
from core.measure.overlay import (
    levels,
    missing_sessions,
    overlay,
    reach,
    rebased,
    spans,
)
from core.measure.totals import published_totals
from tests.independent import rows

DAY = pd.Timestamp


def table(*prices: tuple[str, str, float | None], read: str | None = None) -> pd.DataFrame:
    """Rows of table ``prices`` with only an index, as the snapshot has them."""
    frame = pd.DataFrame(prices, columns=["ticker", "session", "index_100"])
    return frame.assign(
        session=pd.to_datetime(frame["session"]).astype("datetime64[ms]"),
        close=float("nan"),
        adjusted_close=float("nan"),
        currency="USD",
        source="hand",
        read_at=pd.Series(pd.Timestamp(read, tz="UTC") if read else None, index=frame.index).astype(
            "datetime64[ms, UTC]"
        ),
    )


SMALL = levels(
    table(
        ("A", "2026-01-02", 50),
        ("A", "2026-01-05", 100),
        ("A", "2026-01-06", 75),
        ("A", "2026-01-20", 150),
        ("B", "2026-01-06", 10),
        ("B", "2026-01-07", 11),
    )
)


def independent(start: str, end: str) -> dict[tuple[str, str], float]:
    """Every ticker's index, 100 at the first session all have, from the CSV file."""
    held: dict[str, dict[str, float]] = {}
    for row in rows("prices"):
        if start <= row["session"] <= end:
            held.setdefault(row["ticker"], {})[row["session"]] = float(row["index_100"])
    base = min(set.intersection(*(set(own) for own in held.values())))
    return {
        (ticker, session): 100 * value / own[base]
        for ticker, own in held.items()
        for session, value in own.items()
    }


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2025-12-29", "2026-01-23"),
        ("2023-12-01", "2026-08-20"),
        ("2026-01-12", "2026-01-12"),
        ("2026-01-10", "2026-01-19"),
        ("2020-01-01", "2030-01-01"),
    ],
)
def test_real_shares_are_what_plain_python_makes_of_them(start: str, end: str) -> None:
    frame = pd.DataFrame(rows("prices")).astype({"index_100": "float64"})
    prices = table(*frame[["ticker", "session", "index_100"]].itertuples(index=False, name=None))
    tickers = tuple(frame["ticker"].unique())
    result = rebased(levels(prices), tickers, DAY(start), DAY(end))
    got = {
        (ticker, f"{session:%Y-%m-%d}"): value
        for ticker, session, value in zip(
            result["ticker"], result["session"], result["value"], strict=True
        )
    }
    assert got == pytest.approx(independent(start, end))
    assert (result["change"] + 100).tolist() == pytest.approx(result["value"].tolist())


def test_first_session_of_the_range_is_100_and_only_sessions_have_a_value() -> None:
    result = rebased(SMALL, ("A",), DAY("2026-01-03"), DAY("2026-01-19"))
    assert result["session"].dt.day.tolist() == [5, 6]
    assert result["value"].tolist() == [100, 75]
    assert result["change"].tolist() == [0, -25]


def test_all_are_100_at_the_first_session_they_share() -> None:
    result = overlay(SMALL, ("A", "B"), DAY("2026-01-01"), DAY("2026-01-31"))
    assert result.base == DAY("2026-01-06")
    # A is 50, 100, 75 and 150, B 10 and 11: both are divided by their value on the 6th.
    expected = [100 * 50 / 75, 100 * 100 / 75, 100, 200, 100, 110]
    assert result.rows["value"].tolist() == pytest.approx(expected)


def test_without_a_common_session_each_begins_at_its_own() -> None:
    series = levels(table(("A", "2026-01-05", 4), ("A", "2026-01-06", 6), ("B", "2026-01-07", 5)))
    result = overlay(series, ("A", "B"), DAY("2026-01-01"), DAY("2026-01-31"))
    assert result.base is None
    assert result.standing["base"].tolist() == [DAY("2026-01-05"), DAY("2026-01-07")]
    assert result.rows["value"].tolist() == [100, 150, 100]


def test_line_breaks_where_another_share_of_the_exchange_had_a_session() -> None:
    days = ("2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08")
    series = levels(
        table(
            *(("A", day, 1) for day in days if day != "2026-01-06"),
            *(("B", day, 1) for day in days),
            *(("9988.HK", day, 1) for day in days if day != "2026-01-07"),
        )
    )
    around = (DAY("2026-01-01"), DAY("2026-01-31"))
    lines = rebased(series, ("A", "9988.HK"), *around).groupby("ticker")["segment"].agg(list)
    # Hong Kong's own sessions are all there; New York's of the 6th is not.
    assert lines.to_dict() == {"A": [0, 1, 1], "9988.HK": [0, 0, 0]}
    missing = missing_sessions(series, ("A", "B", "9988.HK"), *around)
    assert missing.to_numpy().tolist() == [["A", DAY("2026-01-06")]]


def test_session_that_is_not_in_yet_is_missing_but_none_before_the_first() -> None:
    series = levels(
        table(
            ("A", "2026-01-05", 1),
            ("A", "2026-01-06", 1),
            ("B", "2026-01-06", 1),
            ("B", "2026-01-07", 1),
        )
    )
    missing = missing_sessions(series, ("A", "B", "X"), DAY("2026-01-01"), DAY("2026-01-31"))
    assert missing.to_numpy().tolist() == [["A", DAY("2026-01-07")]]
    assert missing_sessions(series, ("X",), DAY("2026-01-01"), DAY("2026-01-31")).empty


def test_closes_are_those_of_the_newest_version_of_the_source() -> None:
    old = table(("A", "2026-01-05", 1), read="2026-01-06").assign(close=7.0, source="yahoo")
    new = table(("A", "2026-01-05", 1), ("A", "2026-01-06", 1), read="2026-01-07")
    new = new.assign(close=[8.0, float("nan")], source="yahoo")
    other = table(("B", "2026-01-05", 1)).assign(close=9.0)
    found = closes(pd.concat([new, old, other], ignore_index=True), "yahoo")
    assert found[["ticker", "session", "close"]].to_numpy().tolist() == [
        ["A", DAY("2026-01-05"), 8.0]
    ]


def test_tickers_come_in_the_order_asked_for_and_once() -> None:
    result = rebased(SMALL, ("B", "A", "B"), DAY("2026-01-01"), DAY("2026-01-31"))
    assert result["ticker"].tolist() == ["B"] * 2 + ["A"] * 4


def test_hole_starts_a_new_segment_but_a_long_weekend_does_not() -> None:
    days = ("2026-01-02", "2026-01-08", "2026-01-15", "2026-01-16", "2026-01-26")
    series = levels(table(*(("A", day, 1) for day in days)))
    result = rebased(series, ("A",), DAY("2026-01-01"), DAY("2026-02-01"))
    # Five days are missing before the 8th, six before the 15th.
    assert result["segment"].tolist() == [0, 0, 1, 1, 2]


def test_no_hole_in_the_shares_of_the_snapshot() -> None:
    sessions: dict[str, list[date]] = {}
    for row in rows("prices"):
        sessions.setdefault(row["ticker"], []).append(date.fromisoformat(row["session"]))
    gaps = [b - a for days in sessions.values() for a, b in pairwise(sorted(days))]
    assert max(gaps) <= timedelta(days=6)


def test_what_is_not_there_is_named() -> None:
    result = overlay(SMALL, ("A", "B", "X"), DAY("2026-01-10"), DAY("2026-01-31"))
    assert result.standing["ticker"].tolist() == ["A"]
    assert result.unknown == ("X",)
    assert result.outside == ("B",)
    (row,) = result.standing.itertuples()
    assert (row.first, row.last, row.value) == (DAY("2026-01-20"), DAY("2026-01-20"), 100)
    assert (row.known_from, row.known_to) == (DAY("2026-01-02"), DAY("2026-01-20"))


def test_share_whose_data_begin_within_the_range_is_later() -> None:
    every = overlay(SMALL, ("A", "B"), DAY("2026-01-01"), DAY("2026-01-31"))
    assert [part.ticker for part in every.later] == ["B"]
    from_the_sixth = overlay(SMALL, ("A", "B"), DAY("2026-01-06"), DAY("2026-01-31"))
    assert from_the_sixth.later == ()
    alone = overlay(SMALL, ("B",), DAY("2026-01-01"), DAY("2026-01-31"))
    assert alone.later == ()


@pytest.mark.parametrize(
    ("tickers", "start", "end", "sentence"),
    [
        ((), "2026-01-01", "2026-02-01", "No share is chosen."),
        (("X", "'; --"), "2026-01-01", "2026-02-01", "The data hold no prices of X, '; --."),
        (("B",), "2025-01-01", "2026-01-05", "run from 2026-01-06 to 2026-01-07."),
        (("B",), "2026-02-01", "2026-03-01", "run from 2026-01-06 to 2026-01-07."),
        (("A", "X"), "2026-01-10", "2026-01-10", "no session of A on 2026-01-10."),
        (("A",), "2026-01-10", "2026-01-11", "The exchange was closed, or the data have a hole"),
        (("A",), "2026-02-01", "2026-01-01", "There is no session of A"),
    ],
)
def test_nothing_is_refused_in_words(
    tickers: tuple[str, ...], start: str, end: str, sentence: str
) -> None:
    with pytest.raises(NothingToShow) as caught:
        overlay(SMALL, tickers, DAY(start), DAY(end))
    assert sentence in caught.value.sentence


def test_newest_version_of_a_ticker_counts_as_a_whole() -> None:
    old = table(("A", "2026-01-02", 100), ("A", "2026-01-05", 200), ("B", "2026-01-02", 1))
    new = table(("A", "2026-01-02", 50), ("A", "2026-01-05", 50), read="2026-02-01")
    series = levels(pd.concat([new, old], ignore_index=True))
    assert series.groupby("ticker")["level"].agg(list).to_dict() == {"A": [50, 50], "B": [1]}


def test_adjusted_closes_count_where_all_rows_have_one() -> None:
    prices = table(("A", "2026-01-02", 1), ("A", "2026-01-05", 2), ("B", "2026-01-02", 3))
    prices["adjusted_close"] = [10.0, float("nan"), 30.0]
    assert levels(prices)["level"].tolist() == [1, 2, 30]


def test_levels_that_are_none_are_left_out() -> None:
    values = [None, 0, -1, float("inf"), 5]
    series = levels(table(*(("A", f"2026-01-0{at}", value) for at, value in enumerate(values, 1))))
    assert series["level"].tolist() == [5]


def test_spans_of_some_or_else_of_all() -> None:
    assert spans(SMALL, ("B",)).index.tolist() == ["B"]
    assert spans(SMALL).index.tolist() == spans(SMALL, ("X",)).index.tolist() == ["A", "B"]
    assert reach(SMALL, ("B", "X")) == (DAY("2026-01-06"), DAY("2026-01-07"))
    assert reach(SMALL) == (DAY("2026-01-02"), DAY("2026-01-20"))
    assert reach(SMALL.head(0)) is None


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@given(
    st.dictionaries(DAYS, st.floats(0.01, 1e6), min_size=1),
    DAYS,
    DAYS,
)
def test_index_depends_on_nothing_but_ratios(
    prices: dict[date, float], start: date, end: date
) -> None:
    asked = (DAY(start), DAY(end))
    one = levels(table(*(("A", str(day), price) for day, price in prices.items())))
    other = levels(table(*(("A", str(day), 7 * price) for day, price in prices.items())))
    inside = sorted(day for day in prices if start <= day <= end)
    if not inside:
        with pytest.raises(NothingToShow):
            rebased(one, ("A",), *asked)
        return
    result = rebased(one, ("A",), *asked)
    assert [session.date() for session in result["session"]] == inside
    expected = [100 * prices[day] / prices[inside[0]] for day in inside]
    assert result["value"].tolist() == pytest.approx(expected)
    assert rebased(other, ("A",), *asked)["value"].tolist() == pytest.approx(expected)


def totals(*dated: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "as_of": list(dated),
            "family": "A",
            "metric": "cumulative_downloads",
            "value": 1.0,
            "source_url": "https://example.org",
        }
    )


def test_totals_are_those_whose_day_month_or_year_touches_the_range() -> None:
    table = totals("2026-01", "2026-01-13", "2025", "2026-02-01", "soon")
    found = published_totals(table, ("A",), DAY("2026-01-20"), DAY("2026-01-31"))
    assert found["as_of"].tolist() == ["2026-01"]
    every = published_totals(table, ("A",), DAY("2025-12-31"), DAY("2026-02-01"))
    assert every["as_of"].tolist() == ["2025", "2026-01", "2026-01-13", "2026-02-01"]


@pytest.mark.parametrize(
    ("families", "sentence", "advice"),
    [
        ((), "No family is chosen.", ""),
        (("B",), "No total of all downloads so far has been published for B.", ""),
        (("A", "B"), "for A and B is dated on 2026-03-01", "Those known are dated from 2025-01-01"),
    ],
)
def test_totals_that_are_none_are_refused_in_words(
    families: tuple[str, ...], sentence: str, advice: str
) -> None:
    with pytest.raises(NothingToShow) as caught:
        published_totals(totals("2025", "soon"), families, DAY("2026-03-01"), DAY("2026-03-01"))
    assert sentence in caught.value.sentence
    assert advice in caught.value.advice

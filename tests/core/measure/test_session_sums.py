"""Downloads laid on sessions, by hand and against plain Python on real session dates."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pandas as pd
import pytest

from core.measure.history import History, history
from core.measure.session_sums import session_sums
from tests.conftest import ROOT

DAY = pd.Timestamp
PRICES = ROOT.parent / "shared" / "data" / "prices"
SESSIONS = pd.DatetimeIndex(
    ["2026-01-08", "2026-01-09", "2026-01-12", "2026-01-13", "2026-01-14", "2026-01-15"]
)
"""Thursday and Friday, then Monday to Thursday."""


def daily(figures: dict[str, tuple[int, int, bool]], family: str = "A") -> History:
    """A history from ``{day: (downloads, days that they cover, whether over)}``."""
    rows = pd.DataFrame(
        [(family, day, *figure) for day, figure in figures.items()],
        columns=["family", "day", "downloads", "days", "complete"],
    )
    rows = rows.assign(
        model_id=pd.Series([None] * len(rows), dtype="str"),
        day=pd.to_datetime(rows["day"]).astype("datetime64[ms]"),
        basis="official",
        source="modelpulse",
        all_time=pd.Series(pd.NA, index=rows.index, dtype="Int64"),
    )
    return history(rows, "official")


def plain(days: dict[str, int]) -> History:
    return daily({day: (downloads, 1, True) for day, downloads in days.items()})


WEEK = {f"2026-01-{day:02}": 10**at for at, day in enumerate(range(9, 16))}
"""1 on Friday the 9th, then ten times as many every day."""


def sums(found: History, sessions: pd.DatetimeIndex = SESSIONS, **dates: str) -> dict[str, object]:
    result = session_sums(
        found, "A", sessions, DAY(dates.get("start", "2026-01-01")), DAY("2026-01-31")
    )
    return {
        "sums": dict(
            zip(result.rows["session"].dt.day, result.rows["downloads"].astype(int), strict=True)
        ),
        "days": result.rows["days"].tolist(),
        "segments": result.rows["segment"].tolist(),
        "unknown": [day.day for day in result.unknown],
        "unfinished": [day.day for day in result.unfinished],
    }


def test_weekend_is_mondays_and_every_other_day_its_own() -> None:
    assert sums(plain(WEEK)) == {
        "sums": {9: 1, 12: 10 + 100 + 1000, 13: 10_000, 14: 100_000, 15: 1_000_000},
        "days": [1, 3, 1, 1, 1],
        "segments": [0, 0, 0, 0, 0],
        "unknown": [],
        "unfinished": [],
    }


def test_order_and_repeats_of_sessions_do_not_matter() -> None:
    mixed = SESSIONS[[3, 0, 5, 1, 2, 4, 4]]
    assert sums(plain(WEEK), mixed) == sums(plain(WEEK))


def test_session_before_the_range_tells_where_the_first_sum_begins() -> None:
    found = sums(plain(WEEK), start="2026-01-12")
    assert found["sums"] == {12: 1110, 13: 10_000, 14: 100_000, 15: 1_000_000}


def test_unknown_day_makes_the_sum_unknown_and_breaks_the_line() -> None:
    found = sums(plain({day: n for day, n in WEEK.items() if day != "2026-01-11"}))
    assert found["sums"] == {9: 1, 13: 10_000, 14: 100_000, 15: 1_000_000}
    assert found["unknown"] == [12]
    assert found["segments"] == [0, 1, 1, 1]


def test_figure_of_several_days_counts_where_it_lies_within_one_session() -> None:
    weekend = daily(
        {"2026-01-09": (1, 1, True), "2026-01-12": (30, 3, True), "2026-01-13": (4, 1, True)}
    )
    assert sums(weekend)["sums"] == {9: 1, 12: 30, 13: 4}
    across = daily(
        {"2026-01-09": (1, 1, True), "2026-01-13": (40, 4, True), "2026-01-14": (5, 1, True)}
    )
    # Nobody knows how much of the four days belongs to Monday and how much to Tuesday.
    assert sums(across)["sums"] == {9: 1, 14: 5}
    assert sums(across)["unknown"] == [12, 13]


def test_day_that_is_not_over_makes_no_sum() -> None:
    found = sums(daily({day: (n, 1, day != "2026-01-15") for day, n in WEEK.items()}))
    assert 15 not in found["sums"]
    assert found["unfinished"] == [15]


def test_falls_of_the_counter_stay_and_holes_of_the_prices_give_no_sum() -> None:
    found = plain(WEEK | {"2026-01-13": -5})
    assert sums(found)["sums"][13] == -5
    far = pd.DatetimeIndex(["2026-01-08", "2026-01-09", "2026-01-20"])
    days = plain({f"2026-01-{day:02}": 1 for day in range(9, 21)})
    assert sums(days, far)["sums"] == {9: 1}


@pytest.mark.parametrize("sessions", [SESSIONS[:0], SESSIONS[:1]])
def test_without_two_sessions_there_is_no_sum(sessions: pd.DatetimeIndex) -> None:
    assert sums(plain(WEEK), sessions)["sums"] == {}
    assert (
        len(session_sums(plain(WEEK), "B", SESSIONS, DAY("2026-01-01"), DAY("2026-02-01")).rows)
        == 0
    )


def test_week_is_an_average_over_five_sessions_and_all_their_days() -> None:
    rows = session_sums(plain(WEEK), "A", SESSIONS, DAY("2026-01-01"), DAY("2026-01-31")).rows
    assert rows["week"].isna().tolist() == [True] * 4 + [False]
    assert rows["week"].iloc[-1] == pytest.approx(1_111_111 / 7)
    late = session_sums(plain(WEEK), "A", SESSIONS, DAY("2026-01-15"), DAY("2026-01-31")).rows
    # What lies before the range counts in its first average.
    assert late["week"].tolist() == pytest.approx([1_111_111 / 7])


@pytest.mark.parametrize("ticker", ["BABA", "0700.HK", "MSFT"])
def test_sums_on_real_sessions_are_what_plain_python_makes_of_them(ticker: str) -> None:
    path = PRICES / f"{ticker}.csv"
    if not path.exists():
        pytest.skip("the real price files are not beside this checkout")
    with path.open(encoding="utf-8", newline="") as file:
        days = sorted(date.fromisoformat(row["Date"][:10]) for row in csv.DictReader(file))
    days = [day for day in days if day >= date(2024, 7, 29)]
    chance = Random(7)  # noqa: S311 - downloads, not secrets
    every = [days[0] + timedelta(days=at) for at in range((days[-1] - days[0]).days + 1)]
    counts = {day: chance.randint(1, 10**6) for day in every if chance.random() > 0.01}
    found = plain({day.isoformat(): count for day, count in counts.items()})
    result = session_sums(found, "A", pd.DatetimeIndex(days), DAY(days[0]), DAY(days[-1]))
    expected = {}
    for before, day in pairwise(days):
        between = [before + timedelta(days=at) for at in range(1, (day - before).days + 1)]
        if len(between) <= 6 and all(one in counts for one in between):
            expected[day] = sum(counts[one] for one in between)
    got = dict(zip(result.rows["session"].dt.date, result.rows["downloads"], strict=True))
    assert got == expected
    assert len(expected) > 300
    assert {day.date() for day in result.unknown}.isdisjoint(expected)

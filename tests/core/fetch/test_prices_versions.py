"""New versions of a share's whole series: after splits, dividends and other changes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.measure.overlay import levels
from tests.core.fetch.quotes import MONDAY, Fetch, column, midnight, stored
from tests.fakes.shares import NEW_YORK

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.yahoo import YahooFake


def test_a_dividend_in_the_gap_makes_a_new_version(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    first = fetch(["BABA"])
    yahoo.now = MONDAY
    yahoo.add_dividend("BABA", date(2026, 11, 27), 2.0)
    second = fetch(["BABA"], known=stored(first, tmp_path))
    # Eighteen sessions from 2 to 25 November: the last before the dividend closed at 104.25.
    factor = 1 - 2.0 / 104.25
    before = column(first, "BABA")
    assert before[date(2026, 11, 25)] == 104.25
    closes, adjusted = column(second, "BABA"), column(second, "BABA", "adjusted_close")
    assert {day: closes[day] for day in before} == before
    assert {day: adjusted[day] for day in before} == pytest.approx(
        {day: close * factor for day, close in before.items()}, rel=1e-6
    )
    for day in (date(2026, 11, 27), date(2026, 11, 30)):
        assert adjusted[day] == closes[day]
    assert second.outcomes["BABA"].anew
    assert [int(request.first("period1")) for request in yahoo.charts()] == [
        midnight(NEW_YORK, 2026, 11, 25),
        midnight(NEW_YORK, 2023, 12, 1),
    ]


def test_a_split_in_the_gap_makes_a_new_version(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    first = fetch(["BABA"])
    yahoo.now = MONDAY
    yahoo.add_split("BABA", date(2026, 11, 30), 4.0)
    second = fetch(["BABA"], known=stored(first, tmp_path))
    expected = {day: close / 4 for day, close in column(first, "BABA").items()}
    expected |= {date(2026, 11, 27): 104.5 / 4, date(2026, 11, 30): 104.75 / 4}
    assert column(second, "BABA") == expected
    assert column(second, "BABA", "adjusted_close") == expected
    assert second.outcomes["BABA"].anew


def test_a_new_version_is_the_only_one_that_counts(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    known = stored(fetch(["BABA"]), tmp_path)
    yahoo.now = MONDAY
    yahoo.add_split("BABA", date(2026, 11, 30), 4.0)
    second = fetch(["BABA"], known=known)
    series = levels(pd.concat([known, second.rows], ignore_index=True))
    assert series["level"].max() / series["level"].min() == pytest.approx(104.75 / 100)


def test_a_change_within_the_tolerance_keeps_what_is_known(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    first = fetch(["BABA"])
    yahoo.now = MONDAY
    yahoo.add_dividend("BABA", date(2026, 11, 27), 0.01)  # 0.96e-4 of 104.25
    second = fetch(["BABA"], known=stored(first, tmp_path))
    assert not second.outcomes["BABA"].anew
    assert column(second, "BABA", "adjusted_close")[date(2026, 11, 2)] == 100
    yahoo.add_dividend("BABA", date(2026, 11, 27), 0.0105)  # 1.007e-4
    assert fetch(["BABA"], known=stored(first, tmp_path)).outcomes["BABA"].anew


def test_another_currency_is_another_series(yahoo: YahooFake, fetch: Fetch, tmp_path: Path) -> None:
    known = stored(fetch(["BABA"]), tmp_path)
    yahoo.now = MONDAY
    yahoo.series["BABA"].currency = "CNY"
    fetched = fetch(["BABA"], known=known)
    assert set(fetched.rows["currency"]) == {"CNY"}
    assert fetched.outcomes["BABA"].anew


def test_only_the_newest_known_version_counts(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    first = stored(fetch(["BABA"]), tmp_path)
    older = first.assign(
        close=first["close"] * 2,
        adjusted_close=first["adjusted_close"] * 2,
        read_at=first["read_at"] - pd.Timedelta(days=1),
    )
    yahoo.now = MONDAY
    fetched = fetch(["BABA"], known=pd.concat([first, older], ignore_index=True))
    assert not fetched.outcomes["BABA"].anew
    assert column(fetched, "BABA")[date(2026, 11, 2)] == 100

"""Which sessions are read, left out, missed and asked for again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.core.fetch.quotes import MONDAY, Fetch, column, midnight, missing, of, share, stored
from tests.fakes.shares import NEW_YORK

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.yahoo import YahooFake


def test_days_without_a_price_are_named(yahoo: YahooFake, fetch: Fetch) -> None:
    yahoo.series["BABA"].nan = {date(2026, 11, 24)}
    yahoo.series["BABA"].missing = {date(2026, 11, 2), date(2026, 11, 10)}
    yahoo.series["9988.HK"].missing = {date(2026, 11, 25)}
    fetched = fetch()
    # 2 November lies before the first row: the share may not have been listed then.
    assert missing(fetched) == [
        ("BABA", "2026-11-10"),
        ("BABA", "2026-11-24"),
        ("9988.HK", "2026-11-25"),
    ]
    assert len(of(fetched, "BABA")) == 18 - 3
    assert fetched.rows["close"].notna().all()
    assert fetched.error is None


def test_what_was_missing_is_asked_for_again(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    yahoo.series["BABA"].nan = {date(2026, 11, 24)}
    known = stored(fetch(["BABA"]), tmp_path)
    assert missing(fetch(["BABA"], known=known)) == [("BABA", "2026-11-24")]  # fresh, yet missing
    yahoo.now = MONDAY
    yahoo.series["BABA"].nan = set()
    fetched = fetch(["BABA"], known=known)
    asked = [int(request.first("period1")) for request in yahoo.charts()]
    assert asked == [midnight(NEW_YORK, 2026, 11, 23)]
    assert missing(fetched) == []
    assert list(of(fetched, "BABA").index) == sorted(of(fetched, "BABA").index)
    assert len(of(fetched, "BABA")) == 20


def test_an_old_hole_is_left_alone(yahoo: YahooFake, fetch: Fetch, tmp_path: Path) -> None:
    yahoo.series["BABA"] = share("BABA", date(2026, 9, 1), missing={date(2026, 9, 10)})
    known = stored(fetch(["BABA"]), tmp_path)
    yahoo.now = MONDAY
    fetched = fetch(["BABA"], known=known)
    asked = [int(request.first("period1")) for request in yahoo.charts()]
    assert asked == [midnight(NEW_YORK, 2026, 11, 25)]
    assert missing(fetched) == [("BABA", "2026-09-10")]


def test_after_a_long_pause_nothing_is_left_out(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    yahoo.series["BABA"] = share("BABA", date(2026, 8, 3))
    yahoo.now = datetime(2026, 8, 14, 22, tzinfo=UTC)
    known = stored(fetch(["BABA"]), tmp_path)
    yahoo.now = MONDAY
    fetched = fetch(["BABA"], known=known)
    asked = [int(request.first("period1")) for request in yahoo.charts()]
    assert asked == [midnight(NEW_YORK, 2026, 8, 14)]
    assert missing(fetched) == []


def test_a_known_close_that_yahoo_loses_is_kept(
    yahoo: YahooFake, fetch: Fetch, tmp_path: Path
) -> None:
    known = stored(fetch(["BABA"]), tmp_path)
    yahoo.now = MONDAY
    yahoo.series["BABA"].nan = {date(2026, 11, 25)}
    fetched = fetch(["BABA"], known=known)
    assert len(yahoo.charts()) == 2  # nothing to compare: the whole span is read
    assert missing(fetched) == []
    assert column(fetched, "BABA")[date(2026, 11, 25)] == 104.25


def test_half_days_and_holidays_of_two_exchanges(yahoo: YahooFake, fetch: Fetch) -> None:
    for ticker in ("BABA", "9988.HK"):
        yahoo.series[ticker] = share(ticker, date(2025, 11, 20), date(2026, 3, 31))
    thanksgiving = datetime(2025, 11, 28, 18, 59, tzinfo=UTC)  # New York closed at 18:00
    yahoo.now = thanksgiving
    fetched = fetch(["BABA", "9988.HK"])
    assert max(column(fetched, "BABA")) == date(2025, 11, 26)
    assert max(column(fetched, "9988.HK")) == date(2025, 11, 28)
    yahoo.now = thanksgiving + timedelta(minutes=1)
    assert max(column(fetch(["BABA"]), "BABA")) == date(2025, 11, 28)
    yahoo.now = datetime(2025, 12, 24, 5, 0, tzinfo=UTC)  # Hong Kong closed at 12:00 there
    assert max(column(fetch(["9988.HK"]), "9988.HK")) == date(2025, 12, 24)
    yahoo.now = datetime(2026, 2, 20, 23, tzinfo=UTC)
    fetched = fetch(["BABA", "9988.HK"])
    february = [day.day for day in column(fetched, "9988.HK") if day >= date(2026, 2, 13)]
    assert february == [13, 16, 20]
    assert missing(fetched) == []


@pytest.mark.parametrize("live_row", [False, True])
def test_an_unfinished_session_is_left_out(
    yahoo: YahooFake,
    fetch: Fetch,
    live_row: bool,  # noqa: FBT001
) -> None:
    yahoo.series["BABA"].live_row = yahoo.series["9988.HK"].live_row = live_row
    yahoo.now = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)  # an hour before New York closes
    assert max(column(fetch(["BABA"]), "BABA")) == date(2026, 11, 24)
    yahoo.now = datetime(2026, 11, 25, 21, 59, tzinfo=UTC)
    fetched = fetch(["BABA"])
    assert max(column(fetched, "BABA")) == date(2026, 11, 24)
    assert fetched.outcomes["BABA"].dropped == 0
    yahoo.now = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)
    assert column(fetch(["BABA"]), "BABA")[date(2026, 11, 25)] == 104.25
    yahoo.now = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)  # Hong Kong trades
    assert max(column(fetch(["9988.HK"]), "9988.HK")) == date(2026, 11, 25)


def test_days_that_are_no_sessions_are_dropped_and_counted(yahoo: YahooFake, fetch: Fetch) -> None:
    series = yahoo.series["BABA"]
    saturday = date(2026, 11, 7)
    series.sessions = sorted([*series.sessions, saturday])
    series.close = [100.0] * len(series.sessions)
    fetched = fetch(["BABA"])
    assert saturday not in column(fetched, "BABA")
    assert fetched.outcomes["BABA"].dropped == 1

"""When figures are due, by cases worked out by hand from the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from core.measure.due import (
    Standing,
    attempted_lately,
    due,
    hub_due,
    last_close,
    prices_due,
    states,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def refreshes(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Rows of (source, beginning, outcome), each of which took a minute."""
    frame = pd.DataFrame(rows, columns=["source", "started_at", "outcome"])
    began = pd.to_datetime(frame["started_at"], utc=True)
    return frame.assign(
        started_at=began,
        finished_at=began + pd.Timedelta(minutes=1),
        rows=0,
        requests=0,
        message=frame["outcome"].map(lambda outcome: None if outcome == "ok" else "It is *shut*."),
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], True),
        ([("hub", "2026-11-25 00:00", "ok")], False),  # twelve hours to the minute
        ([("hub", "2026-11-24 23:59", "ok")], True),
        ([("hub", "2026-11-25 11:00", "SourceSilent")], True),
        ([("yahoo", "2026-11-25 11:00", "ok")], True),
        ([("hub", "2026-11-25 11:00", "SourceSilent"), ("hub", "2026-11-25 03:00", "ok")], False),
    ],
)
def test_hub_is_due_twelve_hours_after_a_good_refresh(
    rows: list[tuple[str, str, str]], *, expected: bool
) -> None:
    assert hub_due(refreshes(*rows), at("2026-11-25 12:00")) is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # Wednesday in winter: Hong Kong at 16:00 is 08:00 UTC, New York 21:00 UTC.
        ("2026-11-25 08:59", "2026-11-24 22:00"),
        ("2026-11-25 09:00", "2026-11-25 09:00"),
        ("2026-11-25 21:59", "2026-11-25 09:00"),
        ("2026-11-25 22:00", "2026-11-25 22:00"),
        # In summer New York closes at 20:00 UTC; Hong Kong has no summer time.
        ("2026-07-15 20:59", "2026-07-15 09:00"),
        ("2026-07-15 21:00", "2026-07-15 21:00"),
        # Summer time ended on Sunday 1 November 2026, and began on Sunday 8 March.
        ("2026-10-30 21:30", "2026-10-30 21:00"),
        ("2026-11-02 21:30", "2026-11-02 09:00"),
        ("2026-03-06 21:30", "2026-03-06 09:00"),
        ("2026-03-09 21:30", "2026-03-09 21:00"),
        # From Friday evening in New York to Monday afternoon in Hong Kong nothing closes.
        ("2026-11-28 12:00", "2026-11-27 22:00"),
        ("2026-11-29 23:59", "2026-11-27 22:00"),
        ("2026-11-30 08:59", "2026-11-27 22:00"),
        ("2026-11-30 09:00", "2026-11-30 09:00"),
    ],
)
def test_last_close_is_an_hour_after_new_york_or_hong_kong(now: str, expected: str) -> None:
    assert last_close(at(now)) == at(expected)


def test_prices_are_due_when_an_exchange_closed_since() -> None:
    before, after = [refreshes(("yahoo", f"2026-11-25 {t}", "ok")) for t in ("08:59", "09:00")]
    assert not prices_due(before, at("2026-11-25 08:59"))
    assert prices_due(before, at("2026-11-25 09:00"))
    assert not prices_due(after, at("2026-11-25 21:59"))
    assert prices_due(after, at("2026-11-25 22:00"))
    assert prices_due(refreshes(), at("2026-11-29 12:00"))
    assert not prices_due(refreshes(("yahoo", "2026-11-27 22:30", "ok")), at("2026-11-30 08:00"))


def test_failure_is_not_repeated_within_half_an_hour() -> None:
    rows = refreshes(("hub", "2026-11-25 12:00", "SourceSilent"))
    assert attempted_lately(rows, "hub", at("2026-11-25 12:29"))
    assert not attempted_lately(rows, "hub", at("2026-11-25 12:30"))
    assert not attempted_lately(rows, "yahoo", at("2026-11-25 12:01"))
    assert attempted_lately(rows, "hub", at("2026-11-25 12:59"), minutes=60)


def test_refresh_starts_by_itself_for_a_source_that_did_not_just_fail() -> None:
    now = at("2026-11-25 12:00")
    fresh = [("hub", "2026-11-25 11:00", "ok"), ("yahoo", "2026-11-25 11:00", "ok")]
    just = ("hub", "2026-11-25 11:50", "SourceSilent")
    assert due(refreshes(), now)
    assert not due(refreshes(*fresh), now)
    assert not due(refreshes(just, fresh[1]), now)
    assert due(refreshes(just), now)  # for the prices
    assert due(refreshes(("hub", "2026-11-25 11:20", "SourceSilent"), fresh[1]), now)


def test_states_of_a_store_without_any_refresh() -> None:
    assert states(refreshes(), date(2026, 5, 10), None, at("2026-11-25 12:00")) == [
        Standing("hub", "Hugging Face", "old", date(2026, 5, 10), newest=date(2026, 5, 10)),
        Standing("yahoo", "Yahoo", "never", None),
    ]


def test_states_fresh_and_failed() -> None:
    rows = refreshes(
        ("hub", "2026-11-25 11:00", "ok"),
        ("yahoo", "2026-11-25 10:00", "ok"),
        ("yahoo", "2026-11-25 11:00", "SourceRefused"),
        ("history", "2026-11-25 11:00", "ok"),
    )
    assert states(rows, date(2026, 11, 25), date(2026, 11, 24), at("2026-11-25 12:00")) == [
        Standing("hub", "Hugging Face", "fresh", at("2026-11-25 11:01"), newest=date(2026, 11, 25)),
        Standing(
            "yahoo", "Yahoo", "failed", at("2026-11-25 11:01"), "It is *shut*.", date(2026, 11, 24)
        ),
    ]


def test_states_good_but_due_again_is_old() -> None:
    rows = refreshes(("hub", "2026-11-24 11:00", "ok"))
    standing = states(rows, date(2026, 11, 24), None, at("2026-11-25 12:00"))[0]
    assert (standing.state, standing.since) == ("old", date(2026, 11, 24))


def test_kept_history_is_told_of_only_where_it_failed() -> None:
    rows = refreshes(("history", "2026-11-25 11:00", "SourceRefused"))
    found = states(rows, None, None, at("2026-11-25 12:00"))
    assert [standing.source for standing in found] == ["hub", "yahoo", "history"]


def test_cancelled_refresh_leaves_the_state_as_it_was() -> None:
    rows = refreshes(("hub", "2026-11-25 10:00", "ok"), ("hub", "2026-11-25 11:00", "Cancelled"))
    assert states(rows, None, None, at("2026-11-25 12:00"))[0].state == "fresh"


def test_attempt_that_never_said_its_end_counts_from_its_beginning() -> None:
    rows = refreshes(("hub", "2026-11-25 11:00", "SourceSilent")).assign(finished_at=pd.NaT)
    standing = states(rows, None, None, at("2026-11-25 12:00"))[0]
    assert (standing.state, standing.since) == ("failed", at("2026-11-25 11:00"))

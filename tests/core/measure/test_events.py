"""Events: which are shown, how they are named, where their marks lie."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measure.events import NO_ROOM, in_view, kinds, lanes, named
from tests.independent import rows

DAY = pd.Timestamp


def table(*events: tuple[str, str, str, str, str]) -> pd.DataFrame:
    columns = ["date", "date_precision", "subject", "kind", "title"]
    frame = pd.DataFrame(events, columns=columns)
    return frame.assign(
        date=pd.to_datetime(frame["date"]).astype("datetime64[ms]"),
        source_name="somebody",
        source_url="https://example.org/a",
    )


SMALL = table(
    ("2026-01-12", "day", "A", "market", "up"),
    ("2026-01-01", "month", "A", "model release", "early"),
    ("2026-01-20", "approximate", "B", "model release", "about"),
    ("2026-01-15", "day", "Policy", "study", "paper"),
)
EVERY = named(SMALL, ("A", "B"))


def test_events_say_no_more_of_their_date_than_is_known() -> None:
    assert EVERY["when"].tolist() == [
        "January 2026 (day not known)",
        "12 January 2026",
        "15 January 2026",
        "about 20 January 2026",
    ]
    assert EVERY["exact"].tolist() == [False, True, True, False]
    assert EVERY["name"].tolist()[:2] == ["2026-01 A: early", "2026-01-12 A: up"]
    assert EVERY["general"].tolist() == [False, False, True, False]


def test_names_are_unique() -> None:
    twice = table(*[("2026-01-12", "day", "A", "market", "up")] * 3)
    assert named(twice, ())["name"].tolist() == [
        "2026-01-12 A: up",
        "2026-01-12 A: up (2)",
        "2026-01-12 A: up (3)",
    ]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org", True),
        ("http://example.org/a", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https:// example.org", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_web_are_kept(address: str, *, kept: bool) -> None:
    known = named(SMALL.assign(source_url=address), ())["source_url"]
    assert known.notna().all() == kept


def shown(families: tuple[str, ...], wanted: tuple[str, ...], start: str, end: str) -> list[str]:
    return in_view(EVERY, families, wanted, DAY(start), DAY(end)).rows["title"].tolist()


def test_events_of_the_families_and_of_none_in_the_range() -> None:
    assert shown(("A",), (), "2026-01-01", "2026-01-31") == ["early", "up", "paper"]
    assert shown(("B",), (), "2026-01-01", "2026-01-31") == ["paper", "about"]
    assert shown((), (), "2026-01-01", "2026-01-31") == ["paper"]
    assert shown(("A", "B"), ("model release",), "2026-01-01", "2026-01-31") == ["early", "about"]
    assert shown(("A",), ("nothing",), "2026-01-01", "2026-01-31") == []
    assert shown(("A",), (), "2026-02-01", "2026-02-28") == []


def test_event_of_a_month_is_shown_while_the_month_lasts() -> None:
    found = in_view(EVERY, ("A",), (), DAY("2026-01-14"), DAY("2026-01-31"))
    part = found.rows
    assert part["title"].tolist() == found.column("title").tolist() == ["early", "paper"]
    assert part["name"].tolist() == found.names
    assert part["position"].tolist() == pd.DatetimeIndex(found.position).tolist()
    # The first of the month stands for it and lies outside: it moves to the edge.
    assert part["position"].tolist() == [DAY("2026-01-14"), DAY("2026-01-15")]


def test_kinds_by_frequency() -> None:
    assert kinds(SMALL) == ["model release", "market", "study"]


def test_every_event_of_the_snapshot_is_named() -> None:
    frame = pd.DataFrame(rows("events"))
    events = frame.assign(date=pd.to_datetime(frame["date"]).astype("datetime64[ms]"))
    every = named(events, ("Qwen",))
    assert len(every) == len(events) == every["name"].nunique()
    assert set(events["date_precision"]) == {"day", "month", "approximate"}
    unknown = every[every["source_url"].isna()]
    assert unknown["kind"].eq("market news").all()


def test_table_without_a_row() -> None:
    nothing = named(SMALL.head(0), ("A",))
    found = in_view(nothing, ("A",), (), DAY("2026-01-01"), DAY("2026-02-01"))
    assert len(found) == len(found.rows) == len(found.names) == 0


@pytest.mark.parametrize(
    ("positions", "most", "expected"),
    [
        ([], 3, []),
        ([5], 3, [0]),
        ([0, 10, 20], 3, [0, 0, 0]),
        ([0, 1, 2, 12], 3, [0, 1, 2, 0]),
        ([0, 0, 0, 0], 3, [0, 1, 2, NO_ROOM]),
        ([0, 9, 10, 19], 3, [0, 1, 0, 1]),
        ([0, 0, 5, 10], 1, [0, NO_ROOM, NO_ROOM, 0]),
    ],
)
def test_marks_ten_apart(positions: list[float], most: int, expected: list[int]) -> None:
    assert lanes(positions, 10, most) == expected


@given(
    st.lists(st.floats(0, 1000), max_size=60).map(sorted), st.floats(0.5, 100), st.integers(1, 9)
)
def test_marks_in_a_lane_never_touch_and_none_is_left_out_without_need(
    positions: list[float], gap: float, most: int
) -> None:
    chosen = lanes(positions, gap, most)
    assert len(chosen) == len(positions)
    last: dict[int, float] = {}
    for position, lane in zip(positions, chosen, strict=True):
        free = [at for at in range(most) if at not in last or position - last[at] >= gap]
        assert lane == (free[0] if free else NO_ROOM)
        if lane != NO_ROOM:
            last[lane] = position

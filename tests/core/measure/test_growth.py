from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NothingToShow
from core.measure.families import FamilyRules
from core.measure.growth import daily_from_readings, falls, family_daily, of_family
from core.schemas import DAILY, READINGS
from core.store import parquet
from tests.core.frames import family

if TYPE_CHECKING:
    from pathlib import Path

Reading = tuple[str, str, int | None]
"""Model, moment (UTC) and its all-time counter."""


def readings(*rows: Reading, source: str = "hub") -> pd.DataFrame:
    """Rows of READINGS, as the store reads them."""
    frame = pd.DataFrame(rows, columns=["model_id", "read_at", "downloads_all_time"])
    return pd.DataFrame(
        {
            "model_id": frame["model_id"].astype("str"),
            "read_at": pd.to_datetime(frame["read_at"], format="ISO8601", utc=True).astype(
                "datetime64[ms, UTC]"
            ),
            "downloads_30d": pd.array([None] * len(frame), dtype="Int64"),
            "downloads_all_time": frame["downloads_all_time"].astype("Int64"),
            "likes": pd.array([None] * len(frame), dtype="Int64"),
            "source": pd.Series([source] * len(frame), dtype="str"),
        }
    )[[column.name for column in READINGS.columns]]


def told(daily: pd.DataFrame) -> list[tuple[str, str, int, bool, bool]]:
    return [
        (row.model_id, f"{row.day:%Y-%m-%d}", row.downloads, row.complete, row.fell)
        for row in daily.itertuples()
    ]


def test_a_day_is_the_first_reading_of_the_next_less_its_own_first() -> None:
    daily = daily_from_readings(
        readings(
            ("a/x", "2026-11-02T06:30", 150),
            ("a/x", "2026-11-01T18:00", 140),
            ("a/x", "2026-11-01T06:00", 100),
            ("a/x", "2026-11-03T06:00", 175),
        )
    )
    assert told(daily) == [
        ("a/x", "2026-11-01", 50, True, False),
        ("a/x", "2026-11-02", 25, True, False),
    ]
    assert daily["downloads"].dtype == "int64"
    assert daily["complete"].dtype == "bool"
    assert str(daily["day"].dtype) == "datetime64[ms]"


@pytest.mark.parametrize(
    ("later", "complete"),
    [
        ("2026-11-02T09:00:00", True),
        ("2026-11-02T08:59:59", False),
        ("2026-11-02T11:00:00", True),
        ("2026-11-02T11:00:01", False),
    ],
)
def test_complete_is_23_to_25_hours_apart(later: str, *, complete: bool) -> None:
    daily = daily_from_readings(readings(("a/x", "2026-11-01T10:00", 1), ("a/x", later, 2)))
    assert daily["complete"].tolist() == [complete]


def test_a_fall_is_kept_below_zero() -> None:
    daily = daily_from_readings(
        readings(
            ("a/x", "2026-11-01", 1000), ("a/x", "2026-11-02", 400), ("a/x", "2026-11-03", 450)
        )
    )
    assert told(daily) == [
        ("a/x", "2026-11-01", -600, True, True),
        ("a/x", "2026-11-02", 50, True, False),
    ]
    assert falls(daily).to_dict("records") == [
        {"model_id": "a/x", "day": pd.Timestamp("2026-11-01"), "downloads": -600}
    ]


def test_gaps_other_sources_and_readings_without_a_counter_give_no_row() -> None:
    rows = pd.concat(
        [
            readings(("a/x", "2026-11-01", 1), ("a/x", "2026-11-03", 9)),
            readings(("a/y", "2026-11-01", 1), ("a/y", "2026-11-02", None)),
            readings(("a/z", "2026-11-01", 1)),
            readings(("b/a", "2026-11-02", 9)),
            readings(("a/w", "2026-11-01", 1), ("a/w", "2026-11-02", 3), source="lists"),
        ]
    )
    assert daily_from_readings(rows).empty
    assert told(daily_from_readings(rows, "lists")) == [("a/w", "2026-11-01", 2, True, False)]


def test_a_reading_without_a_counter_leaves_the_day_to_the_next_one() -> None:
    daily = daily_from_readings(
        readings(
            ("a/x", "2026-11-01T05:00", None),
            ("a/x", "2026-11-01T06:00", 7),
            ("a/x", "2026-11-02T06:00", 9),
        )
    )
    assert daily["downloads"].tolist() == [2]


def test_no_readings_give_an_empty_frame_of_the_same_columns() -> None:
    empty = daily_from_readings(readings(("a/x", "2026-11-01", 1)).iloc[:0])
    assert list(empty.columns) == [
        "model_id",
        "day",
        "downloads",
        "all_time",
        "complete",
        "fell",
    ]
    assert family_daily(empty, FamilyRules([])).empty
    assert falls(empty).empty


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a/x", "a/y", "b/z"]),
            st.integers(min_value=0, max_value=6 * 24 * 60),
            st.integers(min_value=0, max_value=1000),
        ),
        unique_by=lambda row: row[:2],
        max_size=40,
    )
)
def test_days_are_those_of_a_loop(rows: list[tuple[str, int, int]]) -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    first: dict[tuple[str, object], tuple[datetime, int]] = {}
    for model, minute, counter in sorted(rows, reverse=True):
        moment = start + timedelta(minutes=minute)
        first[model, moment.date()] = (moment, counter)
    expected = []
    for (model, day), (moment, counter) in sorted(first.items(), key=lambda item: item[0]):
        following = first.get((model, day + timedelta(days=1)))
        if following:
            apart, more = following[0] - moment, following[1] - counter
            whole = timedelta(hours=23) <= apart <= timedelta(hours=25)
            expected.append((model, day.isoformat(), more, whole, more < 0))
    moments = [
        (model, (start + timedelta(minutes=minute)).isoformat(), counter)
        for model, minute, counter in rows
    ]
    assert told(daily_from_readings(readings(*moments))) == expected


RULES = FamilyRules([family("A", ("a",)), family("B", ("b",))])


def summed(*rows: Reading) -> list[tuple[str, str, int, bool]]:
    frame = family_daily(daily_from_readings(readings(*rows)), RULES)
    return [
        (row.family, f"{row.day:%m-%d}", row.downloads, row.complete) for row in frame.itertuples()
    ]


def test_family_is_the_sum_of_its_official_models_and_nobody_elses() -> None:
    assert summed(
        ("a/x", "2026-11-01", 10),
        ("a/x", "2026-11-02", 15),
        ("a/y", "2026-11-01", 100),
        ("a/y", "2026-11-02", 90),
        ("b/z", "2026-11-01", 5),
        ("b/z", "2026-11-02", 6),
        ("c/w", "2026-11-01", 5),
        ("c/w", "2026-11-02", 600),
    ) == [("A", "11-01", -5, True), ("B", "11-01", 1, True)]


def test_total_at_the_end_of_a_day_is_that_of_all_its_models_or_unknown() -> None:
    frame = family_daily(
        daily_from_readings(
            readings(
                ("a/x", "2026-11-01", 10),
                ("a/x", "2026-11-02", 15),
                ("a/y", "2026-11-01", 100),
                ("a/y", "2026-11-02", 90),
                ("b/z", "2026-11-01T06:00", 5),
                ("b/z", "2026-11-02T14:00", 6),  # 32 hours: not one day
            )
        ),
        RULES,
    )
    assert frame["all_time"].tolist() == [105, pd.NA]
    assert frame["days"].tolist() == [1, 1]


def test_family_day_is_incomplete_where_one_part_is() -> None:
    assert summed(
        ("a/x", "2026-11-01T10:00", 10),
        ("a/x", "2026-11-02T10:00", 15),
        ("a/y", "2026-11-01T10:00", 10),
        ("a/y", "2026-11-02T16:00", 15),
    ) == [("A", "11-01", 10, False)]


def steady(model: str, *days: int) -> list[Reading]:
    return [(model, f"2026-11-{day:02}", 10 * day) for day in days]


def test_family_day_is_incomplete_where_a_model_is_missing_in_between() -> None:
    found = summed(*steady("a/x", 1, 2, 3, 4, 5), *steady("a/y", 1, 2, 4, 5))
    assert found == [
        ("A", "11-01", 20, True),
        ("A", "11-02", 10, False),
        ("A", "11-03", 10, False),
        ("A", "11-04", 20, True),
    ]


def test_last_day_is_incomplete_until_a_missing_model_is_known_to_have_gone() -> None:
    found = summed(*steady("a/x", 1, 2, 3, 4), *steady("a/y", 1, 2, 3))
    assert [row[3] for row in found] == [True, True, False]
    found = summed(*steady("a/x", 1, 2, 3, 4, 5), *steady("a/y", 1, 2, 3))
    assert [row[3] for row in found] == [True, True, True, True]


def test_new_model_does_not_make_a_day_incomplete() -> None:
    found = summed(*steady("a/x", 1, 2, 3, 4), *steady("a/y", 3, 4))
    assert [row[2:] for row in found] == [(10, True), (10, True), (20, True)]


def test_family_days_are_rows_of_the_table(tmp_path: Path) -> None:
    frame = family_daily(
        daily_from_readings(readings(*steady("a/x", 1, 2, 3))), lambda ids: ids.str[:1].str.upper()
    )
    assert list(frame.columns) == [column.name for column in DAILY.columns]
    path = tmp_path / "daily.parquet"
    parquet.write(frame, path, DAILY)
    back = parquet.read(path, DAILY)
    assert back["downloads"].tolist() == [10, 10]
    assert back["model_id"].isna().all()
    assert set(back["basis"]) == {"official"}
    assert of_family(back, "A").rows["downloads"].tolist() == [10, 10]


def daily_rows(source: str, *days: int, basis: str = "official") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "family": "A",
            "model_id": pd.Series([None] * len(days), dtype="str"),
            "day": pd.to_datetime([f"2026-11-{day:02}" for day in days]).as_unit("ms"),
            "downloads": pd.array(days, dtype="Int64"),
            "basis": basis,
            "source": source,
            "complete": pd.array([True] * len(days), dtype="boolean"),
        }
    )


def test_sources_are_never_mixed_and_the_one_with_the_newest_day_counts() -> None:
    rows = pd.concat(
        [
            daily_rows("old", 1, 2, 3, 4),
            daily_rows("new", 5, 4),
            daily_rows("new", 9, basis="with derivatives"),
        ]
    )
    found = of_family(rows, "A")
    assert (found.source, found.other_sources) == ("new", ("old",))
    assert found.rows["downloads"].tolist() == [4, 5]
    assert found.rows["complete"].dtype == "bool"


def test_rows_of_single_models_are_not_the_family() -> None:
    rows = daily_rows("hub", 1, 2).assign(model_id="a/x")
    with pytest.raises(NothingToShow, match="Downloads per day of A are not known yet") as answer:
        of_family(rows, "A")
    assert answer.value.advice.startswith("Live data bring them:")

"""The frames behind the charts, worked out by hand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.draw.leaderboard import bar_rows, index_data, model_rows, spaced
from core.draw.milestones import milestone_rows
from core.draw.timeline import span_data
from core.measure.leaderboard import index_over_time, leaderboard, models
from core.measure.milestones import of_family
from tests.core.frames import MONDAY, TUESDAY, WEDNESDAY, official

READINGS = official(
    {
        MONDAY: {"Alpha": [100] * 5, "Beta": [1000] * 5},
        TUESDAY: {"Alpha": [100] * 5, "Beta": [1000] * 5},
        WEDNESDAY: {"Alpha": [200] * 5, "Beta": [500] * 5},
    }
)
NO_ARTEFACTS = pd.DataFrame({"start": [], "end": [], "kind": [], "what": []}).astype(
    {"start": "datetime64[ms]", "end": "datetime64[ms]"}
)


def test_bars_are_in_order_with_labels_of_what_they_show() -> None:
    rows = bar_rows(leaderboard(READINGS, MONDAY), "downloads")
    assert rows["family"].tolist() == ["Beta", "Alpha"]
    assert rows["amount"].tolist() == [5000, 500]
    assert rows["label"].tolist() == ["5k", "500"]
    assert (rows["room"] > rows["amount"]).all()


def test_bars_of_shares_are_labelled_in_percent() -> None:
    rows = bar_rows(leaderboard(READINGS, MONDAY), "share")
    assert rows["amount"].tolist() == pytest.approx([10 / 11, 1 / 11])
    assert rows["label"].tolist() == ["90.9%", "9.1%"]


def test_lines_end_in_labels_from_the_lowest_up() -> None:
    data = index_data(index_over_time(READINGS, MONDAY, WEDNESDAY), NO_ARTEFACTS)
    assert data["labels"]["label"].tolist() == ["Beta 50", "Alpha 200"]
    assert data["labels"]["height"].tolist() == [50, 200]
    assert set(data["labels"]["day"]) == {WEDNESDAY}
    assert data["marks"].empty


def test_marks_are_cut_to_the_days_drawn_and_open_ones_reach_the_last() -> None:
    artefacts = pd.DataFrame(
        {
            "start": pd.to_datetime(["2025-01-01", "2026-01-06"]),
            "end": pd.to_datetime(["2027-01-01", None]),
            "kind": ["gap", "method"],
            "what": ["a", "b"],
        }
    )
    marks = index_data(index_over_time(READINGS, MONDAY, WEDNESDAY), artefacts)["marks"]
    assert marks["start"].tolist() == [MONDAY, TUESDAY]
    assert marks["end"].tolist() == [WEDNESDAY, WEDNESDAY]


def test_models_are_the_ten_most_downloaded_under_their_own_names() -> None:
    readings = official({MONDAY: {"Alpha": list(range(1000, 13_000, 1000))}})
    rows = model_rows(models(readings, "Alpha", MONDAY, None))
    assert rows["model"].tolist() == [f"Alpha/{number}" for number in range(12, 2, -1)]
    assert rows["label"].tolist()[0] == "12 · 12k"
    assert rows["share"].tolist()[0] == "15.4%"


def milestones(*rows: tuple[str, float | None, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["as_of", "value", "unit"])
    return of_family(
        table.assign(
            family="A",
            metric="user_count",
            subject="s",
            source_name="n",
            source_url="https://example.org",
            note=None,
        ),
        "A",
    )


def drawn(figures: pd.DataFrame, now: date) -> pd.DataFrame:
    return milestone_rows(figures, "Number of users", now)


def test_only_figures_that_count_the_same_are_drawn_together() -> None:
    figures = milestones(("2025", 7, "users"), ("2024", 8, "models"))
    figures["counts"] = ["Number of users", "Number of models"]
    assert drawn(figures, date(2026, 5, 1))["value"].tolist() == [7]


def test_figures_of_which_none_has_a_date_draw_nothing() -> None:
    assert drawn(milestones(("soon", 7, "users")), date(2026, 5, 1)).empty


def test_month_is_a_span_with_its_middle_and_ends_no_later_than_today() -> None:
    rows = drawn(milestones(("2026-05", 5, "users")), date(2026, 5, 11))
    assert rows["first_day"][0] == pd.Timestamp("2026-05-01")
    assert rows["last_day"][0] == pd.Timestamp("2026-05-11")
    assert rows["middle"][0] == pd.Timestamp("2026-05-06")


def test_day_is_a_point() -> None:
    (row,) = drawn(milestones(("2026-01-12", 5, "users")), date(2026, 5, 1)).itertuples()
    assert row.first_day == row.middle == row.last_day == pd.Timestamp("2026-01-12")


def test_figures_that_are_no_number_or_have_no_date_are_not_drawn() -> None:
    rows = milestones(("2026-01", None, "month"), ("soon", 5, "users"), ("2025", 7, "users"))
    assert drawn(rows, date(2026, 5, 1))["as_of"].tolist() == ["2025"]


def test_note_that_is_missing_is_empty() -> None:
    assert drawn(milestones(("2025", 7, "x")), date(2026, 5, 1))["note"].tolist() == [""]


@pytest.mark.parametrize(
    ("value", "unit", "figure", "label"),
    [
        (9.8, "% intraday", "9.8 % intraday", "9.8"),
        (3.75, "%", "3.75 %", "3.75"),
        (20.45, "times the median", "20.45 times the median", "20.45"),
        (44, "% (peak)", "44 % (peak)", "44"),
        (700_000_000, "more than", "700.0 million more than", "700M"),
        (113_000, "models", "113,000 models", "113k"),
    ],
)
def test_published_figure_is_quoted_as_it_was_published(
    value: float, unit: str, figure: str, label: str
) -> None:
    (row,) = drawn(milestones(("2025", value, unit)), date(2026, 5, 1)).itertuples()
    assert (row.figure, row.label) == (figure, label)


def test_label_of_several_bars_is_written_once() -> None:
    rows = pd.DataFrame({"label": ["a", "b", "a"], "words": ["1", "2", "3"]})
    data = span_data(rows)
    assert data["labels"]["label"].tolist() == ["a", "b"]
    assert data["rows"] is rows


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        ([5], [5]),
        ([5, 30], [5, 30]),
        ([50, 55], [47.5, 57.5]),
        ([50, 50, 50], [40, 50, 60]),
        ([50, 55, 100], [47.5, 57.5, 100]),
        ([50, 58, 61], [46 + 1 / 3, 56 + 1 / 3, 66 + 1 / 3]),
        ([1, 2], [0, 10]),
        ([1, 2, 12], [0, 10, 20]),
    ],
)
def test_labels_ten_apart(values: list[float], expected: list[float]) -> None:
    assert spaced(values, 10, floor=0) == pytest.approx(expected)


POSITIONS = st.lists(st.floats(0, 1000), max_size=16).map(sorted)
GAPS = st.floats(0.5, 50)


@given(POSITIONS, GAPS, st.floats(-100, 100))
def test_labels_keep_order_distance_and_floor(
    values: list[float], gap: float, floor: float
) -> None:
    positions = spaced(values, gap, floor)
    assert len(positions) == len(values)
    assert all(position >= floor for position in positions)
    assert all(after - before >= gap - 1e-6 for before, after in pairwise(positions))


@given(POSITIONS, GAPS)
def test_labels_that_are_apart_stay_where_they_are(values: list[float], gap: float) -> None:
    assume(all(after - before >= gap for before, after in pairwise(values)))
    assert spaced(values, gap, floor=0) == pytest.approx(values)


@given(POSITIONS, GAPS)
def test_labels_that_touch_keep_their_mean(values: list[float], gap: float) -> None:
    positions = spaced(values, gap, floor=-10_000)
    assert sum(positions) == pytest.approx(sum(values), abs=1e-6)
    group: list[int] = []
    for at in range(len(positions)):
        group.append(at)
        ends = at + 1 == len(positions) or positions[at + 1] - positions[at] > gap + 1e-6
        if ends:
            moved = sum(positions[one] for one in group) - sum(values[one] for one in group)
            assert moved == pytest.approx(0, abs=1e-6)
            group = []


def test_labels_are_written_only_where_they_have_room() -> None:
    # Newest first. Of three billions within two weeks only the newest has its label.
    figures = milestones(
        ("2025-01-31", 300e6, "users"),
        ("2026-01-13", 1e9, "users"),
        ("2026-01-20", 1e9, "users"),
        ("2026-01-27", 1e9, "users"),
    )
    assert drawn(figures, date(2026, 5, 1))["label"].tolist() == ["1B", "", "", "300M"]
    # Two of them alone have the whole width to themselves.
    assert drawn(figures.head(2), date(2026, 5, 1))["label"].tolist() == ["1B", "1B"]

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.measure import readings
from core.measure.families import FamilyRules
from core.schemas import READINGS
from tests.core.frames import MONDAY, TUESDAY, family
from tests.independent import DAYS
from tests.independent import official as official_by_hand

if TYPE_CHECKING:
    from core.ui.site import Site

RULES = FamilyRules([family("Alpha", ("alpha",)), family("Beta", ("beta",), "^b")])


def table(rows: list[tuple[str, str, int | None, str]]) -> pd.DataFrame:
    """Readings as the store has them, from (model_id, moment, downloads_30d, source)."""
    frame = pd.DataFrame(rows, columns=["model_id", "read_at", "downloads_30d", "source"])
    return frame.assign(
        model_id=frame["model_id"].astype("str"),
        read_at=pd.to_datetime(frame["read_at"], utc=True).astype("datetime64[ms, UTC]"),
        downloads_30d=frame["downloads_30d"].astype("Int64"),
        downloads_all_time=pd.Series(pd.NA, index=frame.index, dtype="Int64"),
        likes=pd.Series(pd.NA, index=frame.index, dtype="Int64"),
        source=frame["source"].astype("str"),
    )[[column.name for column in READINGS.columns]]


def said(rows: list[tuple[str, str, int | None, str]], *sources: str) -> list[tuple[object, ...]]:
    """The official readings of ``rows``, as plain tuples."""
    frame = readings.official(table(rows), RULES, sources or ("hub",))
    return [tuple(row) for row in frame.itertuples(index=False)]


def test_columns_and_types() -> None:
    frame = readings.official(table([("alpha/x", "2026-01-05", 7, "hub")]), RULES, ["hub"])
    types = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert types.pop("day").startswith("datetime64")
    assert types == {"family": "str", "model_id": "str", "downloads": "int64", "source": "str"}


def test_only_official_models_count() -> None:
    rows = [
        ("alpha/x", "2026-01-05", 7, "hub"),
        ("gamma/x", "2026-01-05", 9, "hub"),
        ("beta/x", "2026-01-05", 9, "hub"),
        ("beta/b", "2026-01-05", 3, "hub"),
    ]
    assert said(rows) == [
        (MONDAY, "Alpha", "alpha/x", 7, "hub"),
        (MONDAY, "Beta", "beta/b", 3, "hub"),
    ]


def test_only_the_named_sources_count() -> None:
    rows = [("alpha/x", "2026-01-05", 7, "hub"), ("alpha/y", "2026-01-05", 8, "list")]
    assert said(rows, "list") == [(MONDAY, "Alpha", "alpha/y", 8, "list")]
    assert len(said(rows, "list", "hub")) == 2


def test_reading_without_a_counter_is_left_out_but_zero_is_a_number() -> None:
    rows = [("alpha/x", "2026-01-05", None, "hub"), ("alpha/y", "2026-01-05", 0, "hub")]
    assert said(rows) == [(MONDAY, "Alpha", "alpha/y", 0, "hub")]


def test_later_reading_of_a_day_counts_wherever_it_stands() -> None:
    rows = [
        ("alpha/x", "2026-01-05 20:00", 2, "hub"),
        ("alpha/x", "2026-01-05 08:00", 9, "hub"),
        ("alpha/x", "2026-01-06 00:00", 4, "hub"),
    ]
    assert said(rows) == [
        (MONDAY, "Alpha", "alpha/x", 2, "hub"),
        (TUESDAY, "Alpha", "alpha/x", 4, "hub"),
    ]


def test_later_reading_of_a_day_without_a_counter_does_not_hide_the_earlier() -> None:
    rows = [
        ("alpha/x", "2026-01-05 08:00", 9, "hub"),
        ("alpha/x", "2026-01-05 20:00", None, "hub"),
    ]
    assert said(rows) == [(MONDAY, "Alpha", "alpha/x", 9, "hub")]


def test_day_is_that_of_utc() -> None:
    rows = [("alpha/x", "2026-01-05 23:59:59.999+00:00", 1, "hub")]
    assert said(rows)[0][0] == MONDAY
    rows = [("alpha/x", "2026-01-05 23:30-05:00", 1, "hub")]
    assert said(rows)[0][0] == TUESDAY


def test_order_is_by_day_then_downloads_then_name() -> None:
    rows = [
        ("alpha/c", "2026-01-05", 5, "hub"),
        ("alpha/b", "2026-01-06", 1, "hub"),
        ("alpha/a", "2026-01-05", 5, "hub"),
        ("alpha/d", "2026-01-05", 6, "hub"),
    ]
    assert [row[2] for row in said(rows)] == ["alpha/d", "alpha/a", "alpha/c", "alpha/b"]


def test_table_without_rows_gives_none() -> None:
    assert said([]) == []


def test_readings_are_left_as_they_were() -> None:
    frame = table([("alpha/x", "2026-01-06", 7, "hub"), ("alpha/y", "2026-01-05", 8, "hub")])
    before = frame.copy()
    readings.official(frame, RULES, ["hub"])
    pd.testing.assert_frame_equal(frame, before)


def test_days_are_each_once_and_oldest_first() -> None:
    rows = [(f"alpha/{day}", f"2026-01-0{day}", 7, "hub") for day in (6, 5, 6)]
    frame = readings.official(table(rows), RULES, ["hub"]).iloc[::-1]
    assert readings.days(frame) == [MONDAY, TUESDAY]


def test_days_of_no_readings_are_none() -> None:
    assert readings.days(readings.official(table([]), RULES, ["hub"])) == []


@pytest.mark.parametrize("day", DAYS)
def test_real_readings_of_a_day_are_those_of_the_figures(site: Site, day: str) -> None:
    frame = site.official[site.official["day"] == pd.Timestamp(day)]
    expected = {
        (family, model_id, downloads)
        for family, models in official_by_hand(day).items()
        for model_id, downloads in models.items()
    }
    found = list(frame[["family", "model_id", "downloads"]].itertuples(index=False, name=None))
    assert len(found) == len(expected)
    assert set(found) == expected


def test_real_days_are_the_eight_that_can_be_compared(site: Site) -> None:
    assert [f"{day:%Y-%m-%d}" for day in site.days] == list(DAYS)

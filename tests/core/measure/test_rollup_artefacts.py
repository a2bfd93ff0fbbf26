from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from core.measure.rollup_artefacts import frozen, moves, still
from core.schemas import ARTEFACTS
from core.store import parquet

DAYS = pd.date_range("2026-03-01", periods=30).as_unit("ms")
NONE = parquet.empty(ARTEFACTS)


def models(odd: dict[int, float], touched: int = 20, number: int = 20) -> pd.DataFrame:
    """``number`` models with 1,000 downloads a day; of ``touched`` ones the days ``odd`` differ."""
    return pd.DataFrame(
        [
            (f"Qwen/{n}", "Qwen", day, int(1_000 * (odd.get(at, 1) if n < touched else 1)), 1)
            for n in range(number)
            for at, day in enumerate(DAYS, start=1)
        ],
        columns=["model_id", "family", "day", "downloads", "days"],
    ).assign(all_time=0, source="hand")


def told(rows: pd.DataFrame) -> list[tuple[str, int, int]]:
    return [(row.kind, row.start.day, row.end.day) for row in rows.itertuples()]


def test_ordinary_days_are_no_artefact() -> None:
    week = {at: (0.87, 1.05, 1.0)[at % 3] for at in range(1, 31)}
    assert moves(models(week), date(2026, 3, 1), NONE).empty


def test_stall_with_catch_up_and_rollback_are_found_with_their_days() -> None:
    found = moves(
        models({12: 0.0, 13: 0.05, 14: 2.9, 20: -2.0}, touched=15), date(2026, 3, 1), NONE
    )
    assert told(found) == [("stall", 12, 13), ("catch-up", 14, 14), ("rollback", 20, 20)]
    assert found["what"][0].startswith("75% of the 20 largest models hardly moved")
    assert set(found["scope"]) == {"downloads_all_time"}
    assert set(found["source"]) == {"groundswell"}


@pytest.mark.parametrize("odd", [{12: 0.0}, {12: 5.0}, {12: -1.0}])
def test_what_befalls_fewer_is_a_release_or_a_correction(odd: dict[int, float]) -> None:
    assert moves(models(odd, touched=9), date(2026, 3, 1), NONE).empty


def test_small_and_few_models_show_nothing() -> None:
    assert moves(models({12: 0.0}, number=9), date(2026, 3, 1), NONE).empty
    small = models({12: 0.0})
    assert moves(small.assign(downloads=small["downloads"] // 20), date(2026, 3, 1), NONE).empty
    assert moves(models({}).iloc[:0], date(2026, 3, 1), NONE).empty


def test_only_days_that_are_asked_for() -> None:
    rows = models({12: 0.0, 20: 0.0})
    assert told(moves(rows, date(2026, 3, 15), NONE)) == [("stall", 20, 20)]


def test_what_somebody_has_told_of_is_left_out() -> None:
    rows = models({12: 0.0, 13: 2.0, 20: -2.0})
    known = pd.DataFrame(
        {
            "start": pd.to_datetime(["2026-03-14"]).as_unit("ms"),
            "end": pd.to_datetime(["2026-03-14"]).as_unit("ms"),
            "kind": "catch-up",
            "scope": "downloads_all_time",
            "what": "told",
            "source": "somebody",
        }
    )
    assert told(moves(rows, date(2026, 3, 1), known)) == [("stall", 12, 12), ("rollback", 20, 20)]
    own = known.assign(source="groundswell")
    assert ("catch-up", 13, 13) in told(moves(rows, date(2026, 3, 1), own))


def still_rows(days: int, ends: bool) -> pd.DataFrame:  # noqa: FBT001
    figures = [5, *[0] * days, *([7] if ends else [])]
    return pd.DataFrame(
        {
            "model_id": "Qwen/a",
            "family": "Qwen",
            "day": pd.date_range("2026-01-01", periods=len(figures)).as_unit("ms"),
            "downloads": figures,
            "days": 1,
        }
    )


def seen(last_month: int) -> pd.DataFrame:
    days = pd.date_range("2026-01-01", periods=60).as_unit("ms")
    return pd.DataFrame({"model_id": "Qwen/a", "day": days, "downloads_30d": last_month})


def test_a_counter_that_stands_still_for_35_days_is_stuck_if_the_other_says_so() -> None:
    found = frozen(still(still_rows(35, ends=True)), seen(9))
    assert found[["kind", "scope", "source"]].to_numpy().tolist() == [
        ["frozen", "Qwen/a", "groundswell"]
    ]
    assert (found["start"][0], found["end"][0]) == (
        pd.Timestamp("2026-01-02"),
        pd.Timestamp("2026-02-05"),
    )
    assert frozen(still(still_rows(35, ends=True)), seen(0)).empty
    assert still(still_rows(34, ends=True)).empty


def test_one_that_still_stands_has_no_end() -> None:
    assert frozen(still(still_rows(40, ends=False)), seen(9))["end"].isna().all()


def test_thirty_days_after_the_last_download_prove_nothing() -> None:
    rows = seen(9)
    early = rows[rows["day"] <= "2026-02-02"]
    assert frozen(still(still_rows(40, ends=False)), early).empty


def test_a_step_over_a_gap_counts_all_its_days() -> None:
    rows = still_rows(2, ends=True)
    rows.loc[1, "days"] = 34
    rows["day"] = pd.to_datetime(["2026-01-01", "2026-02-04", "2026-02-05", "2026-02-06"])
    found = still(rows.assign(day=rows["day"].astype("datetime64[ms]")))
    assert found["start"].tolist() == [pd.Timestamp("2026-01-02")]

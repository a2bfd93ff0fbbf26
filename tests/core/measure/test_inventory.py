from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.measure.inventory import known, span
from core.schemas import DAILY, MILESTONES, MODELS, PRICES, READINGS, TABLES, Table
from core.store.parquet import empty
from tests.independent import rows

if TYPE_CHECKING:
    from core.ui.site import Site


def days(found: tuple[pd.Timestamp, pd.Timestamp] | None) -> tuple[str, str]:
    assert found is not None
    return str(found[0]), str(found[1])


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("readings", "read_on"),
        ("links", "seen_on"),
        ("prices", "session"),
        ("events", "date"),
        ("artefacts", "start"),
    ],
)
def test_span_of_a_real_table_is_that_of_its_figures(site: Site, name: str, column: str) -> None:
    dates = sorted(row[column] for row in rows(name))
    expected = (f"{dates[0]} 00:00:00", f"{dates[-1]} 00:00:00")
    assert days(span(site.frame(name), TABLES[name])) == expected


def test_span_of_moments_is_in_days_of_utc() -> None:
    moments = pd.to_datetime(["2026-01-05 23:59", "2026-01-07 00:01"], utc=True)
    found = span(pd.DataFrame({"read_at": moments}), READINGS)
    assert days(found) == ("2026-01-05 00:00:00", "2026-01-07 00:00:00")


def test_span_of_months_and_years_is_of_their_first_days() -> None:
    found = span(pd.DataFrame({"as_of": ["2025-03", "2025-02-27", "2025"]}), MILESTONES)
    assert days(found) == ("2025-01-01 00:00:00", "2025-03-01 00:00:00")


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_span_of_a_table_without_rows_is_none(table: Table) -> None:
    assert span(empty(table), table) is None


def test_known_has_a_row_for_each_column_in_order_with_its_meaning(site: Site) -> None:
    found = known(site.frame("models"), MODELS)
    assert found["column"].tolist() == [column.name for column in MODELS.columns]
    assert found["meaning"].tolist() == [column.meaning for column in MODELS.columns]


def test_known_counts_what_the_figures_know(site: Site) -> None:
    found = known(site.frame("models"), MODELS).set_index("column")
    for name in ("created_on", "released_on", "parameters", "task"):
        assert found.loc[name, "known"] == sum(bool(row[name]) for row in rows("models"))
    assert found.loc["licence", "known"] == 0
    assert found.loc["model_id", "share"] == 1


def test_known_share_is_of_all_rows() -> None:
    frame = empty(PRICES).reindex(range(4)).assign(close=[1.0, None, None, None])
    assert known(frame, PRICES).set_index("column").loc["close", ["known", "share"]].tolist() == [
        1,
        0.25,
    ]


def test_known_share_of_no_rows_is_unknown() -> None:
    found = known(empty(DAILY), DAILY)
    assert found["share"].isna().all()
    assert (found["known"] == 0).all()

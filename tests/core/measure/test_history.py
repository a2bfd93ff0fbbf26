"""The daily history as a grid: one source a figure, gaps, totals, members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from core.errors import NothingToShow
from core.measure.bases import DERIVATIVES, NAMED, OFFICIAL, WITHOUT_BIGGEST
from core.measure.history import (
    SOURCE_ORDER,
    History,
    all_time_at,
    available,
    history,
    of_members,
    total,
    without_biggest,
)
from core.measure.model_rows import model_history
from tests.core import made_history as made

if TYPE_CHECKING:
    from core.measure.history_models import ModelHistory

DECEMBER = pd.Timestamp("2025-12-01"), pd.Timestamp("2025-12-31")
DAILY = made.daily()


@pytest.fixture(scope="module")
def official() -> History:
    return history(DAILY, OFFICIAL, made.artefacts())


@pytest.fixture(scope="module")
def models() -> ModelHistory:
    return model_history(made.model_daily(), SOURCE_ORDER)


def rows(*figures: tuple[str, int, int, str], family: str = "A") -> pd.DataFrame:
    """Rows of ``daily``: day, downloads, days covered, source."""
    return pd.DataFrame(
        {
            "family": family,
            "model_id": None,
            "day": pd.to_datetime([figure[0] for figure in figures]),
            "downloads": pd.array([figure[1] for figure in figures], dtype="Int64"),
            "basis": OFFICIAL,
            "source": [figure[3] for figure in figures],
            "complete": True,
            "days": pd.array([figure[2] for figure in figures], dtype="Int64"),
            "all_time": pd.array([None] * len(figures), dtype="Int64"),
        }
    )


def summed(frame: pd.DataFrame, start: str, end: str) -> tuple[float, int, int]:
    """Downloads, days missing and days cut of family A."""
    told = total(history(frame, OFFICIAL), "A", pd.Timestamp(start), pd.Timestamp(end))
    return told.downloads, told.missing, told.cut


def test_bases_that_have_rows_are_told_in_their_order() -> None:
    assert available(DAILY) == ("official", "with_derivatives", "shared", "language")


def test_days_are_contiguous_although_five_have_no_figure(official: History) -> None:
    assert (np.diff(official.days) == np.timedelta64(1, "D")).all()
    assert (official.first, official.last) == (made.FIRST, made.LAST)
    gap = official.column(made.GAP[0])
    assert np.isnan(official.downloads[official.row("Qwen"), gap : gap + 5]).all()
    assert official.covers[official.row("Qwen"), gap + 5] == 6
    assert (official.stands_at[official.row("Qwen"), gap : gap + 6] == gap + 5).all()


@pytest.mark.parametrize(
    ("start", "end", "counted"),
    [  # downloads, days known, missing and cut
        ("2025-12-01", "2025-12-31", (31_000_000, 31, 0, 0)),
        ("2026-02-01", "2026-02-28", (28_000_000, 28, 0, 0)),  # the gap lies wholly inside
        ("2026-02-12", "2026-02-20", (5_000_000, 5, 4, 4)),  # its figure begins before the range
        ("2026-02-01", "2026-02-12", (9_000_000, 9, 3, 3)),  # and ends after it
        ("2026-02-11", "2026-02-13", (float("nan"), 0, 3, 3)),
        ("2025-06-01", "2025-07-02", (1_000_000, 2, 30, 0)),  # reaches before the history
        ("2026-07-01", "2026-07-01", (500_000, 1, 0, 0)),
        ("2027-01-01", "2027-01-31", (float("nan"), 0, 31, 0)),
    ],
)
def test_total_counts_whole_figures_only(
    official: History, start: str, end: str, counted: tuple[float, int, int, int]
) -> None:
    told = total(official, "Qwen", pd.Timestamp(start), pd.Timestamp(end))
    found = (told.downloads, told.days_known, told.missing, told.cut)
    assert found == pytest.approx(counted, nan_ok=True)
    assert told.complete == (told.missing == 0 and end < "2026-07-01")


def test_unknown_family_and_reversed_dates_are_no_error(official: History) -> None:
    assert total(official, "Nobody", *DECEMBER).missing == 31
    assert not total(official, "Qwen", DECEMBER[1], DECEMBER[0]).known


def test_counts_taken_back_are_below_zero_not_missing(official: History) -> None:
    told = total(official, "Phi", made.TAKEN_BACK, made.TAKEN_BACK)
    assert (told.downloads, told.missing) == (-200_000, 0)


def test_second_source_counts_only_where_the_first_has_nothing(official: History) -> None:
    start, end = pd.Timestamp("2025-08-01"), pd.Timestamp("2025-08-31")
    assert total(official, "Qwen", start, end).downloads == 31 * 600_000
    assert official.sources_of(start, end) == ("modelpulse",)
    told = rows(
        ("2026-01-01", 1, 1, "harvardmadsys"),
        ("2026-01-02", 10, 1, "harvardmadsys"),
        ("2026-01-02", 100, 1, "modelpulse"),
        ("2026-01-03", 1_000, 1, "hub"),
        ("2026-01-03", 10_000, 1, "zzz"),
    )
    assert summed(told, "2026-01-01", "2026-01-03") == (1_101, 0, 0)


def test_no_day_is_counted_twice_however_figures_overlap() -> None:
    told = rows(
        ("2026-01-05", 50, 5, "modelpulse"),  # 1 to 5 January
        ("2026-01-03", 7, 1, "hub"),  # lies in it
        ("2026-01-07", 9, 4, "hub"),  # 4 to 7: reaches into it
        ("2026-01-06", 2, 1, "hub"),
    )
    assert summed(told, "2026-01-01", "2026-01-07") == (52, 1, 0)


def test_days_that_are_null_or_zero_are_one() -> None:
    told = rows(("2026-01-01", 3, 0, "hub"), ("2026-01-02", 4, 1, "hub"))
    told["days"] = pd.array([0, None], dtype="Int64")
    assert summed(told, "2026-01-01", "2026-01-02") == (7, 0, 0)


def test_date_that_is_a_mistake_does_not_fill_the_memory() -> None:
    told = history(rows(("1900-01-01", 3, 1, "hub"), ("2026-01-02", 4, 1, "hub")), OFFICIAL)
    assert len(told.days) == 20_001
    assert np.nansum(told.downloads) == 4


def test_rows_of_models_are_no_rows_of_families() -> None:
    told = rows(("2026-01-01", 3, 1, "hub"))
    of_model = told.assign(model_id="A/one", downloads=1_000)
    both = pd.concat([told, of_model], ignore_index=True)
    assert summed(both, "2026-01-01", "2026-01-01") == (3, 0, 0)


def test_basis_without_rows_is_said_by_its_name() -> None:
    with pytest.raises(NothingToShow, match="Language models after ChatGPT"):
        history(DAILY, NAMED)


def test_all_time_is_of_the_day_or_the_last_before(official: History) -> None:
    # 100 million + 31 × 500,000 + 31 × 600,000 by the end of August
    assert all_time_at(official, "Qwen", pd.Timestamp("2025-08-31")) == (
        134_100_000,
        pd.Timestamp("2025-08-31"),
    )
    in_gap = all_time_at(official, "Qwen", made.GAP[2])
    assert in_gap[1] == made.GAP[0] - pd.Timedelta(days=1)
    assert all_time_at(official, "Hunyuan", pd.Timestamp("2026-04-30"))[1] is None
    assert all_time_at(official, "Nobody", made.LAST)[1] is None


def test_artefacts_of_other_counters_and_without_end_are_left_out(official: History) -> None:
    assert [one.scope for one in official.artefacts] == [made.BURST, "history"]


def test_without_biggest_leaves_out_the_biggest_of_the_dates(
    official: History, models: ModelHistory
) -> None:
    december = without_biggest(official, models, *DECEMBER)
    assert december.basis == WITHOUT_BIGGEST
    assert total(december, "Qwen", *DECEMBER).downloads == 31 * 200_000
    assert total(december, "Llama", *DECEMBER).downloads == 31 * 240_000
    july = pd.Timestamp("2025-07-01"), pd.Timestamp("2025-07-31")
    # All five of Qwen's models have 100,000 a day then: one of them is left out.
    assert total(without_biggest(official, models, *july), "Qwen", *july).downloads == 31 * 400_000


def test_account_taken_out_and_another_put_in(official: History, models: ModelHistory) -> None:
    moved = of_members(
        official,
        models,
        without=frozenset({"THUDM", "google", "nobody"}),
        also=(("google", "Llama"),),
    )
    assert total(moved, "GLM", *DECEMBER).downloads == 31 * 12_000
    assert total(moved, "Llama", *DECEMBER).downloads == 31 * 400_000
    assert total(moved, "Gemma", *DECEMBER).downloads == 0
    assert total(moved, "Qwen", *DECEMBER).downloads == 31_000_000


def test_models_over_the_gap_move_with_the_figure_that_covers_it(
    official: History, models: ModelHistory
) -> None:
    moved = of_members(official, models, without=frozenset({"THUDM"}))
    told = total(moved, "GLM", pd.Timestamp("2026-02-01"), pd.Timestamp("2026-02-28"))
    assert (told.downloads, told.longest) == (28 * 12_000, 6)


def test_derivatives_have_their_own_rows() -> None:
    told = total(history(DAILY, DERIVATIVES), "Qwen", *DECEMBER)
    assert told.downloads == 46_500_000
    assert told.complete


def test_no_rows_of_models_is_said() -> None:
    with pytest.raises(NothingToShow, match="no daily history of single models"):
        model_history(made.model_daily().head(0), SOURCE_ORDER)


@pytest.mark.slow
def test_two_thousand_models_over_two_years_fit_in_little_memory() -> None:
    days, count = pd.date_range("2024-07-29", periods=700), 2_000
    names = np.repeat([f"account/model-{number}" for number in range(count)], len(days))
    frame = pd.DataFrame(
        {
            "model_id": names,
            "family": "A",
            "day": np.tile(days, count),
            "downloads": pd.array(np.ones(len(names), np.int64), dtype="Int64"),
            "days": pd.array(np.ones(len(names), np.int64), dtype="Int64"),
            "all_time": pd.array(np.arange(len(names)), dtype="Int64"),
            "source": "modelpulse",
        }
    )
    told = model_history(frame, SOURCE_ORDER)
    held = [value for value in vars(told).values() if isinstance(value, np.ndarray)]
    assert sum(array.nbytes for array in held) < 25e6
    assert told.totals(days[0], days[-1]).sum() == 1_400_000

"""Rows of single models, piece by piece, as one grid."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from core.errors import NothingToShow
from core.measure.history import SOURCE_ORDER
from core.measure.model_rows import gathered, model_history
from tests.core import made_history as made


def batch(*rows: tuple[str, str, str, int, int, int, str]) -> pa.RecordBatch:
    """Rows of table ``model_daily``: model, family, day, downloads, days, all_time, source."""
    names = ["model_id", "family", "day", "downloads", "days", "all_time", "source"]
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)]
    columns[2] = pd.to_datetime(columns[2]).date
    return pa.RecordBatch.from_pydict(dict(zip(names, columns, strict=True)))


def test_pieces_of_any_size_give_the_same_grid() -> None:
    frame = made.model_daily()
    whole = model_history(frame, SOURCE_ORDER)
    table = pa.RecordBatch.from_pandas(frame, preserve_index=False)
    parts = [table.slice(first, 777) for first in range(0, len(table), 777)]
    told = gathered(lambda: parts, SOURCE_ORDER)
    assert told.models == whole.models
    assert told.family.tolist() == whole.family.tolist()
    for name in ("days", "downloads", "covers", "all_time", "source"):
        assert np.array_equal(getattr(told, name), getattr(whole, name))


def test_newest_row_of_a_model_and_day_counts_and_names_its_family() -> None:
    told = gathered(
        lambda: [
            batch(
                ("a/one", "Old", "2026-01-01", 5, 1, 100, "hub"),
                ("a/one", "New", "2026-01-02", 6, 1, 106, "hub"),
                ("a/two", "New", "2026-01-02", 9, 1, 9, "hub"),
            ),
            batch(("a/one", "Old", "2026-01-01", 7, 1, 107, "hub")),
        ],
        SOURCE_ORDER,
    )
    assert (told.models, told.family.tolist()) == (("a/one", "a/two"), ["New", "New"])
    assert told.downloads.tolist() == [[7, 6], [0, 9]]
    assert told.covers.tolist() == [[1, 1], [0, 1]]
    assert told.all_time.tolist() == [[107, 106], [-1, 9]]


def test_first_source_counts_and_others_only_where_it_has_nothing() -> None:
    rows = [
        batch(
            ("a/one", "A", "2026-01-03", 30, 3, 130, "hub"),  # 1 to 3 January: 2 is known
            ("a/one", "A", "2026-01-02", 8, 1, 108, "modelpulse"),
            ("a/one", "A", "2026-01-02", 999, 1, 999, "hub"),
            ("a/one", "A", "2026-01-05", 20, 2, 150, "hub"),  # 4 and 5 January
            ("a/one", "A", "2026-01-06", 1, 1, 151, "zzz"),
        )
    ]
    told = gathered(lambda: rows, SOURCE_ORDER)
    assert told.sources == ("modelpulse", "hub", "zzz")
    assert told.covers.tolist() == [[0, 1, 0, 0, 2, 1]]
    assert told.source.tolist() == [[-1, 0, -1, -1, 1, 2]]
    assert told.totals(pd.Timestamp("2026-01-01"), pd.Timestamp("2026-01-06")).tolist() == [29]
    assert told.totals(pd.Timestamp("2026-01-05"), pd.Timestamp("2026-01-05")).tolist() == (
        pytest.approx([float("nan")], nan_ok=True)
    )


def test_counter_above_two_billion_is_held_in_full() -> None:
    told = gathered(
        lambda: [
            batch(("a/one", "A", "2026-01-01", -3, 1, 2_147_483_647, "hub")),
            batch(("a/one", "A", "2026-01-02", 5, 1, 3_000_000_000, "hub")),
        ],
        SOURCE_ORDER,
    )
    assert told.downloads.dtype == np.int32
    assert told.all_time.tolist() == [[2_147_483_647, 3_000_000_000]]
    assert told.downloads.tolist() == [[-3, 5]]


def test_grid_of_one_model_has_the_days_of_its_figures() -> None:
    told = model_history(made.model_daily(), SOURCE_ORDER)
    grid = told.grid_of("Qwen/Qwen-2", "nobody/none")
    gap = int((np.datetime64(made.GAP[0], "D") - grid.days[0]).astype(int))
    assert grid.names == ("Qwen/Qwen-2",)
    assert grid.covers[0, gap + 5] == 6
    assert grid.stands_at[0, gap : gap + 6].tolist() == [gap + 5] * 6
    assert np.isnan(grid.downloads[0, gap])
    assert np.isnan(grid.all_time[0, gap])


def test_nothing_given_is_said() -> None:
    with pytest.raises(NothingToShow, match="no daily history of single models"):
        gathered(list, SOURCE_ORDER)

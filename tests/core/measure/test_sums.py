"""Sums over any ranges at once, against the same counted one figure at a time."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import pytest

from core.measure.bases import OFFICIAL
from core.measure.history import History, history
from core.measure.sums import counters_at, longest, sums
from tests.core import made_history as made

HISTORY: Final = history(made.daily(), OFFICIAL)
DAYS: Final = len(HISTORY.days)
RANGES: Final = [
    (0, DAYS - 1),
    (-30, 40),
    (DAYS - 5, DAYS + 10),
    (DAYS + 3, DAYS + 9),
    (-9, -3),
    (7, 3),
    *((first, last) for first in range(222, 231) for last in range(222, 234)),  # about the gap
]


def one_by_one(told: History, row: int, first: int, last: int) -> tuple[float, int, int, int]:
    """Downloads, days known, days cut and unfinished figures, figure by figure."""
    downloads, known, touched, unfinished = 0.0, 0, 0, 0
    for column in range(len(told.days)):
        covers = int(told.covers[row, column])
        inside = [day for day in range(column - covers + 1, column + 1) if first <= day <= last]
        touched += len(inside)
        if covers and len(inside) == covers:
            downloads += told.downloads[row, column]
            known += covers
            unfinished += not told.complete[row, column]
    return (downloads if known else float("nan")), known, touched - known, unfinished


@pytest.mark.parametrize("family", ["Qwen", "Phi", "Hunyuan"])
def test_sums_of_any_range_are_those_of_its_figures(family: str) -> None:
    row = HISTORY.row(family)
    told = sums(HISTORY, [first for first, _ in RANGES], [last for _, last in RANGES])
    for at, (first, last) in enumerate(RANGES):
        found = (
            told.downloads[row, at],
            told.known[row, at],
            told.cut[row, at],
            told.unfinished[row, at],
        )
        assert found == pytest.approx(one_by_one(HISTORY, row, first, last), nan_ok=True)
        assert told.days[at] == max(last - first + 1, 0)
        assert told.missing[row, at] == told.days[at] - told.known[row, at]


def test_longest_figure_counts_only_where_it_lies_wholly_inside() -> None:
    gap = HISTORY.column(made.GAP[0])
    row = HISTORY.row("Qwen")
    assert longest(HISTORY, gap, gap + 5)[row] == 6
    assert longest(HISTORY, gap + 1, gap + 9)[row] == 1
    assert longest(HISTORY, gap + 1, gap + 4)[row] == 0
    assert longest(HISTORY, 5, 2).tolist() == [0] * len(HISTORY.families)


def test_counters_before_the_history_are_not_known() -> None:
    values, days = counters_at(HISTORY, made.FIRST - pd.Timedelta(days=1))
    assert np.isnan(values).all()
    assert np.isnat(days).all()

"""Rows of a leaderboard one by one, and their ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas.arrays import IntegerArray

T = TypeVar("T", bound=tuple[Any, ...])


def one_by_one(rows: pd.DataFrame, kind: type[T]) -> tuple[T, ...]:
    """Each of ``rows`` as a named tuple of ``kind``; what is null in whole numbers is None.

    Sentences read them many times faster so than from a frame.
    """
    columns = [rows[name].tolist() for name in kind._fields]  # type: ignore[attr-defined]
    made = kind._make  # type: ignore[attr-defined]
    return tuple(
        made(None if value is pd.NA else value for value in row)
        for row in zip(*columns, strict=True)
    )


def ranks(downloads: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 for the most; equals share the best of their ranks; NaN without downloads."""
    known = np.sort(downloads[~np.isnan(downloads)])
    above = len(known) - np.searchsorted(known, downloads, side="right")
    return np.where(np.isnan(downloads), np.nan, above + 1)


def whole_numbers(numbers: NDArray[np.float64]) -> IntegerArray:
    """Whole numbers, null where there is none."""
    missing = np.isnan(numbers)
    return pd.arrays.IntegerArray(np.where(missing, 0, numbers).astype(np.int64), missing)

"""Columns of the frames that charts draw, made at once and not row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from pandas.api.extensions import ExtensionArray


def texts(values: Iterable[str]) -> ExtensionArray:
    """A column of texts, which is one even where it is empty."""
    return pd.array(list(values), dtype="str")


def taken(values: Sequence[str], which: NDArray[np.intp]) -> pd.Categorical[Any]:
    """``values[which]``, of which each travels to the browser once."""
    different = {value: at for at, value in enumerate(dict.fromkeys(values))}
    place = np.array([different[value] for value in values], np.intp)
    return pd.Categorical.from_codes(place[which], pd.Index(texts(different)))

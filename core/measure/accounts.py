"""Whose account each model is of: what its id says before the first slash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc

if TYPE_CHECKING:
    from core.measure.graph import Numbers
    from core.measure.ids import TextIds


@dataclass(frozen=True)
class Accounts:
    """Accounts by number, in order of code points: capital letters come before small ones.

    Accounts that are spelled differently are different ones. An id without a
    slash is an account by itself. ``numbers`` (int32) has the number of each
    model's account, ``models`` (int32) the first model of each account.
    """

    numbers: Numbers
    models: Numbers

    @classmethod
    def of(cls, ids: TextIds) -> Accounts:
        """The accounts of ``ids``."""
        split: Any = pc.split_pattern(ids.texts, "/", max_splits=1)
        encoded: Any = pc.list_element(split, 0).dictionary_encode()
        order = pc.sort_indices(encoded.dictionary).to_numpy()
        place = np.empty(len(order), dtype=np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        numbers = place[encoded.indices.to_numpy(zero_copy_only=False)]
        models = np.empty(len(order), dtype=np.int32)
        # Of equal numbers the last assignment counts: that of the first model.
        models[numbers[::-1]] = np.arange(len(ids), dtype=np.int32)[::-1]
        return cls(numbers, models)

"""The days on which many models' downloads were read, and the sums below every model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.measure.parents import NONE
from core.measure.traits import days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measure.graph import Numbers
    from core.measure.kin import Kin

_MOST_NUMBERS: Final = 6_000_000
"""So many occasions times models are kept, and one occasion at least."""


@dataclass(frozen=True)
class Occasions:
    """Occasions, each a day and a source, newest first.

    The arrays have a row for each occasion and a column for each model:
    ``downloads`` (int64) are downloads in 30 days, -1 where the model was not
    read; ``totals`` (int64) their sum over the distinct models below, and
    ``reads`` (int32) how many of these were read. Days count from 1 January 1970.
    """

    downloads: Numbers
    totals: Numbers
    reads: Numbers
    days: Sequence[int]
    sources: Sequence[str]

    @classmethod
    def of(cls, kin: Kin, readings: pd.DataFrame) -> Occasions:
        """Of all occasions in ``readings`` those on which most models with links were read.

        Their column ``number`` says which model was read, -1 for none. Of equals
        the newest is kept. Where one model was read twice the later reading counts.
        """
        count = len(kin.parents)
        read = readings[readings["downloads_30d"].notna() & (readings["number"] >= 0)]
        read = read.sort_values("read_at", kind="stable")
        at = read["number"].to_numpy()
        day = days(read["read_at"])
        sources, names = pd.factorize(read["source"], sort=True)
        keys = (day.astype(np.int64) << 16) | sources
        occasions, which = np.unique(keys, return_inverse=True)
        linked = (kin.parents.sole != NONE) | (kin.counts > 0)
        often = np.bincount(which[linked[at]], minlength=len(occasions))
        order = np.lexsort((occasions, often))[::-1]
        most = max(1, _MOST_NUMBERS // max(1, count))
        kept = np.sort(order[often[order] > 0][:most])[::-1]
        values = np.full((len(kept), count), -1, dtype=np.int64)
        totals, reads = np.zeros_like(values), np.zeros(values.shape, dtype=np.int32)
        counts = read["downloads_30d"].to_numpy("int64")
        for row, occasion in enumerate(kept.tolist()):
            mine = which == occasion
            values[row, at[mine]] = counts[mine]
            totals[row] = kin.totals(np.maximum(values[row], 0))
            reads[row] = kin.totals((values[row] >= 0).astype(np.int64))
        told = occasions[kept]
        return cls(
            values,
            totals,
            reads,
            (told >> 16).tolist(),
            [str(names[source]) for source in (told & 0xFFFF).tolist()],
        )

    def best(self, model: int) -> int | None:
        """The occasion on which most models below ``model`` were read, of equals the newest."""
        if not len(self.reads):
            return None
        often = self.reads[:, model]
        return int(often.argmax()) if often.max() > 0 else None

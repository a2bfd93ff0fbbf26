"""How much of the tree is known: which models have been asked about, and which not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.measure.traits import TO_THE_END, timestamp

if TYPE_CHECKING:
    import pandas as pd

    from core.measure.forest import Forest, Official


@dataclass(frozen=True)
class Coverage:
    """What has been asked of the Hub so far.

    ``official`` models are known, of which ``official_asked`` have been asked
    about to the end of the answer; of the ``derived`` models found to be built
    on them ``derived_asked`` have. ``until`` is the day of the newest answer,
    None where nobody has been asked: then only the embedded sample is known.
    """

    official: int
    official_asked: int
    derived: int
    derived_asked: int
    until: pd.Timestamp | None

    @property
    def live(self) -> bool:
        """Whether the Hub has been asked at all."""
        return self.until is not None


def coverage(forest: Forest, official: Official) -> Coverage:
    """What has been asked about the models of ``forest``.

    Only models that the Hub itself has named count.
    """
    traits = forest.traits
    makers = official.models[traits.told[official.models] == 1]
    to_the_end, derived = traits.asked == TO_THE_END, traits.by_hub == 1
    return Coverage(
        official=len(makers),
        official_asked=int(to_the_end[makers].sum()),
        derived=int(np.count_nonzero(derived) - derived[makers].sum()),
        derived_asked=int(
            np.count_nonzero(derived & to_the_end) - (derived & to_the_end)[makers].sum()
        ),
        until=timestamp(forest.told.asked),
    )

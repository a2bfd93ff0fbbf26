"""The licence of a model beside that of what it is built on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.measure.graph import changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measure.forest import Forest
    from core.measure.graph import Numbers
    from core.measure.parents import Parents

KEPT: Final = "The same licence as its base"
CHANGED: Final = "Another licence than its base"
NONE_STATED: Final = "No licence stated"
BASE_STATES_NONE: Final = "Its base states no licence"
KINDS: Final = (KEPT, CHANGED, NONE_STATED, BASE_STATES_NONE)

_NONE, _SEVERAL = -1, -2


def beside_bases(
    parents: Parents, licence: Numbers, licences: Sequence[str], told: Numbers
) -> Numbers:
    """The place of each model's kind among ``KINDS`` (uint8), their number where it is not known.

    ``licence`` numbers the texts ``licences``, -1 where none is stated, and
    ``told`` says of which models the Hub has told; both have a value for each
    model. Letters' case does not matter. Of several bases all that state a
    licence must state the same one for it to be kept. Of a model that states
    none, the Hub must have told; where no base states one, it must have told of
    all bases.
    """
    small, _ = pd.factorize(np.array([text.lower() for text in licences], dtype=np.object_))
    small = np.append(small, _NONE).astype(np.int32)  # what -1 points to
    child, parent = parents.links()
    base_told = np.zeros(len(parents), dtype=np.bool_)
    base_told[child] = True
    base_told[child[told[parent] == 0]] = False
    of_parent = small[licence[parent]]
    said = of_parent >= 0
    pairs = np.unique(child[said] * np.int64(len(small)) + of_parent[said])
    whose = pairs // len(small)
    base = np.full(len(parents), _NONE, dtype=np.int32)
    base[whose] = pairs % len(small)
    again = ~changes(whose)
    base[whose[again]] = _SEVERAL
    own = small[licence]
    found = np.full(len(parents), len(KINDS), dtype=np.uint8)
    found[(own < 0) & (told == 1)] = 2
    found[(own >= 0) & (base == _NONE) & base_told] = 3
    found[(own >= 0) & (base != _NONE)] = 1
    found[(own >= 0) & (own == base)] = 0
    return found


def kinds(forest: Forest, models: Numbers) -> pd.Series:
    """One of ``KINDS`` for each of ``models`` (text), null where it is not known."""
    named = np.array([*KINDS, None], dtype=np.object_)
    return pd.Series(named[forest.traits.beside[models]], dtype="str")

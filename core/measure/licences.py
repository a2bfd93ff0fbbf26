"""The licence of a model beside that of what it is built on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.measure.graph import changes

if TYPE_CHECKING:
    from core.measure.forest import Forest
    from core.measure.graph import Numbers

KEPT: Final = "The same licence as its base"
CHANGED: Final = "Another licence than its base"
NONE_STATED: Final = "No licence stated"
BASE_STATES_NONE: Final = "Its base states no licence"
KINDS: Final = (KEPT, CHANGED, NONE_STATED, BASE_STATES_NONE)

_NONE, _SEVERAL = -1, -2


def kinds(forest: Forest, models: Numbers) -> pd.Categorical:
    """One of ``KINDS`` for each of ``models``, null where it is not known.

    Letters' case does not matter. Of several bases all that state a licence
    must state the same one for it to be kept. Of a model that states none, the
    Hub must have told; where no base states one, it must have told of all bases.
    """
    traits = forest.traits
    small, _ = pd.factorize(np.array([text.lower() for text in traits.licences], dtype=np.object_))
    small = np.append(small, _NONE)  # what -1 points to
    child, parent = forest.kin.parents.of_all(models)
    told = np.zeros(len(models), dtype=np.bool_)
    told[child] = True
    told[child[traits.told[parent] == 0]] = False
    licence = small[traits.licence[parent]]
    said = licence >= 0
    pairs = np.unique(child[said] * np.int64(len(small)) + licence[said])
    whose = pairs // len(small)
    base = np.full(len(models), _NONE, dtype=np.int64)
    base[whose] = pairs % len(small)
    again = ~changes(whose)
    base[whose[again]] = _SEVERAL
    own = small[traits.licence[models]]
    known = traits.told[models] == 1
    codes = np.full(len(models), -1, dtype=np.int8)
    codes[(own < 0) & known] = 2
    codes[(own >= 0) & (base == _NONE) & told] = 3
    codes[(own >= 0) & (base != _NONE)] = 1
    codes[(own >= 0) & (own == base)] = 0
    return pd.Categorical.from_codes(codes, pd.Index(KINDS, dtype="str"))

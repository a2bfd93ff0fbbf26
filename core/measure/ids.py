"""Names of models, text or whole numbers, in an order that gives each a place.

Everything else about lineage works on these places: 0 … count - 1.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.measure.graph import Flags, Numbers

IdArray = npt.NDArray[Any]
"""Text ids as Python texts (object), or whole numbers (int64)."""

_STEP: Final = 256
"""Every so many ids one is kept at hand to look the others up by."""

_MANY: Final = 50_000
"""So many ids are looked up all at once, for which all known ones are hashed."""


class _Sorted(ABC):
    """Ids whose places are their order."""

    @abstractmethod
    def __len__(self) -> int: ...

    def all(self) -> Numbers:
        """All places, in order."""
        return np.arange(len(self))

    def in_order(self, values: Numbers) -> Numbers:
        """``values``, one for each place, in the order of the ids."""
        return values

    def rank(self, place: int) -> int:
        """What sorts places."""
        return place

    def ascending(self, places: Numbers) -> Numbers:
        """``places`` in order."""
        return np.sort(places)


class TextIds(_Sorted):
    """Text ids, in order of their bytes in small letters (A to Z).

    That is the order of code points. The ids are one Arrow array, which may
    lie in a mapped file. ``fences`` are some of them in small letters, from
    the same file: to pick them out here would load every page of it.
    """

    def __init__(self, texts: pa.Array[Any], fences: pa.Array[Any] | None = None) -> None:
        self.texts = texts
        self._kept_fences = fences

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, places: Numbers) -> IdArray:
        """The ids at ``places``, as an array of Python texts."""
        return _objects(self.texts.take(places))

    def find(self, model_id: object) -> int | None:
        """The place of ``model_id``, whatever the case of its letters; None for a stranger."""
        if not isinstance(model_id, str):
            return None
        place = self.before(model_id)
        found = place < len(self) and small(self.texts[place].as_py()) == small(model_id)
        return place if found else None

    def find_all(self, model_ids: list[str]) -> Numbers:
        """The place of each of ``model_ids``; -1 for a stranger."""
        if len(model_ids) < _MANY:
            known = {model_id: self.find(model_id) for model_id in set(model_ids)}
            places = [-1 if (at := known[model_id]) is None else at for model_id in model_ids]
            return np.array(places, dtype=np.int64)
        asked = pc.ascii_lower(pa.array(model_ids, type=pa.large_string()))
        found = pc.index_in(asked, value_set=pc.ascii_lower(self.texts)).fill_null(-1)
        return found.to_numpy(zero_copy_only=False).astype(np.int64)

    def places_of(self, model_ids: pd.Series) -> Numbers:
        """The place of each text of a column (int64); -1 for a stranger."""
        asked: Any = pa.array(model_ids, type=pa.large_string())
        found: Any = pc.index_in(pc.ascii_lower(asked), value_set=pc.ascii_lower(self.texts))
        places: Numbers = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        return places

    def before(self, model_id: str) -> int:
        """How many ids come before ``model_id``."""
        wanted = small(model_id)
        return self.before_bytes(wanted)

    def before_bytes(self, wanted: bytes) -> int:
        """How many ids come before ``wanted``, which is bytes in small letters."""
        fence = bisect_left(self._listed_fences, wanted)
        begin, end = max(0, (fence - 1) * _STEP), min(fence * _STEP, len(self))
        return bisect_left(range(len(self)), wanted, begin, end, key=self._small)

    @property
    def fences(self) -> pa.Array[Any]:
        """What ``fences`` are to be kept in a file."""
        return pc.ascii_lower(self.texts.take(np.arange(0, len(self), _STEP)))

    @cached_property
    def _listed_fences(self) -> list[bytes]:
        kept = self.fences if self._kept_fences is None else self._kept_fences
        return [small(str(text)) for text in kept.to_pylist()]

    def _small(self, place: int) -> bytes:
        return small(self.texts[place].as_py())

    def index(self) -> pd.Index[Any]:
        """All ids as an index named model_id."""
        index: pd.Index[Any] = pd.Index(pd.Series(self.texts, dtype="str"), name="model_id")
        return index


class NumberIds(_Sorted):
    """Whole numbers, ascending: ``numbers``, or 0 … count - 1 where they are left out."""

    def __init__(self, count: int, numbers: Numbers | None = None) -> None:
        self._count = count
        self.numbers = numbers

    def __len__(self) -> int:
        return self._count

    def take(self, places: Numbers) -> IdArray:
        """The ids at ``places`` (int64)."""
        ids = places if self.numbers is None else self.numbers[places]
        return ids.astype(np.int64, copy=False)

    def find(self, model_id: object) -> int | None:
        """The place of ``model_id``; None for a stranger."""
        if isinstance(model_id, bool) or not isinstance(model_id, int | np.integer):
            return None
        wanted = int(model_id)
        if self.numbers is None:
            return wanted if 0 <= wanted < self._count else None
        place = self.before(wanted)
        found = place < self._count and int(self.numbers[place]) == wanted
        return place if found else None

    def find_all(self, model_ids: list[int] | Numbers) -> Numbers:
        """The place of each of ``model_ids``; -1 for a stranger."""
        asked = np.asarray(model_ids, dtype=np.int64)
        if self.numbers is None:
            return np.where((asked >= 0) & (asked < self._count), asked, -1)
        if not self._count:
            return np.full(len(asked), -1)
        places = np.minimum(self.numbers.searchsorted(asked), self._count - 1)
        return np.where(self.numbers[places] == asked, places, -1)

    def before(self, model_id: int) -> int:
        """How many ids come before ``model_id``."""
        if self.numbers is None:
            return min(max(model_id, 0), self._count)
        return bisect_left(self.numbers, model_id)

    def index(self) -> pd.Index[Any]:
        """All ids as an index named model_id."""
        numbers = np.arange(self._count) if self.numbers is None else self.numbers
        return pd.Index(numbers, dtype="int64", name="model_id")


Ids = TextIds | NumberIds


def small(text: str) -> bytes:
    """What ids are compared by: their bytes, which sort by code point, A to Z in small letters."""
    return text.encode("utf-8", "surrogatepass").lower()


def key(model_id: Any) -> Any:  # noqa: ANN401 - text or number
    """What an id is compared by, whichever kind it is."""
    return small(model_id) if isinstance(model_id, str) else model_id


def placed(column: pd.Series) -> tuple[Ids, Numbers]:
    """The distinct ids of a column without gaps, in order, and the place of each row's."""
    if pd.api.types.is_integer_dtype(column.dtype):
        numbers, places = np.unique(column.to_numpy(dtype=np.int64), return_inverse=True)
        return NumberIds(len(numbers), numbers), places
    codes, spellings = pd.factorize(column.astype("str"))
    spelled: Any = pa.array(spellings, type=pa.large_string())
    if isinstance(spelled, pa.ChunkedArray):
        spelled = spelled.combine_chunks()
    lowered = pc.ascii_lower(spelled)
    order = pc.sort_indices(
        pa.table({"small": lowered, "spelled": spelled}),
        sort_keys=[("small", "ascending"), ("spelled", "ascending")],
    ).to_numpy()
    ordered = lowered.take(pa.array(order))
    first: Flags = np.ones(len(order), dtype=np.bool_)
    first[1:] = pc.not_equal(ordered[1:], ordered[:-1]).to_numpy(zero_copy_only=False)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.cumsum(first) - 1
    return TextIds(spelled.take(pa.array(order[first]))), place[codes]


class Renames:
    """Old names and new ones; a new name may have been given up for another in turn.

    Names that lead back to themselves are all one model, which bears the first
    of them in order. The case of letters does not matter.
    """

    def __init__(self, renames: Mapping[Any, Any] | None = None) -> None:
        self.pairs = dict(renames or {})
        self.next = {key(old): new for old, new in self.pairs.items() if key(old) != key(new)}

    def of(self, model_id: Any) -> Any:  # noqa: ANN401 - text or number
        """The newest name of ``model_id``: itself where it was never renamed."""
        seen: dict[Any, Any] = {}
        while (asked := key(model_id)) in self.next:
            if asked in seen:
                circle = list(seen)[list(seen).index(asked) :]
                # Each is spelled as the one before it spells it.
                spelled = [self.next[name] for name in circle]
                return min(spelled, key=lambda name: (key(name), name))
            seen[asked] = model_id
            model_id = self.next[asked]
        return model_id

    def applied(self, column: pd.Series) -> pd.Series:
        """``column`` with every id under its newest name."""
        if not self.next or column.empty:
            return column
        known = {model_id: self.of(model_id) for model_id in column.unique()}
        return column.map(known).astype(column.dtype)


def _objects(texts: pa.Array[Any]) -> IdArray:
    found: IdArray = texts.to_numpy(zero_copy_only=False)
    return found.astype(np.object_, copy=False)

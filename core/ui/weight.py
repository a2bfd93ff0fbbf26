"""About how much memory a result takes."""

from __future__ import annotations

import sys
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable

_FRAME: Final = 6_000
"""Bytes of a table without rows: its columns, its index, and what they are found by."""

_CELL: Final = 16
_SERIES: Final = 1_000
_OBJECT: Final = 64
_PLAIN: Final = (str, bytes, int, float, dict, list, tuple, set, frozenset, type(None))


def weight(value: object, apart: Iterable[object] = ()) -> int:
    """Estimate the bytes of ``value`` without what is in ``apart``, which others hold.

    Tables are guessed by their shape, which is quicker than asking them. Parts
    of an array that something else holds, as a mapped file does, weigh nothing.
    """
    seen = {id(each) for each in apart}
    unread: list[Any] = [value]
    total = 0
    while unread:
        each = unread.pop()
        if id(each) not in seen:
            seen.add(id(each))
            total += _own(each)
            unread += _parts(each)
    return total


def _own(value: Any) -> int:  # noqa: ANN401 - anything
    """Bytes of ``value`` without its parts."""
    if isinstance(value, pd.DataFrame):
        return _FRAME + _CELL * value.size
    if isinstance(value, pd.Series | pd.Index):
        return _SERIES + _CELL * value.size
    if isinstance(value, np.ndarray):
        return _OBJECT + (value.nbytes if value.base is None else 0)
    if isinstance(value, pa.Table):
        return _FRAME + int(value.nbytes)
    return sys.getsizeof(value) if isinstance(value, _PLAIN) else _OBJECT


def _parts(value: Any) -> Iterable[Any]:  # noqa: ANN401 - anything
    if isinstance(value, dict):
        return (*value.keys(), *value.values())
    if isinstance(value, list | tuple | set | frozenset):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, field.name) for field in fields(value)]
    return ()

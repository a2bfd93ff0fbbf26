"""About how much memory a result takes."""

from __future__ import annotations

import sys
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

_FRAME: Final = 6_000
"""Bytes of a table without rows: its columns, its index, and what they are found by."""

_CELL: Final = 16
_SERIES: Final = 1_000
_OBJECT: Final = 64


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
        if id(each) in seen:
            continue
        if isinstance(each, str | bytes | int | float | None):
            total += sys.getsizeof(each)
            continue
        seen.add(id(each))
        if isinstance(each, pd.DataFrame):
            total += _FRAME + _CELL * each.size
        elif isinstance(each, pd.Series | pd.Index):
            total += _SERIES + _CELL * each.size
        elif isinstance(each, np.ndarray):
            total += _OBJECT + (each.nbytes if each.base is None else 0)
        elif isinstance(each, dict):
            total += sys.getsizeof(each)
            unread += each.keys()
            unread += each.values()
        elif isinstance(each, list | tuple | set | frozenset):
            total += sys.getsizeof(each)
            unread += each
        else:
            total += _OBJECT
            if is_dataclass(each) and not isinstance(each, type):
                unread += [getattr(each, field.name) for field in fields(each)]
    return total

"""What is worked out of frames and series alone, worked out once as long as they live."""

from __future__ import annotations

import weakref
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

P = ParamSpec("P")
T = TypeVar("T")


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """``function``, its results remembered for the very same frames, series and indexes.

    They are never changed after they were made; all other arguments have a value.
    A result is forgotten with the first of them that is gone. Errors are not
    remembered.
    """
    known: dict[Hashable, tuple[list[weakref.ref[Any]], T]] = {}

    @wraps(function)
    def found(*args: P.args, **kwargs: P.kwargs) -> T:
        given = (*args, *kwargs.values())
        framed = [one for one in given if isinstance(one, _FRAMES)]
        key = tuple(id(one) if isinstance(one, _FRAMES) else one for one in given)
        held = known.get(key)
        # Another frame may get the number of one that is gone: it must not get its result.
        if held is not None and all(ref() is one for ref, one in zip(held[0], framed, strict=True)):
            return held[1]
        result = function(*args, **kwargs)

        def forget(_gone: object) -> None:
            known.pop(key, None)

        known[key] = [weakref.ref(one, forget) for one in framed], result
        return result

    return found


_FRAMES = (pd.DataFrame, pd.Series, pd.Index)

"""What is built once for all readers."""

from __future__ import annotations

from functools import cache, wraps
from threading import Lock
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

P = ParamSpec("P")
T = TypeVar("T")


def built_once(function: Callable[P, T]) -> Callable[P, T]:
    """Remember what ``function`` returns for each of its arguments, which are hashable.

    Unlike with ``functools.cache``, of readers who want the same at once one
    works it out, and the others wait: a chart takes longer than a page.
    """
    built: Any = cache(function)
    there: set[Hashable] = set()
    building = Lock()

    @wraps(function)
    def get(*args: P.args, **kwargs: P.kwargs) -> T:
        key = (args, *kwargs.items())
        if key in there:
            return cast("T", built(*args, **kwargs))
        with building:
            found: T = built(*args, **kwargs)
            there.add(key)
        return found

    return get

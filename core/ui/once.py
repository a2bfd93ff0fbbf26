"""Working something out once, for all readers."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

P = ParamSpec("P")
T = TypeVar("T")

_KEPT: Final = 1024
"""Results kept; a view of a page is some twenty."""


class Once:
    """Remembers what pure functions returned for the same arguments.

    Arguments that have a value (days, names, tuples) are the same when they
    are equal. Frames and what holds them have none: they are the same when
    they are the very same object, which is kept so that it stays so. Results
    are shared and must not be changed. Errors are not remembered, and of many
    results those are forgotten that nobody has asked for longest. ``grown`` is
    set whenever something new was remembered.
    """

    def __init__(self) -> None:
        self._results: OrderedDict[Hashable, tuple[tuple[Any, ...], Any]] = OrderedDict()
        self._working: dict[Hashable, Lock] = {}
        self.grown = False

    def __call__(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of ``function`` with these arguments, worked out at most once."""
        given = (*args, *kwargs.values())
        key = (function, len(args), tuple(kwargs), *map(_identity, given))
        found = self._results.get(key)
        if found is None:
            # Of several readers who want the same at once one works it out, and the rest wait.
            with self._working.setdefault(key, Lock()):
                found = self._results.get(key)
                if found is None:
                    try:
                        found = (given, function(*args, **kwargs))
                        self._keep(key, found)
                    finally:
                        self._working.pop(key, None)
        else:
            with suppress(KeyError):  # it may just have been forgotten
                self._results.move_to_end(key)
        result: T = found[1]
        return result

    def _keep(self, key: Hashable, found: tuple[tuple[Any, ...], Any]) -> None:
        self._results[key] = found
        self.grown = True
        if len(self._results) > _KEPT:
            with suppress(KeyError):
                self._results.popitem(last=False)


def _identity(value: object) -> Hashable:
    try:
        hash(value)
    except TypeError:
        return type(value), id(value)
    return type(value), value

"""Working something out once, for all readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

P = ParamSpec("P")
T = TypeVar("T")

_KEPT: Final = 2048
"""Results kept; a view of a page is some twenty."""


class Once:
    """Remembers what pure functions returned for the same arguments.

    Arguments that have a value (days, names, tuples) are the same when they
    are equal. Frames and what holds them have none: they are the same when
    they are the very same object, which is kept so that it stays so. Results
    are shared and must not be changed. Errors are not remembered. ``grown`` is
    set whenever something new was remembered.
    """

    def __init__(self) -> None:
        self._results: dict[Hashable, tuple[tuple[Any, ...], Any]] = {}
        self.grown = False

    def __call__(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of ``function`` with these arguments, worked out at most once."""
        given = (*args, *kwargs.values())
        key = (function, len(args), tuple(kwargs), *map(_identity, given))
        found = self._results.get(key)
        if found is None:
            found = (given, function(*args, **kwargs))
            if len(self._results) >= _KEPT:
                self._results.clear()
            self._results[key] = found
            self.grown = True
        result: T = found[1]
        return result


def _identity(value: object) -> Hashable:
    try:
        hash(value)
    except TypeError:
        return type(value), id(value)
    return type(value), value

"""Working something out once, for all readers."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from core.ui.weight import weight

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

P = ParamSpec("P")
T = TypeVar("T")

_OWN: Final = 1_000
"""Bytes of a result's place among the others."""

_MOST: Final = 80 << 20
"""Bytes that all kept results may take together; a view of a page is some 300 kB, much of it
shared with other views."""


class Once:
    """Remembers what pure functions returned for the same arguments.

    Arguments that have a value (days, names, tuples) are the same when they
    are equal. Frames and what holds them have none: they are the same when
    they are the very same object, which is kept so that it stays so. Results
    are shared and must not be changed. Errors are not remembered. Where the
    results take too much memory those are forgotten that nobody has asked for
    longest. ``grown`` is set whenever something new was remembered.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._results: OrderedDict[Hashable, _Result] = OrderedDict()
        self._weight = 0
        self._weighing = Lock()
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
                        found = _Result(given, function(*args, **kwargs))
                        self._keep(key, found)
                    finally:
                        self._working.pop(key, None)
        else:
            with suppress(KeyError):  # it may just have been forgotten
                self._results.move_to_end(key)
        result: T = found.result
        return result

    def _keep(self, key: Hashable, found: _Result) -> None:
        with self._weighing:
            self._results[key] = found
            self._weight += found.weight
            self.grown = True
            while self._weight > self._most and len(self._results) > 1:
                _, forgotten = self._results.popitem(last=False)
                self._weight -= forgotten.weight


class _Result:
    """What a function returned, and what it was given: that must live as long."""

    __slots__ = ("given", "result", "weight")

    def __init__(self, given: tuple[Any, ...], result: Any) -> None:  # noqa: ANN401 - anything
        self.given = given
        self.result = result
        texts = [each for each in given if isinstance(each, str)]
        self.weight = _OWN + weight(
            [result, *texts], [each for each in given if not isinstance(each, str)]
        )


def _identity(value: object) -> Hashable:
    try:
        hash(value)
    except TypeError:
        return type(value), id(value)
    return type(value), value

"""Answers that there is nothing to show, worked out once as figures are."""

from __future__ import annotations

from functools import cache, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from core.errors import NothingToShow

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.ui.once import Once

P = ParamSpec("P")
T = TypeVar("T")


def answered(once: Once, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``once`` gives for the pure ``function``, whose ``NothingToShow`` is remembered too.

    Whoever chooses what has nothing to show is told so as quickly as any other.
    """
    found = once(_answering(function), *args, **kwargs)
    if isinstance(found, NothingToShow):
        raise found.with_traceback(None)  # it would grow with every reader
    result: T = found
    return result


@cache
def _answering(function: Callable[..., T]) -> Callable[..., T | NothingToShow]:
    @wraps(function)
    def answering(*args: Any, **kwargs: Any) -> T | NothingToShow:  # noqa: ANN401 - whatever it takes
        try:
            return function(*args, **kwargs)
        except NothingToShow as answer:
            return answer

    return answering

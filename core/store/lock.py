"""One refresh of a store at a time on a machine."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from core.errors import RefreshRunning, TableUnwritable
from core.schemas import REFRESHES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME: Final = "refresh.lock"


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the lock of the store in ``home``.

    The operating system holds it for the process: where its owner dies, in
    whatever way, the next refresh simply gets it. Raises ``RefreshRunning``
    at once where another process has it, and ``TableUnwritable`` where the
    folder cannot be written to.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / NAME, timeout=0)
        lock.acquire()
    except Timeout as error:
        message = "Another refresh of this store is already at work."
        raise RefreshRunning(message) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise TableUnwritable(
            REFRESHES.name, f"The store's folder cannot be written to: {reason}."
        ) from error
    try:
        yield
    finally:
        lock.release()

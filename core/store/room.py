"""How much room this machine has for a daily history."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

_LIMITS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
"""Where Linux says how much memory a container may take."""


def disk(folder: Path) -> int | None:
    """Bytes that are free where ``folder`` is or will be; None where nobody can tell."""
    for there in (folder, *folder.absolute().parents):
        with suppress(OSError):
            return shutil.disk_usage(there).free
    return None


def memory() -> int | None:
    """Bytes of memory that this machine or its container has; None where nobody can tell."""
    known = []
    with suppress(AttributeError, OSError, ValueError):  # not on Windows
        known.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for path in _LIMITS:
        with suppress(OSError, ValueError):  # "max": no limit
            known.append(int(path.read_text(encoding="ascii")))
    return min(known) if known else None

"""What the conductor knows of a source: nothing but this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from core.fetch.http import Visit

Deliver = Callable[[Mapping[str, "pd.DataFrame"]], None]
"""Takes rows by name of table, to be written together at once."""

Report = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is."""


class Source(Protocol):
    """One source of a refresh.

    ``key`` names it in the tables, ``name`` for readers.
    """

    key: str
    name: str

    def due(self) -> bool:
        """Whether there is anything to ask for."""
        ...

    def fetch(self, visit: Visit, deliver: Deliver, report: Report) -> str:
        """Ask, deliver what comes, and say in a sentence what it was.

        It runs in a thread of its own. Raises ``FetchError``.
        """
        ...

"""What all sources share: who asks, until when, and how many requests it took."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

from core.errors import SourceSilent

AGENT_NAME: Final = "groundswell"
AGENT_VERSION: Final = "0.1.0"

PATIENCE_SECONDS: Final = 20.0
"""Longest wait for a connection, or for the next piece of an answer."""


@dataclass
class Visit:
    """One visit to one source: it ends at a deadline and counts its requests.

    ``source`` is the source's name for readers. ``seconds`` is what is allowed
    in all, measured by a clock that nobody sets; ``allowed`` is how many
    requests may be made, None for as many as it takes.
    """

    source: str
    seconds: float
    allowed: int | None = None
    requests: int = 0
    started: float = field(default_factory=time.monotonic)

    def left(self) -> float:
        """Seconds until the deadline, never below zero."""
        return max(0.0, self.started + self.seconds - time.monotonic())

    def check(self) -> None:
        """Raise ``SourceSilent`` once the deadline has passed."""
        if not self.left():
            raise SourceSilent(
                self.source,
                f"{self.source} was not done after {self.seconds:.0f} seconds.",
            )

    def patience(self) -> float:
        """Seconds to wait for one answer. Raises ``SourceSilent`` after the deadline."""
        self.check()
        return min(PATIENCE_SECONDS, self.left())

    def spent(self) -> bool:
        """Whether no further request may be made."""
        return self.allowed is not None and self.requests >= self.allowed

    def nearly_over(self) -> bool:
        """Whether hardly any time is left for another request."""
        return self.left() < min(PATIENCE_SECONDS, 0.1 * self.seconds)

    def count(self) -> None:
        """Count a request that is about to be made."""
        self.requests += 1

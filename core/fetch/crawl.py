"""What is built on the families' models, asked model by model, the most promising first.

The Hub answers only "what declares this model as its base?", one model a
question, and there are more models than a refresh may ask about. So a refresh
asks where most is to be expected, and the next one goes on from there.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from core.fetch.hub import Listing, RequestsSpent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.fetch.hub import Hub
    from core.fetch.hub_rows import ModelRow

OFFICIAL: Final = "official"

_PROMISE: Final = {OFFICIAL: 1.0, "finetune": 0.3, "merge": 0.2, "unknown": 0.2}
"""How likely a model of this kind has others built on it; most derivatives are leaves."""
_LITTLE_PROMISE: Final = 0.02

_FEWEST_DOWNLOADS: Final = {"finetune": 10, "merge": 10, "unknown": 10}
_FEWEST_DOWNLOADS_ELSE: Final = 1_000


@dataclass(frozen=True)
class Candidate:
    """A model that may have others built on it.

    ``kind`` is "official" or how it was made; ``children`` is how many models
    are already known to be built on it.
    """

    model_id: str
    kind: str
    downloads: int
    children: int = 0

    @property
    def worth_asking(self) -> bool:
        """Whether it is asked about at all: official, built on, or downloaded enough."""
        if self.kind == OFFICIAL or self.children:
            return True
        return self.downloads >= _FEWEST_DOWNLOADS.get(self.kind, _FEWEST_DOWNLOADS_ELSE)

    @property
    def promise(self) -> float:
        """The larger, the sooner it is asked about."""
        return 10.0 * self.children + _PROMISE.get(self.kind, _LITTLE_PROMISE) * self.downloads


@dataclass
class Found:
    """What a crawl has found so far. Another thread may read it at any time."""

    answers: list[tuple[str, Listing]] = field(default_factory=list)
    waiting: int = 0


def crawl(
    hub: Hub,
    candidates: Iterable[Candidate],
    asked: Iterable[str],
    found: Found,
    on_step: Callable[[int, int], None],
) -> None:
    """Ask what is built on ``candidates`` and on what is found, until requests run out.

    Those in ``asked`` have been asked about lately and are left alone. Answers
    go to ``found`` one by one; ``on_step`` is told how many were asked about
    and how many wait. Ids that differ only in case are one. Raises
    ``FetchError``; running out of requests is no error.
    """
    done = {model_id.casefold() for model_id in asked}
    queue: list[tuple[float, str, str]] = []

    def wait(candidate: Candidate) -> None:
        key = candidate.model_id.casefold()
        if key not in done and candidate.worth_asking:
            done.add(key)
            heapq.heappush(queue, (-candidate.promise, key, candidate.model_id))

    for candidate in candidates:
        wait(candidate)
    while queue:
        found.waiting = len(queue)
        on_step(len(found.answers), len(queue))
        if hub.done:
            return
        _, _, model_id = heapq.heappop(queue)
        listing = Listing()
        try:
            hub.built_on(model_id, listing)
        except RequestsSpent:
            found.answers.append((model_id, listing))
            found.waiting = len(queue) + 1
            return
        found.answers.append((model_id, listing))
        for row in listing.rows:
            wait(_candidate(row))
    found.waiting = 0
    on_step(len(found.answers), 0)


def _candidate(row: ModelRow) -> Candidate:
    kind = row.parents[0][1] if row.parents else "unknown"
    return Candidate(row.model_id, kind, row.downloads_30d or 0)

"""What a refresh says while it works: lines for people, or for the site to read."""

from __future__ import annotations

import json
import sys
import threading
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol, TextIO

from core.schemas import OK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.fetch.http import Visit
    from core.refreshing.source import Report

_FAILED: Final = "failed"


class Named(Protocol):
    """A source, as far as it is announced."""

    key: str
    name: str


class Ending(Named, Protocol):
    """How it went with one source."""

    outcome: str
    rows: int
    requests: int
    message: str
    recorded: bool


class Announcer:
    """Writes one line a step and one when all has ended."""

    def __init__(self, out: TextIO, *, as_json: bool) -> None:
        self._out = out
        self._as_json = as_json
        self._one_at_a_time = threading.Lock()

    def of(self, source: Named, visit: Visit) -> Report:
        """What ``source`` calls at each step, with the account of its visit."""

        def report(step: str, done: int, total: int) -> None:
            self._say(
                {
                    "kind": "step",
                    "source": source.key,
                    "name": source.name,
                    "step": step,
                    "done": done,
                    "total": total,
                    "requests": visit.requests,
                    "seconds_left": round(visit.left()),
                },
                f"{source.name}: {step.lower()}, {done} of {total}, {visit.requests} requests",
            )

        return report

    def end(self, told: Sequence[Ending], *, outcome: str = "", message: str = "") -> int:
        """Say how it went; the exit code that says the same.

        What the store could not record, nobody reads there: the site is told it here.
        """
        went_well = all(one.outcome == OK for one in told)
        outcome = outcome or (OK if went_well else _FAILED)
        unrecorded = [f"{one.name}: {one.message}" for one in told if not one.recorded]
        self._say(
            {
                "kind": "end",
                "outcome": outcome,
                "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "sources": [
                    {
                        "source": one.key,
                        "name": one.name,
                        "outcome": one.outcome,
                        "rows": one.rows,
                        "requests": one.requests,
                        "message": one.message,
                    }
                    for one in told
                ],
                "message": " ".join(filter(None, [message, *unrecorded])),
            },
            "\n".join([*(f"{one.name}: {one.message}" for one in told), *filter(None, [message])]),
        )
        return 0 if outcome == OK else 1

    def sizes(self, source: Named, levels: Mapping[str, Mapping[str, object]], words: str) -> None:
        """Say how much each level of a history would fetch: bytes, months, whether estimated."""
        line: dict[str, object] = {
            "kind": "sizes",
            "source": source.key,
            "name": source.name,
            "levels": levels,
        }
        self._say(line, words)

    def trouble(self, error: BaseException) -> None:
        """Write an error that nobody thought of where developers look for it."""
        traceback.print_exception(error, file=sys.stderr)

    def _say(self, line: dict[str, object], words: str) -> None:
        try:
            # A source's thread may go on while the end is said: no line in another.
            with self._one_at_a_time:
                self._out.write(f"{json.dumps(line) if self._as_json else words}\n")
                self._out.flush()
        except (OSError, ValueError):
            # Whoever listened has gone; the work goes on.
            return

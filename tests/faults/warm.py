"""Refreshes that start at once: forked from a process that has imported everything.

A refresh spends more than a second on imports; a test that kills twenty of
them has no time for that. What is forked runs ``core.refresh.main`` as
``python -m core.refresh`` does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Warm:
    """A context manager: inside it, ``start`` forks refreshes. One thread at a time."""

    def __enter__(self) -> Self:
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.warm"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._parent.communicate(timeout=10)  # it ends where its input does

    def start(self, environment: Mapping[str, str], out: Path, now: datetime | None = None) -> int:
        """Fork a refresh that writes to ``out`` what it says; its process id.

        ``now`` is the moment it takes for the present; None is the clock's.
        """
        moment = now.isoformat() if now else ""
        return self._ask({"environment": dict(environment), "out": str(out), "now": moment})

    def wait(self, process: int) -> int:
        """How it ended: its exit code, or minus the signal that ended it."""
        return self._ask({"wait": process})

    def _ask(self, wish: dict[str, object]) -> int:
        self._parent.stdin.write(json.dumps(wish) + "\n")
        self._parent.stdin.flush()
        return int(self._parent.stdout.readline())


def _main() -> None:
    import core.refresh  # noqa: F401, PLC0415 - what all of this is about
    from core.fetch import calendars  # noqa: PLC0415 - likewise
    from core.fetch.prices import FIRST_SESSION  # noqa: PLC0415 - likewise

    now = datetime.now(UTC)
    for ticker in ("BABA", "9988.HK"):  # a third of a second each, the first time
        calendars.due_since(ticker, now)
        calendars.finished_sessions(ticker, FIRST_SESSION, now)
    for line in sys.stdin:
        wish = json.loads(line)
        if "wait" in wish:
            answer = os.waitstatus_to_exitcode(os.waitpid(wish["wait"], 0)[1])
        else:
            answer = os.fork() or _run(wish)
        print(answer, flush=True)  # noqa: T201 - the answer to the test


def _run(wish: dict[str, object]) -> int:
    """The child: never returns."""
    from core import refresh  # noqa: PLC0415 - already imported
    from core.refreshing.announce import Announcer  # noqa: PLC0415
    from core.schemas import OK  # noqa: PLC0415
    from core.settings import Settings  # noqa: PLC0415

    code = 70
    try:
        sink = os.open(str(wish["out"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for stream in (1, 2):
            os.dup2(sink, stream)
        os.environ.clear()
        os.environ.update(wish["environment"])  # type: ignore[call-overload]
        if wish["now"]:
            told = refresh.refresh(
                Settings.from_environment(),
                Announcer(sys.stdout, as_json=True),
                now=datetime.fromisoformat(str(wish["now"])),
            )
            code = 0 if all(one.outcome == OK for one in told) else 1
        else:
            code = refresh.main(["--json"])
        sys.stdout.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _main()

"""Compare every page's speed with the plain app's: `python -m bench.pages`.

The speed of a machine drifts while a benchmark runs, so the plain app is measured before
and after each page, and a page's ratio is taken to those two neighbours. The second round
visits the pages in reverse, so that none is always early or late.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bench.load import Crowd, Tally, measure
from bench.report import Comparison, Row, as_json, row, table
from bench.server import Server, ServerFailedError, serving

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

PROJECT = Path(__file__).resolve().parents[1]
PLAIN_APP = Path(__file__).with_name("plain_app.py")
PLAIN = "plain app"
SHOWN_FAILURES = 10


@dataclass(slots=True)
class Findings:
    """All measurements of a run: the plain app's, and each page's between two of those."""

    plain: list[Tally] = field(default_factory=list)
    pages: dict[str, list[Comparison]] = field(default_factory=dict)
    first_visits: dict[str, Tally] = field(default_factory=dict)

    def rows(self) -> list[Row]:
        """Return one row for the plain app and one a page."""
        yardstick = [Comparison(tally, (tally,)) for tally in self.plain]
        return [row(PLAIN, yardstick), *(row(page, each) for page, each in self.pages.items())]

    def failures(self) -> Counter[tuple[str, str]]:
        """Return how often each page failed with each error."""
        tallies = [(PLAIN, tally) for tally in self.plain]
        tallies += [(f"{page} (first reader)", each) for page, each in self.first_visits.items()]
        tallies += [(page, each.tally) for page, found in self.pages.items() for each in found]
        seen: Counter[tuple[str, str]] = Counter()
        for page, tally in tallies:
            for error, times in tally.errors.items():
                seen[page, error] += times
        return seen


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code: 0, 1 after errors, 2 without a server."""
    options = _options(arguments)
    pages = options.pages or discovered(options.app)
    crowd = Crowd(options.sessions, options.seconds, options.pause)
    signal.signal(signal.SIGTERM, _stop)
    try:
        findings = _measure_all(options.app, pages, crowd, options.rounds)
    except ServerFailedError as failure:
        _say(str(failure))
        return 2
    rows = findings.rows()
    sys.stdout.write(f"{as_json(rows, crowd) if options.json else table(rows)}\n")
    failures = findings.failures()
    for (page, error), times in failures.most_common(SHOWN_FAILURES):
        _say(f"{page}: {times} x {error}")
    return 1 if failures else 0


def discovered(app: Path) -> list[str]:
    """Return the addresses of the app's pages: the main one and one a script in `pages/`."""
    scripts = sorted((app.parent / "pages").glob("*.py"))
    return ["/", *(f"/{script.stem}" for script in scripts if script.stem[0] not in "._")]


def _measure_all(app: Path, pages: Sequence[str], crowd: Crowd, rounds: int) -> Findings:
    """Measure plain, page, plain, page, ... plain; a plain window counts for both sides.

    The plain windows are half as long: two of them stand beside each page. One reader
    sees every page first, because the libraries that one page imports slow down all the
    others, and would make the order of the pages part of the result.
    """
    beside = replace(crowd, seconds=max(crowd.seconds / 2, crowd.pause))
    findings = Findings(pages={page: [] for page in pages})
    with (
        tempfile.TemporaryDirectory(prefix="groundswell-bench-") as elsewhere,
        serving(PLAIN_APP, Path(elsewhere)) as yardstick,
        serving(app, app.parent) as server,
    ):
        alone = Crowd(sessions=1, seconds=0.1, pause=0.0)
        for page in pages:
            findings.first_visits[page] = asyncio.run(measure(server, page, alone))
        for number in range(rounds):
            findings.plain.append(_measure(yardstick, "/", beside, PLAIN))
            for page in pages if number % 2 == 0 else reversed(pages):
                tally = _measure(server, page, crowd, page)
                findings.plain.append(_measure(yardstick, "/", beside, PLAIN))
                around = (findings.plain[-2], findings.plain[-1])
                findings.pages[page].append(Comparison(tally, around))
        if findings.failures():
            _say(f"the end of what the servers printed:\n{yardstick.output()}{server.output()}")
    return findings


def _measure(server: Server, address: str, crowd: Crowd, name: str) -> Tally:
    tally = asyncio.run(measure(server, address, crowd))
    _say(f"{name}: {tally.rate:.1f} reruns/s")
    return tally


def _say(text: str) -> None:
    """Report progress apart from the result, which may be read by a program."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of a measurement")
    parser.add_argument("--sessions", type=int, default=20, help="readers at the same time")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between clicks")
    parser.add_argument("--rounds", type=int, default=2, help="times every page is measured")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--app", type=Path, default=PROJECT / "app.py", help="main script")
    parser.add_argument("--pages", nargs="+", help="addresses, as / or /leaderboard?range=1y")
    options = parser.parse_args(arguments)
    options.app = options.app.resolve()
    if not options.app.is_file():
        parser.error(f"there is no app at {options.app}")
    if min(options.seconds, options.sessions, options.rounds) <= 0 or options.pause < 0:
        parser.error("seconds, sessions and rounds must be positive")
    return options


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """End by an exception, so that the servers are ended on the way out."""
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())

"""Compare every page's speed with the plain app's: `python -m bench.pages`.

The speed of a machine drifts while a benchmark runs, so the plain app is measured before
and after each page, and a page's ratio is taken to those two neighbours. The second round
visits the pages in reverse, so that none is always early or late.

At the end 50 readers, spread over all pages, look for 5 s between two clicks, and one
reader with a stop-watch finds out where each page's milliseconds go.
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

from bench import stores
from bench.budget import as_dicts, budgets
from bench.load import Crowd, Tally, measure
from bench.report import Comparison, Row, as_json, row, table
from bench.server import Server, ServerFailedError, serving

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

PROJECT = Path(__file__).resolve().parents[1]
PLAIN_APP = Path(__file__).with_name("plain_app.py")
PLAIN = "plain app"
EVERY = "all pages"
FIRST = Crowd(sessions=1, seconds=3.0, pause=0.0)
UNHURRIED = Crowd(sessions=50, seconds=20.0, pause=5.0)
SHOWN_FAILURES = 10


@dataclass(slots=True)
class Findings:
    """All measurements of a run: the plain app's, and each page's between two of those."""

    plain: list[Tally] = field(default_factory=list)
    pages: dict[str, list[Comparison]] = field(default_factory=dict)
    first_visits: dict[str, Tally] = field(default_factory=dict)
    unhurried: dict[str, Comparison] = field(default_factory=dict)

    def rows(self) -> list[Row]:
        """Return one row for the plain app and one a page."""
        yardstick = [Comparison(tally, (tally,)) for tally in self.plain]
        return [
            row(PLAIN, yardstick),
            *(row(page, each) for page, each in self.pages.items()),
            *(row(name, [each]) for name, each in self.unhurried.items()),
        ]

    def failures(self) -> Counter[tuple[str, str]]:
        """Return how often each page failed with each error."""
        tallies = [(PLAIN, tally) for tally in self.plain]
        tallies += [(f"{page} (first reader)", each) for page, each in self.first_visits.items()]
        tallies += [(page, each.tally) for page, found in self.pages.items() for each in found]
        tallies += [(name, each.tally) for name, each in self.unhurried.items()]
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
    end_politely()
    try:
        settings = stores.settings(options.store)
        findings = _measure_all(options, pages, crowd, settings)
        rows = findings.rows()
        if not options.json:
            print(f"{table(rows)}\n", flush=True)
        told = []
        if options.budget:
            (plain,) = budgets(PLAIN_APP, {}, ["/"])
            told = [replace(plain, page=PLAIN)]
            told += budgets(options.app, settings, pages, functions=options.functions)
    except ServerFailedError as failure:
        _say(str(failure))
        return 2
    if options.json:
        print(as_json(rows, crowd, store=options.store, budgets=as_dicts(told)))
    else:
        print("\n".join(line for each in told for line in each.lines(told[0].process)))
    failures = findings.failures()
    failures.update((each.page, error) for each in told for error in each.errors)
    for (page, error), times in failures.most_common(SHOWN_FAILURES):
        _say(f"{page}: {times} x {error}")
    return 1 if failures else 0


def discovered(app: Path) -> list[str]:
    """Return the addresses of the app's pages: the main one and one a script in `pages/`."""
    scripts = sorted((app.parent / "pages").glob("*.py"))
    return ["/", *(f"/{script.stem}" for script in scripts if script.stem[0] not in "._")]


def _measure_all(
    options: argparse.Namespace, pages: Sequence[str], crowd: Crowd, settings: Mapping[str, str]
) -> Findings:
    """Measure plain, page, plain, page, ... plain; a plain window counts for both sides.

    The plain windows are half as long: two of them stand beside each page. One reader
    sees every page first, because the libraries that one page imports slow down all the
    others, and would make the order of the pages part of the result. The same reader's
    clicks work out what is worked out once in a server's life; the budget tells how long
    that takes.
    """
    beside = replace(crowd, seconds=max(crowd.seconds / 2, crowd.pause))
    findings = Findings(pages={page: [] for page in pages})
    with (
        tempfile.TemporaryDirectory(prefix="groundswell-bench-") as elsewhere,
        serving(PLAIN_APP, Path(elsewhere)) as yardstick,
        serving(options.app, options.app.parent, settings) as server,
    ):
        for page in pages:
            findings.first_visits[page] = asyncio.run(measure(server, page, FIRST))
        for number in range(options.rounds):
            findings.plain.append(_measure(yardstick, "/", beside, PLAIN))
            for page in pages if number % 2 == 0 else reversed(pages):
                tally = _measure(server, page, crowd, page)
                findings.plain.append(_measure(yardstick, "/", beside, PLAIN))
                around = (findings.plain[-2], findings.plain[-1])
                findings.pages[page].append(Comparison(tally, around))
        if options.unhurried:
            findings.unhurried = _unhurried(yardstick, server, pages)
        if findings.failures():
            _say(f"the end of what the servers printed:\n{yardstick.output()}{server.output()}")
    return findings


def _unhurried(yardstick: Server, server: Server, pages: Sequence[str]) -> dict[str, Comparison]:
    """Measure readers who look before they click, on all pages at the same time."""
    crowd = f"{UNHURRIED.sessions} readers pausing {UNHURRIED.pause:.0f} s"
    plain = _measure(yardstick, "/", UNHURRIED, f"{PLAIN}, {crowd}")
    tally = _measure(server, pages, UNHURRIED, f"{EVERY}, {crowd}")
    return {
        f"{PLAIN}, {crowd}": Comparison(plain, (plain,)),
        f"{EVERY}, {crowd}": Comparison(tally, (plain,)),
    }


def _measure(server: Server, address: str | Sequence[str], crowd: Crowd, name: str) -> Tally:
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
    parser.add_argument(
        "--functions", action="store_true", help="show each page's costliest functions too"
    )
    for name, what in (
        ("unhurried", f"the {UNHURRIED.sessions} readers who pause"),
        ("budget", "the milliseconds by stage"),
    ):
        told = f"leave out {what}"
        parser.add_argument(f"--no-{name}", dest=name, action="store_false", help=told)
    stores.add_option(parser)
    options = parser.parse_args(arguments)
    options.app = options.app.resolve()
    if not options.app.is_file():
        parser.error(f"there is no app at {options.app}")
    if min(options.seconds, options.sessions, options.rounds) <= 0 or options.pause < 0:
        parser.error("seconds, sessions and rounds must be positive")
    return options


def end_politely() -> None:
    """From now on end by an exception when asked to, so that servers are ended on the way out."""
    signal.signal(signal.SIGTERM, _stop)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())

"""Is the site as fast after a refresh as before? `python -m bench.after_refresh`.

A store is filled by one refresh from the loopback Hub and Yahoo, every page is
measured, a second refresh runs while the server goes on, and the pages are
measured again by new readers, who get the new data. Each figure is a ratio to
the plain app's, measured before and after it, so that the drift of the machine
is not taken for the refresh.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench.load import Crowd, measure
from bench.pages import PLAIN_APP, PROJECT, discovered
from bench.refresh import WINDOW_SECONDS, refresh
from bench.report import Comparison
from bench.server import serving
from tests.fakes.hub import HubFake
from tests.fakes.yahoo import YahooFake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.server import Server


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a page with both ratios and what the second is of the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="length of a measurement")
    parser.add_argument("--rounds", type=int, default=3, help="times every page is measured")
    parser.add_argument("--sessions", type=int, default=20, help="readers at the same time")
    parser.add_argument("--pages", nargs="+", help="addresses; else every page")
    options = parser.parse_args(arguments)
    pages = options.pages or discovered(PROJECT / "app.py")
    crowd = Crowd(options.sessions, options.seconds, 0.0)
    with (
        HubFake.demo() as hub,
        YahooFake.demo(datetime.now(UTC)) as yahoo,
        tempfile.TemporaryDirectory(prefix="groundswell-bench-") as folder,
    ):
        settings = {
            "GROUNDSWELL_HOME": folder,
            "HF_ENDPOINT": hub.url,
            "GROUNDSWELL_YAHOO_URL": yahoo.url,
        }
        online = os.environ | settings | {"GROUNDSWELL_OFFLINE": "0"}
        refresh(online)
        hub.pass_time(WINDOW_SECONDS)
        with (
            tempfile.TemporaryDirectory(prefix="groundswell-bench-") as elsewhere,
            serving(PLAIN_APP, Path(elsewhere)) as plain,
            serving(PROJECT / "app.py", PROJECT, settings) as server,
        ):
            before = _ratios(server, plain, pages, crowd, options.rounds)
            refresh(online)
            after = _ratios(server, plain, pages, crowd, options.rounds)
    heading = f"{'page':<14}{'before':>8}{'after':>8}{'after / before':>16}"
    print(f"{heading}   (reruns per second, the plain app's = 1)")
    for page, ratio in before.items():
        print(f"{page:<14}{ratio:>8.2f}{after[page]:>8.2f}{after[page] / ratio:>16.3f}")
    return 0


def _ratios(
    server: Server, plain: Server, pages: Sequence[str], crowd: Crowd, rounds: int
) -> dict[str, float]:
    """Each page's reruns per second as a multiple of the plain app's, median of the rounds."""
    gc.collect()
    gc.freeze()  # the fakes live in this process: their growth must not slow the readers
    for page in pages:  # every view is worked out once, which is not what is measured
        asyncio.run(measure(server, page, crowd))
    found: dict[str, list[float]] = {page: [] for page in pages}
    beside = Crowd(crowd.sessions, crowd.seconds / 2, 0.0)
    for _ in range(rounds):
        for page in pages:
            around = asyncio.run(measure(plain, "/", beside))
            tally = asyncio.run(measure(server, page, crowd))
            then = asyncio.run(measure(plain, "/", beside))
            found[page].append(Comparison(tally, (around, then)).rate_ratio())
    return {page: statistics.median(each) for page, each in found.items()}


if __name__ == "__main__":
    sys.exit(main())

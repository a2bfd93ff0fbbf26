"""Is the site as fast after a refresh as before? `python -m bench.after_refresh`.

A store is filled by one refresh from the loopback Hub and Yahoo, on top of a made-up
store of the Hub's size if there is one. Every page is measured, a second refresh runs
while the server goes on, and the pages are measured again by new readers, who get the
new data. Each figure is a ratio to the plain app's, measured before and after it, so
that the drift of the machine is not taken for the refresh.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import shutil
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench import stores
from bench.load import Crowd, measure
from bench.pages import PLAIN_APP, PROJECT, discovered, end_politely
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
    options = _options(arguments)
    end_politely()
    pages = options.pages or discovered(PROJECT / "app.py")
    crowd = Crowd(options.sessions, options.seconds, 0.0)
    made = stores.settings(options.store).get("GROUNDSWELL_HOME", "")
    with (
        HubFake.demo() as hub,
        YahooFake.demo(datetime.now(UTC)) as yahoo,
        tempfile.TemporaryDirectory(prefix="groundswell-bench-", dir=_beside(made)) as folder,
    ):
        if made:
            copied(Path(made), Path(folder))
        settings = {
            "GROUNDSWELL_HOME": folder,
            "HF_ENDPOINT": hub.url,
            "GROUNDSWELL_YAHOO_URL": yahoo.url,
        }
        # The public histories are not among the loopback servers' worlds: nothing is asked of them.
        online = os.environ | settings | {"GROUNDSWELL_OFFLINE": "0"}
        refresh(online, "--only=hub,prices")
        hub.pass_time(WINDOW_SECONDS)
        with (
            tempfile.TemporaryDirectory(prefix="groundswell-bench-") as elsewhere,
            serving(PLAIN_APP, Path(elsewhere)) as plain,
            serving(PROJECT / "app.py", PROJECT, settings) as server,
        ):
            before = _ratios(server, plain, pages, crowd, options.rounds)
            refresh(online, "--only=hub,prices")
            after = _ratios(server, plain, pages, crowd, options.rounds)
    told = {
        page: {"before": ratio, "after": after[page], "after / before": after[page] / ratio}
        for page, ratio in before.items()
    }
    if options.json:
        print(json.dumps({"store": options.store, "pages": told}, indent=2))
        return 0
    heading = f"{'page':<14}{'before':>8}{'after':>8}{'after / before':>16}"
    print(f"{heading}   (reruns per second, the plain app's = 1)")
    for page, (first, then, ratio) in ((page, each.values()) for page, each in told.items()):
        print(f"{page:<14}{first:>8.2f}{then:>8.2f}{ratio:>16.3f}")
    return 0


def copied(store: Path, to: Path) -> None:
    """Put the files of ``store`` into ``to`` too: refreshes add and remove files, no more."""
    shutil.copytree(store, to, dirs_exist_ok=True, copy_function=os.link)


def _beside(store: str) -> Path | None:
    """A folder on the disk of ``store``, where its files can be had without copying them."""
    return Path(store).parent if store else None


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


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.after_refresh", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="length of a measurement")
    parser.add_argument("--rounds", type=int, default=3, help="times every page is measured")
    parser.add_argument("--sessions", type=int, default=20, help="readers at the same time")
    parser.add_argument("--pages", nargs="+", help="addresses; else every page")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    stores.add_option(parser)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

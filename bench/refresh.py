"""How many requests a refresh makes: cold, continued, and with nothing to do.

    python -m bench.refresh

The real refresh over a loopback Hub (16 families, 40,000 derivatives to depth
6) and a loopback Yahoo. Each refresh is a process of its own, as cron or the
site starts it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from core.schemas import READINGS
from core.store.store import Store
from tests.fakes.hub import HubFake
from tests.fakes.yahoo import YahooFake

PROJECT = Path(__file__).resolve().parents[1]
WINDOW_SECONDS = 301.0
"""Time that passes at the Hub between two refreshes: its limit begins anew."""
LONGEST = 60
"""Refreshes until nothing is left to ask about, at most."""


def main() -> int:
    """Print a line a refresh; 0 when the last one, which had nothing to do, asked nothing."""
    with (
        HubFake.demo() as hub,
        YahooFake.demo(datetime.now(UTC)) as yahoo,
        tempfile.TemporaryDirectory(prefix="groundswell-bench-") as folder,
    ):
        environment = os.environ | {
            "GROUNDSWELL_HOME": folder,
            "GROUNDSWELL_OFFLINE": "0",
            "HF_ENDPOINT": hub.url,
            "GROUNDSWELL_YAHOO_URL": yahoo.url,
        }
        environment.pop("HF_TOKEN", None)  # the limits are those of an anonymous refresh
        store, world = Store(Path(folder)), hub.world
        print(f"{'refresh':<12}{'Hub':>6}{'Yahoo':>7}{'official':>10}{'derivatives':>13}{'s':>7}")
        for number in range(1, LONGEST + 1):
            before, began = (len(hub.requests), len(yahoo.requests)), time.perf_counter()
            sources = refresh(environment)
            seconds = time.perf_counter() - began
            read = set(store.own(READINGS)["model_id"])
            official = len(read & world.official.keys()) / len(world.official)
            derived = len(read & world.derivatives.keys()) / len(world.derivatives)
            asked = (len(hub.requests) - before[0], len(yahoo.requests) - before[1])
            name = "cold" if number == 1 else f"continued {number - 1}" if sources else "fresh"
            if number <= 3 or not sources:  # noqa: PLR2004 - the three that are promised
                print(
                    f"{name:<12}{asked[0]:>6}{asked[1]:>7}{official:>10.1%}{derived:>13.2%}"
                    f"{seconds:>7.1f}"
                )
            if not sources:
                return 0 if asked == (0, 0) else 1
            hub.pass_time(WINDOW_SECONDS)
    return 1


def refresh(environment: dict[str, str], *options: str) -> list[str]:
    """One refresh with these options; the sources that were asked."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "core.refresh", "--json", *options],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        message = f"the refresh ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        raise RuntimeError(message)
    end = json.loads(done.stdout.splitlines()[-1])
    return [source["source"] for source in end["sources"]]


if __name__ == "__main__":
    sys.exit(main())

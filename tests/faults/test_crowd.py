"""Fifty readers on all pages while the data under them is refreshed every minute.

``GROUNDSWELL_CROWD_SECONDS`` is how long: 600 unless it is set.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest

from bench.load import Crowd, measure
from bench.pages import PROJECT, discovered
from bench.refresh import WINDOW_SECONDS, refresh
from bench.server import serving
from tests.fakes.hub import HubFake
from tests.fakes.world import World
from tests.fakes.yahoo import YahooFake

if TYPE_CHECKING:
    from pathlib import Path

    from bench.load import Tally
    from bench.server import Server

SECONDS: Final = float(os.environ.get("GROUNDSWELL_CROWD_SECONDS", "600"))
READERS: Final = 50
PAUSE_SECONDS: Final = 5.0
"""So long a reader looks at a page before the next click."""
MINUTE: Final = 60.0
LARGEST_GROWTH: Final = 0.05


@dataclass
class Watched:
    """What was seen beside the crowd: the server's memory over time, and refreshes."""

    memory: list[tuple[float, int]] = field(default_factory=list)
    refreshes: int = 0
    wrote: int = 0


async def watch(server: Server, hub: HubFake, online: dict[str, str], watched: Watched) -> None:
    """Note the server's memory every second, and refresh every minute, until the end."""
    began = time.monotonic()
    while (passed := time.monotonic() - began) < SECONDS:
        watched.memory.append((passed, server.resident_bytes()))
        if passed >= MINUTE * (watched.refreshes + 0.5):
            watched.refreshes += 1
            hub.pass_time(WINDOW_SECONDS)
            watched.wrote += bool(await asyncio.to_thread(refresh, online))
        await asyncio.sleep(1)


async def crowd(
    server: Server, hub: HubFake, online: dict[str, str], watched: Watched
) -> list[Tally]:
    """Readers on every page at the same time, and the watch beside them."""
    pages = discovered(PROJECT / "app.py")
    share = [READERS // len(pages) + (at < READERS % len(pages)) for at in range(len(pages))]
    tallies = [
        measure(server, page, Crowd(readers, SECONDS, PAUSE_SECONDS))
        for page, readers in zip(pages, share, strict=True)
    ]
    *found, _ = await asyncio.gather(*tallies, watch(server, hub, online, watched))
    return found


@pytest.mark.slow
def test_crowd_meets_no_error_and_memory_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    watched = Watched()
    with HubFake(World.demo(now=now)) as hub, YahooFake.demo(now) as yahoo:
        settings = {
            "GROUNDSWELL_HOME": str(tmp_path / "home"),
            "HF_ENDPOINT": hub.url,
            "GROUNDSWELL_YAHOO_URL": yahoo.url,
        }
        online = os.environ | settings | {"GROUNDSWELL_OFFLINE": "0"}
        refresh(online)
        with serving(PROJECT / "app.py", PROJECT, settings) as server:
            found = asyncio.run(crowd(server, hub, online, watched))
            tracebacks = server.tracebacks()
    errors = sum((tally.errors for tally in found), Counter[str]())
    reruns = sum(len(tally.latencies) for tally in found)
    warm = next(used for passed, used in watched.memory if passed >= min(MINUTE, SECONDS / 2))
    last = watched.memory[-1][1]
    most = max(used for passed, used in watched.memory if passed >= min(MINUTE, SECONDS / 2))
    growth = last / warm - 1
    print(  # noqa: T201
        f"\n{READERS} readers for {SECONDS:.0f} s: {reruns} reruns, {watched.refreshes} refreshes "
        f"({watched.wrote} wrote), errors {dict(errors)}; memory {warm / 2**20:.0f} MiB after the "
        f"first minute, {last / 2**20:.0f} at the end ({growth:+.1%}), {most / 2**20:.0f} at most"
    )
    assert not errors
    assert tracebacks == 0
    assert reruns > READERS
    assert watched.wrote == watched.refreshes > 0
    assert growth < LARGEST_GROWTH

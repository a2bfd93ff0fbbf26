"""``make demo``: the site beside a Hub and a Yahoo of its own, so that one can watch a refresh.

    python -m tests.fakes [--port 8501] [--latency 0.05] [--headless]

Everything runs on this machine, the store is a temporary folder, and nothing
of it is left when Ctrl-C ends it. All figures of the two services are made up.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.fakes.history import MadeHistory
from tests.fakes.hub import HubFake
from tests.fakes.world import World
from tests.fakes.yahoo import YahooFake

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

ROOT: Final = Path(__file__).resolve().parents[2]
_TICK_SECONDS: Final = 60
_PATIENCE_SECONDS: Final = 10
_OURS: Final = ("GROUNDSWELL_", "HF_", "HUGGING_FACE_")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo until it is interrupted or the site ends. Returns the exit status."""
    wish = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    _say("Making up a world: 16 families of models, 40,000 models built on them, and prices.")
    now = datetime.now(UTC)
    world = World.demo(now=now)
    with ExitStack() as stack:
        hub = stack.enter_context(HubFake(world, clock=time.monotonic, latency=wish.latency))
        MadeHistory.of_world(world, end=now.date() - timedelta(days=1)).serve(hub.datasets)
        yahoo = stack.enter_context(YahooFake.demo(now, latency=wish.latency))
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="groundswell-demo-"))
        _say(f"The Hub answers at    {hub.url}")
        _say(f"Yahoo answers at      {yahoo.url}")
        _say(f"The store is          {home}")
        _say(f"The site will be at   http://localhost:{wish.port}   (Ctrl-C ends everything)")
        with suppress(KeyboardInterrupt):
            site = stack.enter_context(_site(wish, hub.url, yahoo.url, home))
            stack.callback(_end, site)
            return _watch(site, world, yahoo)
    _say("Ended.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--port", type=int, default=8501, help="where the site listens")
    parser.add_argument(
        "--latency", type=float, default=0.05, help="seconds before each answer of the services"
    )
    parser.add_argument("--headless", action="store_true", help="open no browser")
    return parser


def _site(
    wish: argparse.Namespace, hub_url: str, yahoo_url: str, home: str
) -> subprocess.Popen[bytes]:
    """The site as ``make run`` starts it, but for where it asks and stores."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}
    environment |= {
        "GROUNDSWELL_HOME": str(Path(home) / "store"),
        "GROUNDSWELL_YAHOO_URL": yahoo_url,
        "HF_ENDPOINT": hub_url,
        "HF_HOME": str(Path(home) / "client"),  # no token of this person's is read
    }
    options = {
        "server.address": "localhost",
        "server.port": wish.port,
        "server.headless": str(wish.headless).lower(),
        "server.fileWatcherType": "none",
    }
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += [f"--{name}={value}" for name, value in options.items()]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def _watch(site: subprocess.Popen[bytes], world: World, yahoo: YahooFake) -> int:
    """Let the world go on as time does until the site ends. Returns its exit status."""
    while True:
        try:
            return site.wait(timeout=_TICK_SECONDS)
        except subprocess.TimeoutExpired:
            world.advance((datetime.now(UTC) - world.now).total_seconds() / 3600)
            yahoo.now = datetime.now(UTC)


def _end(site: subprocess.Popen[bytes]) -> None:
    """End the site, kindly first."""
    site.terminate()
    try:
        site.wait(timeout=_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        site.kill()


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - a command that says what it does


if __name__ == "__main__":
    sys.exit(main())

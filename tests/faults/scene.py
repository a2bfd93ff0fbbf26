"""A store that holds one good refresh, between a Hub and a Yahoo that a fault can be brought to."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import yfinance

from core import refresh
from core.refreshing.announce import Announcer
from core.settings import Settings
from core.store.store import Store
from tests.conftest import ROOT
from tests.fakes.hub import HubFake
from tests.fakes.world import World
from tests.fakes.yahoo import YahooFake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.fakes.server import FakeServer
    from tests.fakes.shares import Series

HUB, YAHOO, HISTORY = "hub", "yahoo", "history"
SOURCES: Final = (HUB, YAHOO, HISTORY)

_AGE: Final = timedelta(days=5)
"""Old enough that both sources are due again, even after a weekend with holidays."""
_DEADLINE: Final = 60.0
_ASKS: Final = {HUB: "hub", YAHOO: "prices", HISTORY: "prices"}
"""What ``--only`` says. With prices alone, the Hub is asked for nothing but the history."""
_KEEPS: Final = {"GROUNDSWELL_HISTORY_REPO": "me/my-history", "HF_TOKEN": "hf_x"}


@dataclass
class Good:
    """A store after one good refresh at ``moment``; the models and shares it came from."""

    home: Path
    world: World
    shares: list[Series]
    moment: datetime


@dataclass
class Ended:
    """A refresh that has ended: exit code, what it wrote, and how long it took."""

    code: int
    said: str
    trouble: str
    seconds: float


@dataclass
class Scene:
    """One cell's own store and services; a fault changes them before the refresh."""

    source: str
    good: Good
    home: Path
    hub: HubFake
    yahoo: YahooFake
    until: ExitStack
    """What is undone at the end, whatever happens."""
    given: dict[str, str] = field(default_factory=dict)
    """Settings that differ."""
    program: Sequence[str] = ("-m", "core.refresh")
    limit: Callable[[], None] | None = None
    """Called in the child before it becomes the refresh."""
    repairs: list[Callable[[], None]] = field(default_factory=list)
    """What ends a fault that is not one of a service."""

    @property
    def server(self) -> FakeServer:
        """The service that is asked."""
        return self.yahoo if self.source == YAHOO else self.hub

    @property
    def store(self) -> Store:
        return Store(self.home)

    def lead_to(self, address: str) -> None:
        """Let the source be at this address."""
        name = "GROUNDSWELL_YAHOO_URL" if self.source == YAHOO else "HF_ENDPOINT"
        self.given[name] = address

    def settings(self, deadline: float) -> dict[str, str]:
        return {
            "GROUNDSWELL_HOME": str(self.home),
            "GROUNDSWELL_DEADLINE": str(deadline),
            "HF_ENDPOINT": self.hub.url,
            "GROUNDSWELL_YAHOO_URL": self.yahoo.url,
            **(_KEEPS if self.source == HISTORY else {}),
            **self.given,
        }

    def run(self, deadline: float = _DEADLINE) -> Ended:
        """One refresh, as a process of its own."""
        clean = {name: value for name, value in os.environ.items() if "GROUNDSWELL" not in name}
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, *self.program, "--json", "--only", _ASKS[self.source]],
            cwd=ROOT,
            env=clean | self.settings(deadline),
            preexec_fn=self.limit,
            capture_output=True,
            text=True,
            timeout=deadline + 60,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr, time.monotonic() - began)

    def refresh(self, deadline: float = _DEADLINE) -> list[refresh.Told]:
        """One refresh in this process."""
        settings = Settings.from_environment(self.settings(deadline))
        return _refresh(settings, (_ASKS[self.source],), datetime.now(UTC))

    def mend(self) -> None:
        """End the fault: the services answer, and the disk takes what is written."""
        for repair in reversed(self.repairs):
            repair()
        self.repairs.clear()
        self.given.clear()
        self.limit = None
        self.program = ("-m", "core.refresh")
        self.hub.faults.clear()
        self.yahoo.faults.clear()
        self.hub.pass_time(600)


@contextmanager
def scene(source: str, good: Good, home: Path) -> Iterator[Scene]:
    """A copy of the good store in ``home``, with services of its own."""
    shutil.copytree(good.home, home)
    with ExitStack() as stack:
        hub = stack.enter_context(HubFake(good.world))
        yahoo = stack.enter_context(YahooFake(good.shares, datetime.now(UTC)))
        if source == HISTORY:
            kept = [*home.glob("readings/*"), *home.glob("links/*")]
            hub.datasets.put(
                _KEEPS["GROUNDSWELL_HISTORY_REPO"],
                {f"{path.parent.name}/{path.name}": path.read_bytes() for path in kept},
            )
        until = stack.enter_context(ExitStack())  # before the services end
        yield Scene(source, good, home, hub, yahoo, until)


def good_store(home: Path) -> Good:
    """One good refresh of both sources, days ago; since then the world has gone on."""
    now = datetime.now(UTC).replace(microsecond=0)
    moment = now - _AGE
    world = World.demo(derivatives=300, now=moment)
    with HubFake(world) as hub, YahooFake.demo(moment) as yahoo:
        given = {
            "GROUNDSWELL_HOME": str(home),
            "HF_ENDPOINT": hub.url,
            "GROUNDSWELL_YAHOO_URL": yahoo.url,
        }
        told = _refresh(Settings.from_environment(given), refresh.SOURCES, moment)
    assert [one.outcome for one in told] == ["ok", "ok"], told
    world.advance(_AGE.total_seconds() / 3600)
    return Good(home, world, list(yahoo.series.values()), moment)


def _refresh(settings: Settings, sources: Sequence[str], now: datetime) -> list[refresh.Told]:
    # What yfinance kept lies in the folder of another store.
    yfinance.cache._TzCacheManager._tz_cache = None  # noqa: SLF001
    yfinance.cache._CookieCacheManager._Cookie_cache = None  # noqa: SLF001
    return refresh.refresh(settings, Announcer(io.StringIO(), as_json=True), sources, now=now)

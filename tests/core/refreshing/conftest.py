"""A refresh in this process, over real sockets: at a moment of one's choosing, of a history."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
import yfinance

from core import refresh
from core.refreshing.announce import Announcer
from core.settings import Settings
from core.store.store import Store
from tests.core.fetch.histories import FAMILIES, small, small_files
from tests.fakes.history import MADSYS, PULSE
from tests.fakes.hub import HubFake
from tests.fakes.world import World
from tests.fakes.yahoo import YahooFake

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.fakes.history import MadeHistory

START = datetime(2026, 11, 25, 14, 5, 33, tzinfo=UTC)
"""A Wednesday, before New York closes and after Hong Kong has closed."""


@dataclass
class Site:
    """One store between a Hub and a Yahoo of its own."""

    hub: HubFake
    yahoo: YahooFake
    home: Path
    now: datetime = START
    said: io.StringIO = field(default_factory=io.StringIO)
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return Store(self.home)

    def settings(self) -> Settings:
        return Settings.from_environment(
            {
                "GROUNDSWELL_HOME": str(self.home),
                "HF_ENDPOINT": self.hub.url,
                "GROUNDSWELL_YAHOO_URL": self.yahoo.url,
            }
            | self.extra
        )

    def refresh(
        self, sources: Sequence[str] = ("hub",), families: Sequence[str] = ()
    ) -> dict[str, refresh.Told]:
        """How it went, by source."""
        announce = Announcer(self.said, as_json=True)
        told = refresh.refresh(
            self.settings(), announce, tuple(sources), frozenset(families), now=self.now
        )
        return {one.key: one for one in told}

    def later(self, hours: float, **options: object) -> None:
        """Let time pass, for the world too."""
        self.now += timedelta(hours=hours)
        self.hub.world.advance(hours, **options)
        self.hub.pass_time(hours * 3600)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    # What yfinance kept from another test lies in that test's folder.
    monkeypatch.setattr(yfinance.cache._TzCacheManager, "_tz_cache", None)  # noqa: SLF001
    monkeypatch.setattr(yfinance.cache._CookieCacheManager, "_Cookie_cache", None)  # noqa: SLF001
    world = World.demo(derivatives=1_000, now=START)
    with HubFake(world) as hub, YahooFake.demo(START) as yahoo:
        yield Site(hub, yahoo, tmp_path / "home")


@pytest.fixture(scope="module")
def made() -> MadeHistory:
    """The public history that ``hub`` serves."""
    return small()


@pytest.fixture(scope="module")
def pulse() -> dict[str, bytes]:
    """Its files by path, as Model Pulse lays them out."""
    return small_files()


@pytest.fixture
def hub(made: MadeHistory, pulse: dict[str, bytes]) -> Iterator[HubFake]:
    """A Hub with two datasets of one public history."""
    with HubFake(World(FAMILIES)) as hub:
        hub.datasets.put(PULSE, pulse)
        hub.datasets.put(MADSYS, made.madsys_files())
        yield hub


@pytest.fixture
def rolled(monkeypatch: pytest.MonkeyPatch) -> list[Store]:
    """The stores whose daily figures were to be made: that is shown elsewhere."""
    asked: list[Store] = []
    other = ModuleType("core.refreshing.daily")

    def write_daily(store: Store, *_: object) -> str:
        asked.append(store)
        return "7 daily figures added up."

    other.write_daily = write_daily  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "core.refreshing.daily", other)
    return asked

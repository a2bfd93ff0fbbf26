"""``kill -9`` at any moment of a refresh: what was there is there, and the next one is complete.

Half of the kills come after a while drawn by lot, half a moment after the
refresh has made its n-th file, since most of its time it does not write.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, Protocol, Self

import pytest

from core.schemas import LISTINGS, PRICES, READINGS, TABLES
from core.store import parquet
from core.store.definitions import load_families
from core.store.lock import locked
from core.store.store import Store
from tests.conftest import ROOT
from tests.fakes.hub import HubFake
from tests.fakes.shares import tickers
from tests.fakes.world import MAKERS, World
from tests.fakes.yahoo import YahooFake
from tests.faults.warm import Warm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DERIVATIVES: Final = 150
FAMILIES: Final = 3
FIRST_REQUESTS: Final = 40
"""So many the Hub answers the day before: much remains to be asked about."""
KILLS_IN_A_ROW: Final = (3, 7)
LONGEST: Final = 120
PRICE_VERSIONS_KEPT: Final = 3


class Starter(Protocol):
    """How a refresh comes into being."""

    def start(
        self, environment: Mapping[str, str], out: Path, now: datetime | None = None
    ) -> int: ...

    def wait(self, process: int) -> int: ...


class Cold:
    """``python -m core.refresh`` as cron starts it, imports and all."""

    def __enter__(self) -> Self:
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children.values():
            child.kill()
            child.wait()

    def start(self, environment: Mapping[str, str], out: Path, now: datetime | None = None) -> int:
        assert now is None, "cron has no other clock"
        with out.open("ab") as sink:
            child = subprocess.Popen(
                [sys.executable, "-m", "core.refresh", "--json"],
                cwd=ROOT,
                env=dict(environment),
                stdout=sink,
                stderr=sink,
            )
        self._children[child.pid] = child
        return child.pid

    def wait(self, process: int) -> int:
        return self._children.pop(process).wait(LONGEST)


@dataclass
class Scene:
    """A Hub, a Yahoo, and a store that was filled the day before."""

    hub: HubFake
    yahoo: YahooFake
    warm: Warm
    folder: Path
    base: Path
    took: float = 0.0
    """Seconds of a refresh that nobody kills."""
    homes: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def environment(self, home: Path) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if "GROUNDSWELL" not in name}
        return clean | {
            "GROUNDSWELL_HOME": str(home),
            "HF_ENDPOINT": self.hub.url,
            "GROUNDSWELL_YAHOO_URL": self.yahoo.url,
        }

    def another(self) -> Path:
        """A copy of the store of the day before."""
        self.homes += 1
        return Path(shutil.copytree(self.base, self.folder / f"home{self.homes}"))

    def refresh(self, home: Path, now: datetime | None = None) -> dict[str, object]:
        """A refresh that is left in peace, and the last line it says."""
        out = self.folder / "said"
        out.unlink(missing_ok=True)
        code = self.warm.wait(self.warm.start(self.environment(home), out, now))
        said = out.read_text()
        assert code == 0, said
        return json.loads(said.splitlines()[-1]) if said else {}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    now = datetime.now(UTC)
    yesterday = now - timedelta(days=1)
    families = load_families(MAKERS)[:FAMILIES]
    world = World.demo(families, derivatives=DERIVATIVES, now=yesterday)
    with ExitStack() as stack:
        hub = stack.enter_context(HubFake(world, quota=FIRST_REQUESTS))
        yahoo = stack.enter_context(YahooFake.demo(now))
        warm = stack.enter_context(Warm())
        scene = Scene(hub, yahoo, warm, tmp_path, tmp_path / "base")
        yahoo.now = yesterday
        scene.refresh(scene.base, yesterday)
        hub.quota, yahoo.now = 1_000_000, now
        world.advance(24, new_derivatives=10)
        untouched = scene.another()
        began = time.monotonic()
        scene.refresh(untouched)
        scene.took = time.monotonic() - began
        assert_complete(scene, untouched)
        yield scene


def contents(home: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.rglob("*.parquet")}


def made(home: Path) -> set[str]:
    """Names of all files of tables, finished or not."""
    found: set[str] = set()
    for name in TABLES:
        try:
            found.update(entry.path for entry in os.scandir(home / name))
        except OSError:
            continue
    return found


def kill_somewhere(scene: Scene, starter: Starter, home: Path, lot: Random) -> bool:
    """Start a refresh and kill it; False where it had ended before."""
    before, out = made(home), scene.folder / "killed"
    process = starter.start(scene.environment(home), out)
    if lot.random() < 0.5:
        overhead = 1.2 if isinstance(starter, Cold) else 0.0
        time.sleep(lot.uniform(0.0, overhead + 0.7 * scene.took))
        scene.counts["by the clock"] += 1
    else:
        wanted, pause = lot.randint(1, 16), lot.choice([0.0, 0.0, lot.uniform(0, 0.01)])
        seen: set[str] = set()
        until = time.monotonic() + LONGEST
        while len(seen) < wanted and time.monotonic() < until:
            seen |= made(home) - before
            if _ended(process):
                break
            time.sleep(0.001)
        time.sleep(pause)
        scene.counts["while it wrote"] += 1
    os.kill(process, signal.SIGKILL)
    return starter.wait(process) == -signal.SIGKILL


def _ended(process: int) -> bool:
    """Whether the process is over, though nobody has asked how it ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def assert_nothing_lost(scene: Scene, home: Path, before: dict[Path, bytes]) -> None:
    after = contents(home)
    for path, content in before.items():
        if path.parent.name == PRICES.name and path not in after:
            newer = [name for name in after if name.parent == path.parent and name > path]
            assert len(newer) >= PRICE_VERSIONS_KEPT, f"{path.name} is lost"
        else:
            assert after[path] == content, f"{path.name} was changed"
    for path in after:
        parquet.read(path, TABLES[path.parent.name])  # raises where it is torn
    scene.counts["left unfinished"] += len(list(home.rglob("*.part")))
    scene.counts["partitions it had written"] += len(after.keys() - before.keys())
    with locked(home):  # raises where somebody has it
        pass


def assert_complete(scene: Scene, home: Path) -> None:
    """Everything the services have to tell of today is in the store, and nothing else is."""
    store, now = Store(home), datetime.now(UTC)
    for table in TABLES.values():
        assert store.load(table).faults == ()
    assert scene.refresh(home)["message"] == "Everything is fresh: nothing was asked."
    readings = store.own(READINGS)
    official = readings[readings["model_id"].isin(scene.hub.world.official)]
    by_moment = official.groupby("read_at")["model_id"].agg(set)
    assert len(by_moment) >= 2
    for moment, names in by_moment.items():
        assert names == set(scene.hub.world.official), f"only some were read at {moment}"
    assert now - by_moment.index[-1] < timedelta(hours=12)
    last = official[official["read_at"] == by_moment.index[-1]].set_index("model_id")
    for name, told in scene.hub.world.official.items():
        assert last.loc[name, "downloads_30d"] == told["downloads"]
    asked = store.own(LISTINGS)
    assert asked["complete"].all()
    assert set(asked["parent"]) >= set(scene.hub.world.official)
    prices = store.own(PRICES)
    assert set(prices["ticker"]) == set(tickers())
    for ticker, rows in prices.groupby("ticker"):
        series = scene.yahoo.series[ticker]
        finished = [day for day in series.sessions if series.closes(day) < now - timedelta(hours=1)]
        assert rows["session"].max().date() == finished[-1]
        assert len(rows) == len(finished)
    assert not list(home.rglob("*.part"))


def kill_many(scene: Scene, starter: Starter, kills: int, lot: Random) -> None:
    while scene.counts["kills"] < kills:
        home = scene.another()
        for _ in range(lot.randint(*KILLS_IN_A_ROW)):
            before = contents(home)
            killed = kill_somewhere(scene, starter, home, lot)
            scene.counts["kills" if killed else "came too late"] += 1
            assert_nothing_lost(scene, home, before)
            if not killed or scene.counts["kills"] == kills:
                break
        if killed:
            before = contents(home)
            scene.refresh(home)
            assert_nothing_lost(scene, home, before)
        assert_complete(scene, home)
        scene.counts["stores completed afterwards"] += 1
    print(f"\nkills of a refresh: {dict(scene.counts)}; lost or torn: 0")  # noqa: T201


def test_twenty_kills_lose_nothing(scene: Scene) -> None:
    kill_many(scene, scene.warm, 20, Random(11))  # noqa: S311 - moments, not secrets


@pytest.mark.slow
def test_two_hundred_kills_lose_nothing(scene: Scene) -> None:
    with Cold() as cold:
        kill_many(scene, cold, 200, Random(12))  # noqa: S311 - likewise

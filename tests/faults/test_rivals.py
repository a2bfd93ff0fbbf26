"""Two refreshes of one store at once, and readers beside them."""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pandas as pd
import pytest

from core.schemas import PRICES, READINGS, TABLES
from core.store.definitions import load_families
from core.store.store import Store
from tests.fakes.hub import HubFake
from tests.fakes.world import MAKERS, World
from tests.fakes.yahoo import YahooFake
from tests.faults.warm import Warm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RIVALS: Final = 2
SLOWNESS: Final = 0.003
"""Seconds before each answer: longer than two starts lie apart."""


@contextmanager
def reading(home: Path, counts: Counter[str]) -> Iterator[None]:
    """A reader beside the block, who loads all tables again and again.

    Fails where a table has a fault, or fewer rows than it had before.
    """
    over, wrong = threading.Event(), []
    rows: dict[str, int] = {}

    def read() -> None:
        while not over.is_set():
            for store in (Store(home).pinned(), Store(home)):
                for table in TABLES.values():
                    try:
                        loaded = store.load(table)
                    except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
                        wrong.append(repr(error))
                        return
                    wrong.extend(map(repr, loaded.faults))
                    if len(loaded.frame) < rows.get(table.name, 0):
                        wrong.append(f"{table.name}: {rows[table.name]} -> {len(loaded.frame)}")
                    rows[table.name] = len(loaded.frame)
                    counts["tables read beside it"] += 1

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    assert wrong == []


def ended(out: Path) -> dict[str, object]:
    """The last line that a refresh said."""
    return json.loads(out.read_text().splitlines()[-1])


@pytest.mark.parametrize(
    "rounds", [1, pytest.param(20, marks=pytest.mark.slow)], ids=["once", "often"]
)
def test_one_of_two_works_and_the_other_says_so(tmp_path: Path, rounds: int) -> None:
    now = datetime.now(UTC)
    world = World.demo(load_families(MAKERS)[:3], derivatives=100, now=now)
    counts: Counter[str] = Counter()
    with (
        HubFake(world, quota=1_000_000, latency=SLOWNESS) as hub,
        YahooFake.demo(now) as yahoo,
        Warm() as warm,
    ):
        for number in range(rounds):
            home = tmp_path / f"home{number}"
            environment = {name: text for name, text in os.environ.items() if "GROUND" not in name}
            environment |= {
                "GROUNDSWELL_HOME": str(home),
                "HF_ENDPOINT": hub.url,
                "GROUNDSWELL_YAHOO_URL": yahoo.url,
            }
            outs = [tmp_path / f"said{number}_{rival}" for rival in range(RIVALS)]
            with reading(home, counts):
                children = [warm.start(environment, out) for out in outs]
                codes = [warm.wait(child) for child in children]
            ends = [ended(out) for out in outs]
            told = sorted(zip((end["outcome"] for end in ends), codes, strict=True))
            assert told == [("busy", 1), ("ok", 0)]
            busy = next(end for end in ends if end["outcome"] == "busy")
            assert busy["message"] == "Another refresh of this store is already at work."
            assert busy["sources"] == []
            readings = Store(home).own(READINGS)
            assert set(readings["model_id"]) >= set(world.official)
            assert len(set(readings["read_at"])) == 1  # nobody wrote beside it
            assert len(Store(home).partitions(PRICES)) == 1
            counts["pairs"] += 1
    print(f"\nrivals: {dict(counts)}")  # noqa: T201


@pytest.mark.parametrize(
    "versions", [60, pytest.param(2_000, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_readers_see_whole_prices_while_old_versions_are_forgotten(
    tmp_path: Path, versions: int
) -> None:
    rows = pd.DataFrame(
        {
            "ticker": "BABA",
            "session": pd.date_range("2026-01-01", periods=100).astype("datetime64[ms]"),
            "close": 1.0,
            "adjusted_close": 1.0,
            "index_100": float("nan"),
            "currency": "USD",
            "source": "yahoo",
            "read_at": pd.Timestamp("2026-11-25", tz="UTC").as_unit("ms"),
        }
    )
    store, begun = Store(tmp_path), datetime(2026, 11, 25, tzinfo=UTC)
    store.add(PRICES, rows, begun)
    counts: Counter[str] = Counter()
    whole = len(store.load(PRICES).frame)
    over, seen = threading.Event(), Counter()

    def read() -> None:
        while not over.is_set():
            loaded = Store(tmp_path).load(PRICES)
            pinned = Store(tmp_path).pinned()
            for one in (loaded, pinned.load(PRICES)):
                seen[len(one.frame), one.faults] += 1
            seen[len(pinned.own(PRICES)) + whole - len(rows), ()] += 1

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, versions):
        store.add(PRICES, rows, begun + timedelta(seconds=number))
        store.forget_older(PRICES, 3)
    over.set()
    for reader in readers:
        reader.join()
    assert set(seen) == {(whole, ())}
    counts["versions forgotten"], counts["times read"] = versions - 1, seen.total()
    print(f"\nreaders beside forgetting: {dict(counts)}")  # noqa: T201

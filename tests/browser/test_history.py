"""A daily history is loaded through the page's own buttons, from a Hub on this machine."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from core.store.counters import Counters
from core.store.definitions import load_families
from tests.browser.conftest import serving
from tests.conftest import ROOT
from tests.fakes.history import NO_FAULTS, PULSE, MadeHistory
from tests.fakes.hub import HubFake
from tests.fakes.world import MAKERS, World
from tests.pages.test_refresh import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Server, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FAMILIES = load_families(MAKERS)
NOBODY = "http://127.0.0.1:9"
"""An address at which nothing listens."""


def made() -> MadeHistory:
    """What a public history has of six weeks around December 2025, and nothing went wrong."""
    return MadeHistory.of_families(
        FAMILIES,
        official=3,
        derivatives=20,
        strangers=5,
        start=date(2025, 11, 20),
        end=date(2026, 1, 5),
        faults=NO_FAULTS,
        group_rows=500,
    )


@contextmanager
def connected(history: MadeHistory, home: Path, latency: float = 0.0) -> Iterator[Server]:
    """A site that may ask a Hub with this history, and that has read all else just now."""
    now = datetime.now(UTC)
    record(home, ("hub", now, "ok", "Read."), ("yahoo", now, "ok", "Read."))
    with HubFake(World(FAMILIES), latency=latency) as hub:
        hub.datasets.put(PULSE, history.pulse_files())
        settings = {
            "GROUNDSWELL_OFFLINE": "0",
            "GROUNDSWELL_HOME": str(home),
            "GROUNDSWELL_DEADLINE": "60",
            "GROUNDSWELL_YAHOO_URL": NOBODY,
            "HF_ENDPOINT": hub.url,
        }
        with serving(ROOT, settings) as server:
            yield server


def main(page: Page) -> Locator:
    return page.get_by_test_id("stMain")


def sums(history: MadeHistory) -> dict[str, int]:
    """Downloads of each family's official models in December 2025.

    A day's downloads are the next one's counter less its own.
    """
    first, after = (history.days.index(day) for day in (date(2025, 12, 1), date(2026, 1, 1)))
    totals: dict[str, int] = {}
    for at, one in enumerate(history.repositories):
        account, _, name = one.id.partition("/")
        family = next((family for family in FAMILIES if account in family.accounts), None)
        if family is not None and re.search(family.pattern, name, re.IGNORECASE):
            step = int(history.counter[at, after] - history.counter[at, first])
            totals[family.name] = totals.get(family.name, 0) + step
    return totals


def test_official_history_is_loaded_and_the_leaderboard_gains_its_range(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    history = made()
    with connected(history, tmp_path) as server:
        opened = visit(f"{server.address}/data?section=Daily+history")
        page, board = opened.page, main(opened.page)
        load = board.get_by_role("button", name="Load the daily history of the official models")
        expect(load).to_be_disabled()
        board.get_by_role("button", name="Ask how much each would fetch").click()
        expect(board.get_by_text(re.compile("^To fetch: about .* kB"))).to_have_count(1)
        load.click()
        board.get_by_role("button", name=re.compile("New data from .* UTC: show it")).click()
        held = "Here: 3 files, .* on disk, 20 November 2025 to 5 January 2026"
        expect(board.get_by_text(re.compile(held))).to_have_count(1)
        expect(board.get_by_text("To fetch: nothing more.")).to_have_count(1)
        files = Counters(tmp_path).months("modelpulse", "official")
        assert list(files) == ["2025-11", "2025-12", "2026-01"]
        page.get_by_test_id("stSidebar").get_by_role("link", name="Leaderboard").click()
        totals = sums(history)
        leader = max(totals, key=lambda family: totals[family])
        expect(board.locator("h3").first).to_contain_text(
            f"Official models only: {leader} led in December 2025 with {totals[leader]:,} downloads"
        )
        opened.settle()
        assert opened.outside == []

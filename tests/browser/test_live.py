"""From the first start to new data on show: a refresh beside a page that stays as it is."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from core.draw import words
from core.schemas import LINKS, READINGS
from core.store.store import Store
from tests.browser.conftest import serving
from tests.conftest import ROOT
from tests.fakes.hub import HubFake
from tests.fakes.server import Fault
from tests.fakes.world import World
from tests.fakes.yahoo import YahooFake
from tests.independent import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.browser.conftest import Server, Visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world() -> World:
    return World.demo(derivatives=2_000)


@contextmanager
def connected(world: World, home: Path, faults: tuple[Fault, ...] = ()) -> Iterator[Server]:
    """A site with a Hub and a Yahoo beside it."""
    with HubFake(world, latency=0.02) as hub, YahooFake.demo(datetime.now(UTC)) as yahoo:
        hub.faults += faults
        settings = {
            "GROUNDSWELL_OFFLINE": "0",
            "GROUNDSWELL_HOME": str(home),
            "HF_ENDPOINT": hub.url,
            "GROUNDSWELL_YAHOO_URL": yahoo.url,
            "GROUNDSWELL_DEADLINE": "60",
        }
        with serving(ROOT, settings) as server:
            yield server


def main(visit: Visit) -> str:
    return visit.page.locator('[data-testid="stMain"]').inner_text()


def test_first_start_to_new_data_on_show(
    world: World, tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    with connected(world, tmp_path) as server:
        opened = visit(server.address)
        sidebar = opened.page.locator('[data-testid="stSidebar"]')
        before = main(opened)
        assert "in the 30 days to 10 May 2026" in before
        expect(sidebar.get_by_text(re.compile(r"Hugging Face: .+, \d+ requests"))).to_be_visible()
        assert main(opened) == before
        offer = sidebar.get_by_role("button", name=re.compile(r"New data from .+ UTC: show it"))
        expect(offer).to_be_visible()
        assert main(opened) == before  # the page did not change under the reader's hands
        expect(sidebar.get_by_text("Hugging Face: fresh")).to_be_visible()
        expect(sidebar.get_by_text("Yahoo: fresh")).to_be_visible()
        offer.click()
        today = words.day(datetime.now(UTC))
        expect(opened.page.locator("h3").first).to_contain_text(f"in the 30 days to {today}")
        opened.settle()
        expect(offer).to_have_count(0)
        assert not opened.outside

        # What the page says is what the Hub of this test counts.
        sums: dict[str, int] = {}
        for model_id, record in world.official.items():
            family = world.family[model_id]
            sums[family] = sums.get(family, 0) + (record["downloads"] or 0)
        leader = max(sums, key=lambda family: sums[family])
        assert f"{leader} leads with {words.count(sums[leader])}" in main(opened)

        # Pages that were empty offline are filled.
        licensed = [
            record
            for model_id, record in world.official.items()
            if world.family[model_id] == "Qwen"
            and any(tag.startswith("license:") for tag in record["tags"])
        ]
        made_of = visit(f"{server.address}/leaderboard?family=Qwen&make_up=Licence")
        assert f"Of {len(licensed)} of Qwen's" in main(made_of)
        assert "as the Hub told until" in main(visit(f"{server.address}/tree"))
        shares = visit(f"{server.address}/prices?span=6+months")
        assert words.day(datetime.now(UTC))[-4:] in main(shares)
        assert shares.page.locator('[data-testid="stVegaLiteChart"]').count()


@pytest.mark.slow
def test_refresh_that_fails_is_said_and_can_be_tried_again(
    world: World, tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    limit = Fault("status", code=429, headers={"RateLimit": '"api";r=0;t=290'}, times=1)
    with connected(world, tmp_path, (limit,)) as server:
        opened = visit(f"{server.address}/leaderboard")
        sidebar = opened.page.locator('[data-testid="stSidebar"]')
        failed = re.compile("Hugging Face: failed .+too many requests")
        expect(sidebar.get_by_text(failed)).to_be_visible()
        assert "in the 30 days to 10 May 2026" in main(opened)
        sidebar.get_by_role("button", name="Bring up to date").click()
        expect(sidebar.get_by_text("Hugging Face: fresh")).to_be_visible()


@pytest.mark.slow
def test_cancel_ends_the_refresh_and_the_page_goes_on(
    world: World, tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    stall = Fault("stall", match=lambda request: "filter" in request.query)
    with connected(world, tmp_path, (stall,)) as server:
        opened = visit(server.address)
        sidebar = opened.page.locator('[data-testid="stSidebar"]')
        crawling = re.compile("Hugging Face: models built on them")
        expect(sidebar.get_by_text(crawling)).to_be_visible()
        sidebar.get_by_role("button", name="Cancel").click()
        expect(sidebar.get_by_role("button", name="Bring up to date")).to_be_visible()
        # What had been read before is kept, and offered.
        expect(sidebar.get_by_role("button", name=re.compile("New data from"))).to_be_visible()
    assert set(Store(tmp_path).own(READINGS)["model_id"]) >= set(world.official)


@pytest.mark.slow
def test_hub_is_asked_what_is_built_on_one_model(
    world: World, tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    """The button fetches the direct children, says how many, and offers what is new."""
    declared = {
        name: {tag.rpartition(":")[2] for tag in record["tags"] if tag.startswith("base_model:")}
        for name, record in (world.official | world.derivatives | world.others).items()
    }
    known = {row["parent"] for row in rows("links")}
    root = max(
        world.official,
        key=lambda model: (model in known, sum(model in bases for bases in declared.values())),
    )
    children = {name for name, bases in declared.items() if root in bases and name != root}
    # Nothing is due, so that no other refresh is at work.
    with connected(world, tmp_path) as server:
        opened = visit(f"{server.address}/tree?node={quote(root)}")
        sidebar = opened.page.locator('[data-testid="stSidebar"]')
        expect(sidebar.get_by_text("Hugging Face: fresh")).to_be_visible()
        sidebar.get_by_role("button", name=re.compile("New data from")).click()
        opened.settle()
        button = opened.page.get_by_role("button", name="Ask the Hub now")
        expect(button).to_be_enabled()
        button.click()
        answer = f"The Hub lists {len(children):,} models built directly on {root}"
        expect(sidebar.get_by_text(answer)).to_be_visible()
        assert not opened.outside
    links = Store(tmp_path).own(LINKS)
    assert set(links.loc[links["parent"] == root, "child"]) >= children

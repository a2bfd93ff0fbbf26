"""What a reader sees of a refresh: the open page stays, what is new is offered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import serving
from tests.conftest import ROOT
from tests.pages.test_refresh import read_again

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page, WebSocket

    from tests.browser.conftest import Server, Visit

pytestmark = pytest.mark.browser

NOBODY = "http://127.0.0.1:9"
"""An address at which nothing listens."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def own_server(home: Path) -> Iterator[Server]:
    with serving(ROOT, {"GROUNDSWELL_HOME": str(home)}) as running:
        yield running


def sidebar(page: Page) -> Locator:
    return page.get_by_test_id("stSidebar")


def offer(page: Page) -> Locator:
    """In the page itself: on a telephone the menu is closed."""
    return page.get_by_test_id("stMain").get_by_role(
        "button", name=re.compile("New data from .* UTC: show it")
    )


def test_open_page_stays_until_the_reader_asks_for_what_is_new(
    visit: Callable[..., Visit], own_server: Server, home: Path
) -> None:
    opened = visit(f"{own_server.address}/leaderboard")
    page = opened.page
    headline = page.locator("h3").first
    expect(headline).to_contain_text("to 10 May 2026")
    read_again(home)
    page.get_by_text("Log scale", exact=True).click()
    expect(page).to_have_url(re.compile("view=Log"))
    opened.settle()
    expect(headline).to_contain_text("to 10 May 2026")
    expect(offer(page)).to_have_count(1)
    offer(page).click()
    expect(headline).to_contain_text("to 24 May 2026")
    expect(offer(page)).to_have_count(0)
    opened.settle()
    expect(page.get_by_role("combobox", name=re.compile("As of"))).to_have_value("2026-05-24")
    expect(page).to_have_url(re.compile(r"^[^?]*\?view=Log(\+|%20)scale$"))
    # Streamlit asks for these beside a page's address first.
    assert [text for text in opened.complaints if "/leaderboard/_stcore/" not in text] == []
    newcomer = visit(f"{own_server.address}/leaderboard").page
    expect(newcomer.locator("h3").first).to_contain_text("to 24 May 2026")


@pytest.mark.slow
def test_day_that_the_reader_chose_stays_when_the_new_is_shown(
    visit: Callable[..., Visit], own_server: Server, home: Path
) -> None:
    page = visit(f"{own_server.address}/leaderboard?day=2026-05-06").page
    read_again(home)
    page.get_by_text("Log scale", exact=True).click()
    offer(page).click()
    expect(offer(page)).to_have_count(0)
    expect(page.locator("h3").first).to_contain_text("to 6 May 2026")


def test_refresh_runs_beside_the_page_and_leaves_no_timer(
    visit: Callable[..., Visit], home: Path
) -> None:
    unreachable = {
        "GROUNDSWELL_HOME": str(home),
        "GROUNDSWELL_OFFLINE": "0",
        "GROUNDSWELL_DEADLINE": "3",
        "HF_ENDPOINT": NOBODY,
        "GROUNDSWELL_YAHOO_URL": NOBODY,
    }
    with serving(ROOT, unreachable) as server:
        opened = visit(server.address)
        page = opened.page
        expect(sidebar(page).get_by_role("button", name="Cancel")).to_have_count(1)
        # What Python writes once a run would not be the same after another run.
        page.evaluate("document.querySelector('h1').dataset.mine = 'untouched'")
        expect(sidebar(page).get_by_role("button", name="Bring up to date")).to_have_count(1)
        expect(sidebar(page)).to_contain_text("Hugging Face: failed today")
        expect(page.locator("h3").first).to_contain_text("to 10 May 2026")
        assert page.locator("h1").get_attribute("data-mine") == "untouched"
        asked: list[object] = []

        def listen(socket: WebSocket) -> None:
            socket.on("framesent", lambda frame: asked.append(frame))  # noqa: PLW0108 - it is marked

        page.on("websocket", listen)
        page.reload()
        opened.settle()
        sidebar(page).get_by_role("button", name="Bring up to date").click()
        expect(sidebar(page).get_by_role("button", name="Cancel")).to_have_count(1)
        expect(sidebar(page).get_by_role("button", name="Bring up to date")).to_have_count(1)
        ended = len(asked)
        assert ended > 3  # the timer asked
        page.wait_for_timeout(2_500)
        assert len(asked) - ended <= 1  # one that was on its way

"""Every page as the very first request on a cold server, on a desk and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit, serving
from tests.conftest import ROOT
from tests.independent import headline, rows

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.browser

PAGES_OF_MENU = (
    "Overview",
    "Leaderboard",
    "Family tree",
    "Share price",
    "Market reaction",
    "Claims",
    "Milestones",
    "Data & method",
)
DAY = headline("2026-05-06", without_biggest=True)
NOW = headline("2026-05-10")
PAGES = [
    pytest.param(
        "?day=2026-05-10&overview_tab=Table",
        "Groundswell",
        f"{NOW.leader} leads with {NOW.downloads / 1e6:.1f} million downloads",
        marks=pytest.mark.slow,
        id="overview",
    ),
    pytest.param(
        (
            "leaderboard?day=2026-05-06&since=2026-04-01&view=Share&families=Qwen&families=Llama"
            "&without_biggest=true&family=Gemma&models_tab=Table&published=Models+built+on+it"
        ),
        "Leaderboard · Groundswell",
        f"{DAY.leader} leads with {DAY.downloads / 1e6:.1f} million downloads",
        id="leaderboard",
    ),
    pytest.param(
        "data?section=Tables&tables_tab=Table",
        "Data & method · Groundswell",
        f"{len(rows('readings')):,} readings of ",
        marks=pytest.mark.slow,
        id="data",
    ),
]


@pytest.mark.parametrize(("path", "title", "said"), PAGES)
def test_shared_link_on_a_cold_server(
    visit: Callable[..., Visit], path: str, title: str, said: str
) -> None:
    with serving(ROOT) as cold:
        for width in (1280, 390):
            opened = visit(f"{cold.address}/{path}", width)
            page = opened.page
            assert page.title() == title
            expect(page.locator("h3").first).to_contain_text(said)
            expect(page.get_by_text("Page not found")).to_have_count(0)
            expect(page.locator('[data-testid="stException"]')).to_have_count(0)
            expect(page.get_by_text("cannot be shown")).to_have_count(0)
            expect(page.get_by_text("could not be followed")).to_have_count(0)
            if width < 640:
                page.get_by_test_id("stExpandSidebarButton").click()
            menu = page.get_by_test_id("stSidebar")
            for entry in PAGES_OF_MENU:
                expect(menu.get_by_role("link", name=entry)).to_be_visible()
            assert sorted(complaints_but_streamlits(opened, path)) == []
            assert opened.outside == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def complaints_but_streamlits(opened: Visit, path: str) -> list[str]:
    """Console errors but the two 404s that Streamlit itself causes under a page's path."""
    name = path.partition("?")[0]
    expected = (f"/{name}/_stcore/health)", f"/{name}/_stcore/host-config)")
    return [text for text in opened.complaints if not (name and text.endswith(expected))]


FEW_STATES = [
    "",
    "leaderboard?view=Share&tab=Table&models_tab=About+this+data&published_tab=Table",
    "data?section=Tables",
]
MORE_STATES = [
    "?overview_tab=About+this+data",
    "leaderboard",
    "leaderboard?view=Log+scale&families=Qwen&without_biggest=true",
    "leaderboard?view=Index&since=2026-04-15&day=nonsense",
    "data",
    "data?section=Sources",
    "data?section=Known+problems",
    "data?section=Take+it+with+you",
]
ALL_STATES = [
    *FEW_STATES,
    *(pytest.param(state, marks=pytest.mark.slow) for state in MORE_STATES),
]


@pytest.mark.parametrize("path", ALL_STATES)
def test_nobody_is_shut_out(visit: Callable[..., Visit], server: Server, path: str) -> None:
    opened = visit(f"{server.address}/{path}")
    for width in (1280, 390):
        opened.page.set_viewport_size({"width": width, "height": 900})
        opened.settle()
        found = Axe().run(opened.page).response["violations"]
        grave = [
            f"{width}px, {rule['id']}: {rule['nodes'][0]['html']}"
            for rule in found
            if rule["impact"] in {"serious", "critical"}
        ]
        assert grave == []

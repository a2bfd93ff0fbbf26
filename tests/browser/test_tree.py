"""Going down the family tree and back, by click, by table and by name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit, serving, settle
from tests.conftest import ROOT
from tests.core.measure.test_tree import CHILDREN, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

BASE, INSTRUCT = "meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B-Instruct"


def click_largest_tile(page: Page) -> None:
    """The largest tile lies at the top left, below the legend."""
    chart = page.locator('[data-testid="stVegaLiteChart"]').first
    tile = chart.locator(".mark-rect path").first
    tile.click(position={"x": 20, "y": 60})


def expect_focus(page: Page, model: str) -> None:
    expect(page.locator("h3").first).to_contain_text(f"{len(walk(model)):,} model")
    settle(page)
    assert parse_qs(urlsplit(page.url).query)["node"] == [model]


def largest_child(model: str) -> str:
    return min(CHILDREN[model], key=lambda child: (-len(walk(child)), child))


def test_three_drills_by_click_and_back_twice(visit: Callable[..., Visit], server: Server) -> None:
    page = visit(f"{server.address}/tree").page
    path = [BASE]
    for _ in range(3):
        path.append(largest_child(path[-1]))
        click_largest_tile(page)
        expect_focus(page, path[-1])
    page.go_back()
    expect_focus(page, path[-2])
    page.go_back()
    expect_focus(page, path[-3])


def test_breadcrumb_box_and_table_lead_to_models(
    visit: Callable[..., Visit], server: Server
) -> None:
    page = visit(f"{server.address}/tree?node={INSTRUCT}").page
    page.get_by_role("button", name=BASE, exact=True).click()
    expect(page.locator("h3").first).to_contain_text(f"{len(walk(BASE)):,} models")
    settle(page)
    assert "node" not in parse_qs(urlsplit(page.url).query)  # the root has one address only
    page.get_by_role("combobox", name="Go to model").fill(INSTRUCT)
    page.get_by_role("option", name=INSTRUCT, exact=True).first.click()
    expect_focus(page, INSTRUCT)
    page.get_by_role("tab", name="Table").first.click()
    settle(page)
    grid = page.get_by_test_id("stDataFrame").first
    grid.click(position={"x": 16, "y": 54})
    expect_focus(page, largest_child(INSTRUCT))


@pytest.mark.slow
def test_shared_link_on_a_cold_server(visit: Callable[..., Visit]) -> None:
    with serving(ROOT) as cold:
        for width in (1280, 390):
            opened = visit(f"{cold.address}/tree?node={INSTRUCT}&without_official=true", width)
            page = opened.page
            assert page.title() == "Family tree · Groundswell"
            unofficial = len([m for m in walk(INSTRUCT) if not m.startswith("meta-llama/")])
            expect(page.locator("h3").first).to_contain_text(f"{unofficial:,} models")
            expect(page.get_by_text("Page not found")).to_have_count(0)
            expect(page.locator('[data-testid="stException"]')).to_have_count(0)
            assert opened.outside == []
            assert [text for text in opened.complaints if "/tree/_stcore/" not in text] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    "state",
    [
        "",
        *(
            pytest.param(state, marks=pytest.mark.slow)
            for state in ("?tree_tab=Table", "?tree=Llama&size=Downloads", "?tree=Phi")
        ),
    ],
)
def test_nobody_is_shut_out(visit: Callable[..., Visit], server: Server, state: str) -> None:
    opened = visit(f"{server.address}/tree{state}")
    for width in (1280, 390):
        opened.page.set_viewport_size({"width": width, "height": 900})
        opened.settle()
        found = Axe().run(opened.page).response["violations"]
        assert [rule["id"] for rule in found if rule["impact"] in {"serious", "critical"}] == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_model_is_found_while_one_types_and_back_returns(
    visit: Callable[..., Visit], server: Server, width: int
) -> None:
    page = visit(f"{server.address}/tree?tree=Phi", width).page
    page.get_by_label("Find any model").press_sequentially("llama-3.1-8b-instr")
    page.get_by_role("button", name=INSTRUCT, exact=True).click()
    expect_focus(page, INSTRUCT)
    assert "find" not in parse_qs(urlsplit(page.url).query)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_tile_of_the_view_by_level_leads_on_and_back_returns(
    visit: Callable[..., Visit], server: Server, width: int
) -> None:
    page = visit(f"{server.address}/tree?shape=Level+by+level", width).page
    largest = largest_child(BASE)
    chart = page.locator('[data-testid="stVegaLiteChart"]').first
    chart.locator(".mark-rect path").first.click(position={"x": 20, "y": 30})
    expect_focus(page, largest)
    page.go_back()
    expect(page.locator("h3").first).to_contain_text(f"{len(walk(BASE)):,} models")

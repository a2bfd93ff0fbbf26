"""Building, pasting and sharing a claim in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit, serving
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.browser

PASTED = "Alibaba shares jumped nearly 9.8 % to $165.68 on January 12, 2026 <b>x</b>"
SENTENCE = "“The share BABA, change on 12 January 2026: nearly +9.8%.”"


def test_pasted_claim_is_checked_and_its_link_shows_the_same(
    visit: Callable[..., Visit], server: Server
) -> None:
    opened = visit(f"{server.address}/claims?show=Your+own+claim", 390)
    page = opened.page
    page.get_by_text("Paste a sentence from the news").click()
    page.get_by_role("textbox", name="Text").fill(PASTED)
    page.get_by_role("button", name="Find the claim").click()
    expect(page.get_by_text(SENTENCE, exact=True)).to_be_visible()
    opened.settle()
    page.get_by_role("button", name="Copy link").click()
    shared = page.get_by_test_id("stPopoverBody").locator("code").inner_text()
    again = visit(shared.replace("\n", "")).page
    expect(again.get_by_text(SENTENCE, exact=True)).to_be_visible()
    expect(again.locator("h3").first).to_contain_text("does not hold")
    expect(again.get_by_text("could not be followed")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "claims",
        "claims?show=All+claims",
        "claims?claim=article-share-price",
        "claims?claim=article-variations&claim_tab=Table",
        "claims?show=Your+own+claim",
        "milestones",
        "milestones?family=Llama&milestones_tab=Table",
    ],
)
def test_cold_link_fits_and_shuts_nobody_out(visit: Callable[..., Visit], path: str) -> None:
    with serving(ROOT) as cold:
        for width in (1280, 390):
            opened = visit(f"{cold.address}/{path}", width)
            page = opened.page
            expect(page.get_by_text("cannot be shown")).to_have_count(0)
            expect(page.get_by_text("Page not found")).to_have_count(0)
            assert opened.outside == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found = Axe().run(page).response["violations"]
            grave = [rule["id"] for rule in found if rule["impact"] in {"serious", "critical"}]
            assert grave == []


@pytest.mark.slow
def test_building_a_claim_from_choices_and_going_back(
    visit: Callable[..., Visit], server: Server
) -> None:
    opened = visit(f"{server.address}/claims")
    page = opened.page
    page.get_by_role("button", name="Figures and method").nth(4).click()
    expect(page.locator("h3").first).to_contain_text("Holds only on some bases")
    assert "claim=article-share-price" in page.url
    page.go_back()
    expect(page.locator("h3").first).to_contain_text("Of the article's 14 sentences")
    page.get_by_text("Your own claim", exact=True).click()
    expect(page.locator("h3").first).to_contain_text("Your own claim: cannot be told")
    page.get_by_role("combobox", name="What is counted").click()
    page.get_by_role("option", name="Change of the company's share").click()
    page.get_by_role("textbox", name="Figure").fill("5 %")
    page.get_by_role("textbox", name="Figure").press("Enter")
    expect(page.get_by_text("change in December 2025: more than +5.0%").first).to_be_visible()
    assert opened.outside == []

"""The leaderboard with a daily history in a real browser: the December question, two widths."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit, serving, settle
from tests.conftest import ROOT
from tests.pages.test_range_leaderboard import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WITHOUT = "Without each family's biggest model"
DECEMBER = "leaderboard?dates=December+2025"
BASES = {
    "Official models only": "Qwen led in December 2025 with 31.0 million downloads",
    "Official models and derivatives": "Qwen led in December 2025 with 46.5 million downloads",
    WITHOUT: "Llama led in December 2025 with 7.4 million downloads",
}
ANSWERS = {
    "Official models only": "more than the next eight together (25.4 million)",
    "Official models and derivatives": "fewer than the next eight together (57.7 million)",
    WITHOUT: "fewer than the next eight together (20.3 million)",
}


@pytest.fixture(scope="module")
def with_history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("history")
    fill(home)
    with serving(ROOT, {"GROUNDSWELL_HOME": str(home)}) as running:
        yield running


def complaints(opened: Visit) -> list[str]:
    """Console errors but the two 404s that Streamlit itself causes under a page's path."""
    expected = ("/leaderboard/_stcore/health)", "/leaderboard/_stcore/host-config)")
    return [text for text in opened.complaints if not text.endswith(expected)]


def grave(page: Page) -> list[str]:
    """Serious and critical findings of axe."""
    return [
        f"{rule['id']}: {rule['nodes'][0]['html']}"
        for rule in Axe().run(page).response["violations"]
        if rule["impact"] in {"serious", "critical"}
    ]


def choose_basis(page: Page, name: str) -> None:
    page.get_by_role("combobox", name="What is counted").click()
    page.get_by_role("option", name=name, exact=True).click()
    expect(page.locator("h3").first).to_contain_text(f"{name}: {BASES[name]}")
    settle(page)


def test_switching_the_basis_turns_the_answer_and_the_link_says_so(
    visit: Callable[..., Visit], with_history: Server
) -> None:
    opened = visit(f"{with_history.address}/{DECEMBER}", 390)
    page = opened.page
    for basis in BASES:
        if basis != "Official models only":
            choose_basis(page, basis)
            assert parse_qs(urlsplit(page.url).query)["basis"] == [basis]
        expect(page.get_by_text(ANSWERS[basis]).first).to_be_visible()
    expect(page.get_by_text("The answer depends on what is counted").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert complaints(opened) == []
    assert opened.outside == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "query",
    [
        "dates=December+2025",
        "dates=December+2025&basis=Without+each+family%27s+biggest+model&range_tab=Table",
        "dates=All&look=Share&each=Week&against_tab=Table",
        "between=2026-02-01&between=2026-03-31&look=Log+scale",
        "dates=All&look=Index&each=7-day+average&range_tab=About+this+data",
        "dates=All&look=By+launch&each=Month&x=Llama&next=3",
        "basis=Language+models+after+ChatGPT%2C+each+once",
        "between=2026-03-10&look=Share&x=Phi",
    ],
)
def test_every_view_is_whole_and_accessible(
    visit: Callable[..., Visit], with_history: Server, query: str, width: int
) -> None:
    opened = visit(f"{with_history.address}/leaderboard?{query}", width)
    page = opened.page
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)
    for trouble in ("cannot be shown", "could not be followed in everything"):
        allowed = 1 if trouble.startswith("could") and query.count("between") == 1 else 0
        expect(page.get_by_text(trouble)).to_have_count(allowed)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints(opened) == []
    assert grave(page) == []


@pytest.mark.slow
def test_chosen_dates_family_and_number_come_back_from_the_link(
    visit: Callable[..., Visit], with_history: Server
) -> None:
    page = visit(f"{with_history.address}/{DECEMBER}").page
    page.get_by_role("button", name="Last 30 days", exact=True).or_(
        page.get_by_role("radio", name="Last 30 days", exact=True)
    ).first.click()
    expect(page.locator("h3").first).to_contain_text("in June 2026")
    settle(page)
    number = page.get_by_role("spinbutton", name="Against the next …")
    number.fill("3")
    number.press("Enter")
    expect(page.get_by_text("more than the next three together").first).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Copy link").first.click()
    link = page.locator("code", has_text="next=3").first.inner_text()
    assert "between=2026-06-01&between=2026-06-30" in link
    again = visit(link).page
    expect(again.locator("h3").first).to_contain_text("in June 2026")
    expect(again.get_by_text("more than the next three together").first).to_be_visible()

"""The reaction page in a real browser: the sentence, the shared link, an event, Back."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit, serving, settle
from tests.browser.test_prices import grave
from tests.conftest import ROOT
from tests.pages.test_reaction import EVENT, NEWS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def complaints(opened: Visit) -> list[str]:
    """Console errors but the two 404s that Streamlit itself causes under a page's path."""
    expected = ("/reaction/_stcore/health)", "/reaction/_stcore/host-config)")
    return [text for text in opened.complaints if not text.endswith(expected)]


def place(page: Page) -> dict[str, str]:
    """What the address says of share and day."""
    said = parse_qs(urlsplit(page.url).query)
    return {key: said[key][-1] for key in ("share", "day") if key in said}


def headline(page: Page, text: str) -> None:
    expect(page.locator("h3").first).to_contain_text(text)
    settle(page)


def test_sentence_event_link_and_back(visit: Callable[..., Visit], server: Server) -> None:
    opened = visit(f"{server.address}/reaction")
    page = opened.page
    headline(page, NEWS)
    box = page.get_by_role("combobox", name="Go to an event")
    box.fill("Nvidia falls about")
    page.get_by_role("option", name=EVENT).click()
    headline(page, "on 27 January 2025")
    assert place(page) == {"share": "BABA", "day": "2025-01-27"}
    page.get_by_role("button", name="Copy link").click()
    link = page.get_by_test_id("stPopoverBody").locator("code").inner_text()
    page.keyboard.press("Escape")
    page.go_back()
    headline(page, NEWS)
    assert place(page) == {}
    page.goto(link)
    headline(page, "on 27 January 2025")
    assert complaints(opened) == []
    assert opened.outside == []


@pytest.mark.slow
def test_shared_link_on_a_cold_server(visit: Callable[..., Visit]) -> None:
    with serving(ROOT) as cold:
        for width in (1280, 390):
            opened = visit(f"{cold.address}/reaction?share=NVDA&day=2025-01-27", width)
            headline(opened.page, "NVIDIA fell 17.0% on 27 January 2025")
            assert opened.page.title() == "Market reaction · Groundswell"
            for trouble in ("Page not found", "cannot be shown", "could not be followed"):
                expect(opened.page.get_by_text(trouble)).to_have_count(0)
            assert complaints(opened) == []
            assert opened.outside == []
            assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
@pytest.mark.parametrize(
    "address",
    [
        "reaction",
        "reaction?share=2513.HK&day=2026-03-20",
        "reaction?around_tab=Table&ordinary_tab=About+this+data&launches_tab=Table",
        "reaction?share=%3Cb%3Ex%3C%2Fb%3E&day=rubbish&window=Other&first=-3",
        "reaction?day=2099-01-01",
    ],
)
def test_nobody_is_shut_out(visit: Callable[..., Visit], server: Server, address: str) -> None:
    opened = visit(f"{server.address}/{address}")
    for width in (1280, 390):
        opened.page.set_viewport_size({"width": width, "height": 900})
        opened.settle()
        assert grave(opened.page) == []
    assert complaints(opened) == []


@pytest.mark.slow
def test_a_row_of_the_list_leads_to_the_event(visit: Callable[..., Visit], server: Server) -> None:
    page = visit(f"{server.address}/reaction").page
    page.set_viewport_size({"width": 1280, "height": 5000})
    settle(page)
    page.get_by_text("with a known day as a list").click()
    table = page.get_by_test_id("stDataFrame").last
    expect(table).to_be_visible()
    settle(page)
    # The boxes of the rows are drawn on a canvas: 35 pixels a row below the titles.
    table.click(position={"x": 17, "y": 35 + 17 + 8 * 35})
    settle(page)
    expect(page.locator("h3").first).not_to_contain_text("12 January 2026")
    assert set(place(page)) == {"share", "day"}
    page.go_back()
    headline(page, NEWS)


@pytest.mark.slow
def test_csv_holds_changes_and_says_what_they_are(
    visit: Callable[..., Visit], server: Server, tmp_path: Path
) -> None:
    page = visit(f"{server.address}/reaction").page
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").nth(1).click()
    path = tmp_path / "reaction.csv"
    download.value.save_as(path)
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    assert [row["fund"] for row in rows] == ["SPY", "KWEB", "SPY", "KWEB"]
    assert (rows[0]["t"], rows[0]["as_large"], rows[0]["of_ordinary"]) == ("3.26", "3", "250")
    for row in rows:
        assert row["licence_of_figures"] == "none granted"
        assert row["as_of"] == "2026-01-12"
        assert "None of this says why a share moved." in row["cautions"]
        assert not {"close", "adjusted_close", "price"} & row.keys()

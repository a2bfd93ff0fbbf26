"""What a reader does: choose, share, follow, take away, go back."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit, settle
from tests.independent import headline, official

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def choose(page: Page, label: str, option: str) -> None:
    """Pick an option of a box by its label."""
    page.get_by_role("combobox", name=label).first.click()
    page.get_by_role("option", name=option, exact=True).click()


def said(page: Page) -> str:
    """The page's headline."""
    return page.locator("h3").first.inner_text()


def test_every_choice_is_in_the_link_and_the_link_brings_it_back(
    visit: Callable[..., Visit], server: Server
) -> None:
    page = visit(f"{server.address}/leaderboard").page
    choose(page, "As of", "2026-04-29")
    expected = headline("2026-04-29")
    expect(page.locator("h3").first).to_contain_text(f"{expected.downloads / 1e6:.1f} million")
    page.get_by_text("Without each family's most downloaded model").click()
    without = headline("2026-04-29", without_biggest=True)
    expect(page.locator("h3").first).to_contain_text(f"{without.downloads / 1e6:.1f} million")
    page.get_by_role("radio", name="Share").click()
    page.get_by_role("tab", name="Table").first.click()
    settle(page)
    address = parse_qs(urlsplit(page.url).query)
    assert address == {
        "day": ["2026-04-29"],
        "without_biggest": ["true"],
        "view": ["Share"],
        "tab": ["Table"],
    }

    page.get_by_role("button", name="Copy link").click()
    link = page.get_by_test_id("stPopoverBody").locator("code").inner_text()
    # The link pins what is default today, so that it shows the same tomorrow.
    assert parse_qs(urlsplit(link).query)["since"] == ["2026-03-21"]
    other = visit(link).page
    assert said(other) == said(page)
    expect(other.get_by_role("tab", name="Table").first).to_have_attribute("aria-selected", "true")


def test_copied_link_lands_in_the_clipboard(visit: Callable[..., Visit], server: Server) -> None:
    opened = visit(
        f"{server.address}/leaderboard?view=Share",
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = opened.page
    page.get_by_role("button", name="Copy link").click()
    page.get_by_test_id("stPopoverBody").locator("code").hover()
    page.get_by_role("button", name="Copy to clipboard").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{server.address}/leaderboard?day=2026-05-10&")
    assert "view=Share" in copied


def test_cards_open_other_pages_in_the_right_state_and_back_returns(
    visit: Callable[..., Visit], server: Server
) -> None:
    page = visit(server.address).page
    page.get_by_role("link", name="Leave it out").click()
    expect(page).to_have_title("Leaderboard · Groundswell")
    settle(page)
    assert said(page).startswith("Counting each family without")
    page.go_back()
    expect(page).to_have_title("Groundswell")
    settle(page)
    # A second card of the same page must not be answered with the first one's state.
    page.get_by_role("link", name="See the lines").click()
    expect(page).to_have_title("Leaderboard · Groundswell")
    settle(page)
    assert said(page).startswith("Qwen leads")
    expect(page.get_by_role("radio", name="Index")).to_be_checked()
    # The menu says nothing of the view, so it brings back what the reader chose.
    menu = page.get_by_test_id("stSidebar")
    menu.get_by_role("link", name="Overview").click()
    expect(page).to_have_title("Groundswell")
    menu.get_by_role("link", name="Leaderboard").click()
    expect(page).to_have_title("Leaderboard · Groundswell")
    settle(page)
    expect(page.get_by_role("radio", name="Index")).to_be_checked()


def test_csv_says_what_it_is(visit: Callable[..., Visit], server: Server, tmp_path: Path) -> None:
    page = visit(f"{server.address}/leaderboard?day=2026-05-10").page
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").first.click()
    path = tmp_path / "board.csv"
    download.value.save_as(path)
    assert download.value.suggested_filename == "groundswell-downloads-2026-05-10.csv"
    text = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    counted = {family: sum(models.values()) for family, models in official("2026-05-10").items()}
    assert {row["family"]: int(row["downloads_30d"]) for row in rows} == counted
    for row in rows:
        assert row["source"] == "AlexsJones/llmfit"
        assert row["as_of"] == "2026-05-10"
        assert "official models only" in row["basis"]
        assert row["licence_of_figures"] == "MIT"


def test_everything_can_be_taken_away_in_one_file(
    visit: Callable[..., Visit], server: Server, tmp_path: Path
) -> None:
    from zipfile import ZipFile  # noqa: PLC0415 - only here

    page = visit(f"{server.address}/data?section=Take+it+with+you").page
    with page.expect_download() as download:
        page.get_by_role("button", name="Everything as one ZIP").click()
    path = tmp_path / "all.zip"
    download.value.save_as(path)
    with ZipFile(path) as archive:
        assert archive.testzip() is None
        names = {Path(name).name for name in archive.namelist()}
        assert names >= {"readings.csv", "links.csv", "prices.csv", "SOURCES.md", "LICENSE.md"}
        prices = archive.read("groundswell/prices.csv").decode("utf-8-sig").splitlines()
        assert "none granted" in prices[1]


def test_hostile_address_is_shown_as_text_and_runs_nothing(
    visit: Callable[..., Visit], server: Server
) -> None:
    evil = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20%5Ba%5D(https://example.org)%20%24x%24"
    opened = visit(
        f"{server.address}/leaderboard?family={evil}&families={evil}&view=%3Amaterial%2Fhome%3A"
    )
    page = opened.page
    for given in ("<img src=x onerror=alert(1)> [a](https://example.org) $x$", ":material/home:"):
        box = page.locator('[data-testid="stVerticalBlock"]', has_text=given).last
        expect(box).to_contain_text("could not be followed")
        expect(box.locator("img, a, .katex")).to_have_count(0)
    assert opened.outside == []

"""The share-price page in a real browser: shared links, two widths, clicks on events."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit, serving, settle
from tests.conftest import ROOT
from tests.pages.price_store import filled
from tests.pages.test_prices import stood

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

RANGE = ("2026-01-05", "2026-01-16")
SHARED = f"prices?shares=Qwen&shares=Llama&range={RANGE[0]}&range={RANGE[1]}&benchmarks=false"


def grave(page: Page) -> list[str]:
    """Serious and critical findings of axe.

    Vega gives the empty rectangle that is drawn while dates are brushed a role
    and no name, and takes none; the boxes above choose the same dates.
    """
    return [
        f"{rule['id']}: {node['html']}"
        for rule in Axe().run(page).response["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
        if "dates_brush_brush" not in node["html"]
    ]


def complaints(opened: Visit) -> list[str]:
    """Console errors but the two 404s that Streamlit itself causes under a page's path."""
    expected = ("/prices/_stcore/health)", "/prices/_stcore/host-config)")
    return [text for text in opened.complaints if not text.endswith(expected)]


def said(page: Page) -> str:
    """The page's headline."""
    return page.locator("h3").first.inner_text()


@pytest.mark.slow
def test_shared_link_on_a_cold_server(visit: Callable[..., Visit]) -> None:
    expected = (
        f"Alibaba (BABA) stood at {stood('BABA', *RANGE):.0f} on 16 January 2026, with "
        f"5 January 2026 as 100; Meta (META) at {stood('META', *RANGE):.0f}."
    )
    with serving(ROOT) as cold:
        for width in (1280, 390):
            opened = visit(f"{cold.address}/{SHARED}", width)
            page = opened.page
            assert page.title() == "Share price · Groundswell"
            assert said(page) == expected
            expect(page.locator('[data-testid="stException"]')).to_have_count(0)
            for trouble in ("Page not found", "cannot be shown", "could not be followed"):
                expect(page.get_by_text(trouble)).to_have_count(0)
            assert complaints(opened) == []
            assert opened.outside == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert grave(page) == []


@pytest.mark.parametrize(
    "address",
    [
        "prices",
        pytest.param(
            "prices?span=All&shares=GLM&shares=Hunyuan&scale=Percent+change&below=30-day+readings",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "prices?prices_tab=Table&below_tab=About+this+data&kinds=study",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "prices?shares=DeepSeek&range=2026-01-12",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "prices?shares=MiniMax&range=rubbish&event=%3Cb%3Ex%3C%2Fb%3E",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_nobody_is_shut_out(visit: Callable[..., Visit], server: Server, address: str) -> None:
    opened = visit(f"{server.address}/{address}")
    for width in (1280, 390):
        opened.page.set_viewport_size({"width": width, "height": 900})
        opened.settle()
        assert grave(opened.page) == []
    assert complaints(opened) == []


def mark(page: Page, title: str) -> None:
    """Click the mark of an event, found by the name that screen readers are told."""
    page.locator(f'[aria-roledescription="point"][aria-label*="{title}"]').first.click()


def test_click_on_a_mark_shows_the_event_and_the_link_brings_it_back(
    visit: Callable[..., Visit], server: Server
) -> None:
    opened = visit(f"{server.address}/prices")
    page = opened.page
    source = page.get_by_role("link", name="Open the source")
    expect(source).to_have_count(0)
    mark(page, "700M downloads reported")
    expect(source).to_have_attribute("href", re.compile("https://ts2.tech/"))
    expect(page.get_by_text("Source: TS2")).to_be_visible()
    settle(page)
    assert parse_qs(urlsplit(page.url).query)["event"][0].startswith("2026-01-12 Qwen: 700M")

    page.get_by_role("button", name="Copy link").click()
    link = page.get_by_test_id("stPopoverBody").locator("code").inner_text()
    other = visit(link).page
    expect(other.get_by_text("Source: TS2")).to_be_visible()
    assert said(other) == said(page)
    page.keyboard.press("Escape")

    # Another view: the old click is not answered again, nor is the old event kept.
    page.get_by_role("radio", name="6 months").click()
    expect(page.locator("h3").first).to_contain_text("20 August 2026")
    settle(page)
    expect(page.get_by_role("link", name="Open the source")).to_have_count(0)
    assert "event" not in parse_qs(urlsplit(page.url).query)
    assert complaints(opened) == []


@pytest.mark.slow
def test_event_can_be_taken_back_and_chosen_again(
    visit: Callable[..., Visit], server: Server
) -> None:
    page = visit(f"{server.address}/prices").page
    # Nothing needs to be scrolled: a list that is open closes when the page moves.
    page.set_viewport_size({"width": 1280, "height": 2400})
    settle(page)
    mark(page, "700M downloads reported")
    expect(page.get_by_text("Source: TS2")).to_be_visible()
    settle(page)
    page.get_by_role("combobox", name="Event").first.click()
    page.get_by_role("option", name="None", exact=True).click()
    expect(page.get_by_text("Source: TS2")).to_have_count(0)
    settle(page)
    mark(page, "700M downloads reported")
    expect(page.get_by_text("Source: TS2")).to_be_visible()


def test_dates_are_chosen_in_the_page_and_stay_in_the_link(
    visit: Callable[..., Visit], server: Server
) -> None:
    page = visit(f"{server.address}/{SHARED}").page
    expect(page.get_by_role("radio", name="Dates")).to_be_checked()
    page.get_by_role("radio", name="All").click()
    expect(page.locator("h3").first).to_contain_text("1 December 2023 as 100")
    page.get_by_role("radio", name="Percent change").click()
    expect(page.locator("h3").first).to_contain_text("changed by")
    expect(page).to_have_url(re.compile("scale=Percent"))  # it follows the page's own run
    settle(page)
    address = parse_qs(urlsplit(page.url).query)
    assert address["span"] == ["All"]
    assert address["scale"] == ["Percent change"]
    page.get_by_role("button", name="Copy link").click()
    link = page.get_by_test_id("stPopoverBody").locator("code").inner_text()
    assert parse_qs(urlsplit(link).query)["range"] == ["2023-12-01", "2026-08-20"]
    assert said(visit(link).page) == said(page)


def test_csv_is_an_index_and_says_so(
    visit: Callable[..., Visit], server: Server, tmp_path: Path
) -> None:
    page = visit(f"{server.address}/{SHARED}").page
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").first.click()
    path = tmp_path / "index.csv"
    download.value.save_as(path)
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    assert {row["ticker"] for row in rows} == {"BABA", "META"}
    last = next(row for row in rows if row["ticker"] == "BABA" and row["session"] == RANGE[1])
    assert float(last["index_100"]) == pytest.approx(stood("BABA", *RANGE), abs=0.001)
    for row in rows:
        assert row["licence_of_figures"] == "none granted"
        assert "as an index" in row["basis"]
        assert row["as_of"] == "2026-01-05 to 2026-01-16"
        assert row["source"]
        assert not {"close", "adjusted_close", "price"} & row.keys()


def drag(page: Page, start: float, end: float) -> None:
    """Drag across the lines from one part of their width to another."""
    plot = page.locator(
        '[data-testid="stVegaLiteChart"] svg g.background, '
        '[data-testid="stVegaLiteChart"] path.background'
    ).first
    box = plot.bounding_box()
    assert box is not None
    height = box["y"] + 0.6 * box["height"]
    page.mouse.move(box["x"] + start * box["width"], height)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * (start + end) * box["width"], height + 4)
    page.mouse.move(box["x"] + end * box["width"], height + 2)
    page.mouse.up()


def brushed_dates(visit: Callable[..., Visit], address: str, zone: str) -> list[str]:
    """The dates of the link after a drag, as a reader in ``zone`` gets them."""
    opened = visit(f"{address}/{SHARED}", timezone_id=zone)
    page = opened.page
    page.locator('[data-testid="stVegaLiteChart"]').first.scroll_into_view_if_needed()
    settle(page)
    before = page.url
    drag(page, 0.2, 0.6)
    expect(page).not_to_have_url(before)
    settle(page)
    assert complaints(opened) == []
    dates = parse_qs(urlsplit(page.url).query)["range"]
    first, last = dates
    # What the reader sees is what was dragged over, and all of it lies in the old dates.
    assert RANGE[0] < first < last < RANGE[1]
    shown = page.get_by_test_id("stDateInput").locator("input").all()
    assert [field.input_value() for field in shown] in ([f"{first} – {last}"], [first, last])
    return dates


def test_drag_sets_the_dates(visit: Callable[..., Visit], server: Server) -> None:
    dates = brushed_dates(visit, server.address, "Asia/Hong_Kong")
    assert len(dates) == 2


@pytest.mark.slow
def test_drag_means_the_same_dates_everywhere(visit: Callable[..., Visit], server: Server) -> None:
    zones = ("UTC", "America/New_York", "Asia/Hong_Kong", "America/Los_Angeles")
    found = [brushed_dates(visit, server.address, zone) for zone in zones]
    assert found == [found[0]] * len(zones)


@pytest.fixture(scope="module")
def with_downloads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose store has daily downloads, live prices and revenue."""
    home = filled(tmp_path_factory.mktemp("prices"))
    with serving(ROOT, {"GROUNDSWELL_HOME": str(home)}) as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize(
    "choice",
    [
        "scale=Index",
        "scale=Percent+change",
        "scale=Prices",
        "scale=Two+panels",
        "scale=Two+axes",
        "below=Do+they+move+together%3F",
        "below=Revenue+by+quarter",
        "ticker=XYZQ",
    ],
)
def test_every_view_is_drawn_and_shuts_nobody_out(
    visit: Callable[..., Visit], with_downloads: Server, choice: str
) -> None:
    opened = visit(f"{with_downloads.address}/prices?span=1+year&{choice}")
    page = opened.page
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        opened.settle()
        assert grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(page.locator('[data-testid="stVegaLiteChart"] .marks')).to_have_count(2)
    assert complaints(opened) == []
    assert opened.outside == []


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Hong_Kong"])
def test_link_and_typed_dates_mean_the_same_everywhere(
    visit: Callable[..., Visit], server: Server, zone: str
) -> None:
    page = visit(f"{server.address}/{SHARED}", timezone_id=zone).page
    assert said(page).startswith(f"Alibaba (BABA) stood at {stood('BABA', *RANGE):.0f} on 16 Jan")
    page.get_by_role("spinbutton", name="day, From and to end date").click()
    page.keyboard.type("12")
    page.locator("h1").click()
    expect(page.locator("h3").first).to_contain_text("on 12 January 2026")
    settle(page)
    assert parse_qs(urlsplit(page.url).query)["range"] == ["2026-01-05", "2026-01-12"]

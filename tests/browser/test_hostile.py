"""Hostile text of a store, in a real browser: shown as text, asks for nothing, runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import serving
from tests.conftest import ROOT
from tests.pages.hostile_store import (
    END_MODEL,
    EVIL,
    MARK,
    NAMES,
    TEXTS,
    plant,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.browser.conftest import Server, Visit

pytestmark = pytest.mark.browser

TABLES = {"tab": "Table", "models_tab": "Table", "make_up_tab": "Table", "published_tab": "Table"}
ABOUT = {"tab": "About this data", "models_tab": "About this data"}
EVENT = f"2026-01-12 Qwen: {TEXTS[1]}"
Views = tuple[tuple[str, dict[str, str | list[str]]], ...]
VIEWS: Views = (
    ("leaderboard", {"make_up": "Licence", "family": ["Qwen", TEXTS[0]], "published": TEXTS[1]}),
    ("leaderboard", {"view": "Index", "since": "2026-11-11", **ABOUT, "make_up": "Software"}),
    ("tree", {"without_official": TEXTS[3]}),
    ("prices", {"event": EVENT, "kinds": list(TEXTS[:3])}),
    ("data", {"section": "Tables", "tables_tab": "Table"}),
    ("data", {"section": "Known problems"}),
)
MORE_VIEWS: Views = (
    ("", {"overview_tab": "About this data"}),
    ("leaderboard", {"make_up": "Task", **TABLES, "families": list(TEXTS)}),
    ("leaderboard", {"make_up": "Format", "published": TEXTS[12]}),
    ("tree", {"node": f"Qwen/{NAMES[0]}", "size": "Downloads", "tree_tab": "Table"}),
    ("tree", {"node": END_MODEL}),
    ("tree", {"node": TEXTS[12]}),
    ("prices", {"event": f"2026-01-12 {TEXTS[12]}: {TEXTS[12]}"}),
    (
        "prices",
        {"span": "Dates", "range": ["2026-11-01", "2026-11-20"], "below": "30-day readings"},
    ),
    ("prices", {"prices_tab": "About this data", "below_tab": "Table"}),
    ("data", {"section": "Known problems", "problems_tab": "Table"}),
    ("data", {"section": "Take it with you", "table": TEXTS[0]}),
)

WHAT_RAN = """() => ({
    pwned: window.pwned ?? null,
    images: [...document.querySelectorAll('img')].map(one => one.src),
    scripts: [...document.querySelectorAll('#root script')].length,
    links: [...document.querySelectorAll('[href], [src], [xlink\\\\:href], [action]')]
        .flatMap(one => ['href', 'src', 'xlink:href', 'action'].map(name => one.getAttribute(name)))
        .filter(address => address && /^\\s*(javascript|data:text|vbscript)/i.test(address)),
    markup: [...document.querySelectorAll(
        '.katex, .stMarkdownColoredText, .stMarkdownBadge, #root :is(del, iframe), ' +
        '[onerror], [onload]'
    )].map(one => one.outerHTML.slice(0, 200)),
})"""
NOTHING = {"pwned": None, "images": [], "scripts": 0, "links": [], "markup": []}


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("hostile")
    plant(home)
    with serving(ROOT, {"GROUNDSWELL_HOME": str(home)}) as running:
        yield running


LONGEST_LINES = """(pictures) => pictures.map((picture) => {
    const { width, height } = picture;
    const data = picture.getContext("2d").getImageData(0, 0, width, height).data;
    const points = new Uint32Array(data.buffer);
    let longest = 0;
    for (let row = 0; row < height; row++) {
        let run = 0;
        for (let at = row * width; at < (row + 1) * width; at++) {
            const there = data[4 * at + 3] > 40;
            run = there && run && points[at] === points[at - 1] ? run + 1 : Number(there);
            longest = Math.max(longest, run);
        }
    }
    return longest * picture.clientWidth / width;
})"""
"""The longest straight line of one colour in each picture, in pixels of the page: a bar, or a line
of its grid, which is as long as the chart's own room; letters are short."""


def fits(page: Page) -> None:
    """Nothing makes the page wider than the window, and no bar has been pushed out of its chart."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    charts = page.locator('[data-testid="stMain"] [data-testid="stVegaLiteChart"] svg')
    for at in range(charts.count()):
        plot = charts.nth(at).locator(".background").first.bounding_box()
        assert plot is None or plot["width"] > 0.4 * page.evaluate("innerWidth") - 100
    pictures = page.locator('[data-testid="stMain"] [data-testid="stVegaLiteChart"] canvas')
    for width in pictures.evaluate_all(LONGEST_LINES):
        assert width > 0.4 * page.evaluate("innerWidth") - 100


@pytest.mark.parametrize("views", [VIEWS, pytest.param(MORE_VIEWS, marks=pytest.mark.slow)])
def test_hostile_text_is_shown_as_text(
    views: Views, visit: Callable[..., Visit], hostile_server: Server
) -> None:
    opened = visit(hostile_server.address)
    page = opened.page
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    for path, address in views:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{hostile_server.address}/{path}?{urlencode(address, doseq=True)}")
        opened.settle()
        assert MARK in page.locator('[data-testid="stApp"]').inner_text()
        expect(page.locator('[data-testid="stException"]')).to_have_count(0)
        fits(page)
        page.set_viewport_size({"width": 390, "height": 900})
        opened.settle()
        fits(page)
        assert page.evaluate(WHAT_RAN) == NOTHING, (path, address)
        # Each of some fifty known problems is a sentence there.
        tallest = 25_000 if "since" in address or "below" in address else 6_000
        assert (
            page.locator('[data-testid="stMain"]').evaluate("main => main.scrollHeight") < tallest
        )
    assert not dialogs
    assert not wrong
    assert opened.outside == []


@pytest.mark.slow
def test_boxes_lists_and_marks_with_hostile_text_open_as_text(
    visit: Callable[..., Visit], hostile_server: Server
) -> None:
    opened = visit(f"{hostile_server.address}/prices?{urlencode({'event': EVENT})}", 390)
    page = opened.page
    # Nothing needs to be scrolled: a list that is open closes when the page moves.
    page.set_viewport_size({"width": 390, "height": 6000})
    opened.settle()
    main = page.locator('[data-testid="stMain"]')
    expect(main.get_by_text(f"{TEXTS[1]} 12 January 2026").first).to_be_visible()
    # The event's source is no address of the web, so nothing leads there.
    expect(main.locator(f'a[href*="{EVIL}"]')).to_have_count(0)
    for label in ("Event", "Kinds of event"):
        opened.settle()  # a run of the page would close the list again
        page.get_by_role("combobox", name=label, exact=True).click()
        expect(page.get_by_role("option").first).to_be_visible()
        assert page.evaluate(WHAT_RAN) == NOTHING
        fits(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("option")).to_have_count(0)
    main.get_by_text("events in these dates as a list").click()
    opened.settle()
    told = page.locator("#vg-tooltip-element")
    evil = main.locator(f'.mark-symbol path[aria-label*="{MARK}"]')
    for at in range(2):
        evil.nth(at).hover(force=True)
        expect(told).to_contain_text(MARK)
        assert page.evaluate(WHAT_RAN) == NOTHING
        fits(page)
        page.mouse.move(1, 1)
        expect(told).not_to_be_visible()
    page.goto(f"{hostile_server.address}/tree")
    opened.settle()
    main.locator(".mark-rect path").first.hover(position={"x": 20, "y": 60})
    expect(told).to_be_visible()
    assert page.evaluate(WHAT_RAN) == NOTHING
    fits(page)
    assert opened.outside == []

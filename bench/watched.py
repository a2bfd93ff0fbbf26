"""A page in Chromium, whose every click is timed until the last change on the screen."""

from __future__ import annotations

import base64
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import Error, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page

QUIET_MILLISECONDS: Final = 400
"""A page that has not changed for so long has been repainted."""

PATIENCE_SECONDS: Final = 300.0
_ACT_SECONDS: Final = 10.0
"""After so long a control that cannot be reached is given up."""

NOTHING_SECONDS: Final = 2.0
"""After so long without a change a click has changed nothing."""

_WATCH: Final = Path(__file__).with_name("watched.js")
_MAIN: Final = '[data-testid="stMain"] [data-testid="'
_NOW: Final = """() => ({
    ...window.__bench, now: performance.now(),
    rests: !!document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        && !!document.querySelector('[data-testid="stMain"] h1')
        && !document.querySelector('[data-testid="stSkeleton"]'),
})"""
_TO_THE_TOP: Final = """(element) => {
    element.style.scrollMarginTop = "6rem";  // below Streamlit's own bar
    element.scrollIntoView({ block: "start", behavior: "instant" });
}"""
_HIDDEN_OPTION: Final = '[role="option"]:not([aria-selected="true"])'


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that can reach nothing but this machine."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        message = "Chromium is missing: install it to measure what a reader's browser does."
        raise FileNotFoundError(message)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
        )
        yield launched
        launched.close()


@dataclass(frozen=True, slots=True)
class Found:
    """A control of a page: its kind, and which of that kind it is."""

    kind: str
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One click: milliseconds from it until the last change, and bytes that came for it."""

    painted: float
    """Of what can be seen in the window."""
    settled: float
    """Of anything, also above and below the window and what only screen readers are told."""
    bytes: int


@dataclass(slots=True)
class Watched:
    """One reader's page."""

    page: Page
    received: int = 0
    """Bytes that came over the websocket so far."""
    errors: list[str] = field(default_factory=list)

    def visit(self, address: str) -> dict[str, Any]:
        """Open ``address``; what the page has seen by the time it rests."""
        self.received = 0
        self.page.goto(address, wait_until="commit")
        return self.rest()

    def rest(self) -> dict[str, Any]:
        """Wait until nothing changes any more; what the page has seen by then."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            seen: dict[str, Any] = self.page.evaluate(_NOW)
            if seen["rests"] and seen["now"] - seen["changed"] > QUIET_MILLISECONDS:
                return seen
            self.page.wait_for_timeout(50)
        message = f"{self.page.url} never came to rest"
        raise TimeoutError(message)

    def controls(self) -> list[Found]:
        """What can be changed on the page as it is."""
        found = []
        for kind, (selector, _) in _KINDS.items():
            boxes = self.page.locator(f"{_MAIN}{selector}")
            for number in range(boxes.count()):
                box = boxes.nth(number)
                if box.is_visible():
                    name = " ".join(box.inner_text().split())[:30]
                    found.append(Found(kind, number, name or kind))
        return found

    def change(self, control: Found) -> Changed | None:
        """Change a control, near the top of the window so that what it changes is seen.

        None where it cannot be changed now, or changing it changes nothing.
        """
        selector, act = _KINDS[control.kind]
        box = self.page.locator(f"{_MAIN}{selector}").nth(control.number)
        before = self.received
        try:
            box.evaluate(_TO_THE_TOP, timeout=2_000)
            if not act(self.page, box):
                return None
        except Error as error:
            self.errors.append(f"{control.label}: {str(error).splitlines()[0]}")
            return None
        end = time.monotonic() + NOTHING_SECONDS
        while time.monotonic() < end and self.received == before:
            self.page.wait_for_timeout(25)
        seen = self.rest()
        if self.received == before or seen["painted"] <= seen["input"]:
            return None
        return Changed(
            seen["painted"] - seen["input"],
            seen["settled"] - seen["input"],
            self.received - before,
        )


@contextmanager
def watched(browser: Browser, width: int = 1280) -> Iterator[Watched]:
    """A page of a new reader, with nothing in the browser's cache."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.set_default_timeout(1e3 * _ACT_SECONDS)
    page.add_init_script(path=_WATCH)
    reader = Watched(page)

    def frame(event: dict[str, Any]) -> None:
        payload = event["response"]["payloadData"]
        text = event["response"]["opcode"] == 1
        reader.received += len(payload.encode() if text else base64.b64decode(payload))

    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.webSocketFrameReceived", frame)
    try:
        yield reader
    finally:
        context.close()


def _choose(page: Page, box: Locator) -> bool:
    box.locator("input").first.click()
    options = page.locator(_HIDDEN_OPTION)
    page.wait_for_timeout(150)  # the list opens; what is timed is the choice in it
    if not options.count():
        page.keyboard.press("Escape")
        return False
    options.nth(min(1, options.count() - 1)).click()
    return True


def _press(_: Page, box: Locator) -> bool:
    box.locator("label, [role=checkbox], [role=switch]").first.click()
    return True


def _press_other(_: Page, box: Locator) -> bool:
    others = box.locator(
        'button:not([aria-checked="true"]):not([aria-selected="true"])'
        ':not([kind$="Active"]), label:not(:has(input:checked)):has(input)'
    )
    if not others.count():
        return False
    others.last.click()
    return True


def _next_tab(_: Page, box: Locator) -> bool:
    others = box.locator('[role="tab"][aria-selected="false"]')
    if not others.count():
        return False
    others.first.click()
    return True


def _type(page: Page, box: Locator) -> bool:
    field_ = box.locator("input, textarea").first
    field_.click()
    page.keyboard.press("End")
    page.keyboard.type("q")
    page.keyboard.press("Enter")
    return True


def _step(page: Page, box: Locator) -> bool:
    box.locator("input").first.click()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    return True


def _earlier(page: Page, box: Locator) -> bool:
    """Choose another day in the calendar of a date box."""
    box.locator("input").first.click()
    days = page.locator('[data-baseweb="calendar"] [role="gridcell"]:not([aria-disabled="true"])')
    page.wait_for_timeout(150)
    wanted = [
        at
        for at in range(days.count())
        if "selected" not in (days.nth(at).get_attribute("aria-label") or "").lower()
    ]
    if not wanted:
        page.keyboard.press("Escape")
        return False
    days.nth(wanted[len(wanted) // 2]).click()
    return True


_KINDS: Final[dict[str, tuple[str, Callable[[Page, Locator], bool]]]] = {
    "select box": ('stSelectbox"]', _choose),
    "several": ('stMultiSelect"]', _choose),
    "switch": ('stCheckbox"]', _press),
    "buttons": ('stButtonGroup"]', _press_other),
    "radio": ('stRadio"]', _press_other),
    "tabs": ('stTabs"]', _next_tab),
    "text": ('stTextInput"]', _type),
    "number": ('stNumberInput"]', _step),
    "date": ('stDateInput"]', _earlier),
}

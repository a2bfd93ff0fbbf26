"""The real server and a real browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.conftest import ROOT, chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Request

PATIENCE = 60_000
"""Longest wait for anything in a browser, in milliseconds; machines may be busy."""

expect.set_options(timeout=PATIENCE)


@dataclass
class Server:
    """A running site."""

    address: str


@contextmanager
def serving(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server that nobody has visited yet, started as `make run` starts it.

    Without a store of its own and offline, unless ``environment`` says otherwise.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    options = {
        "server.address": "127.0.0.1",
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
    }
    command += [f"--{name}={value}" for name, value in options.items()]
    inherited = {key: value for key, value in os.environ.items() if "GROUNDSWELL" not in key}
    home = tempfile.TemporaryDirectory(prefix="groundswell-")
    known = {"GROUNDSWELL_HOME": home.name, "GROUNDSWELL_OFFLINE": "1"}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=inherited | known | dict(environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        # The line is printed when the server listens; no polling, no sleeping.
        for line in process.stdout or ():
            if "URL:" in line:
                break
        address = f"http://127.0.0.1:{port}"
        try:
            with urlopen(f"{address}/_stcore/health", timeout=30) as answer:  # noqa: S310
                assert answer.status == 200
        except URLError as error:
            process.kill()
            pytest.fail(f"the server did not start: {error}\n{process.communicate()[0]}")
        yield Server(address)
    finally:
        process.terminate()
        process.communicate(timeout=30)
        home.cleanup()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser, which can reach nothing but this machine."""
    path = chromium()
    if path is None:
        pytest.fail("GROUNDSWELL_REQUIRE_BROWSER is set, but there is no Chromium here")
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


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all tests that do not need a cold one."""
    with serving(ROOT) as running:
        yield running


@dataclass
class Visit:
    """A page in a browser, and what it complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def see(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.outside.append(request.url)

    def settle(self) -> None:
        """Wait until the script has run and every chart is painted."""
        settle(self.page)


def settle(page: Page) -> None:
    """Wait until the script has run and every chart is painted."""
    app = page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
    expect(app).to_have_count(1)
    expect(page.locator('[data-testid="stMain"] h1')).to_have_count(1)
    expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0)
    # Both are counted at one moment: a chart may go while it is waited for.
    page.wait_for_function(
        """() => {
            const charts = [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')];
            return charts.every((chart) => chart.querySelector('svg, canvas'));
        }"""
    )


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens an address in a fresh browser profile of a given width and waits."""
    contexts = []

    def open_page(address: str, width: int = 1280, **options: object) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        opened = Visit(page)
        page.on("console", opened.hear)
        page.on("request", opened.see)
        page.goto(address)
        opened.settle()
        return opened

    yield open_page
    for context in contexts:
        context.close()

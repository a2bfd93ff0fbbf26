"""What all tests share: a known environment, and a loud word where no browser is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from altair.utils import schemapi
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

import core.draw.theme
import core.fetch  # noqa: F401 - sets what the Hub's client reads when it is imported

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
REQUIRED = "GROUNDSWELL_REQUIRE_BROWSER"

settings.register_profile("groundswell", deadline=None)  # machines differ in speed
settings.load_profile("groundswell")

schemapi.enable_debug_mode()  # here every chart is held against the schema of Vega-Lite


def chromium() -> str | None:
    """Path of a Chromium or Chrome on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session", autouse=True)
def components_looked_for_once() -> Iterator[None]:
    """Every ``AppTest`` looks through all packages for components: most of the time of a run."""
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda *_, **__: found)
        yield


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which nothing has been recorded, and nothing is."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def known_environment(monkeypatch: pytest.MonkeyPatch, empty_home: Path) -> None:
    """No setting and no store of the person who runs the tests reaches them, nor the network."""
    for name in [name for name in os.environ if name.startswith(("GROUNDSWELL_", "STREAMLIT_"))]:
        monkeypatch.delenv(name)
    for name in ("HF_TOKEN", "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GROUNDSWELL_HOME", str(empty_home))
    monkeypatch.setenv("GROUNDSWELL_OFFLINE", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if chromium() or os.environ.get(REQUIRED):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    from tests.faults import report  # noqa: PLC0415 - it needs this module

    report.summary(terminalreporter)  # with several workers only this file is loaded
    if not chromium():
        terminalreporter.section("BROWSER TESTS DID NOT RUN", red=True, bold=True)
        terminalreporter.line("They need Chromium or Chrome. On Debian: apt install chromium;")
        terminalreporter.line("on Ubuntu: snap install chromium; elsewhere: google.com/chrome.")

"""Broken files and broken code as a reader sees them, on a server that shows every error."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from core.schemas import TABLES
from tests.browser.conftest import Visit, serving
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.browser

EVERY_ERROR = {"STREAMLIT_CLIENT_SHOW_ERROR_DETAILS": "full"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The site in a folder of its own."""
    for name in ("core", "data", "pages", ".streamlit"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "app.py", tmp_path)
    return tmp_path


def no_traceback(opened: Visit) -> None:
    expect(opened.page.locator('[data-testid="stException"]')).to_have_count(0)
    expect(opened.page.get_by_text("Traceback")).to_have_count(0)


@pytest.mark.slow  # tests/pages/test_broken_store.py reads every page of such a store
def test_snapshot_that_is_cut_short(visit: Callable[..., Visit], copy: Path) -> None:
    readings = copy / "data" / "snapshot" / "readings.parquet"
    readings.write_bytes(readings.read_bytes()[:5000])
    with serving(copy, EVERY_ERROR) as server:
        for path, still_there in (
            ("", "What is a download, and what is it not?"),
            ("leaderboard", "What others have published about"),
            ("data?section=Tables&tables_tab=Table", f"tables of {len(TABLES)} hold"),
        ):
            opened = visit(f"{server.address}/{path}")
            broken = "The table 'readings' cannot be read: readings.parquet is cut short"
            expect(opened.page.get_by_text(broken).first).to_be_visible()
            expect(opened.page.get_by_text(still_there).first).to_be_visible()
            no_traceback(opened)


def test_page_with_a_bug_in_it(visit: Callable[..., Visit], copy: Path) -> None:
    page = copy / "pages" / "leaderboard.py"
    page.write_text(
        page.read_text(encoding="utf-8").replace("read_address()", "1 / 0"),
        encoding="utf-8",
    )
    with serving(copy, EVERY_ERROR) as server:
        opened = visit(f"{server.address}/leaderboard")
        said = opened.page.get_by_text("Something went wrong here that we had not thought of.")
        expect(said).to_be_visible()
        expect(opened.page.get_by_text("ZeroDivisionError")).to_have_count(0)
        no_traceback(opened)
        # The rest of the site works as usual, as it says.
        opened.page.get_by_test_id("stSidebar").get_by_role("link", name="Overview").click()
        expect(opened.page.locator("h3").first).to_contain_text("leads with")

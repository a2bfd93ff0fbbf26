"""Hostile text in a store is shown as text: nothing in it is markup, an address or a formula."""

from __future__ import annotations

import csv as reader
import json
import re
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from google.protobuf.message import Message
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.testing.v1 import AppTest

from core.schemas import COUNT, PRICES, READINGS, REAL, TABLES
from core.store.store import Store
from core.ui import export, inventory
from core.ui.site import Site
from tests.pages.hostile_store import (
    END_MODEL,
    EVIL,
    FILE_NAME,
    FORMULAS,
    MARK,
    NAMES,
    TEXTS,
    plant,
)
from tests.pages.test_pages import opened, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

VIEWS: tuple[tuple[str, dict[str, str | list[str]]], ...] = (
    ("overview", {}),
    ("overview", {"overview_tab": "Table"}),
    ("overview", {"overview_tab": "About this data"}),
    ("leaderboard", {"make_up": "Licence"}),
    (
        "leaderboard",
        {"tab": "Table", "models_tab": "Table", "make_up": "Task", "published_tab": "Table"},
    ),
    ("leaderboard", {"view": "Index", "since": "2026-11-11", "make_up": "Format"}),
    (
        "leaderboard",
        {"tab": "About this data", "models_tab": "About this data", "make_up": "Software"},
    ),
    (
        "leaderboard",
        {"make_up": "New per month", "published": TEXTS[2], "published_tab": "About this data"},
    ),
    ("tree", {}),
    ("tree", {"tree_tab": "Table", "size": "Downloads"}),
    ("tree", {"node": END_MODEL, "tree_tab": "About this data"}),
    ("tree", {"node": f"Qwen/{NAMES[0]}"}),
    ("tree", {"node": TEXTS[1], "published": TEXTS[0]}),
    ("prices", {}),
    ("prices", {"event": f"2026-01-12 Qwen: {TEXTS[1]}", "kinds": [TEXTS[0], TEXTS[1]]}),
    ("prices", {"prices_tab": "About this data", "below_tab": "Table"}),
    (
        "prices",
        {"span": "Dates", "range": ["2026-11-01", "2026-11-20"], "below": "30-day readings"},
    ),
    ("reaction", {"launches_tab": "Table", "ordinary_tab": "About this data"}),
    ("reaction", {"day": "2026-11-12", "window": "Other", "share": TEXTS[0]}),
    ("data", {"section": "Tables"}),
    ("data", {"section": "Tables", "tables_tab": "Table"}),
    ("data", {"section": "Sources"}),
    ("data", {"section": "Known problems"}),
    ("data", {"section": "Known problems", "problems_tab": "Table"}),
    ("data", {"section": "Take it with you", "table": "events"}),
)

SHOWN_AS_TEXT = {
    # What the browser shows as text, whatever is in it: see tests/browser/test_hostile.py.
    "Text.body",
    "Code.code_text",
    "Selectbox.options",
    "MultiSelect.options",
    # A value, not shown but by the options above.
    "Selectbox.raw_value",
    "MultiSelect.raw_values",
    # An attribute of an element.
    "Arrow.alt",
    "ArrowVegaLiteChart.alt",
    "VegaLiteChart.alt",
    # Its words are titles of axes, see ``beside_titles``.
    "VegaLiteChart.spec",
    # Data of tables and charts, which are drawn and never read as markup.
    "Arrow.data",
    "ArrowData.data",
    "ArrowVegaLiteDataSet.data",
    # A name for Streamlit alone.
    "id",
    "element_id",
    "query_param_key",
}
"""Fields of Streamlit's messages in which outside text may stand."""


FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?(e-?[0-9]+)?")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store full of hostile text, in which one file is broken and has a hostile name too."""
    folder = tmp_path_factory.mktemp("hostile")
    plant(folder)
    (folder / READINGS.name / FILE_NAME).write_bytes(b"")
    return folder


@pytest.fixture
def downloads(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], bytes]]:
    """What the download buttons of the pages shown would give, as pages are shown."""
    monkeypatch.setenv("GROUNDSWELL_HOME", str(home))
    offered: list[Callable[[], bytes]] = []
    add = MediaFileManager.add_deferred

    def adding(self: MediaFileManager, data: Callable[[], bytes], *more: str, **named: str) -> str:
        offered.append(data)
        return add(self, data, *more, **named)

    monkeypatch.setattr(MediaFileManager, "add_deferred", adding)
    return offered


def strings(message: Message) -> Iterator[tuple[str, str]]:
    """Every text in a message of Streamlit's, however deep, with the field it is in."""
    for field, value in message.ListFields():
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                yield from strings(one)
            elif isinstance(one, bytes):
                yield f"{message.DESCRIPTOR.name}.{field.name}", one.decode("latin-1")
            elif isinstance(one, str):
                yield f"{message.DESCRIPTOR.name}.{field.name}", one


def fields(app: AppTest) -> Iterator[tuple[str, str]]:
    """Every text that was sent to the browser, with the field it is in; tabs and boxes too."""
    waiting: list[Any] = [app.main, app.sidebar]
    while waiting:
        node = waiting.pop()
        waiting += getattr(node, "children", {}).values()
        if isinstance(proto := getattr(node, "proto", None), Message):
            yield from strings(proto)


def hostile(text: str) -> bool:
    return MARK in text or EVIL in text


def beside_titles(spec: object, key: str = "") -> list[str]:
    """Hostile texts of a chart's specification that are no title."""
    if isinstance(spec, str):
        return [spec] if hostile(spec) and key != "title" else []
    inner = (
        spec.items()
        if isinstance(spec, dict)
        else enumerate(spec)
        if isinstance(spec, list)
        else ()
    )
    return [text for name, one in inner for text in beside_titles(one, str(name))]


def unsafe_cells(content: bytes) -> list[str]:
    """Cells of a CSV file that a spreadsheet would run; a number is none."""
    text = content.decode("utf-8-sig")
    return [
        cell
        for row in reader.reader(StringIO(text, newline=""))
        for cell in row
        if cell.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(cell)
    ]


@pytest.mark.parametrize(("page", "address"), VIEWS)
def test_hostile_text_is_no_markup_and_no_formula(
    page: str, address: dict[str, str | list[str]], downloads: list[Callable[[], bytes]]
) -> None:
    app = opened(page, address)
    assert not app.exception
    assert "cannot be shown" not in words(app)
    found = {(name, text) for name, text in fields(app) if hostile(text)}
    assert "Text.body" in {name for name, _ in found}
    allowed = {name for name, _ in found if {name, name.rpartition(".")[2]} & SHOWN_AS_TEXT}
    assert {name for name, _ in found} == allowed
    for name, text in found:
        if name == "VegaLiteChart.spec":
            assert beside_titles(json.loads(text)) == []
        if name == "Text.body":
            assert all(len(line) < 1_100 for line in text.splitlines())
    contents = [offer() for offer in downloads]
    assert contents or address.get("section") in {"Sources", "What is counted"}
    for content in contents:
        if content.startswith(b"PK"):
            with ZipFile(BytesIO(content)) as archive:
                contents += [archive.read(n) for n in archive.namelist() if n.endswith(".csv")]
        else:
            assert unsafe_cells(content) == []


def test_every_table_is_taken_away_without_a_formula(home: Path) -> None:
    site = Site(Store(home).pinned())
    with ZipFile(BytesIO(inventory.everything(site))) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name.endswith(".csv")}
    assert len(files) == len(TABLES) - 1  # revenue is Yahoo's alone, and stays here
    for name, content in files.items():
        assert unsafe_cells(content) == []
        table = name.rpartition("/")[2].removesuffix(".csv")
        frame = site.frame(table)
        rows = list(reader.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))
        if table != PRICES.name:  # of which some rows are not passed on
            assert len(rows) == len(frame)
        for column in TABLES[table].columns:
            if column.type in {COUNT, REAL}:
                for row in rows:
                    assert not row[column.name] or float(row[column.name]) is not None
    # The formulas are there, each behind an apostrophe.
    texts = {
        row["title"]
        for row in reader.DictReader(
            StringIO(files["groundswell/events.csv"].decode("utf-8-sig"), newline="")
        )
    }
    assert {export.defused(text) for text in TEXTS} <= texts
    assert {f"'{text}" for text in FORMULAS[:6]} - {f"'\r={MARK}"} <= texts


def test_walk_through_a_page_finds_markup(tmp_path: Path) -> None:
    script = tmp_path / "loud.py"
    script.write_text(
        "import streamlit as st\n"
        f"st.tabs(['{MARK}'])[0].markdown('{MARK}')\n"
        f"st.button('{MARK}')\nst.expander('{MARK}').text('{MARK}')\n"
        f"st.segmented_control('x', ['{MARK}'])\nst.link_button('x', 'javascript:{MARK}')\n",
        encoding="utf-8",
    )
    app = AppTest.from_file(str(script)).run()
    loud = {name for name, text in fields(app) if hostile(text)}
    assert loud >= {"Markdown.body", "Button.label", "Tab.label", "Expandable.label"}
    assert {"LinkButton.url", "Option.content"} <= loud

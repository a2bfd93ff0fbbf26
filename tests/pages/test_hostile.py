"""Hostile text in a store is shown as text: nothing in it is markup, an address or a formula."""

from __future__ import annotations

import csv as reader
import json
import re
from io import BytesIO, StringIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pandas as pd
import pytest
from google.protobuf.message import Message
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.testing.v1 import AppTest

from core.schemas import (
    ARTEFACTS,
    COUNT,
    DAILY,
    EVENTS,
    LINKS,
    LISTINGS,
    MILESTONES,
    MODELS,
    PRICES,
    READINGS,
    REAL,
    REFRESHES,
    TABLES,
)
from core.store import parquet
from core.store.store import Store
from core.ui import export, inventory
from core.ui.site import Site
from tests.pages.test_pages import opened, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MARK = "zyx"
"""Is in every hostile text and in no other."""

EVIL = "evil.example"
"""A host that nobody may be made to ask."""

BIDI = "\u202e\u2067\u200b\u200d\ufeff"

FORMULAS = (
    f"=cmd|'/C calc'!{MARK}",
    f"+1+{MARK}",
    f"-1-{MARK}",
    f"@SUM({MARK})",
    f"\t={MARK}",
    f"\r={MARK}",
    f"\n={MARK}",
    f"\uff1d{MARK}",
    f"x;={MARK}",
)

TEXTS = (
    f"<script>window.pwned='{MARK}'</script>",
    f'<img src="https://{EVIL}/{MARK}.png" onerror="window.pwned=1">',
    f"[{MARK}](https://{EVIL}/link)",
    f"![{MARK}](https://{EVIL}/picture.png)",
    f"[{MARK}](javascript:window.pwned=1)",
    f"javascript:window.pwned='{MARK}'",
    f"https://{EVIL}/{MARK}",
    f":material/home: :red[{MARK}] :blue-badge[{MARK}]",
    f"$\\frac{{{MARK}}}{{b}}$ and $${MARK}$$",
    f"**{MARK}** _it_ `code` ~~gone~~",
    f"# {MARK}\n\n- one\n\n| a | b |\n|---|---|\n| {MARK} | d |",
    f"{BIDI}gnp.{MARK}{BIDI}",
    MARK + "x" * 10_000,
    f"{MARK} " * 2_500,
    f"{MARK}\0\x07\x1b[31m",
    *FORMULAS,
)
"""What somebody may have written where a name, a title or a sentence is expected."""

NAMES = (
    f"<img src=x onerror=window.pwned='{MARK}'>",
    f"<svg onload=window.pwned='{MARK}'>",
    f"[{MARK}](javascript:window.pwned=1)",
    f"![{MARK}](x.png)",
    f":material_home: :red[{MARK}] ${MARK}$ **b** `c`",
    f"{BIDI}gnp.{MARK}{BIDI}",
    MARK + "x" * 10_000,
    f"x;={MARK}",
)
"""The same without a slash, so that it can be the name of a repository."""

FILE_NAME = f"<img src=x onerror=window.pwned='{MARK}'>[{MARK}](x) {BIDI}.parquet"

ROOT_MODEL, END_MODEL = "Qwen/the-root", "Qwen/the-end"

DAY = pd.Timestamp("2026-11-20")
MOMENT = pd.Timestamp("2026-11-20 08:00", tz="UTC")


def plant(home: Path, texts: tuple[str, ...] = TEXTS, names: tuple[str, ...] = NAMES) -> None:
    """A store full of hostile text, beside which the snapshot stays."""
    ids = [f"Qwen/{name}" for name in names]
    for table, rows in {
        READINGS: _readings(ids),
        MODELS: _models(ids, texts),
        LINKS: _links(ids, texts),
        LISTINGS: _listings(ids),
        DAILY: _daily(ids[0]),
        PRICES: _prices(texts),
        MILESTONES: _milestones(texts),
        EVENTS: _events(texts),
        ARTEFACTS: _artefacts(ids, texts),
        REFRESHES: _refreshes(texts),
    }.items():
        frame = rows[[column.name for column in table.columns]]
        parquet.write(frame, home / table.name / "2026-11-20T080000Z.parquet", table)


def _readings(ids: list[str]) -> pd.DataFrame:
    """The hostile models lead, and were read on two days."""
    rows = [
        (model, moment, 900_000_000 // (at + 1), 10**9, 1)
        for moment in (MOMENT, MOMENT - pd.Timedelta(days=9))
        for at, model in enumerate(ids)
    ]
    columns = ["model_id", "read_at", "downloads_30d", "downloads_all_time", "likes"]
    return pd.DataFrame(rows, columns=columns).assign(source="hub")


def _models(ids: list[str], texts: tuple[str, ...]) -> pd.DataFrame:
    rows = [(f"Qwen/model-{at}", text, text, text, text) for at, text in enumerate(texts)] + [
        (model, *(texts[at % len(texts)],) * 4) for at, model in enumerate(ids)
    ]
    rows += [(text, text, text, text, text) for text in texts]
    columns = ["model_id", "task", "licence", "library", "format"]
    frame = pd.DataFrame(rows, columns=columns)
    official = frame["model_id"].str.startswith("Qwen/")
    return frame.assign(
        hub_id=[f"{MARK}{at}" for at in range(len(frame))],
        family=pd.Series("Qwen", frame.index).where(official, None),
        maker=frame["licence"],
        created_on=DAY,
        released_on=DAY,
        parameters=1,
        gated=False,
        first_seen=DAY,
        last_seen=DAY,
    )


def _links(ids: list[str], texts: tuple[str, ...]) -> pd.DataFrame:
    """Children with hostile ids under the largest root, and one long way down through them."""
    root = ROOT_MODEL
    pairs = [(text, root, text) for text in texts]
    pairs += [(f"{text}/{MARK}", text, "finetune") for text in texts]
    way = [root, *ids, END_MODEL, "Qwen/the-very-end"]
    pairs += [(child, parent, "merge") for parent, child in pairwise(way)]
    # More than any other family has, so that the tree page opens here.
    pairs += [(f"somebody/{at:05}", root, "adapter") for at in range(300)]
    columns = ["child", "parent", "relation"]
    return pd.DataFrame(pairs, columns=columns).assign(seen_on=DAY, source="hub")


def _listings(ids: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"parent": ids}).assign(
        asked_at=MOMENT, children=1, complete=True, source="hub"
    )


def _daily(model: str) -> pd.DataFrame:
    days = pd.date_range(DAY - pd.Timedelta(days=3), DAY)
    basis = [f"official {MARK}"] * len(days)
    return pd.DataFrame({"day": days, "downloads": 5, "basis": basis}).assign(
        family=None, model_id=model, source=f"={MARK}", complete=True
    )


def _prices(texts: tuple[str, ...]) -> pd.DataFrame:
    """Tickers nobody listed, and a currency and a source for a share that is shown."""
    tickers = [*texts, "BABA"]
    frame = pd.DataFrame({"ticker": tickers, "source": [*texts, f"=unknown {MARK}"]})
    return frame.assign(
        session=pd.Timestamp("2026-01-12"),
        close=None,
        adjusted_close=None,
        index_100=100.0,
        currency=f"@{MARK}",
        read_at=None,
    )


def _milestones(texts: tuple[str, ...]) -> pd.DataFrame:
    known = ("cumulative_downloads", "derivative_count")
    rows = [
        (metric, text)
        for text in texts
        for metric in (*known, text)  # an unknown metric keeps its own name
    ]
    frame = pd.DataFrame(rows, columns=["metric", "subject"])
    text = frame["subject"]
    return frame.assign(
        as_of=pd.Series(["2026-01-12", "2026-01"] * len(frame))[: len(frame)],
        reported_on=text,
        family="Qwen",
        value=7e8,
        value_text=text,
        unit=text,
        source_name=text,
        source_url=text,
        note=text,
    )


def _events(texts: tuple[str, ...]) -> pd.DataFrame:
    text = pd.Series(texts)
    return pd.DataFrame(
        {"title": text, "kind": text, "source_name": text, "source_url": text}
    ).assign(
        date=pd.Timestamp("2026-01-12"),
        date_precision=["day" if at % 2 else one for at, one in enumerate(texts)],
        at=None,
        subject=["Qwen" if at % 2 else one for at, one in enumerate(texts)],
    )


def _artefacts(ids: list[str], texts: tuple[str, ...]) -> pd.DataFrame:
    """Hostile words about the counter on show, and about models on show."""
    text = pd.Series([*texts, *texts])
    scopes = ["downloads_30d"] * len(texts) + [ids[at % len(ids)] for at in range(len(texts))]
    return pd.DataFrame({"kind": text, "what": text, "source": text, "scope": scopes}).assign(
        start=DAY - pd.Timedelta(days=5), end=pd.NaT
    )


def _refreshes(texts: tuple[str, ...]) -> pd.DataFrame:
    """The sources of the panel failed with hostile words; others nobody knows."""
    sources = [*texts[:6], "hub", "yahoo", "history"]
    messages = [*texts[:6], texts[0], MARK + "x" * 10_000, texts[1]]
    return pd.DataFrame({"source": sources, "message": messages}).assign(
        started_at=MOMENT, finished_at=MOMENT, outcome=messages, rows=0, requests=0
    )


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
            assert len(text) < 1_100
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
    assert len(files) == len(TABLES)
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

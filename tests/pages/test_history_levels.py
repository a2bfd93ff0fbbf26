"""The daily history on the data page: three levels, what each costs, what is here, a button."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.measure.bases import LEVELS
from core.measure.rollup_artefacts import CATCH_UP, FOUND_BY, FROZEN, ROLLBACK, STALL
from core.schemas import ARTEFACTS, HISTORY_FILES
from core.store import room
from core.store.counters import Counters
from core.store.store import Store
from core.ui import refresh
from core.ui.child import Keeper
from core.ui.levels import suggested, to_fetch
from tests.pages.test_pages import healthy, opened, words
from tests.pages.test_refresh import record, wait_for_end

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

READ_AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
TOLD = {
    "source": "modelpulse",
    "name": "Model Pulse",
    "asked_at": READ_AT.isoformat(),
    "levels": {
        "accounts": {"bytes": 3_210_000, "months": 28, "estimated": False},
        "official": {"bytes": 41_234_567, "months": 28, "estimated": True},
        "everything": {"bytes": 0, "months": 0, "estimated": False},
    },
}
TITLES = {
    f"**{name}**{more}"
    for name in ("Official models", "Accounts", "Everything")
    for more in ("", ", suggested")
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeper]:
    """A keeper whose program only says what it was asked for."""
    end = "print(json.dumps({'kind': 'end', 'outcome': 'ok', 'message': ' '.join(sys.argv[1:])}))"
    own = Keeper([sys.executable, "-c", f"import json, sys; {end}"])
    monkeypatch.setattr(refresh, "keeper", lambda: own)
    monkeypatch.setenv("GROUNDSWELL_OFFLINE", "0")
    monkeypatch.setattr(refresh._Look, "at", float("inf"))  # noqa: SLF001 - nothing starts by itself
    yield own
    wait_for_end(own)


def section() -> AppTest:
    return healthy(opened("data", {"section": "Daily history"}))


def test_nothing_is_here_and_no_size_is_known(home: Path) -> None:
    shown = words(section())
    assert shown.count("Nothing of it is here.") == 3
    assert shown.count("To fetch: not known yet.") == 3
    assert "Offline: no network is used, so nothing can be loaded." in shown
    assert not list(home.iterdir())


@pytest.mark.parametrize("level", ["accounts", "official", "everything"])
def test_button_loads_its_level(home: Path, keeper: Keeper, level: str) -> None:
    Counters(home).write_sizes(TOLD)
    app = section()
    app.button(f"load_{level}").click().run()
    wait_for_end(keeper)
    assert keeper.last is not None
    assert keeper.last.message == f"--history={level}"


def test_sizes_are_asked_for_and_then_shown(home: Path, keeper: Keeper) -> None:
    app = section()
    assert [app.button(f"load_{level}").disabled for level in LEVELS] == [True] * 3
    assert "First ask how much each would fetch; then it can be loaded." in words(app)
    app.button("history_sizes").click().run()
    wait_for_end(keeper)
    assert keeper.last is not None
    assert keeper.last.message == "--history-sizes"
    Counters(home).write_sizes(TOLD)
    shown = words(section())
    assert "To fetch: 3.2 MB." in shown
    assert "To fetch: about 41.2 MB." in shown
    assert "To fetch: nothing more." in shown
    assert "Model Pulse said how much each would fetch on 20 November 2026." in shown


def test_level_that_a_source_does_not_publish_or_that_has_no_room_is_not_put_first(
    home: Path, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    del keeper
    monkeypatch.setattr(room, "disk", lambda _: 10)
    some = {name: told for name, told in TOLD["levels"].items() if name != "accounts"}
    Counters(home).write_sizes(TOLD | {"name": "Harvard MadSys", "levels": some})
    app = section()
    assert "To fetch: not published by Harvard MadSys." in words(app)
    assert "The history of the official models wants 1.1 GB of free disk" in words(app)
    assert "**Accounts**, suggested" in [line.value for line in app.markdown]
    assert [app.button(f"load_{level}").disabled for level in LEVELS] == [True, False, False]


def test_official_models_are_suggested_and_come_first_where_there_is_room(home: Path) -> None:
    del home
    titles = [line.value for line in section().markdown if line.value in TITLES]
    assert titles == ["**Official models**, suggested", "**Accounts**", "**Everything**"]


@pytest.mark.parametrize(
    ("disk", "memory", "lack"),
    [
        (900_000_000, 8 * 10**9, "1.1 GB of free disk; here are 900.0 MB"),
        (8 * 10**9, 1_000_000_000, "1.5 GB of memory; here are 1.0 GB"),
    ],
)
def test_accounts_are_suggested_where_official_models_have_no_room(
    home: Path, monkeypatch: pytest.MonkeyPatch, disk: int, memory: int, lack: str
) -> None:
    Counters(home).write_sizes(TOLD)
    monkeypatch.setattr(room, "disk", lambda _: disk)
    monkeypatch.setattr(room, "memory", lambda: memory)
    level, why = suggested(Store(home))
    assert level == "accounts"
    assert why == f"The history of the official models wants {lack}."


def test_how_it_went_is_told_as_text(home: Path, keeper: Keeper) -> None:
    del keeper
    hostile = "3 months read. Left out: of [a](https://example.org) **4 rows** of days to come."
    began = datetime(2026, 11, 20, 14, 27, tzinfo=UTC)
    record(home, ("modelpulse", began, "ok", hostile))
    app = section()
    said = f"Model Pulse, 20 November 2026, 14:27 UTC: {hostile}"
    assert said in [line.value for line in app.text]
    assert not [line for line in app.markdown if "example.org" in line.value]


def test_every_kind_of_artefact_has_a_plain_meaning(home: Path) -> None:
    found = pd.DataFrame(
        {
            "start": pd.to_datetime(["2026-01-05"]),
            "end": pd.to_datetime(["2026-01-05"]),
            "kind": "stall",
            "scope": "downloads_all_time",
            "what": "90% of the 200 largest models hardly moved: the counters had stalled",
            "source": FOUND_BY,
        }
    )
    Store(home).add(ARTEFACTS, found, READ_AT)
    app = healthy(opened("data", {"section": "Known problems", "problems_tab": "Table"}))
    kinds = set(app.dataframe[0].value["kind"])
    told = [line.value for line in app.markdown]
    for kind in kinds | {STALL, CATCH_UP, ROLLBACK, FROZEN}:
        assert [line for line in told if line.startswith(f"**{kind}.** ")], kind
    assert "Found by this site in the daily histories" in set(app.dataframe[0].value["source"])


@pytest.mark.parametrize(
    "told",
    [
        "{",
        "[]",
        json.dumps({"levels": []}),
        json.dumps({"levels": TOLD["levels"]}),
        json.dumps(TOLD | {"asked_at": "never"}),
        json.dumps(
            TOLD | {"levels": {key: {"bytes": -1} for key in LEVELS} | {"official": {"bytes": "1"}}}
        ),
    ],
)
def test_sizes_that_cannot_be_understood_are_not_known(home: Path, told: str) -> None:
    Counters(home).write_sizes({})
    (file,) = home.rglob("sizes.json")
    file.write_text(told, encoding="utf-8")
    assert [to_fetch(Store(home), level) for level in LEVELS] == [None] * 3


def test_what_was_read_is_told_with_version_and_licence(home: Path, keeper: Keeper) -> None:
    del keeper
    days = pd.to_datetime(["2026-10-01", "2026-11-01"])
    frame = pd.DataFrame(
        {
            "source": "modelpulse",
            "path": ["series/2026-10.parquet", "series/2026-11.parquet"],
            "revision": "0123456789abcdef0123456789abcdef01234567",
            "licence": "apache-2.0",
            "level": "official",
            "bytes": [1_000_000, 500_000],
            "rows": [62_000, 38_000],
            "first_day": days,
            "last_day": pd.to_datetime(["2026-10-31", "2026-11-19"]),
            "read_at": pd.Timestamp(READ_AT),
        }
    )
    Store(home).add(HISTORY_FILES, frame, READ_AT)
    app = section()
    buttons = {button.key: button.label for button in app.main.button}
    assert buttons["load_official"] == "Bring the daily history of the official models up to date"
    assert buttons["load_everything"] == "Load the daily history of every model on the Hub"
    # Bringing only accounts up to date would leave the models behind.
    assert "load_accounts" not in buttons
    shown = words(app)
    assert "2 files, 0 bytes on disk, 1 October 2026 to 19 November 2026" in shown
    assert "Read last on 20 November 2026." in shown
    (table,) = app.dataframe
    assert set(table.value["licence"]) == {"apache-2.0"}
    assert table.value["source"].str.startswith("Model Pulse, ").all()


def test_level_at_work_is_told_and_nothing_else_can_be_started(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Counters(home).write_sizes(TOLD)
    step = {
        "kind": "step",
        "name": "Model Pulse",
        "step": "Daily history, bytes",
        "done": 10_300_000,
        "total": 41_200_000,
    }
    code = f"import time; print('{json.dumps(step)}', flush=True); time.sleep(60)"
    own = Keeper([sys.executable, "-c", code])
    monkeypatch.setattr(refresh, "keeper", lambda: own)
    monkeypatch.setenv("GROUNDSWELL_OFFLINE", "0")
    own.start(60)
    while not own.progress.fraction:
        time.sleep(0.005)
    try:
        app = section()
        assert "Model Pulse: daily history, 10.3 MB of 41.2 MB" in [
            line.value for line in app.main.text
        ]
        assert [app.button(f"load_{level}").disabled for level in LEVELS] == [True] * 3
        assert "Ask" not in " ".join(button.label for button in app.main.button)
    finally:
        own.cancel()
        wait_for_end(own)

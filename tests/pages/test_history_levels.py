"""The daily history on the data page: three levels, what each costs, what is here, a button."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.schemas import HISTORY_FILES
from core.store.counters import Counters
from core.store.store import Store
from core.ui import refresh
from core.ui.child import Keeper
from tests.pages.test_pages import healthy, opened, words
from tests.pages.test_refresh import wait_for_end

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
    assert shown.count("How much it would fetch is not known yet.") == 3
    assert "Offline: no network is used, so nothing can be loaded." in shown
    assert not list(home.iterdir())


@pytest.mark.parametrize("level", ["accounts", "official", "everything"])
def test_button_loads_its_level(home: Path, keeper: Keeper, level: str) -> None:
    del home
    app = section()
    app.button(f"load_{level}").click().run()
    wait_for_end(keeper)
    assert keeper.last is not None
    assert keeper.last.message == f"--history={level}"


def test_sizes_are_asked_for_and_then_shown(home: Path, keeper: Keeper) -> None:
    app = section()
    app.button("history_sizes").click().run()
    wait_for_end(keeper)
    assert keeper.last is not None
    assert keeper.last.message == "--history-sizes"
    Counters(home).write_sizes(TOLD)
    shown = words(section())
    assert "To fetch: 3.2 MB." in shown
    assert "To fetch: about 41.2 MB." in shown
    assert "To fetch: nothing more." in shown


@pytest.mark.parametrize(
    "told",
    [
        "{",
        "[]",
        json.dumps({"levels": []}),
        json.dumps({"levels": {"official": {"bytes": "<b>9</b>"}, "accounts": {"bytes": -1}}}),
    ],
)
def test_sizes_that_cannot_be_understood_are_not_known(home: Path, told: str) -> None:
    Counters(home).write_sizes({})
    (file,) = home.rglob("sizes.json")
    file.write_text(told, encoding="utf-8")
    assert words(section()).count("How much it would fetch is not known yet.") == 3


def test_what_was_read_is_told_with_version_and_licence(home: Path) -> None:
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
    shown = words(app)
    assert "2 files, 0 bytes on disk, 1 October 2026 to 19 November 2026" in shown
    assert "Read last on 20 November 2026." in shown
    (table,) = app.dataframe
    assert set(table.value["licence"]) == {"apache-2.0"}
    assert table.value["source"].str.startswith("Model Pulse, ").all()

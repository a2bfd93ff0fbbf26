"""A refresh as a reader meets it: states, progress, and an open page that never changes."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.schemas import READINGS, REFRESHES
from core.store.store import Store
from core.ui import refresh
from core.ui.child import Keeper
from tests.conftest import ROOT
from tests.pages.test_pages import PAGES, healthy, opened, words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

NOW = datetime.now(UTC).replace(microsecond=0)
SNAPSHOT = ROOT / "data" / "snapshot"
HOSTILE = "[a](https://example.org) **bold** :red[x] <b>y</b> $z$"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeper]:
    """A keeper of this test alone, whose program waits to be ended."""
    step = {"kind": "step", "name": "Hugging Face", "step": HOSTILE, "done": 1, "total": 4}
    code = f"import time; print('''{json.dumps(step)}''', flush=True); time.sleep(60)"
    own = Keeper([sys.executable, "-c", code])
    monkeypatch.setattr(refresh, "keeper", lambda: own)
    monkeypatch.setattr(refresh._Look, "at", float("-inf"))  # noqa: SLF001 - once a minute
    yield own
    own.cancel()
    wait_for_end(own)


def wait_for_end(keeper: Keeper) -> None:
    end = time.monotonic() + 30
    while keeper.running:
        assert time.monotonic() < end
        time.sleep(0.005)


def record(home: Path, *rows: tuple[str, datetime, str, str]) -> None:
    """Add rows of table ``refreshes``: source, beginning, outcome, message."""
    for source, at, outcome, message in rows:
        began = at.replace(microsecond=0)
        frame = pd.DataFrame(
            {
                "started_at": [began],
                "finished_at": [began + timedelta(seconds=30)],
                "source": [source],
                "outcome": [outcome],
                "rows": [1234],
                "requests": [17],
                "message": [message],
            }
        )
        Store(home).add(REFRESHES, frame, began)


def read_again(home: Path, days: int = 14) -> None:
    """Add the snapshot's readings as if they had been read some days later."""
    rows = pq.read_table(SNAPSHOT / "readings.parquet")
    at = rows.schema.get_field_index("read_at")
    later = pa.compute.add(rows["read_at"], pa.scalar(days * 86_400_000, pa.duration("ms")))
    rows = rows.set_column(at, rows.schema.field(at), later.cast(rows.schema.field(at).type))
    (home / READINGS.name).mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, home / READINGS.name / f"later-by-{days:02}.parquet")


def sidebar(app: AppTest) -> str:
    return "\n".join(block.value for block in [*app.sidebar.text, *app.sidebar.markdown])


def buttons(app: AppTest) -> list[str]:
    return [button.label for button in app.sidebar.button]


def figures(app: AppTest) -> str:
    return str(app.main.subheader[0].value)


@pytest.mark.parametrize("page", PAGES)
def test_without_any_refresh_each_source_is_as_old_as_its_figures(page: str) -> None:
    app = healthy(opened(page))
    assert "Hugging Face: from 10 May 2026" in sidebar(app)
    assert "Yahoo: from " in sidebar(app)
    assert "Offline: no network is used." in sidebar(app)
    assert buttons(app) == []


def test_states_are_those_of_the_last_refresh(home: Path) -> None:
    began = NOW - timedelta(minutes=20)
    record(home, ("hub", began, "ok", "Read."), ("yahoo", began, "SourceRefused", HOSTILE))
    app = healthy(opened("overview"))
    assert "Hugging Face: fresh, read " in sidebar(app)
    assert "Yahoo: failed " in sidebar(app)
    [line] = [block for block in app.sidebar.text if HOSTILE in block.value]
    assert line.type == "text"
    assert not [block for block in app.markdown if "example.org" in block.value]


def test_failed_refresh_is_no_new_data_but_is_told_at_once(home: Path) -> None:
    app = opened("overview")
    record(home, ("hub", NOW, "SourceSilent", "The Hub is silent."))
    app.run()
    assert buttons(app) == []
    assert "The Hub is silent." in sidebar(app)


def test_broken_record_of_refreshes_leaves_the_states_of_the_others(home: Path) -> None:
    record(home, ("hub", NOW, "ok", "Read."))
    (home / REFRESHES.name / "9999.parquet").write_bytes(b"PAR1")
    assert "Hugging Face: fresh" in sidebar(healthy(opened("overview")))


def test_open_page_never_changes_and_offers_what_is_new(home: Path) -> None:
    app = healthy(opened("overview"))
    before = figures(app)
    assert "10 May 2026" in before
    read_again(home)
    for _ in range(3):
        app.run()
        assert figures(app) == before
    [label] = buttons(app)
    assert label.startswith("New data from ")
    assert label.endswith(" UTC: show it")
    app.switch_page("pages/leaderboard.py").run()
    assert "10 May 2026" in figures(app)
    assert "24 May 2026" in figures(healthy(opened("overview")))
    app.sidebar.button(key="refresh_show").click().run()
    assert "24 May 2026" in figures(healthy(app))
    assert buttons(app) == []


def test_table_first_read_after_the_store_changed_is_still_of_the_moment_before(
    home: Path,
) -> None:
    app = opened("prices")  # which reads no readings unless asked to
    read_again(home)
    app.switch_page("app.py").run()
    assert "10 May 2026" in figures(app)


def test_each_new_partition_is_offered_again(home: Path) -> None:
    app = opened("overview")
    for days, shown in [(14, "24 May 2026"), (28, "7 June 2026")]:
        read_again(home, days)
        app.run()
        app.sidebar.button(key="refresh_show").click().run()
        assert shown in figures(app)


def test_partition_that_went_away_is_no_news(home: Path) -> None:
    read_again(home)
    app = opened("overview")
    next((home / READINGS.name).iterdir()).unlink()
    app.run()
    assert buttons(app) == []
    assert "24 May 2026" in figures(app)


def test_sessions_of_the_same_moment_share_one_site(home: Path) -> None:
    read_again(home)
    one, other = opened("overview"), opened("overview")
    held = [app.session_state["groundswell_pinned"].site for app in (one, other)]
    assert held[0] is held[1]


@pytest.mark.usefixtures("home")
def test_refresh_starts_by_itself_shows_progress_and_can_be_cancelled(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDSWELL_OFFLINE", "0")
    app = healthy(opened("overview"))
    assert keeper.running
    end = time.monotonic() + 30
    while keeper.progress.words == "Starting":
        assert time.monotonic() < end
    healthy(app.run())
    assert buttons(app) == ["Cancel"]
    assert any(block.value.startswith("Hugging Face: [a](") for block in app.sidebar.text)
    assert not [block for block in app.markdown if "example.org" in block.value]
    app.sidebar.button(key="refresh_cancel").click().run()
    wait_for_end(keeper)
    healthy(app.run())
    assert "The refresh was cancelled." in sidebar(app)
    assert buttons(app) == ["Bring up to date"]
    app.sidebar.button(key="refresh_start").click().run()
    assert keeper.running
    assert buttons(app) == ["Cancel"]


def test_nothing_starts_by_itself_when_all_is_fresh(
    home: Path, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDSWELL_OFFLINE", "")
    record(home, ("hub", datetime.now(UTC), "ok", ""), ("yahoo", datetime.now(UTC), "ok", ""))
    assert buttons(opened("overview")) == ["Bring up to date"]
    assert not keeper.running


def test_nothing_starts_by_itself_after_a_failure_just_now(
    home: Path, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDSWELL_OFFLINE", "")
    just = datetime.now(UTC) - timedelta(minutes=5)
    record(home, ("hub", just, "SourceSilent", "x"), ("yahoo", just, "SourceSilent", "x"))
    opened("overview")
    assert not keeper.running


@pytest.mark.usefixtures("home")
def test_offline_starts_nothing(keeper: Keeper) -> None:
    opened("overview")
    assert not keeper.running


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("name", "value"), [("GROUNDSWELL_OFFLINE", "perhaps"), ("GROUNDSWELL_DEADLINE", "soon")]
)
def test_wrong_setting_is_said_and_the_site_works(
    name: str, value: str, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    app = healthy(opened("overview"))
    assert f"{name} is " in sidebar(app)
    assert value not in sidebar(app)
    assert buttons(app) == []
    assert not keeper.running


def test_token_is_nowhere(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_planted")
    monkeypatch.setenv("GROUNDSWELL_HISTORY_REPO", "me/history")
    for page in PAGES:
        assert "hf_planted" not in words(healthy(opened(page)))
    assert not keeper.running


def test_data_page_says_whether_own_readings_last(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "they are lost, unless the owner names a dataset" in words(
        healthy(opened("data", {"section": "Tables"}))
    )
    monkeypatch.setenv("HF_TOKEN", "hf_planted")
    monkeypatch.setenv("GROUNDSWELL_HISTORY_REPO", "me/history")
    said = words(healthy(opened("data", {"section": "Tables"})))
    assert "New readings are also kept in the dataset me/history on the Hub." in said


def test_data_page_lists_the_last_ten_refreshes_newest_first(home: Path) -> None:
    record(home, *[("hub", NOW - timedelta(hours=12 * n), "ok", f"No {n}") for n in range(12)])
    record(home, ("yahoo", NOW + timedelta(seconds=1), "SourceSilent", HOSTILE))
    app = healthy(opened("data", {"section": "Tables", "tables_tab": "Chart"}))
    table = app.dataframe[0].value
    assert table["message"].tolist() == [HOSTILE, *(f"No {n}" for n in range(9))]
    assert table["source"].tolist() == ["Yahoo"] + ["Hugging Face"] * 9
    assert table["outcome"].tolist() == ["SourceSilent"] + ["went well"] * 9

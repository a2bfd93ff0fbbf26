"""The leaderboard page with a daily history: any dates, every basis, one against the next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from core.schemas import ARTEFACTS, DAILY, MODEL_DAILY
from core.store.store import Store
from tests.conftest import ROOT
from tests.core import made_history as made
from tests.pages.links import copied_link
from tests.pages.test_pages import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

CLOSED = {"models_tab": "Table", "published_tab": "Table", "make_up_tab": "Table"}
"""So that the figures in question are the only charts."""
Asked = dict[str, str | list[str]]


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the made-up history."""
    home = tmp_path_factory.mktemp("history")
    fill(home)
    return home


def fill(home: Path) -> None:
    """Write the made-up history into a store."""
    store, moment = Store(home), datetime(2026, 7, 2, tzinfo=UTC)
    store.add(DAILY, made.daily(), moment)
    store.add(MODEL_DAILY, made.model_daily(), moment)
    store.add(ARTEFACTS, made.artefacts(), moment)


@pytest.fixture(autouse=True)
def with_history(made_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDSWELL_HOME", str(made_home))


def opened(address: Mapping[str, str | list[str]] | None = None) -> AppTest:
    """The page as a reader with this address gets it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/leaderboard.py")
    for key, value in (CLOSED | dict(address or {})).items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    assert "cannot be shown" not in words(app)
    return app


def table(app: AppTest, column: str) -> pd.DataFrame:
    """The table on the page that has this column."""
    return next(found.value for found in app.dataframe if column in found.value)


def test_december_on_official_models_and_the_verdict_on_every_basis() -> None:
    app = opened({"dates": "December 2025"})
    said = words(app)
    assert app.subheader[0].value == (
        "Official models only: Qwen led in December 2025 with 31.0 million downloads, 54.6% of "
        "the 56.7 million of 10 families."
    )
    assert "One model was 80.0% of Qwen's downloads of official models" in said
    assert "more than the next eight together (25.4 million): 1.2 times the eight" in said
    assert "in every month from October 2025 to December 2025" in said
    assert "Qwen passed Llama on 30 September 2025" in said
    assert "The answer depends on what is counted" in said
    rows = next(text.value for text in app.markdown if "| The others |" in text.value)
    assert [row.split("|")[2].strip("* ") for row in rows.splitlines()[2:]] == [
        "Yes: 1.22 times", "No: 80.6%", "No: 95.6%", "No: 30.5%", "Yes: 1.16 times", "Not loaded",
    ]  # fmt: skip
    assert "The others on “Official models only”" in said
    assert "could not be followed" not in said
    charts = [chart.proto for chart in app.get("vega_lite_chart")]
    assert [chart.alt in said for chart in charts] == [True, True]
    values = parse_qs(urlsplit(copied_link(app)).query)
    assert values["basis"] == ["Official models only"]
    assert (values["dates"], values["x"], values["next"]) == (["December 2025"], ["Qwen"], ["8"])


def test_basis_turns_the_answer_and_is_in_headline_and_link() -> None:
    app = opened(
        {"dates": "December 2025", "basis": "Without each family's biggest model", "tab": "Table"}
    )
    assert app.subheader[0].value.startswith("Without each family's biggest model: Llama led in")
    assert "fewer than the next eight together (20.3 million): 30.5% of what" in words(app)
    assert "basis=Without+each+family%27s+biggest+model" in copied_link(app)


def test_first_half_of_2026_in_the_table() -> None:
    app = opened({"between": ["2026-01-01", "2026-06-30"], "range_tab": "Table", "next": "2"})
    assert "Kimi (10 to 4) gained most ranks (6)" in words(app)
    rows = table(app, "ranks_gained").set_index("family")
    assert rows.loc["Kimi", "ranks_gained"] == 6
    assert rows.loc["Llama", "downloads"] == 181 * 140_000
    assert rows.loc["Qwen", "all_time"] == 423_450_000  # 242.45 million and 181 million
    assert len(rows.loc["Qwen", "downloads_a_day_along"]) <= 60
    assert "the next two together" in words(app)


def test_accounts_put_in_and_taken_out_are_in_the_link() -> None:
    asked: Asked = {"without": "THUDM", "also": "google", "x": "Llama", "next": "1"}
    app = opened({"dates": "December 2025", "against_tab": "Table", **asked})
    members = table(app, "side").set_index("family")
    assert members.loc["Llama", "downloads"] == 31 * 400_000
    assert "Left out: THUDM. Counted with Llama: google." in words(app)
    assert "without=THUDM&also=google" in copied_link(app)


@pytest.mark.parametrize("look", ["Share", "Index", "Log scale", "By launch"])
def test_each_view_is_drawn_over_gap_rollback_and_unfinished_day(look: str) -> None:
    app = opened({"between": ["2026-02-01", "2026-07-01"], "look": look})
    assert len(app.get("vega_lite_chart")) == 2


def test_basis_that_is_not_loaded_is_offered_never_a_30_day_counter() -> None:
    app = opened({"basis": "Language models after ChatGPT, each once"})
    assert app.subheader[0].value == "Language models after ChatGPT, each once: not loaded"
    assert "It needs the daily history of the official models." in words(app)
    assert not app.get("vega_lite_chart")


def test_bad_values_of_the_address_are_put_right_and_said() -> None:
    asked: Asked = {
        "basis": "<b>",
        "between": ["2019-01-01", "2025-07-03"],
        "next": "99999",
        "x": "Nobody",
    }
    said = words(opened({**asked, "field": ["Qwen", "Mars"], "without": "[a](b)"}))
    for note in (
        "There is no basis “<b>”",
        "There is no family “Nobody”",
        "There is no family “Mars”",
        "There is no number from 1 to 50 “99999”: “8” is shown.",
        "There is no account or model “[a](b)”",
        "reaches beyond the daily history",
        "There is no other family to set Qwen against.",
    ):
        assert note in said


def test_dates_outside_the_history_say_what_it_holds() -> None:
    said = words(opened({"between": ["2020-01-01", "2020-02-01"]}))
    assert "The daily history runs from 2025-07-01 to 2026-07-01" in said


def test_link_to_a_reading_still_opens_the_reading() -> None:
    app = opened({"day": "2026-05-10"})
    assert "in the 30 days to 10 May 2026" in app.subheader[0].value


def test_without_history_the_page_says_what_it_would_show(
    monkeypatch: pytest.MonkeyPatch, empty_home: Path
) -> None:
    monkeypatch.setenv("GROUNDSWELL_HOME", str(empty_home))
    said = words(opened())
    assert "A 30-day counter cannot be added up to that." in said
    assert "It needs the daily history of the official models." in said


def test_cards_of_the_overview_open_the_readings_they_speak_of() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    queries = [link.proto.query_string for link in app.get("page_link")]
    cards = [query for query in queries if "view=" in query or "without_biggest" in query]
    assert len(cards) == 3
    for query in cards:
        assert parse_qs(query)["counted"] == ["30-day readings"]
    asked = parse_qs(next(query for query in cards if "Index" in query))
    app = opened({key: values[0] for key, values in asked.items()})
    assert app.session_state["view"] == "Index"
    assert "in the 30 days to 10 May 2026" in app.subheader[0].value


def test_without_december_2025_in_the_store_the_newest_days_are_shown_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, single = made.daily(), made.model_daily()
    store, moment = Store(tmp_path), datetime(2026, 7, 2, tzinfo=UTC)
    store.add(DAILY, rows[rows["day"] >= "2026-03-01"], moment)
    store.add(MODEL_DAILY, single[single["day"] >= "2026-03-01"], moment)
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))
    app = opened()
    # The made-up history ends with 30 June, which is finished.
    assert "led in June 2026 with" in app.subheader[0].value
    assert app.session_state["dates"] == "Last 30 days"
    assert "reaches beyond the daily history" not in words(app)
    assert "it has nothing" in words(opened({"dates": "December 2025"}))


def test_typed_dates_begin_with_the_newest_days_where_december_2025_is_not_in_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = made.daily()
    Store(tmp_path).add(DAILY, rows[rows["day"] >= "2026-03-01"], datetime(2026, 7, 2, tzinfo=UTC))
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))
    app = opened({"dates": "Dates"})
    assert [day.isoformat() for day in app.session_state["between"]] == ["2026-06-01", "2026-06-30"]

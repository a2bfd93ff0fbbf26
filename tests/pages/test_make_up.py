"""What a family's models are: plain words while it is not known, figures once it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.measure.bases import OFFICIAL
from core.schemas import DAILY, MODELS
from core.store import parquet
from tests.pages.links import copied_link
from tests.pages.test_pages import healthy, opened, words

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

EVIL = "**bold** [a](https://a.org) :red[x]"
CLOSED = {"tab": "Table", "models_tab": "Table", "published_tab": "Table"}
"""So that the figure in question is the only chart."""
FILLED = ("Licence", "Format", "Task", "Software", "New per month", "Downloads per day")


def models() -> pd.DataFrame:
    """Four Qwen models that the Hub told of; all others are as embedded."""
    told = [
        ("Qwen/A", "2022-03-02", "text-generation", EVIL, "transformers", "safetensors"),
        ("Qwen/B", "2026-09-30", "text-generation", EVIL, "transformers", "gguf"),
        ("Qwen/C", "2026-11-02", "any-to-any", "apache-2.0", None, "gguf"),
        ("Qwen/D", "2026-11-03", None, EVIL, "mlx", "mlx"),
    ]
    named = ["model_id", "created_on", "task", "licence", "library", "format"]
    frame = pd.DataFrame(told, columns=named).assign(
        family="Qwen",
        maker="Alibaba Cloud",
        hub_id=None,
        released_on=pd.NaT,
        parameters=pd.array([None] * 4, dtype="Int64"),
        gated=pd.array([False] * 4, dtype="boolean"),
        first_seen="2026-11-20",
        last_seen="2026-11-20",
    )
    days = ["created_on", "first_seen", "last_seen"]
    frame[days] = frame[days].apply(pd.to_datetime)
    return frame[[column.name for column in MODELS.columns]]


def daily() -> pd.DataFrame:
    """Three days of Qwen: one complete, one on which a counter fell, one unfinished."""
    return pd.DataFrame(
        {
            "family": "Qwen",
            "model_id": None,
            "day": pd.to_datetime(["2026-11-17", "2026-11-18", "2026-11-19"]),
            "downloads": [5_200_000, -310_000, 1_000_000],
            "basis": OFFICIAL,
            "source": "hub",
            "complete": [True, True, False],
            "days": 1,
            "all_time": [700_000_000, 699_690_000, None],
        }
    )


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of one's own, as a refresh leaves it."""
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))
    parquet.write(models(), tmp_path / MODELS.name / "2026-11-20T080000Z.parquet", MODELS)
    parquet.write(daily(), tmp_path / DAILY.name / "2026-11-20T080000Z.parquet", DAILY)


@pytest.fixture
def unfilled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of one's own with nothing in it: the snapshot is all there is."""
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))


def seen(view: str, **more: str) -> AppTest:
    return healthy(opened("leaderboard", {"family": "Qwen", "make_up": view, **CLOSED, **more}))


@pytest.mark.usefixtures("unfilled")
@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("Licence", "The licence of no official model of Qwen is known yet."),
        ("Format", "The file format of no official model of Qwen is known yet."),
        ("Software", "The software of no official model of Qwen is known yet."),
        ("New per month", "The month in which they came is known of no official model of Qwen"),
        ("Downloads per day", "Downloads per day of Qwen are not known yet."),
    ],
)
def test_offline_what_is_not_known_is_a_plain_sentence(view: str, said: str) -> None:
    app = seen(view)
    assert "What Qwen's models are" in words(app)
    assert said in words(app)
    assert "Live data bring" in words(app)
    assert not app.get("vega_lite_chart")


@pytest.mark.usefixtures("unfilled")
def test_offline_the_task_shows_of_how_many_models_it_is_known() -> None:
    app = seen("Task")
    assert "Of 31 of Qwen's 210 official models the task is known:" in words(app)
    assert len(app.get("vega_lite_chart")) == 1


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("view", FILLED)
def test_each_view_is_a_chart_with_its_sentence_once_live_data_are_there(view: str) -> None:
    app = seen(view)
    assert "Nothing to show here" not in words(app)
    (chart,) = app.get("vega_lite_chart")
    assert chart.proto.alt in words(app)
    assert {"rows"} <= {dataset.name for dataset in chart.proto.datasets}
    assert "values" not in json.dumps(json.loads(chart.proto.spec).get("data", {}))


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("view", FILLED)
@pytest.mark.parametrize("tab", ["Table", "About this data"])
def test_each_view_has_a_table_and_its_facts(view: str, tab: str) -> None:
    app = seen(view, make_up_tab=tab)
    assert not app.get("vega_lite_chart")
    if tab == "About this data":
        assert "Official models of Qwen, each repository once" in words(app)
        assert "Hugging Face Hub, read by this site" in words(app)
    else:
        assert len(app.dataframe) == 4


@pytest.mark.usefixtures("filled")
def test_licence_of_an_author_is_shown_as_text_and_never_as_markdown() -> None:
    app = seen("Licence")
    quoting = [block.value for block in app.text if "**bold** [a](" in block.value]
    assert len(quoting) == 1
    assert quoting[0].startswith("Of 4 of Qwen's 214 official models the licence is known: ")
    assert quoting[0].endswith("3 of these 4 are under **bold** [a](https://a.org) :red[x].")
    assert not any("bold" in block.value for block in (*app.markdown, *app.subheader))


@pytest.mark.usefixtures("filled")
def test_what_embedded_rows_and_live_rows_tell_is_counted_together() -> None:
    app = seen("Task", make_up_tab="Table")
    table = app.dataframe[2].value.set_index("task")["models"]
    assert table["any-to-any"] >= 1
    assert table.sum() == 31 + 3


@pytest.mark.usefixtures("filled")
def test_new_models_leave_the_floor_out_and_say_so() -> None:
    app = seen("New per month", make_up_tab="Table")
    table = app.dataframe[2].value
    assert table["models"].tolist() == [1, 0, 2]
    assert table["complete"].tolist() == [True, True, False]
    assert "than November 2026, with 2 up to 20 November 2026." in words(app)
    assert "1 model from before 3 March 2022" in words(app)


@pytest.mark.usefixtures("filled")
def test_falls_and_incomplete_days_are_named() -> None:
    app = seen("Downloads per day")
    assert "5.2 million times on 17 November 2026, the newest complete day" in words(app)
    assert "The counters fell on 18 November 2026 (−310,000)" in words(app)
    assert "Hollow: 1 incomplete day" in words(app)


@pytest.mark.usefixtures("filled")
def test_the_view_is_part_of_the_link() -> None:
    app = seen("Task", make_up_tab="Table")
    link = copied_link(app)
    assert "make_up=Task" in link
    assert "make_up_tab=Table" in link


@pytest.mark.usefixtures("filled")
def test_unknown_view_falls_back_with_a_note() -> None:
    app = seen("Pie")
    assert "There is no view “Pie”" in words(app)
    assert "the licence is known" in words(app)


@pytest.mark.usefixtures("filled")
def test_family_without_live_data_says_so_while_another_has_some() -> None:
    app = healthy(opened("leaderboard", {"family": "Llama", "make_up": "Downloads per day"}))
    assert "Downloads per day of Llama are not known yet." in words(app)

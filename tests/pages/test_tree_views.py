"""Finding any model, the view by level, and what is built on it: from the entry point."""

from __future__ import annotations

import pandas as pd
import pytest

from core.errors import NothingToShow
from core.measure.forest import Forest
from core.schemas import LINKS, LISTINGS, MODELS, READINGS
from core.store.store import Store
from core.ui import tree_place
from tests.core.measure.test_model_ids import ATTACKS
from tests.core.measure.test_tree import ROOTS, walk
from tests.pages.test_pages import healthy, opened, words

LLAMA, PHI = "meta-llama/Llama-3.1-8B", "microsoft/phi-4"
STORE = Store(None)
SEARCH = Forest.of(
    *(STORE.load(table).frame for table in (LINKS, MODELS, READINGS, LISTINGS))
).search


def test_every_word_starts_a_word_of_what_is_found() -> None:
    found = SEARCH.find("Phi-4 reason", 20)
    assert "microsoft/Phi-4-reasoning" in found
    assert all("reason" in name.lower() and "phi" in name.lower() for name in found)
    assert len(found) == len(set(found)) <= 20


def test_beginning_of_the_name_comes_first_then_the_most_downloaded() -> None:
    every = SEARCH.find("meta-llama/Llama-3", 20).tolist()
    begin = [name.lower().startswith("meta-llama/llama-3") for name in every]
    assert begin == sorted(begin, reverse=True)
    found = every[: sum(begin)]
    assert len(found) > 3
    newest: dict[str, tuple[pd.Timestamp, int]] = {}
    for row in STORE.load(READINGS).frame.sort_values("read_at").itertuples():
        newest[row.model_id] = (row.read_at, int(row.downloads_30d))
    counts = [newest[name][1] if name in newest else -1 for name in found]
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize(
    "text", ["", " ", "***", "zqxj no such", ".*", "[", "\u202e", "x" * 10_000]
)
def test_odd_questions_find_nothing_and_break_nothing(text: str) -> None:
    assert not len(SEARCH.find(text, 20))


def test_model_found_leads_to_its_own_tree_and_back() -> None:
    app = healthy(opened("tree", {"tree": "Llama", "find": "phi-4-reasoning"}))
    assert app.text_input(key="find").value == "phi-4-reasoning"
    found = [button for button in app.button if button.key.startswith("found_")]
    assert 0 < len(found) <= 20
    next(button for button in found if button.label == "microsoft/Phi-4-reasoning").click().run()
    assert app.selectbox(key="tree").value == "Phi"
    assert app.selectbox(key="root").value == PHI
    assert f"{len(walk('microsoft/Phi-4-reasoning'))} models are built" in app.subheader[0].value
    assert app.query_params["node"] in ("microsoft/Phi-4-reasoning", ["microsoft/Phi-4-reasoning"])
    assert "Built on microsoft/phi-4: tuned further" in words(app)
    assert not any(button.key.startswith("found_") for button in app.button)


def test_model_outside_every_tree_has_its_place_too() -> None:
    app = healthy(opened("tree", {"model": "01-ai/Yi-1.5-34B"}))
    said = words(app)
    assert "It is in none of the families' trees" in said
    assert "10,511 in the 30 days to 10 May 2026" in said
    links = [block.proto.url for block in app.get("link_button")]
    assert "https://huggingface.co/01-ai/Yi-1.5-34B" in links
    assert all(link.startswith("https://huggingface.co/") for link in links)


@pytest.mark.parametrize("text", ["javascript:alert(1)", "a/../b", "**x**/y"])
def test_what_is_no_model_is_refused_in_words(text: str) -> None:
    app = healthy(opened("tree", {"model": text, "find": text}))
    assert "is no name of a model: it is left out" in words(app)
    assert not any(text in block.value for block in app.markdown)


@pytest.mark.parametrize("text", [text for text in ATTACKS if len(text) < 100])
def test_hub_is_never_asked_for_what_is_no_name(text: str) -> None:
    with pytest.raises(NothingToShow, match="no name of a model"):
        tree_place.ask(text)


@pytest.mark.parametrize("size", ["Models built on it", "Downloads"])
def test_level_by_level_is_a_chart_of_at_most_150_tiles(size: str) -> None:
    address = {"root": "meta-llama/Llama-2-7b-chat-hf", "shape": "Level by level", "size": size}
    app = healthy(opened("tree", address | {"colour": "Licence beside its base's"}))
    chart = app.get("vega_lite_chart")[0].proto
    assert {dataset.name for dataset in chart.datasets} == {"tiles", "base", "strip"}
    assert "Each row is one step further" in words(app)


def test_whose_they_are_counts_accounts() -> None:
    accounts = pd.Series(sorted(walk(PHI))).str.partition("/")[0].value_counts()
    table = healthy(opened("tree", {"tree": "Phi", "built_tab": "Table"})).dataframe[0].value
    assert table["models"].tolist()[:10] == accounts.tolist()[:10]
    assert table["models"].sum() == ROOTS[PHI][1]
    assert f"out of {len(accounts):,}" in words(opened("tree", {"tree": "Phi"}))


@pytest.mark.parametrize("view", ["New per month", "Licence", "For home computers"])
def test_what_the_snapshot_does_not_know_is_said(view: str) -> None:
    said = words(healthy(opened("tree", {"tree": "Phi", "built": view})))
    assert "is known of no model built on it yet" in said or "of no model built on it is" in said
    assert "Live data bring it" in said

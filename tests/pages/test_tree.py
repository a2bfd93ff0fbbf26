"""The family tree from the entry point, with good and bad addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.core.measure.test_tree import CHILDREN, ROOTS, walk
from tests.pages.test_pages import PAGES, healthy, opened, words

if TYPE_CHECKING:
    from collections.abc import Mapping

INSTRUCT = "Qwen/Qwen2.5-7B-Instruct"


def test_headline_counts_the_branch() -> None:
    app = healthy(opened("tree", {"tree": "Qwen"}))
    count, direct = ROOTS["Qwen/Qwen2.5-7B"][1], len(CHILDREN["Qwen/Qwen2.5-7B"])
    assert f"{count:,} models are built on this root of Qwen, {direct:,}" in app.subheader[0].value


def test_link_that_names_only_a_model_finds_its_family_and_root() -> None:
    app = healthy(opened("tree", {"node": INSTRUCT}))
    assert f"{len(walk(INSTRUCT)):,} models are built on this model" in app.subheader[0].value
    assert app.selectbox(key="tree").value == "Qwen"
    assert app.selectbox(key="root").value == "Qwen/Qwen2.5-7B"


def test_what_the_figures_are_worth_is_said_on_the_page() -> None:
    said = words(opened("tree"))
    assert "Declared by the models' authors" in said
    assert "sample of seven roots" in said
    assert "Adapters are under-counted" in said
    assert "published figures about Llama" in said


def test_table_holds_all_descendants() -> None:
    app = healthy(opened("tree", {"tree": "Phi", "tree_tab": "Table"}))
    assert set(app.dataframe[0].value["model_id"]) == walk("microsoft/phi-4").keys()


def test_leaf_is_a_plain_sentence() -> None:
    leaf = next(model for model in walk("microsoft/phi-4") if not CHILDREN[model])
    app = opened("tree", {"node": leaf})
    assert not app.exception
    assert "Nothing in the sample is known to be built on this model." in words(app)


def test_going_to_a_model_and_on_to_another_family() -> None:
    app = opened("tree", {"tree": "Qwen"})
    app.selectbox(key="go_to_Qwen/Qwen2.5-7B").select(INSTRUCT).run()
    assert app.query_params["node"] in (INSTRUCT, [INSTRUCT])
    assert f"{len(walk(INSTRUCT)):,} models" in app.subheader[0].value
    app.selectbox(key="tree").select("Phi").run()
    assert "351 models are built on this root of Phi" in app.subheader[0].value
    assert "could not be followed" not in words(app)
    assert "node" not in app.query_params
    app.selectbox(key="tree").select("Qwen").run()
    assert "1,069 models are built on this root of Qwen" in app.subheader[0].value


def test_link_that_names_only_a_root_finds_its_family() -> None:
    app = healthy(opened("tree", {"root": "microsoft/phi-4"}))
    assert "351 models are built on this root of Phi" in app.subheader[0].value
    assert "could not be followed" not in words(app)


def test_downloads_are_in_the_table_with_their_day_and_source() -> None:
    address = {"root": "meta-llama/Llama-2-7b-chat-hf", "size": "Downloads"}
    table = healthy(opened("tree", address | {"tree_tab": "Table"})).dataframe[0].value
    assert table["downloads_30d"].notna().all()
    assert set(table["downloads_as_of"]) == {"2025-04-22"}
    about = words(opened("tree", address | {"tree_tab": "About this data"}))
    assert "downloads in the 30 days to 2025-04-22" in about


BAD = [
    ({"node": "nobody/nothing"}, "The tree has no model “nobody/nothing”"),
    ({"node": "<script>alert(1)</script>"}, "The tree has no model “<script>"),
    ({"node": "\u202egnp.exe"}, "The tree has no model “"),
    ({"node": "x" * 10_000}, "The tree has no model “xxx"),
    ({"tree": "Nope"}, "There is no family “Nope”"),
    ({"tree": "Qwen", "node": "microsoft/Phi-4-reasoning"}, "is not in this tree"),
    ({"tree": "Qwen", "root": "microsoft/phi-4"}, "There is no root “microsoft/phi-4”"),
    ({"size": "Weight"}, "There is no size “Weight”"),
]


@pytest.mark.parametrize(("address", "note"), BAD)
def test_bad_address_gives_a_useful_page_and_says_so(address: Mapping[str, str], note: str) -> None:
    app = healthy(opened("tree", address))
    assert note in words(app)
    assert app.get("vega_lite_chart")


def test_page_is_among_those_that_every_test_opens() -> None:
    assert PAGES["tree"] == "pages/tree.py"

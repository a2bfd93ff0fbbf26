"""One model as the Hub tells of it, with every field right and every field wrong."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.fetch.hub_rows import ModelRow, model_row

# Fields as the Hub's documentation and public answers show them.
TOLD = {
    "_id": "621ffdc136468d709f17a5fd",
    "id": "someone/Qwen3-8B-merge-GGUF",
    "createdAt": "2025-03-31T23:29:05.000Z",
    "downloads": 1801802,
    "downloadsAllTime": 22000000,
    "gated": "auto",
    "gguf": {"total": 8190735360, "architecture": "qwen3"},
    "library_name": "transformers",
    "likes": 842,
    "pipeline_tag": "text-generation",
    "tags": [
        "transformers",
        "gguf",
        "base_model:Qwen/Qwen3-8B",
        "base_model:merge:Qwen/Qwen3-8B",
        "base_model:mistralai/Mistral-7B-v0.1",
        "base_model:merge:mistralai/Mistral-7B-v0.1",
        "license:cc-by-4.0",
        "region:us",
    ],
}
READ = ModelRow(
    model_id="someone/Qwen3-8B-merge-GGUF",
    hub_id="621ffdc136468d709f17a5fd",
    created_on=date(2025, 3, 31),
    parameters=8190735360,
    task="text-generation",
    licence="cc-by-4.0",
    library="transformers",
    gated=True,
    format="gguf",
    downloads_30d=1801802,
    downloads_all_time=22000000,
    likes=842,
    parents=(("Qwen/Qwen3-8B", "merge"), ("mistralai/Mistral-7B-v0.1", "merge")),
)


def test_every_field_is_read() -> None:
    assert model_row(TOLD) == READ


def test_parameters_of_safetensors_are_their_total() -> None:
    told = TOLD | {"safetensors": {"parameters": {"BF16": 5}, "total": 5}}
    assert model_row(told).parameters == 5
    assert model_row(TOLD | {"safetensors": {"total": 7}}).parameters == 7


@pytest.mark.parametrize("field", [name for name in TOLD if name != "id"])
@pytest.mark.parametrize("wrong", [None, [], {}, -1, 1.5, "", "\x00", "x" * 500, True, [None, 3]])
def test_wrong_field_is_unknown_and_the_rest_is_read(field: str, wrong: object) -> None:
    row = model_row(TOLD | {field: wrong})
    right = {"gated"} if wrong is True else set()
    names = {
        "_id": ["hub_id"],
        "createdAt": ["created_on"],
        "downloads": ["downloads_30d"],
        "downloadsAllTime": ["downloads_all_time"],
        "gguf": ["parameters"],
        "library_name": ["library"],
        "pipeline_tag": ["task"],
        "tags": ["licence", "format", "parents"],
    }.get(field, [field])
    for name in ModelRow.__dataclass_fields__:
        if name not in names:
            assert getattr(row, name) == getattr(READ, name)
        elif field not in right:
            assert not getattr(row, name)


@pytest.mark.parametrize(
    "told",
    [
        None,
        "Qwen/Qwen3-8B",
        {},
        {"id": None},
        {"id": 5},
        {"id": "no-account"},
        {"id": "a/b/c"},
        {"id": "<script>/x"},
        {"id": "a/../../etc"},
        {"id": "a/" + "x" * 10_000},
        {"id": "a/\u202eb"},
    ],
)
def test_what_names_no_model_is_left_out(told: object) -> None:
    assert model_row(told) is None


def test_parent_that_is_the_model_itself_or_no_name_is_left_out() -> None:
    tags = ["base_model:finetune:Someone/qwen3-8b-merge-gguf", "base_model:finetune:<b>x</b>"]
    assert model_row(TOLD | {"tags": tags}).parents == ()


def test_relation_that_is_not_told_is_unknown() -> None:
    assert model_row(TOLD | {"tags": ["base_model:a/b"]}).parents == (("a/b", "unknown"),)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)


OPTIONAL = dict.fromkeys([name for name in TOLD if name != "id"], json_values)


@given(st.fixed_dictionaries({"id": st.just("a/b")}, optional=OPTIONAL))
def test_any_answer_is_read_or_left_out(told: dict[str, object]) -> None:
    row = model_row(told)
    if row is None:
        return
    for number in (row.downloads_30d, row.downloads_all_time, row.likes, row.parameters):
        assert number is None or 0 <= number <= 2**53
    for name in ("hub_id", "task", "licence", "library"):
        text = getattr(row, name)
        assert text is None or text.isprintable()

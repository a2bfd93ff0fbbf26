"""What may be asked of the Hub as the name of a model."""

from __future__ import annotations

import pytest

from core.errors import NothingToShow
from core.measure import model_ids

ATTACKS = (
    "--only=hub",
    "-a/b",
    "a/-b",
    "../../etc/passwd",
    "a/..",
    "a/b..c",
    "a/b/c",
    "a b/c",
    "a/b\n",
    "a/b;rm -rf",
    "<script>/x",
    "a/\u202eb",
    "a/b?x=1",
    "a/b#x",
    "a/%2e%2e",
    "a/" + "x" * 10_000,
    "",
    "gpt2",
)


@pytest.mark.parametrize("text", ATTACKS)
def test_what_is_no_name_of_a_model_is_refused(text: str) -> None:
    assert not model_ids.well_formed(text)
    with pytest.raises(NothingToShow, match="no name of a model"):
        model_ids.checked(text)


@pytest.mark.parametrize("text", ["Qwen/Qwen2.5-7B", "_a/b_", "01-ai/Yi-1.5-34B", "a/b--c", "a/b"])
def test_names_as_on_the_hub_are_taken(text: str) -> None:
    assert model_ids.checked(text) == text

"""A tree of any dirt is drawn right or explained: never endless, never an error."""

from __future__ import annotations

import shutil
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.schemas import LINKS
from core.store import parquet
from core.store.store import Store
from tests.conftest import ROOT as ROOT_FOLDER
from tests.pages.test_broken_store import relocated
from tests.pages.test_pages import opened, words

if TYPE_CHECKING:
    from pathlib import Path

ROOT = "Qwen/root"
HOSTILE = (
    "<img src=x onerror=alert(1)>/model",
    "[name](https://example.org)/:material_home:",
    "somebody/\u202egnp.exe",
    "somebody/" + "x" * 10_000,
    "no-slash-at-all",
    "a/b/c",
    "$x$/**bold**",
)


def with_links(pairs: list[tuple[str, str]], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that knows these (child, parent) links and no others."""
    frame = pd.DataFrame(pairs, columns=["child", "parent"], dtype="str").assign(
        relation="finetune", seen_on=pd.Timestamp("2026-01-01"), source="model-cards-2025-06"
    )
    shutil.copytree(ROOT_FOLDER / "data", folder / "data")
    parquet.write(frame, folder / "data" / "snapshot" / "links.parquet", LINKS)
    monkeypatch.setattr(Store, "__init__", relocated(folder / "data"))


def test_hostile_names_are_counted_and_shown_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_links([(name, ROOT) for name in HOSTILE], tmp_path, monkeypatch)
    app = opened("tree", {"tree_tab": "Table"})
    assert not app.exception
    assert f"{len(HOSTILE)} models are built on this root of Qwen" in app.subheader[0].value
    assert set(app.dataframe[0].value["model_id"]) == set(HOSTILE)
    for block in [*app.markdown, *app.subheader]:
        assert not any(name in block.value for name in HOSTILE)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_in_focus_is_no_markdown(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_links([(name, ROOT), ("a/leaf", name), ("a/bud", "a/leaf")], tmp_path, monkeypatch)
    app = opened("tree", {"node": "a/leaf"})
    assert not app.exception
    assert "1 model is built on this model" in app.subheader[0].value
    for block in [*app.markdown, *app.subheader, *app.button]:
        assert name not in (getattr(block, "value", None), getattr(block, "label", None))


def test_chain_of_ten_thousand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chain = [ROOT, *(f"chain/{number:05}" for number in range(10_000))]
    with_links(
        [(child, parent) for parent, child in pairwise(chain)],
        tmp_path,
        monkeypatch,
    )
    app = opened("tree")
    assert not app.exception
    assert "10,000 models are built on this root of Qwen, 1 of them directly" in (
        app.subheader[0].value
    )
    deep = opened("tree", {"node": "chain/09998"})
    assert not deep.exception
    assert "1 model is built on this model" in deep.subheader[0].value
    assert len(deep.button) < 50


def test_cycle_under_a_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [("a/1", ROOT), ("a/2", "a/1"), ("a/3", "a/2"), ("a/1", "a/3"), ("a/1", "a/1")]
    with_links(pairs, tmp_path, monkeypatch)
    app = opened("tree")
    assert not app.exception
    # Of the circle's links a/1→a/3, a/2→a/1 and a/3→a/2 the last in the alphabet is cut.
    assert "2 models are built on this root of Qwen" in app.subheader[0].value
    about = words(opened("tree", {"tree_tab": "About this data"}))
    assert "Left out: 1 declaration that closes a circle." in about
    assert "Left out: 1 declaration that names the model itself." in about


@pytest.mark.parametrize("pairs", [[], [("a/b", "c/d")], [(ROOT, ROOT)]])
def test_tree_without_a_root_of_ours_says_so(
    pairs: list[tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_links(pairs, tmp_path, monkeypatch)
    app = opened("tree")
    assert not app.exception
    assert "The store knows of no model that is built on a family's own." in words(app)

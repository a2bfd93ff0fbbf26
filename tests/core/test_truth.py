"""The printed truth table, on the snapshot."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING

from core.truth import main
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def printed(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    return main(arguments, out), out.getvalue()


def test_every_published_figure_is_printed_with_its_reason() -> None:
    code, text = printed()
    lines = text.splitlines()
    assert code == 0
    assert len(lines) == 2 + 131 + 3  # titles and rule, figures, an empty line and two sentences
    assert lines[0].split()[:4] == ["publisher", "text", "claimed", "measured"]
    total = next(line for line in lines if line.startswith("Xinhua") and "700000000" in line)
    assert "Cannot be told" in total
    assert "Only the daily history can settle it" in total
    assert "Of 131 published figures the loaded data settle 2: 2 hold." in text


def test_only_what_is_told_where_asked() -> None:
    _, text = printed("--told")
    figures = [line for line in text.splitlines() if "Qwen3-VL-2B-Instruct" in line]
    assert len(figures) == 2
    assert all("Holds" in line for line in figures)


def test_without_the_published_figures_a_sentence_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.store import store  # noqa: PLC0415 - the embedded folder is a constant of it

    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "data/snapshot/milestones.parquet").unlink()
    broken = store.Store(None, tmp_path / "data")
    monkeypatch.setattr("core.truth.Store.from_environment", lambda: broken)
    code, text = printed()
    assert code == 1
    assert text.count("\n") == 1

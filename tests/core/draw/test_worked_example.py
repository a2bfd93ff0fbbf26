"""The story of 12 January 2026 is told with the figures of that day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.draw.worked_example import story
from core.errors import DefinitionError
from core.store.definitions import load_worked_example
from core.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path


def test_reported_price_is_told_as_a_price_during_the_day() -> None:
    reported, close, listed = story(Store(None).worked_example())
    # 165.68 / 150.96 = 1.0975, and 166.31 / 150.96 = 1.1017, worked out by hand.
    assert "$165.68" in reported
    assert "a price at 11:08 in New York, while trading went on: +9.8%" in reported
    assert close.startswith("At the close of 12 January 2026 the share stood at $166.31, +10.2%")
    assert listed.startswith("Closes: 8 Jan $154.47, 9 Jan $150.96, 12 Jan $166.31, 13 Jan $167.01")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[article]",
        "article = 1",
        "[article]\nprice = 1.0\n[closes]\n",
        '[article]\nat = 1\nticker = ""\nprice = "x"\n[closes]\nsource_name = ""\n',
    ],
)
def test_story_that_is_not_whole_is_refused_by_name(text: str, tmp_path: Path) -> None:
    path = tmp_path / "worked_example.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"worked_example\.toml"):
        load_worked_example(path)

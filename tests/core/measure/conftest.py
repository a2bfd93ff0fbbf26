"""What the tests of roll-ups share: the engine that adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.measure.rollup_engine import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.measure.rollup_engine import Engine


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with opened("duckdb") as one:
        yield one

"""What the tests of refreshes share: processes that end with the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.core.ui.programs import ended

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.ui.child import Keeper


@pytest.fixture
def keepers() -> Iterator[list[Keeper]]:
    """Keepers whose processes do not outlive the test."""
    made: list[Keeper] = []
    yield made
    for keeper in made:
        keeper.cancel()
        ended(keeper)

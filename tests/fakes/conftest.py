"""What the tests of the fake Hub share: its world, and the real client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from huggingface_hub import HfApi, constants

from tests.fakes.hub import HubFake
from tests.fakes.hub_files import WRITER
from tests.fakes.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def world() -> World:
    """The demo's world; tests only read it."""
    return World.demo()


@pytest.fixture
def hub(world: World) -> Iterator[HubFake]:
    with HubFake(world) as fake:
        yield fake


@pytest.fixture
def client(hub: HubFake, monkeypatch: pytest.MonkeyPatch) -> HfApi:
    """The real client, as the owner of a token that may write."""
    # These are read at import, so that the environment comes too late.
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    return HfApi(endpoint=hub.url, token=WRITER)

"""What the tests of core share: the snapshot as it is committed, read once."""

from __future__ import annotations

import pytest

from core.store.store import Store
from core.ui.site import Site


@pytest.fixture(scope="session")
def store() -> Store:
    """The embedded data alone."""
    return Store(home=None)


@pytest.fixture(scope="session")
def site(store: Store) -> Site:
    """The site over the embedded data; its frames must not be changed."""
    return Site(store)

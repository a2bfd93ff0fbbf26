"""What makes pages cheap is really in use on each of them."""

from __future__ import annotations

import gc
import json

import pytest
import streamlit as st

from core.draw import leaderboard, milestones, timeline, treemap
from core.draw.theme import colours
from core.store.store import Store
from tests.pages.test_pages import PAGES, opened

PALETTE = colours(Store(None).families())


@pytest.mark.parametrize("page", PAGES)
def test_collector_is_frozen_before_a_page_runs(page: str) -> None:
    st.cache_resource.clear()  # a server that nobody has visited
    gc.unfreeze()
    opened(page)
    # The libraries of a page are far more than a hundred thousand objects.
    assert gc.get_freeze_count() > 100_000


def test_pages_leave_the_shared_specifications_as_they_were() -> None:
    shared = {
        "bars": leaderboard.bars(PALETTE, "downloads", 14),
        "models": leaderboard.model_bars(dict(PALETTE)["Qwen"], 10),
        "published": milestones.published(dict(PALETTE)["Qwen"], "Models built on it"),
        "treemap": treemap.treemap_spec(),
        "spans": timeline.spans(7),
    }
    before = {name: json.dumps(spec) for name, spec in shared.items()}
    for page, address in (
        ("leaderboard", {}),
        ("tree", {}),
        ("data", {"section": "Tables"}),
        ("leaderboard", {"published": "Models built on it"}),
    ):
        assert opened(page, address).get("vega_lite_chart")
    assert {name: json.dumps(spec) for name, spec in shared.items()} == before

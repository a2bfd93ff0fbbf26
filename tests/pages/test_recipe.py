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


def test_what_can_only_be_looked_at_is_a_picture_and_what_can_be_clicked_is_not() -> None:
    for page, renderers in (("leaderboard", {"canvas"}), ("tree", {"canvas", None})):
        drawn = [json.loads(chart.proto.spec) for chart in opened(page).get("vega_lite_chart")]
        said = [spec.get("usermeta", {}).get("embedOptions", {}) for spec in drawn]
        assert {options.get("renderer") for options in said} == renderers


@pytest.mark.parametrize("page", PAGES)
def test_what_the_browser_fetches_ahead_is_asked_for_once_and_leaves_nothing(page: str) -> None:
    app = opened(page)
    assert app.session_state["_charts_fetched"]
    for _ in range(2):
        assert all(len(chart.proto.alt) > 30 for chart in app.get("vega_lite_chart"))
        app.run()

"""The place of one model, from four tables of a few rows."""

from __future__ import annotations

import pandas as pd

from core.measure import place
from tests.core.measure.forests import forest

LINKS = pd.DataFrame(
    [("x/tuned", "A/base", "finetune"), ("x/other", "A/base", "adapter"), ("y/q", "x/tuned", "q")],
    columns=["child", "parent", "relation"],
)
MODELS = pd.DataFrame(
    {
        "model_id": ["x/tuned", "x/tuned", "lone/one"],
        "hub_id": ["1", "1", None],
        "licence": ["mit", "apache-2.0", ""],
        "created_on": pd.to_datetime(["2026-01-02", "2026-01-02", None]),
        "last_seen": pd.to_datetime(["2026-02-01", "2026-03-01", "2026-03-01"]),
    }
)
READINGS = pd.DataFrame(
    {
        "model_id": ["x/tuned", "x/tuned", "x/tuned"],
        "downloads_30d": pd.array([10, 20, None], dtype="Int64"),
        "read_at": pd.to_datetime(["2026-02-01", "2026-03-01", "2026-03-05"], utc=True),
    }
)
LISTINGS = pd.DataFrame(
    {
        "parent": ["x/tuned"],
        "source": ["hub"],
        "complete": [False],
        "asked_at": pd.to_datetime(["2026-03-02"], utc=True),
    }
)


def test_place_of_a_model_in_the_tree() -> None:
    found = place.place(forest(LINKS, MODELS, READINGS, LISTINGS), "X/Tuned")
    assert (found.model_id, found.path) == ("x/tuned", ("A/base", "x/tuned"))
    assert (found.siblings, found.children, found.below) == (1, 1, 1)
    assert (found.downloads, found.read_on) == (20, pd.Timestamp("2026-03-01"))
    assert (found.licence, found.told, found.complete) == ("apache-2.0", True, False)


def test_place_of_a_model_that_no_link_names() -> None:
    found = place.place(forest(LINKS, MODELS, READINGS, LISTINGS), "lone/one")
    assert (found.path, found.children, found.downloads) == (("lone/one",), 0, None)
    assert (found.licence, found.created_on, found.asked_on) == (None, None, None)


def test_root_above_is_found_over_any_parent() -> None:
    links = pd.DataFrame(
        [("m/1", "a/unknown", "merge"), ("m/1", "m/0", "merge"), ("m/0", "z/root", "merge")],
        columns=["child", "parent", "relation"],
    )
    known = forest(links)
    roots = pd.DataFrame({"family": ["Z"], "root": ["z/root"], "below": [2]})
    assert place.root_above(known, roots, "m/1") == ("Z", "z/root")
    assert place.root_above(known, roots, "a/unknown") is None
    assert place.root_above(known, roots, "no/where") is None


def test_model_that_nobody_names_has_an_empty_place() -> None:
    found = place.place(forest(LINKS), "No/Where")
    assert (found.model_id, found.path, found.below, found.told) == (
        "No/Where",
        ("No/Where",),
        0,
        False,
    )


def test_old_name_leads_to_the_place_of_the_new_one() -> None:
    models = pd.DataFrame(
        {
            "model_id": ["x/before", "x/tuned"],
            "hub_id": ["1", "1"],
            "last_seen": pd.to_datetime(["2026-01-01", "2026-02-01"]),
        }
    )
    found = place.place(forest(LINKS, models), "X/Before")
    assert (found.model_id, found.children) == ("x/tuned", 1)

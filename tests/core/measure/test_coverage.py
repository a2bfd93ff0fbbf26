from __future__ import annotations

import pandas as pd

from core.measure.coverage import Coverage, coverage
from core.measure.families import FamilyRules
from core.measure.forest import official
from tests.core.frames import family
from tests.core.measure.forests import forest

RULES = FamilyRules([family("A", ("a",))])
DAY = pd.Timestamp("2026-02-01")


def test_nothing_asked_is_the_sample_alone() -> None:
    nothing = forest(pd.DataFrame({"child": [], "parent": []}, dtype="str"))
    known = coverage(nothing, official(nothing, RULES))
    assert known == Coverage(0, 0, 0, 0, None)
    assert not known.live


def test_models_that_were_asked_about_to_the_end_are_counted() -> None:
    models = pd.DataFrame(
        {
            "model_id": ["a/1", "a/2", "a/3", "a/from-a-list", "x/1"],
            "hub_id": ["1", "2", "3", None, "5"],
        }
    )
    links = pd.DataFrame(
        {
            "child": ["x/1", "x/2", "a/2", "old/one"],
            "parent": "a/1",
            "source": ["hub", "hub", "hub", "a list"],
        }
    )
    listings = pd.DataFrame(
        {
            "parent": ["A/1", "a/2", "x/1"],
            "complete": [True, False, True],
            "asked_at": pd.to_datetime(
                ["2026-02-01T10:00Z", "2026-02-01T10:00Z", "2026-01-01T10:00Z"]
            ),
        }
    )
    # a/1 to a/3 are official, of them a/1 was asked to the end; x/1 and x/2 are built on them.
    known = forest(links, models, listings=listings)
    assert coverage(known, official(known, RULES)) == Coverage(3, 1, 2, 1, DAY)

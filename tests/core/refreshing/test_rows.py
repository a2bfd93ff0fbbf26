"""Rows of the tables, from models as the Hub told of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from core.fetch.hub import Listing
from core.measure.families import FamilyRules
from core.refreshing import rows
from core.schemas import ARTEFACTS, LINKS, LISTINGS, MODELS, READINGS, REFRESHES, TABLES
from core.store import parquet
from core.store.join import joined
from tests.core.fetch.test_hub_rows import READ
from tests.core.frames import family

NOW = datetime(2026, 11, 25, 14, 5, 33, tzinfo=UTC)
RULES = FamilyRules([family("Qwen", ("Qwen",))])
OFFICIAL = replace(READ, model_id="Qwen/Qwen3-8B", hub_id="2", parents=())


def stored(frame: pd.DataFrame, name: str, tmp_path) -> pd.DataFrame:  # noqa: ANN001
    """``frame`` as it comes back from a file: the proof that it fits its table."""
    parquet.write(frame, tmp_path / f"{name}.parquet", TABLES[name])
    return parquet.read(tmp_path / f"{name}.parquet", TABLES[name])


def models(told: list, known: pd.DataFrame, now: datetime = NOW) -> pd.DataFrame:
    return rows.models(told, known, RULES, {"Qwen": "Alibaba"}, now)


def test_model_is_written_with_all_that_was_told(tmp_path) -> None:  # noqa: ANN001
    frame = stored(models([OFFICIAL, READ], parquet.empty(MODELS)), "models", tmp_path)
    official = frame.set_index("model_id").loc["Qwen/Qwen3-8B"]
    assert (official["family"], official["maker"]) == ("Qwen", "Alibaba")
    assert official["created_on"].date() == date(2025, 3, 31)
    assert (official["parameters"], official["licence"]) == (8190735360, "cc-by-4.0")
    assert frame["family"].notna().tolist() == [True, False]
    assert (frame["last_seen"] == pd.Timestamp("2026-11-25")).all()


@pytest.mark.parametrize(
    ("change", "days", "written"),
    [
        ({}, 0, False),
        ({}, 6, False),
        ({}, 7, True),
        ({"licence": "mit"}, 0, True),
        ({"licence": None}, 0, False),
        ({"gated": False}, 0, True),
        ({"created_on": date(2025, 4, 1)}, 0, True),
        ({"downloads_30d": 1}, 0, False),
    ],
)
def test_model_is_written_again_only_where_it_says_something_new(
    change: dict[str, object],
    days: int,
    written: bool,  # noqa: FBT001
    tmp_path,  # noqa: ANN001
) -> None:
    known = stored(models([READ], parquet.empty(MODELS)), "models", tmp_path)
    later = NOW + timedelta(days=days)
    assert len(models([replace(READ, **change)], known, later)) == written


def test_readings_are_one_a_model_and_of_one_moment(tmp_path) -> None:  # noqa: ANN001
    frame = rows.readings([READ, READ, replace(OFFICIAL, downloads_30d=None)], "hub", NOW)
    frame = stored(frame, "readings", tmp_path)
    assert frame["model_id"].tolist() == [READ.model_id, OFFICIAL.model_id]
    assert frame["downloads_30d"].isna().tolist() == [False, True]
    assert set(frame["read_at"]) == {pd.Timestamp(NOW)}


def test_links_use_the_name_of_today(tmp_path) -> None:  # noqa: ANN001
    told = replace(READ, parents=(("qwen/QWEN3-8B", "merge"), ("gone/model", "merge")))
    spelling = {"qwen/qwen3-8b": "Qwen/Qwen3-8B"}
    frame = rows.links([told], spelling, parquet.empty(LINKS), "hub", NOW)
    frame = stored(frame, "links", tmp_path)
    assert frame["parent"].tolist() == ["Qwen/Qwen3-8B", "gone/model"]


def test_links_of_a_child_are_written_again_all_together_where_one_is_new() -> None:
    known = rows.links([READ], {}, parquet.empty(LINKS), "hub", NOW)
    assert rows.links([READ], {}, known, "hub", NOW).empty
    more = replace(READ, parents=(*READ.parents, ("third/parent", "merge")))
    assert len(rows.links([more], {}, known, "hub", NOW)) == 3
    # What another source has seen is not what this one has.
    assert len(rows.links([READ], {}, known.assign(source="a list"), "hub", NOW)) == 2


def test_listing_that_was_cut_says_so(tmp_path) -> None:  # noqa: ANN001
    answers = [("a/b", Listing([READ], complete=True)), ("c/d", Listing([READ, READ]))]
    frame = stored(rows.listings(answers, "hub", NOW), "listings", tmp_path)
    assert frame["complete"].tolist() == [True, False]
    assert frame["children"].tolist() == [1, 2]


def test_rename_is_recorded_once(tmp_path) -> None:  # noqa: ANN001
    before = models([OFFICIAL], parquet.empty(MODELS))
    renamed = replace(OFFICIAL, model_id="Qwen/Qwen3-8B-Base")
    found = stored(rows.renames([renamed], before, NOW), "artefacts", tmp_path)
    assert found["scope"].tolist() == ["Qwen/Qwen3-8B-Base"]
    assert "Qwen/Qwen3-8B before" in found["what"].iloc[0]
    after = joined([before, models([renamed], before)], MODELS)
    assert rows.renames([renamed], after, NOW).empty


def test_other_spelling_is_no_rename() -> None:
    before = models([OFFICIAL], parquet.empty(MODELS))
    assert rows.renames([replace(OFFICIAL, model_id="qwen/qwen3-8b")], before, NOW).empty


@pytest.mark.parametrize("table", [MODELS, READINGS, LINKS, LISTINGS, ARTEFACTS, REFRESHES])
def test_no_rows_fit_every_table(table, tmp_path) -> None:  # noqa: ANN001
    assert stored(rows.of_table([], table), table.name, tmp_path).empty

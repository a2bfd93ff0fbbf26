from __future__ import annotations

import pandas as pd

from core.measure.names import current_links, current_names, with_current_names
from core.schemas import LINKS, MODELS
from core.store import parquet

EARLY, LATE = pd.Timestamp("2026-01-01"), pd.Timestamp("2026-02-01")


def models(*rows: tuple[str, str | None, pd.Timestamp]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["model_id", "hub_id", "last_seen"])
    return frame.astype({"model_id": "str", "hub_id": "str"})


def links(*rows: tuple[str, str, str, pd.Timestamp]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["child", "parent", "source", "seen_on"])
    return frame.assign(relation="finetune").astype({"child": "str", "parent": "str"})


def test_model_that_was_renamed_is_called_by_the_name_seen_last() -> None:
    known = models(("THUDM/glm-4", "1", EARLY), ("zai-org/glm-4", "1", LATE), ("a/b", "2", LATE))
    assert current_names(known) == {"THUDM/glm-4": "zai-org/glm-4"}


def test_model_that_was_renamed_twice_goes_to_its_last_name_at_once() -> None:
    known = models(
        ("a/1", "1", EARLY), ("a/2", "1", pd.Timestamp("2026-01-15")), ("a/3", "1", LATE)
    )
    assert current_names(known) == {"a/1": "a/3", "a/2": "a/3"}


def test_spelling_of_the_hub_wins_over_that_of_a_list() -> None:
    known = models(("Qwen/Qwen3-8B", "1", EARLY), ("qwen/qwen3-8b", None, LATE))
    assert current_names(known) == {"qwen/qwen3-8b": "Qwen/Qwen3-8B"}


def test_models_without_an_id_of_the_hub_are_not_one() -> None:
    assert current_names(models(("a/b", None, EARLY), ("c/d", None, LATE))) == {}


def test_frame_without_old_names_is_left_as_it_is() -> None:
    frame = pd.DataFrame({"model_id": ["a/b"]})
    assert with_current_names(frame, ("model_id",), {"x/y": "z/z"}) is frame
    named = with_current_names(frame, ("model_id",), {"a/b": "c/d"})
    assert named["model_id"].tolist() == ["c/d"]
    assert frame["model_id"].tolist() == ["a/b"]


def test_newest_answer_of_the_hub_replaces_all_that_was_declared_before() -> None:
    told = links(
        ("x/child", "old/parent", "model-cards-2025-04", EARLY),
        ("x/child", "first/parent", "hub", EARLY),
        ("x/child", "new/one", "hub", LATE),
        ("x/child", "new/two", "hub", LATE),
        ("y/child", "one/list", "model-cards-2025-04", EARLY),
        ("y/child", "other/list", "model-cards-2025-06", LATE),
    )
    held = current_links(told, {})
    assert set(held.loc[held["child"] == "x/child", "parent"]) == {"new/one", "new/two"}
    assert set(held.loc[held["child"] == "y/child", "parent"]) == {"one/list", "other/list"}


def test_links_follow_renames_and_are_not_doubled() -> None:
    told = links(
        ("x/child", "thudm/glm-4", "list", EARLY), ("x/child", "zai-org/glm-4", "list", LATE)
    )
    held = current_links(told, {"thudm/glm-4": "zai-org/glm-4"})
    assert held["parent"].tolist() == ["zai-org/glm-4"]


def test_empty_tables_give_nothing() -> None:
    assert current_names(parquet.empty(MODELS)) == {}
    assert current_links(parquet.empty(LINKS), {}).empty

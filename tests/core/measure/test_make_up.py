from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NothingToShow
from core.measure.make_up import make_up, new_per_month
from core.schemas import MODELS
from tests.conftest import ROOT

if TYPE_CHECKING:
    from core.measure.make_up import Trait

SEEN = date(2026, 11, 20)


def models(*rows: dict[str, object], family: str = "A") -> pd.DataFrame:
    """Rows of MODELS, as the store reads them; what is not named is unknown."""
    told = [
        {"model_id": f"{family}/{at}", "family": family, "first_seen": SEEN, "last_seen": SEEN}
        | row
        for at, row in enumerate(rows)
    ]
    frame = pd.DataFrame.from_records(told, columns=[column.name for column in MODELS.columns])
    days = ("created_on", "released_on", "first_seen", "last_seen")
    texts = ("model_id", "family", "task", "licence", "library", "format")
    return frame.astype(dict.fromkeys(days, "datetime64[ms]") | dict.fromkeys(texts, "str"))


def test_kinds_are_counted_largest_first_and_the_unknown_is_no_kind() -> None:
    known = models(
        {"licence": "mit"},
        {"licence": "apache-2.0"},
        {"licence": "apache-2.0"},
        {"licence": None},
        {"licence": ""},
    )
    other = models({"licence": "mit"}, {"licence": "mit"}, {"licence": "mit"}, family="B")
    found = make_up(pd.concat([known, other], ignore_index=True), "A", "licence")
    assert found.rows["value"].tolist() == ["apache-2.0", "mit"]
    assert found.rows["models"].tolist() == [2, 1]
    assert found.rows["share"].tolist() == [2 / 5, 1 / 5]
    assert (found.known, found.unknown, found.total) == (3, 2, 5)
    assert list(found.rows.columns) == ["value", "models", "share", "kinds"]


def test_equally_frequent_kinds_are_in_alphabetical_order_whatever_the_order_of_rows() -> None:
    found = make_up(models({"task": "b"}, {"task": "c"}, {"task": "a"}), "A", "task")
    assert found.rows["value"].tolist() == ["a", "b", "c"]


def test_rare_kinds_are_added_up_and_say_how_many_they_are() -> None:
    rows = [{"library": f"kind {at:02}"} for at in range(15) for _ in range(20 - at)]
    found = make_up(models(*rows), "A", "library")
    assert len(found.rows) == 13
    last = found.rows.iloc[-1]
    assert last["value"] == "others (3 kinds)"
    assert (last["models"], last["kinds"]) == (8 + 7 + 6, 3)
    assert found.rows["models"].sum() == len(rows)


def test_twelve_kinds_need_no_others_and_the_thirteenth_is_one_kind() -> None:
    rows = [{"format": f"kind {at:02}"} for at in range(13)]
    assert len(make_up(models(*rows[:12]), "A", "format").rows) == 12
    assert make_up(models(*rows), "A", "format").rows["value"].iloc[-1] == "others (1 kind)"


def test_as_of_is_the_newest_day_on_which_what_is_counted_was_listed() -> None:
    found = make_up(
        models(
            {"task": "x", "last_seen": date(2026, 5, 10)},
            {"task": "x", "last_seen": date(2026, 11, 1)},
            {"task": None, "last_seen": date(2026, 11, 24)},
        ),
        "A",
        "task",
    )
    assert found.as_of == pd.Timestamp("2026-11-01")


@given(st.lists(st.sampled_from([None, *"abcdefghijklmnop"]), min_size=1, max_size=60))
def test_counts_are_those_of_counting_by_hand(licences: list[str | None]) -> None:
    frame = models(*({"licence": licence} for licence in licences))
    counted = Counter(licence for licence in licences if licence)
    if not counted:
        with pytest.raises(NothingToShow):
            make_up(frame, "A", "licence")
        return
    found = make_up(frame, "A", "licence")
    assert found.rows["models"].sum() == found.known == counted.total()
    assert found.known + found.unknown == found.total == len(licences)
    named = found.rows[~found.rows["value"].str.startswith("others")]
    by_hand = sorted(counted.items(), key=lambda kind: (-kind[1], kind[0]))[:12]
    assert list(zip(named["value"], named["models"], strict=True)) == by_hand
    assert found.rows["kinds"].sum() == len(counted)


@pytest.mark.parametrize(
    ("by", "named"),
    [("licence", "licence"), ("format", "file format"), ("library", "software")],
)
def test_what_no_model_tells_is_said_in_words(by: Trait, named: str) -> None:
    known = models({"task": "text-generation"}, {"task": None})
    with pytest.raises(NothingToShow) as answer:
        make_up(known, "A", by)
    assert answer.value.sentence == f"The {named} of no official model of A is known yet."
    assert answer.value.advice.startswith("Live data bring it:")
    assert "Known of these 2 models already: the task of 1." in answer.value.advice


def test_family_without_models_is_said_in_words() -> None:
    with pytest.raises(NothingToShow, match="No official model of B is known yet"):
        make_up(models({"task": "x"}), "B", "task")
    with pytest.raises(NothingToShow, match="No official model of B is known yet"):
        new_per_month(models({"task": "x"}), "B", SEEN)


def test_embedded_tasks_are_those_of_the_snapshot() -> None:
    rows = pq.read_table(ROOT / "data" / "snapshot" / "models.parquet").to_pylist()
    qwen = [row["task"] for row in rows if row["family"] == "Qwen"]
    counted = Counter(task for task in qwen if task)
    frame = pd.DataFrame(rows).astype({"last_seen": "datetime64[ms]"})
    found = make_up(frame, "Qwen", "task")
    assert dict(zip(found.rows["value"], found.rows["models"], strict=True)) == counted
    assert (found.total, found.known) == (len(qwen), counted.total())
    assert found.known > 0


def created(*days: str | None, **more: object) -> pd.DataFrame:
    return models(*({"created_on": day and date.fromisoformat(day)} | more for day in days))


def test_months_have_no_hole_and_the_newest_is_not_complete() -> None:
    found = new_per_month(created("2026-08-31", "2026-11-02", "2026-11-03"), "A", SEEN)
    assert [f"{month:%Y-%m}" for month in found.rows["month"]] == [
        "2026-08",
        "2026-09",
        "2026-10",
        "2026-11",
    ]
    assert found.rows["models"].tolist() == [1, 0, 0, 2]
    assert found.rows["complete"].tolist() == [True, True, True, False]
    assert (found.known, found.older, found.unknown) == (3, 0, 0)


def test_the_floor_is_older_and_unknown_days_are_counted_apart() -> None:
    frame = created("2022-03-02", "2022-03-03", None, "2026-12-24")
    found = new_per_month(frame, "A", SEEN)
    assert (found.known, found.older, found.unknown) == (1, 1, 2)
    assert found.rows["month"].iloc[0] == pd.Timestamp("2022-03-01")
    assert found.rows["models"].sum() == 1


def test_months_after_the_last_listing_are_not_told_as_empty() -> None:
    frame = created("2026-01-05", last_seen=date(2026, 3, 10))
    found = new_per_month(frame, "A", date(2026, 11, 25))
    assert found.rows["month"].iloc[-1] == pd.Timestamp("2026-03-01")
    assert found.rows["complete"].tolist() == [True, True, False]
    assert found.as_of == pd.Timestamp("2026-03-10")


def test_a_month_is_complete_once_it_was_listed_after_its_end() -> None:
    frame = created("2026-02-05", last_seen=date(2026, 3, 1))
    found = new_per_month(frame, "A", date(2026, 3, 1))
    assert found.rows["complete"].tolist() == [True, False]
    frame = created("2026-02-05", last_seen=date(2026, 2, 28))
    assert new_per_month(frame, "A", date(2026, 3, 1)).rows["complete"].tolist() == [False]


def test_only_older_models_are_nothing_to_draw() -> None:
    with pytest.raises(NothingToShow, match="is known of no official model of A yet"):
        new_per_month(created("2022-03-02", None), "A", SEEN)

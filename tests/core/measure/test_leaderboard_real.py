"""The leaderboard over the real figures, against plain Python over the CSV files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.measure.leaderboard import index_over_time, leaderboard, models
from tests.independent import DAYS, official, rows

if TYPE_CHECKING:
    from core.ui.site import Site

FIRST = DAYS[0]
both_ways = pytest.mark.parametrize("without", [False, True], ids=["with biggest", "without"])
every_day = pytest.mark.parametrize("day", DAYS)

Sums = dict[str, dict[str, int]]
"""Downloads by family and model."""


def counted(day: str, *, without: bool) -> Sums:
    """The models that count: of two equal biggest ones the first by name is left out."""
    kept = {}
    for family, found in official(day).items():
        order = sorted(found, key=lambda name: (-found[name], name))
        kept[family] = {name: found[name] for name in order[without:]}
    return kept


def earlier() -> dict[str, int]:
    return {name: value for found in official(FIRST).values() for name, value in found.items()}


@every_day
@both_ways
def test_totals_and_counts(site: Site, day: str, *, without: bool) -> None:
    board = leaderboard(site.official, pd.Timestamp(day), without_biggest=without)
    expected = counted(day, without=without)
    found = board.rows.set_index("family")
    assert found["downloads"].to_dict() == {name: sum(expected[name].values()) for name in expected}
    assert found["counted"].to_dict() == {name: len(expected[name]) for name in expected}
    assert found["models"].to_dict() == {
        name: len(models) for name, models in official(day).items()
    }
    assert board.total == sum(sum(models.values()) for models in expected.values())


@every_day
@both_ways
def test_ranks(site: Site, day: str, *, without: bool) -> None:
    board = leaderboard(site.official, pd.Timestamp(day), without_biggest=without)
    sums = {
        name: sum(models.values())
        for name, models in counted(day, without=without).items()
        if len(official(day)[name]) >= 5
    }
    order = sorted(sums, key=lambda name: -sums[name])
    assert board.ranked["family"].tolist() == order
    assert board.ranked["rank"].tolist() == list(range(1, len(order) + 1))


@every_day
@both_ways
def test_changes_since_the_first_day(site: Site, day: str, *, without: bool) -> None:
    since = pd.Timestamp(FIRST)
    board = leaderboard(site.official, pd.Timestamp(day), since, without_biggest=without)
    before = earlier()
    for _, row in board.rows.iterrows():
        now = counted(day, without=without)[row["family"]]
        both = now.keys() & before.keys()
        then = sum(before[name] for name in both)
        assert row["on_both"] == len(both), row["family"]
        if then:
            expected = sum(now[name] for name in both) / then - 1
            assert row["change"] == pytest.approx(expected), row["family"]
        else:
            assert pd.isna(row["change"]), row["family"]


@both_ways
@pytest.mark.parametrize(("since", "day"), [(0, 7), (0, 3), (4, 6)])
def test_index(site: Site, since: int, day: int, *, without: bool) -> None:
    days = DAYS[since : day + 1]
    index = index_over_time(
        site.official, pd.Timestamp(days[0]), pd.Timestamp(days[-1]), without_biggest=without
    )
    last = counted(days[-1], without=without)
    by_day = {
        when: {name: value for found in official(when).values() for name, value in found.items()}
        for when in days
    }
    expected = {}
    for family, found in last.items():
        steady = [name for name in found if all(name in by_day[when] for when in days)]
        sums = [sum(by_day[when][name] for name in steady) for when in days]
        if len(steady) >= 5 and sums[0]:
            expected |= {
                (family, when): 100 * s / sums[0] for when, s in zip(days, sums, strict=True)
            }
    keys = zip(index.rows["family"], index.rows["day"].dt.strftime("%Y-%m-%d"), strict=True)
    assert dict(zip(keys, index.rows["index_100"], strict=True)) == pytest.approx(expected)


@pytest.mark.parametrize("family", sorted(official(DAYS[-1])))
def test_models_of_a_family(site: Site, family: str) -> None:
    found = models(site.official, family, pd.Timestamp(DAYS[-1]), pd.Timestamp(FIRST))
    expected = official(DAYS[-1])[family]
    assert dict(zip(found["model_id"], found["downloads"], strict=True)) == expected
    assert found["downloads"].is_monotonic_decreasing
    then = found.dropna(subset="then")
    assert dict(zip(then["model_id"], then["then"], strict=True)) == {
        name: value for name, value in earlier().items() if name in expected
    }


def test_published_anchor_qwen_has_419_million_of_which_one_model_187(site: Site) -> None:
    row = leaderboard(site.official, pd.Timestamp("2026-05-10")).family("Qwen")
    assert row is not None
    assert round(row["downloads"] / 1e6, 1) == 419.4
    assert row["biggest"] == "Qwen/Qwen3-VL-2B-Instruct"
    assert round(row["biggest_downloads"] / 1e6, 1) == 187.0
    assert round(100 * row["biggest_share"], 1) == 44.6


def test_published_anchor_532_models_are_on_the_first_and_the_last_list(site: Site) -> None:
    frame = site.frame("readings")
    frame = frame[frame["source"] == "llmfit"]
    day = frame["read_at"].dt.strftime("%Y-%m-%d")
    first, last = (set(frame.loc[day == when, "model_id"]) for when in (DAYS[0], DAYS[-1]))
    assert len(first & last) == 532


def test_one_list_names_a_model_once_a_day() -> None:
    named = [(row["model_id"], row["read_on"]) for row in rows("readings")]
    assert len(named) == len(set(named))

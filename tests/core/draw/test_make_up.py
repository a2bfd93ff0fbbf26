"""Sentences and charts of what a family's models are, and of its downloads per day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from core.draw import growth as draw_growth
from core.draw import make_up as draw
from core.measure.growth import FamilyGrowth
from core.measure.make_up import MakeUp, NewPerMonth
from tests.core.draw.test_charts import channels, layers, parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.draw.theme import Spec
    from core.measure.make_up import Trait

DAY = pd.Timestamp("2026-11-20")
COLOUR = "#773EEA"


def made(by: Trait, kinds: dict[str, int], unknown: int = 0) -> MakeUp:
    known = sum(kinds.values())
    total = known + unknown
    rows = pd.DataFrame(
        {
            "value": pd.Series(list(kinds), dtype="str"),
            "models": pd.Series(list(kinds.values()), dtype="int64"),
            "share": [number / total for number in kinds.values()],
            "kinds": 1,
        }
    )
    return MakeUp("Qwen", by, rows, known, unknown, total, DAY)


def months(numbers: dict[str, int], *, whole: bool = False, older: int = 0) -> NewPerMonth:
    rows = pd.DataFrame(
        {
            "month": pd.to_datetime(list(numbers)).as_unit("ms"),
            "models": list(numbers.values()),
            "complete": [True] * (len(numbers) - 1) + [whole],
        }
    )
    return NewPerMonth("Qwen", rows, sum(numbers.values()), older, older * 2, DAY)


def days(*downloads: int, incomplete: tuple[int, ...] = ()) -> FamilyGrowth:
    rows = pd.DataFrame(
        {
            "day": pd.date_range("2026-11-01", periods=len(downloads)).as_unit("ms"),
            "downloads": pd.Series(downloads, dtype="int64"),
            "complete": [at not in incomplete for at in range(len(downloads))],
            "fell": [number < 0 for number in downloads],
        }
    )
    return FamilyGrowth("Qwen", "hub", rows, ())


def test_most_frequent_licence_is_told_with_its_share_and_what_is_not_known() -> None:
    found = made("licence", {"apache-2.0": 62, "other": 140}, unknown=3)
    assert draw.make_up_sentence(found) == (
        "62 of Qwen's 205 official models (30.2%) are under apache-2.0; "
        "the licence of 3 is not known."
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            made("task", {"text-generation": 25, "any-to-any": 6}, unknown=179),
            (
                "Of 31 of Qwen's 210 official models the task is known: "
                "25 of these 31 are for text-generation."
            ),
        ),
        (
            made("task", {"text-generation": 1}, unknown=5),
            "Of 1 of Qwen's 6 official models the task is known: it is for text-generation.",
        ),
        (
            made("format", {"gguf": 3, "mlx": 1}),
            "3 of Qwen's 4 official models (75.0%) come as gguf.",
        ),
        (
            made("library", {"transformers": 1, "mlx": 1}),
            "1 of Qwen's 2 official models (50.0%) is made for transformers.",
        ),
        (made("format", {"gguf": 1}), "The one official model of Qwen comes as gguf."),
    ],
)
def test_sentences_for_every_coverage(found: MakeUp, said: str) -> None:
    assert draw.make_up_sentence(found) == said


def test_outside_names_are_short_and_cannot_turn_a_line_around() -> None:
    assert draw.quoted("\u202egpl") == "\ufffdgpl"
    assert draw.quoted("mit\n# x") == "mit\ufffd# x"
    assert len(draw.quoted("x" * 200)) == 40
    assert "x" * 41 not in draw.make_up_sentence(made("licence", {"x" * 200: 3}))


def test_new_models_are_told_with_the_best_month_and_the_unfinished_one() -> None:
    said = draw.new_sentence(months({"2026-09": 4, "2026-10": 9, "2026-11": 2}, older=1))
    assert said == (
        "Qwen: 15 official models created since September 2026; no month had more than "
        "October 2026, with 9. "
        "November 2026 has 2 up to 20 November 2026. Not drawn: 1 model from before 3 March 2022, "
        "whose real day the Hub does not tell and 2 models whose day is not known."
    )
    assert draw.new_sentence(months({"2026-10": 1, "2026-11": 9})) == (
        "Qwen: 10 official models created since October 2026; no month had more than "
        "November 2026, with 9 up to 20 November 2026."
    )
    assert draw.new_sentence(months({"2026-11": 9})) == (
        "Qwen: 9 official models created since November 2026. "
        "November 2026 has 9 up to 20 November 2026."
    )
    assert "up to" not in draw.new_sentence(months({"2026-10": 1, "2026-11": 9}, whole=True))


def test_newest_complete_day_is_told_beside_the_days_before_it() -> None:
    found = days(1_000_000, 2_000_000, 3_000_000, 9_000_000, incomplete=(3,))
    assert draw_growth.growth_sentence(found) == (
        "Official models of Qwen were downloaded 3.0 million times on 3 November 2026, the newest "
        "complete day. On the 2 complete days before it was 1.5 million on average."
    )
    assert draw_growth.unfinished_sentence(found).startswith("Hollow: 1 incomplete day,")
    assert draw_growth.unfinished_sentence(days(1)) == ""


def test_days_with_a_fall_are_no_part_of_the_average_and_that_is_said() -> None:
    said = draw_growth.growth_sentence(days(4, -600, 8, 9))
    assert said.endswith("it was 6 on average, not counting days on which the counters fell.")
    assert "not counting" not in draw_growth.growth_sentence(days(-600, 8, 9))


def test_label_of_the_deepest_fall_stays_inside_the_chart() -> None:
    data = draw_growth.growth_data(days(*[-5] + [1] * 8 + [-9]), COLOUR)
    (label,) = data["labels"].to_dict("records")
    assert label["label"] == "counter fell: −9"
    span = data["rows"]["end"].max() - data["rows"]["start"].min()
    assert data["rows"]["end"].max() - label["middle"] >= span * 0.19


def test_no_complete_day_gives_no_figure() -> None:
    said = draw_growth.growth_sentence(days(5, 6, incomplete=(0, 1)))
    assert "no day from 1 November 2026 to 2 November 2026 is complete" in said


def test_falls_are_named_with_day_and_size() -> None:
    assert draw_growth.falls_sentence(days(1, 2)) == ""
    said = draw_growth.falls_sentence(days(5, -1_234_567, 7, -3))
    assert said.startswith(
        "The counters fell on 2 November 2026 (−1.2 million) and 4 November 2026 (−3): "
    )
    many = draw_growth.falls_sentence(days(*[-at for at in range(1, 9)]))
    assert many.startswith("The counters fell on 8 days, most on 4 November 2026 (−4),")


def test_bars_of_falls_and_of_incomplete_days_look_otherwise() -> None:
    data = draw_growth.growth_data(days(5, -6, 7, incomplete=(2,)), COLOUR)
    assert data["rows"]["edge"].tolist() == [COLOUR, draw_growth.FELL, COLOUR]
    assert data["rows"]["fill"].tolist() == [COLOUR, draw_growth.FELL, "#FFFFFF"]
    assert data["rows"]["amount"].tolist() == [5, -6, 7]
    assert data["labels"]["label"].tolist() == ["counter fell: −6"]


@dataclass
class Chart:
    """How a chart is built, and the frames it is shown with."""

    build: Callable[[], Spec]
    data: dict[str, pd.DataFrame]


CHARTS = {
    "make-up": Chart(
        lambda: draw.make_up_bars(COLOUR, "Licence", 2),
        {"rows": draw.make_up_rows(made("licence", {"mit": 2, "other": 1}, 1))},
    ),
    "months": Chart(
        lambda: draw.month_bars(COLOUR, unfinished=True),
        draw.month_data(months({"2026-10": 1, "2026-11": 9})),
    ),
    "whole months": Chart(
        lambda: draw.month_bars(COLOUR, unfinished=False),
        draw.month_data(months({"2026-10": 1, "2026-11": 9}, whole=True)),
    ),
    "days": Chart(
        lambda: draw_growth.growth_bars(fell=False), draw_growth.growth_data(days(1, 2), COLOUR)
    ),
    "falls": Chart(
        lambda: draw_growth.growth_bars(fell=True), draw_growth.growth_data(days(1, -2), COLOUR)
    ),
}


@pytest.fixture(params=list(CHARTS))
def chart(request: pytest.FixtureRequest) -> Chart:
    return CHARTS[request.param]


def test_specification_is_built_once_and_survives_json(chart: Chart) -> None:
    assert chart.build() is chart.build()
    assert json.loads(json.dumps(chart.build(), allow_nan=False)) == chart.build()


def test_specification_names_its_data_and_holds_none(chart: Chart) -> None:
    spec = chart.build()
    assert "datasets" not in spec
    named = [inner for key, inner in parts(spec) if key == "data"]
    assert {inner["name"] for inner in named} == set(chart.data)


SUITS: dict[str, Callable[[Any], bool]] = {
    "quantitative": pd.api.types.is_numeric_dtype,
    "temporal": pd.api.types.is_datetime64_any_dtype,
    "nominal": pd.api.types.is_string_dtype,
}


def test_every_field_is_a_column_of_its_type(chart: Chart) -> None:
    for layer in layers(chart.build()):
        frame = chart.data[layer["data"]["name"]]
        for name, channel in channels(layer):
            assert {"field", "value", "datum"} & channel.keys(), name
            if "field" in channel:
                assert frame[channel["field"]].notna().all()
                assert "type" in channel or name in {"x2", "y2"}, channel
                if "type" in channel:
                    assert SUITS[channel["type"]](frame[channel["field"]].dtype), channel


def test_no_title_is_a_name_of_ours(chart: Chart) -> None:
    for key, title in parts(chart.build()):
        if key == "title" and title is not None:
            assert "_" not in title
            assert title[0].isupper()

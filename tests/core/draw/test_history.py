"""Charts of the daily history: what they draw, and how, without a browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pytest

from core.draw import history as draw
from core.draw import history_data
from core.draw import range_headlines as headlines
from core.measure import series
from core.measure.bases import OFFICIAL
from core.measure.history import history
from core.measure.ranges import Range, artefacts_in
from tests.core import made_history as made

if TYPE_CHECKING:
    from core.measure.history import Artefact

FAMILIES: Final = ("Qwen", "Llama", "Phi", "Hunyuan")
HISTORY: Final = history(made.daily(), OFFICIAL, made.artefacts()).only(FAMILIES)
PALETTE: Final = (
    ("Qwen", "#111111"), ("Llama", "#222222"), ("Phi", "#333333"), ("Hunyuan", "#444444"),
)  # fmt: skip
KINDS: Final = ("Lines", "Index", "Log scale", "By launch")


def days(first: str, last: str) -> Range:
    return Range(pd.Timestamp(first), pd.Timestamp(last))


def problems(span: Range) -> tuple[Artefact, ...]:
    return artefacts_in(HISTORY, span, frozenset(FAMILIES), {made.BURST: "Qwen"}.get)


def drawn(span: Range, look: str = draw.LINE, each: str = series.DAY) -> dict[str, pd.DataFrame]:
    """The frames of a chart of lines."""
    rows = series.lines(HISTORY, span, each)
    if look == draw.INDEX:
        rows, _ = series.indexed(rows)
    if look == draw.LAUNCH:
        rows, _ = series.aligned(rows, series.launch_days(HISTORY, {}))
    heading = headlines.heading(OFFICIAL, span)
    return history_data.line_data(rows, span, PALETTE, problems(span), look=look, heading=heading)


def stacked(span: Range, each: str = series.DAY) -> dict[str, pd.DataFrame]:
    """The frames of a chart of shares."""
    shares, _ = series.shares(series.lines(HISTORY, span, each))
    heading = headlines.heading(OFFICIAL, span)
    return history_data.share_data(shares, span, PALETTE, problems(span), heading=heading)


def marks(spec: dict[str, Any], dataset: str) -> list[dict[str, Any]]:
    """Layers of a specification that draw ``dataset``."""
    return [layer for layer in spec["layer"] if layer["data"] == {"name": dataset}]


@pytest.mark.parametrize("look", [*KINDS, "Share"])
def test_every_dataset_of_a_chart_is_given_with_the_fields_it_draws(look: str) -> None:
    span = days("2026-02-01", "2026-07-01")
    data = stacked(span) if look == "Share" else drawn(span, look)
    spec = draw.share_stack() if look == "Share" else draw.history_lines(look)
    calculated = {
        step["as"] for layer in spec["layer"] for step in layer.get("transform", []) if "as" in step
    }
    for layer in spec["layer"]:
        has = {*data[layer["data"]["name"]].columns, *calculated}
        for channel in layer["encoding"].values():
            for told in channel if isinstance(channel, list) else [channel]:
                assert told.get("field", next(iter(has))) in has
    assert "values" not in json.dumps(spec)  # the data travel apart


@pytest.mark.parametrize("look", KINDS)
def test_lines_are_solid_only_from_finished_to_finished(look: str) -> None:
    spec = draw.history_lines(look)
    (solid,) = [
        layer
        for layer in spec["layer"]
        if layer["mark"]["type"] == "line" and layer["data"] == {"name": "points"}
    ]
    assert solid["transform"] == [{"filter": "datum.complete"}]
    assert "strokeDash" not in solid["mark"]
    assert all(layer["mark"]["strokeDash"] == [4, 4] for layer in marks(spec, "open"))
    hollow = next(layer for layer in marks(spec, "points") if "fill" in layer["encoding"])
    assert hollow["encoding"]["fill"]["condition"]["test"] == "datum.complete"
    assert hollow["encoding"]["fill"]["value"] == "white"


def test_unfinished_day_is_an_open_point_with_dashes_to_it() -> None:
    data = drawn(days("2026-06-25", "2026-07-01"))
    points, dashes = data["points"], data["open"]
    unfinished = points[~points["complete"]]
    assert unfinished["x"].unique().tolist() == [made.UNFINISHED]
    assert unfinished["dot"].eq(1).all()
    # From 30 June to 1 July: Qwen from 1,000 to 500 thousand.
    qwen = dashes[dashes["colour"] == "#111111"]
    assert qwen[["value", "value2"]].to_numpy().tolist() == [[1_000_000, 500_000]]
    assert (qwen["x"].iloc[0], qwen["x2"].iloc[0]) == (pd.Timestamp("2026-06-30"), made.UNFINISHED)
    # No solid line reaches the open point, and its figure is on no label.
    assert not set(unfinished["line"]) & set(points.loc[points["complete"], "line"])
    assert "Qwen 1M" in data["labels"]["label"].tolist()


def test_month_in_which_the_data_end_is_unfinished() -> None:
    points = drawn(days("2026-05-01", "2026-07-01"), each=series.MONTH)["points"]
    qwen = points[points["family"] == "Qwen"]
    assert qwen["complete"].tolist() == [True, True, False]
    assert qwen["value"].tolist() == [1_000_000, 1_000_000, 500_000]


def test_figure_after_a_gap_is_one_flat_step_and_no_line_crosses_it() -> None:
    data = drawn(days("2026-02-08", "2026-02-17"))
    step = data["steps"][data["steps"]["colour"] == "#111111"]
    assert step["x2"].tolist() == [made.GAP[0]]
    assert step["x"].tolist() == [pd.Timestamp("2026-02-15")]
    assert step["value"].tolist() == [1_000_000]  # 6 million in six days
    qwen = data["points"][data["points"]["family"] == "Qwen"]
    of_step = qwen.loc[qwen["x"] == pd.Timestamp("2026-02-15"), "line"].iloc[0]
    assert (qwen["line"] == of_step).sum() == 1
    assert "10 February 2026 to 15 February 2026: 6 days, shown as a daily average" in set(
        qwen["when"]
    )


def test_long_range_has_no_dot_for_every_day() -> None:
    points = drawn(days("2025-07-01", "2025-12-31"))["points"]
    assert points["dot"].sum() == 0
    assert len(points[points["family"] == "Qwen"]) == 184


@pytest.mark.parametrize(("look", "zero"), [("Lines", True), ("Index", True), ("Log scale", False)])
def test_height_begins_at_zero_but_on_a_log_scale(look: str, *, zero: bool) -> None:
    span = days("2025-12-01", "2025-12-31")
    lowest = drawn(span, look)["frame"]["height"].min()
    assert (lowest == 0) == zero
    scales = [
        layer["encoding"]["y"]["scale"]["type"]
        for layer in draw.history_lines(look)["layer"]
        if "type" in layer.get("encoding", {}).get("y", {}).get("scale", {})
    ]
    assert set(scales) == (set() if zero else {"log"})


def test_log_scale_leaves_out_what_is_not_above_zero() -> None:
    points = drawn(days("2026-03-01", "2026-03-20"), draw.LOG)["points"]
    assert (points["value"] > 0).all()
    assert len(points[points["family"] == "Phi"]) == 19


def test_index_begins_at_100_and_says_so() -> None:
    points = drawn(days("2025-07-01", "2025-12-31"), draw.INDEX)["points"]
    first = points[points["x"] == points["x"].min()]
    assert first["value"].tolist() == pytest.approx([100.0] * 3)
    qwen = points[points["family"] == "Qwen"]["value"]
    assert qwen.iloc[-1] == pytest.approx(200)  # 1,000 of 500
    spec = draw.history_lines(draw.INDEX)
    level = [layer for layer in spec["layer"] if layer["encoding"].get("y", {}).get("datum") == 100]
    assert len(level) == 1


def test_lines_by_launch_begin_on_their_own_day_and_nothing_is_shaded() -> None:
    data = drawn(days("2026-04-01", "2026-06-30"), draw.LAUNCH)
    assert set(data["points"]["family"]) == {"Hunyuan"}  # the others were there before
    assert data["points"]["x"].tolist() == list(range(61))
    assert not marks(draw.history_lines(draw.LAUNCH), "marks")


@pytest.mark.parametrize("spec", [draw.history_lines("Lines"), draw.share_stack()])
def test_artefacts_are_shaded_with_their_reason_on_hover(spec: dict[str, Any]) -> None:
    (shade,) = marks(spec, "marks")
    assert shade["mark"]["type"] == "rect"
    fields = [told["field"] for told in shade["encoding"]["tooltip"]]
    assert fields == ["kind", "scope", "what"]


def test_shade_covers_whole_days_and_never_more_than_the_dates() -> None:
    shade = drawn(days("2026-02-12", "2026-02-20"))["marks"]
    assert shade["what"].tolist() == ["Missing from the history"]
    assert shade["start"].tolist() == [pd.Timestamp("2026-02-11T12:00")]
    assert shade["end"].tolist() == [pd.Timestamp("2026-02-14T12:00")]


def test_outside_text_of_an_artefact_cannot_turn_the_line_around() -> None:
    (gap,) = problems(days("2026-02-12", "2026-02-20"))
    hostile = type(gap)(gap.start, gap.end, "gap", "a\u202eb", "x" * 500, "y")
    told = history_data.mark_data([hostile], days("2026-02-12", "2026-02-20"))
    assert told["scope"].tolist() == ["a\ufffdb"]
    assert len(told["what"].iloc[0]) == 200


def test_pieces_of_a_stack_fill_it_and_pale_ones_are_not_finished() -> None:
    data = stacked(days("2026-06-01", "2026-07-01"))
    rows = data["rows"]
    for _, of_day in rows.groupby("x"):
        assert of_day["low"].min() == 0
        assert of_day["high"].max() == pytest.approx(1)
        assert of_day["share"].sum() == pytest.approx(1)
    # 1,000 of 1,000 + 140 + 50 + 40
    qwen = rows[rows["family"] == "Qwen"].iloc[0]
    assert qwen["share"] == pytest.approx(1_000 / 1_230)
    assert rows.loc[~rows["complete"], "when"].unique().tolist() == ["1 July 2026"]
    (pieces,) = marks(draw.share_stack(), "rows")
    assert pieces["encoding"]["opacity"] == {
        "condition": {"test": "datum.complete", "value": 1},
        "value": 0.45,
    }


def test_every_picture_says_what_is_counted_and_when() -> None:
    frame = drawn(days("2025-12-01", "2025-12-31"))["frame"]
    assert frame["heading"].iloc[0] == "Official models only"
    assert frame["dates"].iloc[0] == "In December 2025"
    for spec in (*map(draw.history_lines, KINDS), draw.share_stack()):
        texts = [
            layer["encoding"]["text"]["field"]
            for layer in marks(spec, "frame")
            if layer["mark"]["type"] == "text"
        ]
        assert texts == ["heading", "dates"]


def test_families_keep_their_colours_and_the_highest_have_their_names() -> None:
    data = drawn(days("2025-12-01", "2025-12-31"))
    colours = dict(zip(data["points"]["family"], data["points"]["colour"], strict=True))
    assert colours == dict(PALETTE[:3])
    labels = data["labels"].set_index("short")
    assert labels.loc["Llama", "label"] == "Llama 300k"
    assert labels.loc["Llama", "colour"] == "#222222"


def test_texts_of_thousands_of_points_travel_once_each() -> None:
    points = drawn(days("2025-07-01", "2026-06-30"))["points"]
    for name in ("family", "colour", "when"):
        assert isinstance(points[name].dtype, pd.CategoricalDtype)


def test_names_of_lines_that_end_close_to_each_other_are_not_written_over() -> None:
    released = dict.fromkeys(("Qwen", "Phi", "Llama"), pd.Timestamp("2025-01-01"))
    span = days("2025-12-01", "2025-12-31")
    every = history(made.daily(), OFFICIAL)
    rows, _ = series.aligned(
        series.lines(every, span, series.DAY),
        series.launch_days(every, released | {"GLM": pd.Timestamp("2025-01-03")}),
    )
    data = history_data.line_data(
        rows, span, (*PALETTE, ("GLM", "#555555")), (), look=draw.LAUNCH, heading="a\nb"
    )
    heights = data["labels"].set_index("short")["height"]
    # 20 and 50 thousand of a million: less than a line of text apart.
    assert heights["GLM"] == 20_000
    assert heights["Phi"] - heights["GLM"] >= 1_000_000 * 17 / 340
    assert heights["Qwen"] == 1_000_000

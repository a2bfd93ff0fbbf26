"""Every chart's specification fits the frames that are made for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd
import pytest

from core.draw import leaderboard as draw
from core.draw import milestones as milestones_draw
from core.draw import theme, timeline
from core.measure.artefacts import touching
from core.measure.milestones import of_family
from core.ui.inventory import artefact_bars, table_bars, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.draw.theme import Spec
    from core.ui.site import Site

TODAY = date(2026, 5, 20)


@dataclass
class Chart:
    """How a chart is built, and the frames it is shown with."""

    build: Callable[[], Spec]
    data: dict[str, pd.DataFrame]


def charts(site: Site) -> dict[str, Chart]:
    first, last = site.days[0], site.days[-1]
    palette = site.palette
    board = site.leaderboard(last, first, without_biggest=False)
    count = len(board.ranked)
    index = site.index_over_time(first, last, without_biggest=False)
    marks = touching(site.artefacts, ["history"], first, last)
    models = draw.model_rows(site.models("Qwen", last, first))
    published = of_family(site.frame("milestones"), "Qwen")
    downloads = {"rows": draw.bar_rows(board, "downloads")}
    shares = {"rows": draw.bar_rows(board, "share")}
    spans = table_bars(tables(site, TODAY))
    problems = artefact_bars(site.artefacts, TODAY)
    return {
        "bars": Chart(lambda: draw.bars(palette, "downloads", count), downloads),
        "shares": Chart(lambda: draw.bars(palette, "share", count), shares),
        "dots": Chart(lambda: draw.dots(palette, "downloads", count), downloads),
        "lines": Chart(
            lambda: draw.lines(palette, tuple(site.days)), draw.index_data(index, marks)
        ),
        "models": Chart(lambda: draw.model_bars("#773EEA", len(models)), {"rows": models}),
        "published": Chart(
            lambda: milestones_draw.published("#773EEA", "Downloads"),
            {"rows": milestones_draw.milestone_rows(published, "All downloads so far", TODAY)},
        ),
        "tables": Chart(lambda: timeline.spans(len(spans["labels"])), spans),
        "problems": Chart(lambda: timeline.spans(len(problems["labels"])), problems),
    }


NAMES = ("bars", "shares", "dots", "lines", "models", "published", "tables", "problems")


@pytest.fixture(params=NAMES)
def chart(site: Site, request: pytest.FixtureRequest) -> Chart:
    return charts(site)[request.param]


def layers(spec: Spec) -> list[dict[str, Any]]:
    """The layers with the name of the data each draws."""
    return [{"data": spec.get("data"), **layer} for layer in spec["layer"]]


def channels(layer: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, channel in layer["encoding"].items():
        for one in channel if isinstance(channel, list) else [channel]:
            yield name, one


def parts(value: object) -> Iterator[tuple[str, object]]:
    """Every key of a specification with its value, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from parts(inner)


def test_every_chart_is_tested(site: Site) -> None:
    assert tuple(charts(site)) == NAMES


def test_specification_survives_json(chart: Chart) -> None:
    assert json.loads(json.dumps(chart.build(), allow_nan=False)) == chart.build()


def test_specification_is_built_once(chart: Chart, monkeypatch: pytest.MonkeyPatch) -> None:
    first = chart.build()
    monkeypatch.setattr(alt, "Chart", None)  # nobody can build another
    assert chart.build() == first


def test_specification_names_its_data_and_holds_none(chart: Chart) -> None:
    spec = chart.build()
    assert "datasets" not in spec
    named = [inner for key, inner in parts(spec) if key == "data"]
    assert all(isinstance(inner, dict) and set(inner) == {"name"} for inner in named)
    assert {inner["name"] for inner in named} == set(chart.data)


def test_every_layer_draws_a_frame_that_is_given(chart: Chart) -> None:
    for layer in layers(chart.build()):
        assert layer["data"]["name"] in chart.data


def test_every_field_has_a_type_and_is_a_column(chart: Chart) -> None:
    for layer in layers(chart.build()):
        columns = chart.data[layer["data"]["name"]].columns
        for name, channel in channels(layer):
            assert {"field", "value", "datum"} & channel.keys(), name
            if "field" in channel:
                assert channel["field"] in columns
                # The second end of a span takes the type of the first.
                assert "type" in channel or name in {"x2", "y2"}, channel


def test_types_suit_the_columns(chart: Chart) -> None:
    suits = {
        "quantitative": pd.api.types.is_numeric_dtype,
        "temporal": pd.api.types.is_datetime64_any_dtype,
        "nominal": pd.api.types.is_string_dtype,
    }
    for layer in layers(chart.build()):
        frame = chart.data[layer["data"]["name"]]
        for _, channel in channels(layer):
            if "field" in channel and "type" in channel:
                assert suits[channel["type"]](frame[channel["field"]].dtype), channel


def test_no_title_or_label_is_a_name_of_ours(chart: Chart) -> None:
    for key, title in parts(chart.build()):
        if key == "title" and title is not None:
            assert isinstance(title, str)
            assert "_" not in title
            assert title[0].isupper()


def test_what_is_drawn_is_known(chart: Chart) -> None:
    for frame in chart.data.values():
        assert len(frame)
        known = frame.drop(columns="dot", errors="ignore")  # only what is for one day has a dot
        assert known.notna().all(axis=None)


def test_colours_are_those_of_the_families(site: Site) -> None:
    spec = draw.bars(site.palette, "downloads", 3)
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == {
        family.name: family.colour for family in site.families
    }


def test_taller_for_more_rows(site: Site) -> None:
    few, many = (draw.bars(site.palette, "downloads", rows)["height"] for rows in (3, 14))
    assert many - few == 11 * theme.ROW

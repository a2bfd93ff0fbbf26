"""What a treemap is given to draw."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from core.draw.treemap import MOST_TILES, RELATIONS, STRIP, treemap_data, treemap_spec


def tiles_of(count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "model_id": [f"somebody/model-{number}" for number in range(count)],
            "relation": ["finetune", "quantized", "adapter", "merge", "upscaled"] * (count // 5),
            "below": range(count),
            "licence": None,
        }
    )


def test_few_models_fill_the_frame_without_a_strip() -> None:
    tiles = tiles_of(10)
    data = treemap_data(tiles.loc.__getitem__, tiles["below"] + 1, "models")
    drawn = data["tiles"]
    areas = (drawn["x1"] - drawn["x0"]) * (drawn["y1"] - drawn["y0"])
    assert data["strip"].empty
    assert areas.sum() == pytest.approx(1)
    assert areas.max() == pytest.approx(10 / 55)
    assert drawn["model"].iloc[0] == "somebody/model-9"
    assert drawn["size"].iloc[0] == "10 models"


def test_many_models_leave_a_strip_with_their_true_number() -> None:
    tiles = tiles_of(1000)
    data = treemap_data(tiles.loc.__getitem__, tiles["below"] + 1, "models")
    assert len(data["tiles"]) == MOST_TILES
    strip = data["strip"].iloc[0]
    assert strip["label"] == "others (850 of 1,000 models built directly on it)"
    assert strip["y1"] - strip["y0"] == pytest.approx(STRIP)
    assert data["tiles"]["y1"].max() <= strip["y0"] + 1e-9


def test_unknown_sizes_are_among_the_others() -> None:
    tiles = tiles_of(10)
    sizes = pd.Series([5, None, 0, None, 7, 1, None, None, None, None], dtype="Int64")
    data = treemap_data(tiles.loc.__getitem__, sizes, "downloads")
    assert len(data["tiles"]) == 3
    assert data["strip"]["label"].tolist() == ["others (7 of 10 models built directly on it)"]


def test_relation_unknown_to_us_is_drawn_as_other() -> None:
    tiles = tiles_of(5)
    drawn = treemap_data(tiles.loc.__getitem__, tiles["below"] + 1, "models")["tiles"]
    assert set(drawn["relation"]) == {"finetune", "quantized", "adapter", "merge", "other"}


def test_white_names_can_be_read_on_every_relation() -> None:
    for colour in RELATIONS.values():
        parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
        linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        assert 1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05) >= 4.5


def test_spec_is_built_once_and_holds_no_data() -> None:
    assert treemap_spec() is treemap_spec()
    text = json.dumps(treemap_spec())
    assert '"values"' not in text
    assert {"tiles", "strip"} <= {layer["data"]["name"] for layer in treemap_spec()["layer"]}

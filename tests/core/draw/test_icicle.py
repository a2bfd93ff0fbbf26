"""What the view by level is given to draw."""

from __future__ import annotations

import json

import altair as alt
import pandas as pd
import pytest

from core.draw import built_on as draw
from core.draw.icicle import STRIP, icicle_data, icicle_spec, rows_of
from core.draw.treemap import LICENCES, MOST_TILES, treemap_data, treemap_spec
from core.measure.built_shares import Months, Shares
from core.measure.families import FamilyRules
from core.measure.forest import official
from core.measure.licences import CHANGED, KEPT
from core.measure.tree import Branch, branch
from tests.core.measure.forests import forest


def under(pairs: list[tuple[str, str]]) -> Branch:
    """What hangs on r/r by links of child and parent."""
    known = forest(pd.DataFrame(pairs, columns=["child", "parent"]))
    return branch(known, "r/r", official(known, FamilyRules([])), without_official=False)


def test_tiles_lie_below_what_they_hang_from() -> None:
    # Those of one level come by what is below them: b/2, a/1, c/3.
    found = under([("a/1", "r/r"), ("b/2", "r/r"), ("c/3", "b/2")])
    data = icicle_data(found, pd.Series([2.0, 1.0, 1.0]), "models")
    tiles = data["tiles"].set_index("model")
    assert data["strip"].empty
    assert rows_of(data) == 3
    assert tiles.loc["b/2", ["x0", "x1"]].tolist() == pytest.approx([0, 2 / 3])
    assert tiles.loc["a/1", ["x0", "x1"]].tolist() == pytest.approx([2 / 3, 1])
    assert tiles.loc["c/3", ["x0", "x1"]].tolist() == pytest.approx([0, 1 / 3])
    assert tiles.loc["c/3", "y0"] == pytest.approx(tiles.loc["b/2", "y1"])


def test_many_models_leave_a_strip_with_their_true_number() -> None:
    found = under([(f"a/{number}", "r/r") for number in range(400)])
    data = icicle_data(found, pd.Series([1.0] * 400), "models")
    assert len(data["tiles"]) == MOST_TILES
    assert data["strip"]["label"].tolist() == ["others (250 of 400 models in all)"]
    assert data["strip"]["y1"][0] - data["strip"]["y0"][0] == pytest.approx(STRIP)
    assert data["tiles"]["y1"].max() <= data["strip"]["y0"][0] + 1e-9


def test_chain_is_drawn_to_the_eighth_row_and_no_further() -> None:
    chain = [(f"a/{n}", f"a/{n - 1}" if n > 1 else "r/r") for n in range(1, 10_001)]
    data = icicle_data(under(chain), pd.Series(range(10_000, 0, -1)), "models")
    assert data["tiles"]["level"].tolist() == list(range(1, 9))
    assert data["strip"]["label"].tolist() == ["others (9,992 of 10,000 models in all)"]


def test_nothing_of_known_size_is_one_strip() -> None:
    data = icicle_data(under([("a/1", "r/r")]), pd.Series([0.0]), "downloads")
    assert data["tiles"].empty
    assert rows_of(data) == 1


def test_colour_says_licence_beside_the_base() -> None:
    tiles = pd.DataFrame({"model_id": ["a/1", "b/2", "c/3"], "relation": "merge", "below": 0})
    told = tiles.assign(licence=pd.Series([KEPT, CHANGED, None], dtype="str"))
    drawn = treemap_data(told.loc.__getitem__, pd.Series([3, 2, 1]), "models")["tiles"]
    assert drawn["licence"].tolist() == ["same as its base", "another", "not known"]
    assert set(drawn["licence"]) <= set(LICENCES)


def test_specs_are_built_once_and_hold_no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    first = icicle_spec(3, "licence")
    with monkeypatch.context() as nobody:
        nobody.setattr(alt, "Chart", None)
        taller = icicle_spec(4, "licence")
    assert taller["height"] > first["height"]
    assert taller | {"height": first["height"]} == first
    for spec in (icicle_spec(3), treemap_spec("licence"), draw.month_bars(unfinished=True)):
        assert '"values"' not in json.dumps(spec)


def shares(by: str, counts: dict[str, int], unknown: int, kinds: int, first: int = 0) -> Shares:
    known = sum(counts.values())
    frame = pd.DataFrame({"value": list(counts), "models": list(counts.values())})
    return Shares(by, frame.assign(share=frame["models"] / known), known, unknown, kinds, first)


def test_sentences_about_shares() -> None:
    assert draw.shares_sentence(
        shares("publisher", {"p": 30, "others (89 publishers)": 70}, 0, 99, 30), "this model"
    ) == (
        "Of 100 models built on this model 30 (30.0%) are of ten publishers out of 99; the first "
        "is p, with 30."
    )
    assert draw.shares_sentence(shares("format", {"GGUF": 1, "MLX": 2}, 7, 2), "this model") == (
        "Of 3 of the 10 models built on this model the file format is known: 3 (100.0%) come in a "
        "format for home computers (GGUF, MLX, EXL2 or EXL3). Of the other 7 it is not."
    )
    assert "2 (50.0%) keep the licence of their base and 2 (50.0%) state another" in (
        draw.shares_sentence(shares("licence", {KEPT: 2, CHANGED: 2}, 0, 2), "this model")
    )


def test_months_are_stacked_and_the_open_one_is_lighter() -> None:
    found = Months(
        pd.DataFrame(
            {
                "month": pd.to_datetime(["2026-10-01"] * 2 + ["2026-11-01"] * 2),
                "relation": ["finetune", "upscaled"] * 2,
                "models": [4, 1, 2, 0],
                "complete": [True, True, False, False],
            }
        ),
        known=7,
        older=1,
        unknown=2,
        as_of=pd.Timestamp("2026-11-20"),
    )
    data = draw.month_data(found)
    assert data["rows"]["low"].tolist() == [0, 4, 0]
    assert data["rows"]["high"].tolist() == [4, 5, 2]
    assert data["rows"]["relation"].tolist() == ["finetune", "other", "finetune"]
    assert data["rows"]["solid"].tolist()[0] == 1
    assert data["rows"]["solid"].tolist()[-1] < 1
    assert data["labels"]["label"].tolist() == ["2 so far"]
    assert draw.months_sentence(found, "this model") == (
        "Of the models built on this model, 7 have a known month of creation: 5 came in October "
        "2026, the newest whole month. November 2026 has 2 up to 20 November 2026. Not drawn: 1 "
        "model from before 3 March 2022, whose real day the Hub does not tell and 2 models whose "
        "day is not known."
    )

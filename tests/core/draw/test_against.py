"""The chart of one family against the next ones together, without a browser."""

from __future__ import annotations

from typing import Final

import pandas as pd

from core.draw import against as draw
from core.draw import range_headlines as headlines
from core.measure.against import against
from core.measure.bases import OFFICIAL
from core.measure.history import history
from core.measure.ranges import Range
from tests.core import made_history as made

HISTORY: Final = history(made.daily(), OFFICIAL)
DECEMBER: Final = Range(pd.Timestamp("2025-12-01"), pd.Timestamp("2025-12-31"))
PALETTE: Final = (("Qwen", "#111111"), ("Llama", "#222222"), ("DeepSeek", "#333333"))


def drawn(family: str, number: int, span: Range = DECEMBER) -> dict[str, pd.DataFrame]:
    """The frames of the chart."""
    answer = against(HISTORY, family, HISTORY.families, number, span)
    return draw.against_data(answer, PALETTE, headlines.heading(OFFICIAL, span))


def test_one_bar_of_the_family_and_one_in_pieces_that_follow_each_other() -> None:
    rows = drawn("Qwen", 8)["rows"]
    assert rows["bar"].unique().tolist() == ["Qwen", "The next 8 together"]
    others = rows[rows["bar"] != "Qwen"]
    assert others["low"].tolist() == [0.0, *others["high"].iloc[:-1]]
    assert others["high"].iloc[-1] == 31 * 820_000
    assert others["family"].tolist()[:2] == ["Llama", "DeepSeek"]
    assert rows["colour"].tolist()[:3] == ["#111111", "#222222", "#333333"]
    assert rows["downloads"].iloc[0] == "31.0 million"


def test_sums_stand_at_the_ends_and_there_is_room_for_them() -> None:
    data = drawn("Qwen", 8)
    assert data["labels"]["label"].tolist() == ["31M", "25.4M"]
    assert data["labels"]["high"].tolist() == [31_000_000, 25_420_000]
    assert data["frame"]["high"].iloc[0] > 31_000_000
    assert data["frame"]["heading"].iloc[0] == "Official models only"
    assert data["frame"]["dates"].iloc[0] == "In December 2025"


def test_only_a_piece_that_is_wide_enough_bears_its_name() -> None:
    # Of 31 million Llama has 9.3 and DeepSeek 4.65: less than a fifth.
    assert drawn("Qwen", 8)["names"]["family"].tolist() == ["Llama"]


def test_one_other_is_named_and_below_zero_has_no_length() -> None:
    day = Range(made.TAKEN_BACK, made.TAKEN_BACK)
    rows = drawn("Phi", 1, day)["rows"]
    assert rows["bar"].tolist() == ["Phi", "Qwen"]
    assert rows["high"].tolist() == [0.0, 1_000_000]
    assert rows["downloads"].tolist() == ["-200,000", "1.0 million"]


def test_every_field_that_is_drawn_is_given() -> None:
    data = drawn("Qwen", 8)
    for layer in draw.against_bars()["layer"]:
        for channel in layer["encoding"].values():
            for told in channel if isinstance(channel, list) else [channel]:
                if "field" in told:
                    assert told["field"] in data[layer["data"]["name"]]


def test_bars_begin_at_zero_and_say_on_hover_who_and_how_much() -> None:
    pieces = draw.against_bars()["layer"][0]
    assert pieces["mark"]["type"] == "bar"
    assert "scale" not in pieces["encoding"]["x"]  # bars of Vega-Lite begin at zero
    assert [told["field"] for told in pieces["encoding"]["tooltip"]] == ["family", "downloads"]

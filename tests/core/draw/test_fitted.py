"""One specification made to fit many views."""

from __future__ import annotations

from core.draw.claims_over_time import over_time
from core.draw.fitted import fitted
from core.draw.prices import INDEX, PRICE, height_of, price_lines
from core.draw.reaction import around_days, event_dots

BUILT = {"height": 9.5, "layer": [{"title": "Price, ¤, log", "on": True, "none": None}]}


def test_marks_are_replaced_in_a_copy_and_within_words() -> None:
    found = fitted(BUILT, {9.5: 40, "¤": "USD"})
    assert found == {
        "height": 40,
        "layer": [{"title": "Price, USD, log", "on": True, "none": None}],
    }
    assert BUILT["height"] == 9.5


def test_views_differ_where_they_should_and_nowhere_else() -> None:
    few, many = price_lines(1, INDEX), price_lines(4, INDEX)
    assert (few["height"], many["height"]) == (height_of(INDEX, 1), height_of(INDEX, 4))
    assert "98765" not in str(few) + str(many)
    assert "Closing price, HKD, log scale" in str(price_lines(2, PRICE, "HKD"))
    assert "¤" not in str(price_lines(2, PRICE, "HKD"))
    assert len(price_lines(0, INDEX)["layer"]) == len(few["layer"]) - 1  # no heading


def test_colours_titles_and_heights_reach_the_specification() -> None:
    assert "#123456" in str(around_days("#123456"))
    assert event_dots(9)["height"] - event_dots(4)["height"] == 5 * 26
    alone, lined = over_time("#123456", "Downloads", ()), over_time("#123456", "Downloads", ("A",))
    assert lined["height"] > alone["height"]
    dash = [spec["layer"][0]["encoding"]["strokeDash"]["legend"] for spec in (alone, lined)]
    assert dash[0] is None
    assert dash[1]["values"] == ["A"]
    assert "Downloads" in str(alone)

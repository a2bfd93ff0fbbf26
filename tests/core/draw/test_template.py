"""Values are put into a specification that was built once."""

from __future__ import annotations

import copy

from core.draw import leaderboard, make_up
from core.draw.template import COLOUR, TITLE, filled

TEMPLATE = {
    "height": 58,
    "layer": [
        {"mark": {"type": "bar", "color": COLOUR, "tooltip": True}, "data": {"name": "rows"}},
        {"encoding": {"x": {"title": TITLE, "scale": {"domain": [1, 2]}}, "y": {"value": 1}}},
    ],
}


def test_every_place_is_filled_and_nothing_else_changes() -> None:
    spec = filled(TEMPLATE, (COLOUR, "#773EEA"), (TITLE, "Licence"), ([1, 2], [5, 9]), height=300)
    assert spec == {
        "height": 300,
        "layer": [
            {
                "mark": {"type": "bar", "color": "#773EEA", "tooltip": True},
                "data": {"name": "rows"},
            },
            {
                "encoding": {
                    "x": {"title": "Licence", "scale": {"domain": [5, 9]}},
                    "y": {"value": 1},
                }
            },
        ],
    }


def test_true_is_not_one() -> None:
    assert filled({"tooltip": True, "opacity": 1}, (1, 0.5)) == {"tooltip": True, "opacity": 0.5}


def test_the_template_stays_as_it_is() -> None:
    before = copy.deepcopy(TEMPLATE)
    filled(TEMPLATE, (COLOUR, "#773EEA"))["layer"][0]["mark"]["color"] = "red"
    assert before == TEMPLATE


def test_no_chart_shows_what_only_stands_for_something() -> None:
    for spec in (
        leaderboard.model_bars("#773EEA", 3),
        make_up.make_up_bars("#773EEA", "Licence", 2),
        make_up.month_bars("#773EEA", unfinished=True),
    ):
        assert COLOUR not in str(spec)
        assert TITLE not in str(spec)
        assert "#773EEA" in str(spec)

"""Colours can be told from the white they stand on, and are the same everywhere."""

from __future__ import annotations

import tomllib

import pytest

from core.draw import theme
from tests.independent import DATA

MAKERS = tomllib.loads((DATA / "makers.toml").read_text(encoding="utf-8"))["family"]
CONFIG = tomllib.loads((DATA.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_worked_out_as_it_should_be() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("family", MAKERS, ids=lambda family: family["name"])
def test_family_stands_out_from_white(family: dict[str, str]) -> None:
    assert contrast(family["colour"], "#FFFFFF") >= 3


def test_no_two_families_share_a_colour() -> None:
    assert len({family["colour"].upper() for family in MAKERS}) == len(MAKERS)


def test_configuration_has_the_families_colours_in_their_order() -> None:
    colours = [family["colour"] for family in MAKERS]
    assert CONFIG["theme"]["chartCategoricalColors"] == colours


@pytest.mark.parametrize("colour", [theme.INK, theme.MUTED])
def test_text_of_charts_can_be_read(colour: str) -> None:
    assert contrast(colour, "#FFFFFF") >= 4.5


def test_contrast_of_muted_text_is_as_documented() -> None:
    assert round(contrast(theme.MUTED, "#FFFFFF"), 1) == 7.6


def test_text_of_charts_is_that_of_the_page() -> None:
    assert CONFIG["theme"]["textColor"] == theme.INK
    assert CONFIG["theme"]["backgroundColor"] == "#FFFFFF"

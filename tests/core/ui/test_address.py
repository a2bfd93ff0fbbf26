from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ui.address import Address, quoted

OPTIONS = ("Downloads", "Share", "Log scale")
DAYS = [pd.Timestamp(day) for day in ("2026-03-21", "2026-04-01", "2026-05-10")]
FIRST, MIDDLE, LAST = DAYS


def choice(*values: str) -> tuple[str, list[str]]:
    address = Address({"view": values})
    return address.choice("view", OPTIONS, "Downloads", "view"), address.notes


def choices(*values: str) -> tuple[list[str], list[str]]:
    address = Address({"view": values})
    return address.choices("view", OPTIONS, "view"), address.notes


def switch(*values: str) -> tuple[bool, list[str]]:
    address = Address({"on": values})
    return address.switch("on"), address.notes


def day(*values: str) -> tuple[pd.Timestamp, list[str]]:
    address = Address({"day": values})
    return address.day("day", DAYS, LAST), address.notes


@pytest.mark.parametrize(
    ("values", "chosen"),
    [
        ((), "Downloads"),
        (("",), "Downloads"),
        (("   ",), "Downloads"),
        (("Share",), "Share"),
        (("sHARE",), "Share"),
        ((" log scale ",), "Log scale"),
        (("Share", "Share"), "Share"),
        (("", "Share"), "Share"),
        (("Share", ""), "Share"),
    ],
)
def test_choice_that_can_be_followed_needs_no_note(values: tuple[str, ...], chosen: str) -> None:
    assert choice(*values) == (chosen, [])


@pytest.mark.parametrize("value", ["Pie", "Shar", "Share.", "Ｓｈａｒｅ", "0", "<b>Share</b>"])
def test_unknown_choice_falls_back_with_a_note(value: str) -> None:
    expected = [f"There is no view “{value}”: “Downloads” is shown."]
    assert choice(value) == ("Downloads", expected)


def test_last_of_several_choices_counts_and_is_named() -> None:
    chosen, notes = choice("Share", "Log scale")
    assert chosen == "Log scale"
    assert notes == ["The address gives “view” more than once: “Log scale” counts."]


def test_absent_key_is_the_default() -> None:
    address = Address({})
    assert address.choice("view", OPTIONS, "Share", "view") == "Share"
    assert address.choices("view", OPTIONS, "view") == []
    assert address.switch("on") is False
    assert address.day("day", DAYS, FIRST) == FIRST
    assert address.notes == []


@pytest.mark.parametrize(
    ("values", "chosen"),
    [
        ((), []),
        (("",), []),
        (("Share",), ["Share"]),
        (("Log scale", "Share"), ["Log scale", "Share"]),
        (("Share", "", "Share"), ["Share"]),
    ],
)
def test_choices_that_can_be_followed_need_no_note(
    values: tuple[str, ...], chosen: list[str]
) -> None:
    assert choices(*values) == (chosen, [])


def test_unknown_choices_are_left_out_and_named_once() -> None:
    chosen, notes = choices("Pie", "Share", "share", "Pie")
    assert chosen == ["Share"]
    assert notes == ["There is no view “Pie” and “share”: they are left out."]


@pytest.mark.parametrize(
    ("values", "on"),
    [((), False), (("",), False), (("true",), True), (("TRUE",), True), (("false",), False)],
)
def test_switch_that_can_be_followed(values: tuple[str, ...], *, on: bool) -> None:
    assert switch(*values) == (on, [])


@pytest.mark.parametrize("value", ["1", "yes", "on", "truee", "maybe"])
def test_switch_that_cannot_is_off_with_a_note(value: str) -> None:
    on, notes = switch(value)
    assert on is False
    assert notes == [f"The switch “on” is true or false, not “{value}”: it is off."]


@pytest.mark.parametrize("value", ["2026-04-01", " 2026-04-01 "])
def test_day_with_readings_is_taken(value: str) -> None:
    assert day(value) == (MIDDLE, [])


@pytest.mark.parametrize(
    ("value", "shown", "asked"),
    [
        ("2026-05-09", MIDDLE, "9 May 2026"),
        ("2026-05-11", LAST, "11 May 2026"),
        ("2026-03-20", FIRST, "20 March 2026"),
        ("0001-01-01", FIRST, "1 January 1"),
        ("1677-09-20", FIRST, "20 September 1677"),
        ("9999-12-31", LAST, "31 December 9999"),
    ],
)
def test_day_without_readings_is_the_last_before_with_a_note(
    value: str, shown: pd.Timestamp, asked: str
) -> None:
    found, (note,) = day(value)
    assert found == shown
    assert note.startswith(f"There is no reading of {asked}: ")
    assert note.endswith("The readings run from 21 March 2026 to 10 May 2026.")


@pytest.mark.parametrize(
    "value",
    [
        *("2026-05", "2026", "2026-02-30", "2026-13-01", "0000-01-01", "10000-01-01", "2026-5-10"),
        *("10.05.2026", "05/10/2026", "now", "today", "yesterday", "5", "-2026-05-1", "2026-05-1x"),
        *("２０２６-０５-１０", "2026−05−10", "2026-05-10T00:00", "2026-05-10\x00", "NaT"),
        "9" * 10_000,
    ],
)
def test_what_is_no_date_falls_back_with_a_note(value: str) -> None:
    found, (note,) = day(value)
    assert found == LAST
    assert note.endswith("is not a date of the form 2026-05-10: 10 May 2026 is shown.")


def test_last_of_several_days_counts() -> None:
    found, notes = day("2026-05-10", "2026-04-01")
    assert found == MIDDLE
    assert notes == ["The address gives “day” more than once: “2026-04-01” counts."]


def test_gives_is_exact() -> None:
    address = Address({"view": ["Share"], "many": ["a", "b"]})
    assert address.gives("view", "Share")
    assert not address.gives("view", "share")
    assert address.gives("many", "a", "b")
    assert not address.gives("many", "b", "a")
    assert not address.gives("absent", "Share")
    assert address.gives("absent")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("a" * 60, "a" * 60),
        ("a" * 61, "a" * 60 + "…"),
        ("a\nb\rc\x00", "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c\ufffd"),
        ("\u202eevil\u2066\u200f", "\ufffdevil\ufffd\ufffd"),
        ("<b>*x*</b>", "<b>*x*</b>"),
    ],
)
def test_quoted(value: str, expected: str) -> None:
    assert quoted(value) == expected


NEAR = st.sampled_from(["Share", "share", "true", "2026-04-01", "2026-05", "0001-01-01", ""])
VALUES = st.lists(st.text() | NEAR | st.dates().map(str) | st.just("x" * 10_000), max_size=4)


@given(VALUES)
def test_any_address_gives_what_exists_and_notes_that_can_be_shown(values: list[str]) -> None:
    address = Address({"view": values, "on": values, "day": values})
    assert address.choice("view", OPTIONS, "Share", "view") in OPTIONS
    chosen = address.choices("view", OPTIONS, "view")
    assert set(chosen) <= set(OPTIONS)
    assert len(set(chosen)) == len(chosen)
    assert address.switch("on") in {True, False}
    assert address.day("day", DAYS, LAST) in DAYS
    for note in address.notes:
        assert note.isprintable()
        assert len(note) < 400


@given(st.text())
def test_quoted_is_short_printable_and_on_one_line(value: str) -> None:
    assert quoted(value).isprintable()
    assert len(quoted(value)) <= 61


def test_ten_thousand_unknown_choices_do_not_fill_the_page() -> None:
    _, notes = choices(*(f"unknown {number}" for number in range(10_000)))
    assert len(notes) == 1
    assert "unknown 0" in notes[0]
    assert "9,99" in notes[0]
    assert len(notes[0]) < 400

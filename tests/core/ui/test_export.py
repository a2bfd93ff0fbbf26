from __future__ import annotations

import csv as reader
from dataclasses import replace
from io import StringIO

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ui.export import Facts, csv, defused

FACTS = Facts("A list", "2026-05-10", "official only", "MIT", ("It grows.", "It lags."))
TOLD = {
    "source": "A list",
    "as_of": "2026-05-10",
    "basis": "official only",
    "licence_of_figures": "MIT",
    "cautions": "It grows. It lags.",
}


def parsed(content: bytes) -> list[dict[str, str]]:
    """The rows as the csv module reads them."""
    return list(reader.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_file_begins_with_the_mark_of_utf_8() -> None:
    assert csv(pd.DataFrame({"a": ["ä"]}), FACTS).startswith(b'\xef\xbb\xbf"a","source",')


def test_cells_are_those_of_the_frame() -> None:
    frame = pd.DataFrame(
        {
            "family": ["Qwen", "模型"],
            "count": pd.Series([2**53 + 1, None], dtype="Int64"),
            "share": [0.25, None],
            "day": pd.to_datetime(["2026-05-10", None]),
            "gated": pd.Series([True, None], dtype="boolean"),
        }
    )
    first, second = parsed(csv(frame, FACTS))
    assert list(first.values())[:5] == ["Qwen", "9007199254740993", "0.25", "2026-05-10", "True"]
    assert list(second.values())[:5] == ["模型", "", "", "", ""]


def test_every_row_says_where_it_is_from() -> None:
    rows = parsed(csv(pd.DataFrame({"a": [1, 2, 3]}), FACTS))
    assert rows == [{"a": str(number), **TOLD} for number in (1, 2, 3)]


def test_columns_that_the_rows_bring_are_kept() -> None:
    frame = pd.DataFrame({"as_of": ["2025"], "source": ["someone"]})
    assert parsed(csv(frame, FACTS)) == [{**TOLD, "as_of": "2025", "source": "someone"}]


def test_file_without_rows_still_names_its_columns() -> None:
    text = csv(pd.DataFrame({"a": []}), FACTS).decode("utf-8-sig")
    assert text == '"a","source","as_of","basis","licence_of_figures","cautions"\r\n'


def test_index_of_the_frame_is_left_out() -> None:
    frame = pd.DataFrame({"a": [7]}, index=["x"])
    assert next(iter(parsed(csv(frame, FACTS))[0].items())) == ("a", "7")


def test_frame_is_left_as_it_was() -> None:
    frame = pd.DataFrame({"a": ["=1+1"]})
    csv(frame, FACTS)
    assert frame.to_dict("list") == {"a": ["=1+1"]}


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\rx",
        "\nx",
        '=HYPERLINK("x")',
        "-",
        "=",
        " =1",
        '"=1"',
        "\uff1d1+1",
        "\uff0b1",
        "\uff0d1",
        "\uff20x",
        "=1+1" + "x" * 10_000,
    ],
)
def test_formulas_are_defused(text: str) -> None:
    assert defused(text) == "'" + text
    assert parsed(csv(pd.DataFrame({"a": [text]}), FACTS))[0]["a"] == "'" + text


@pytest.mark.parametrize(
    "text", ["", "Qwen", "1+1", " x", "'=1", "a=b", "−1", "5-3", "a; b", "a -b"]
)
def test_other_text_is_left_alone(text: str) -> None:
    assert defused(text) == text


def test_facts_are_defused_too() -> None:
    facts = Facts("=evil()", "-1", "@x", "+y", ())
    row = parsed(csv(pd.DataFrame({"a": [1]}), facts))[0]
    assert list(row.values()) == ["1", "'=evil()", "'-1", "'@x", "'+y", ""]


def test_numbers_are_not_taken_for_formulas() -> None:
    assert parsed(csv(pd.DataFrame({"a": [-0.5]}), FACTS))[0]["a"] == "-0.5"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x;=1+1", "x;'=1+1"),
        ("x; =1+1", "x; '=1+1"),
        ('x;""=1+1', 'x;""\'=1+1'),
        ("x\n=1+1", "x\n'=1+1"),
        ("x\r\n@y;-z", "x\r\n'@y;'-z"),
        ("\r=1", "'\r'=1"),
        (";=1", ";'=1"),
    ],
)
def test_formulas_after_what_elsewhere_ends_a_cell_are_defused(text: str, expected: str) -> None:
    assert defused(text) == expected


def test_spreadsheet_that_ends_cells_at_semicolons_runs_nothing_either() -> None:
    frame = pd.DataFrame({"number": [-1], "cell": ['x;=1+1;""@y\n-z']})
    text = csv(frame, FACTS).decode("utf-8-sig")
    for row in reader.reader(StringIO(text, newline=""), delimiter=";"):
        # The number stands first in its line, and is one.
        assert not any(cell.startswith(STARTS) for cell in row if not cell.startswith("-1,"))


def test_text_in_a_column_of_any_kind_is_defused() -> None:
    frame = pd.DataFrame(
        {"mixed": pd.Series(["=1", -1, None], dtype="object"), "kind": pd.Categorical(["@x"] * 3)}
    )
    rows = parsed(csv(frame, FACTS))
    assert [(row["mixed"], row["kind"]) for row in rows] == [
        ("'=1", "'@x"),
        ("-1", "'@x"),
        ("", "'@x"),
    ]


def test_text_is_in_quotes_and_numbers_are_not() -> None:
    frame = pd.DataFrame({"text": ["a; b"], "number": [-7], "real": [0.5], "yes": [True]})
    text = csv(frame, Facts("s", "d", "b", "l")).decode("utf-8-sig").splitlines()[1]
    assert text == '"a; b",-7,0.5,True,"s","d","b","l",""'


def test_long_runs_of_line_ends_take_no_time() -> None:
    text = "x" + '\n;" ' * 250_000
    assert defused(text) == text


STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
CELLS = st.text() | st.builds(
    "".join, st.lists(st.sampled_from(['"', ",", ";", "\n", "\r", "=", "x"]))
)


@given(st.lists(CELLS, min_size=1))
def test_any_text_comes_back_and_nothing_can_be_run(cells: list[str]) -> None:
    frame = pd.DataFrame({"cell": pd.Series(cells, dtype="str"), "end": 1})
    found = parsed(csv(frame, FACTS))
    assert [row["end"] for row in found] == ["1"] * len(cells)
    for row, cell in zip(found, cells, strict=True):
        if not {";", "\r", "\n"} & set(cell):
            assert row["cell"] in {cell, "'" + cell}
        assert row["cell"].replace("'", "") == cell.replace("'", "")
        assert not row["cell"].startswith(STARTS)


@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_any_count_comes_back(counts: list[int | None]) -> None:
    found = parsed(csv(pd.DataFrame({"count": pd.Series(counts, dtype="Int64")}), FACTS))
    assert [row["count"] for row in found] == ["" if one is None else str(one) for one in counts]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_any_measure_comes_back_exactly(measures: list[float]) -> None:
    found = parsed(csv(pd.DataFrame({"measure": measures}), FACTS))
    assert [float(row["measure"]) for row in found] == measures


def test_column_that_may_not_be_passed_on_is_left_out() -> None:
    frame = pd.DataFrame({"quarter": ["2026-06"], "revenue": [98765.0], "downloads": [7]})
    facts = replace(FACTS, withheld=("revenue", "not there"))
    text = csv(frame, facts).decode("utf-8-sig")
    assert "revenue" not in text
    assert "98765" not in text
    assert '"2026-06",7,' in text

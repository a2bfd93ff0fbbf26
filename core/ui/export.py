"""CSV that still says what it is after it has left the site."""

from __future__ import annotations

import re
from csv import QUOTE_NONNUMERIC
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_FORMULA: Final = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
"""What begins a formula, also in full width, which some spreadsheets take for the same."""

_STARTS_FORMULA: Final = re.compile(rf"""[\s"]*+{_FORMULA}|[\t\r\n]""")
_FORMULA_WITHIN: Final = re.compile(rf"""(?<![;\s"])[;\s"]++(?={_FORMULA})""")
_ENDS_CELL: Final = frozenset(";\r\n")
"""What ends a cell where a spreadsheet expects semicolons, as in much of Europe."""


@dataclass(frozen=True)
class Facts:
    """What a reader has to know to quote a figure.

    ``withheld`` names columns that are shown but may not be passed on as a file.
    """

    source: str
    as_of: str
    basis: str
    licence: str
    cautions: Sequence[str] = ()
    withheld: Sequence[str] = ()


def csv(frame: pd.DataFrame, facts: Facts) -> bytes:
    """``frame`` as CSV in UTF-8, each row with source, as-of, basis and licence.

    They are columns, not comments, so that every spreadsheet and program reads
    the file; a column that the rows bring themselves is kept, unless it is withheld. Text that a
    spreadsheet would take for a formula is defused with an apostrophe, and all
    text is in quotes: some spreadsheets would end a cell at a semicolon.
    """
    told = {
        "source": facts.source,
        "as_of": facts.as_of,
        "basis": facts.basis,
        "licence_of_figures": facts.licence,
        "cautions": " ".join(facts.cautions),
    }
    given = frame.drop(columns=[name for name in facts.withheld if name in frame])
    out = given.assign(**{name: text for name, text in told.items() if name not in given})
    for name in out.columns:
        kind = out[name].dtype
        if not (is_numeric_dtype(kind) or is_datetime64_any_dtype(kind)):
            out[name] = out[name].map(_defused_if_text, na_action="ignore")
    # The mark at the start tells spreadsheets that the file is UTF-8.
    text = out.to_csv(index=False, lineterminator="\r\n", quoting=QUOTE_NONNUMERIC)
    return text.encode("utf-8-sig")


def defused(text: str) -> str:
    """``text``, with an apostrophe before what a spreadsheet would run."""
    within = _FORMULA_WITHIN.sub(_with_apostrophe, text)
    return f"'{within}" if _STARTS_FORMULA.match(text) else within


def _with_apostrophe(run: re.Match[str]) -> str:
    return run[0] + "'" * (not _ENDS_CELL.isdisjoint(run[0]))


def _defused_if_text(value: object) -> object:
    return defused(value) if isinstance(value, str) else value

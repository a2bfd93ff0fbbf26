"""CSV that still says what it is after it has left the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

_STARTS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Facts:
    """What a reader has to know to quote a figure."""

    source: str
    as_of: str
    basis: str
    licence: str
    cautions: Sequence[str] = ()


def csv(frame: pd.DataFrame, facts: Facts) -> bytes:
    """``frame`` as CSV in UTF-8, each row with source, as-of, basis and licence.

    They are columns, not comments, so that every spreadsheet and program reads
    the file; a column that the rows bring themselves is kept. Text that a
    spreadsheet would take for a formula is defused with an apostrophe.
    """
    told = {
        "source": facts.source,
        "as_of": facts.as_of,
        "basis": facts.basis,
        "licence_of_figures": facts.licence,
        "cautions": " ".join(facts.cautions),
    }
    out = frame.assign(**{name: text for name, text in told.items() if name not in frame})
    for name in out.columns:
        if pd.api.types.is_string_dtype(out[name].dtype):
            out[name] = out[name].map(defused, na_action="ignore")
    # The mark at the start tells spreadsheets that the file is UTF-8.
    return out.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def defused(text: str) -> str:
    """``text``, with an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text

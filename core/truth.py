"""Prints the truth table: ``python -m core.truth``.

Every published figure beside what the loaded data say of it: claimed, measured,
difference, basis and reason. ``--told`` leaves out what cannot be told.
"""

from __future__ import annotations

import argparse
import sys
from textwrap import shorten
from typing import TYPE_CHECKING, Final

from core.draw import claims as claims_words
from core.draw import claims_truth as said
from core.draw import words
from core.errors import GroundswellError
from core.measure.claims import UNTOLD
from core.store.store import Store
from core.ui.claims_data import published, verdicts
from core.ui.site import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    import pandas as pd

_WIDTHS: Final = {
    "publisher": 24,
    "text": 44,
    "claimed": 30,
    "measured": 30,
    "difference": 28,
    "basis": 30,
    "verdict": 24,
    "reason": 100,
}
"""Columns of the printed table and how many characters each may take."""


def table(rows: pd.DataFrame) -> str:
    """``rows`` of ``truth_rows`` as text, a line a figure, in columns as wide as their text."""
    cells = {
        name: [name, *(_fitted(str(value), wide) for value in rows[name])]
        for name, wide in _WIDTHS.items()
    }
    widths = {name: max(map(len, column)) for name, column in cells.items()}
    lines = [
        "  ".join(cells[name][at].ljust(widths[name]) for name in _WIDTHS).rstrip()
        for at in range(len(rows) + 1)
    ]
    lines.insert(1, "  ".join("-" * widths[name] for name in _WIDTHS))
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None, out: TextIO | None = None) -> int:
    """Print the table and return the exit code: 0, or 1 where the data cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m core.truth", description=__doc__)
    parser.add_argument("--told", action="store_true", help="only what the data settle")
    chosen = parser.parse_args(arguments)
    out = out or sys.stdout
    try:
        site = Site(Store.from_environment())
        site.frame("milestones")
        every = published(site)
        shown = [one for one in every if one.outcome != UNTOLD] if chosen.told else every
        lines = [
            table(said.truth_rows(shown)),
            "",
            said.truth_sentence(every),
            claims_words.headline(verdicts(site)),
        ]
    except GroundswellError as error:
        out.write(f"{error.sentence} {error.advice}".strip() + "\n")
        return 1
    out.write("\n".join(lines) + "\n")
    return 0


def _fitted(text: str, wide: int) -> str:
    """Outside text on one line of at most ``wide`` characters, printable."""
    return words.quoted(shorten(text, wide, placeholder="…"), wide)


if __name__ == "__main__":
    raise SystemExit(main())

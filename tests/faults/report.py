"""The matrix printed as a table, with the outcome of every cell that was run."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from tests.faults.matrix import MATRIX

if TYPE_CHECKING:
    import pytest

_PRINTED = "fault matrix printed"


def summary(reporter: pytest.TerminalReporter) -> None:
    """Print the table, once, where any cell was run; reports reach here from every worker."""
    ran: dict[tuple[str, str], dict[str, Any]] = {}
    for report in chain.from_iterable(reporter.stats.values()):
        for name, cell in getattr(report, "user_properties", ()):
            if name == "fault cell" and getattr(report, "when", "") == "call":
                ran[cell["fault"], cell["source"]] = cell | {"held": report.outcome}
    if not ran or getattr(reporter.config, "_" + _PRINTED.replace(" ", "_"), False):
        return
    setattr(reporter.config, "_" + _PRINTED.replace(" ", "_"), True)
    reporter.section("The fault matrix")
    heads = ("fault", "source", "exit", "outcome", "s", "store", "next", "held")
    line = "{:<34} {:<8} {:>4} {:<18} {:>5} {:<10} {:<9} {}"
    reporter.line(line.format(*heads))
    for row in MATRIX:
        for source, arrange in row.at.items():
            cell = ran.get((row.fault, source))
            if isinstance(arrange, str):
                reporter.line(f"{row.fault:<34} {source:<8}  n/a {arrange}")
            elif cell is None:
                reporter.line(f"{row.fault:<34} {source:<8}    - not run")
            else:
                told = (row.fault, source, cell["exit"], cell["outcome"], cell["seconds"])
                rest = (cell.get("store", "?"), cell.get("next", "?"), cell["held"])
                reporter.line(line.format(*told, *rest))
    reporter.line("")
    reporter.line("What a reader is told:")
    for (fault, source), cell in ran.items():
        reporter.line(f"{fault}, {source}: {cell.get('reader') or cell['sentence']}")
    held = sum(cell["held"] == "passed" for cell in ran.values())
    reporter.line("")
    reporter.line(f"{held} of {len(ran)} cells as they should be.")

"""What really happened to the share on 12 January 2026, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.draw import words

if TYPE_CHECKING:
    from core.schemas import WorkedExample


def story(example: WorkedExample) -> list[str]:
    """The reported price as what it was, and the closes beside it.

    Plain text: it holds dollar signs, which Markdown would take for formulas.
    """
    closes, by_day = example.closes, dict(example.closes)
    day = example.at.date()
    before = max(session for session, _ in closes if session < day)
    rise = by_day[day] / by_day[before] - 1
    reported = example.price / by_day[before] - 1
    listed = ", ".join(f"{session.day} {session:%b} ${close:.2f}" for session, close in closes)
    return [
        (
            f"The news spoke of ${example.price:.2f}. That was a price at {example.at:%H:%M} in "
            f"New York, while trading went on: {words.change(reported)} on the close before."
        ),
        (
            f"At the close of {words.day(day)} the share stood at ${by_day[day]:.2f}, "
            f"{words.change(rise)} on the day before."
        ),
        f"Closes: {listed}.",
    ]

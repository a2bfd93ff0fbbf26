"""What the address asks for, checked: the whole view is in the link.

Values come from anybody. Each is matched against what exists; what does not
exist falls back to the default with a note, and never raises.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.draw import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LONGEST_QUOTE: Final = 60
_MOST_NAMED: Final = 3


class Address:
    """Reads values from a query string and collects notes on those it refused.

    ``values`` holds every value of a repeated key, in order. A note quotes
    outside text: show it as text, never as Markdown.
    """

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values
        self.notes: list[str] = []

    def gives(self, key: str, *values: str) -> bool:
        """Whether the address gives ``key`` exactly these values, letter by letter."""
        return tuple(self._values.get(key, ())) == values

    def choice(self, key: str, options: Sequence[str], default: str, noun: str) -> str:
        """One of ``options``, each a ``noun``, whatever the case; the last if repeated."""
        value = self._single(key)
        if not value:
            return default
        match = _match(value, options)
        if match is None:
            self.notes.append(f"There is no {noun} “{quoted(value)}”: “{default}” is shown.")
            return default
        return match

    def choices(self, key: str, options: Sequence[str], noun: str) -> list[str]:
        """Those of ``options``, each a ``noun``, that are asked for; maybe none.

        Case matters here, as it does to the control that takes these values.
        """
        asked = dict.fromkeys(value for value in self._values.get(key, ()) if value)
        unknown = [f"“{quoted(value)}”" for value in asked if value not in options]
        if len(unknown) > _MOST_NAMED:
            unknown = [*unknown[:_MOST_NAMED], f"{len(unknown) - _MOST_NAMED:,} more"]
        if unknown:
            verb = "it is" if len(unknown) == 1 else "they are"
            self.notes.append(f"There is no {noun} {words.listing(unknown)}: {verb} left out.")
        return [value for value in asked if value in options]

    def switch(self, key: str) -> bool:
        """Whether ``key`` is true; anything but true and false is refused."""
        value = self._single(key).lower()
        if value not in {"", "true", "false"}:
            self.notes.append(
                f"The switch “{key}” is true or false, not “{quoted(value)}”: it is off."
            )
        return value == "true"

    def day(self, key: str, days: Sequence[pd.Timestamp], default: pd.Timestamp) -> pd.Timestamp:
        """One of ``days`` (ascending): the one asked for, or the last before it."""
        value = self._single(key)
        if not value:
            return default
        named = full_date(value)
        if named is None:
            self.notes.append(
                f"“{quoted(value)}” is not a date of the form 2026-05-10: "
                f"{words.day(default)} is shown."
            )
            return default
        asked = pd.Timestamp(named)
        if asked in days:
            return asked
        earlier = [day for day in days if day < asked]
        nearest = earlier[-1] if earlier else days[0]
        self.notes.append(
            f"There is no reading of {words.day(asked)}: {words.day(nearest)} is shown. "
            f"The readings run from {words.day(days[0])} to {words.day(days[-1])}."
        )
        return nearest

    def _single(self, key: str) -> str:
        values = [value for value in self._values.get(key, ()) if value]
        if len(set(values)) > 1:
            self.notes.append(
                f"The address gives “{key}” more than once: “{quoted(values[-1])}” counts."
            )
        return values[-1].strip() if values else ""


def quoted(value: str) -> str:
    """``value`` short enough to stand in a sentence, on one line, printable."""
    line = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for character in value[: _LONGEST_QUOTE + 1]
    )
    return line if len(line) <= _LONGEST_QUOTE else line[:_LONGEST_QUOTE] + "…"


def _match(value: str, options: Sequence[str]) -> str | None:
    wanted = value.strip().casefold()
    return next((option for option in options if option.casefold() == wanted), None)


def full_date(value: str) -> date | None:
    """A full date, year first. Python alone would also take "20260112" and weeks."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None

"""What the lines of a refresh say. They come from outside this process and may be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.draw import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_LONGEST: Final = 400
"""Longest sentence of the process that is shown, in characters."""

_MOST: Final = 10**13
"""More than this is no number of anything here."""

_IN_BYTES: Final = ", bytes"
"""A step of this ending counts bytes."""


@dataclass(frozen=True)
class Progress:
    """How far the refresh is. ``fraction`` is of the step at hand, 0 to 1.

    ``words`` come from the process and are shown as text.
    """

    words: str = "Starting"
    fraction: float = 0.0
    requests: int = 0
    seconds_left: float | None = None


@dataclass(frozen=True)
class Ending:
    """How a refresh ended: "ok", "failed", "busy", "cancelled", "late" or "lost"."""

    outcome: str
    message: str
    at: datetime


def progress(said: Mapping[str, object]) -> Progress:
    """How far the refresh is, of a line of kind "step"; what is missing or odd is left out."""
    done, total = _number(said, "done"), _number(said, "total")
    requests, left = _number(said, "requests") or 0, _number(said, "seconds_left")
    step = sentence(said, "step")
    in_bytes = step.endswith(_IN_BYTES)
    step = step.removesuffix(_IN_BYTES)
    if step[1:2].islower():
        step = step[0].lower() + step[1:]
    parts = [f"{sentence(said, 'name') or 'Refresh'}: {step or 'at work'}"]
    if total:
        told = words.size if in_bytes else "{:,.0f}".format
        parts.append(f"{told(int(done or 0))} of {told(int(total))}")
    if requests:
        parts.append(words.plural(int(requests), "request"))
    fraction = min((done or 0) / total, 1.0) if total else 0.0
    return Progress(", ".join(parts), fraction, int(requests), left)


def sentence(said: Mapping[str, object], name: str) -> str:
    """The text called ``name``, on one line, without what cannot be printed; "" without."""
    value = said.get(name)
    text = " ".join(value.split()) if isinstance(value, str) else ""
    text = "".join(letter for letter in text if letter.isprintable())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _number(said: Mapping[str, object], name: str) -> float | None:
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if 0 <= value < _MOST else None

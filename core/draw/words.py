"""Numbers, days and ages as a reader says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_THOUSAND = 1_000
_MILLION = 1_000_000
_BILLION = 1_000_000_000
_THOUSANDTH = 0.001


def count(number: float) -> str:
    """419439489 → "419.4 million"; below a million the figure itself, 3.75 → "3.75"."""
    if number >= _BILLION:
        return f"{number / _BILLION:.2f} billion"
    if number >= _MILLION:
        text = f"{number / _MILLION:.1f} million"
        return "1.00 billion" if text == "1000.0 million" else text
    return _plain(number)


def short(number: float) -> str:
    """419439489 → "419.4M", for the narrow space beside a bar."""
    if number < _THOUSAND:
        return _plain(number)
    for size, letter in ((_THOUSAND, "k"), (_MILLION, "M")):
        # What rounds to a thousand of a unit is one of the next.
        if round(number / size, 1) < _THOUSAND:
            return f"{number / size:.1f}".removesuffix(".0") + letter
    return f"{number / _BILLION:.1f}".removesuffix(".0") + "B"


def _plain(number: float) -> str:
    """The number with thousands apart and at most two decimals."""
    text = f"{number:,.2f}"
    return text.rstrip("0").rstrip(".")


def size(number: int) -> str:
    """Bytes in kB, MB or GB of a thousand each: 1,234,567 is 1.2 MB."""
    for unit, large in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= large:
            return f"{number / large:,.1f} {unit}"
    return plural(number, "byte")


def percent(share: float) -> str:
    """0.4458 → "44.6%"; what would round to nothing is "under 0.1%"."""
    if 0 < share < _THOUSANDTH:
        return "under 0.1%"
    return f"{100 * share:.1f}%"


def change(ratio: float) -> str:
    """0.199 → "+19.9%", -0.1 → "−10.0%", with a true minus sign."""
    text = f"{100 * ratio:+.1f}%"
    return text.replace("-", "\N{MINUS SIGN}")


def day(moment: date) -> str:
    """2026-05-10 → "10 May 2026"."""
    return f"{moment.day} {moment:%B} {moment.year}"


def iso(moment: date) -> str:
    """2026-05-10 → "2026-05-10"."""
    return f"{moment:%Y-%m-%d}"


def age(then: date, now: date) -> str:
    """How long ago ``then`` was, in days up to two months, else in months."""
    days = (pd.Timestamp(now).normalize() - pd.Timestamp(then).normalize()).days
    if days < 0:
        return "in the future"
    if days == 0:
        return "today"
    if days == 1:
        return "yesterday"
    if days <= 60:  # noqa: PLR2004 - people count in days up to about two months
        return f"{days} days ago"
    return f"{round(days / 30.44)} months ago"


def quoted(text: str, longest: int) -> str:
    """Outside text in a line of ours: short, and nothing in it that turns the line around."""
    shown = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in shown)


def listing(names: Sequence[str]) -> str:
    """["a", "b", "c"] → "a, b and c"."""
    *most, last = names or [""]
    return f"{', '.join(most)} and {last}" if most else last


def plural(number: int, one: str, many: str = "") -> str:
    """(1, "model") → "1 model"; (4, "model") → "4 models"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"

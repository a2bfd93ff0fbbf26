"""Dates in running text: December 2025, 12 January 2026, 2025年12月, 2026-01-12."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from core.measure.claims_terms import span

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january januar jan", "february februar feb", "march märz mar", "april apr",
            "may mai", "june juni jun", "july juli jul", "august aug",
            "september sept sep", "october oktober oct okt", "november nov",
            "december dezember dec dez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR: Final = r"(?:19|20)[0-9]{2}"
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![0-9-])(?P<year>{_YEAR})-(?P<number>[0-9]{{2}})(?:-(?P<day>[0-9]{{2}}))?(?![0-9-])",
        rf"(?P<year>{_YEAR})\s*年(?:\s*(?P<number>[0-9]{{1,2}})\s*月(?:\s*(?P<day>[0-9]{{1,2}})\s*[日号])?)?",
        rf"(?<![0-9])(?P<day>[0-9]{{1,2}})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?(?P<name>{_MONTH})\b\.?,?\s+(?P<year>{_YEAR})\b",
        rf"\b(?P<name>{_MONTH})\b\.?\s+(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>{_YEAR})\b",
        rf"\b(?P<name>{_MONTH})\b\.?,?\s+(?:of\s+)?(?P<year>{_YEAR})\b",
        rf"(?<![0-9])(?P<day>[0-9]{{1,2}})(?:\.|st|nd|rd|th)?\s+(?P<name>{_MONTH})\b",
        rf"\b(?P<name>{_MONTH})\b(?:\s+(?P<day>[0-9]{{1,2}})\b)?",
        r"(?<![0-9年])(?P<number>[0-9]{1,2})\s*月(?:\s*(?P<day>[0-9]{1,2})\s*[日号])?",
        rf"(?:in|im|of|year|Jahr)\s+(?P<year>{_YEAR})\b",
        r"(?P<vague>(?:last|this) (?:month|year)|上个?月|去年|今年|本月|yesterday|today)",
    )
)


@dataclass(frozen=True)
class Dated:
    """A date found in a text: ``period`` as claims write it, or why there is none."""

    period: str
    text: str
    start: int
    end: int
    unclear: str = ""


def dates(text: str) -> list[Dated]:
    """Every date in ``text``, in order. A month without its year is unclear, not this year's."""
    found: list[Dated] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < one.end and one.start < match.end() for one in found):
                continue
            if match[0].strip().casefold() in _NO_MONTHS and not _capital(match[0]):
                continue
            found.append(_dated(match))
    return sorted(found, key=lambda one: one.start)


_NO_MONTHS: Final = frozenset({"may", "march", "mar", "mai", "sep", "dec", "jan", "jun", "jul"})
"""Words that are months only with a capital: "it may", "a march"."""


def _capital(word: str) -> bool:
    return word.strip()[:1].isupper()


def _dated(match: re.Match[str]) -> Dated:
    parts = {name: value for name, value in match.groupdict().items() if value}
    where = (match[0].strip(), match.start(), match.end())
    if "vague" in parts:
        return Dated("", *where, f"“{where[0]}” does not say which month or day is meant.")
    number = parts.get("number") or str(_MONTHS.get(parts.get("name", "").casefold(), ""))
    if "year" not in parts:
        return Dated("", *where, f"“{where[0]}” does not say of which year.")
    pieces = [parts["year"], number.zfill(2) if number else "", parts.get("day", "").zfill(2)]
    period = "-".join(piece for piece in pieces if piece not in {"", "00"})
    if span(period) is None:
        return Dated("", *where, f"“{where[0]}” is no date of the calendar.")
    return Dated(period, *where)

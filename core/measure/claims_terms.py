"""The terms of a claim: what is measured, how figures are compared, which dates are meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import floor, inf, log10
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from datetime import date

ALL_TIME: Final = "all-time downloads"
PERIOD: Final = "downloads in a period"
DERIVATIVES: Final = "derivatives"
SHARE: Final = "share of downloads"
RANK: Final = "rank"
CROSSING: Final = "month of overtaking"
PRICE: Final = "price change"
COUNTER: Final = "30-day counter"
MEASURES: Final = (ALL_TIME, PERIOD, DERIVATIVES, SHARE, RANK, CROSSING, PRICE, COUNTER)
"""What a claim can be about. Only ``COUNTER`` is settled by the Hub's 30-day counter."""

MORE: Final = "more than"
AT_LEAST: Final = "at least"
SAYS: Final = "exactly"
ABOUT: Final = "about"
NEARLY: Final = "nearly"
AT_MOST: Final = "at most"
LESS: Final = "less than"
RELATIONS: Final = (MORE, AT_LEAST, SAYS, ABOUT, NEARLY, AT_MOST, LESS)

BEYOND: Final = "beyond the Hub"
"""Basis of a publisher who counts other places than the Hub as well, or does not say which."""

TOLERANCE: Final = 0.05
"""How far, as a share of itself, a round figure may be from what it stands for."""

_ROUNDING: Final = 1e-9
"""What arithmetic with floating-point numbers may add, as a share."""


@dataclass(frozen=True)
class Band:
    """The figures for which a claim holds: from ``low`` to ``high``.

    ``low_open`` and ``high_open`` say that the end itself does not count.
    """

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def has(self, value: float) -> bool:
        """Whether ``value`` lies in the band."""
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return above and below

    def outcome(self, low: float, high: float) -> bool | None:
        """Whether the claim holds for a figure known to lie from ``low`` to ``high``.

        None where it depends on where between them the figure lies.
        """
        if self.has(low) and self.has(high):
            return True
        short = high < self.low or (self.low_open and high == self.low)
        beyond = low > self.high or (self.high_open and low == self.high)
        return False if short or beyond else None


def half_of_last_digit(value: float) -> float:
    """Half a unit of the last digit of ``value`` that is not zero: 9.8 → 0.05.

    A figure is printed rounded to some digit, and says nothing finer.
    """
    if not value:
        return 0.5
    # Fifteen digits are what a floating-point number holds without noise.
    digits = f"{abs(value):.14e}".partition("e")[0].replace(".", "").rstrip("0")
    return 0.5 * float(10.0 ** (floor(log10(abs(value))) - len(digits) + 1))


def band(relation: str, value: float, *, whole: bool = False) -> Band:
    """For which figures "``relation`` ``value``" holds; the tolerance of each word.

    - more than, at least, less than, at most: the figure itself, no tolerance
    - exactly, as printed: what rounds to it at its last digit that is not zero,
      but never further than 5 %: "700 million" is 665 to 735 million
    - about: 5 % on each side, or half of the last digit where that is more
    - nearly: from 5 % below to half of the last digit above, at most 5 %

    With ``whole`` the figures are places or months: these words then mean it
    exactly, and "about" and "nearly" one on the side they name.
    """
    slack = abs(value) * _ROUNDING
    share = 1.0 if whole else abs(value) * TOLERANCE
    digit = 0.0 if whole else min(half_of_last_digit(value), share)
    wide = share if whole else max(share, half_of_last_digit(value))
    # Of a fall "nearly" means a smaller fall, so the side follows the sign.
    inner, outer = (share, digit) if value >= 0 else (digit, share)
    bands = {
        MORE: Band(value, inf, low_open=True),
        LESS: Band(-inf, value, high_open=True),
        AT_LEAST: Band(value - slack, inf),
        AT_MOST: Band(-inf, value + slack),
        ABOUT: Band(value - wide - slack, value + wide + slack),
        NEARLY: Band(value - inner - slack, value + outer + slack),
    }
    return bands.get(relation, Band(value - digit - slack, value + digit + slack))


@dataclass(frozen=True)
class Span:
    """A first and a last day, and how a period was written: day, month, year or days."""

    first: pd.Timestamp
    last: pd.Timestamp
    precision: str

    @property
    def days(self) -> int:
        """Days from first to last, both included."""
        return (self.last - self.first).days + 1


_WRITTEN: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_PRECISION: Final = {4: "year", 7: "month", 10: "day"}


def span(text: str) -> Span | None:
    """The days that ``text`` means: 2026-01-12, 2025-12, 2026 or 2026-01..2026-07.

    None where it means none, or where its end lies before its start.
    """
    first, dots, last = text.partition("..")
    begins = _bounds(first)
    ends = _bounds(last) if dots else begins
    if begins is None or ends is None or ends.last < begins.first:
        return None
    return Span(begins.first, ends.last, "days" if dots else begins.precision)


def month_number(day: date) -> int:
    """Months since year 0: 2025-09 → 24308. Months that follow each other differ by one."""
    return day.year * 12 + day.month - 1


def month_of(number: float) -> str:
    """24308 → "2025-09"."""
    year, month = divmod(round(number), 12)
    return f"{year}-{month + 1:02}"


def _bounds(text: str) -> Span | None:
    if not _WRITTEN.fullmatch(text):
        return None
    precision = _PRECISION[len(text)]
    try:
        first = pd.Timestamp(f"{text}{'-01' * ((10 - len(text)) // 3)}")
    except ValueError:
        return None
    ends = {
        "day": first,
        "month": first + pd.offsets.MonthEnd(0),
        "year": first + pd.offsets.YearEnd(0),
    }
    return Span(first, ends[precision], precision)

"""Figures in running text: 700 million, 1,5 Mio., 7亿, seven hundred million, 9.8 %."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SCALES: Final = {
    "thousand": 1e3,
    "k": 1e3,
    "tausend": 1e3,
    "tsd": 1e3,
    "million": 1e6,
    "millions": 1e6,
    "millionen": 1e6,
    "mio": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "billions": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "milliarde": 1e9,
    "milliarden": 1e9,
    "mrd": 1e9,
    "trillion": 1e12,
}
"""Scales of a figure. "Billion" is the English one; the German "Billion" is not read."""

_ENGLISH_SCALES: Final = frozenset(
    {"thousand", "million", "millions", "billion", "billions", "bn", "trillion"}
)
_CHINESE_SCALES: Final = {
    "十": 10.0,
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "萬": 1e4,
    "亿": 1e8,
    "億": 1e8,
}
_CHINESE_DIGITS: Final = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {
    "〇": 0,
    "两": 2,
    "兩": 2,
}
_ONES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH: Final = {name: number for number, name in enumerate(_ONES.split())} | {
    name: 10 * tens for tens, name in enumerate(_TENS.split(), start=2)
}
_NUMBER: Final = r"[0-9][0-9.,'’\u00a0\u202f]*[0-9]|[0-9]"
_SCALE: Final = "|".join(sorted(_SCALES, key=len, reverse=True))
_PERCENT: Final = r"%|％|per ?cent|percent|Prozent|个?百分点"
_DIGITS: Final = re.compile(
    rf"(?<![0-9A-Za-z.,_/-])(?P<sign>[-+\u2212])?(?P<number>{_NUMBER})"
    rf"(?:[ \u00a0\u202f-]?(?P<chinese>[十百千万萬亿億]+)"
    rf"|[ \u00a0\u202f-]?(?P<scale>{_SCALE})\b\.?)?"
    rf"(?:[ \u00a0\u202f]?(?P<percent>{_PERCENT}))?",
    re.IGNORECASE,
)
_CHINESE: Final = re.compile(
    rf"[{''.join(_CHINESE_DIGITS)}十百千][{''.join(_CHINESE_DIGITS)}十百千万萬亿億]*"
)
_WORD: Final = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_WORDS: Final = re.compile(
    rf"\b(?P<words>(?:(?:a|half a|{_WORD}|hundred)[ -](?:and )?)*(?:{_WORD}|a|half a|hundred))"
    r"[ -](?P<scale>hundred|thousand|million|billion)s?\b",
    re.IGNORECASE,
)
_GROUP: Final = 3


@dataclass(frozen=True)
class Number:
    """A figure found in a text: what it is worth, as written, and where it stands.

    ``value`` is None where it can be read in two ways; ``readings`` are these.
    """

    value: float | None
    text: str
    start: int
    end: int
    percent: bool = False
    scaled: bool = False
    readings: tuple[float, ...] = ()


def numbers(text: str) -> list[Number]:
    """Every figure in ``text``, in order. Digits of full width must be narrow already."""
    found = [_of_digits(match) for match in _DIGITS.finditer(text)]
    taken = [(number.start, number.end) for number in found]
    for pattern, reading in ((_CHINESE, _of_chinese), (_WORDS, _of_words)):
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            value = reading(match)
            if value is not None:
                found.append(Number(value, match[0], *match.span(), scaled=True))
    return sorted(found, key=lambda number: number.start)


def figure(text: str) -> Number | None:
    """The one figure that ``text`` is; None where it is none, or more than that."""
    found = numbers(text.strip())
    if len(found) != 1:
        return None
    rest = (text.strip()[: found[0].start] + text.strip()[found[0].end :]).strip(" +")
    return None if rest else found[0]


def _of_digits(match: re.Match[str]) -> Number:
    scale = _SCALES.get((match["scale"] or "").casefold(), 1.0)
    for sign in match["chinese"] or "":
        scale *= _CHINESE_SCALES[sign]
    turn = -1 if match["sign"] in {"-", "\N{MINUS SIGN}"} else 1
    english = (match["scale"] or "").casefold() in _ENGLISH_SCALES
    plain = _plain(match["number"], scaled=scale != 1, english=english)
    readings = tuple(turn * scale * number for number in plain)
    return Number(
        readings[0] if len(readings) == 1 else None,
        match[0].strip(),
        *match.span(),
        percent=bool(match["percent"]),
        scaled=scale != 1,
        readings=readings,
    )


def _plain(written: str, *, scaled: bool, english: bool) -> tuple[float, ...]:
    """What digits with points and commas can mean: 1,500 → 1500; 1,5 → 1.5.

    One separator with three digits after it is a group of thousands or a decimal
    sign. Before an English scale a point is a decimal sign ("2.061 billion"), and
    a comma alone parts thousands; elsewhere both are possible, and both are told.
    """
    digits = re.sub(r"['’\u00a0\u202f]", "", written)
    separators = re.findall(r"[.,]", digits)
    if not separators:
        return (float(digits),)
    last = separators[-1]
    whole, _, after = digits.rpartition(last)
    if len(set(separators)) > 1 and separators.count(last) == 1:
        return (float(f"{re.sub('[.,]', '', whole)}.{after}"),)
    groups = re.split(r"[.,]", digits)
    grouped = all(len(part) == _GROUP for part in groups[1:]) and 0 < len(groups[0]) <= _GROUP
    if len(separators) > 1:
        return (float("".join(groups)),) if grouped else (float("nan"),)
    decimal, thousands = float(f"{whole}.{after}"), float("".join(groups))
    if not grouped or groups[0] == "0":
        return (decimal,)
    if english:
        return (decimal,) if last == "." else (thousands,)
    return (thousands, decimal) if scaled or last == "." else (thousands,)


def _of_chinese(match: re.Match[str]) -> float | None:
    """三亿五千万 → 350,000,000. None where there is no scale in it: a lone digit is a word."""
    text = match[0]
    if not set(text) & set(_CHINESE_SCALES):
        return None
    total = section = digit = 0.0
    for sign in text:
        if sign in _CHINESE_DIGITS:
            digit = float(_CHINESE_DIGITS[sign])
            continue
        scale = _CHINESE_SCALES[sign]
        if scale < 1e4:  # noqa: PLR2004 - 万 closes a section
            section += (digit or 1.0) * scale
        else:
            # 亿 takes all before it, 万 only what stands since the last 亿.
            part = section + digit
            total = (total + part) * scale if scale > 1e4 else total + part * scale  # noqa: PLR2004
            section = 0.0
        digit = 0.0
    value = total + section + digit
    return value or None


def _of_words(match: re.Match[str]) -> float | None:
    scale = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9}
    number = 0.0
    said = match["words"].casefold().replace("half a", "half")
    for word in re.split(r"[ -]+", said):
        if word == "half":
            number += 0.5
        elif word == "a":
            number += 1
        elif word == "hundred":
            number = (number or 1) * 100
        elif word in _ENGLISH:
            number += _ENGLISH[word]
    return number * scale[match["scale"].casefold()] or None

"""A pasted text read by plain rules: families, figures, dates, measures.

Nothing is guessed silently: what a claim needs and the text does not say, or
says in two ways, is told.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.measure import claims_terms as terms
from core.measure import pasted_numbers
from core.measure.pasted_dates import Dated, dates
from core.schemas import Claim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measure.pasted_numbers import Number
    from core.schemas import Family

LONGEST: Final = 2_000
"""More characters than this are not one sentence, and are not read."""

_ALSO: Final = {
    "Qwen": ("Tongyi", "通义", "千问", "阿里"),
    "Llama": ("羊驼",),
    "DeepSeek": ("深度求索",),
    "GLM": ("ChatGLM", "Zhipu", "Z.ai", "智谱"),
    "Kimi": ("Moonshot", "月之暗面"),
    "ERNIE": ("文心", "百度"),
    "Hunyuan": ("混元", "腾讯"),
    "gpt-oss": ("OpenAI",),
}
"""Other names by which a family or its maker goes, besides those of makers.toml."""

_PLATFORM: Final = frozenset({"Hugging Face", "Hugging"})
"""Where models are downloaded from; a text that names it hardly means its own models."""

_LARGE: Final = 1_000
"""A bare number from here on is likely to be a count."""

_RELATIONS: Final = (
    (terms.AT_LEAST, r"at least|no less than|not less than|不少于|至少|mindestens"),
    (terms.AT_MOST, r"at most|no more than|not more than|up to|不超过|至多|höchstens"),
    (
        terms.NEARLY,
        r"nearly|almost|close to|接近|将近|近(?=\s*[0-9一二三四五六七八九十])|fast|beinahe|knapp",
    ),
    (
        terms.MORE,
        r"more than|over|above|exceed(s|ed|ing)?|surpass(es|ed|ing)?|passed|超过|突破|逾|mehr als",
    ),
    (terms.LESS, r"less than|fewer than|under|below|少于|低于|不到|weniger als|unter"),
    (terms.ABOUT, r"about|around|approximately|roughly|some(?= [0-9])|约|大约|左右|etwa|rund"),
)
_MEASURES: Final = (
    (
        terms.DERIVATIVES,
        r"derivatives?|variations?|variants?|fine-?tunes?|built on|衍生|变体|微调模型|Ableger",
    ),
    (
        terms.PRICE,
        r"shares? (?:rose|fell|jumped|climbed|gained|closed)|share price|stock|股价|股票|Aktie",
    ),
    (terms.SHARE, r"market share|share of (?:all )?downloads|份额|占比|Marktanteil"),
    (terms.RANK, r"most downloaded|number one|ranked|ranks|排名|第一名"),
    (terms.ALL_TIME, r"downloads?|downloaded|下载|heruntergeladen"),
)
_NEXT: Final = re.compile(
    r"(?:the )?next (?P<number>[0-9]{1,2}|two|three|four|five|six|seven|eight|nine|ten|fifteen)\b"
    r"|其后(?P<chinese>[二三四五六七八九十])|后(?P<later>[二三四五六七八九十])[名家位]",
    re.IGNORECASE,
)
_COUNTS: Final = (
    {
        name: number
        for number, name in enumerate(
            ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=2
        )
    }
    | dict(zip("二三四五六七八九十", range(2, 11), strict=True))
    | {"fifteen": 15}
)
_NO: Final = re.compile(
    r"\b(?:not|never|no longer|nicht|nie)\b|n't\b|没有|不是|并未|未能", re.IGNORECASE
)
_THAN: Final = re.compile(
    r"more than|fewer than|less than|ahead of|passed|overt(?:ook|aken)|超过|mehr als"
)
_MONEY: Final = re.compile(r"[$€£¥]\s*$|(?:USD|RMB|EUR)\s*$", re.IGNORECASE)
_MONEY_AFTER: Final = re.compile(r"^\s*(?:yuan|dollars?|euros?|RMB|USD|元|美元)", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """What was made of a text.

    ``claim`` is None where there is nothing to check; ``understood`` says what
    was found, each a kind and the words of the text; ``unclear`` are sentences
    on what was not understood, not used, or is missing.
    """

    claim: Claim | None
    understood: tuple[tuple[str, str], ...]
    unclear: tuple[str, ...]


def read(text: str, families: Sequence[Family]) -> Reading:
    """Find a claim in ``text``, in English or Chinese, or in German figures.

    Text of any kind is only ever looked at; markup in it means nothing.
    """
    if len(text) > LONGEST:
        return _nothing(
            f"That text has {len(text):,} characters. Paste one sentence, of at most "
            f"{LONGEST:,} characters."
        )
    plain = unicodedata.normalize("NFKC", text)
    if not plain.strip():
        return _nothing("There is no text to read.")
    found_dates = dates(plain)
    found_families = _families(plain, families)
    group = _NEXT.search(plain)
    taken = [(one.start, one.end) for one in found_dates]
    taken += [(start, end) for _, start, end in found_families]
    taken += [group.span()] if group else []
    numbers = [
        one
        for one in pasted_numbers.numbers(plain)
        if not any(one.start < end and start < one.end for start, end in taken)
    ]
    return _reading(plain, found_families, found_dates, numbers, group)


def _reading(
    plain: str,
    families: list[tuple[str, int, int]],
    found_dates: list[Dated],
    numbers: list[Number],
    group: re.Match[str] | None,
) -> Reading:
    measure, word = _first(plain, _MEASURES)
    relation, relation_word = _first(plain, _RELATIONS)
    subject, against = _sides(plain, families)
    if group:
        against = ()
    figure, left_out = _figure(plain, measure, numbers)
    when = next((dated for dated in found_dates if dated.period), None)
    period = when.period if when else ""
    if measure == terms.ALL_TIME and _of_a_period(plain, period, compared=bool(group or against)):
        measure = terms.PERIOD
    compared = bool(group or against) and measure in {terms.PERIOD, terms.ALL_TIME}
    unclear = _unused_names(families, subject, against) + left_out
    unclear += [
        dated.unclear or f"The date “{dated.text}” was not used."
        for dated in found_dates
        if dated is not when
    ]
    if _NO.search(plain):
        unclear.append("The text says “not” or the like: the statement without it is checked.")
    if compared and figure:
        unclear.append(f"The figure “{figure.text}” was not used: the families are compared.")
    said = {
        "What is counted": word,
        "Compared with": group[0] if group else "",
        "Figure": figure.text if figure and not compared else "",
        "Date": f"{when.text} → {when.period}" if when else "",
        "Comparison": relation_word,
    }
    named = _told(plain, families)
    understood = (*named, *((kind, words) for kind, words in said.items() if words))
    lacking = _lacking(subject, measure, figure, period, compared=compared)
    if lacking:
        return Reading(None, understood, (*lacking, *unclear))
    if not relation:
        relation = terms.MORE if compared else terms.SAYS
        unclear.append(f"No word compares: “{relation}” is taken.")
    value = 1.0 if compared or figure is None or figure.value is None else figure.value
    counted = _COUNTS.get(_number_word(group), 0) if group else 0
    claim = Claim(
        key="own",
        kind="measurable",
        text=plain.strip(),
        subject=subject,
        measure=measure,
        relation=relation,
        value=value,
        unit="times" if compared else "",
        period=period,
        against=against if compared else (),
        next_families=counted if compared else 0,
    )
    return Reading(claim, understood, tuple(unclear))


def _figure(plain: str, measure: str, numbers: list[Number]) -> tuple[Number | None, list[str]]:
    """The figure that is meant, and what is said of the others.

    A count is preferred that is written as one: with a scale, or from a
    thousand on. Sums of money are none.
    """
    usable = [one for one in numbers if one.value is not None and not _is_money(plain, one)]
    percent = measure in {terms.PRICE, terms.SHARE}
    usable = [one for one in usable if one.percent == percent]
    large = [one for one in usable if one.scaled or abs(one.value or 0) >= _LARGE]
    chosen = next(iter(usable if percent else large or usable), None)
    said = []
    for one in numbers:
        if one.value is None:
            both = " or ".join(f"{value:,.12g}" for value in one.readings)
            said.append(f"“{one.text}” can be read as {both}: it was left out.")
        elif one is not chosen:
            said.append(f"The figure “{one.text}” was not used.")
    return chosen, said


def _of_a_period(plain: str, period: str, *, compared: bool) -> bool:
    """Whether downloads are those of a month or a year, not all so far."""
    if not period or len(period) == len("2026-01-12"):
        return False
    return compared or re.search(r"\b(?:in|during|im)\b|月", plain) is not None


def _told(plain: str, families: list[tuple[str, int, int]]) -> list[tuple[str, str]]:
    """Each family once, with the words that name it."""
    first = {name: (start, end) for name, start, end in reversed(families)}
    names = dict.fromkeys(name for name, _, _ in families)
    return [("Family", f"{plain[first[name][0] : first[name][1]]} → {name}") for name in names]


def _unused_names(
    families: list[tuple[str, int, int]], subject: str, against: tuple[str, ...]
) -> list[str]:
    names = dict.fromkeys(name for name, _, _ in families)
    return [f"{name} was not used." for name in names if name != subject and name not in against]


def _lacking(
    subject: str, measure: str, figure: Number | None, period: str, *, compared: bool
) -> list[str]:
    """What a claim needs and the text does not have."""
    said = {
        "No family that the site follows is named in the text.": not subject,
        "The text does not say what is counted: downloads, models built on it, or a share price.": (
            not measure
        ),
        "There is no figure in the text, and nothing to compare with.": (
            figure is None and not compared and measure != terms.RANK
        ),
        "There is no date in the text: which month or day is meant?": not period,
    }
    return [sentence for sentence, lacks in said.items() if lacks]


def _sides(plain: str, found: list[tuple[str, int, int]]) -> tuple[str, tuple[str, ...]]:
    """Whom the text speaks of, and whom it sets beside: those after "more than" and the like."""
    if not found:
        return "", ()
    subject = found[0][0]
    than = _THAN.search(plain)
    if than is None:
        return subject, ()
    after = [name for name, start, _ in found if start >= than.end() and name != subject]
    return subject, tuple(dict.fromkeys(after))


def _families(plain: str, families: Sequence[Family]) -> list[tuple[str, int, int]]:
    """Families named in the text, with where, in order; of overlapping names the longest."""
    hits: list[tuple[int, int, str]] = []
    for family in families:
        called = {family.name, family.maker, family.company, *_ALSO.get(family.name, ())} - {""}
        called |= {name.split()[0] for name in (family.maker, family.company) if name}
        called -= _PLATFORM
        for name in called:
            letters = name.isascii()
            edge, tail = (r"(?<![A-Za-z0-9])", r"(?![A-Za-z])") if letters else ("", "")
            named = re.finditer(f"{edge}{re.escape(name)}{tail}", plain, re.IGNORECASE)
            hits += [(match.start(), match.end(), family.name) for match in named]
    hits.sort(key=lambda hit: (hit[0], hit[0] - hit[1]))
    found: list[tuple[str, int, int]] = []
    for start, end, name in hits:
        if not found or start >= found[-1][2]:
            found.append((name, start, end))
    return found


def _first(plain: str, rules: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """The first of ``rules`` that is found in the text, and the words that say it."""
    for name, pattern in rules:
        words = rf"(?<![A-Za-z])(?:{pattern})(?![A-Za-z])"
        match = re.search(words, plain, re.IGNORECASE)
        if match:
            return name, match[0]
    return "", ""


def _number_word(group: re.Match[str]) -> str:
    said = (group["number"] or group["chinese"] or group["later"] or "").casefold()
    if said.isdecimal():
        return next((name for name, number in _COUNTS.items() if number == int(said)), "")
    return said


def _is_money(plain: str, one: Number) -> bool:
    return bool(_MONEY.search(plain[: one.start]) or _MONEY_AFTER.match(plain[one.end :]))


def _nothing(sentence: str) -> Reading:
    return Reading(None, (), (sentence,))

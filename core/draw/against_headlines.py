"""Sentences about one family against the next ones together, computed from the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.draw import words
from core.draw.range_headlines import dates
from core.measure.against import ABOVE, BELOW, MONTHS
from core.measure.bases import BASES, EVERYTHING_LEVEL, OFFICIAL_LEVEL, WITHOUT_BIGGEST

if TYPE_CHECKING:
    import pandas as pd

    from core.measure.against import Against, Since, Verdict

_NUMBERS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
)  # fmt: skip

NEEDS: Final = {
    OFFICIAL_LEVEL: "daily history of official models",
    EVERYTHING_LEVEL: "daily history of every model",
}


def number(count: int) -> str:
    """8 → "eight"; above twelve the figure."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def together(answer: Against) -> str:
    """Those compared with, as a phrase: "the next eight together"."""
    count = len(answer.taken)
    return "the next one" if count == 1 else f"the next {number(count)} together"


def headline(answer: Against) -> str:
    """The answer with its figures, its margin and its basis."""
    relation = {ABOVE: "more than", BELOW: "fewer than"}.get(answer.verdict, "exactly as many as")
    return (
        f"{BASES[answer.basis].name}: {answer.own.family} had "
        f"{words.count(answer.own.total.downloads)} downloads {dates(answer.range)}, {relation} "
        f"{together(answer)} ({words.count(answer.together)}){margin(answer)}."
    )


def margin(answer: Against) -> str:
    """How far apart they are, in words; empty where a ratio would mean nothing."""
    times = answer.times
    if times is None or times == 1:
        return ""
    count = len(answer.taken)
    them = f"the {number(count)} together" if count > 1 else answer.taken[0].family
    if times < 1:
        return f": {words.percent(times)} of what {them} had"
    if times < 1.05:  # noqa: PLR2004 - would be written as 1.0 times
        return f": only {words.percent(times - 1)} more than {them}"
    return f": {times:.1f} times {them}"


def who(answer: Against) -> str:
    """Which families were taken, and why they are not those that were asked for."""
    named = [f"{one.family} {words.count(one.total.downloads)}" for one in answer.taken]
    said = [f"Set against {answer.own.family}: {words.listing(named)}."]
    if len(answer.taken) < answer.asked:
        said.append(
            f"The field has only {number(len(answer.taken))} with figures in these dates, so not "
            f"{number(answer.asked)} but {number(len(answer.taken))} "
            f"{'is' if len(answer.taken) == 1 else 'are'} taken."
        )
    if answer.without_figures:
        said.append(f"No figures in these dates: {words.listing(answer.without_figures)}.")
    if answer.with_gaps:
        gaps = [
            f"{one.family} {one.total.missing} of {one.total.days_in_range}"
            for one in answer.with_gaps
        ]
        said.append(f"Days without figures: {words.listing(gaps)}. The sums are of the days known.")
    return " ".join(said)


def since(found: Since | None, answer: Against) -> str:
    """From when the last period's verdict has held."""
    if found is None:
        return (
            "Since when it holds cannot be told: not every day of the last whole month or day in "
            "these dates is known."
        )
    months = found.period == MONTHS
    noun = "month" if months else "day"
    relation = {ABOVE: "above", BELOW: "below"}.get(found.verdict, "level with")
    count = number(len(answer.taken))
    subject = f"{answer.own.family} was {relation} the next {count}, taken anew each {noun},"
    if answer.basis == WITHOUT_BIGGEST:
        subject = f"Without the models that are biggest in all these dates, {subject}"
    first, last = _period(found.first, months=months), _period(found.last, months=months)
    if found.first == found.last:
        said = f"{subject} in {last}" if months else f"{subject} on {last}"
    else:
        said = f"{subject} in every {noun} from {first} to {last}"
    if found.before is None:
        return said + f"; the figures begin with {first}." if months else said + "."
    if found.before in {ABOVE, BELOW}:
        return said + f"; in the {noun} before it was {found.before}."
    if found.before == "equal":
        return said + f"; in the {noun} before they were level."
    return said + f"; of the {noun} before not every day is known."


def passed(answer: Against, day: pd.Timestamp | None) -> str:
    """When the family's all-time total passed that of the first of the others; may be empty."""
    if day is None:
        return ""
    other = answer.taken[0].family
    return (
        f"Counting all downloads so far, {answer.own.family} passed {other} on {words.day(day)} "
        "and has been above since."
    )


def verdict(one: Verdict) -> str:
    """The answer on one basis in a few words, for a table."""
    if one.answer is None:
        return "No answer" if one.loaded else "Not loaded"
    times = one.answer.times
    yes = {ABOVE: "Yes", BELOW: "No"}.get(one.answer.verdict, "Level")
    if times is None or times == 1:
        return yes
    return f"{yes}: {times:.2f} times" if times > 1 else f"{yes}: {words.percent(times)}"


def turns(found: tuple[Verdict, ...], family: str) -> str:
    """Whether the basis decides; empty with fewer than two answers."""
    answers = [one for one in found if one.answer]
    if len(answers) < 2:  # noqa: PLR2004 - nothing to compare
        return ""
    above = [one.basis.name for one in answers if one.answer and one.answer.verdict == ABOVE]
    if len(above) == len(answers):
        return f"Yes on every basis that is loaded ({len(answers)})."
    if not above:
        return f"No on every basis that is loaded ({len(answers)})."
    quoted = words.listing([f"“{name}”" for name in above])
    return (
        f"The answer depends on what is counted: {family} is above on {quoted}, and not on the "
        f"other {number(len(answers) - len(above))}."
    )


def not_loaded(found: tuple[Verdict, ...]) -> list[str]:
    """Which bases are not loaded, and what they need; a sentence for each need."""
    said = []
    for level, need in NEEDS.items():
        missing = [one.basis for one in found if not one.loaded]
        names = [f"“{basis.name}”" for basis in missing if basis.level == level]
        if names:
            verb = "is" if len(names) == 1 else "are"
            said.append(f"{words.listing(names)} {verb} not loaded: that needs the {need}.")
    return said


def others(found: tuple[Verdict, ...]) -> list[str]:
    """Whom the answers were told against: a sentence for all bases that took the same ones."""
    taken: dict[str, list[str]] = {}
    for one in found:
        if one.answer is not None:
            names = words.listing([member.family for member in one.answer.taken])
            taken.setdefault(names, []).append(f"“{one.basis.name}”")
    if len(taken) == 1:
        return [f"The others are {names}." for names in taken]
    return [f"The others on {words.listing(bases)}: {names}." for names, bases in taken.items()]


def no_answer(found: tuple[Verdict, ...]) -> list[str]:
    """Why there is no answer on a basis that is loaded."""
    return [
        f"“{one.basis.name}”: {one.reason}"
        for one in found
        if one.loaded and one.answer is None and one.reason
    ]


def question(answer: Against) -> str:
    """What the table of verdicts answers."""
    return f"Did {answer.own.family} have more downloads than {together(answer)}?"


def _period(first: pd.Timestamp, *, months: bool) -> str:
    return f"{first:%B %Y}" if months else words.day(first)

"""Claims and verdicts in plain words."""

from __future__ import annotations

from collections import Counter
from math import inf
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.draw import words
from core.measure import claims_terms as terms
from core.measure.bases import BASES
from core.measure.claims import (
    FAILS,
    HOLDS,
    NO_SOURCE,
    NOT_FOUND,
    OPINION,
    TURNS,
    UNTOLD,
    VERDICTS,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.measure.claims import Verdict, Way
    from core.measure.claims_history import Figure
    from core.schemas import Claim

COUNTED: Final = {
    terms.ALL_TIME: "We read the Hub's all-time counters at the end of the day that is meant, and "
    "add those of the family's models.",
    terms.PERIOD: "We add the downloads of every day of the period. A day's downloads are the "
    "difference of two all-time counters a day apart.",
    terms.DERIVATIVES: "We follow what authors declare their models to be built on, link by link, "
    "and count each model once.",
    terms.SHARE: "We add the downloads of every day of the period, for the family and for all "
    "families that the site follows. It is no share of the whole Hub.",
    terms.RANK: "We add the downloads of every day of the period for each family that the site "
    "follows, and put them in order.",
    terms.CROSSING: "We look for the month in which one family's all-time counter rose above the "
    "other's and stayed there.",
    terms.PRICE: "We take closing prices adjusted for dividends: the change from the close before "
    "to the close of the day.",
    terms.COUNTER: "We take the Hub's counter of the last 30 days as it was read on that day.",
}
"""How each measure is counted here."""

_MARKS: Final = {
    HOLDS: (":material/check_circle:", "green"),
    FAILS: (":material/cancel:", "red"),
    TURNS: (":material/balance:", "orange"),
    UNTOLD: (":material/help:", "gray"),
    OPINION: (":material/chat_bubble:", "blue"),
    NOT_FOUND: (":material/search_off:", "violet"),
    NO_SOURCE: (":material/visibility_off:", "gray"),
}


def badge(outcome: str) -> str:
    """The verdict with its sign, as Markdown; the words carry it, not the colour."""
    sign, _ = _MARKS[outcome]
    return f"{sign} **{outcome}**"


def amount(claim: Claim, value: float) -> str:
    """``value`` in the unit of the claim: "700.0 million downloads", "+10.2%", "2.20 times"."""
    compared = (claim.against or claim.next_families) and claim.measure != terms.CROSSING
    writes = _AMOUNTS.get("times" if compared else claim.measure)
    return writes(value) if writes else f"{words.count(value)} {claim.unit}".strip()


def month(number: float) -> str:
    """24308 → "September 2025"."""
    return f"{pd.Timestamp(terms.month_of(number)):%B %Y}"


_AMOUNTS: Final[dict[str, Callable[[float], str]]] = {
    terms.CROSSING: month,
    terms.PRICE: lambda value: words.change(value / 100),
    terms.RANK: lambda value: f"place {value:.0f}",
    terms.SHARE: lambda value: words.percent(value / 100),
    "times": lambda value: f"{value:.2f} times",
    terms.DERIVATIVES: lambda value: words.plural(round(value), "model"),
    terms.COUNTER: lambda value: f"{words.count(value)} downloads in 30 days",
    terms.ALL_TIME: lambda value: f"{words.count(value)} downloads",
    terms.PERIOD: lambda value: f"{words.count(value)} downloads",
}
"""How a value of each measure is written."""


def known(claim: Claim, figure: Figure) -> str:
    """What is known of a figure: the value, a least, a most, two ends, or nothing."""
    if not figure.known:
        return "not known"
    if figure.exact:
        return amount(claim, figure.low)
    if figure.high == inf:
        return f"at least {amount(claim, figure.low)}"
    if figure.low == -inf:
        word = "or earlier" if claim.measure == terms.CROSSING else "at most"
        said = amount(claim, figure.high)
        return f"{said} {word}" if claim.measure == terms.CROSSING else f"{word} {said}"
    return f"between {amount(claim, figure.low)} and {amount(claim, figure.high)}"


def claimed(claim: Claim) -> str:
    """What is claimed, with its relation: "more than 700.0 million downloads"."""
    if not claim.measure:
        return "no figure that can be checked" if claim.kind != "measurable" else claim.unit
    relation = "" if claim.relation == terms.SAYS else f"{claim.relation} "
    if claim.relation == terms.MORE and claim.value == 1 and (claim.against or claim.next_families):
        return f"more than {_others(claim)} together"
    said = f"{relation}{amount(claim, claim.value)}"
    if claim.against and claim.measure != terms.CROSSING:
        return f"{said} those of {_others(claim)} together"
    if claim.next_families:
        return f"{said} those of {_others(claim)} together"
    return said


def difference(claim: Claim, way: Way) -> str:
    """By how much the figure is above or below the claimed one; empty where it is no one value."""
    figure = way.figure
    if not figure.known or not figure.exact or figure.low == inf or not claim.measure:
        return ""
    apart = figure.low - claim.value
    size = words.plural(round(abs(apart)), "month" if claim.measure == terms.CROSSING else "place")
    if not apart:
        return "exactly the claimed figure"
    if claim.measure == terms.PRICE:
        return f"{abs(apart):.1f} percentage points {'above' if apart > 0 else 'below'}"
    if claim.measure in {terms.CROSSING, terms.RANK}:
        return f"{size} {'later' if apart > 0 else 'earlier'}"
    return f"{words.change(apart / claim.value)} on the claimed figure" if claim.value else ""


def sentence(verdict: Verdict) -> str:
    """The answer in one sentence, with the figures that it rests on."""
    claim = verdict.claim
    if verdict.outcome in {OPINION, NOT_FOUND, NO_SOURCE}:
        return verdict.reason
    if not verdict.ways:
        return verdict.reason or "Nothing that the site reads is about it."
    best = verdict.best
    if verdict.outcome in {TURNS, UNTOLD} and verdict.settled:
        return _by_way(verdict)
    if best is None:
        return next(way.figure.lacks for way in verdict.ways)
    said = f"Measured: {known(claim, best.figure)}{_on(claim, best)}."
    if verdict.outcome == UNTOLD:
        return f"{said} {best.figure.lacks}".strip()
    return said


def _by_way(verdict: Verdict) -> str:
    """For which ways to count it holds and for which not; and that the publisher's is not told."""
    claim, own = verdict.claim, verdict.own
    yes = words.listing([_way(claim, way) for way in verdict.settled if way.outcome])
    no = words.listing([_way(claim, way) for way in verdict.settled if not way.outcome])
    if yes and no:
        return f"It holds for {yes}. It does not for {no}."
    said = f"It holds for {yes}" if yes else f"It does not hold for {no}"
    if own is None:
        return f"{said}."
    who = ", which the publisher counted" if claim.basis == own.key else ""
    return f"It cannot be told for “{own.name}”{who}. {said}, which is another thing."


def one_headline(verdict: Verdict) -> str:
    """The verdict on one claim with the figure measured and the one claimed."""
    best = verdict.best
    if best is None or verdict.outcome == TURNS or (verdict.outcome == UNTOLD and verdict.settled):
        return verdict.outcome
    measured = known(verdict.claim, best.figure)
    return f"{verdict.outcome}: {claimed(verdict.claim)} is claimed, {measured} measured"


def headline(verdicts: Iterable[Verdict]) -> str:
    """How many claims hold, do not, turn on how one counts, or cannot be told."""
    counted = Counter(verdict.outcome for verdict in verdicts)
    parts = {
        HOLDS: ("holds", "hold"),
        FAILS: ("does not", "do not"),
        TURNS: ("depends on how one counts", "depend on how one counts"),
        UNTOLD: ("cannot be told", "cannot be told"),
        OPINION: ("is an opinion", "are opinions"),
        NOT_FOUND: ("is not found in our sources", "are not found in our sources"),
        NO_SOURCE: ("is measured by no public source", "are measured by no public source"),
    }
    said = [
        f"{counted[outcome]} {parts[outcome][counted[outcome] != 1]}"
        for outcome in VERDICTS
        if counted[outcome]
    ]
    return f"Of {words.plural(counted.total(), 'published claim')}, {words.listing(said)}."


def story_headline(verdicts: Iterable[Verdict]) -> str:
    """The same of the sentences of one article."""
    return (
        headline(verdicts)
        .replace("published claim", "sentence")
        .replace("Of ", "Of the article's ", 1)
    )


def citation(verdict: Verdict, address: str, today: pd.Timestamp) -> str:
    """A line to quote the verdict with: sentence, verdict, figure, data's date, link."""
    claim, best = verdict.claim, verdict.best
    figure = f" Measured: {known(claim, best.figure)}{_on(claim, best)}." if best else ""
    until = ""
    if best and best.figure.last is not None:
        until = f" Data as of {words.day(best.figure.last)}."
    return (
        f"“{claim.text}” ({claim.publisher or 'publisher not known'}). Groundswell: "
        f"{verdict.outcome}.{figure}{until} Checked on {words.day(today)}. {address}"
    )


def built(claim: Claim) -> str:
    """A reader's own claim as a sentence."""
    when, subject = dated(claim), claim.subject or "…"
    said = claimed(claim)
    if claim.measure == terms.CROSSING:
        return f"{subject} passed {_others(claim)} in all downloads so far in {said}."
    if claim.measure == terms.RANK:
        return f"{subject} was in {said} by downloads{when}."
    noun = {
        terms.ALL_TIME: f"{subject}'s downloads so far",
        terms.PERIOD: f"{subject}'s downloads",
        terms.SHARE: f"{subject}'s share of the downloads of all families",
        terms.COUNTER: f"{subject}'s counter of the last 30 days",
        terms.DERIVATIVES: f"Models built on {subject}",
        terms.PRICE: f"The share {subject}, change",
    }[claim.measure]
    return f"{noun}{when}: {said}."


def _others(claim: Claim) -> str:
    if claim.next_families:
        return f"the next {claim.next_families} families"
    return words.listing(list(claim.against))


def dated(claim: Claim) -> str:
    """Of when the claim is, as it stands after what it speaks of; empty where it says none."""
    span = terms.span(claim.period)
    if span is None:
        return ""
    if claim.measure in {terms.ALL_TIME, terms.DERIVATIVES}:
        return f", as of {period(claim.period)}"
    word = {"day": "on", "days": "from"}.get(span.precision, "in")
    return f" {word} {period(claim.period)}"


def period(text: str) -> str:
    """2025-12 → "December 2025"; 2026-01..2026-07 → "1 January 2026 to 31 July 2026"."""
    span = terms.span(text)
    if span is None:
        return text
    if span.precision == "day":
        return words.day(span.first)
    if span.precision == "month":
        return f"{span.first:%B %Y}"
    if span.precision == "year":
        return f"{span.first.year}"
    return f"{words.day(span.first)} to {words.day(span.last)}"


def _on(claim: Claim, way: Way) -> str:
    if way.key in BASES and claim.measure:
        return f" ({way.name[:1].lower()}{way.name[1:]})"
    return f" ({way.name[:1].lower()}{way.name[1:]})" if way.name else ""


def _way(claim: Claim, way: Way) -> str:
    return f"“{way.name}” ({known(claim, way.figure)})"

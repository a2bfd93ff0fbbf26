"""Is a published sentence true? A verdict with the figures it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.measure import claims_terms as terms
from core.measure.bases import BASES, OFFICIAL
from core.measure.claims_group import share, standing, times
from core.measure.claims_history import Figure, unknown
from core.measure.claims_objections import objection

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.measure.claims_figures import Figures
    from core.measure.claims_history import Days
    from core.schemas import Claim

HOLDS: Final = "Holds"
FAILS: Final = "Does not hold"
TURNS: Final = "Holds only on some bases"
UNTOLD: Final = "Cannot be told"
OPINION: Final = "Opinion: cannot be measured"
NOT_FOUND: Final = "Not found in our sources"
NO_SOURCE: Final = "Measured by no public source"
VERDICTS: Final = (HOLDS, FAILS, TURNS, UNTOLD, OPINION, NOT_FOUND, NO_SOURCE)

CLOSE: Final = "At the close of trading"
DURING: Final = "During trading, at the price that was reported"
DECLARED: Final = "Models whose authors declare what they are built on"
READ: Final = "The Hub's counter of the 30 days before, as it was read"
MODEL: Final = "The one model"

DURING_THE_DAY: Final = "intraday"
"""In the unit of a claim about a moment of a session, which no close settles."""

_ONLY_CLOSES: Final = (
    "The claim is about a moment during trading, and the site holds closes: they do not settle it."
)
_ON_THE_HUB: Final = (
    "The publisher counts other places as well, or does not say which: what the Hub counts is a "
    "least."
)
_KINDS: Final = {"opinion": OPINION, "not found": NOT_FOUND, "no public source": NO_SOURCE}
_NEVER: Final = ""


@dataclass(frozen=True)
class Way:
    """The claim counted in one way: on a basis, or at a moment of a session.

    ``key`` is the basis, empty where it is none; ``outcome`` is None where the
    figure does not settle it. ``parts`` are what the figure is worked out of.
    ``needs`` is what would settle it and is not there: a level of the history
    (a key of ``bases.LEVELS``), or a few words.
    """

    key: str
    name: str
    figure: Figure
    outcome: bool | None
    parts: tuple[tuple[str, Figure], ...] = ()
    needs: str = _NEVER


@dataclass(frozen=True, eq=False)
class Verdict:
    """What became of a claim.

    ``outcome`` is one of ``VERDICTS``. ``accepted`` is the band of figures for
    which the claim holds, None where it is about none. ``ways`` has every way
    to count, those without a figure too; ``reason`` says in a sentence why
    nothing can be told, where no figure does. ``artefacts`` are the periods in
    which a counter was not what it seems, inside the claim's own.
    """

    claim: Claim
    outcome: str
    ways: tuple[Way, ...]
    accepted: terms.Band | None
    days: Days | None
    artefacts: pd.DataFrame
    reason: str = ""

    @property
    def settled(self) -> tuple[Way, ...]:
        """Ways to count that answer yes or no."""
        return tuple(way for way in self.ways if way.outcome is not None)

    @property
    def best(self) -> Way | None:
        """The way to show first: the publisher's basis, else one that answers, else any figure."""
        known = [way for way in self.ways if way.figure.known]
        order = sorted(
            known, key=lambda way: (way.outcome is None, way.key != (self.claim.basis or OFFICIAL))
        )
        return order[0] if order else None

    @property
    def own(self) -> Way | None:
        """The way that the publisher counted, or, where that is not known, official models."""
        key = self.claim.basis if self.claim.basis in BASES else OFFICIAL
        return next((way for way in self.ways if way.key == key), None)

    @property
    def needs(self) -> tuple[str, ...]:
        """What is not there and would settle it, each once."""
        return tuple(dict.fromkeys(way.needs for way in self.ways if way.needs))


def check(claim: Claim, figures: Figures, basis: str = "") -> Verdict:
    """Hold ``claim`` against ``figures``, on one ``basis`` or on all of them.

    A claim holds where every way to count that answers says yes, and does not
    where every one says no; but nothing is told where only others answer than
    the one the publisher counted. It can never be settled by data of another kind: a
    30-day counter says nothing of a total. Never raises for what a claim says.
    """
    nothing = figures.artefacts.iloc[:0]
    if claim.kind in _KINDS:
        outcome, reason = _KINDS[claim.kind], claim.why
        if outcome == NOT_FOUND and claim.word:
            times_named = figures.mentions(claim.word, claim.subject)
            if times_named:
                outcome = UNTOLD
                reason = (
                    f"Our sources name “{claim.word}” {times_named} times: read them, "
                    "nothing here can be measured."
                )
        return Verdict(claim, outcome, (), None, None, nothing, reason)
    if not claim.measure:
        return Verdict(claim, UNTOLD, (), None, None, nothing, claim.why)
    wrong = objection(claim, figures)
    span = terms.span(claim.period)
    if wrong or (span is None and claim.measure != terms.CROSSING):
        return Verdict(claim, UNTOLD, (), None, None, nothing, wrong)
    days = (span.first, span.last) if span else _all_days(figures)
    whole = claim.measure in {terms.RANK, terms.CROSSING}
    accepted = terms.band(claim.relation, claim.value, whole=whole)
    ways = _WAYS[claim.measure](claim, figures, days, accepted, basis)
    touching = nothing if claim.measure == terms.PRICE else figures.touching(days)
    found = Verdict(claim, _together(ways), ways, accepted, days, touching)
    if found.outcome != TURNS and found.own is not None and found.own.outcome is None:
        return replace(found, outcome=UNTOLD)
    return found


def _together(ways: tuple[Way, ...]) -> str:
    answers = {way.outcome for way in ways} - {None}
    if not answers:
        return UNTOLD
    if len(answers) > 1:
        return TURNS
    return HOLDS if True in answers else FAILS


def _by_basis(
    claim: Claim, figures: Figures, days: Days, accepted: terms.Band, basis: str
) -> tuple[Way, ...]:
    """One way a basis; a model is one way, since it is what it is on every basis."""
    keys = [basis] if basis in BASES else list(BASES)
    if claim.subject not in figures.names:
        keys = [OFFICIAL]
    found = []
    for key in keys:
        if claim.measure == terms.SHARE and not BASES[key].adds_up:
            continue  # a merge of two families would count twice in the whole
        figure, parts = _measured(claim, figures, days, key)
        if claim.basis == terms.BEYOND and figure.known:
            figure = replace(figure, high=inf, lacks=_ON_THE_HUB)
        level = BASES[key].level if not figure.known else _NEVER
        name = BASES[key].name if claim.subject in figures.names else MODEL
        found.append(
            Way(key, name, figure, accepted.outcome(figure.low, figure.high), parts, level)
        )
    return tuple(found)


def _measured(
    claim: Claim, figures: Figures, days: Days, basis: str
) -> tuple[Figure, tuple[tuple[str, Figure], ...]]:
    """The figure on one basis, and what it is worked out of."""

    def one(name: str) -> Figure:
        if claim.measure == terms.ALL_TIME:
            return figures.total(name, days, basis)
        return figures.downloads(name, days, basis)

    if claim.measure == terms.CROSSING:
        return figures.ahead_since(claim.subject, claim.against[0], basis), ()
    own = one(claim.subject)
    if claim.measure in {terms.SHARE, terms.RANK} or claim.next_families:
        others = {name: one(name) for name in figures.names if name != claim.subject}
        if claim.measure == terms.SHARE:
            return share(own, others)
        if claim.measure == terms.RANK:
            return standing(own, others)
        return times(own, claim.subject, others, claim.next_families)
    if claim.against:
        others = {name: one(name) for name in claim.against}
        return times(own, claim.subject, others, len(others))
    return own, ()


def _derivatives(
    claim: Claim, figures: Figures, days: Days, accepted: terms.Band, basis: str
) -> tuple[Way, ...]:
    del basis  # what is built on a family is counted in one way
    figure = figures.derivatives(claim.subject, min(days[1], figures.today))
    outcome = accepted.outcome(figure.low, figure.high)
    needs = "What is built on the models, asked at the Hub" if outcome is None else _NEVER
    return (Way("", DECLARED, figure, outcome, (), needs),)


def _counter(
    claim: Claim, figures: Figures, days: Days, accepted: terms.Band, basis: str
) -> tuple[Way, ...]:
    del basis  # a counter is one of a moment
    if days[0] != days[1]:
        figure = unknown("A counter is one of a day: the claim names more than one.")
    else:
        figure = figures.counter(claim.subject, days[0])
    outcome = accepted.outcome(figure.low, figure.high)
    needs = "A reading of that very day" if outcome is None else _NEVER
    return (Way("", READ, figure, outcome, (), needs),)


def _price(
    claim: Claim, figures: Figures, days: Days, accepted: terms.Band, basis: str
) -> tuple[Way, ...]:
    """The close; and where a price was named, what it is of the close before."""
    del basis  # a share has one price at a time
    figure = figures.change(figures.ticker(claim.subject), days)
    needs = "Share prices of these days" if not figure.known else _NEVER
    outcome = accepted.outcome(figure.low, figure.high)
    if DURING_THE_DAY in claim.unit:
        outcome = None
        needs = needs or "Prices during the day"
        figure = replace(figure, lacks=figure.lacks or _ONLY_CLOSES)
    ways = [Way("", CLOSE, figure, outcome, (), needs)]
    closes = dict(figures.example.closes)
    before = [session for session in closes if pd.Timestamp(session) < days[0]]
    same = figures.ticker(claim.subject) == figures.example.ticker
    if claim.price > 0 and same and before and days[0].date() in closes:
        base = closes[max(before)]
        percent = 100 * (claim.price / base - 1)
        day = pd.Timestamp(max(before))
        named = Figure(percent, percent, "", day, days[0])
        parts = (
            ("the close before", Figure(base, base, "", day, day)),
            ("the price that was reported", Figure(claim.price, claim.price)),
        )
        ways.append(Way("", DURING, named, accepted.outcome(percent, percent), parts))
    return tuple(ways)


def _all_days(figures: Figures) -> Days:
    """First to last day of the daily history; today where there is none."""
    ends = [(found.first, found.last) for found in figures.histories.values()]
    if not ends:
        return figures.today, figures.today
    return min(first for first, _ in ends), max(last for _, last in ends)


_WAYS: Final[dict[str, Callable[[Claim, Figures, Days, terms.Band, str], tuple[Way, ...]]]] = {
    terms.ALL_TIME: _by_basis,
    terms.PERIOD: _by_basis,
    terms.SHARE: _by_basis,
    terms.RANK: _by_basis,
    terms.CROSSING: _by_basis,
    terms.DERIVATIVES: _derivatives,
    terms.COUNTER: _counter,
    terms.PRICE: _price,
}

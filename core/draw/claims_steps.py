"""How a claim was checked, step by step."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final

from core.draw import words
from core.draw.claims import COUNTED, amount, claimed, dated
from core.measure import claims_terms as terms

if TYPE_CHECKING:
    from core.measure.claims import Verdict

_TAKEN: Final = {
    terms.MORE: "“More than” is taken at its word",
    terms.AT_LEAST: "“At least” is taken at its word",
    terms.LESS: "“Less than” is taken at its word",
    terms.AT_MOST: "“At most” is taken at its word",
    terms.SAYS: "A printed figure is taken as rounded at its last digit, and never further than 5 "
    "percent off",
    terms.ABOUT: "“About” is taken as up to 5 percent, or half of the last digit, more or less",
    terms.NEARLY: "“Nearly” is taken as from 5 percent below up to the figure as rounded",
}
_WHOLE: Final = "A place or a month is taken at its word"
_NOT_A_TOTAL: Final = (
    "The 30-day counters at hand are not used: added up or set beside it, they would say nothing "
    "of a total."
)


def steps(verdict: Verdict) -> list[str]:
    """How it was checked, step by step, in plain words."""
    claim = verdict.claim
    if not verdict.ways or verdict.accepted is None:
        return [verdict.reason] if verdict.reason else []
    whole = claim.measure in {terms.RANK, terms.CROSSING}
    taken = _WHOLE if whole else _TAKEN.get(claim.relation, _TAKEN[terms.SAYS])
    said = [
        f"What is claimed: {claimed(claim)}{dated(claim)}. {taken}: {band(verdict)}.",
        COUNTED[claim.measure],
    ]
    told = [way for way in verdict.ways if way.figure.known and way.figure.first is not None]
    if told:
        first = min(way.figure.first for way in told if way.figure.first is not None)
        last = max(way.figure.last or first for way in told)
        same = f"of {words.day(first)}" if first == last else ""
        said.append(f"Our data are {same or f'of {words.day(first)} to {words.day(last)}'}.")
    said += list(dict.fromkeys(way.figure.lacks for way in verdict.ways if way.figure.lacks))
    if claim.measure in {terms.ALL_TIME, terms.PERIOD, terms.RANK, terms.SHARE, terms.CROSSING}:
        if not told:
            said.append(_NOT_A_TOTAL)
        missing = [way for way in verdict.ways if not way.figure.known]
        if told and missing:
            names = words.listing([f"“{way.name}”" for way in missing])
            said.append(f"There is no figure for {names}.")
    if len(verdict.artefacts):
        number = words.plural(len(verdict.artefacts), "period")
        said.append(
            f"{number} in which a counter was not what it seems, or a rule changed, "
            f"{'touches' if len(verdict.artefacts) == 1 else 'touch'} these days: they are listed "
            "below."
        )
    return said


def band(verdict: Verdict) -> str:
    """The figures for which the claim holds, in words."""
    claim, accepted = verdict.claim, verdict.accepted
    if accepted is None:
        return ""
    if accepted.high == inf:
        word = "above" if accepted.low_open else "from"
        return f"{word} {amount(claim, accepted.low)}{'' if accepted.low_open else ' on'}"
    if accepted.low == -inf:
        word = "below" if accepted.high_open else "up to"
        return f"{word} {amount(claim, accepted.high)}"
    low, high = amount(claim, accepted.low), amount(claim, accepted.high)
    return low if low == high else f"{low} to {high}"

"""One family against the next N together: the comparison that the news made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.bases import BASES, Basis
from core.measure.history import Total, totals
from core.measure.ranges import Range, within
from core.measure.sums import longest, sums

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.measure.history import History

ABOVE, BELOW, EQUAL = "above", "below", "equal"

MONTHS, DAYS = "month", "day"

_LEAST_DAYS_FOR_MONTHS: Final = 28


@dataclass(frozen=True)
class Member:
    """A family in the comparison with its downloads."""

    family: str
    total: Total


@dataclass(frozen=True)
class Against:
    """``own``'s downloads against those of ``taken`` together, on one basis.

    ``taken`` are the families of the field with the most downloads, most
    first; fewer than ``asked`` where the field has fewer. ``without_figures``
    are those of the field of which nothing is known in the range, ``removed``
    tells that the field held the family itself, which is not set against itself.
    """

    basis: str
    range: Range
    own: Member
    taken: tuple[Member, ...]
    asked: int
    without_figures: tuple[str, ...]
    removed: bool

    @property
    def together(self) -> float:
        """Downloads of ``taken`` together."""
        return sum(member.total.downloads for member in self.taken)

    @property
    def verdict(self) -> str:
        """Whether the family is ``ABOVE``, ``BELOW`` or ``EQUAL`` to them together."""
        difference = self.own.total.downloads - self.together
        return ABOVE if difference > 0 else BELOW if difference < 0 else EQUAL

    @property
    def times(self) -> float | None:
        """Own downloads in parts of theirs; None where either is not above zero."""
        if self.own.total.downloads <= 0 or self.together <= 0:
            return None
        return self.own.total.downloads / self.together

    @property
    def with_gaps(self) -> tuple[Member, ...]:
        """Those of all of them of which days in the range are missing."""
        return tuple(one for one in (self.own, *self.taken) if one.total.missing)


@dataclass(frozen=True)
class Since:
    """From when the verdict of the last period holds without a break.

    ``period`` is ``MONTHS`` or ``DAYS``; ``first`` and ``last`` are the first
    and the last period of the run (its first day), ``verdict`` what holds in
    it. ``before`` says why the run begins there: the other verdict, None where
    the data begin there, or "unknown" where days are missing.
    """

    period: str
    first: pd.Timestamp
    last: pd.Timestamp
    verdict: str
    before: str | None


@dataclass(frozen=True)
class Verdict:
    """The answer on one basis; ``answer`` is None where the store cannot give one.

    ``loaded`` tells whether there is any history on the basis; ``reason`` why
    there is no answer although there is.
    """

    basis: Basis
    loaded: bool
    answer: Against | None
    reason: str = ""


def against(
    history: History, family: str, field: tuple[str, ...], number: int, span: Range
) -> Against:
    """Set ``family`` against the ``number`` others of ``field`` with the most downloads.

    ``family`` itself is taken out of the field. Raises ``NothingToShow`` where
    the family has no figure in the range, the field is empty or none of it has one.
    """
    low, high = history.column(span.start), history.column(span.end)
    found = totals(sums(history, [low], [high]), longest(history, low, high), 0)
    told = dict(zip(history.families, found, strict=True))
    nothing = Total(float("nan"), 0, span.days, span.days, 0, 0, 0)
    own = told.get(family, nothing)
    if not own.known:
        message = (
            f"The daily history has no figures of {family} from {span.start:%Y-%m-%d} to "
            f"{span.end:%Y-%m-%d}."
        )
        raise NothingToShow(message, advice="Choose another family or other dates.")
    others = [name for name in dict.fromkeys(field) if name != family]
    if not others:
        message = f"There is no other family to set {family} against."
        raise NothingToShow(message, advice="Choose at least one in the field.")
    members = [Member(name, told.get(name, nothing)) for name in others]
    known = [one for one in members if one.total.known]
    if not known:
        message = (
            f"None of the families set against {family} has figures from {span.start:%Y-%m-%d} "
            f"to {span.end:%Y-%m-%d}."
        )
        raise NothingToShow(message, advice="Choose other families or other dates.")
    known.sort(key=lambda one: (-one.total.downloads, one.family.casefold()))
    return Against(
        history.basis,
        span,
        Member(family, own),
        tuple(known[: max(number, 1)]),
        number,
        tuple(one.family for one in members if not one.total.known),
        family in field,
    )


def since(
    history: History, family: str, field: tuple[str, ...], number: int, span: Range
) -> Since | None:
    """From when the verdict at the end of ``span`` holds, period by period.

    Periods are the calendar months of the history up to the end of ``span``,
    or the days of ``span`` where it is shorter than four weeks; in each the
    ``number`` families with the most downloads are taken anew. Only whole
    periods count of which every day is known, of the families taken from their
    first figure on; None where the last one is not such.
    """
    months = span.days >= _LEAST_DAYS_FOR_MONTHS
    periods = _periods(history.first if months else span.start, span.end, months=months)
    answers = _answers(history, family, field, number, periods)
    run: list[pd.Timestamp] = []
    before: str | None = None
    for (begin, _), verdict in zip(reversed(periods), reversed(answers), strict=True):
        if verdict is None or (run and verdict != answers[-1]):
            before = verdict or _UNKNOWN
            break
        run.append(begin)
    if not run or answers[-1] is None:
        return None
    if before == _UNKNOWN and run[-1] <= _first_figure(history, family):
        before = None
    return Since(MONTHS if months else DAYS, run[-1], run[0], answers[-1], before)


_UNKNOWN: Final = "unknown"


def verdicts(
    histories: Mapping[str, History],
    family: str,
    field: tuple[str, ...],
    number: int,
    span: Range,
) -> tuple[Verdict, ...]:
    """The answer on every basis, in the order of ``bases.BASES``; never raises."""
    found = []
    for key, basis in BASES.items():
        history = histories.get(key)
        if history is None:
            found.append(Verdict(basis, loaded=False, answer=None))
            continue
        try:
            same = within(history, span.start, span.end)
            if same.cut:
                found.append(Verdict(basis, loaded=True, answer=None, reason=_only(same)))
                continue
            answer = against(history, family, field, number, same)
            found.append(Verdict(basis, loaded=True, answer=answer))
        except NothingToShow as nothing:
            found.append(Verdict(basis, loaded=True, answer=None, reason=nothing.sentence))
    return tuple(found)


def turning(found: tuple[Verdict, ...]) -> bool:
    """Whether the answer depends on the basis."""
    return len({one.answer.verdict for one in found if one.answer}) > 1


def passed(history: History, family: str, other: str) -> pd.Timestamp | None:
    """First day from which ``family``'s all-time counter stays above ``other``'s.

    Days on which one is not known are passed over. None where it is not above
    at the end, or was above on the first day already.
    """
    rows = history.row(family), history.row(other)
    if min(rows) < 0:
        return None
    difference = history.all_time[rows[0]] - history.all_time[rows[1]]
    known = np.flatnonzero(~np.isnan(difference))
    behind = np.flatnonzero(difference[known] <= 0)
    if not len(behind) or behind[-1] == len(known) - 1:
        return None
    return pd.Timestamp(history.days[known[behind[-1] + 1]])


def _answers(
    history: History,
    family: str,
    field: tuple[str, ...],
    number: int,
    periods: Sequence[tuple[pd.Timestamp, pd.Timestamp]],
) -> list[str | None]:
    """The verdict of each period; None where it is not known of every day.

    Days before a family's first figure count as known: it had no model yet.
    """
    own, others = (
        history.row(family),
        [row for row, name in enumerate(history.families) if name in field and name != family],
    )
    if own < 0 or not others or not periods:
        return [None] * len(periods)
    low = np.array([history.column(begin) for begin, _ in periods])
    told = sums(history, low, [history.column(end) for _, end in periods])
    starts = np.where((history.stands_at >= 0).any(1), (history.stands_at >= 0).argmax(1), 2**31)
    unborn = np.clip(starts[:, None] - low, 0, told.days)
    lacks = told.missing - unborn > 0
    downloads = np.where(told.known[others] > 0, told.downloads[others], -np.inf)
    # Families come by name, which decides between equals.
    taken = np.argsort(-downloads, axis=0, kind="stable")[: max(number, 1)]
    amounts = np.take_along_axis(downloads, taken, axis=0)
    counts = amounts > -np.inf
    difference = told.downloads[own] - np.where(counts, amounts, 0.0).sum(axis=0)
    unsure = (np.take_along_axis(lacks[others], taken, axis=0) & counts).any(axis=0)
    unsure |= (told.missing[own] > 0) | ~counts.any(axis=0)
    return [
        None if unknown else ABOVE if apart > 0 else BELOW if apart < 0 else EQUAL
        for apart, unknown in zip(difference.tolist(), unsure.tolist(), strict=True)
    ]


def _periods(
    first: pd.Timestamp, end: pd.Timestamp, *, months: bool
) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Whole calendar months, or days, from ``first`` to ``end``."""
    if not months:
        return [(day, day) for day in pd.date_range(first, end)]
    whole = []
    for period in pd.period_range(first, end, freq="M"):
        begin, last = period.start_time.normalize(), period.end_time.normalize()
        if begin >= first and last <= end:
            whole.append((begin, last))
    return whole


def _first_figure(history: History, family: str) -> pd.Timestamp:
    known = (history.stands_at[history.row(family)] >= 0).argmax()
    return pd.Timestamp(history.days[known])


def _only(held: Range) -> str:
    return f"On this basis the history holds only {held.start:%Y-%m-%d} to {held.end:%Y-%m-%d}."

"""The roll-up once more, slowly: loops over single readings, in fractions, without the code."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd

Row = tuple[str, str, str, int, bool, int, int]
"""Family, basis, day, downloads, complete, days, all-time counter."""

Reading = tuple[str, date, int | None]
"""A name, a day, and its all-time counter then."""

Shares = dict[tuple[str, str], Fraction]
"""What part of a model counts for a family on a basis."""


@dataclass
class Model:
    """A repository under its name of today."""

    name: str
    bases: tuple[str, ...] = ()
    language: bool = False
    named: bool = False


def shares(models: Iterable[Model], family_of: Callable[[str], str | None]) -> dict[str, Shares]:
    """For every model what it counts for."""
    by_name = {model.name: model for model in models}

    def families(name: str, seen: frozenset[str]) -> set[str]:
        found = {family_of(name)} - {None}
        if name in by_name and name not in seen:
            for base in by_name[name].bases:
                found |= families(base, seen | {name})
        return {family for family in found if family}

    told: dict[str, Shares] = {}
    for model in by_name.values():
        own, every = family_of(model.name), families(model.name, frozenset())
        counted: Shares = {}
        if own:
            counted[own, "official"] = Fraction(1)
            if model.language:
                counted[own, "language"] = Fraction(1)
            if model.named:
                counted[own, "atom"] = Fraction(1)
        for family in every:
            counted[family, "with_derivatives"] = Fraction(1)
            counted[family, "shared"] = Fraction(1, len(every))
        told[model.name] = counted
    return told


def by_model(
    readings: Iterable[Reading], today: date, names: Mapping[str, str]
) -> dict[str, dict[date, int]]:
    """The largest counter of each model and day, under the name of today."""
    counters: dict[str, dict[date, int]] = defaultdict(dict)
    for name, day, counter in readings:
        if counter is not None and day <= today:
            held = counters[names.get(name, name)]
            held[day] = max(held.get(day, 0), counter)
    return counters


def model_rows(
    counters: Mapping[str, Mapping[date, int]], today: date
) -> list[tuple[str, str, int, int, int]]:
    """Model, day, downloads, days and counter of each step between two readings."""
    rows = []
    for model, held in counters.items():
        days = sorted(held)
        rows += [
            (
                model,
                f"{after - timedelta(1)}",
                held[after] - held[day],
                (after - day).days,
                held[after],
            )
            for day, after in pairwise(days)
            if after < today
        ]
    return sorted(rows)


def family_rows(
    counters: Mapping[str, Mapping[date, int]], told: Mapping[str, Shares], today: date
) -> list[Row]:
    """Rows of every family and basis."""
    lines = sorted({line for counted in told.values() for line in counted})
    return sorted(row for line in lines for row in _line(line, counters, told, today))


def _line(
    line: tuple[str, str],
    counters: Mapping[str, Mapping[date, int]],
    told: Mapping[str, Shares],
    today: date,
) -> list[Row]:
    members = {
        model: (held, told[model][line])
        for model, held in counters.items()
        if line in told.get(model, {})
    }
    days = sorted({day for held, _ in members.values() for day in held})
    rows: list[Row] = []
    last: dict[str, int] = {}
    present: list[Fraction] = []
    sums: list[Fraction] = []
    full: list[bool] = []
    for at, day in enumerate(days):
        gain, stepped = Fraction(0), False
        for model, (held, part) in members.items():
            if day in held:
                if model in last:
                    gain += part * (held[day] - last[model])
                    stepped = True
                last[model] = held[day]
        present.append(sum((part for held, part in members.values() if day in held), Fraction(0)))
        sums.append(
            sum((part * held[day] for held, part in members.values() if day in held), Fraction(0))
        )
        whole = True
        for figures in (present, sums):
            before = figures[max(0, at - 7) : at]
            whole &= not before or 10 * figures[at] >= 9 * max(before)
        full.append(whole)
        if at and stepped:
            total = sum((members[model][1] * last[model] for model in last), Fraction(0))
            rows.append(
                (
                    *line,
                    f"{day - timedelta(1)}",
                    _rounded(gain),
                    full[at] and full[at - 1] and day < today,
                    (day - days[at - 1]).days,
                    _rounded(total),
                )
            )
    return rows


def _rounded(figure: Fraction) -> int:
    return (2 * figure.numerator + figure.denominator) // (2 * figure.denominator)


def as_rows(daily: pd.DataFrame) -> list[Row]:
    """Rows of table DAILY, to compare."""
    return sorted(
        (
            row.family,
            row.basis,
            f"{row.day:%Y-%m-%d}",
            int(row.downloads),
            bool(row.complete),
            int(row.days),
            int(row.all_time),
        )
        for row in daily.itertuples()
    )


def as_model_rows(models: pd.DataFrame) -> list[tuple[str, str, int, int, int]]:
    """Rows of table MODEL_DAILY, to compare."""
    return sorted(
        (row.model_id, f"{row.day:%Y-%m-%d}", int(row.downloads), int(row.days), int(row.all_time))
        for row in models.itertuples()
    )

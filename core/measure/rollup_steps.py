"""The expressions of a roll-up, in Ibis: from readings to sums by unit and day.

A reading is one number, day × 2⁴⁷ + counter. Sorted by it, a model's readings
are in order of day, and of two readings of one day (a name of before and one
of today, or a row that is there twice) the larger counter comes last. Each
reading less the one before it: that telescopes, so what is there twice adds
nothing, and no second pass is needed to sort it out.

Most models have one reading on each day of a month, and need no sorting at all:
what they gained together is the sum of one day's counters less that of the day
before. ``month_sums`` makes use of that.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

BITS: Final = 47
LARGEST: Final = 2**BITS - 1
"""The largest counter that is believed: a hundred thousand times that of today."""

EPOCH: Final = date(1970, 1, 1)
SUMS: Final = ("unit", "day", "present", "counters", "downloads", "first", "stepped", "days")

_ADDED: Final = SUMS[2:-1]
_MASK_DAYS: Final = 62
"""Days that fit, each as one bit, into a whole number of 64 bits above zero."""


def readings(counters: ir.Table, ids: ir.Table, since: date, until: date) -> ir.Table:
    """Readings of members after ``since`` and up to ``until``: model, unit, key."""
    believed = counters.filter(
        counters.all_time.between(0, LARGEST),
        counters.day > ibis.literal(max(since, EPOCH)),
        counters.day <= ibis.literal(until),
    )
    joined = believed.inner_join(ids, "id")
    number = joined.day.delta(ibis.literal(EPOCH), unit="day").cast("int64")
    return joined.select("model", "unit", key=(number << BITS) | joined.all_time)


def sums(read: ir.Table, before: ir.Table) -> ir.Table:
    """Sums by unit and day of ``read``, after the readings ``before``; days as numbers."""
    marked = ibis.union(read.mutate(new=ibis.literal(1)), before.mutate(new=ibis.literal(0)))
    of_model = ibis.window(group_by="model", order_by="key")
    steps = marked.mutate(
        previous=marked.key.lag().over(of_model),
        first_key=marked.key.first().over(of_model),
    )
    steps = steps.filter(steps.new == 1)
    day = steps.key >> BITS
    counter = steps.key & LARGEST
    day_before = (steps.previous >> BITS).fill_null(0)
    gain = counter - (steps.previous & LARGEST).fill_null(0)
    fresh = day == (steps.first_key >> BITS)
    again = day == day_before
    told = steps.select(
        "unit",
        day=day,
        present=again.ifelse(0, 1).cast("int64"),
        counters=again.ifelse(gain, counter),
        downloads=fresh.ifelse(0, gain),
        first=fresh.ifelse(gain, 0),
        stepped=(fresh | again).ifelse(0, 1).cast("int64"),
        days=fresh.ifelse(0, day - day_before),
    )
    return _added(told)


def by_model(read: ir.Table, today: date) -> ir.Table:
    """Each model's readings: how many, on which days, the first, and the last before ``today``.

    ``mask`` has a bit for each day, which is one day's alone as long as there
    are no more than 62.
    """
    bit = ibis.literal(1, "int64") << ((read.key >> BITS) % _MASK_DAYS)
    return read.group_by("model", "unit").aggregate(
        readings=read.count(),
        mask=bit.bit_or(),
        first=read.key.min(),
        settled=read.key.max(where=read.key < _start(today)),
    )


def last_by_model(read: ir.Table, today: date) -> ir.Table:
    """Of ``by_model`` only what ``latest`` needs."""
    settled = read.filter(read.key < _start(today))
    return settled.group_by("model", "unit").aggregate(settled=settled.key.max())


def by_day(read: ir.Table) -> ir.Table:
    """Number of readings and sum of the counters of each unit and day."""
    told = read.mutate(day=read.key >> BITS, counter=read.key & LARGEST)
    return told.group_by("unit", "day").aggregate(
        present=told.count(), counters=told.counter.sum().cast("int64")
    )


def irregular(models: ir.Table, totals: ir.Table) -> ir.Table:
    """Models (of ``by_model``) that lack a day on which another has a reading, or have one twice.

    ``totals`` are those ``by_day``.
    """
    days = totals.aggregate(
        number=totals.day.nunique(), span=totals.day.max() - totals.day.min()
    ).cross_join(models.aggregate(full=models["mask"].bit_or()))
    told = models.cross_join(days)
    regular = (told.readings == told.number) & (told["mask"] == told.full)
    return told.filter(~regular | (told.span >= _MASK_DAYS)).select("model")


def month_sums(
    read: ir.Table, models: ir.Table, totals: ir.Table, odd: ir.Table, before: ir.Table
) -> ir.Table:
    """What ``sums`` gives of ``read`` and ``before``, of few days and mostly regular models.

    ``models``, ``totals`` and ``odd`` are what the functions above make of ``read``.
    """
    odd_read = read.semi_join(odd, "model")
    odd_sums = sums(odd_read, before.semi_join(odd, "model"))
    less = by_day(odd_read).rename(odd_present="present", odd_counters="counters")
    rest = totals.left_join(less, ["unit", "day"])
    rest = rest.select(
        "unit",
        "day",
        present=rest.present - rest.odd_present.fill_null(0),
        counters=rest.counters - rest.odd_counters.fill_null(0),
    )
    rest = rest.filter(rest.present > 0)
    of_unit = ibis.window(group_by="unit", order_by="day")
    rest = rest.mutate(
        day_before=rest.day.lag().over(of_unit), counters_before=rest.counters.lag().over(of_unit)
    )
    later = rest.day_before.notnull()
    inside = rest.select(
        "unit",
        "day",
        "present",
        "counters",
        downloads=(rest.counters - rest.counters_before).fill_null(0),
        first=ibis.literal(0, "int64"),
        stepped=later.ifelse(rest.present, 0),
        days=(rest.day - rest.day_before).fill_null(0),
    )
    starts = _starts(models.anti_join(odd, "model"), before)
    parts = [part.cast({"unit": "int64"}).select(*SUMS) for part in (inside, starts, odd_sums)]
    return _added(ibis.union(*parts))


def latest(models: ir.Table, before: ir.Table) -> ir.Table:
    """The last settled reading of every model: model, unit, key."""
    new = models.filter(models.settled.notnull())
    every = ibis.union(
        new.select("model", "unit", key=new.settled), before.select("model", "unit", "key")
    )
    return every.group_by("model", "unit").aggregate(key=every.key.max())


def _start(today: date) -> int:
    """The smallest key of a reading of ``today``."""
    return (today - EPOCH).days << BITS


def _starts(models: ir.Table, before: ir.Table) -> ir.Table:
    """What regular models gained from their reading ``before`` to the first one of the month.

    ``present`` and ``counters`` are 0: the sums by day have them.
    """
    known = before.select("model", previous="key")
    told = models.left_join(known, "model")
    met = told.previous.notnull()
    counter, day = told["first"] & LARGEST, told["first"] >> BITS
    zero = ibis.literal(0, "int64")
    steps = told.select(
        "unit",
        day=day,
        present=zero,
        counters=zero,
        downloads=met.ifelse(counter - (told.previous & LARGEST), 0),
        first=met.ifelse(0, counter),
        stepped=met.ifelse(1, 0).cast("int64"),
        days=met.ifelse(day - (told.previous >> BITS), 0),
    )
    return _added(steps)


def _added(told: ir.Table) -> ir.Table:
    """The figures of each unit and day added up; of ``days`` the most."""
    added = {name: told[name].sum().cast("int64") for name in _ADDED}
    summed = told.group_by("unit", "day").aggregate(**added, days=told.days.max().cast("int64"))
    return summed.mutate(unit=summed.unit.cast("int64"))

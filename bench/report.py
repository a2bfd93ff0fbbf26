"""Measurements turned into one row a page, as a table or as JSON."""

from __future__ import annotations

import json
import math
import statistics
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.load import Crowd, Tally

HEADINGS = (
    "page",
    "reruns/s",
    "p50 ms",
    "p95 ms",
    "kB/rerun",
    "kB first visit",
    "server MB",
    "errors",
    "rate / plain",
    "p50 / plain",
    "p95 / plain",
)


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one page: medians over the rounds, errors added up."""

    page: str
    reruns_per_second: float
    p50_milliseconds: float
    p95_milliseconds: float
    kilobytes_per_rerun: float
    kilobytes_first_visit: float
    server_megabytes: float
    errors: int
    rate_to_plain: float
    p50_to_plain: float
    p95_to_plain: float

    def cells(self) -> tuple[str, ...]:
        """Return the row as text in the order of `HEADINGS`."""
        return (
            self.page,
            f"{self.reruns_per_second:,.1f}",
            f"{self.p50_milliseconds:,.0f}",
            f"{self.p95_milliseconds:,.0f}",
            f"{self.kilobytes_per_rerun:,.1f}",
            f"{self.kilobytes_first_visit:,.1f}",
            f"{self.server_megabytes:,.0f}",
            f"{self.errors:,}",
            f"{self.rate_to_plain:.2f}",
            f"{self.p50_to_plain:.2f}",
            f"{self.p95_to_plain:.2f}",
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """A measurement and the plain app's measurements just before and after it."""

    tally: Tally
    beside: tuple[Tally, ...]

    def rate_ratio(self) -> float:
        """Return how many times the plain app's reruns per second the page reaches."""
        return _divided(self.tally.rate, _mean(plain.rate for plain in self.beside))

    def wait_ratio(self, share: float) -> float:
        """Return the wait for this share of the page's clicks as a multiple of the plain app's."""
        plain = _mean(percentile(plain.latencies, share) for plain in self.beside)
        return _divided(percentile(self.tally.latencies, share), plain)


def row(page: str, comparisons: Sequence[Comparison]) -> Row:
    """Sum up the rounds of one page."""
    tallies = [comparison.tally for comparison in comparisons]
    return Row(
        page=page,
        reruns_per_second=_median(tally.rate for tally in tallies),
        p50_milliseconds=1e3 * _median(percentile(tally.latencies, 0.5) for tally in tallies),
        p95_milliseconds=1e3 * _median(percentile(tally.latencies, 0.95) for tally in tallies),
        kilobytes_per_rerun=_median(percentile(tally.rerun_bytes, 0.5) for tally in tallies) / 1e3,
        kilobytes_first_visit=_median(percentile(tally.visit_bytes, 0.5) for tally in tallies)
        / 1e3,
        server_megabytes=_median(tally.resident_bytes for tally in tallies) / 1e6,
        errors=sum(tally.errors.total() for tally in tallies),
        rate_to_plain=_median(comparison.rate_ratio() for comparison in comparisons),
        p50_to_plain=_median(comparison.wait_ratio(0.5) for comparison in comparisons),
        p95_to_plain=_median(comparison.wait_ratio(0.95) for comparison in comparisons),
    )


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table that also reads well in a terminal."""
    lines = [HEADINGS, *(entry.cells() for entry in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    aligned = [
        [line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]
        for line in (lines[0], rule, *lines[1:])
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in aligned)


def as_json(rows: Iterable[Row], crowd: Crowd, **others: object) -> str:
    """Return the rows as JSON, with null where a page gave no figure, and what else is told."""
    pages = [
        {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in asdict(entry).items()
        }
        for entry in rows
    ]
    return json.dumps({"crowd": asdict(crowd), "pages": pages, **others}, indent=2)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _median(values: Iterable[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return statistics.median(known) if known else math.nan


def _mean(values: Iterable[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return statistics.fmean(known) if known else math.nan


def _divided(value: float, by: float) -> float:
    return value / by if by else math.nan

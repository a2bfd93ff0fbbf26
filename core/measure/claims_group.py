"""One family beside others, where each figure is known only from a least to a most."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from core.measure.claims_history import Figure, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

Parts = tuple[tuple[str, Figure], ...]


def times(
    own: Figure, name: str, others: Mapping[str, Figure], number: int
) -> tuple[Figure, Parts]:
    """``own`` in parts of the ``number`` largest of ``others`` together.

    The largest by what is sure of each; the ratio's ends are the least of one
    side by the most of the other. An unknown rival can be as large as it
    likes, so that only "not more than" is ever sure beside one.
    """
    if not own.known:
        return own, ()
    ordered = sorted(others.items(), key=lambda pair: (-max(pair[1].low, 0.0), pair[0].casefold()))
    taken = ordered[:number]
    least = sum(max(figure.low, 0.0) for _, figure in taken)
    most = sum(sorted((figure.high for figure in others.values()), reverse=True)[:number])
    parts = ((name, own), *taken)
    lacking = [other for other, figure in others.items() if not figure.known]
    if not any(figure.known for figure in others.values()):
        return unknown(f"Of {', '.join(lacking)} nothing is known."), parts
    low = max(own.low, 0.0) / most if 0 < most < inf else (0.0 if most else inf)
    high = own.high / least if least > 0 else inf
    if most == 0 and own.low <= 0:
        return unknown("Neither side has any downloads."), parts
    lacks = own.lacks or next((figure.lacks for _, figure in taken if not figure.exact), "")
    if lacking:
        lacks = f"Of {', '.join(lacking)} nothing is known."
    return _joined(low, high, lacks, own, dict(taken)), parts


def share(own: Figure, others: Mapping[str, Figure]) -> tuple[Figure, Parts]:
    """``own`` in percent of all families of the site together."""
    if not own.known:
        return own, ()
    least = sum(max(figure.low, 0.0) for figure in others.values())
    most = sum(figure.high for figure in others.values())
    low, high = max(own.low, 0.0), own.high
    top = 100.0 if high == inf else _part(high, least)
    bottom = 0.0 if most == inf else _part(low, most)
    lacking = [name for name, figure in others.items() if not figure.known]
    lacks = f"Of {', '.join(lacking)} nothing is known." if lacking else own.lacks
    everyone = (("All families", _sum(own, others, lacks)),)
    return _joined(bottom, top, lacks, own, others), everyone


def standing(own: Figure, others: Mapping[str, Figure]) -> tuple[Figure, Parts]:
    """The place of ``own`` among all: one more than those with more."""
    if not own.known:
        return own, ()
    surely = sum(figure.low > own.high for figure in others.values())
    perhaps = sum(figure.high > own.low for figure in others.values())
    lacking = [name for name, figure in others.items() if not figure.known]
    lacks = f"Of {', '.join(lacking)} nothing is known." if lacking else ""
    ordered = sorted(others.items(), key=lambda pair: -max(pair[1].low, 0.0))
    return _joined(1.0 + surely, 1.0 + perhaps, lacks, own, others), tuple(ordered[:3])


def _part(own: float, others: float) -> float:
    return 100 * own / (own + others) if own + others > 0 else 0.0


def _sum(own: Figure, others: Mapping[str, Figure], lacks: str) -> Figure:
    every = [own, *others.values()]
    return Figure(
        sum(max(figure.low, 0.0) for figure in every), sum(figure.high for figure in every), lacks
    )


def _joined(
    low: float, high: float, lacks: str, own: Figure, others: Mapping[str, Figure]
) -> Figure:
    """A figure worked out of several, with the days and sources of all."""
    every = [own, *others.values()]
    firsts = [figure.first for figure in every if figure.first is not None]
    lasts = [figure.last for figure in every if figure.last is not None]
    sources = sorted({source for figure in every for source in figure.sources})
    return Figure(
        low,
        high,
        lacks,
        min(firsts, default=None),
        max(lasts, default=None),
        tuple(sources),
    )

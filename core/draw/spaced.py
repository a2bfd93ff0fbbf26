"""Places for labels, apart from each other."""

from __future__ import annotations


def spaced(values: list[float], gap: float, floor: float) -> list[float]:
    """Positions for labels of ascending ``values``, ``gap`` apart, none below ``floor``.

    Neighbours that are too close are moved apart around their common middle,
    so that a label stays as near to its line as it can.
    """
    groups: list[list[float]] = []  # each holds values that touch
    for value in values:
        groups.append([value])
        while len(groups) > 1 and _low(groups[-1], gap) < _low(groups[-2], gap) + gap * len(
            groups[-2]
        ):
            last = groups.pop()
            groups[-1] += last
    apart = [_low(group, gap) + gap * at for group in groups for at in range(len(group))]
    lowest = floor
    for at, position in enumerate(apart):
        apart[at] = max(position, lowest)
        lowest = apart[at] + gap
    return apart


def _low(group: list[float], gap: float) -> float:
    """Lowest position of a group of labels stacked around their mean."""
    return sum(group) / len(group) - gap * (len(group) - 1) / 2

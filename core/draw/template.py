"""Specifications of one kind that differ in a few values: built once, then filled in.

Building a chart in Altair takes longer than all else that a page draws. A
template is built with values that stand for others; those are put in their
place in a copy, which takes a hundredth of the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from core.draw.theme import Spec

COLOUR: Final = "#010203"
"""Stands for a family's colour."""

TITLE: Final = "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}title"
"""Stands for what an axis or a tooltip is called."""


def filled(template: Spec, *swaps: tuple[object, object], height: int = 0) -> Spec:
    """A copy of ``template`` in which the second of each of ``swaps`` stands for the first.

    With ``height`` the whole chart is that high, in pixels. The template stays as it is.
    """
    spec: Spec = _swapped(template, swaps)
    return spec | {"height": height} if height else spec


def _swapped(node: Any, swaps: tuple[tuple[object, object], ...]) -> Any:  # noqa: ANN401 - any part
    for old, new in swaps:
        # One type: 1 and true are not the same value of a chart.
        if type(node) is type(old) and node == old:
            return new
    if isinstance(node, dict):
        return {name: _swapped(part, swaps) for name, part in node.items()}
    if isinstance(node, list):
        return [_swapped(part, swaps) for part in node]
    return node

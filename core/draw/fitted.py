"""One specification made to fit many views: built once, with marks where they differ.

Building and checking a chart in Altair costs a hundred times what a page costs
otherwise. Where views differ in a number, a colour or a word only, the chart is
built once with a mark in its place, and the mark is replaced in a copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.draw.theme import Spec


def fitted(spec: Spec, places: Mapping[str | float, Any]) -> Spec:
    """A copy of ``spec`` in which every value that is one of ``places`` is what stands there.

    Marks in the middle of a text are replaced too, by the text of what stands there.
    """
    found: Spec = _fitted(spec, places, [mark for mark in places if isinstance(mark, str)])
    return found


def _fitted(node: Any, places: Mapping[str | float, Any], texts: list[str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(node, dict):
        return {key: _fitted(value, places, texts) for key, value in node.items()}
    if isinstance(node, list):
        return [_fitted(value, places, texts) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    if node in places:
        return places[node]
    if isinstance(node, str):
        for mark in texts:
            node = node.replace(mark, str(places[mark])) if mark in node else node
    return node

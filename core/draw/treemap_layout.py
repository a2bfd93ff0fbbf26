"""Where the tiles of a treemap lie: pure geometry, nothing is drawn here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Reals = npt.NDArray[np.float64]
    Sizes = pd.Series | Sequence[float] | npt.NDArray[np.floating | np.integer]

CORNERS: Final = ("x0", "y0", "x1", "y1")

_LEAST: Final = 1e-12
"""A smaller part of the whole cannot be told from the rounding of its position."""


def squarify(sizes: Sizes, width: float = 1.0, height: float = 1.0) -> pd.DataFrame:
    """Tiles that fill a frame, with areas in proportion to ``sizes`` and close to squares.

    Bruls, Huizing and van Wijk, Squarified Treemaps (2000): the largest tiles
    are put first, in rows along the shorter side of what is left of the frame,
    and a row is closed when one more tile would make its worst tile longer.

    ``sizes`` may come in any order; equal ones are laid out as they come. A
    size that is zero, negative, missing, infinite or under a million millionth
    of the whole gets no area: its corners are NaN.

    Returns a row for each size, in the order given and with the index of
    ``sizes`` where it has one: the corners ``x0``, ``y0``, ``x1``, ``y1``
    (float64) in the units of ``width`` and ``height``, from 0 at the top left.
    Raises ``ValueError`` where the frame has no area.
    """
    if not (0 < width < math.inf and 0 < height < math.inf):
        message = "The frame of a treemap needs a width and a height above zero."
        raise ValueError(message)
    series = _series(sizes)
    corners = np.full((len(series), 4), np.nan)
    values = series.to_numpy()
    order = np.argsort(-np.nan_to_num(values), kind="stable")
    order = order[values[order] > 0]
    if len(order):
        shares = values[order] / values[order[0]]
        # The sum of those that are left out is far below what can be seen.
        shares = shares[shares / shares.sum() >= _LEAST]
        placed = order[: len(shares)]
        corners[placed] = _place(shares, width, height)
    return pd.DataFrame(corners, columns=list(CORNERS), index=series.index)


@dataclass(frozen=True)
class Strip:
    """The place of all models without a tile, and what it stands for.

    ``number`` of them, with ``size`` in all (unknown sizes count as nothing).
    The strip's area says nothing: it is there to be written on.
    """

    number: int
    size: float
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Treemap:
    """``tiles``, largest first, with ``size`` and corners; ``others`` is None if all have one.

    The index of ``tiles`` names them as in the sizes given.
    """

    tiles: pd.DataFrame
    others: Strip | None


def treemap(
    sizes: Sizes,
    *,
    most: int,
    others_share: float,
    width: float = 1.0,
    height: float = 1.0,
) -> Treemap:
    """The ``most`` largest of ``sizes`` as tiles, and one strip for all others.

    To scale, the others could swallow the picture or be too thin to be seen, so
    their strip at the right takes ``others_share`` (0 to 1, exclusive) of the
    width, whatever their size. Sizes without an area (see ``squarify``) are
    among the others. Raises ``ValueError`` where the frame has no area, no tile
    is asked for or ``others_share`` is not between 0 and 1.
    """
    if most < 1 or not 0 < others_share < 1:
        message = "A treemap needs room for at least one tile beside the others' strip."
        raise ValueError(message)
    series = _series(sizes)
    ranked = series[series > 0].sort_values(ascending=False, kind="stable")
    largest = ranked.iloc[:most]
    tiles = squarify(largest, width, height)
    drawn = tiles["x0"].notna().to_numpy()
    others = None
    if drawn.sum() < len(series):
        edge = width * (1 - others_share)
        tiles = squarify(largest, edge, height)
        # Sizes above zero that are not drawn: too many, or too small.
        size = float(ranked.sum() - largest[drawn].sum())
        others = Strip(len(series) - int(drawn.sum()), size, edge, 0.0, width, height)
    tiles.insert(0, "size", largest)
    return Treemap(tiles[drawn], others)


def _series(sizes: Sizes) -> pd.Series:
    """``sizes`` as float64, with NaN for what is not finite."""
    series = pd.Series(sizes).astype("Float64").astype("float64")
    return series.where(np.isfinite(series))


def _place(sizes: Reals, width: float, height: float) -> Reals:
    """Corners of tiles with these ``sizes``, in descending order, that fill the frame."""
    corners = np.empty((len(sizes), 2, 2))  # tile, then first and second corner, then x and y
    frame = (width, height)
    at = [0.0, 0.0]
    # What is left at each tile. It is shared out anew for each row, so that
    # errors of rounding do not add up until the last tiles have no room.
    left = [*np.cumsum(sizes[::-1])[::-1].tolist(), 0.0]
    plain, begin = sizes.tolist(), 0
    while begin < len(sizes):
        room = [frame[0] - at[0], frame[1] - at[1]]
        along = 1 if room[0] >= room[1] else 0
        thick = 1 - along
        end = _row_end(plain, begin, left[begin] * room[along] / room[thick])
        parts = np.cumsum(sizes[begin:end]) / (left[begin] - left[end])
        # Neighbours share one and the same edge, and the last ones end on the
        # frame: nothing overlaps or sticks out by an error of rounding.
        edges = np.minimum(at[along] + np.concatenate([[0.0], parts]) * room[along], frame[along])
        edges[-1] = frame[along]
        part = 1 - left[end] / left[begin]
        far = frame[thick] if end == len(sizes) else at[thick] + room[thick] * part
        corners[begin:end, 0, along], corners[begin:end, 1, along] = edges[:-1], edges[1:]
        corners[begin:end, 0, thick], corners[begin:end, 1, thick] = at[thick], far
        at[thick] = far
        begin = end
    return corners.reshape(-1, 4)


def _row_end(sizes: list[float], begin: int, scale: float) -> int:
    """Where the row ends that begins with tile ``begin``.

    ``scale`` is the square of the row's length, in units of the sizes. The
    worst tile of a row, longer side by shorter one, is then the larger of
    scale * largest / total² and total² / (scale * smallest).
    """
    total = sizes[begin]
    worst = max(scale / total, total / scale)
    for end in range(begin + 1, len(sizes)):
        total += sizes[end]
        square = total * total
        longest = max(scale * sizes[begin] / square, square / (scale * sizes[end]))
        if longest > worst:
            return end
        worst = longest
    return len(sizes)

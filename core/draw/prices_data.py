"""Data of the charts of the share-price page, from the lines of an overlay or from closes."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from core.draw import words
from core.draw.spaced import spaced
from core.draw.theme import LINES
from core.draw.time_axis import time_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from core.draw.prices import Share
    from core.measure.overlay_parts import Overlay

PLOT: Final = LINES - 40
"""Height of the lines without the time axis below them, in pixels."""

_LABEL_HEIGHT: Final = 17
_FEW: Final = 45
"""Up to so many sessions each is a dot, to be seen as one."""
_SLACK: Final = 0.04
"""Room above and below the lines, as a part of their spread."""


class _Line(NamedTuple):
    ticker: str
    sessions: NDArray[np.datetime64]
    segment: NDArray[np.int64]


def price_data(overlay: Overlay, shares: tuple[Share, ...], *, percent: bool) -> dict[str, Any]:
    """``rows``, ``labels`` and ``frame`` for ``price_lines``: an index, or percent."""
    lines = [_Line(one.ticker, one.sessions, one.segment) for one in overlay.parts]
    change = np.concatenate([one.change for one in overlay.parts])
    heights = (change if percent else 100 + change, change)
    end = (lambda value: words.change(value / 100)) if percent else "{:.0f}".format
    dates = overlay.start, overlay.end
    return _lines(lines, heights, shares, dates, end, logarithmic=not percent)


def close_data(
    closes: pd.DataFrame, shares: tuple[Share, ...], start: pd.Timestamp, end: pd.Timestamp
) -> dict[str, Any]:
    """The same from prices of one currency, with ``session, ticker, close, segment``."""
    ticker, shown = closes["ticker"].to_numpy(dtype="object"), closes["close"].to_numpy()
    session, segment = closes["session"].to_numpy(), closes["segment"].to_numpy()
    first, sizes = _pieces(ticker)
    change = 100 * (shown / np.repeat(shown[first], sizes) - 1)
    lines = [
        _Line(ticker[at], session[at : at + size], segment[at : at + size])
        for at, size in zip(first.tolist(), sizes.tolist(), strict=True)
    ]
    return _lines(lines, (shown, change), shares, (start, end), "{:,.2f}".format, logarithmic=True)


def _pieces(values: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the value changes, the first place included, and how many are alike from there."""
    first = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    return first, np.diff(np.append(first, len(values)))


def _lines(  # noqa: PLR0913 - lines, heights, looks, dates, words and a scale
    lines: Sequence[_Line],
    heights: tuple[NDArray[np.float64], NDArray[np.float64]],
    shares: tuple[Share, ...],
    dates: tuple[pd.Timestamp, pd.Timestamp],
    end_words: Callable[[float], str],
    *,
    logarithmic: bool,
) -> dict[str, Any]:
    """``heights`` are what is shown of all lines, one after another, and change in percent.

    What all rows of a line have in common is written once, and each row says which.
    """
    shown, change = heights
    looks = {one.ticker: one for one in shares}
    own = [looks[one.ticker] for one in lines]
    sizes = np.array([len(one.sessions) for one in lines])
    session = np.concatenate([one.sessions for one in lines])
    segment = np.concatenate([one.segment for one in lines])
    whose = np.repeat(np.arange(len(own)), sizes)
    begins, lengths = _pieces(whose * (len(session) + 1) + segment)
    alone = np.repeat(lengths, lengths) == 1
    low, high = _padded(float(shown.min()), float(shown.max()), logarithmic=logarithmic)
    last, by_end = _ascending(np.cumsum(sizes) - 1, shown)
    tall = _label_heights(shown[last].tolist(), low, high, logarithmic=logarithmic)
    said = [end_words(value) for value in shown[last].tolist()]
    pieces = [f"{lines[whose[at]].ticker} {segment[at]}" for at in begins.tolist()]
    return {
        "rows": pd.DataFrame(
            {
                "session": session,
                "shown": shown.astype("float32"),
                "change": change.astype("float32"),
                "line": _shared(pieces, lengths),
                "name": _shared([one.name for one in own], sizes),
                "colour": _shared([one.colour for one in own], sizes),
                "dash": _shared([one.dash for one in own], sizes),
                "dot": (alone | (np.repeat(sizes, sizes) <= _FEW)).astype("float32"),
            }
        ),
        "labels": pd.DataFrame(
            {
                "session": session[last],
                "height": tall,
                "label": [f"{own[at].name} {text}" for at, text in zip(by_end, said, strict=True)],
                "short": [f"{own[at].short} {text}" for at, text in zip(by_end, said, strict=True)],
                "colour": [own[at].colour for at in by_end],
            }
        ),
        "frame": pd.DataFrame(
            {
                "day": time_frame(*dates)["day"],
                "height": [low, max([high, *tall])],
                "heading": ["Events: choose a mark to read one", ""],
            }
        ),
    }


def _ascending(
    last: NDArray[np.int64], shown: NDArray[np.float64]
) -> tuple[NDArray[np.int64], list[int]]:
    """Ends of the lines from the lowest to the highest, and which line each is of."""
    order = np.argsort(shown[last], kind="stable")
    return last[order], order.tolist()


def _shared(values: list[str], times: NDArray[np.int64]) -> pd.Categorical:
    """Each of ``values`` so many times; every value travels once."""
    known = list(dict.fromkeys(values))
    code = [known.index(value) for value in values]
    codes: NDArray[np.int64] = np.repeat(np.array(code, "int64"), times)
    return pd.Categorical.from_codes(codes, pd.Index(known, dtype="str"))


def _padded(low: float, high: float, *, logarithmic: bool) -> tuple[float, float]:
    """The lines' lowest and highest value with some room; never one value alone."""
    if not logarithmic:
        slack = max(_SLACK * (high - low), 1.0)
        return low - slack, high + slack
    slack = max((high / low) ** _SLACK, 1.01)
    return low / slack, high * slack


def _label_heights(ends: list[float], low: float, high: float, *, logarithmic: bool) -> list[float]:
    """Heights of labels for lines that end at ``ends`` (ascending), apart on the scale."""
    gap = _LABEL_HEIGHT / PLOT
    if not logarithmic:
        return spaced(ends, gap * (high - low), floor=low)
    apart = spaced([log(end) for end in ends], gap * log(high / low), floor=log(low))
    return [exp(position) for position in apart]

"""Downloads beside shares, on a scale of their own: a panel below, or a second axis."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from core.draw import words
from core.draw.spaced import spaced
from core.draw.theme import SHORT_NUMBER
from core.draw.time_axis import line_ends, upright, when

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.draw.prices import Share
    from core.measure.session_sums import SessionSums

PANEL: Final = 170
"""Height of the panel of downloads below the shares, in pixels."""

FLOW: Final = "flow"
"""Dash of lines of downloads."""
FLOW_DASH: Final = [2, 2]

_FEW: Final = 45
"""Up to so many sessions each is a dot, to be seen as one."""
_LABEL_HEIGHT: Final = 17


def flow_data(
    sums: tuple[SessionSums, ...], looks: tuple[Share, ...], frame: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """``flows``, ``flow_labels`` and ``flow_frame``: downloads a day beside the shares.

    ``looks`` has the look of each family's line, in the order of ``sums``.
    """
    lines = [(_line_of(one), look) for one, look in zip(sums, looks, strict=True)]
    lines = [(one, look) for one, look in lines if len(one.session)]
    sizes = [len(one.session) for one, _ in lines]
    week = np.concatenate([one.week for one, _ in lines])
    ends = sorted(range(len(lines)), key=lambda at: float(lines[at][0].week[-1]))
    low, high = min(0.0, float(week.min())), max(float(week.max()) * 1.05, 1.0)
    last = [float(lines[at][0].week[-1]) for at in ends]
    heights = spaced(last, _LABEL_HEIGHT / PANEL * (high - low), floor=low)
    value = [words.short(number) for number in last]
    return {
        "flows": pd.DataFrame(
            {
                "session": np.concatenate([one.session for one, _ in lines]),
                "days": np.concatenate([one.days for one, _ in lines]),
                "week": week,
                "line": [
                    f"{look.ticker} {segment}"
                    for one, look in lines
                    for segment in one.segment.tolist()
                ],
                "name": np.repeat(np.array([look.name for _, look in lines], "object"), sizes),
                "colour": np.repeat(np.array([look.colour for _, look in lines], "object"), sizes),
                "downloads_words": [
                    words.count(number) for one, _ in lines for number in one.downloads.tolist()
                ],
                "week_words": [words.count(number) for number in week.tolist()],
                "dot": np.concatenate([one.dot for one, _ in lines]),
            }
        ),
        "flow_labels": pd.DataFrame(
            {
                "session": np.array([lines[at][0].session[-1] for at in ends]),
                "height": heights,
                "label": [
                    f"{lines[at][1].name} {text}" for at, text in zip(ends, value, strict=True)
                ],
                "short": [
                    f"{lines[at][1].short} {text}" for at, text in zip(ends, value, strict=True)
                ],
                "colour": [lines[at][1].colour for at in ends],
            }
        ),
        "flow_frame": pd.DataFrame({"day": frame["day"], "height": [low, max([high, *heights])]}),
    }


class _Line(NamedTuple):
    """What is drawn of one family: the sessions of which a week is known."""

    session: NDArray[np.datetime64]
    downloads: NDArray[np.float64]
    days: NDArray[np.int64]
    week: NDArray[np.float64]
    segment: NDArray[np.int64]
    dot: NDArray[np.float64]


def _line_of(one: SessionSums) -> _Line:
    week = one.rows["week"].to_numpy("float64")
    known = ~np.isnan(week)
    segment = one.rows["segment"].to_numpy()[known]
    _, piece, sizes = np.unique(segment, return_inverse=True, return_counts=True)
    alone = (sizes == 1)[piece] | (len(segment) <= _FEW)
    session, downloads, days = (
        one.rows[name].to_numpy()[known] for name in ("session", "downloads", "days")
    )
    return _Line(session, downloads, days, week[known], segment, alone.astype("float64"))


def labels_apart(data: dict[str, pd.DataFrame], plot: int) -> dict[str, pd.DataFrame]:
    """Frames of a chart with two axes, so that the labels of both are apart from each other.

    ``data`` has those of ``price_data`` and ``flow_data``; ``plot`` is the height
    of the lines in pixels.
    """
    low, top = (log(end) for end in data["frame"]["height"])
    least, most = data["flow_frame"]["height"]
    # Heights as parts of the plot, which mean the same on both axes.
    shares = [(log(height) - low) / (top - low) for height in data["labels"]["height"]]
    flows = [(height - least) / (most - least) for height in data["flow_labels"]["height"]]
    every = [*shares, *flows]
    order = sorted(range(len(every)), key=lambda at: every[at])
    apart = spaced([every[at] for at in order], _LABEL_HEIGHT / plot, floor=0.0)
    placed = dict(zip(order, apart, strict=True))
    higher = max([1.0, *apart])
    first = [exp(low + placed[at] * (top - low)) for at in range(len(shares))]
    second = [least + placed[len(shares) + at] * (most - least) for at in range(len(flows))]
    return data | {
        "labels": data["labels"].assign(height=first),
        "flow_labels": data["flow_labels"].assign(height=second),
        "frame": data["frame"].assign(height=[exp(low), exp(low + higher * (top - low))]),
        "flow_frame": data["flow_frame"].assign(height=[least, least + higher * (most - least)]),
    }


def flow_layers(bounds: list[Any], *, beside: bool) -> list[alt.Chart]:
    """Downloads a day, on a scale of their own between ``bounds``, for ``price_lines``.

    With ``beside`` the axis is on the right and the lines are dashed.
    """
    axis = upright(SHORT_NUMBER)
    axis.orient = "right" if beside else "left"
    axis.grid = not beside  # two grids would be read as one
    title = "Downloads a day (dashed lines)" if beside else "Downloads a day"
    height = alt.Y("week:Q", title=title, scale=alt.Scale(nice=False, range=bounds), axis=axis)
    base = alt.Chart(alt.NamedData("flows")).encode(
        x=when("session:T"), y=height, color=alt.Color("colour:N", scale=None)
    )
    dash: dict[str, Any] = {"strokeDash": FLOW_DASH} if beside else {}
    line = base.mark_line(strokeWidth=1.6, aria=False, **dash).encode(detail="line:N")
    dots = base.mark_point(filled=True, size=28, aria=False).encode(
        opacity=alt.Opacity("dot:Q", scale=None, legend=None)
    )
    touch = base.mark_point(
        filled=True,
        size=160,
        opacity=0,
        description=alt.expr("datum.name + ' ' + datum.week_words"),
    ).encode(
        tooltip=[
            alt.Tooltip("name:N", title="Line"),
            alt.Tooltip("session:T", title="Session", format="%-d %B %Y"),
            alt.Tooltip("week_words:N", title="Downloads a day, over five sessions"),
            alt.Tooltip("downloads_words:N", title="Downloads since the session before"),
            alt.Tooltip("days:Q", title="Days since then"),
        ]
    )
    corners = (
        alt.Chart(alt.NamedData("flow_frame"))
        .mark_point(opacity=0, tooltip=False, aria=False)
        .encode(x=when("day:T"), y=alt.Y("height:Q"))
    )
    ends = line_ends("session:T", "height:Q")
    for layer in ends:
        layer.data = alt.NamedData("flow_labels")
    return [corners, line, dots, touch, *ends]

"""Downloads of families along a range: by day, week or month, smoothed, as index, as share.

Every value is downloads *a day*, so that weeks, months and figures after a gap
can stand on one scale. What is not known has no row; nothing is filled in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.history import History, total

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from core.measure.ranges import Range

DAY, SMOOTH, WEEK, MONTH = "Day", "7-day average", "Week", "Month"
EACH: Final = (DAY, SMOOTH, WEEK, MONTH)

_WEEK: Final = 7
_HALF: Final = 3
_PERIODS: Final = {WEEK: "W-SUN", MONTH: "M"}
_COLUMNS: Final = ["family", "day", "begin", "value", "downloads", "days", "complete", "segment"]


def lines(history: History, span: Range, each: str) -> pd.DataFrame:
    """Downloads a day of every family along ``span``, one row a point.

    ``each`` is one of ``EACH``; the average is of the seven days around a day
    (three before, three after), so the weekdays' ups and downs cancel out, and
    has no point where one of the seven is unknown or part of a longer figure. Columns:

    - ``family``, ``begin`` and ``day``: first and last day of the figure
    - ``value``: downloads a day; ``downloads`` and ``days`` it is made of
    - ``complete``: false for a day, week or month that is not finished or
      lies only partly in the range or in what is known
    - ``segment``: grows after every hole, across which no line may be drawn

    Raises ``NothingToShow`` where there is no point.
    """
    if each == SMOOTH:
        frames = [_smoothed(history, row, span) for row in range(len(history.families))]
    elif each == DAY:
        frames = [_daily(history, row, span) for row in range(len(history.families))]
    else:
        frames = [_periods(history, family, span, each) for family in history.families]
    held = [frame for frame in frames if len(frame)]
    if not held:
        message = (
            f"Nothing can be drawn from {span.start:%Y-%m-%d} to {span.end:%Y-%m-%d} for “{each}”."
        )
        raise NothingToShow(message, advice="Choose longer dates, or “Day”.")
    return pd.concat(held, ignore_index=True)[_COLUMNS]


def indexed(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """``rows`` of ``lines`` with the first point of the range as 100, and who is left out.

    Left out is a family that has no point where the others begin, or none
    above zero: its 100 would be another day's. Unfinished points are no base.
    """
    whole = rows[rows["complete"]]
    if whole.empty:
        message = "No day, week or month in these dates is finished, so there is no first 100."
        raise NothingToShow(message)
    first = whole["day"].min()
    start = whole[(whole["day"] == first) & (whole["value"] > 0)].set_index("family")["value"]
    base = rows["family"].map(start)
    shown = rows[base.notna() & (rows["day"] >= first)]
    left_out = tuple(name for name in dict.fromkeys(rows["family"]) if name not in start.index)
    if shown.empty:
        message = "No family has downloads above zero where these dates begin."
        raise NothingToShow(message, advice="Choose dates that begin on another day.")
    held = shown.assign(value=100 * shown["value"] / base[shown.index])
    return held.reset_index(drop=True), left_out


def shares(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """``rows`` of ``lines`` as shares of all families on the same days, stacked.

    Adds ``low`` and ``high`` (0 to 1): the bottom and the top of the family's
    piece, biggest family first. Only families whose figures cover the very
    same days are stacked, and no day on which one is below zero: the second
    result is how many days, weeks or months are left out for that.
    """
    order = rows.groupby("family")["downloads"].sum().sort_values(ascending=False)
    place = {str(name): at for at, name in enumerate(order.index)}
    stacked = rows.assign(place=rows["family"].map(place)).sort_values(["day", "place"])
    by_day = stacked.groupby("day")
    sums = by_day["value"].transform("sum")
    good = (by_day["value"].transform("min") >= 0) & (sums > 0)
    good &= by_day["begin"].transform("nunique") == 1
    left_out = int(stacked.loc[~good, "day"].nunique())
    stacked = stacked[good]
    if stacked.empty:
        message = "On no day of these dates can the families' downloads be stacked to a whole."
        raise NothingToShow(message)
    share = stacked["value"] / sums[good]
    high = share.groupby(stacked["day"]).cumsum()
    held = stacked.assign(share=share, low=high - share, high=high).drop(columns="place")
    return held.reset_index(drop=True), left_out


def launch_days(history: History, released: Mapping[str, pd.Timestamp]) -> dict[str, pd.Timestamp]:
    """Day 0 of each family: its first model's launch where known, else its first day with data.

    A family whose data begin with the history itself was there before: without
    a known launch it has no day 0.
    """
    found: dict[str, pd.Timestamp] = {}
    known = history.stands_at >= 0
    starts = np.flatnonzero(known.any(axis=0))
    for row, family in enumerate(history.families):
        columns = np.flatnonzero(known[row])
        if family in released:
            found[family] = pd.Timestamp(released[family])
        elif len(columns) and columns[0] > starts[0]:
            found[family] = pd.Timestamp(history.days[columns[0]])
    return found


def aligned(
    rows: pd.DataFrame, launches: Mapping[str, pd.Timestamp]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """``rows`` of ``lines`` with ``since``, days since the family's day 0, and who has none."""
    start = rows["family"].map(dict(launches))
    since = (rows["day"] - pd.to_datetime(start)).dt.days
    shown = rows[since.notna() & (since >= 0)]
    names = tuple(dict.fromkeys(rows["family"]))
    left_out = tuple(name for name in names if name not in set(shown["family"]))
    if shown.empty:
        message = "Of none of these families the day of launch is known."
        raise NothingToShow(message)
    held = shown.assign(since=since[shown.index].astype("int64")).reset_index(drop=True)
    return held, left_out


def _daily(history: History, row: int, span: Range) -> pd.DataFrame:
    """Every figure that lies wholly in ``span``; a line breaks where a day is unknown."""
    low, high = history.column(span.start), history.column(span.end)
    columns = np.flatnonzero(history.covers[row] > 0)
    begins = columns - history.covers[row, columns] + 1
    inside = (begins >= low) & (columns <= high)
    columns, begins = columns[inside], begins[inside]
    covers = history.covers[row, columns]
    figures = history.downloads[row, columns]
    ends_before = np.concatenate([[-1], columns[:-1]])
    long = covers > 1
    after_long = np.concatenate([[False], long[:-1]])
    breaks = (begins != ends_before + 1) | long | after_long
    return _frame(history, row, begins, columns, figures, breaks, history.complete[row, columns])


def _smoothed(history: History, row: int, span: Range) -> pd.DataFrame:
    """Means of the seven days around each day, where all seven are known one by one."""
    single = history.covers[row] == 1
    figures = np.where(single, history.downloads[row], 0.0)
    known, sums = _window(single.astype(np.float64)), _window(figures)
    finished = _window((single & history.complete[row]).astype(np.float64))
    middles = np.arange(len(known)) + _HALF
    low, high = history.column(span.start), history.column(span.end)
    good = (known == _WEEK) & (middles >= low) & (middles <= high)
    columns = middles[good]
    breaks = np.diff(columns, prepend=-2) != 1
    frame = _frame(history, row, columns, columns, sums[good], breaks, finished[good] == _WEEK)
    return frame.assign(value=frame["downloads"] / _WEEK, days=_WEEK)


def _window(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of seven neighbours; empty with fewer."""
    if len(values) < _WEEK:
        return np.zeros(0)
    return np.convolve(values, np.ones(_WEEK), mode="valid")


def _periods(history: History, family: str, span: Range, each: str) -> pd.DataFrame:
    """Weeks from Monday or calendar months; unfinished where not all of it is known."""
    row = history.row(family)
    found = []
    for period in pd.period_range(span.start, span.end, freq=_PERIODS[each]):
        begin, end = period.start_time.normalize(), period.end_time.normalize()
        part = total(history, family, max(begin, span.start), min(end, span.end))
        if part.known:
            whole = begin >= span.start and end <= span.end and part.complete
            found.append((begin, end, part.downloads, part.days_known, whole))
    if not found:
        return pd.DataFrame(columns=_COLUMNS)
    frame = pd.DataFrame(found, columns=["begin", "day", "downloads", "days", "complete"])
    gap = (frame["begin"] - frame["day"].shift()).dt.days.fillna(1) > 1
    return frame.assign(
        family=history.families[row],
        value=frame["downloads"] / frame["days"],
        segment=gap.cumsum().astype("int64"),
    )


def _frame(  # noqa: PLR0913, PLR0917 - columns of one frame
    history: History,
    row: int,
    begins: NDArray[np.intp],
    columns: NDArray[np.intp],
    figures: NDArray[np.float64],
    breaks: NDArray[np.bool_],
    complete: NDArray[np.bool_],
) -> pd.DataFrame:
    covers = columns - begins + 1
    return pd.DataFrame(
        {
            "family": history.families[row],
            "begin": history.days[begins].astype("datetime64[us]"),
            "day": history.days[columns].astype("datetime64[us]"),
            "value": figures / covers,
            "downloads": figures,
            "days": covers.astype("int64"),
            "complete": complete,
            "segment": np.cumsum(breaks).astype("int64"),
        }
    )

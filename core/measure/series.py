"""Downloads of families along a range: by day, week or month, smoothed, as index, as share.

Every value is downloads *a day*, so that weeks, months and figures after a gap
can stand on one scale. What is not known has no row; nothing is filled in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.sums import sums

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from pandas.api.extensions import ExtensionArray

    from core.measure.history import History
    from core.measure.ranges import Range

DAY, SMOOTH, WEEK, MONTH = "Day", "7-day average", "Week", "Month"
EACH: Final = (DAY, SMOOTH, WEEK, MONTH)

_WEEK: Final = 7
_HALF: Final = 3
_PERIODS: Final = {WEEK: "W-SUN", MONTH: "M"}


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
    drawn = {DAY: _daily, SMOOTH: _smoothed, WEEK: _periods, MONTH: _periods}[each]
    rows = drawn(history, span, each)
    if rows.empty:
        message = (
            f"Nothing can be drawn from {span.start:%Y-%m-%d} to {span.end:%Y-%m-%d} for “{each}”."
        )
        raise NothingToShow(message, advice="Choose longer dates, or “Day”.")
    return rows


def indexed(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """``rows`` of ``lines`` with the first point of the range as 100, and who is left out.

    Left out is a family that has no point where the others begin, or none
    above zero: its 100 would be another day's. Unfinished points are no base.
    """
    day, value = rows["day"].to_numpy(), rows["value"].to_numpy()
    family, names = pd.factorize(rows["family"])
    whole = rows["complete"].to_numpy(bool)
    if not whole.any():
        message = "No day, week or month in these dates is finished, so there is no first 100."
        raise NothingToShow(message)
    first = day[whole].min()
    start = np.flatnonzero(whole & (day == first) & (value > 0))
    bases = np.full(len(names), np.nan)
    bases[family[start]] = value[start]
    base = bases[family]
    shown = np.flatnonzero(~np.isnan(base) & (day >= first))
    left_out = tuple(str(name) for name in names[np.isnan(bases)])
    if not len(shown):
        message = "No family has downloads above zero where these dates begin."
        raise NothingToShow(message, advice="Choose dates that begin on another day.")
    return _picked(rows, shown, value=100 * value[shown] / base[shown]), left_out


def shares(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """``rows`` of ``lines`` as shares of all families on the same days, stacked.

    Adds ``low`` and ``high`` (0 to 1): the bottom and the top of the family's
    piece, biggest family first. Only families whose figures cover the very
    same days are stacked, and no day on which one is below zero: the second
    result is how many days, weeks or months are left out for that.
    """
    day, at = np.unique(rows["day"].to_numpy(), return_inverse=True)
    family, names = pd.factorize(rows["family"], sort=True)
    amounts = np.bincount(family, rows["downloads"].to_numpy(), len(names))
    place = np.argsort(np.argsort(-amounts, kind="stable"))[family]
    shape = len(names), len(day)
    # A row a family, the biggest first, and a column a day: no two figures share a cell.
    values, begins = np.full(shape, np.nan), np.full(shape, np.datetime64("NaT", "us"))
    row = np.zeros(shape, np.intp)
    values[place, at], row[place, at] = rows["value"].to_numpy(), np.arange(len(rows))
    begins[place, at] = rows["begin"].to_numpy()
    held = ~np.isnan(values)
    _, sums = _running(values, held)
    same = (~held | (begins == np.nanmin(begins, axis=0))).all(axis=0)
    good = (np.nanmin(values, axis=0) >= 0) & (sums > 0) & same
    if not good.any():
        message = "On no day of these dates can the families' downloads be stacked to a whole."
        raise NothingToShow(message)
    stacked = (held & good).T
    share = np.divide(values, sums, out=np.full(shape, np.nan), where=held & good)
    high = _running(share, held & good)[0].T[stacked]
    share = share.T[stacked]
    found = _picked(rows, row.T[stacked], share=share, low=high - share, high=high)
    return found, int((~good).sum())


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
    family, names = pd.factorize(rows["family"])
    begun = [np.datetime64(launches.get(str(name), "NaT"), "us") for name in names]
    since = rows["day"].to_numpy("datetime64[us]") - np.array(begun, "datetime64[us]")[family]
    shown = np.flatnonzero(since >= np.timedelta64(0, "us"))  # NaT is not
    drawn = np.bincount(family[shown], minlength=len(names))
    left_out = tuple(str(name) for name in names[drawn == 0])
    if not len(shown):
        message = "Of none of these families the day of launch is known."
        raise NothingToShow(message)
    return _picked(
        rows, shown, since=(since[shown] // np.timedelta64(1, "D")).astype(np.int64)
    ), left_out


def _running(
    values: NDArray[np.float64], held: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sums of each column down to each row, and at its end; cells that are not ``held`` are 0.

    Each keeps what adding lost and adds it to the next (Kahan's summation).
    """
    total, lost = np.zeros(values.shape[1]), np.zeros(values.shape[1])
    running = np.zeros(values.shape)
    for at, (amount, there) in enumerate(zip(values, held, strict=True)):
        more = np.where(there, amount, 0.0) - np.where(there, lost, 0.0)
        after = total + more
        lost = np.where(there, after - total - more, lost)
        total = after
        running[at] = total
    return running, total


def _picked(rows: pd.DataFrame, which: NDArray[np.intp], **columns: NDArray[Any]) -> pd.DataFrame:
    """Some of ``rows`` in the order of ``which``, with other or more ``columns``."""
    held: dict[str, Any] = {
        str(name): columns[name] if name in columns else rows[name].array.take(which)
        for name in rows.columns
    }
    return pd.DataFrame(held | columns)


def _daily(history: History, span: Range, _: str) -> pd.DataFrame:
    """Every figure that lies wholly in ``span``; a line breaks where a day is unknown."""
    low, high = max(history.column(span.start), 0), history.column(span.end)
    row, column = np.nonzero(history.covers[:, low : high + 1])
    column += low
    begin = column - history.covers[row, column] + 1
    inside = begin >= low
    row, column, begin = row[inside], column[inside], begin[inside]
    long = begin < column
    breaks = np.ones(len(row), bool)
    breaks[1:] = (row[1:] != row[:-1]) | (begin[1:] != column[:-1] + 1) | long[1:] | long[:-1]
    return _frame(history, row, begin, column, history.downloads[row, column], breaks)


def _smoothed(history: History, span: Range, _: str) -> pd.DataFrame:
    """Means of the seven days around each day, where all seven are known one by one."""
    single = history.covers == 1
    known, finished = _windows(single), _windows(single & history.complete)
    figures = _windows(np.where(single, history.downloads, 0.0))
    low, high = history.column(span.start), history.column(span.end)
    middle = np.arange(known.shape[1]) + _HALF
    row, at = np.nonzero((known == _WEEK) & (middle >= low) & (middle <= high))
    column = at + _HALF
    breaks = np.ones(len(row), bool)
    breaks[1:] = (row[1:] != row[:-1]) | (np.diff(column) != 1)
    whole = finished[row, at] == _WEEK
    return _frame(history, row, column, column, figures[row, at], breaks, _WEEK, whole)


def _windows(values: NDArray[Any]) -> NDArray[np.float64]:
    """Sums of seven neighbours along each row; without columns where there are fewer."""
    running = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=running[:, 1:])
    return running[:, _WEEK:] - running[:, :-_WEEK]


def _periods(history: History, span: Range, each: str) -> pd.DataFrame:
    """Weeks from Monday or calendar months; unfinished where not all of it is known."""
    periods = pd.period_range(span.start, span.end, freq=_PERIODS[each])
    begins = periods.start_time.normalize()
    ends = periods.end_time.normalize()
    told = sums(
        history,
        [history.column(max(day, span.start)) for day in begins],
        [history.column(min(day, span.end)) for day in ends],
    )
    row, period = np.nonzero(told.known)
    inside = np.asarray((begins >= span.start) & (ends <= span.end))
    whole = inside & (told.missing == 0) & (told.unfinished == 0)
    breaks = np.ones(len(row), bool)
    breaks[1:] = (row[1:] != row[:-1]) | (np.diff(period) != 1)
    downloads, known = told.downloads[row, period], told.known[row, period]
    return pd.DataFrame(
        {
            "family": _names(history, row),
            "day": ends.to_numpy("datetime64[us]")[period],
            "begin": begins.to_numpy("datetime64[us]")[period],
            "value": downloads / known,
            "downloads": downloads,
            "days": known,
            "complete": whole[row, period],
            "segment": np.cumsum(breaks),
        }
    )


def _names(history: History, row: NDArray[np.intp]) -> ExtensionArray:
    return pd.array(list(history.families), dtype="str").take(row)


def _frame(  # noqa: PLR0913, PLR0917 - columns of one frame
    history: History,
    row: NDArray[np.intp],
    begin: NDArray[np.intp],
    column: NDArray[np.intp],
    figures: NDArray[np.float64],
    breaks: NDArray[np.bool_],
    of_days: int = 0,
    whole: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    covers = np.full(len(row), of_days) if of_days else (column - begin + 1).astype(np.int64)
    days = history.days.astype("datetime64[us]")
    return pd.DataFrame(
        {
            "family": _names(history, row),
            "day": days[column],
            "begin": days[begin],
            "value": figures / covers,
            "downloads": figures,
            "days": covers,
            "complete": history.complete[row, column] if whole is None else whole,
            "segment": np.cumsum(breaks),
        }
    )

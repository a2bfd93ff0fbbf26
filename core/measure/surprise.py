"""How far a share was from what its benchmark explains, beside the days before.

The formulas are those of A. C. MacKinlay, "Event Studies in Economics and
Finance", Journal of Economic Literature 35 (1997), pages 13 to 39. All returns
are logarithmic: ``exp(r) - 1`` is the change.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.remembered import remembered
from core.measure.sessions import as_session, by_session

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MARKET_MODEL: Final = "market model"
MARKET_ADJUSTED: Final = "market-adjusted"

FEWEST: Final = 60
"""Fewer sessions before the day say too little about what is ordinary."""

_WINDOWS_TO_COMPARE: Final = 4
"""A window may be this part of the estimation: longer ones have too few to compare with."""

_NO_CHANGE: Final = 1e-10
"""Returns below this are rounding, not a change of a price."""


@dataclass(frozen=True)
class Fit:
    """What is fitted to ordinary days; ``mean`` and ``spread`` are of the benchmark's returns."""

    model: str
    alpha: float
    beta: float
    r_squared: float
    variance: float
    freedom: int
    residuals: Floats
    mean: float
    spread: float

    def error(self, benchmark: Floats) -> float:
        """Standard error of the summed abnormal return over a window (MacKinlay, eq. 8, 10)."""
        length = len(benchmark)
        if self.model == MARKET_ADJUSTED:
            return sqrt(self.variance * length)
        deviation = float((benchmark - self.mean).sum())
        number = len(self.residuals)
        return sqrt(self.variance * (length + length**2 / number + deviation**2 / self.spread))


@dataclass(frozen=True)
class Pair:
    """Log returns between ``common`` sessions, of session i at i - 1.

    ``moments`` are these sessions, and ``places`` where each is among those of either series.
    """

    common: pd.DatetimeIndex
    moments: NDArray[np.datetime64]
    places: NDArray[np.int64]
    returns: Floats
    compared: Floats


@remembered
def paired(own: pd.Series, other: pd.Series) -> Pair:
    """Two series of ``sessions.by_session`` side by side."""
    common = pd.DatetimeIndex(own.index.intersection(other.index))
    return Pair(
        common,
        common.to_numpy(),
        own.index.union(other.index).get_indexer(common),
        np.diff(np.log(own[common].to_numpy())),
        np.diff(np.log(other[common].to_numpy())),
    )


@dataclass(frozen=True)
class Surprise:
    """How far a share was from what its benchmark explains; see ``EventStudy`` for each."""

    abnormal_return: float
    standard_error: float
    t: float
    placebo: Floats
    placebo_count: int
    fit: Fit
    both: Pair
    ordinary: slice
    inside: slice
    """Returns of the estimation and of the window."""

    @property
    def placebo_windows(self) -> int:
        """Windows of ordinary days that this one is compared with."""
        return len(self.placebo)

    @property
    def begins(self) -> np.datetime64:
        """First session of the window."""
        day: np.datetime64 = self.both.moments[self.inside.start + 1]
        return day

    @property
    def ends(self) -> np.datetime64:
        """Last session of the window."""
        day: np.datetime64 = self.both.moments[self.inside.stop]
        return day


def surprise(  # noqa: PLR0913 - as ``study``
    asset: pd.Series,
    benchmark: pd.Series,
    day: date | str,
    *,
    window: tuple[int, int] = (0, 0),
    estimation: int = 250,
    gap: int = 10,
) -> Surprise:
    """What ``study`` finds of the surprise alone: for many events at once."""
    _check(window, estimation, gap)
    own, other = by_session(asset), by_session(benchmark)
    names = str(asset.name or "the share"), str(benchmark.name or "the benchmark")
    both = paired(own, other)
    common, returns, compared = both.common, both.returns, both.compared
    at = _place(as_session(day), own, other, both, names)
    first, last = at + window[0], at + window[1]
    if last >= len(common):
        message = (
            f"The window reaches {window[1]} sessions beyond {common[at]:%Y-%m-%d}, and prices of "
            f"both {names[0]} and {names[1]} end on {common[-1]:%Y-%m-%d}."
        )
        raise NothingToShow(message, advice="Choose an earlier day or a shorter window.")
    start, stop = max(0, first - 1 - gap - estimation), first - 1 - gap
    if stop - start < FEWEST:
        message = (
            f"Only {max(0, stop - start)} sessions of {names[0]} and {names[1]} lie far enough "
            f"before {common[at]:%Y-%m-%d}: what is ordinary cannot be told from fewer than "
            f"{FEWEST}."
        )
        raise NothingToShow(message, advice="Choose a later day.")
    if (last - first + 1) * _WINDOWS_TO_COMPARE > stop - start:
        message = (
            f"A window of {last - first + 1} sessions is too long to be compared with the "
            f"{stop - start} sessions before it."
        )
        raise NothingToShow(message, advice="Choose a shorter window.")
    ordinary, inside = slice(start, stop), slice(first - 1, last)
    _check_change(returns[ordinary], compared[ordinary], names)
    fit = _fit(returns[ordinary], compared[ordinary], full=stop - start == estimation, names=names)
    expected = fit.alpha + fit.beta * compared[inside]
    abnormal = float((returns[inside] - expected).sum())
    error = fit.error(compared[inside])
    placebo = np.convolve(fit.residuals, np.ones(last - first + 1), mode="valid")
    return Surprise(
        abnormal_return=abnormal,
        standard_error=error,
        t=abnormal / error,
        placebo=placebo,
        placebo_count=int((np.abs(placebo) >= abs(abnormal)).sum()),
        fit=fit,
        both=both,
        ordinary=ordinary,
        inside=inside,
    )


def _check(window: tuple[int, int], estimation: int, gap: int) -> None:
    if window[0] > window[1]:
        message = "The window ends before it begins."
        raise NothingToShow(message)
    if gap < 0:
        message = "The days that show what is ordinary overlap with the window that is studied."
        raise NothingToShow(message)
    if estimation < FEWEST:
        message = f"What is ordinary cannot be told from fewer than {FEWEST} sessions."
        raise NothingToShow(message)


def _place(
    day: pd.Timestamp,
    own: pd.Series,
    other: pd.Series,
    both: Pair,
    names: tuple[str, str],
) -> int:
    """Where ``day`` is in ``both``; says whose session is missing where it is not."""
    at = int(both.moments.searchsorted(np.datetime64(day)))
    if 0 < at < len(both.moments) and both.moments[at] == np.datetime64(day):
        return at
    for name, series in zip(names, (own, other), strict=True):
        if series.empty:
            message = f"The data hold no prices of {name}."
            raise NothingToShow(message)
        first, last = series.index[0], series.index[-1]
        held = f"The sessions in the data run from {first:%Y-%m-%d} to {last:%Y-%m-%d}."
        if day <= first:
            message = f"The prices of {name} in the data begin on {first:%Y-%m-%d}."
            raise NothingToShow(message, advice=f"Choose a later day. {held}")
        if day not in series.index:
            message = f"There is no session of {name} on {day:%Y-%m-%d}. {held}"
            if day < last:
                message += (
                    " The exchange was closed, the share was not traded, or a price is missing."
                )
            raise NothingToShow(message)
    message = f"The prices of {names[0]} and {names[1]} have no session in common before."
    raise NothingToShow(message)


def _check_change(returns: Floats, compared: Floats, names: tuple[str, str]) -> None:
    for name, values in zip(names, (returns, compared), strict=True):
        if np.ptp(values) < _NO_CHANGE:
            message = f"The price of {name} never changes: nothing can be learned from it."
            raise NothingToShow(message)
    if np.abs(returns - compared).max() < _NO_CHANGE:
        message = f"{names[0]} and {names[1]} are the same series: it cannot explain itself."
        raise NothingToShow(message)


def _fit(returns: Floats, compared: Floats, *, full: bool, names: tuple[str, str]) -> Fit:
    """The market model where there is a full estimation, else the benchmark's return itself."""
    number, mean = len(returns), float(compared.mean())
    centred = compared - mean
    spread = float(centred @ centred)
    if full:
        beta = float(centred @ returns) / spread
        alpha = float(returns.mean()) - beta * mean
        freedom = number - 2
    else:
        alpha, beta, freedom = 0.0, 1.0, number
    residuals = returns - alpha - beta * compared
    unexplained = float(residuals @ residuals)
    if np.abs(residuals).max() < _NO_CHANGE:
        message = f"{names[0]} moves exactly as {names[1]} does: there is nothing left to study."
        raise NothingToShow(message)
    own = returns - returns.mean()
    return Fit(
        model=MARKET_MODEL if full else MARKET_ADJUSTED,
        alpha=alpha,
        beta=beta,
        r_squared=1 - unexplained / float(own @ own) if full else float("nan"),
        variance=unexplained / freedom,
        freedom=freedom,
        residuals=residuals,
        mean=mean,
        spread=spread,
    )

"""How unusual a share's change was on a day: an event study with the market model.

The formulas are those of A. C. MacKinlay, "Event Studies in Economics and
Finance", Journal of Economic Literature 35 (1997), pages 13 to 39. All returns
are logarithmic: ``exp(r) - 1`` is the change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.measure.sessions import splits
from core.measure.surprise import FEWEST, MARKET_ADJUSTED, MARKET_MODEL, surprise

__all__ = ["FEWEST", "MARKET_ADJUSTED", "MARKET_MODEL", "EventStudy", "study"]

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class EventStudy:
    """A share's return over a window, beside what its benchmark explains.

    - ``model``: ``MARKET_MODEL``, or ``MARKET_ADJUSTED`` where history is short
    - ``raw_return``, ``benchmark_return``: log returns summed over the window
    - ``abnormal_return``: the part of ``raw_return`` not explained, log, summed
    - ``standard_error`` of it, with the uncertainty of the estimates; ``t`` is their
      ratio, to be held against Student's distribution with ``freedom`` degrees
    - ``alpha``, ``beta``, ``r_squared``: the fit; 0, 1 and NaN where nothing is fitted
    - ``placebo``: summed residuals of every window as long within the estimation;
      ``placebo_windows`` of them, ``placebo_count`` at least as large in size as
      ``abnormal_return``, which is the ``placebo_share``
    - ``estimation_dates``, ``window_dates``: first and last session; ``sessions`` of
      the estimation
    - ``skipped``: sessions within the window that only one of the two series has
    - ``splits``: sessions whose change looks like a split that was not adjusted for
    """

    model: str
    raw_return: float
    benchmark_return: float
    abnormal_return: float
    standard_error: float
    t: float
    freedom: int
    alpha: float
    beta: float
    r_squared: float
    placebo: Floats
    placebo_count: int
    window: tuple[int, int]
    day: pd.Timestamp
    estimation_dates: tuple[pd.Timestamp, pd.Timestamp]
    window_dates: tuple[pd.Timestamp, pd.Timestamp]
    sessions: int
    skipped: int
    splits: tuple[pd.Timestamp, ...]

    @property
    def length(self) -> int:
        """Sessions in the window."""
        return self.window[1] - self.window[0] + 1

    @property
    def placebo_windows(self) -> int:
        """Windows of ordinary days that this one is compared with."""
        return len(self.placebo)

    @property
    def placebo_share(self) -> float:
        """Part of the ordinary windows that was at least as large in size."""
        return self.placebo_count / len(self.placebo)


def study(  # noqa: PLR0913 - what is compared, when, and the three choices of the method
    asset: pd.Series,
    benchmark: pd.Series,
    day: date | str,
    *,
    window: tuple[int, int] = (0, 0),
    estimation: int = 250,
    gap: int = 10,
) -> EventStudy:
    """How unusual the return of ``asset`` was around ``day``, given ``benchmark``.

    Both are series of adjusted closes or index values by date, in any order;
    only ratios matter. Returns are between sessions that both have. ``window``
    counts sessions from ``day``. The market model is fitted by ordinary least
    squares to the ``estimation`` returns that end ``gap`` sessions before the
    window. Where history is shorter, but not below ``FEWEST``, the benchmark's
    return itself is what is expected. Raises ``NothingToShow`` where there is
    no session, too little history, or nothing that varies.
    """
    one = surprise(asset, benchmark, day, window=window, estimation=estimation, gap=gap)
    both, fit, inside, ordinary = one.both, one.fit, one.inside, one.ordinary
    common, returns, compared = both.common, both.returns, both.compared
    start, first, last = ordinary.start, inside.start + 1, inside.stop
    return EventStudy(
        model=fit.model,
        raw_return=float(returns[inside].sum()),
        benchmark_return=float(compared[inside].sum()),
        abnormal_return=one.abnormal_return,
        standard_error=one.standard_error,
        t=one.t,
        freedom=fit.freedom,
        alpha=fit.alpha,
        beta=fit.beta,
        r_squared=fit.r_squared,
        placebo=one.placebo,
        placebo_count=one.placebo_count,
        window=window,
        day=common[first - window[0]],
        estimation_dates=(common[start + 1], common[ordinary.stop]),
        window_dates=(common[first], common[last]),
        sessions=ordinary.stop - start,
        skipped=int(both.places[last] - both.places[first - 1]) - (last - first + 1),
        splits=splits(returns[start:last], compared[start:last], common[start + 1 : last + 1]),
    )

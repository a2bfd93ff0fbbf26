"""Whether downloads and a share move together: rank correlation of their changes.

Never of their levels: two independent series that both wander look related more
often than not (Granger and Newbold 1974). Never of 30-day counters, whose days
overlap. What chance alone does is seen from the same two histories with one of
them shifted in a circle against the other, so that each keeps its own pattern
of quiet and stormy weeks and only what they have in common is lost. Looking at
many lags finds something more often, and neighbouring shifts see the same lags:
there the histories are shuffled in blocks of two weeks, and of each the
strongest of all lags counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import NothingToShow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.measure.session_sums import SessionSums

    Floats = NDArray[np.float64]

FEWEST: Final = 60
"""Sessions with both changes below which nothing is told."""

MOST_LAG: Final = 10
"""Sessions by which one series is moved before and behind the other."""

HISTORIES: Final = 100
"""Shifted histories with which the correlation on the same day is compared, at most."""

SHUFFLED: Final = 1000
"""Shuffled histories with which the strongest of all lags is compared."""

BLOCK: Final = 10
"""Sessions that stay together when a history is shuffled."""

_LEVEL: Final = 0.05
_SEED: Final = 20260112


@dataclass(frozen=True)
class Together:
    """How changes of downloads and of a share's price go together.

    ``lags`` has ``lag`` (sessions by which downloads come first; below zero the
    share does) and ``correlation``. ``correlation`` is that at lag zero;
    ``low`` … ``high`` hold 95 of 100 shuffled histories, and ``as_strong`` of
    ``histories`` were at least as far from zero. ``band`` is what the largest of
    all lags exceeds in 5 of 100 shuffled histories only, ``best`` the lag with
    the strongest correlation, and ``best_as_strong`` of ``shuffled`` histories had
    some lag at least as strong. ``pairs`` has ``session``, ``downloads`` and ``share``,
    the two log changes; ``left_out`` sessions of the range lack one of them.
    """

    family: str
    ticker: str
    correlation: float
    low: float
    high: float
    as_strong: int
    histories: int
    lags: pd.DataFrame
    band: float
    best: int
    best_as_strong: int
    shuffled: int
    pairs: pd.DataFrame
    left_out: int

    @property
    def first(self) -> pd.Timestamp:
        """First session of the pairs."""
        return pd.Timestamp(self.pairs["session"].iloc[0])

    @property
    def last(self) -> pd.Timestamp:
        """Last session of the pairs."""
        return pd.Timestamp(self.pairs["session"].iloc[-1])


def changes(sums: SessionSums, levels: pd.Series) -> tuple[pd.DataFrame, int]:
    """Log changes from session to session, and how many sessions lack one.

    ``levels`` is the share's by session, ascending. The change of downloads is
    that of their number a day: a Monday has three days, and would else rise
    every week. Both changes reach from the share's session before to this one;
    where either is not known, or downloads were not above zero, there is none.
    """
    level = levels.to_numpy("float64")
    above = level > 0
    sessions = pd.DatetimeIndex(levels.index[above]).as_unit("s")
    at = sessions.get_indexer(pd.DatetimeIndex(sums.rows["session"]).as_unit("s"))
    rate = sums.rows["per_day"].to_numpy("float64")
    told = (at >= 0) & (rate > 0)
    rates = np.full(len(sessions), np.nan)
    rates[at[told]] = rate[told]
    touched = np.flatnonzero(~np.isnan(rates))
    downloads, share = np.diff(np.log(rates)), np.diff(np.log(level[above]))
    known = ~np.isnan(downloads)
    whole = pd.DataFrame(
        {"session": sessions[1:][known], "downloads": downloads[known], "share": share[known]}
    )
    inside = len(sessions) - touched[0] if len(touched) else 0
    return whole, max(0, int(inside) - 1 - len(whole))


def together(sums: SessionSums, levels: pd.Series) -> Together:
    """How the changes of both go together; ``levels`` of one share by session, named by ticker.

    Raises ``NothingToShow`` with fewer than ``FEWEST`` sessions, or where one
    of the two never changes.
    """
    pairs, left_out = changes(sums, levels)
    ticker = str(levels.name)
    if len(pairs) < FEWEST:
        number = "no session has" if not len(pairs) else f"only {len(pairs)} sessions have"
        message = (
            f"Too little to tell: in these dates {number} both a change of {sums.family}'s "
            f"downloads and of {ticker}'s price, and fewer than {FEWEST} prove nothing."
        )
        raise NothingToShow(message, advice="Choose longer dates.")
    first, second = _ranked(pairs["downloads"]), _ranked(pairs["share"])
    for ranks, what in ((first, f"{sums.family}'s downloads"), (second, f"{ticker}'s price")):
        if not ranks.any():
            message = f"{what} never change in these dates: nothing can move with them."
            raise NothingToShow(message)
    circle = circular(first, second)
    lag = np.arange(-MOST_LAG, MOST_LAG + 1)
    own = circle[lag % len(circle)]
    null = circle[_shifts(len(circle))]
    scanned = _scanned(first, second)
    best = int(np.abs(own).argmax())
    zero = float(own[MOST_LAG])
    return Together(
        family=sums.family,
        ticker=ticker,
        correlation=zero,
        low=float(np.quantile(null, _LEVEL / 2)),
        high=float(np.quantile(null, 1 - _LEVEL / 2)),
        as_strong=int((np.abs(null) >= abs(zero)).sum()),
        histories=len(null),
        lags=pd.DataFrame({"lag": lag, "correlation": own}),
        band=float(np.quantile(scanned, 1 - _LEVEL, method="higher")),
        best=int(lag[best]),
        best_as_strong=int((scanned >= abs(own[best])).sum()),
        shuffled=len(scanned),
        pairs=pairs,
        left_out=left_out,
    )


def circular(first: Floats, second: Floats) -> Floats:
    """Correlation of two standardised series at every circular shift, along the last axis.

    At place k: ``first`` k sessions earlier against ``second``. By the
    convolution theorem, all shifts at the price of three transforms.
    """
    spectrum = np.conj(np.fft.rfft(first)) * np.fft.rfft(second)
    found: Floats = np.fft.irfft(spectrum, first.shape[-1]) / first.shape[-1]
    return found


def _scanned(first: Floats, second: Floats) -> Floats:
    """The strongest correlation over all lags in each of ``SHUFFLED`` histories."""
    size = len(first)
    chance = np.random.default_rng(_SEED)
    blocks = -(-size // BLOCK)
    # Blocks in another order, the same places moved round: each a history of its own.
    order = chance.permuted(np.tile(np.arange(blocks), (SHUFFLED, 1)), axis=1)
    places = (order[:, :, None] * BLOCK + np.arange(BLOCK)).reshape(SHUFFLED, -1)
    places = places[places < size].reshape(SHUFFLED, size)
    places = (places + chance.integers(0, size, (SHUFFLED, 1))) % size
    lag = np.arange(-MOST_LAG, MOST_LAG + 1)
    strongest: Floats = np.abs(circular(first[places], second)[:, lag % size]).max(axis=1)
    return strongest


def _ranked(values: pd.Series) -> Floats:
    """Ranks (ties share theirs), of mean zero and variance one; all zero without change."""
    ranks = values.rank().to_numpy(dtype="float64")
    ranks = ranks - ranks.mean()
    spread = float(ranks.std())
    standardised: Floats = ranks / spread if spread else ranks
    return standardised


def _shifts(size: int) -> NDArray[np.int64]:
    """``HISTORIES`` shifts, or as many as there are, none near enough to hold a true lag."""
    nearest = 2 * MOST_LAG + 1
    every: NDArray[np.int64] = np.arange(nearest, size - nearest + 1)
    if len(every) <= HISTORIES:
        return every
    spread: NDArray[np.int64] = np.linspace(0, len(every) - 1, HISTORIES).round().astype("int64")
    return every[spread]

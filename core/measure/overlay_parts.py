"""What lines laid over each other are: one part a line, and what of them is not there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.measure.by_ticker import Moments


@dataclass(frozen=True)
class Part:
    """What of one line lies in a range: its sessions there, and what belongs to each of them.

    ``change`` is in percent since ``base``; ``known_from`` and ``known_to`` are where
    all its data begin and end.
    """

    ticker: str
    sessions: Moments
    change: NDArray[np.float64]
    base: np.datetime64
    segment: NDArray[np.int64]
    source: NDArray[np.object_]
    known_from: np.datetime64
    known_to: np.datetime64

    @property
    def last(self) -> float:
        """The value at the last session, 100 at ``base``."""
        return float(100 + self.change[-1])


@dataclass(frozen=True)
class Overlay:
    """Lines over one range.

    ``parts`` has those that have a session in the range, in the order asked for.
    ``base`` is the session at which all are 100, None where they have none in
    common and each is 100 at its own first. ``unknown`` names the tickers without
    any data, ``outside`` those with data but without a session in the range.
    """

    start: pd.Timestamp
    end: pd.Timestamp
    parts: tuple[Part, ...]
    unknown: tuple[str, ...]
    outside: tuple[str, ...]
    base: pd.Timestamp | None

    @cached_property
    def rows(self) -> pd.DataFrame:
        """All lines below each other, as ``overlay.rebased`` gives them."""
        return rows_of(self.parts)

    @property
    def standing(self) -> pd.DataFrame:
        """A row a line.

        ``ticker``, ``first`` and ``last`` session in the range, ``base``, ``value`` at
        the last, ``sessions``, ``known_from`` and ``known_to``.
        """
        return pd.DataFrame(
            {
                "ticker": [one.ticker for one in self.parts],
                "first": np.array([one.sessions[0] for one in self.parts]),
                "last": np.array([one.sessions[-1] for one in self.parts]),
                "base": np.array([one.base for one in self.parts]),
                "value": [one.last for one in self.parts],
                "sessions": [len(one.sessions) for one in self.parts],
                "known_from": np.array([one.known_from for one in self.parts]),
                "known_to": np.array([one.known_to for one in self.parts]),
            }
        )

    @property
    def later(self) -> tuple[Part, ...]:
        """Those whose data begin only within the range, after the others."""
        start, first = np.datetime64(self.start), min(one.sessions[0] for one in self.parts)
        return tuple(
            one for one in self.parts if one.known_from > start and one.sessions[0] > first
        )


def rows_of(parts: Sequence[Part]) -> pd.DataFrame:
    """Lines below each other, as ``overlay.rebased`` gives them."""
    sizes = [len(one.sessions) for one in parts]
    change = np.concatenate([one.change for one in parts])
    return pd.DataFrame(
        {
            "session": np.concatenate([one.sessions for one in parts]),
            "ticker": np.repeat(np.array([one.ticker for one in parts], "object"), sizes),
            "value": 100 + change,
            "change": change,
            "base": np.repeat(np.array([one.base for one in parts]), sizes),
            "segment": np.concatenate([one.segment for one in parts]),
            "source": np.concatenate([one.source for one in parts]),
        }
    )

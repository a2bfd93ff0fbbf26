"""Families ranked by downloads in any range of days of the daily history.

Every sum is of daily downloads, differences of the all-time counter; never of
30-day counters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import NothingToShow
from core.measure.history import Artefact, History, all_time_at, total
from core.measure.leaderboard import ONE_MODEL_SHARE

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.measure.history_models import ModelHistory

JUMP: Final = 0.15
"""A model whose share of its family rose by more than this is called out."""

_POINTS: Final = 60
"""Most points of a small line in a table; a longer range is averaged to fit."""

_ONE_DAY: Final = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Range:
    """Days from ``start`` to ``end``; ``cut`` where other days were asked for too."""

    start: pd.Timestamp
    end: pd.Timestamp
    cut: bool = False

    @property
    def days(self) -> int:
        """How many days, both ends included."""
        return (self.end - self.start).days + 1

    @property
    def before(self) -> Range:
        """The period of equal length that ends the day before."""
        return Range(self.start - self.days * _ONE_DAY, self.start - _ONE_DAY)


def within(history: History, start: pd.Timestamp, end: pd.Timestamp) -> Range:
    """The days from ``start`` to ``end`` that the history has.

    Raises ``NothingToShow`` where it has none of them.
    """
    first, last = known_days(history)
    if start > last or end < first:
        message = (
            f"The daily history runs from {first:%Y-%m-%d} to {last:%Y-%m-%d}: it has nothing "
            f"from {start:%Y-%m-%d} to {end:%Y-%m-%d}."
        )
        raise NothingToShow(message, advice="Choose dates that reach into it.")
    held = max(start, first), min(end, last)
    return Range(*held, cut=held != (start, end))


def known_days(history: History) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of which any family's downloads are known."""
    columns = np.flatnonzero((history.stands_at >= 0).any(axis=0))
    if not len(columns):
        message = "The daily history in the store has no figures for these families."
        raise NothingToShow(message)
    return pd.Timestamp(history.days[columns[0]]), pd.Timestamp(history.days[columns[-1]])


@dataclass(frozen=True)
class RangeBoard:
    """The families over one range, on one basis.

    ``rows`` has a row a family, those with figures first, most downloads first:

    - ``rank`` (Int64, null without a figure; equals share one), ``family``
    - ``downloads`` in the range, ``per_day`` (of the days known), ``share`` of
      ``denominator`` (0 to 1; null where that is not above zero)
    - ``days_known``, ``missing``, ``cut``, ``unfinished``, ``longest``: see
      ``history.Total``
    - ``all_time`` and the day it is of, ``all_time_on``
    - ``before``: downloads in the period of equal length before; ``change``:
      downloads / before - 1; ``rank_before``, ``rank_change`` (above zero:
      gained). Null unless every day of both periods is known
    - ``biggest``, ``biggest_downloads``, ``biggest_share``: the most downloaded
      official model and its share of the family's official downloads;
      ``biggest_share_before``; null where models are not loaded
    - ``series``: list of floats, downloads a day along the range, at most
      sixty points; without those of which nothing is known

    ``denominator`` is what shares are of, ``adds_up`` false where shares may
    add to more than 1 because a merge counts in several families.
    """

    basis: str
    range: Range
    rows: pd.DataFrame
    denominator: float
    adds_up: bool

    @cached_property
    def ranked(self) -> pd.DataFrame:
        """Families with a figure, best first."""
        return self.rows[self.rows["rank"].notna()]

    @cached_property
    def without_figures(self) -> tuple[str, ...]:
        """Families of which nothing is known in the range."""
        return tuple(self.rows.loc[self.rows["rank"].isna(), "family"])

    @cached_property
    def bursts(self) -> pd.DataFrame:
        """Families of which one model is much, or suddenly more; biggest share first."""
        rows = self.rows[self.rows["biggest_share"].notna()]
        much = rows["biggest_share"] > ONE_MODEL_SHARE
        jumped = (rows["biggest_share"] - rows["biggest_share_before"]).fillna(0) > JUMP
        held: pd.DataFrame = rows[much | jumped]
        return held.sort_values("biggest_share", ascending=False, ignore_index=True)

    def only(self, families: frozenset[str]) -> RangeBoard:
        """The rows of some families; ranks and shares stay those among all."""
        return replace(self, rows=self.rows[self.rows["family"].isin(families)])


def board(
    history: History,
    span: Range,
    *,
    models: ModelHistory | None = None,
    official: History | None = None,
    whole: History | None = None,
) -> RangeBoard:
    """Rank the families of ``history`` over ``span``.

    ``models`` and ``official`` (the history of official models) tell how much
    of a family one model is. ``whole`` is a history whose families may be
    added, for the denominator of one whose may not.
    """
    before = span.before
    records = []
    for family in history.families:
        now = total(history, family, span.start, span.end)
        then = total(history, family, before.start, before.end)
        counter, on = all_time_at(history, family, span.end)
        records.append(
            {
                "family": family,
                "downloads": now.downloads,
                "per_day": now.per_day,
                "days_known": now.days_known,
                "missing": now.missing,
                "cut": now.cut,
                "unfinished": now.unfinished,
                "longest": now.longest,
                "all_time": counter,
                "all_time_on": on,
                "comparable": now.known and not now.missing and not then.missing,
                "before": then.downloads,
            }
        )
    rows = pd.DataFrame(records).astype({"all_time_on": "datetime64[us]"})
    rows["rank"] = rows["downloads"].rank(method="min", ascending=False).astype("Int64")
    rank_before = rows["before"].rank(method="min", ascending=False).astype("Int64")
    rows["rank_before"] = rank_before.where(rows["comparable"])
    rows["rank_change"] = rows["rank_before"] - rows["rank"]
    rows["before"] = rows["before"].where(rows["comparable"])
    rows["change"] = rows["downloads"] / rows["before"].where(rows["before"] > 0) - 1
    denominator = _denominator(whole, span) if whole else float(rows["downloads"].sum())
    rows["share"] = rows["downloads"] / denominator if denominator > 0 else float("nan")
    rows = rows.join(_biggest(history.families, span, models, official))
    rows["series"] = [spark(history, family, span) for family in history.families]
    rows = rows.drop(columns="comparable").sort_values(
        ["downloads", "family"], ascending=[False, True], na_position="last", ignore_index=True
    )
    return RangeBoard(history.basis, span, rows, denominator, adds_up=whole is None)


def spark(history: History, family: str, span: Range) -> list[float]:
    """Downloads a day along ``span``, in at most sixty steps of equal length.

    A step of which not every day is known is left out.
    """
    width = -(-span.days // _POINTS)
    edges = pd.date_range(span.start, span.end, freq=f"{width}D")
    parts = [
        total(history, family, day, min(day + (width - 1) * _ONE_DAY, span.end)) for day in edges
    ]
    return [part.per_day for part in parts if part.known and part.missing == 0]


def artefacts_in(
    history: History,
    span: Range,
    families: frozenset[str],
    family_of: Callable[[str], str | None],
) -> tuple[Artefact, ...]:
    """Artefacts of the history that touch ``span``; of models only those of ``families``."""
    return tuple(
        artefact
        for artefact in history.artefacts
        if artefact.start <= span.end
        and artefact.end >= span.start
        and ("/" not in artefact.scope or family_of(artefact.scope) in families)
    )


def _denominator(whole: History, span: Range) -> float:
    known = [total(whole, family, span.start, span.end) for family in whole.families]
    return float(sum(one.downloads for one in known if one.known))


def _biggest(
    families: tuple[str, ...],
    span: Range,
    models: ModelHistory | None,
    official: History | None,
) -> pd.DataFrame:
    """Each family's most downloaded model; nulls where nothing tells."""
    biggest = models.biggest(span.start, span.end) if models and official else {}
    before = span.before
    earlier = models.totals(before.start, before.end) if models and biggest else None
    records = []
    for family in families:
        found = biggest.get(family)
        record: dict[str, str | float | None] = {
            "biggest": None,
            "biggest_downloads": float("nan"),
            "biggest_share": float("nan"),
            "biggest_share_before": float("nan"),
        }
        if found and official and models and earlier is not None:
            now = total(official, family, span.start, span.end).downloads
            then = total(official, family, before.start, before.end).downloads
            had = float(earlier[models.models.index(found.model_id)])
            record |= {
                "biggest": found.model_id,
                "biggest_downloads": found.downloads,
                "biggest_share": found.downloads / now if now > 0 else float("nan"),
                "biggest_share_before": had / then if then > 0 else float("nan"),
            }
        records.append(record)
    return pd.DataFrame(records).astype({"biggest": "str"})

"""What the tables at hand know that a claim can be held against."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.measure import claims_history
from core.measure.bases import BASES, OFFICIAL, WITHOUT_BIGGEST
from core.measure.claims_history import Figure, unknown
from core.measure.forest import official
from core.measure.history import of_grid, without_biggest
from core.measure.traits import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from core.measure.claims_history import Days
    from core.measure.coverage import Coverage
    from core.measure.families import FamilyRules
    from core.measure.forest import Forest, Official
    from core.measure.graph import Numbers
    from core.measure.history import History
    from core.measure.history_models import ModelHistory
    from core.schemas import Family, WorkedExample

_TOLD: Final = pd.Timedelta(days=7)
"""A complete count of derivatives this close to a claim's day is one of that day."""

_FIRST_DAY: Final = pd.Timestamp("1970-01-01")
"""The days of a forest count from here."""

_WEEKEND: Final = pd.Timedelta(days=5)
"""Days without a session at the end of a period that are no lack of data."""


@dataclass(frozen=True, eq=False)
class Figures:
    """The tables, as they are, and what is worked out from them when it is asked for.

    ``histories`` are the daily histories of families by basis, ``single`` that
    of official models, None where it is not loaded. ``forest`` is what is
    built on what, None where no link can be read. ``artefacts``, ``events`` and
    ``milestones`` are tables of these names, ``models`` the rows of that table
    that tell of official models; ``official`` is ``readings.official``;
    ``levels`` is ``overlay.levels``. ``coverage`` says how much of the tree is known.
    """

    families: tuple[Family, ...]
    rules: FamilyRules
    histories: Mapping[str, History]
    single: ModelHistory | None
    official: pd.DataFrame
    forest: Forest | None
    models: pd.DataFrame
    coverage: Coverage
    levels: pd.DataFrame
    artefacts: pd.DataFrame
    events: pd.DataFrame
    milestones: pd.DataFrame
    example: WorkedExample
    today: pd.Timestamp
    _below: dict[str, Numbers] = field(default_factory=dict)
    _smaller: dict[Days, History] = field(default_factory=dict)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The families, in the order of makers.toml."""
        return tuple(family.name for family in self.families)

    @cached_property
    def loaded(self) -> tuple[str, ...]:
        """Bases of which there is a daily history."""
        held = set(self.histories)
        if OFFICIAL in held and self.single is not None:
            held.add(WITHOUT_BIGGEST)
        return tuple(key for key in BASES if key in held)

    def ticker(self, name: str) -> str:
        """The share behind a family; ``name`` itself where it is a share; "" without."""
        for family in self.families:
            if family.name == name:
                return family.ticker
        return name

    def total(self, name: str, days: Days, basis: str) -> Figure:
        """The all-time counter somewhere in ``days``, see ``claims_history.counted``."""
        found = self._history(name, basis, days)
        return found if isinstance(found, Figure) else claims_history.counted(found, name, days)

    def downloads(self, name: str, days: Days, basis: str) -> Figure:
        """Downloads from a first to a last day, see ``claims_history.downloaded``."""
        found = self._history(name, basis, days)
        return found if isinstance(found, Figure) else claims_history.downloaded(found, name, days)

    def ahead_since(self, name: str, other: str, basis: str) -> Figure:
        """The month in which ``name`` passed ``other``, see ``claims_history.passed``."""
        found = self._history(name, basis, None, other)
        return found if isinstance(found, Figure) else claims_history.passed(found, name, other)

    def counter(self, name: str, day: pd.Timestamp) -> Figure:
        """The Hub's 30-day counter of a model or a family as read on ``day``.

        For a family only a least: the lists that were read need not have all.
        """
        of_name = self.official["family" if name in self.names else "model_id"] == name
        mine = self.official[of_name]
        read = mine[mine["day"] == day]
        if mine.empty:
            return unknown(f"No reading of {name} is in the store.")
        if read.empty:
            days = mine["day"]
            return unknown(
                f"{name} was not read on {day:%Y-%m-%d}. Its readings run from "
                f"{days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}."
            )
        low = float(read["downloads"].sum())
        sources = tuple(sorted(read["source"].unique()))
        if name in self.names:
            lacks = f"{len(read)} models of {name} are on the day's list: the figure is a least."
            return Figure(low, inf, lacks, day, day, sources)
        return Figure(low, low, "", day, day, sources)

    def derivatives(self, name: str, day: pd.Timestamp) -> Figure:
        """Models built on those of a family, or on one model, that existed on ``day``.

        A least, where not all have been asked about or the answer is of later:
        what was deleted meanwhile is not seen. A model whose day of creation is
        not known counts only where the answer is of that day.
        """
        if name not in self._below:
            self._below[name] = self._descendants(name)
        below = self._below[name]
        if self.forest is None or not len(below):
            return unknown(f"No declared link leads to a model of {name}.")
        asked, until = self.coverage, self.coverage.until
        complete = (asked.official_asked, asked.derived_asked) == (asked.official, asked.derived)
        sources = tuple(sorted(self.forest.told.sources))
        if until is not None and complete and abs(until - day) <= _TOLD:
            return Figure(float(len(below)), float(len(below)), "", until, until, sources)
        since = self.forest.traits.since[below]
        existed = int(((since != NEVER) & (since <= (day - _FIRST_DAY).days)).sum())
        reason = "models deleted since are not seen"
        if until is None:
            reason = "the declared links at hand are a sample"
        elif not complete:
            reason = "not every model has been asked about yet"
        lacks = f"That is a least, known to exist on {day:%Y-%m-%d}: {reason}."
        return Figure(float(existed), inf, lacks, day, until, sources)

    def change(self, ticker: str, days: Days) -> Figure:
        """Change of a share in percent, close to close.

        For one day from the session before; for several, from the first session
        of them to the last.
        """
        series = self.levels[self.levels["ticker"] == ticker].sort_values("session")
        if series.empty:
            return unknown(f"The data hold no prices of {ticker}.")
        first, last = days
        sessions = series["session"]
        held = f"Sessions run from {sessions.iloc[0]:%Y-%m-%d} to {sessions.iloc[-1]:%Y-%m-%d}."
        inside = series[sessions.between(first, last)]
        if inside.empty:
            return unknown(f"There is no session of {ticker} in these days. {held}")
        if first < sessions.iloc[0] or last > sessions.iloc[-1] + _WEEKEND:
            return unknown(f"Not all of these days are in the data. {held}")
        start = inside.iloc[0]
        if len(inside) == 1:
            before = series[sessions < first]
            if before.empty:
                return unknown(f"There is no session of {ticker} before {first:%Y-%m-%d}. {held}")
            start = before.iloc[-1]
        end = inside.iloc[-1]
        percent = 100 * (float(end["level"]) / float(start["level"]) - 1)
        sources = tuple(sorted({*inside["source"], start["source"]}))
        ends = pd.Timestamp(start["session"]), pd.Timestamp(end["session"])
        return Figure(percent, percent, "", *ends, sources)

    def mentions(self, word: str, family: str) -> int:
        """Events, published figures and official models of ``family`` that name ``word``."""
        wanted = re.compile(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", re.IGNORECASE)
        columns = (
            (self.events, "subject", "title"),
            (self.milestones, "family", "subject"),
            (self.official.drop_duplicates("model_id"), "family", "model_id"),
            (self.models, "family", "model_id"),
        )
        texts = [frame.loc[frame[of] == family, text].dropna() for frame, of, text in columns]
        return sum(1 for column in texts for text in column if wanted.search(text))

    def touching(self, days: Days) -> pd.DataFrame:
        """Artefacts of counters and histories that lie at least partly in these days."""
        starts, ends = self._artefact_ends
        touched = (starts <= days[1].to_datetime64()) & (ends >= days[0].to_datetime64())
        return self.artefacts.iloc[np.flatnonzero(touched)]

    @cached_property
    def _artefact_ends(self) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
        starts = pd.to_datetime(self.artefacts["start"])
        ends = pd.to_datetime(self.artefacts["end"]).fillna(starts)
        return starts.to_numpy(), ends.to_numpy()

    @cached_property
    def _standing(self) -> Official | None:
        return None if self.forest is None else official(self.forest, self.rules)

    def _descendants(self, name: str) -> Numbers:
        """Numbers of all models below a family's own, or below one model."""
        if self.forest is None or self._standing is None:
            return np.zeros(0, dtype=np.int64)
        if name in self.names:
            tops = self._standing.of(name)
        else:
            found = self.forest.lineage.known.find(name)
            tops = np.array([] if found is None else [found], dtype=np.int64)
        below = np.zeros(len(self.forest.lineage), dtype=bool)
        for top in tops.tolist():
            below[self.forest.kin.below(top)] = True
        below[tops] = False
        return np.flatnonzero(below)

    def _history(self, name: str, basis: str, days: Days | None, *beside: str) -> History | Figure:
        """The history that has ``name`` on ``basis``; a figure that says why there is none.

        That of a single model has those named ``beside`` it too.
        """
        if name not in self.names:
            if self.single is None:
                return unknown(
                    "Only the daily history of single models can settle it, and none is loaded."
                )
            return of_grid(OFFICIAL, self.single.grid_of(name, *beside))
        if basis not in self.loaded:
            return unknown(
                "Only the daily history can settle it, and none on this basis has been loaded."
            )
        if basis != WITHOUT_BIGGEST or self.single is None:
            return self.histories[basis]
        if days is None:
            return unknown("Which model is the biggest depends on the days: none are named.")
        if days not in self._smaller:
            self._smaller[days] = without_biggest(self.histories[OFFICIAL], self.single, *days)
        return self._smaller[days]

"""The site's data as pages use them: loaded once, shared by all readers."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core.draw import theme
from core.errors import NothingToShow, StoreError
from core.measure import leaderboard as measure
from core.measure import milestones, readings
from core.measure.families import FamilyRules
from core.schemas import ARTEFACTS, MILESTONES, READINGS, TABLES
from core.store.store import Store
from core.ui.once import Once

if TYPE_CHECKING:
    import pandas as pd

    from core.schemas import Family, Source, WorkedExample
    from core.store.store import Fingerprint, Loaded


class Site:
    """Tables, definitions and what is worked out from them.

    Frames are shared: a page that wants to change one copies it first.
    ``once`` works things out from them for all readers together.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.once = Once()
        self._tables: dict[str, Loaded | StoreError] = {}

    def loaded(self, name: str) -> Loaded:
        """Table ``name`` with where it came from. Raises its ``StoreError``."""
        if name not in self._tables:
            try:
                self._tables[name] = self.store.load(TABLES[name])
            except StoreError as error:
                self._tables[name] = error
        found = self._tables[name]
        if isinstance(found, StoreError):
            raise found.with_traceback(None)  # it would grow with every reader
        return found

    def frame(self, name: str) -> pd.DataFrame:
        """Rows of table ``name``. Raises its ``StoreError``."""
        return self.loaded(name).frame

    def faults(self, *names: str) -> list[StoreError]:
        """Files of these tables that could not be used although others could.

        A table of which no file can be used says so where it is needed.
        """
        faults: list[StoreError] = []
        for name in names:
            with suppress(StoreError):
                faults += self.loaded(name).faults
        return faults

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """Families in the order of makers.toml. Raises ``DefinitionError``."""
        return self.store.families()

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Sources by key. Raises ``DefinitionError``."""
        return self.store.sources()

    @cached_property
    def worked_example(self) -> WorkedExample:
        """The news story the site starts from. Raises ``DefinitionError``."""
        return self.store.worked_example()

    @cached_property
    def palette(self) -> theme.Colours:
        """Every family's colour."""
        return theme.colours(self.families)

    def colour(self, family: str) -> str:
        """One family's colour."""
        return dict(self.palette)[family]

    @cached_property
    def official(self) -> pd.DataFrame:
        """Comparable readings of official models, see ``readings.official``."""
        comparable = [key for key, source in self.sources.items() if source.comparable]
        return readings.official(self.frame(READINGS.name), FamilyRules(self.families), comparable)

    @cached_property
    def days(self) -> list[pd.Timestamp]:
        """Days that can be compared, oldest first. Raises ``NothingToShow`` without any."""
        if self.official.empty:
            message = (
                "The store holds no reading of an official model by a source whose days "
                "can be compared."
            )
            raise NothingToShow(
                message,
                advice="Without a store of your own (GROUNDSWELL_HOME) the figures that come "
                "with the site are shown.",
            )
        return readings.days(self.official)

    @property
    def artefacts(self) -> pd.DataFrame:
        """Periods in which a counter is not what it seems."""
        return self.frame(ARTEFACTS.name)

    def leaderboard(
        self, day: pd.Timestamp, since: pd.Timestamp | None, *, without_biggest: bool
    ) -> measure.Leaderboard:
        """The families on ``day``, see ``measure.leaderboard``."""
        return self.once(
            measure.leaderboard, self.official, day, since, without_biggest=without_biggest
        )

    def index_over_time(
        self, since: pd.Timestamp, day: pd.Timestamp, *, without_biggest: bool
    ) -> measure.Index:
        """The families from ``since`` to ``day``, see ``measure.index_over_time``."""
        return self.once(
            measure.index_over_time, self.official, since, day, without_biggest=without_biggest
        )

    def models(self, family: str, day: pd.Timestamp, since: pd.Timestamp | None) -> pd.DataFrame:
        """A family's models on ``day``, see ``measure.models``."""
        return self.once(measure.models, self.official, family, day, since)

    def published(self, family: str) -> pd.DataFrame:
        """What others have published about a family, see ``milestones.of_family``."""
        return self.once(milestones.of_family, self.frame(MILESTONES.name), family)


def current_site() -> Site:
    """The site over the store as it is now; rebuilt when a file has changed."""
    store = Store.from_environment()
    return _site(str(store.home or ""), str(store.embedded), store.fingerprint())


@st.cache_resource(show_spinner=False, max_entries=2)
def _site(home: str, embedded: str, fingerprint: Fingerprint) -> Site:
    del fingerprint  # only part of the key: new files, new site
    return Site(Store(Path(home) if home else None, Path(embedded)))

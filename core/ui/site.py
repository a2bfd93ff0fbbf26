"""The site's data as pages use them: loaded once, shared by all readers."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.draw import theme, words
from core.errors import GroundswellError, NothingToShow, StoreError
from core.measure import leaderboard as measure
from core.measure import milestones, names, readings
from core.measure.families import FamilyRules
from core.measure.forest_arrays import ARRAYS, FACTS
from core.measure.lists import Lists
from core.schemas import ARTEFACTS, MILESTONES, MODELS, READINGS, TABLES
from core.store.forests import TABLES as KEPT_FROM
from core.store.forests import Forests
from core.store.store import Store
from core.ui.newest import folders, newest
from core.ui.once import Once
from core.ui.process import let_go_of_the_old

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

    from core.schemas import Family, Source, WorkedExample
    from core.store.lineage_file import Mapped
    from core.store.store import Loaded

KEPT: Final = frozenset(table.name for table in KEPT_FROM)
"""Tables of which a refresh keeps what pages need of them."""


class Site:
    """Tables, definitions and what is worked out from them.

    Frames are shared: a page that wants to change one copies it first.
    ``once`` works things out from them for all readers together.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.once = Once()
        self._tables: dict[str, Loaded | StoreError] = {}
        self._makers: dict[str, pd.DataFrame] = {}

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
                if name in KEPT and name not in self._tables and self._told is not None:
                    told = self._told["faults"]
                    faults += [
                        StoreError(table, sentence, advice=advice)
                        for table, sentence, advice in told
                        if table == name
                    ]
                else:
                    faults += self.loaded(name).faults
        return faults

    @cached_property
    def kept(self) -> Mapped | None:
        """The family tree that a refresh has kept for the server to map; None without one.

        Raises its ``StoreError`` where the tables are too large to do without.
        """
        return None if self.store.home is None else Forests(self.store).read(ARRAYS, FACTS)

    @cached_property
    def _told(self) -> dict[str, Any] | None:
        """What the kept tree says of the files it was made of, without opening it."""
        facts = None if self.store.home is None else Forests(self.store).facts()
        return None if facts is None else facts["told"]

    def give_back(self) -> None:
        """Let go of the memory that reading the kept tree took; what is needed is read again."""
        kept = self.__dict__.get("kept")
        if kept is not None:
            kept.give_back()

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
        read = self.makers(READINGS.name)
        return readings.official(read, FamilyRules(self.families), comparable)

    @cached_property
    def lists(self) -> Lists:
        """The same readings as arrays, for the questions that every page asks."""
        return Lists.of(self.official)

    def embedded(self, name: str) -> bool:
        """Whether table ``name`` has no rows but those that come with the site; none are read."""
        return TABLES[name].embedded and not self.store.partitions(TABLES[name])

    def makers(self, name: str) -> pd.DataFrame:
        """Rows of table MODELS or READINGS that the families' own accounts have, by today's names.

        Where a refresh has kept them apart no other row is read; else they are
        among all rows. Raises the table's ``StoreError``.
        """
        if name not in self._makers:
            kept = None if self.store.home is None else Forests(self.store).rows(name)
            if kept is None:
                kept = names.with_current_names(self.frame(name), ("model_id",), self._names)
            self._makers[name] = kept
        return self._makers[name]

    @cached_property
    def _names(self) -> dict[str, str]:
        """Today's names of renamed models; none where the models cannot be read."""
        try:
            return names.current_names(self.frame(MODELS.name))
        except StoreError:
            return {}

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
            measure.leaderboard, self.lists, day, since, without_biggest=without_biggest
        )

    def index_over_time(
        self, since: pd.Timestamp, day: pd.Timestamp, *, without_biggest: bool
    ) -> measure.Index:
        """The families from ``since`` to ``day``, see ``measure.index_over_time``."""
        return self.once(
            measure.index_over_time, self.lists, since, day, without_biggest=without_biggest
        )

    def models(self, family: str, day: pd.Timestamp, since: pd.Timestamp | None) -> pd.DataFrame:
        """A family's models on ``day``, see ``measure.models``."""
        return self.once(measure.models, self.lists, family, day, since)

    def published(self, family: str) -> pd.DataFrame:
        """What others have published about a family, see ``milestones.of_family``."""
        return self.once(milestones.of_family, self.frame(MILESTONES.name), family)


def current_site() -> Site:
    """The site as it was when this reader came, or last asked for what is new.

    An open page never changes under a reader's hands: what has been added to
    the store since is offered, see ``offered``. A new session gets the newest.
    To be called before the controls of a page are drawn.
    """
    if st.session_state.pop(_ASKED, False):
        _go_on_to_newest()
    return _pinned().site


def offered() -> datetime | None:
    """When data came into the store that this session does not show yet, None without any.

    Cheap while nothing changes: the folders are looked at, not their files.
    """
    pinned = _pinned()
    mark = folders(pinned.site.store)
    if mark is None or mark != pinned.looked_at:
        pinned.looked_at = mark
        now = Store(pinned.site.store.home, pinned.site.store.embedded).fingerprint()
        pinned.newest = newest(set(now) - pinned.files)
    return pinned.newest


def show_newest() -> None:
    """Give this session the site as it is now, from its next run on.

    A day that the reader did not choose becomes the newest there is.
    """
    st.session_state[_ASKED] = True


def _go_on_to_newest() -> None:
    st.session_state.pop(_KEY, None)
    with suppress(GroundswellError):  # the page will say it
        days = _pinned().site.days
        for control, day in (("day", days[-1]), ("since", days[0])):
            # The address has every choice that is not the default. Removing the
            # control's value would not do: the browser would keep showing it.
            if control in st.session_state and control not in st.query_params:
                st.session_state[control] = words.iso(day)


_KEY: Final = "groundswell_pinned"
_ASKED: Final = "groundswell_newest"


@dataclass
class _Pinned:
    """A session's site, and how the store looked when it was last compared."""

    site: Site
    files: frozenset[tuple[str, int, int]]
    looked_at: tuple[int, ...] | None
    newest: datetime | None = None


def _pinned() -> _Pinned:
    found: _Pinned | None = st.session_state.get(_KEY)
    if found is None:
        store = Store.from_environment()
        mark = folders(store)  # before the files: what comes in between is seen next time
        fingerprint = store.fingerprint()
        digest = sha256(repr(fingerprint).encode()).hexdigest()
        site = _site(str(store.home or ""), str(store.embedded), digest)
        found = _Pinned(site, frozenset(fingerprint), mark)
        st.session_state[_KEY] = found
    return found


@st.cache_resource(show_spinner=False, max_entries=2)
def _site(home: str, embedded: str, digest: str) -> Site:
    del digest  # only part of the key: new files, new site
    let_go_of_the_old()
    return Site(Store(Path(home) if home else None, Path(embedded)).pinned())

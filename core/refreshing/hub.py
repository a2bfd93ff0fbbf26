"""Current counters and declared parents, from the Hugging Face Hub."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.errors import SourceUnreadable
from core.fetch.crawl import OFFICIAL, Candidate, Found, crawl
from core.fetch.hub import ANONYMOUS_REQUESTS, NAME, TOKEN_REQUESTS, Hub
from core.measure.due import HUB_EVERY
from core.measure.families import FamilyRules
from core.measure.growth import daily_from_readings, family_daily
from core.refreshing import rows
from core.schemas import ARTEFACTS, DAILY, HUB, LINKS, LISTINGS, MODELS, READINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.fetch.http import Visit
    from core.fetch.hub_rows import ModelRow
    from core.refreshing.source import Deliver, Report
    from core.schemas import Family
    from core.settings import Settings
    from core.store.store import Store

SELECTED: Final = "hub-selected"
"""Source of readings that were made of some families only."""

ASK_AGAIN_DAYS: Final = 7
"""After so many days a model is asked about again: what is built on it has grown."""

_MOST_UNCOUNTED: Final = 0.1
"""Share of the official models that may come without their counter."""

_MOST_LOOKED_FOR: Final = 20
"""Models that vanished from their account and are looked for by name, at most."""


class HubSource:
    """The families' official models, then what is built on them."""

    name = NAME

    def __init__(
        self,
        store: Store,
        settings: Settings,
        families: Sequence[Family],
        now: datetime,
        *,
        only: frozenset[str] = frozenset(),
    ) -> None:
        self._settings = settings
        self._families = [family for family in families if not only or family.name in only]
        self._names = frozenset(family.name for family in self._families)
        self._source = self.key = SELECTED if only else HUB
        self._now = now
        self._rules = FamilyRules(families)
        self._makers = {family.name: family.maker for family in families}
        self._models = store.load(MODELS).frame
        self._readings = store.own(READINGS)
        self._links = store.load(LINKS).frame
        self._listings = store.own(LISTINGS)
        self._daily = store.own(DAILY)

    def due(self) -> bool:
        """Whether readings are older than twelve hours, or models wait to be asked about."""
        return self._official_due() or bool(self._unasked())

    def fetch(self, visit: Visit, deliver: Deliver, report: Report) -> str:
        """Read the official models, then ask what is built on them."""
        token = self._settings.token
        visit.allowed = TOKEN_REQUESTS if token else ANONYMOUS_REQUESTS
        hub = Hub(self._settings.hub_url, token, visit)
        told: list[ModelRow] = []
        if self._official_due():
            told = self._official(hub, report)
            deliver(self._tables(told, told) | self._growth(told))
        found = Found()
        most = visit.allowed

        def step(done: int, waiting: int) -> None:
            # Never more than this refresh may ask about: the rest is the next one's.
            report("Models built on them", done, done + min(waiting, most - visit.requests))

        try:
            crawl(
                hub,
                [*self._candidates(told), *self._unasked()],
                self._lately_asked(),
                found,
                step,
            )
        finally:
            if found.answers:
                derived = [row for _, listing in found.answers for row in listing.rows]
                # Official models are read all together or not at all: a day on which
                # only some were read could not be compared with any other.
                others = [row for row in derived if self._family(row) is None]
                deliver(
                    self._tables(derived, others, told)
                    | {LISTINGS.name: rows.listings(found.answers, HUB, self._now)}
                )
        return self._sentence(told, found)

    def _official_due(self) -> bool:
        recent = self._readings[self._readings["source"].isin({HUB, self._source})]
        official = recent["model_id"].map(self._rules.family_of).isin(self._names)
        newest = recent.loc[official, "read_at"].max()
        return bool(pd.isna(newest)) or bool(self._now - newest >= HUB_EVERY)

    def _official(self, hub: Hub, report: Report) -> list[ModelRow]:
        """All official models of the families; those that left are looked for by name."""
        accounts = list(dict.fromkeys(name for f in self._families for name in f.accounts))
        told: list[ModelRow] = []
        for done, account in enumerate(accounts):
            report("Official models", done, len(accounts))
            listing = hub.of_account(account)
            told += [row for row in listing.rows if self._family(row) in self._names]
        report("Official models", len(accounts), len(accounts))
        if not told:
            raise SourceUnreadable(
                self.name, f"{self.name} lists no model in any account of the families."
            )
        if sum(row.downloads_30d is None for row in told) > _MOST_UNCOUNTED * len(told):
            # Stored, the day would stand as one on which hardly anything was downloaded.
            raise SourceUnreadable(
                self.name, f"{self.name} does not say how often its models were downloaded."
            )
        here = {row.model_id.casefold() for row in told}
        for model_id in self._gone(here):
            row = hub.named(model_id)
            if row is not None and row.model_id.casefold() not in here:
                here.add(row.model_id.casefold())
                told.append(row)
        return told

    def _gone(self, here: set[str]) -> list[str]:
        """Official models that the last listing had and this one has not."""
        recent = self._readings[self._readings["source"] == HUB]
        last = recent.loc[recent["read_at"] == recent["read_at"].max(), "model_id"]
        gone = [
            model_id
            for model_id in last
            if self._rules.family_of(model_id) in self._names and model_id.casefold() not in here
        ]
        return gone[:_MOST_LOOKED_FOR]

    def _family(self, row: ModelRow) -> str | None:
        return self._rules.family_of(row.model_id)

    def _candidates(self, told: Sequence[ModelRow]) -> list[Candidate]:
        """The official models, as they were told now or are known from before."""
        if not told:
            known = self._known_candidates()
            return [one for one in known if one.kind == OFFICIAL]
        children = self._links.groupby("parent").size()
        return [
            Candidate(
                row.model_id,
                OFFICIAL,
                row.downloads_30d or 0,
                int(children.get(row.model_id, 0)),
            )
            for row in told
        ]

    def _unasked(self) -> list[Candidate]:
        """Known models that are worth asking about and were not asked lately."""
        asked = {model_id.casefold() for model_id in self._lately_asked()}
        return [
            one
            for one in self._known_candidates()
            if one.worth_asking and one.model_id.casefold() not in asked
        ]

    def _known_candidates(self) -> list[Candidate]:
        """All models that this site has read at the Hub itself."""
        newest = self._readings.sort_values("read_at").drop_duplicates("model_id", keep="last")
        own = self._links[self._links["source"] == HUB]
        kind = own.drop_duplicates("child").set_index("child")["relation"]
        children = own.groupby("parent").size()
        ids = newest["model_id"].tolist()
        official = [self._rules.family_of(model_id) for model_id in ids]
        kinds = newest["model_id"].map(kind).fillna("unknown").tolist()
        downloads = newest["downloads_30d"].fillna(0).tolist()
        below = newest["model_id"].map(children).fillna(0).tolist()
        return [
            Candidate(model_id, OFFICIAL if family else how, int(number), int(known))
            for model_id, family, how, number, known in zip(
                ids, official, kinds, downloads, below, strict=True
            )
            if family is None or family in self._names
        ]

    def _lately_asked(self) -> list[str]:
        done = self._listings[self._listings["complete"]]
        since = self._now - timedelta(days=ASK_AGAIN_DAYS)
        return done.loc[done["asked_at"] > since, "parent"].tolist()

    def _tables(
        self,
        told: Sequence[ModelRow],
        read: Sequence[ModelRow],
        before: Sequence[ModelRow] = (),
    ) -> dict[str, pd.DataFrame]:
        """Everything that was ``told``, by table; of ``read`` the counters too.

        ``before`` was told earlier in this refresh.
        """
        names = [*self._models["model_id"], *(row.model_id for row in [*before, *told])]
        spelling = {name.casefold(): name for name in names}
        spelling |= self._new_names(told)
        return {
            # First, or a refresh that is killed before it would lose the old name for ever.
            ARTEFACTS.name: rows.renames(told, self._models, self._now),
            MODELS.name: rows.models(told, self._models, self._rules, self._makers, self._now),
            LINKS.name: rows.links(told, spelling, self._links, HUB, self._now),
            READINGS.name: rows.readings(read, self._source, self._now),
        }

    def _new_names(self, told: Sequence[ModelRow]) -> dict[str, str]:
        """The name of today of each model that was known by another."""
        now = {row.hub_id: row.model_id for row in told if row.hub_id}
        return {
            model_id.casefold(): now[hub_id]
            for model_id, hub_id in zip(
                self._models["model_id"], self._models["hub_id"], strict=True
            )
            if hub_id in now
        }

    def _growth(self, told: Sequence[ModelRow]) -> dict[str, pd.DataFrame]:
        """Downloads per day that two readings of the all-time counter give, and its falls."""
        if self._source != HUB:
            return {}
        recent = self._now - timedelta(days=ASK_AGAIN_DAYS)
        read = self._readings[self._readings["read_at"] >= recent]
        readings = pd.concat([read, rows.readings(told, HUB, self._now)], ignore_index=True)
        official = readings["model_id"].map(self._rules.family_of).notna()
        daily = daily_from_readings(readings[official], HUB)
        known = set(self._daily["day"])
        daily = daily[~daily["day"].isin(known)]
        fallen = daily[daily["fell"]]
        falls = [
            rows.artefact(
                day,
                "rollback",
                model_id,
                f"The Hub's all-time counter fell by {-downloads:,} within a day",
            )
            for day, model_id, downloads in zip(
                fallen["day"].tolist(),
                fallen["model_id"].tolist(),
                fallen["downloads"].tolist(),
                strict=True,
            )
        ]
        return {
            DAILY.name: family_daily(daily, self._rules),
            ARTEFACTS.name: pd.concat(
                [rows.renames(told, self._models, self._now), rows.of_table(falls, ARTEFACTS)],
                ignore_index=True,
            ),
        }

    def _sentence(self, told: Sequence[ModelRow], found: Found) -> str:
        derived = len({row.model_id for _, listing in found.answers for row in listing.rows})
        parts = []
        if told:
            parts.append(f"{len(told):,} official models read")
        parts.append(
            f"asked about {len(found.answers):,} models what is built on them: {derived:,} found"
        )
        waiting = f"; {found.waiting:,} still to be asked about" if found.waiting else ""
        return f"{'; '.join(parts)}{waiting}."

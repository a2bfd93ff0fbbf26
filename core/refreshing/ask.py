"""One model asked about because a reader wants to know: what is built directly on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.errors import SourceRefused
from core.fetch.hub import ANONYMOUS_REQUESTS, TOKEN_REQUESTS, Hub, Listing, RequestsSpent
from core.refreshing import rows
from core.refreshing.hub import SELECTED, HubSource
from core.schemas import HUB, LISTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.fetch.http import Visit
    from core.fetch.hub_rows import ModelRow
    from core.refreshing.source import Deliver, Report
    from core.schemas import Family
    from core.settings import Settings
    from core.store.store import Store

ASKED: Final = "hub-asked"
"""Key of such a refresh: it does not stand for one of all families."""


class AskSource(HubSource):
    """The model ``model_id``, whose form has been checked, and its direct children."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        families: Sequence[Family],
        now: datetime,
        model_id: str,
    ) -> None:
        super().__init__(store, settings, families, now)
        self.key = ASKED
        # Of these few models only: no day of these readings stands for a whole family.
        self._source = SELECTED
        self._model_id = model_id

    def due(self) -> bool:
        """Always: somebody has asked."""
        return True

    def fetch(self, visit: Visit, deliver: Deliver, report: Report) -> str:
        """Ask what is built on the model, store it, and say how many that are."""
        token = self._settings.token
        visit.allowed = TOKEN_REQUESTS if token else ANONYMOUS_REQUESTS
        hub = Hub(self._settings.hub_url, token, visit)
        report("Models built on it", 0, 0)
        itself = self._itself(hub)
        listing, asked, new = Listing(), itself.model_id if itself else self._model_id, 0
        try:
            hub.built_on(asked, listing)
        except RequestsSpent:
            pass  # the listing says that it is not complete
        finally:
            told = [*([itself] if itself else []), *listing.rows]
            if told or listing.complete:
                others = [row for row in told if self._family(row) is None]
                answers = [(asked, listing)]
                # Before the tables: whether a link is new is a question to the old ones.
                new = self._new(asked, listing)
                deliver(
                    self._tables(told, others)
                    | {LISTINGS.name: rows.listings(answers, HUB, self._now)}
                )
        return _sentence(asked, listing, new, exists=itself is not None)

    def _itself(self, hub: Hub) -> ModelRow | None:
        """The model under its name of today; None where the Hub shows none to us."""
        try:
            return hub.named(self._model_id)
        except SourceRefused:
            return None  # so the Hub answers for what is private or not there

    def _new(self, asked: str, listing: Listing) -> int:
        """How many of the models found were not known to be built on it."""
        known = self._links[self._links["parent"].str.casefold() == asked.casefold()]
        names = set(known["child"].str.casefold())
        return len({row.model_id.casefold() for row in listing.rows} - names)


def _sentence(asked: str, listing: Listing, new: int, *, exists: bool) -> str:
    number = len({row.model_id.casefold() for row in listing.rows})
    if not number and not exists:
        return f"The Hub shows no model named {asked}, and none that is built on it."
    found = (
        f"The Hub lists {number:,} {'model' if number == 1 else 'models'} built directly on "
        f"{asked}, {new:,} of them new here."
    )
    missing = [] if listing.complete else ["the rest of its list, which was not read to its end"]
    if listing.unreadable:
        missing.append(f"{listing.unreadable:,} entries that name no model")
    if number:
        missing.append("what is built on these in turn, which was not asked")
    return f"{found} Missing: {'; '.join(missing)}." if missing else found

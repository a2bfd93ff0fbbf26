"""How much each level of the public history would fetch, before it is fetched."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.errors import FetchError, SourceRefused, SourceUnreadable
from core.fetch.http import Visit
from core.refreshing.daily_history import DATASETS, HistorySource

if TYPE_CHECKING:
    from core.refreshing.announce import Announcer
    from core.settings import Settings
    from core.store.store import Store


def tell_sizes(store: Store, settings: Settings, announce: Announcer) -> int:
    """Ask the first history that answers, say and keep what it says; the exit code.

    What is here already is not counted. Nothing of the history is fetched but
    the end of a file, where its table of contents is.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    failure: FetchError | None = None
    for dataset in DATASETS:
        source = HistorySource(store, settings, store.families(), now, dataset)
        try:
            sizes = source.sizes(Visit(source.name, settings.deadline))
        except (SourceRefused, SourceUnreadable) as error:
            failure = failure or error
            continue
        except FetchError as error:
            failure = failure or error
            break
        levels = source.keep_sizes(sizes)
        words = [
            f"{one.level}: {'about ' if one.estimated else ''}{one.bytes / 1e6:,.1f} MB"
            for one in sizes
        ]
        said = f"{source.name}: {', '.join(words)}"
        announce.sizes(source, levels, said)
        return announce.end([], message=f"To fetch from {said}.")
    message = f"{failure.sentence} {failure.advice}" if failure else ""
    return announce.end([], outcome="failed", message=message)

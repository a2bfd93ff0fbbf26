"""Brings the store up to date: ``python -m core.refresh``.

It is a process of its own, for cron or started by the site. Exit code 0: all
went well; 1: some source failed, or another refresh is at work; 2: it was
called or set up wrongly.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from core.errors import GroundswellError, RefreshRunning, SourceRefused, SourceUnreadable
from core.measure.bases import LEVELS
from core.measure.model_ids import checked as checked_model
from core.measure.tickers import tickers as typed_tickers
from core.refreshing.announce import Announcer
from core.refreshing.ask import AskSource
from core.refreshing.conductor import Conductor, Stop
from core.refreshing.counted import keep_counts
from core.refreshing.daily_history import DATASETS, HistorySource
from core.refreshing.forest import keep_forest
from core.refreshing.history import BringBack, Keep
from core.refreshing.history_sizes import tell_sizes
from core.refreshing.hub import HubSource
from core.refreshing.prices import PriceSource
from core.settings import Settings
from core.store.counters import Counters
from core.store.lock import locked
from core.store.rolled import FOLDER, RolledUp
from core.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.refreshing.conductor import Told
    from core.refreshing.source import Source

HUB, PRICE, DAYS = "hub", "prices", "history"
SOURCES: Final = (HUB, PRICE, DAYS)

_ANOTHER_MAY_SERVE: Final = frozenset({SourceRefused.__name__, SourceUnreadable.__name__})
"""How a public history may fail so that the next one is asked."""


def refresh(  # noqa: PLR0913 - each is a thing of its own; the last ones are keywords
    settings: Settings,
    announce: Announcer,
    sources: Sequence[str] = SOURCES,
    families: frozenset[str] = frozenset(),
    *,
    level: str = "",
    tickers: tuple[str, ...] = (),
    ask: str = "",
    now: datetime | None = None,
    stop: Stop | None = None,
) -> list[Told]:
    """Bring the store of ``settings`` up to date; how it went, a row a source asked.

    Sources with nothing due at ``now`` (UTC; this moment) are not asked, nor any
    once ``stop`` was asked for. ``level`` is how much of a public history is
    fetched now; without one, a history that was chosen earlier is kept up.
    ``tickers`` are asked of the price source in place of the families' own.
    With ``ask``, a model's name, the Hub is asked what is built on it, and
    nothing else is.
    Raises ``RefreshRunning``, ``StoreError`` and ``DefinitionError``.
    """
    store = Store(settings.home)
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    with locked(settings.home):
        store.forget_unfinished()
        Counters(settings.home).forget_unfinished()
        if (settings.home / FOLDER).exists():
            RolledUp(settings.home).scratch()  # empties what a roll-up was in the middle of
        stop = stop or Stop()
        conductor = Conductor(store, settings, announce, stop)
        every = store.families()
        if ask:
            conductor.fetch(AskSource(store, settings, every, now, ask), now)
            _keep(conductor, store, now)
            return conductor.told
        back = BringBack(store, settings)
        if back.due():
            conductor.fetch(back, now)
        for chosen in (name for name in sources if name != DAYS):
            source: Source = (
                PriceSource(store, settings, every, now, only=families, typed=tickers)
                if chosen == PRICE
                else HubSource(store, settings, every, now, only=families)
            )
            if not stop.asked and source.due():
                conductor.fetch(source, now)
        for dataset in DATASETS if DAYS in sources and not families else ():
            days = HistorySource(store, settings, every, now, dataset, level=level)
            if stop.asked or not days.due():
                break
            conductor.fetch(days, now)
            if conductor.told[-1].outcome not in _ANOTHER_MAY_SERVE:
                break
        _keep(conductor, store, now)
        keep = Keep(store, settings)
        if (conductor.told or keep.owed()) and not stop.asked and keep.due():
            conductor.fetch(keep, now)
        return conductor.told


def _keep(conductor: Conductor, store: Store, now: datetime) -> None:
    """Keep what no server should have to work out by itself."""
    conductor.work("counts", "The tables", lambda: keep_counts(store), now)
    conductor.work("tree", "The family tree", lambda: keep_forest(store), now)


def main(arguments: Sequence[str] | None = None) -> int:  # noqa: PLR0911 - one an outcome
    """Run one refresh from the command line; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m core.refresh", description=__doc__)
    parser.add_argument("--only", default="", help="sources to ask: hub,prices,history")
    parser.add_argument("--families", default="", help="families to ask for: Qwen,Llama")
    parser.add_argument("--tickers", default="", help="shares to ask for alone: AMZN,9988.HK")
    parser.add_argument(
        "--ask", default="", help="only ask what is built on one model: account/name"
    )
    parser.add_argument(
        "--history", default="", help=f"fetch so much of a public history: {', '.join(LEVELS)}"
    )
    parser.add_argument(
        "--history-sizes", action="store_true", help="only say how much each level would fetch"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args(arguments)
    announce = Announcer(sys.stdout, as_json=options.json)
    stop = Stop()
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, stop.ask)
    try:
        settings = Settings.from_environment()
        names = {family.name.casefold(): family.name for family in Store(None).families()}
        sources = _chosen(parser, "--only", options.only, {name: name for name in SOURCES})
        levels = _chosen(parser, "--history", options.history, {name: name for name in LEVELS})
        families = _chosen(parser, "--families", options.families, names)
        tickers = typed_tickers(options.tickers)
        ask = checked_model(options.ask) if options.ask else ""
    except GroundswellError as error:
        sys.stderr.write(f"{error.sentence} {error.advice}\n")
        return 2
    if settings.offline:
        return announce.end([], message="GROUNDSWELL_OFFLINE is set: nothing was asked.")
    level = levels[-1] if levels else ""
    sources = sources or ((DAYS,) if level else (PRICE,) if tickers else SOURCES)
    try:
        if options.history_sizes:
            return tell_sizes(Store(settings.home), settings, announce)
        told = refresh(
            settings,
            announce,
            sources,
            frozenset(families),
            level=level,
            tickers=tickers,
            ask=ask,
            stop=stop,
        )
    except RefreshRunning as error:
        return announce.end([], outcome="busy", message=error.sentence)
    except GroundswellError as error:
        return announce.end([], outcome="failed", message=f"{error.sentence} {error.advice}")
    if stop.asked:
        return announce.end(told, outcome="failed", message="The refresh was cancelled.")
    if ask and options.json:
        return announce.end(told, message=told[0].message)  # the page shows what was found
    return announce.end(told, message="" if told else "Everything is fresh: nothing was asked.")


def _chosen(
    parser: argparse.ArgumentParser, option: str, text: str, known: Mapping[str, str]
) -> tuple[str, ...]:
    """Names of a comma-separated list; a wrong one ends the program with 2."""
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    for name in wanted:
        if name.casefold() not in known:
            parser.error(
                f"{option}: there is no “{name[:60]}”; there are {', '.join(known.values())}"
            )
    return tuple(dict.fromkeys(known[name.casefold()] for name in wanted))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # A thread that waits for a silent source must not hold the process back.
    os._exit(code)

"""Daily downloads as lines beside the shares: whose, on which basis, by which sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.draw import price_headlines as headlines
from core.draw.prices import Share
from core.draw.prices_flows import FLOW
from core.measure import history
from core.measure.bases import BASES
from core.measure.by_ticker import Line, by_ticker
from core.measure.session_sums import every_session, within
from core.measure.sessions import exchange
from core.schemas import DAILY
from core.ui.controls import pick

if TYPE_CHECKING:
    from core.measure.history import History
    from core.measure.session_sums import SessionSums
    from core.schemas import Family
    from core.ui.address import Address
    from core.ui.site import Site

NO_DOWNLOADS = "The store holds no daily downloads yet, so shares are drawn alone."


def pick_history(address: Address, site: Site) -> History | None:
    """The daily history on the basis that the reader chooses, None where there is none.

    Raises a ``StoreError`` where the table cannot be used.
    """
    daily = site.frame(DAILY.name)
    keys = site.once(history.available, daily)
    if not keys:
        return None
    names = [BASES[key].name for key in keys]
    chosen = pick(address, "basis", "Downloads count", names, noun="way to count")
    key = keys[names.index(chosen)]
    return site.once(history.history, daily, key, site.artefacts)


def counted(found: History | None) -> str:
    """What the downloads of a history count, in words."""
    if found is None or found.basis not in BASES:
        return ""
    return BASES[found.basis].meaning


def place_of(family: Family, shares: tuple[Share, ...]) -> str:
    """The exchange by whose sessions the downloads of ``family`` are summed.

    That of the family's own share, else of the first share shown.
    """
    shown = [share.ticker for share in shares]
    own = [ticker for ticker in (family.ticker, *family.also_listed) if ticker in shown]
    return exchange(next(iter([*own, *shown]), "")).place


def places_of(
    families: tuple[Family, ...], sums: tuple[SessionSums, ...], shares: tuple[Share, ...]
) -> tuple[str, ...]:
    """``place_of`` the family of each of ``sums``."""
    by_name = {family.name: family for family in families}
    return tuple(place_of(by_name[one.family], shares) for one in sums)


def _sessions(series: pd.DataFrame, place: str) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(by_ticker(series).sessions.get(place, series["session"].iloc[:0]))


def sums_of(  # noqa: PLR0913, PLR0917 - whose, by what, and from when to when
    site: Site,
    found: History,
    families: tuple[Family, ...],
    shares: tuple[Share, ...],
    series: pd.DataFrame,
    start: pd.Timestamp,
    end: pd.Timestamp,
) -> tuple[SessionSums, ...]:
    """Downloads by session of those ``families`` that the history has, see ``session_sums``."""
    sums = []
    for family in families:
        sessions = site.once(_sessions, series, place_of(family, shares))
        every = site.once(every_session, found, family.name, sessions)
        sums.append(site.once(within, every, start, end))
    return site.once(_all, *sums)


def _all(*sums: SessionSums) -> tuple[SessionSums, ...]:
    """The same tuple for the same sums, so that what is made of them is made once."""
    return sums


def looks(families: tuple[Family, ...], sums: tuple[SessionSums, ...]) -> tuple[Share, ...]:
    """How the lines of ``sums`` are drawn."""
    colours = {family.name: family.colour for family in families}
    return tuple(
        Share(
            headlines.FLOW_KEY + one.family,
            f"{one.family} downloads",
            one.family,
            headlines.FLOW,
            colours[one.family],
            FLOW,
        )
        for one in sums
    )


def flow_lines(
    series: pd.DataFrame, sums: tuple[SessionSums, ...], places: tuple[str, ...]
) -> tuple[Line, ...]:
    """The lines of ``sums``, to be laid over those of ``series`` of ``overlay.levels``.

    They are downloads a day, averaged over a week. ``places`` are the exchanges
    whose sessions they have. What is not above zero is on no index and is left out.
    """
    known = by_ticker(series).sessions
    lines = []
    for one, place in zip(sums, places, strict=True):
        week = one.rows["week"].to_numpy("float64")
        above = week > 0
        sessions = one.rows["session"].to_numpy()[above].astype(known[place].dtype)
        source = one.rows["source"].to_numpy("object")[above]
        ordinal = np.searchsorted(known[place], sessions)
        key = headlines.FLOW_KEY + one.family
        lines.append(Line(key, place, sessions, week[above], source, ordinal))
    return tuple(line for line in lines if len(line.sessions))

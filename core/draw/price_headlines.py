"""Sentences about shares, computed from the data.

They hold names that this project defines (families, makers, tickers of
makers.toml), numbers and dates; no outside text.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.draw import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.draw.prices import Share
    from core.measure.events import InView
    from core.measure.overlay_parts import Overlay, Part
    from core.measure.session_sums import SessionSums
    from core.schemas import Family

COMPANY, ALSO, MARKET, SECTOR = "company", "also listed", "market", "sector"
TYPED, FLOW = "typed by the reader", "downloads"

AN_INDEX: Final = (
    "An index made from closing prices adjusted for dividends, not a price: all lines are 100 at "
    "the first session that they have in common."
)
CHANGES: Final = (
    "Changes of closing prices adjusted for dividends, not of prices as traded: all lines begin "
    "at 0 at the first session that they have in common."
)
NO_COMMON: Final = (
    "These lines have no session in common in these dates, so each is 100 at its own first one: "
    "their heights cannot be compared."
)
LIVE_PRICES: Final = (
    "Closing prices as traded, from Yahoo, for personal use: they are shown, but no file of them "
    "leaves this site."
)
NO_PRICE: Final = "Downloads have no price: the other views draw them."
TWO_AXES: Final = (
    "Caution: two axes can make any two lines seem to meet, cross or move together, just by how "
    "they are scaled. Only each line's own ups and downs mean anything here."
)
SESSION_SUMS: Final = (
    "Downloads happen on all seven days; a session counts those since the session before, a "
    "Monday those of the weekend too. The line shows them a day, averaged over five sessions, so "
    "that weekends do not hide what changes; the table has the sums."
)
TWO_PLACES: Final = (
    "The same company is shown in Hong Kong and in New York. Hong Kong closes at 16:00 there, "
    "which is about four in the morning in New York, half a day before New York closes: news of "
    "one New York day moves Hong Kong only on its next date. That is the clock, and no share "
    "foretells the other."
)
PROVES_NOTHING: Final = (
    "Two lines that move together prove nothing: shares rise and fall for many reasons, often "
    "with their whole market, and a download is neither a customer nor revenue."
)

NOT_THE_SAME_MOMENT: Final = (
    "Exchanges close at different hours and on different holidays: the same date in Hong Kong and "
    "in New York is not the same moment."
)
FLOW_KEY: Final = "downloads:"
"""What begins the key of a line of downloads, where a share's has its ticker."""

NOTHING_BESIDE: Final = (
    "There are no daily downloads of these families for these dates to set beside the shares, so "
    "the shares are drawn alone."
)
SWITCHED_OFF: Final = "Downloads are switched off, so the shares are drawn alone."
NO_TABLE: Final = "Without the table of prices no share can be drawn."
NO_FAMILY: Final = "No family is chosen."
NO_SHARE: Final = "None of the families chosen has a maker that is listed on an exchange."

_MOST_NAMED: Final = 4


def headline(overlay: Overlay, shares: tuple[Share, ...], *, percent: bool) -> str:
    """Where the companies stand at the end of the range, then benchmarks and downloads.

    Of many companies the highest and the lowest, of those that cover the same dates.
    """
    standing = {one.ticker: one for one in overlay.parts}
    shown = [share for share in shares if share.ticker in standing]
    dates = {ticker: (one.base, one.sessions[-1]) for ticker, one in standing.items()}
    usual, _ = Counter(dates.values()).most_common(1)[0]
    others = [share for share in shown if share.role in {MARKET, SECTOR, FLOW}]
    # Those of the usual dates come first: theirs are said once, for all.
    companies = sorted(
        (share for share in shown if share not in others),
        key=lambda share: dates[share.ticker] != usual,
    )
    many = ""
    if len(companies) > _MOST_NAMED:
        alike = [share for share in companies if dates[share.ticker] == usual] or companies
        ranked = sorted(alike, key=lambda share: standing[share.ticker].last)
        many = f" (the highest and the lowest of the {len(alike)} companies with the same dates)"
        companies = [ranked[-1], ranked[0]]
    parts: list[str] = []
    first = (companies or others)[0].ticker
    for share in [*companies, *others]:
        row = standing[share.ticker]
        value = words.change(row.last / 100 - 1) if percent else f"{row.last:.0f}"
        preposition = "by" if percent else "at"
        said = _dates(row, percent=percent)
        if not parts:
            verb = "changed" if percent else "stood"
            parts.append(f"{_named(share)} {verb} {preposition} {value} {said}")
        elif dates[share.ticker] == dates[first]:
            parts.append(f"{_named(share)} {preposition} {value}")
        else:
            parts.append(f"{_named(share)} {preposition} {value} ({said})")
        if companies and share is companies[-1]:
            parts[-1] += many
    sentence = parts[0] + ("; " + words.listing(parts[1:]) if parts[1:] else "") + "."
    if all(len(one.sessions) == 1 for one in overlay.parts):
        sentence += " One session is no line: choose a longer range."
    return sentence[0].upper() + sentence[1:]


def closing(closes: pd.DataFrame, shares: tuple[Share, ...]) -> str:
    """Closing prices at both ends of the range, from rows ``session, ticker, close, currency``."""
    parts = []
    for share in shares:
        rows = closes[closes["ticker"] == share.ticker]
        if rows.empty:
            continue
        first, last = rows.iloc[0], rows.iloc[-1]
        change = words.change(last["close"] / first["close"] - 1)
        parts.append(
            f"{_named(share)} closed at {last['close']:,.2f} {last['currency']} on "
            f"{words.day(last['session'])}, {change} from {first['close']:,.2f} on "
            f"{words.day(first['session'])}"
        )
    if len(parts) > _MOST_NAMED:
        rest = words.plural(len(parts) - _MOST_NAMED, "other share")
        parts = [*parts[:_MOST_NAMED], f"the chart has {rest}"]
    sentence = "; ".join(parts) + "."
    return sentence[0].upper() + sentence[1:]


def other_currency(tickers: list[str]) -> str:
    """Which shares are not drawn because their prices are in another currency."""
    verb, them = ("trades", "it") if len(tickers) == 1 else ("trade", "them")
    return (
        f"{words.listing(tickers)} {verb} in another currency and cannot share the axis: choose "
        f"{them} alone, or “Index”."
    )


def flows(sums: Iterable[SessionSums]) -> str:
    """Downloads a day at the first and the last session of each of ``sums``, all with a line."""
    said = []
    for one in list(sums)[:_MOST_NAMED]:
        week = one.rows["week"].to_numpy("float64")
        known = np.flatnonzero(~np.isnan(week))[[0, -1]]
        first, last = (words.count(round(number)) for number in week[known].tolist())
        begins, ends = (words.day(day) for day in one.rows["session"].array[known])
        said.append(
            f"{one.family} had {last} downloads a day in the five sessions to {ends}, {first} in "
            f"those to {begins}"
        )
    return f"{'; '.join(said)}."


def private(families: Iterable[Family]) -> str:
    """Which families' makers are not listed on an exchange; empty where all are."""
    said = []
    for family in families:
        if family.ticker:
            continue
        by = "" if family.maker == family.name else f" by {family.maker}"
        note = family.note[:1].lower() + family.note[1:]
        said.append(f"{family.name}{by} ({note or 'private'})")
    if not said:
        return ""
    return f"Not listed on an exchange, so without a share price: {words.listing(said)}."


def marks(events: InView, drawn: int) -> str:
    """What the marks above the lines mean, and how many of ``events`` have none."""
    said = []
    if not events.column("exact").all():
        said.append(
            "A band is an event whose day is not known: it covers the month, or a week before and "
            "after."
        )
    if drawn < len(events):
        said.append(
            f"{words.plural(len(events) - drawn, 'event')} had no room for a mark: the list has "
            "them all, and a shorter range makes room."
        )
    return " ".join(said)


def totals(frame: pd.DataFrame, families: Iterable[str]) -> str:
    """What the published totals shown are, and that they are not one series."""
    names = words.listing([name for name in families if name in set(frame["family"])])
    of_parts = int((frame["subject"] != frame["family"]).sum())
    parts = (
        f" {words.plural(of_parts, 'figure')} of them {'is' if of_parts == 1 else 'are'} for one "
        "model or one generation alone."
        if of_parts
        else ""
    )
    whole = frame.loc[frame["subject"] == frame["family"], "value"]
    between = ""
    if len(whole):
        low, high = words.count(whole.min()), words.count(whole.max())
        between = f"; for a whole family {low if low == high else f'{low} to {high}'}"
    return (
        f"{words.plural(len(frame), 'published total')} of downloads so far that speak of {names}"
        f"{between}.{parts} Publishers count different things, which the table names: the points "
        "are not joined."
    )


def _named(share: Share) -> str:
    return f"the {share.role} fund {share.ticker}" if share.role in {MARKET, SECTOR} else share.name


def _dates(row: Part, *, percent: bool) -> str:
    first, last = (words.day(pd.Timestamp(day)) for day in (row.base, row.sessions[-1]))
    return f"from {first} to {last}" if percent else f"on {last}, with {first} as 100"

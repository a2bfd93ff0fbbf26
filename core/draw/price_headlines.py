"""Sentences about shares, computed from the data.

They hold names that this project defines (families, makers, tickers of
makers.toml), numbers and dates; no outside text.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from core.draw import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from core.draw.prices import Share
    from core.measure.overlay import Overlay
    from core.schemas import Family

COMPANY, ALSO, MARKET, SECTOR = "company", "also listed", "market", "sector"

AN_INDEX: Final = (
    "An index made from closing prices adjusted for dividends, not a price: every line is 100 at "
    "its first session shown."
)
PROVES_NOTHING: Final = (
    "Two lines that move together prove nothing: shares rise and fall for many reasons, often "
    "with their whole market, and a download is neither a customer nor revenue."
)

NOT_THE_SAME_MOMENT: Final = (
    "Exchanges close at different hours and on different holidays: the same date in Hong Kong and "
    "in New York is not the same moment."
)
NO_TABLE: Final = "Without the table of prices no share can be drawn."
NO_FAMILY: Final = "No family is chosen."
NO_SHARE: Final = "None of the families chosen has a maker that is listed on an exchange."

_MOST_NAMED: Final = 4


def headline(overlay: Overlay, shares: tuple[Share, ...], *, percent: bool) -> str:
    """Where the companies stand at the end of the range, then the benchmarks.

    Of many companies the highest and the lowest, of those that cover the same dates.
    """
    standing = {str(row["ticker"]): row for _, row in overlay.standing.iterrows()}
    shown = [share for share in shares if share.ticker in standing]
    dates = {ticker: (row["first"], row["last"]) for ticker, row in standing.items()}
    usual, _ = Counter(dates.values()).most_common(1)[0]
    benchmarks = [share for share in shown if share.role in {MARKET, SECTOR}]
    # Those of the usual dates come first: theirs are said once, for all.
    companies = sorted(
        (share for share in shown if share not in benchmarks),
        key=lambda share: dates[share.ticker] != usual,
    )
    many = ""
    if len(companies) > _MOST_NAMED:
        alike = [share for share in companies if dates[share.ticker] == usual] or companies
        ranked = sorted(alike, key=lambda share: float(standing[share.ticker]["value"]))
        many = f" (the highest and the lowest of the {len(alike)} companies with the same dates)"
        companies = [ranked[-1], ranked[0]]
    parts: list[str] = []
    first = (companies or benchmarks)[0].ticker
    for share in [*companies, *benchmarks]:
        row = standing[share.ticker]
        value = words.change(row["value"] / 100 - 1) if percent else f"{row['value']:.0f}"
        named = f"the {share.role} fund {share.ticker}" if share in benchmarks else share.name
        preposition = "by" if percent else "at"
        said = _dates(row, percent=percent)
        if not parts:
            verb = "changed" if percent else "stood"
            parts.append(f"{named} {verb} {preposition} {value} {said}")
        elif dates[share.ticker] == dates[first]:
            parts.append(f"{named} {preposition} {value}")
        else:
            parts.append(f"{named} {preposition} {value} ({said})")
        if companies and share is companies[-1]:
            parts[-1] += many
    sentence = parts[0] + ("; " + words.listing(parts[1:]) if parts[1:] else "") + "."
    if len(overlay.rows) == len(standing):
        sentence += " One session is no line: choose a longer range."
    return sentence[0].upper() + sentence[1:]


def starting_later(overlay: Overlay, shares: tuple[Share, ...]) -> str:
    """Which shares have no data at the start of the range; empty where all have."""
    said = [
        f"{_name(shares, row['ticker'])} on {words.day(row['first'])}"
        for _, row in overlay.later.iterrows()
    ]
    if not said:
        return ""
    return (
        f"Prices in the data begin later for {words.listing(said)}. That day is the line's own "
        "100: its height cannot be compared with lines that begin earlier."
    )


def data_end(overlay: Overlay) -> str:
    """Where the data of every share shown end."""
    standing = overlay.standing
    days = sorted(set(standing["known_to"]), reverse=True)
    said = [
        f"{words.listing(standing.loc[standing['known_to'] == day, 'ticker'].tolist())} end "
        f"on {words.day(day)}"
        for day in days
    ]
    return f"Prices of {'; those of '.join(said)}."


def not_there(overlay: Overlay, known: pd.DataFrame) -> str:
    """Which shares are not drawn, and why; empty where all are.

    ``known`` is ``overlay.spans``.
    """
    said = no_prices(overlay.unknown)
    for ticker in overlay.outside:
        first, last = known["known_from"][ticker], known["known_to"][ticker]
        said += (
            f" {ticker} has no session in these dates: its prices in the data run from "
            f"{words.day(first)} to {words.day(last)}."
        )
    return said.strip()


def no_prices(tickers: Iterable[str]) -> str:
    """Of which tickers the data hold nothing; empty without any."""
    names = list(tickers)
    return f"The data hold no prices of {words.listing(names)}." if names else ""


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


def marks(events: pd.DataFrame, drawn: int) -> str:
    """What the marks above the lines mean, and how many of ``events`` have none."""
    said = []
    if not events["exact"].all():
        said.append("A hollow mark is an event whose day is not known exactly.")
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


def _dates(row: pd.Series, *, percent: bool) -> str:
    first, last = words.day(row["first"]), words.day(row["last"])
    return f"from {first} to {last}" if percent else f"on {last}, with {first} as 100"


def _name(shares: tuple[Share, ...], ticker: str) -> str:
    return next(share.name for share in shares if share.ticker == ticker)

"""Sentences about a share's reaction to news, computed from the data.

They hold names that this project defines (companies and tickers of
makers.toml), numbers and dates; no outside text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.draw import words
from core.measure.event_study import MARKET_ADJUSTED
from core.measure.reaction import MARKET, SECTOR, change
from core.measure.sessions import exchange

if TYPE_CHECKING:
    import pandas as pd

    from core.measure.event_reactions import EventReactions, MeanReaction
    from core.measure.event_study import EventStudy
    from core.measure.reaction import Reaction

WHOLE: Final = {
    "SPY": "the US market as a whole",
    "QQQ": "the large companies of the Nasdaq exchange as a whole",
    "KWEB": "shares of Chinese internet companies as a whole",
    "2800.HK": "the large companies of the Hong Kong exchange as a whole",
    "3033.HK": "technology companies in Hong Kong as a whole",
}
"""What the funds stand for, in plain words."""

EXPLAINED_BY: Final = {MARKET: "the whole market", SECTOR: "its sector"}

HOLDS: Final = {
    "KWEB": {"BABA": "holds about a tenth of its weight in Alibaba", "BIDU": "holds Baidu"},
    "QQQ": {
        "META": "holds Meta",
        "GOOGL": "holds Alphabet",
        "MSFT": "holds Microsoft",
        "NVDA": "holds NVIDIA",
    },
    "SPY": {
        "META": "holds Meta",
        "GOOGL": "holds Alphabet",
        "MSFT": "holds Microsoft",
        "NVDA": "holds NVIDIA",
        "IBM": "holds IBM",
    },
    "2800.HK": {"0700.HK": "holds Tencent", "9988.HK": "holds Alibaba"},
    "3033.HK": {"0700.HK": "holds Tencent", "9988.HK": "holds Alibaba"},
}
"""Funds that hold shares which are compared with them."""

NOT_A_CAUSE: Final = (
    "None of this says why a share moved. Other news of the same day, or no news at all, may be "
    "behind it; that this site lists no other news does not mean that there was none."
)
DATE_ONLY: Final = (
    "Of this news the date is known, not the hour. If it came after the exchange had closed, the "
    "share could answer only the next day, so that day is counted in as well:"
)
NO_TABLE: Final = "Without the table of prices no reaction can be worked out."
NO_COMPARISON: Final = (
    "The data hold no prices of a market or sector fund for these days, so what was to be "
    "expected is not known."
)
LAUNCHES_SAY_LITTLE: Final = (
    "Few events, each with other news around it: a mean of them is a hint, not a proof."
)
_STILL: Final = 0.0005
"""A change that is written as 0.0%."""


def size(part: float) -> str:
    """-0.0982 → "9.8%"."""
    return f"{abs(100 * part):.1f}%"


def headline(found: Reaction, company: str) -> str:
    """What the share did, what was to be expected of it, and how rare the rest is."""
    said = [_moved(found, company)]
    for role in (MARKET, SECTOR):
        if one := found.studies.get(role):
            said.append(_own_part(one, role, found, company, first=len(said) == 1))
    return " ".join(said)


def rare(one: EventStudy) -> str:
    """As "3 of 250 ordinary days" says it."""
    count = f"{one.placebo_count:,}" if one.placebo_count else "none"
    of = f"{count} of {one.placebo_windows:,} ordinary"
    return f"{of} days" if one.length == 1 else f"{of} stretches of {one.length} sessions"


def next_day_too(found: Reaction) -> str:
    """The same over the day and the one after, for news without an hour; empty without."""
    told = [
        f"{size(change(one.abnormal_return))} {_direction(one)} what {EXPLAINED_BY[role]} "
        f"explains ({rare(one)})"
        for role, one in found.studies.items()
    ]
    return f"{DATE_ONLY} over the two days the share was {words.listing(told)}." if told else ""


def cautions(found: Reaction, company: str) -> list[str]:
    """What to know about these very figures, a sentence each."""
    said: list[str] = []
    holding = [
        f"{fund}, the fund for {EXPLAINED_BY[role]}, {note}"
        for role, fund in found.benchmarks
        if role in found.studies and (note := HOLDS.get(fund, {}).get(found.ticker))
    ]
    if holding:
        said.append(
            f"{'; '.join(holding)}. A share that is compared with a fund which holds it is "
            "compared partly with itself: its own part looks smaller than it is."
        )
    if not found.benchmarks:
        said.append(f"No fund is known here that {company} could be compared with.")
    for role, answer in found.refused.items():
        said.append(
            f"There is no comparison with {EXPLAINED_BY[role]} ({dict(found.benchmarks)[role]}). "
            f"{answer.sentence}"
        )
    if short := [one for one in found.studies.values() if one.model == MARKET_ADJUSTED]:
        said.append(
            f"Only {short[0].sessions} earlier sessions are known, too few to work out how "
            "strongly the share usually follows. The fund's own change is taken for what was to "
            "be expected (a market-adjusted return)."
        )
    if skipped := max((one.skipped for one in found.studies.values()), default=0):
        said.append(
            f"{words.plural(skipped, 'session')} in between {'is' if skipped == 1 else 'are'} "
            "missing in one of the series: the change before the gap to after it counts as one day."
        )
    if jumps := sorted({day for one in found.studies.values() for day in one.splits}):
        said.append(
            f"On {words.listing([words.day(day) for day in jumps])} the price changes by a whole "
            "factor, as when shares are split. If the prices were not adjusted for it, these "
            "figures are wrong."
        )
    return said


def not_a_session(asked: pd.Timestamp, session: pd.Timestamp, ticker: str) -> str:
    """That another day is shown than the one asked for; empty where it is the same."""
    if asked == session:
        return ""
    return (
        f"There was no trading in {exchange(ticker).place} on {words.day(asked)}: the next "
        f"session, {words.day(session)}, is shown."
    )


def launches(mean: MeanReaction, company: str, role: str, what: str) -> str:
    """What the share did on average around several events; ``what`` is their plural."""
    if mean.number == 1:
        return (
            f"Around the one of these {what} that can be studied, {company} did "
            f"{size(change(mean.mean))} {_better(mean.mean)} than {EXPLAINED_BY[role]} explains."
        )
    return (
        f"Around {mean.number} {what}, {company} did {size(change(mean.mean))} "
        f"{_better(mean.mean)} than {EXPLAINED_BY[role]} explains, on average. It did better "
        f"{mean.up} times and worse {mean.number - mean.up} times; a fair coin is at least as "
        f"one-sided in {_of_hundred(mean.sign_share)} of 100 tries."
    )


def mean_in_figures(mean: MeanReaction) -> str:
    """Whether the mean stands out from chance, in a plain sentence; empty for one event."""
    if mean.number == 1:
        return ""
    beyond = abs(mean.t) > _UNUSUAL
    reading = "more than chance usually makes" if beyond else "no more than chance usually makes"
    return f"That mean is {reading} (t = {number(mean.t)}; beyond 2 in size is unusual)."


def number(value: float) -> str:
    """-1.234 → "−1.23"."""
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def overlapping(found: EventReactions, *, left_out: bool) -> str:
    """How many windows have a session in common with one before; empty where none has."""
    if not (shared := sum(1 for before in found.overlaps if before)):
        return ""
    verb = "is left out" if shared == 1 else "are left out"
    if not left_out:
        verb = "is counted all the same" if shared == 1 else "are counted all the same"
    return (
        f"{words.plural(shared, 'event')} had a day in common with the one before and {verb}: "
        "the same price change must not count as two answers. The table names them."
    )


_UNUSUAL: Final = 1.96
"""Where 5 of 100 draws of the normal distribution lie outside."""


def _of_hundred(share: float) -> str:
    return "under 1" if share < 0.01 else f"{100 * share:.0f}"  # noqa: PLR2004 - of a hundred


def _better(part: float) -> str:
    return "better" if part > 0 else "worse"


def _direction(one: EventStudy) -> str:
    return "above" if one.abnormal_return > 0 else "below"


def _verb(part: float) -> str:
    if abs(part) < _STILL:
        return "did not move"
    return f"{'rose' if part > 0 else 'fell'} {size(part)}"


def _moved(found: Reaction, company: str) -> str:
    first, last = found.window_dates
    when = f"on {words.day(last)}"
    if first != last:
        sessions = found.window[1] - found.window[0] + 1
        when = f"over {sessions} sessions, {words.day(first)} to {words.day(last)}"
    said = f"{company} {_verb(change(found.raw_return))} {when}"
    role = SECTOR if SECTOR in found.studies else MARKET
    if one := found.studies.get(role):
        fund = dict(found.benchmarks)[role]
        whole = WHOLE.get(fund, f"the fund {fund}")
        said += f"; {whole} {_verb(change(one.benchmark_return))}"
    return f"{said}."


def _own_part(one: EventStudy, role: str, found: Reaction, company: str, *, first: bool) -> str:
    """How far the share was from what one benchmark explains, and how rare that is."""
    own, moved = one.abnormal_return, found.raw_return
    part, by = size(change(own)), EXPLAINED_BY[role]
    how_often = f"a surprise this large came on {rare(one)}" if first else f"{rare(one)}"
    if own * moved > 0 and abs(change(moved)) >= _STILL:
        who = f"{company}'s own {'rise' if moved > 0 else 'fall'}" if first else "It"
        return f"{who} was {part} beyond what {by} explains: {how_often}."
    who = "The share" if first else "It"
    return f"{who} did {part} {_better(own)} than {by} explains: {how_often}."


def ordinary(one: EventStudy, role: str) -> str:
    """What a chart of ordinary days shows."""
    return (
        f"Compared with {EXPLAINED_BY[role]}: {rare(one)} were at least as far off as this "
        f"({words.change(change(one.abnormal_return))}), up or down."
    )


def not_studied(number_of: int) -> str:
    """How many events have no study; empty where all have."""
    if not number_of:
        return ""
    verb = "has" if number_of == 1 else "have"
    return (
        f"{words.plural(number_of, 'event')} {verb} no answer here: the table says why "
        "(mostly too few prices before)."
    )

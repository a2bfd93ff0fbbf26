"""A reader's own claim: built from choices, or found in a pasted text, and checked at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.draw import claims as said
from core.draw import words
from core.measure import claims_terms as terms
from core.measure import pasted
from core.measure.claims_objections import objection
from core.measure.pasted_dates import dates
from core.measure.pasted_numbers import figure
from core.schemas import Claim
from core.ui.arrival import forget_earlier_choice
from core.ui.claims import opened
from core.ui.claims_data import figures, verdict
from core.ui.controls import pick
from core.ui.page import today

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.ui.address import Address
    from core.ui.site import Site

COUNTED: Final = {
    "Downloads in a period": terms.PERIOD,
    "All downloads so far": terms.ALL_TIME,
    "Models built on it": terms.DERIVATIVES,
    "Place among the families": terms.RANK,
    "Share of the families' downloads": terms.SHARE,
    "Month of overtaking another": terms.CROSSING,
    "Change of the company's share": terms.PRICE,
}
_NEXT, _A_FIGURE = "The next families together", "A figure"
_OTHER_DATES: Final = "Other dates"
_FIRST_MONTH: Final = pd.Timestamp("2024-08-01")
"""Public daily histories begin in the summer of 2024."""

_EIGHT: Final = 8
"""The families that the news of December 2025 compared with."""

_EXAMPLE: Final = "2025-12"
_FIGURE_KEY, _DATES_KEY = "own_figure", "own_dates"
_TEXT_KEY, _READ_KEY = "own_text", "_what_was_read"
_LONGEST_DATES: Final = 80
_LONGEST_FIGURE: Final = 40
_SHOWN: Final = 300
_ON_DAYS: Final = {terms.ALL_TIME, terms.DERIVATIVES}
"""What is counted up to a day, not over days."""


def own_claim(site: Site, address: Address, state: dict[str, str | Sequence[str] | bool]) -> str:
    """The builder, the pasted text above it, and the verdict; ``state`` gains the choices.

    Returns the page's headline.
    """
    names = [family.name for family in site.families]
    _pasted(site)
    st.markdown("#### Your claim, choice by choice")
    claim, trouble = _chosen(site, address, names)
    _remember(state)
    wrong = trouble or objection(claim, figures(site))
    if wrong:
        with st.container(border=True):
            st.markdown(":material/info: **This cannot be checked as it stands**")
            st.text(words.quoted(wrong, _SHOWN))
        return "Your own claim is not complete yet"
    found = verdict(site, claim)
    opened(site, found, state)
    return f"Your own claim: {found.outcome[:1].lower()}{found.outcome[1:]}"


def _chosen(site: Site, address: Address, names: list[str]) -> tuple[Claim, str]:
    """The claim that the controls say, and what is wrong with one of them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        subject = pick(address, "own_about", "Family", names, noun="family")
        counted = pick(address, "own_counted", "What is counted", list(COUNTED), noun="measure")
        measure = COUNTED[counted]
        period, when_wrong = _period(address, measure)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        relation, value, against, number, trouble = _compared(address, measure, names, subject)
    if measure == terms.CROSSING:
        span = terms.span(period)
        value = float(terms.month_number(span.first)) if span else 0.0
    if measure == terms.PRICE:
        ticker = next(family.ticker for family in site.families if family.name == subject)
        if not ticker:
            return _NOBODY, f"{subject}'s maker is not listed on an exchange: it has no share."
        subject = ticker
    claim = Claim(
        key="own",
        kind="measurable",
        text="",
        subject=subject,
        measure=measure,
        relation=relation,
        value=value,
        unit="times" if against or number else "",
        period="" if measure == terms.CROSSING else period,
        against=against,
        next_families=number,
    )
    return replace(claim, text=said.built(claim)), when_wrong or trouble


def _compared(
    address: Address, measure: str, names: list[str], subject: str
) -> tuple[str, float, tuple[str, ...], int, str]:
    """Relation, value, families, how many next ones, and what is wrong with the figure."""
    if measure == terms.CROSSING:
        other = pick(address, "own_other", "Which it overtook", names[::-1], noun="family")
        trouble = f"{subject} is set against itself." if other == subject else ""
        return terms.SAYS, 0.0, (other,), 0, trouble
    relations = list(terms.RELATIONS)
    relation = pick(address, "own_relation", "Was", relations, noun="comparison")
    than = _A_FIGURE
    if measure in {terms.PERIOD, terms.ALL_TIME}:
        options = [_NEXT, _A_FIGURE, *names]
        than = pick(address, "own_than", "Compared with", options, noun="comparison")
    if than == _NEXT:
        most = len(names) - 1
        counts = list(dict.fromkeys(str(number) for number in (_EIGHT, *range(1, most + 1))))
        noun = f"number of other families from 1 to {most}"
        number = pick(address, "own_number", "How many", counts, noun=noun)
        return relation, 1.0, (), int(number), ""
    if than != _A_FIGURE:
        trouble = f"{subject} is set against itself." if than == subject else ""
        return relation, 1.0, (than,), 0, trouble
    typed = _typed(_FIGURE_KEY, "Figure", "700 million")
    value, trouble = _value(typed, measure)
    return relation, value, (), 0, trouble


def _typed(key: str, label: str, example: str) -> str:
    """A line to type in, in the address as ``key``; empty at first, so that links can fill it."""
    forget_earlier_choice(key)
    return st.text_input(
        label, key=key, bind="query-params", placeholder=f"for example {example}", width=260
    )


def _value(typed: str, measure: str) -> tuple[float, str]:
    """What a typed figure is worth, or a sentence on why it is none."""
    if not typed.strip():
        return 0.0, "No figure is given yet: write for example 700 million, 7亿 or 9.8 %."
    shown = words.quoted(typed.strip(), _LONGEST_FIGURE)
    found = figure(typed) if len(typed) <= _LONGEST_FIGURE else None
    if found is None:
        return 0.0, (
            f"“{shown}” is not one figure: write for example 700 million, 7亿, 1,5 Mio or 9.8 %."
        )
    if found.value is None:
        both = " or ".join(f"{value:,.12g}" for value in found.readings)
        return 0.0, f"“{shown}” can be read as {both}: write it in another way."
    if found.value != found.value:
        return 0.0, f"“{shown}” is not written as a number is."
    if found.percent and measure not in {terms.PRICE, terms.SHARE}:
        return 0.0, f"“{shown}” is a percentage, and what is counted here is none."
    return found.value, ""


def _period(address: Address, measure: str) -> tuple[str, str]:
    """The month or the days that the controls say, as claims write them; and what is wrong."""
    now = pd.Timestamp(today())
    every = [f"{month:%Y-%m}" for month in pd.period_range(_FIRST_MONTH, now, freq="M")]
    months = [_EXAMPLE, *(month for month in reversed(every) if month != _EXAMPLE)]
    options = [*months, _OTHER_DATES] if measure != terms.CROSSING else months
    label = "As of the end of" if measure in _ON_DAYS else "In"
    chosen = pick(address, "own_when", label, options, noun="month since August 2024")
    if chosen != _OTHER_DATES:
        last = min(pd.Timestamp(chosen) + pd.offsets.MonthEnd(0), now)
        return words.iso(last) if measure in _ON_DAYS else chosen, ""
    typed = _typed(_DATES_KEY, "Dates", "12 January 2026, or January 2026 to July 2026")
    found = [one.period for one in dates(typed[:_LONGEST_DATES]) if one.period]
    ends = found[:2]
    period = "..".join(ends) if ends[1:] else "".join(ends)
    if typed.count("..") == 1 and terms.span(typed.strip()):
        period = typed.strip()
    shown = words.quoted(typed.strip(), _LONGEST_FIGURE)
    if not typed.strip():
        return "", "No dates are given yet: write for example 12 January 2026."
    span = terms.span(period)
    if span is None:
        return "", (
            f"“{shown}” is no date, or ends before it begins: write for example 12 January 2026, "
            "or January 2026 to July 2026."
        )
    return words.iso(span.last) if measure in _ON_DAYS else period, ""


def _pasted(site: Site) -> None:
    """A box for a sentence from the news, and what was made of it."""
    with st.expander("Paste a sentence from the news", icon=":material/content_paste:"):
        st.text_area(
            "Text",
            key=_TEXT_KEY,
            placeholder="Qwen's downloads in December 2025 were more than the next eight together.",
            help="Families, figures, dates and what is counted are found by plain rules, in "
            "English and Chinese. Nothing leaves this site.",
        )
        st.button("Find the claim", on_click=_read, args=(site,), icon=":material/search:")
        reading: pasted.Reading | None = st.session_state.get(_READ_KEY)
        if reading is None:
            return
        if reading.claim is None:
            st.markdown("**No claim was found in it. The choices below are as they were.**")
        else:
            st.markdown("**The choices below are set to what was found. Please check them.**")
        for kind, found in reading.understood:
            st.text(words.quoted(f"{kind}: {found}", _SHOWN))
        if reading.unclear:
            st.markdown("**Not understood, or not used**")
            for sentence in reading.unclear:
                st.text(words.quoted(sentence, _SHOWN))


def _read(site: Site) -> None:
    """Set the controls to the claim that the pasted text holds, if it holds one."""
    reading = pasted.read(str(st.session_state.get(_TEXT_KEY) or ""), site.families)
    st.session_state[_READ_KEY] = reading
    claim = reading.claim
    if claim is None:
        return
    labels = {measure: label for label, measure in COUNTED.items()}
    chosen = {
        "own_about": claim.subject,
        "own_counted": labels[claim.measure],
        "own_relation": claim.relation,
    }
    if claim.next_families:
        chosen |= {"own_than": _NEXT, "own_number": str(claim.next_families)}
    elif claim.against:
        chosen |= {"own_than": claim.against[0]}
    else:
        percent = " %" if claim.measure in {terms.PRICE, terms.SHARE} else ""
        chosen |= {"own_than": _A_FIGURE, _FIGURE_KEY: f"{claim.value:.12g}{percent}"}
    for key, value in (chosen | _dates(claim)).items():
        st.session_state[key] = value


def _dates(claim: Claim) -> dict[str, object]:
    """The controls for the dates of ``claim``: a month where it is one, else two days."""
    span = terms.span(claim.period)
    if span is None:
        return {}
    whole_month = span.precision == "month"
    held = _FIRST_MONTH <= span.first <= pd.Timestamp(today())
    if whole_month and held:
        return {"own_when": claim.period}
    return {"own_when": _OTHER_DATES, _DATES_KEY: claim.period}


def _remember(state: dict[str, str | Sequence[str] | bool]) -> None:
    """Every choice, for the link."""
    for key in (
        "own_about", "own_counted", "own_when", "own_relation", "own_than", "own_number",
        "own_other", _FIGURE_KEY, _DATES_KEY,
    ):  # fmt: skip
        state[key] = str(st.session_state.get(key) or "")


_NOBODY: Final = Claim(key="own", kind="measurable", text="")

"""One family against the next ones together: the section of the leaderboard page."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from core.draw import against as draw
from core.draw import against_headlines as headlines
from core.draw import range_headlines, words
from core.measure import against as measure
from core.measure.bases import BASES
from core.measure.ranges import Range, within
from core.ui import daily
from core.ui import range_parts as parts
from core.ui.arrival import forget_earlier_choice
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick, pick_several, read_address, show_notes
from core.ui.figure import figure
from core.ui.levels import offer_level
from core.ui.link import say
from core.ui.page import boundary
from core.ui.section import section
from core.ui.verdicts import verdict_table, verdicts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.measure.against import Against, Since
    from core.measure.history_models import Biggest, ModelHistory
    from core.ui.address import Address
    from core.ui.site import Site

FIRST: Final = "Qwen"
"""The family that the news spoke of, shown first."""
NUMBER: Final = 8
_MOST: Final = 50

State = dict[str, str | list[str]]


@section
def show(site: Site, basis: str, span: Range, names: list[str]) -> None:
    """Controls, the answer, the families taken, and the verdict on every basis."""
    address = read_address()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=200):
            ordered = sorted(names, key=lambda name: name != FIRST)
            family = pick(address, "x", "One family", ordered, noun="family")
        with st.container(width=170):
            number = _number(address)
    field = pick_several(
        address,
        "field",
        "The field: families it is set against",
        names,
        noun="family",
        empty="All other families: choose to narrow down",
    )
    members, state = _members(site, address, basis, family, span)
    say(state | {"x": family, "next": str(number), "field": field})
    show_notes(address)
    # Dates beyond the data have been cut: how they were asked for decides nothing here.
    asked = (family, tuple(field or names), number, Range(span.start, span.end), members)
    answers, columns = site.once(verdicts, site, *asked), st.columns(2, gap="medium")
    with columns[1], boundary():
        verdict_table(site, answers, family)
    with columns[0], boundary():
        if basis not in daily.bases(site):
            st.text(
                f"On the basis “{BASES[basis].name}” the answer would be told here with its "
                "figures."
            )
            offer_level(site, BASES[basis].level)
            return
        found, since = site.once(_answer, site, basis, *asked)
        _figure(site, found, since, members)


def _answer(  # noqa: PLR0913, PLR0917 - what is asked; remembered for all readers
    site: Site,
    basis: str,
    family: str,
    field: tuple[str, ...],
    number: int,
    span: Range,
    members: daily.Members,
) -> tuple[Against, Since | None]:
    history = daily.on_basis(site, basis, span, members)
    held = within(history, span.start, span.end)
    answer = measure.against(history, family, field, number, held)
    return answer, measure.since(history, family, field, number, held)


def _number(address: Address) -> int:
    """How many are taken together; a link may ask for more than there are."""
    key = "next"
    forget_earlier_choice(key)
    given = [value for value in st.query_params.get_all(key) if value]
    if key not in st.session_state and given:
        value = given[-1].strip()
        if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= _MOST):
            address.choice(key, (), str(NUMBER), f"number from 1 to {_MOST}")
    chosen = st.number_input(
        "Against the next …",
        min_value=1,
        max_value=_MOST,
        value=NUMBER,
        step=1,
        key=key,
        bind="query-params",
    )
    return int(chosen)


def _members(
    site: Site, address: Address, basis: str, family: str, span: Range
) -> tuple[daily.Members, State]:
    """Accounts and models taken out of their family or counted with the one chosen."""
    models = daily.models(site)
    if models is None or basis not in daily.MEMBER_BASES:
        if models is not None:
            st.caption(
                "Single accounts and models can be taken out or put in where official models are "
                "counted."
            )
        return daily.NOBODY, {}
    biggest = site.once(models.biggest, span.start, span.end)
    leaving, joining = site.once(_choices, models, biggest, family)
    with st.expander("Take accounts or models out, or put them in"):
        without = pick_several(
            address,
            "without",
            "Leave out",
            leaving,
            noun="account or model",
            empty="Nobody: choose accounts or models",
        )
        also = pick_several(
            address,
            "also",
            f"Count with {family} too",
            joining,
            noun="account",
            empty="Nobody: choose accounts",
        )
        st.caption(
            "An account that is counted with another family leaves its own. Only accounts whose "
            "daily history is loaded can be chosen."
        )
    members = (tuple(without), tuple((name, family) for name in also))
    return members, {"without": without, "also": also}


def _choices(
    models: ModelHistory, biggest: Mapping[str, Biggest], family: str
) -> tuple[list[str], list[str]]:
    """Who can be left out, and who can be counted with ``family``."""
    accounts = sorted(set(models.account), key=str.casefold)
    own = set(models.accounts(family))
    leaving = [*accounts, *sorted(one.model_id for one in biggest.values())]
    return leaving, [name for name in accounts if name not in own]


def _figure(site: Site, answer: Against, since: Since | None, members: daily.Members) -> None:
    once = site.once
    history = daily.on_basis(site, answer.basis, answer.range, members)
    headline = once(headlines.headline, answer)
    passed = once(measure.passed, history, answer.own.family, answer.taken[0].family)
    st.markdown(
        f"**{headline}**\n\n{once(headlines.who, answer)}\n\n"
        f"{once(headlines.since, since, answer)} {headlines.passed(answer, passed)}"
    )
    moved = _moved(members, answer.own.family)
    if moved:
        st.text(moved)
    problems = parts.known_problems(
        site, history, answer.range, frozenset([answer.own.family, *_names(answer)])
    )
    heading = range_headlines.heading(answer.basis, answer.range)
    figure(
        "against_tab",
        chart=lambda: show_chart(
            draw.against_bars(),
            once(arrow, **once(draw.against_data, answer, site.palette, heading)),
            description=headline,
            key=f"against_{answer.own.family}_{len(answer.taken)}_{answer.basis}",
        ),
        table=partial(once, _table, answer),
        columns=_columns(),
        description=headline,
        facts=partial(
            parts.facts,
            site,
            history,
            answer.range,
            [headline, headlines.who(answer), moved],
            problems,
        ),
        file_name=(
            f"groundswell-{answer.own.family}-against-{len(answer.taken)}-{answer.basis}-"
            f"{words.iso(answer.range.start)}-{words.iso(answer.range.end)}.csv"
        ),
    )


def _names(answer: Against) -> list[str]:
    return [one.family for one in answer.taken]


def _moved(members: daily.Members, family: str) -> str:
    """Who was taken out or put in; account and model names are outside text."""
    without, also = members
    said = []
    if without:
        said.append(f"Left out: {words.listing([words.quoted(name, 96) for name in without])}.")
    if also:
        named = words.listing([words.quoted(name, 96) for name, _ in also])
        said.append(f"Counted with {family}: {named}.")
    return " ".join(said)


def _table(answer: Against) -> pd.DataFrame:
    totals = [one.total for one in (answer.own, *answer.taken)]
    known, missing = ([one.days_known for one in totals], [one.missing for one in totals])
    families = [answer.own.family, *_names(answer), headlines.together(answer).capitalize()]
    return pd.DataFrame(
        {
            "family": families,
            "side": ["the one", *("the others" for _ in totals)],
            "downloads": [*(one.downloads for one in totals), answer.together],
            "days_known": [*known, min(known[1:])],
            "days_missing": [*missing, max(missing[1:])],
            "basis_key": answer.basis,
        }
    )


@cache
def _columns() -> Mapping[str, Any]:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "family": text("Family"),
        "downloads": number("Downloads", format="localized"),
        "days_known": number("Days known"),
        "days_missing": number("Days missing"),
    }

"""Claims as cards, and one claim opened to all that its verdict rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.draw import claims as said
from core.draw import words
from core.draw.claims_chart import LEGEND, chart_data, claim_chart, description
from core.draw.claims_steps import steps as steps_of
from core.draw.theme import MUTED
from core.measure import claims_terms as terms
from core.measure.claims import VERDICTS
from core.ui.chart import arrow, show_chart
from core.ui.claims_data import figures, verdicts
from core.ui.claims_table import ways_columns, ways_table
from core.ui.controls import pick, pick_view
from core.ui.export import Facts
from core.ui.figure import figure
from core.ui.leaderboard import source_licences, source_names
from core.ui.levels import NEEDS, offer_level
from core.ui.link import link
from core.ui.page import DATA, today

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.measure.claims import Verdict
    from core.ui.address import Address
    from core.ui.site import Site

ARTICLE, EVERY, OWN = "The article", "All claims", "Your own claim"
VIEWS: Final = (ARTICLE, EVERY, OWN)
CLAIM: Final = "claim"
"""The claim in focus, in the address: a place one goes to, so that Back returns from it."""

_LAST: Final = "_claims_last_shown"

ALL: Final = "All"
_A_PAGE: Final = 10
_LONGEST: Final = 600
"""Characters of a text that a card shows; it may come from outside."""


def story(site: Site) -> tuple[Verdict, ...]:
    """The sentences of the article of 12 January 2026, in its order."""
    return site.once(_story, verdicts(site))


def _story(every: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    return tuple(one for one in every if one.claim.story)


def go_to(key: str) -> None:
    """Make the claim of that key the place in the address."""
    st.query_params[CLAIM] = key


def leave() -> None:
    """Go back to the cards."""
    st.query_params.pop(CLAIM, None)


def focus(address: Address, keys: Sequence[str], view: str) -> str:
    """Key of the claim that the address is about; empty where it is about none.

    With another view one does not stay at the claim of the last one.
    """
    if not st.query_params.get(CLAIM):
        st.session_state[_LAST] = (view, "")
        return ""
    key = address.choice(CLAIM, keys, keys[0], "claim")
    last_view, last_key = st.session_state.get(_LAST, (view, ""))
    if last_key == key and last_view != view:
        leave()
        key = ""
    st.session_state[_LAST] = (view, key)
    return key


def card(verdict: Verdict) -> None:
    """One claim: the verdict, the sentence, what it rests on, and the way to all of it."""
    claim = verdict.claim
    with st.container(border=True, gap="xsmall"):
        st.markdown(said.badge(verdict.outcome))
        st.text(words.quoted(f"“{claim.text}”", _LONGEST))
        st.text(words.quoted(said.sentence(verdict), _LONGEST))
        st.button(
            "Figures and method",
            key=f"open_{claim.key}",
            on_click=go_to,
            args=(claim.key,),
            icon=":material/arrow_forward:",
            help=words.quoted(_said_by(verdict), _LONGEST),
            type="tertiary",
        )


def filtered(address: Address, every: Sequence[Verdict]) -> list[Verdict]:
    """The claims that three boxes leave, by family, publisher and verdict."""
    families = sorted({one.claim.subject for one in every if one.claim.subject}, key=str.casefold)
    publishers = sorted({one.claim.publisher for one in every}, key=str.casefold)
    outcomes = [name for name in VERDICTS if any(one.outcome == name for one in every)]
    with st.container(horizontal=True):
        about = pick(address, "about", "About", [ALL, *families], noun="family with a claim")
        who = pick(address, "publisher", "Published by", [ALL, *publishers], noun="publisher")
        what = pick(address, "verdict", "Verdict", [ALL, *outcomes], noun="verdict")
    return [
        one
        for one in every
        if about in {ALL, one.claim.subject}
        and who in {ALL, one.claim.publisher}
        and what in {ALL, one.outcome}
    ]


def cards(address: Address, shown: Sequence[Verdict]) -> None:
    """The cards of ``shown``, ten at a time."""
    if not shown:
        st.markdown("No claim is left by these three choices.")
        return
    pages = [str(number + 1) for number in range(-(-len(shown) // _A_PAGE))]
    part = "1"
    if len(pages) > 1:
        part = pick_view(address, "part", "Page", pages, noun="page of claims", wrap=True)
    first = (int(part) - 1) * _A_PAGE
    for verdict in shown[first : first + _A_PAGE]:
        card(verdict)


def neighbours(every: Sequence[Verdict], key: str) -> None:
    """Ways back to the cards, to the claim before and to the one after."""
    keys = [one.claim.key for one in every]
    at = keys.index(key)
    with st.container(horizontal=True):
        st.button("Back to the claims", on_click=leave, icon=":material/close:")
        for step, label in ((-1, "Claim before"), (1, "Next claim")):
            if 0 <= at + step < len(keys):
                icon = ":material/arrow_back:" if step < 0 else ":material/arrow_forward:"
                st.button(label, on_click=go_to, args=(keys[at + step],), icon=icon)


def opened(site: Site, verdict: Verdict, state: Mapping[str, str | Sequence[str] | bool]) -> None:
    """One claim with chart, every way to count, sources, steps and a line to quote."""
    claim, once = verdict.claim, site.once
    with st.container(border=True):
        st.markdown(said.badge(verdict.outcome))
        st.text(words.quoted(f"“{claim.text}”", _LONGEST))
        st.text(words.quoted(said.sentence(verdict), _LONGEST))
        _publisher(verdict)
    if verdict.ways:
        data = once(chart_data, verdict, figures(site).milestones, _colour(site, claim.subject))
        rows = len(data["rows"])
        says = once(description, verdict)
        months, signed = claim.measure == terms.CROSSING, claim.measure == terms.PRICE

        def draw() -> None:
            if not rows:
                st.text("There is no figure to draw beside the claim.")
                return
            show_chart(
                claim_chart(rows, months=months, signed=signed),
                once(arrow, **data),
                description=says,
                key=f"claim_{claim.key}_{rows}",
            )
            st.caption(LEGEND)

        figure(
            "claim_tab",
            chart=draw,
            table=lambda: ways_table(verdict),
            columns=ways_columns(),
            description=says,
            facts=lambda: facts(site, verdict),
            file_name="groundswell-claim.csv",
        )
    steps = once(steps_of, verdict)
    if steps:
        st.markdown("#### How we checked")
        for number, step in enumerate(steps, start=1):
            st.text(words.quoted(f"{number}. {step}", _LONGEST))
    _needs(site, verdict)
    _artefacts(verdict)
    st.markdown("#### A line to quote")
    address = link(st.context.url or "", state)
    quote = said.citation(verdict, address, pd.Timestamp(today()))
    st.code(words.quoted(quote, 2 * _LONGEST), language=None, wrap_lines=True)


def facts(site: Site, verdict: Verdict) -> Facts:
    """What to know before quoting a verdict."""
    claim = verdict.claim
    told = [way for way in verdict.ways if way.figure.known]
    keys = pd.Series(sorted({key for way in told for key in way.figure.sources}), dtype="str")
    days = [day for way in told for day in (way.figure.first, way.figure.last) if day is not None]
    as_of = f"{words.iso(min(days))} to {words.iso(max(days))}" if days else "no data"
    return Facts(
        source=source_names(site, keys) if len(keys) else "none: no figure at hand is of this kind",
        as_of=as_of,
        basis=said.COUNTED[claim.measure],
        licence=source_licences(site, keys) if len(keys) else "none stated",
        cautions=[text for text in (claim.counts, claim.note) if text],
    )


def _publisher(verdict: Verdict) -> None:
    claim = verdict.claim
    st.text(words.quoted(f"Said by: {_said_by(verdict)}", _LONGEST))
    for title, text in (("What the publisher counted", claim.counts), ("Note", claim.note)):
        if text:
            st.text(words.quoted(f"{title}: {text}", _LONGEST))
    if claim.address:
        st.link_button("Open the source", claim.address, icon=":material/open_in_new:")
    elif claim.publisher:
        st.text("Its address is not among our sources.")


def _said_by(verdict: Verdict) -> str:
    claim = verdict.claim
    if not claim.publisher:
        return "you" if claim.key == "own" else "publisher not known"
    on = said.period(claim.published_on) if claim.published_on else "date not known"
    return claim.publisher if on in claim.publisher else f"{claim.publisher}, {on}"


def _needs(site: Site, verdict: Verdict) -> None:
    """What would settle a claim that nothing at hand settles."""
    if not verdict.needs or verdict.settled:
        return
    st.markdown("#### What would settle it")
    levels = [need for need in verdict.needs if need in NEEDS]
    for need in verdict.needs:
        if need not in NEEDS:
            st.text(f"{need}.")
    if levels:
        offer_level(site, levels[0])
    elif verdict.ways:
        st.page_link(DATA.script, label="Data & method", icon=":material/menu_book:")


def _artefacts(verdict: Verdict) -> None:
    rows = verdict.artefacts
    if rows.empty:
        return
    with st.expander(f"{words.plural(len(rows), 'known problem')} inside these dates"):
        for _, row in rows.iterrows():
            until = "" if pd.isna(row["end"]) else f" to {words.iso(row['end'])}"
            told = f"{words.iso(row['start'])}{until}: {row['what']} ({row['source']})"
            st.text(words.quoted(told, _LONGEST))


def _colour(site: Site, subject: str) -> str:
    for family in site.families:
        tickers = (family.ticker, *family.also_listed)
        if subject in (family.name, *tickers) or subject.partition("/")[0] in family.accounts:
            return family.colour
    return MUTED

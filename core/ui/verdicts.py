"""The answer to one question on every basis, in a small table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.draw import against_headlines as headlines
from core.draw import words
from core.errors import NothingToShow
from core.measure import against as measure
from core.ui import daily

if TYPE_CHECKING:
    from core.measure.against import Verdict
    from core.measure.ranges import Range
    from core.ui.site import Site


def verdicts(  # noqa: PLR0913, PLR0917 - what is asked; remembered for all readers
    site: Site,
    family: str,
    field: tuple[str, ...],
    number: int,
    span: Range,
    members: daily.Members,
) -> tuple[Verdict, ...]:
    """The answer on every basis."""
    histories = {key: daily.on_basis(site, key, span, members) for key in daily.bases(site)}
    return measure.verdicts(histories, family, field, number, span)


def verdict_table(site: Site, answers: tuple[Verdict, ...], family: str) -> None:
    """The verdict on every basis, those not loaded with what they need."""
    told = next((one.answer for one in answers if one.answer), None)
    if told is None:
        message = "On no basis that is loaded is there an answer for these dates and families."
        reasons = dict.fromkeys(one.reason for one in answers if one.reason)
        raise NothingToShow(message, advice=" ".join(reasons))
    st.markdown(f"**{headlines.question(told)}**\n\n{headlines.turns(answers, family)}")
    st.markdown(site.once(verdict_rows, answers, family))
    below = (headlines.others, headlines.no_answer, headlines.not_loaded)
    st.text("\n".join(sentence for each in below for sentence in site.once(each, answers)))


def verdict_rows(answers: tuple[Verdict, ...], family: str) -> str:
    """A table in Markdown with a row a basis; names and figures are the site's own.

    Its few rows need none of what a grid can do, and a grid is a browser's longest wait.
    """
    columns = ("What is counted", "Answer", family, "The others")
    rows = [_row(one) for one in answers]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (columns, _RULE, *rows))


_RULE: Final = (":--", ":--", "--:", "--:")


def _row(one: Verdict) -> tuple[str, ...]:
    said, basis = headlines.verdict(one), one.basis.name
    if one.answer is None:
        return basis, said, "", ""
    own, together = one.answer.own.total.downloads, one.answer.together
    return basis, f"**{said}**", words.short(own), words.short(together)

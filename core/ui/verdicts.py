"""The answer to one question on every basis, in a small table."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import streamlit as st

from core.draw import against_headlines as headlines
from core.errors import NothingToShow
from core.measure import against as measure
from core.ui import daily

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    st.dataframe(
        site.once(verdict_rows, answers),
        hide_index=True,
        column_config=_columns(family),
        alt=f"{headlines.question(told)} The answer on every basis",
    )
    for sentence in headlines.not_loaded(answers):
        st.text(sentence)


@cache
def _columns(family: str) -> Mapping[str, Any]:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "answer": text("Answer", width=115),
        "basis": text("What is counted", width=270),
        "own": number(family, format="compact"),
        "together": number("The others", format="compact"),
        "taken": text("Who they are"),
        "needs": text("Why not"),
    }


def verdict_rows(answers: tuple[Verdict, ...]) -> pa.Table:
    """A row a basis: the answer, its name, both figures, who was taken, what is missing."""
    return pa.table(
        {
            "answer": [headlines.verdict(one) for one in answers],
            "basis": [one.basis.name for one in answers],
            "own": pa.array([_or_nothing(one, own=True) for one in answers], pa.float64()),
            "together": pa.array([_or_nothing(one, own=False) for one in answers], pa.float64()),
            "taken": [_taken(one) for one in answers],
            "needs": [
                one.reason if one.loaded else f"needs {headlines.NEEDS[one.basis.level]}"
                for one in answers
            ],
        }
    )


def _or_nothing(one: Verdict, *, own: bool) -> float | None:
    if one.answer is None:
        return None
    return one.answer.own.total.downloads if own else one.answer.together


def _taken(one: Verdict) -> str:
    return ", ".join(member.family for member in one.answer.taken) if one.answer else ""

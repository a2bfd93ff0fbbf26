"""Controls whose values are the address: Streamlit's, seeded with checked values."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.draw import words
from core.ui.address import Address, full_date, quoted
from core.ui.arrival import forget_earlier_choice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_EARLIEST: Final = date(2000, 1, 1)
_LATEST: Final = date(2099, 12, 31)
"""What a calendar offers: wide enough that a range without data is answered in words."""


_NOTES = "_notes_on_the_address"


def read_address() -> Address:
    """The address as given, with what was noted before it was put right."""
    address = Address({key: st.query_params.get_all(key) for key in st.query_params})
    address.notes += st.session_state.pop(_NOTES, [])
    return address


def pick(address: Address, key: str, label: str, options: Sequence[str], *, noun: str) -> str:
    """A box with one of ``options``, each a ``noun``; the first is the default."""
    _seed(address, key, lambda: address.choice(key, options, options[0], noun), options[0])
    chosen = st.selectbox(label, options, key=key, bind="query-params")
    return chosen if chosen in options else options[0]


def pick_day(
    address: Address,
    key: str,
    label: str,
    days: Sequence[pd.Timestamp],
    *,
    newest_first: bool,
) -> pd.Timestamp:
    """A box with one of ``days`` (given oldest first); the first shown is the default."""
    shown = list(reversed(days)) if newest_first else list(days)
    by_name = {words.iso(day): day for day in shown}
    default = words.iso(shown[0])
    _seed(address, key, lambda: words.iso(address.day(key, days, shown[0])), default)
    chosen = st.selectbox(label, list(by_name), key=key, bind="query-params")
    return by_name.get(chosen, shown[0])


def pick_view(  # noqa: PLR0913 - four that every control has, a word and a look
    address: Address,
    key: str,
    label: str,
    options: Sequence[str],
    *,
    noun: str,
    otherwise: str = "",
    wrap: bool | None = None,
) -> str:
    """A row of buttons, each a ``noun``, one of which is always on; first the first.

    ``otherwise`` is the one that the address means where it gives none, if not
    the first. With ``wrap`` they become several rows where one is too narrow.
    """
    meant = otherwise or options[0]
    _seed(address, key, lambda: address.choice(key, options, meant, noun), options[0])
    chosen = st.segmented_control(
        label,
        options,
        selection_mode="single",
        key=key,
        bind="query-params",
        required=True,
        default=options[0],
        wrap=wrap,
    )
    return chosen if chosen is not None and chosen in options else options[0]


def pick_several(  # noqa: PLR0913 - four that every control has, and two words for readers
    address: Address,
    key: str,
    label: str,
    options: Sequence[str],
    *,
    noun: str,
    empty: str,
    default: Sequence[str] = (),
) -> list[str]:
    """A box with any number of ``options``, in their own order; each is a ``noun``.

    ``empty`` is what the box says while nothing is chosen, ``default`` what is
    chosen where the address says nothing that is known.
    """
    forget_earlier_choice(key)
    if key not in st.session_state:
        address.choices(key, options, noun)  # only for its notes: Streamlit drops the rest
    chosen = st.multiselect(
        label, options, default or None, key=key, bind="query-params", placeholder=empty
    )
    return [option for option in options if option in chosen]


def switch(address: Address, key: str, label: str, explained: str, *, on: bool = False) -> bool:
    """An on/off switch, ``on`` by default. Streamlit reads true and false, whatever the case."""
    forget_earlier_choice(key)
    if key not in st.session_state:  # only for the notes
        if on:
            address.choice(key, ("true", "false"), "true", "position of a switch")
        else:
            address.switch(key)
    return bool(st.toggle(label, value=on, key=key, bind="query-params", help=explained))


def pick_range(
    address: Address, key: str, label: str, default: tuple[date, date]
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """A calendar for a range of days, first and last in order.

    One date in the address is that day alone: so Streamlit writes a range of
    one day. While a reader has chosen only the first date of a new range, the
    old one stays.
    """
    forget_earlier_choice(key)
    kept = f"_{key}_kept"
    if key not in st.session_state:
        st.session_state.pop(kept, None)
        _say_range(address, st.query_params.get_all(key), default)
    chosen = st.date_input(
        label,
        value=default,
        min_value=_EARLIEST,
        max_value=_LATEST,
        key=key,
        bind="query-params",
        format="YYYY-MM-DD",
    )
    days: tuple[date, ...] = chosen if isinstance(chosen, tuple) else ()
    if len(days) < 2:  # noqa: PLR2004 - a range has two ends
        days = st.session_state.get(kept) or days or default
    st.session_state[kept] = days
    start, end = pd.Timestamp(min(days)), pd.Timestamp(max(days))
    if days[0] > days[-1]:
        address.notes.append(
            "The two dates were the wrong way round and have been swapped: "
            f"{words.day(start)} to {words.day(end)}."
        )
    return start, end


def _say_range(address: Address, given: Sequence[str], default: tuple[date, date]) -> None:
    """Say what of a range in the address is not two dates. Streamlit drops what is no date."""
    instead = f"{words.day(default[0])} to {words.day(default[1])} is shown."
    values = [value for value in given if value]
    for value in values:
        day = full_date(value)
        if day is None:
            address.notes.append(
                f"“{quoted(value)}” is not a date of the form 2026-01-12: {instead}"
            )
            return
        if not _EARLIEST <= day <= _LATEST:
            address.notes.append(
                f"{words.day(day)} is not between {words.day(_EARLIEST)} and "
                f"{words.day(_LATEST)}: {instead}"
            )
            return
    if len(values) == 1:
        address.notes.append("The link gives one date, not two: that day alone is shown.")
    if len(values) > 2:  # noqa: PLR2004 - a range has two ends
        address.notes.append(
            "The link gives more than two dates: the earliest and the latest count."
        )


def show_notes(address: Address) -> None:
    """Say what in the address could not be followed. The notes quote outside text."""
    if address.notes:
        with st.container(border=True):
            st.markdown(":material/info: **The link could not be followed in everything**")
            for note in address.notes:
                st.text(note)


def _seed(address: Address, key: str, checked: Callable[[], str], default: str) -> None:
    """Let the address say letter by letter what it means for a control new to this reader.

    Streamlit takes a value that is exactly right, and silently falls back to
    the default where it is not. A value that is meant though not written as it
    should be is written so, and the page starts again with it.
    """
    forget_earlier_choice(key)
    if key in st.session_state:
        return
    value = checked()
    if value == default or address.gives(key, value):
        return
    st.session_state[_NOTES] = address.notes
    st.query_params[key] = value
    st.rerun()

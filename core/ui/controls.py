"""Controls whose values are the address: Streamlit's, seeded with checked values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.draw import words
from core.ui.address import Address
from core.ui.arrival import forget_earlier_choice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd


def read_address() -> Address:
    """The address as given."""
    return Address({key: st.query_params.get_all(key) for key in st.query_params})


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


def pick_view(address: Address, key: str, label: str, options: Sequence[str], *, noun: str) -> str:
    """A row of buttons, each a ``noun``, one of which is always on; first the first."""
    _seed(address, key, lambda: address.choice(key, options, options[0], noun), options[0])
    chosen = st.segmented_control(
        label,
        options,
        selection_mode="single",
        key=key,
        bind="query-params",
        required=True,
        default=options[0],
    )
    return chosen if chosen is not None and chosen in options else options[0]


def pick_several(  # noqa: PLR0913 - four that every control has, and two words for readers
    address: Address, key: str, label: str, options: Sequence[str], *, noun: str, empty: str
) -> list[str]:
    """A box with any number of ``options``, in their own order; each is a ``noun``.

    ``empty`` is what the box says while nothing is chosen.
    """
    forget_earlier_choice(key)
    if key not in st.session_state:
        address.choices(key, options, noun)  # only for its notes: Streamlit drops the rest
    chosen = st.multiselect(label, options, key=key, bind="query-params", placeholder=empty)
    return [option for option in options if option in chosen]


def switch(address: Address, key: str, label: str, explained: str) -> bool:
    """An on/off switch, off by default. Streamlit reads true and false, whatever the case."""
    forget_earlier_choice(key)
    if key not in st.session_state:
        address.switch(key)  # only for its note
    return bool(st.toggle(label, key=key, bind="query-params", help=explained))


def show_notes(address: Address) -> None:
    """Say what in the address could not be followed. The notes quote outside text."""
    if address.notes:
        with st.container(border=True):
            st.markdown(":material/info: **The link could not be followed in everything**")
            for note in address.notes:
                st.text(note)


def _seed(address: Address, key: str, checked: Callable[[], str], default: str) -> None:
    """Give a control that is new to this reader what the address means.

    Streamlit itself takes a value that is exactly right, and silently falls
    back to the default where it is not. What is left to do is to say so, and
    to set a value that is meant though not written as it should be.
    """
    forget_earlier_choice(key)
    if key in st.session_state:
        return
    value = checked()
    if value != default and not address.gives(key, value):
        st.session_state[key] = value

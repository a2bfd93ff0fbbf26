"""One model's place in the tree, its page on the Hub, and asking the Hub about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import streamlit as st

from core.draw import words
from core.errors import NothingToShow, SettingError
from core.measure import place as measure
from core.measure.model_ids import checked, well_formed
from core.settings import HUB, Settings
from core.ui import refresh
from core.ui.forest import forest
from core.ui.page import today
from core.ui.tree import NODE
from core.ui.tree_words import RELATION_WORDS

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from core.measure.place import Place
    from core.ui.address import Address
    from core.ui.site import Site

MODEL: Final = "model"
"""A model in the address that hangs in no family's tree."""

_LONGEST: Final = 200
_MOST_BASES: Final = 5


def visit(site: Site, roots: pd.DataFrame, model: str) -> None:
    """Make ``model`` the place in the address, with the tree in which it hangs.

    ``roots`` are those of ``measure.tree.roots``. Called before the controls are made.
    """
    above = measure.root_above(forest(site), roots, model)
    if above is None:
        st.query_params.pop(NODE, None)
        st.query_params[MODEL] = model
        return
    st.query_params.pop(MODEL, None)
    st.session_state["tree"], st.session_state["root"] = above
    if model == above[1]:
        st.query_params.pop(NODE, None)
    else:
        st.query_params[NODE] = model


def outside_the_trees(site: Site, address: Address, roots: pd.DataFrame) -> None:
    """Show the model that the address names and that is in none of the families' trees."""
    model = st.query_params.get(MODEL, "")
    if not model:
        return
    if measure.root_above(forest(site), roots, model) is not None:
        visit(site, roots, forest(site).lineage.spelling(model))
        st.rerun()
    if not well_formed(model):
        quoted = words.quoted(model, 60)
        address.notes.append(f"“{quoted}” is no name of a model: it is left out.")
        return
    with st.container(border=True):
        st.text(model)
        show_place(site, model)
        st.text("It is in none of the families' trees, as far as is known.")
        st.button("Close", key="close_model", on_click=_close)


def show_place(site: Site, model: str, *more: str) -> None:
    """What is known of one model, its page on the Hub, and a button to ask for more.

    ``more`` lines stand below what is known.
    """
    found = site.once(measure.place, forest(site), model)
    st.text("\n".join([*lines(found, today()), *more]))
    if not well_formed(found.model_id):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.link_button(
            "Its page on the Hub",
            f"{HUB}/{quote(found.model_id)}",
            icon=":material/open_in_new:",
        )
        _ask_button(site, found.model_id)


def lines(found: Place, now: date) -> list[str]:
    """What is known of a model, a line each. They quote outside text."""
    return [
        _made(found),
        _built(found),
        _downloads(found),
        f"Licence: {words.quoted(found.licence, 60) if found.licence else _none_known(found)}. "
        + _age(found, now),
        _asked(found),
    ]


def ask(model: str) -> None:
    """Start a refresh that asks the Hub about ``model``. Raises ``NothingToShow``.

    ``model`` may come from anybody: what is no name is refused.
    """
    option = f"--ask={checked(model)}"
    refresh.keeper().start(refresh.longest(Settings.from_environment()), option)


def _ask_button(site: Site, model: str) -> None:
    try:
        settings = Settings.from_environment()
    except SettingError:  # the menu says which
        return
    if settings.offline:
        st.text("Offline: the Hub cannot be asked.")
        return
    if site.store.home is None:
        return
    keep = refresh.keeper()
    st.button(
        "Ask the Hub now",
        key="ask_the_hub",
        icon=":material/cloud_download:",
        disabled=keep.running,
        on_click=_asked_for,
        args=(model,),
        help="Reads from the Hub what is built directly on this model. How far it is, how many it "
        "found and what is missing stand in the menu; what is new is offered there.",
    )
    if keep.running:
        st.text("A refresh is at work; how far it is stands in the menu.")


def _asked_for(model: str) -> None:
    try:
        ask(model)
    except (NothingToShow, SettingError) as error:
        st.toast(error.sentence)
        return
    st.rerun()  # the whole page: how far it is stands in the menu


def _close() -> None:
    st.query_params.pop(MODEL, None)


def _made(found: Place) -> str:
    if found.parents:
        bases = [words.quoted(name, 100) for name in found.parents[:_MOST_BASES]]
        if len(found.parents) > _MOST_BASES:
            bases.append(words.plural(len(found.parents) - _MOST_BASES, "more model"))
        relation = str(found.relation)
        how = RELATION_WORDS.get(relation) or words.quoted(relation, 40)
        beside = words.plural(found.siblings, "other model") if found.siblings else "no other model"
        first = f" of {bases[0]}" if len(bases) > 1 else ""
        return (
            f"Built on {words.listing(bases)}: {how}. Beside it {beside} "
            f"{'declares' if found.siblings <= 1 else 'declare'} the same base{first}."
        )
    return "It declares no base that is known here: a root."


def _built(found: Place) -> str:
    if not found.children:
        return "Nothing is known to be built on it."
    return (
        f"Built on it: {words.plural(found.children, 'model')} directly, {found.below:,} in all. "
        "Declared by their authors, possibly stale."
    )


def _downloads(found: Place) -> str:
    if found.downloads is None or found.read_on is None:
        return "Downloads: not known."
    return (
        f"Downloads: {found.downloads:,} in the 30 days to {words.day(found.read_on)}, "
        "by the Hub's own counter."
    )


def _none_known(found: Place) -> str:
    return "none stated" if found.told else "not known"


def _age(found: Place, now: date) -> str:
    if found.created_on is None:
        return "When it was created is not known."
    return f"Created on {words.day(found.created_on)}, {words.age(found.created_on, now)}."


def _asked(found: Place) -> str:
    if found.asked_on is None:
        return "The Hub has not been asked yet what is built on it."
    end = "" if found.complete else "; its answer was not read to the end"
    return f"The Hub was asked what is built on it on {words.day(found.asked_on)}{end}."

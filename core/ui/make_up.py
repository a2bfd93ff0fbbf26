"""What a family's official models are, and how many downloads a day they have."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from core.draw import growth as draw_growth
from core.draw import make_up as draw
from core.draw import words
from core.errors import NothingToShow
from core.measure import growth as measure_growth
from core.measure import make_up as measure
from core.schemas import DAILY, HUB, MODELS
from core.ui import leaderboard as parts
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick_view, read_address, show_notes
from core.ui.export import Facts
from core.ui.figure import figure
from core.ui.link import say
from core.ui.page import say_faults, today
from core.ui.section import section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.elements.lib.column_types import ColumnConfig

    from core.measure.growth import FamilyGrowth
    from core.measure.make_up import MakeUp, NewPerMonth, Official, Trait
    from core.ui.site import Site

KEY: Final = "make_up"
TAB: Final = "make_up_tab"

NEW, PER_DAY = "New per month", "Downloads per day"
_TRAITS: Final[dict[str, Trait]] = {
    "Licence": "licence",
    "Format": "format",
    "Task": "task",
    "Software": "library",
}
VIEWS: Final = (*_TRAITS, NEW, PER_DAY)

_OFFICIAL: Final = "Official models of {}, each repository once"
_DECLARED: Final = "What their authors declare on the Hugging Face Hub; nobody has checked it."
_ONCE_LISTED: Final = (
    "Models that were listed once and have since been withdrawn or renamed are counted too."
)
_ALL_TIME: Final = "downloads_all_time"

_LISTS: Final = "llmfit"
"""Keys of the sources that tell what a model is: the Hub, and the lists that come embedded."""


@section
def make_up_figure(site: Site, family: str) -> None:
    """One view of what the family's models are."""
    address = read_address()
    view = pick_view(address, KEY, "Show of them", VIEWS, noun="view", wrap=True)
    say({KEY: view})
    show_notes(address)
    if view == PER_DAY:
        say_faults(site.faults(DAILY.name))
        _per_day(site, family)
        return
    say_faults(site.faults(MODELS.name))
    if view == NEW:
        _new(site, family)
    else:
        _trait(site, family, _TRAITS[view])


def _trait(site: Site, family: str, by: Trait) -> None:
    once = site.once
    found = once(_made_up, _official(site), family, by)
    if isinstance(found, NothingToShow):
        raise found.with_traceback(None)  # it would grow with every reader
    says = once(draw.make_up_sentence, found)
    st.text(says)  # it quotes outside text
    rows = once(draw.make_up_rows, found)
    figure(
        TAB,
        chart=lambda: show_chart(
            draw.make_up_bars(site.colour(family), draw.TITLES[by], len(rows)),
            once(arrow, rows=rows),
            description=says,
            key=f"make_up_{by}_{family}",
        ),
        table=lambda: found.rows.rename(columns={"value": by}),
        columns=_trait_columns(by),
        description=says,
        facts=partial(once, _trait_facts, site, found),
        file_name=f"groundswell-{by}-{family}-{words.iso(found.as_of)}.csv",
    )


def _official(site: Site) -> dict[str, Official]:
    return site.once(measure.by_family, site.makers(MODELS.name))


def _made_up(models: dict[str, Official], family: str, by: Trait) -> MakeUp | NothingToShow:
    """What there is to show or that there is nothing, to be remembered either way."""
    try:
        return measure.make_up(models, family, by)
    except NothingToShow as nothing:
        return nothing


def _new(site: Site, family: str) -> None:
    once = site.once
    found = once(measure.new_per_month, _official(site), family, today())
    says = once(draw.new_sentence, found)
    st.markdown(says)
    data = once(draw.month_data, found)
    figure(
        TAB,
        chart=lambda: show_chart(
            draw.month_bars(site.colour(family), unfinished="labels" in data),
            once(arrow, **data),
            description=says,
            key=f"make_up_new_{family}",
        ),
        table=lambda: found.rows,
        columns={
            "month": st.column_config.DateColumn("Month", format="MMMM YYYY"),
            "models": _number("New official models"),
            "complete": st.column_config.CheckboxColumn("Whole month"),
        },
        description=says,
        facts=partial(once, _new_facts, site, found),
        file_name=f"groundswell-new-models-{family}-{words.iso(found.as_of)}.csv",
    )


def _per_day(site: Site, family: str) -> None:
    once = site.once
    found = once(measure_growth.of_family, site.frame(DAILY.name), family)
    says = once(draw_growth.growth_sentence, found)
    st.markdown(says)
    for sentence in (
        once(draw_growth.falls_sentence, found),
        once(draw_growth.unfinished_sentence, found),
    ):
        if sentence:
            st.markdown(sentence)
    data = once(draw_growth.growth_data, found, site.colour(family))
    newest = found.rows["day"].iloc[-1]
    figure(
        TAB,
        chart=lambda: show_chart(
            draw_growth.growth_bars(fell="labels" in data),
            once(arrow, **data),
            description=says,
            key=f"make_up_daily_{family}",
        ),
        table=lambda: found.rows,
        columns={
            "day": st.column_config.DateColumn("Day", format="YYYY-MM-DD"),
            "downloads": _number("Downloads"),
            "complete": st.column_config.CheckboxColumn("Complete day"),
            "fell": st.column_config.CheckboxColumn("Counters fell"),
        },
        description=says,
        facts=partial(once, _per_day_facts, site, found),
        file_name=f"groundswell-daily-{family}-{words.iso(newest)}.csv",
    )


def _trait_columns(by: Trait) -> Mapping[str, Any]:
    return {
        by: st.column_config.TextColumn(draw.TITLES[by]),
        "models": _number("Official models"),
        "share": st.column_config.NumberColumn("Share of all official models", format="percent"),
    }


def _trait_facts(site: Site, found: MakeUp) -> Facts:
    """What to know before quoting how many models are of a kind."""
    keys = _keys(site, also_lists=found.by == "task")
    cautions = [
        _DECLARED,
        (
            f"It is known of {found.known:,} of {found.total:,} models. Shares are of all "
            f"{found.total:,}; the {found.unknown:,} of which it is not known are no kind of "
            "their own."
        ),
        "A model counts once, however often it is downloaded.",
        _ONCE_LISTED,
    ]
    if found.by == "format":
        cautions.append(
            "A repository with files of several formats counts as the most special of them."
        )
    return Facts(
        source=parts.source_names(site, keys),
        as_of=words.iso(found.as_of),
        basis=_OFFICIAL.format(found.family),
        licence=parts.source_licences(site, keys),
        cautions=cautions,
    )


def _new_facts(site: Site, found: NewPerMonth) -> Facts:
    """What to know before quoting how many models came in a month."""
    keys = _keys(site, also_lists=False)
    return Facts(
        source=parts.source_names(site, keys),
        as_of=words.iso(found.as_of),
        basis=_OFFICIAL.format(found.family) + ", by month of creation on the Hub",
        licence=parts.source_licences(site, keys),
        cautions=[
            "A repository can be created before or after its model is launched.",
            "Models that were taken off the Hub before the site first saw them are missing.",
            (
                f"Left out: {words.plural(found.older, 'model')} that the Hub dates 2 March 2022, "
                "which means that day or any before, and "
                f"{words.plural(found.unknown, 'model')} of unknown day."
            ),
            "A month that has not ended is drawn lighter: it can still grow.",
            _ONCE_LISTED,
        ],
    )


def _per_day_facts(site: Site, found: FamilyGrowth) -> Facts:
    """What to know before quoting the downloads of a day."""
    keys = pd.Series([found.source], dtype="str")
    first, last = found.rows["day"].iloc[0], found.rows["day"].iloc[-1]
    cautions = [
        (
            "The difference of two readings of the Hub's all-time counters, one at the start of "
            "the day and one at the start of the next. It counts requests for files, not people."
        ),
        (
            "A day is complete where the readings are 23 to 25 hours apart and no model is "
            "missing between them. Days without a reading on the next day are left out."
        ),
        (
            "Where the Hub lowers its counters a day can be below zero. It is kept as it was "
            "read, and so is the rise where they catch up."
        ),
        *parts.artefact_sentences(site, [_ALL_TIME], first, last),
    ]
    if found.other_sources:
        others = parts.source_names(site, pd.Series(found.other_sources, dtype="str"))
        cautions.append(f"Not mixed in, because they may count otherwise: {others}.")
    return Facts(
        source=parts.source_names(site, keys),
        as_of=f"{words.iso(first)} to {words.iso(last)}",
        basis=f"{_OFFICIAL.format(found.family)}; downloads per day, UTC",
        licence=parts.source_licences(site, keys),
        cautions=cautions,
    )


def _keys(site: Site, *, also_lists: bool) -> pd.Series:
    """Sources of what is told of models; the embedded lists tell little."""
    keys = [_LISTS] if also_lists else []
    if not (also_lists and site.embedded(MODELS.name)):
        keys.append(HUB)
    return pd.Series(keys, dtype="str")


def _number(title: str) -> ColumnConfig:
    return st.column_config.NumberColumn(title, format="localized")

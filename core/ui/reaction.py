"""The parts of the reaction page: which share and day, tables, facts, news."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, cast

import pandas as pd
import streamlit as st

from core.draw import reaction as draw
from core.draw import reaction_headlines as headlines
from core.draw import words
from core.errors import NothingToShow
from core.measure.reaction import of_a_day, series_of
from core.measure.sessions import next_session, of_news
from core.ui.address import full_date, quoted
from core.ui.chart import arrow, show_chart
from core.ui.controls import pick
from core.ui.event_table import COLUMN_ORDER, event_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.measure.events import InView
    from core.measure.reaction import Reaction
    from core.schemas import Family, WorkedExample
    from core.ui.address import Address
    from core.ui.once import Once

SHARE, DAY = "share", "day"
"""Places one goes to, so that Back returns from them."""

THE_DAY, NEXT_TOO, AROUND, OTHER = "That day", "Next day too", "Day before to day after", "Other"
WINDOWS: Final = {THE_DAY: (0, 0), NEXT_TOO: (0, 1), AROUND: (-1, 1), OTHER: (0, 5)}
FURTHEST_BEFORE, FURTHEST_AFTER = 10, 20
"""Sessions around the day that a window may reach."""

AROUND_SESSIONS: Final = 5
"""Sessions shown before the day and after it: more would be thin on a phone."""

_EARLIEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)
_LONGEST_TEXT: Final = 400
_MOST_NEWS: Final = 12


def companies(families: tuple[Family, ...]) -> dict[str, str]:
    """Names of all shares of makers.toml by ticker, as "Alibaba (BABA)"."""
    found: dict[str, str] = {}
    for family in families:
        for ticker in (family.ticker, *family.also_listed) if family.ticker else ():
            found.setdefault(ticker, f"{family.company} ({ticker})")
    return found


def company(families: tuple[Family, ...], ticker: str) -> str:
    """The company's own name; with the ticker where the share is a second listing."""
    for family in families:
        if family.ticker == ticker:
            return family.company
    return companies(families)[ticker]


def pick_share(address: Address, names: dict[str, str], default: str) -> str:
    """A box with the shares ``names``; its choice is a place in the address."""
    tickers = list(names)
    share = address.choice(SHARE, [default, *tickers], default, "share")
    key = f"{SHARE}_{share}"

    def chosen() -> None:
        # After Back a box that is gone may still tell what it showed: nothing was chosen.
        if (other := st.session_state[key]) != share:
            go_to(**{SHARE: other})

    st.selectbox(
        "Share",
        tickers,
        index=tickers.index(share),
        format_func=names.__getitem__,
        key=key,
        on_change=chosen,
        width=260,
    )
    return share


def asked_day(address: Address, default: date) -> date:
    """The day of the address; ``default`` where it gives none or none that can be."""
    given = [value.strip() for value in st.query_params.get_all(DAY) if value.strip()]
    if not given:
        return default
    if len(set(given)) > 1:
        address.notes.append(f"The address gives “{DAY}” more than once: the last counts.")
    found = full_date(given[-1])
    if found is None:
        address.notes.append(
            f"“{quoted(given[-1])}” is not a date of the form 2026-01-12: "
            f"{words.day(default)} is shown."
        )
        return default
    if not _EARLIEST <= found <= _LATEST:
        address.notes.append(
            f"{words.day(found)} is not between {words.day(_EARLIEST)} and "
            f"{words.day(_LATEST)}: {words.day(default)} is shown."
        )
        return default
    return found


def pick_day(asked: date, sessions: pd.DatetimeIndex) -> None:
    """A calendar and two buttons that go to other days."""
    key = f"{DAY}_{words.iso(asked)}"

    def chosen() -> None:
        # After Back a calendar that is gone may still tell what it showed, as above.
        if isinstance(day := st.session_state[key], date) and day != asked:
            go_to(day=words.iso(day))

    st.date_input(
        "Day",
        asked,
        min_value=_EARLIEST,
        max_value=_LATEST,
        key=key,
        format="YYYY-MM-DD",
        on_change=chosen,
        width=150,
    )
    moment = pd.Timestamp(asked)
    before, after = sessions[sessions < moment], sessions[sessions > moment]
    for label, icon, days in (
        ("Session before", ":material/chevron_left:", before[-1:]),
        ("Session after", ":material/chevron_right:", after[:1]),
    ):
        target = {DAY: words.iso(days[0])} if len(days) else {}
        st.button(
            label,
            icon=icon,
            key=label,
            disabled=not target,
            on_click=go_to,
            kwargs=target,
        )


def go_to(**place: str) -> None:
    """Make a share, a day or both the place in the address. Back returns from it."""
    st.query_params.update(place)


def session_of(levels: pd.DataFrame, ticker: str, asked: date) -> pd.Timestamp:
    """The session of ``asked``, or the next. Raises ``NothingToShow`` where none is near."""
    sessions = sessions_of(levels, ticker)
    if not len(sessions):
        message = f"The data hold no prices of {ticker}."
        raise NothingToShow(message, advice="Choose another share.")
    return next_session(sessions, pd.Timestamp(asked))


def sessions_of(levels: pd.DataFrame, ticker: str) -> pd.DatetimeIndex:
    """All sessions of a share in the data."""
    sessions = series_of(levels, ticker).index  # the very same, for what is remembered of it
    return cast("pd.DatetimeIndex", sessions)


def pick_window(address: Address, view: str) -> tuple[int, int]:
    """Sessions from the day that the window ``view`` covers; two boxes for any other."""
    if view != OTHER:
        return WINDOWS[view]
    first = _offset(address, "first", "First session (0 is that day)", 0)
    last = _offset(address, "last", "Last session (0 is that day)", 5)
    if first > last:
        address.notes.append("The window ended before it began: its two ends have been swapped.")
    return min(first, last), max(first, last)


def _offset(address: Address, key: str, label: str, usual: int) -> int:
    others = range(-FURTHEST_BEFORE, FURTHEST_AFTER + 1)
    options = [str(usual), *(str(at) for at in others if at != usual)]
    return int(pick(address, key, label, options, noun="session"))


def places_of_events(
    events: pd.DataFrame, levels: pd.DataFrame, families: tuple[Family, ...], share: str
) -> dict[str, dict[str, str]]:
    """Where each of ``events`` with a known day is to be seen, by its name.

    At the share of the family that it is about, else at ``share``; on the
    session that it belongs to, else on its date.
    """
    tickers = {family.name: family.ticker for family in families if family.ticker}
    known = of_a_day(events)
    about = [tickers.get(subject, share) for subject in known["subject"].tolist()]
    days = {
        one: of_news(sessions_of(levels, one), one, known).fillna(known["date"]).tolist()
        for one in dict.fromkeys(about)
    }
    newest_first = reversed(list(enumerate(known["name"].tolist())))
    return {
        name: {SHARE: about[at], DAY: words.iso(days[about[at]][at])} for at, name in newest_first
    }


def go_to_event(places: Mapping[str, Mapping[str, str]], here: str) -> None:
    """A box that finds an event as one types, and goes to its share and day."""
    key = f"event_{here}"

    def chosen() -> None:
        if place := places.get(st.session_state[key] or ""):
            go_to(**place)

    st.selectbox(
        "Go to an event",
        list(places),
        index=None,
        key=key,
        on_change=chosen,
        placeholder=f"Type to find one of {len(places):,} events with a known day",
    )


def event_list(events: pd.DataFrame, places: Mapping[str, Mapping[str, str]], here: str) -> None:
    """Every event with a known day; a click on a row goes to its share and day.

    The list is sent only to those who open it.
    """
    told = st.expander(
        f"All {words.plural(len(places), 'event')} with a known day as a list",
        key="all_events",
        on_change="rerun",
    )
    if not told.open:
        return
    rows = events[events["exact"]].iloc[::-1]
    key = f"events_{here}"

    def chosen() -> None:
        picked = st.session_state[key]["selection"]["rows"]
        if picked and picked[0] < len(rows):
            go_to(**places[str(rows["name"].iloc[picked[0]])])

    told.dataframe(
        rows,
        hide_index=True,
        key=key,
        on_select=chosen,
        selection_mode="single-row",
        column_order=COLUMN_ORDER,
        column_config=event_columns(),
        alt="Every event with a known day: choose a row to see the reaction",
    )


def show_news(news: InView, dates: tuple[pd.Timestamp, pd.Timestamp]) -> None:
    """What was reported for these sessions and by whom. All of it is outside text."""
    first, last = dates
    span = words.day(first) if first == last else f"{words.day(first)} to {words.day(last)}"
    if not len(news):
        st.markdown(f"This site lists no news for {span}.")
        return
    st.markdown(f"News of {span}, and who reported it:")
    fields = ("title", "kind", "subject", "source_name", "when", "source_url")
    columns = [news.column(field).tolist() for field in fields]
    for *told, when, address in list(zip(*columns, strict=True))[:_MOST_NEWS]:
        with st.container(border=True):
            title, kind, subject, source = (words.quoted(str(one), _LONGEST_TEXT) for one in told)
            st.text(f"{title}\n{when} · {kind} · about: {subject} · source: {source}")
            if pd.notna(address):
                st.link_button("Open the source", address, icon=":material/open_in_new:")
    if len(news) > _MOST_NEWS:
        st.markdown(f"{len(news) - _MOST_NEWS:,} more are in the list of all events below.")


def is_story(example: WorkedExample, found: Reaction) -> bool:
    """Whether the share and the day are those of the story the site starts from."""
    first, last = found.window_dates
    day = pd.Timestamp(example.at.date())
    return example.ticker == found.ticker and first <= day <= last


def colour(families: tuple[Family, ...], ticker: str) -> str:
    """The colour of the family behind a share."""
    return next(
        family.colour for family in families if ticker in {family.ticker, *family.also_listed}
    )


def ordinary_charts(once: Once, found: Reaction, here: str) -> None:
    """A chart a benchmark: how often which surprise came."""
    for role, one in found.studies.items():
        said = headlines.ordinary(one, role)
        st.markdown(said)
        show_chart(
            draw.ordinary_days(),
            once(arrow, **once(draw.ordinary_data, one)),
            description=said,
            key=f"ordinary_{role}_{here}_{found.window}",
        )

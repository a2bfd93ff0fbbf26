"""What the overview and the leaderboard page share: tables, columns, facts."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from core.draw import headlines, words
from core.errors import StoreError
from core.measure import artefacts as measure_artefacts
from core.ui.export import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.measure.leaderboard import Index, Leaderboard
    from core.ui.site import Site

_NUMBER: Final = "localized"
_PERCENT: Final = "percent"
_LONGEST_NAME: Final = 200
_LONGEST_SENTENCE: Final = 400
"""Characters of outside text in a sentence of ours."""

COUNTER: Final = (
    "downloads_30d is the Hub's own counter of the previous 30 days. It cannot be added "
    "over days, and it counts requests for files, not people."
)
LIST_GROWS: Final = (
    "The list behind the readings grows, so totals of two days are not compared: a change "
    "counts only models that are on both days' lists."
)


def board_table(board: Leaderboard) -> pd.DataFrame:
    """A leaderboard's rows as they are shown and exported; unranked ones last."""
    rows = board.rows
    since = words.iso(board.since) if board.since is not None else ""
    return pd.DataFrame(
        {
            "rank": rows["rank"],
            "family": rows["family"],
            "downloads_30d": rows["downloads"],
            "share": rows["share"],
            "models_listed": rows["models"],
            "models_counted": rows["counted"],
            "biggest_model": rows["biggest"],
            "biggest_model_share": rows["biggest_share"],
            "change": rows["change"],
            "models_compared": rows["on_both"],
            "compared_with": since,
        }
    )


def board_columns(board: Leaderboard) -> Mapping[str, Any]:
    """Titles and formats of ``board_table``; columns left out are only in the CSV."""
    return _board_columns(board.since)


@lru_cache(maxsize=64)
def _board_columns(since: pd.Timestamp | None) -> Mapping[str, Any]:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    columns: dict[str, Any] = {
        "rank": number("Rank", help="Empty: fewer than five models listed, so not ranked"),
        "family": text("Family"),
        "downloads_30d": number("Downloads in 30 days", format=_NUMBER),
        "share": number("Share of all counted", format=_PERCENT),
        "models_counted": number("Models counted", format=_NUMBER),
        "biggest_model": text("Most downloaded model"),
        "biggest_model_share": number("Its share of the family", format=_PERCENT),
    }
    if since is not None:
        columns["change"] = number(f"Change since {words.day(since)}", format=_PERCENT)
        columns["models_compared"] = number(
            "Models compared", format=_NUMBER, help="Models that are on both days' lists"
        )
    return columns


def board_facts(site: Site, board: Leaderboard) -> Facts:
    """What to know before quoting a leaderboard."""
    listed = site.lists
    rows = listed.on(board.day)
    keys = listed.sources_of(rows)
    cautions = [
        COUNTER,
        f"Shares are of the {words.count(board.total)} counted here, not of the whole Hub.",
        LIST_GROWS,
        *artefact_sentences(site, listed.models_of(rows), board.day, board.day),
    ]
    return Facts(
        source=source_names(site, keys),
        as_of=words.iso(board.day),
        basis=f"Downloads in the previous 30 days; {headlines.basis(board)}",
        licence=source_licences(site, keys),
        cautions=cautions,
    )


def one_model_call_out(site: Site, board: Leaderboard) -> None:
    """Call out the leader's most downloaded model where it is much of the family."""
    first = board.standings[0]
    if call_out := site.once(headlines.one_model, board, first.family):
        with st.container(border=True):
            st.markdown(f":material/warning: **{call_out}**")
            left_out = " It is left out here." if board.without_biggest else ""
            st.text(f"It is {words.quoted(first.biggest, _LONGEST_NAME)}.{left_out}")
            for sentence in artefact_sentences(site, [first.biggest], board.day, board.day):
                st.text(sentence)


def index_table(index: Index) -> pd.DataFrame:
    """The index over time, a row a family and day."""
    rows = index.rows
    return pd.DataFrame(
        {
            "day": rows["day"],
            "family": rows["family"],
            "index_100": rows["index_100"].round(2),
            "downloads_30d": rows["downloads"],
            "models_summed": rows["models"],
        }
    )


@cache
def index_columns() -> Mapping[str, Any]:
    """Titles and formats of ``index_table``."""
    number = st.column_config.NumberColumn
    return {
        "day": st.column_config.DateColumn("Day", format="YYYY-MM-DD"),
        "family": st.column_config.TextColumn("Family"),
        "index_100": number("First day = 100", format="%.1f"),
        "downloads_30d": number("Downloads in 30 days", format=_NUMBER),
        "models_summed": number("Models summed", format=_NUMBER),
    }


def index_facts(site: Site, board: Leaderboard, index: Index) -> Facts:
    """What to know before quoting the index."""
    start, end = index.days[0], index.days[-1]
    listed = site.lists
    keys = listed.sources_of(listed.between(start, end))
    return Facts(
        source=source_names(site, keys),
        as_of=f"{words.iso(start)} to {words.iso(end)}",
        basis=(
            f"Downloads in the previous 30 days, {words.iso(start)} = 100; "
            f"{headlines.basis(board)}, summed over the models listed on every day shown"
        ),
        licence=source_licences(site, keys),
        cautions=[
            COUNTER,
            "Each point looks back 30 days, so neighbouring points overlap.",
            *artefact_sentences(site, index.model_ids, start, end),
        ],
    )


def models_table(models: pd.DataFrame) -> pd.DataFrame:
    """A family's models as they are shown and exported."""
    return models.rename(columns={"downloads": "downloads_30d", "then": "downloads_30d_before"})


@lru_cache(maxsize=64)
def models_columns(since: pd.Timestamp | None) -> Mapping[str, Any]:
    """Titles and formats of ``models_table``."""
    number = st.column_config.NumberColumn
    columns: dict[str, Any] = {
        "model_id": st.column_config.TextColumn("Model"),
        "downloads_30d": number("Downloads in 30 days", format=_NUMBER),
        "share": number("Share of the family", format=_PERCENT),
    }
    if since is not None:
        columns["downloads_30d_before"] = number(f"On {words.day(since)}", format=_NUMBER)
        columns["change"] = number("Change", format=_PERCENT)
    return columns


def models_facts(site: Site, family: str, day: pd.Timestamp) -> Facts:
    """What to know before quoting a model's figure."""
    listed = site.lists
    rows = listed.of_family(listed.on(day), family)
    keys = listed.sources_of(rows)
    return Facts(
        source=source_names(site, keys),
        as_of=words.iso(day),
        basis=f"Downloads in the previous 30 days; listed official models of {family}",
        licence=source_licences(site, keys),
        cautions=[COUNTER, *artefact_sentences(site, listed.models_of(rows), day, day)],
    )


@cache
def published_columns() -> Mapping[str, Any]:
    """Titles and formats of a family's milestones."""
    text = st.column_config.TextColumn
    return {
        "as_of": text("As of"),
        "counts": text("What is counted"),
        "value_text": text("Figure"),
        "unit": text("Unit"),
        "subject": text("For"),
        "source_name": text("Published by"),
        "note": text("Good to know", width="large"),
        "source_url": st.column_config.LinkColumn("Address"),
    }


def published_facts(family: str, milestones: pd.DataFrame) -> Facts:
    """What to know before quoting a published figure."""
    newest = milestones["as_of"].iloc[0]
    return Facts(
        source="Named in every row, with its address",
        as_of=f"Named in every row; the newest is for {newest}",
        basis=f"Figures that others have published about {family}; each counts what its row says",
        licence="none stated; single facts, quoted with their source",
        cautions=[
            (
                "Publishers count different things: Hugging Face alone or all platforms, "
                "official models alone or copies too. Figures that contradict each other are "
                "all kept."
            ),
        ],
    )


def artefact_sentences(
    site: Site, model_ids: Iterable[str], start: pd.Timestamp, end: pd.Timestamp
) -> list[str]:
    """One sentence for each artefact of the 30-day counter or of these models."""
    try:
        # Those alone of which something is known decide, and are the same on most days.
        scopes = known_scopes(site, frozenset(model_ids) | {"downloads_30d"})
        return site.once(_artefact_sentences, site.artefacts, scopes, start, end)
    except StoreError as error:
        return [f"Known problems of the counters cannot be told now. {error.sentence}"]


def known_scopes(site: Site, scopes: frozenset[str]) -> frozenset[str]:
    """Those of ``scopes`` of which there is an artefact. Raises a ``StoreError``."""
    return site.once(_scopes, site.artefacts) & scopes


def _scopes(known: pd.DataFrame) -> frozenset[str]:
    return frozenset(known["scope"].tolist())


def _artefact_sentences(
    known: pd.DataFrame, scopes: frozenset[str], start: pd.Timestamp, end: pd.Timestamp
) -> list[str]:
    touching = measure_artefacts.touching(known, scopes, start, end)
    sentences = []
    for _, row in touching.iterrows():
        until = f"to {words.iso(row['end'])}" if pd.notna(row["end"]) else "on"
        sentences.append(
            f"{words.quoted(row['scope'], _LONGEST_NAME)}, {words.iso(row['start'])} {until}: "
            f"{words.quoted(row['what'], _LONGEST_SENTENCE)}. "
            f"Found by: {words.quoted(row['source'], _LONGEST_NAME)}."
        )
    return sentences


def source_names(site: Site, keys: Iterable[str]) -> str:
    """Names of the sources with these keys, which may come more than once."""
    return "; ".join(_source(site, key, "name") for key in sorted(set(keys)))


def source_licences(site: Site, keys: Iterable[str]) -> str:
    """Licences of the sources with these keys, which may come more than once."""
    return "; ".join(sorted({_source(site, key, "licence") for key in keys}))


def _source(site: Site, key: str, field: str) -> str:
    source = site.sources.get(key)
    return (
        str(getattr(source, field))
        if source
        else f"unknown source {words.quoted(key, _LONGEST_NAME)}"
    )

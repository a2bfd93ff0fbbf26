"""Models as the Hub told of them, as rows of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from core.schemas import (
    ARTEFACTS,
    COUNT,
    DAY,
    LINKS,
    LISTINGS,
    MODELS,
    MOMENT,
    READINGS,
    REAL,
    TEXT,
    TRUTH,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from core.fetch.hub import Listing
    from core.fetch.hub_rows import ModelRow
    from core.measure.families import FamilyRules
    from core.schemas import Table

_TYPES: Final = {
    COUNT: "Int64",
    DAY: "datetime64[ms]",
    MOMENT: "datetime64[ms, UTC]",
    REAL: "float64",
    TEXT: "str",
    TRUTH: "boolean",
}

_TOLD: Final = (
    "hub_id",
    "family",
    "maker",
    "created_on",
    "parameters",
    "task",
    "licence",
    "library",
    "gated",
    "format",
)
_SEEN_AGAIN_DAYS: Final = 7
"""A model whose facts have not changed is written again after so many days."""


def of_table(rows: Iterable[Mapping[str, object]], table: Table) -> pd.DataFrame:
    """``rows`` in the columns and types of ``table``; what is not named is unknown."""
    names = [column.name for column in table.columns]
    frame = pd.DataFrame.from_records(list(rows), columns=names)
    return frame.astype({column.name: _TYPES[column.type] for column in table.columns})


def models(
    told: Sequence[ModelRow],
    known: pd.DataFrame,
    rules: FamilyRules,
    makers: Mapping[str, str],
    now: datetime,
) -> pd.DataFrame:
    """Rows of MODELS for what is new, has changed, or was not seen for a week.

    ``known`` holds the rows of MODELS that the store has.
    """
    day = now.date()
    rows = []
    for row in told:
        family = rules.family_of(row.model_id)
        rows.append(
            {name: getattr(row, name, None) for name in _TOLD}
            | {
                "model_id": row.model_id,
                "family": family,
                "maker": makers.get(family or ""),
                "first_seen": day,
                "last_seen": day,
            }
        )
    frame = of_table(rows, MODELS).drop_duplicates("model_id", ignore_index=True)
    before = known.set_index("model_id").reindex(frame["model_id"])
    same = pd.Series(data=True, index=frame.index)
    for name in _TOLD:
        then, now_told = before[name].reset_index(drop=True), frame[name]
        same &= ((then == now_told) | now_told.isna()).fillna(value=False).astype("bool")
    lately = pd.Timestamp(day) - before["last_seen"] < pd.Timedelta(days=_SEEN_AGAIN_DAYS)
    return frame[~(same & lately.to_numpy())].reset_index(drop=True)


def readings(told: Sequence[ModelRow], source: str, now: datetime) -> pd.DataFrame:
    """Rows of READINGS, one a model, all of the moment ``now``."""
    frame = of_table(
        (
            {
                "model_id": row.model_id,
                "read_at": now,
                "downloads_30d": row.downloads_30d,
                "downloads_all_time": row.downloads_all_time,
                "likes": row.likes,
                "source": source,
            }
            for row in told
        ),
        READINGS,
    )
    return frame.drop_duplicates("model_id", ignore_index=True)


def links(
    told: Sequence[ModelRow],
    spelling: Mapping[str, str],
    known: pd.DataFrame,
    source: str,
    now: datetime,
) -> pd.DataFrame:
    """Rows of LINKS for models whose declared parents are new or have changed.

    ``spelling`` gives the name of today for a casefolded id, ``known`` holds
    the rows of LINKS that ``source`` has already.
    """
    rows = [
        {
            "child": row.model_id,
            "parent": spelling.get(parent.casefold(), parent),
            "relation": relation,
            "seen_on": now.date(),
            "source": source,
        }
        for row in told
        for parent, relation in row.parents
    ]
    frame = of_table(rows, LINKS).drop_duplicates(["child", "parent"], ignore_index=True)
    key = ["child", "parent", "relation"]
    old = frozenset(known[known["source"] == source][key].itertuples(index=False, name=None))
    new = pd.Series(
        [pair not in old for pair in frame[key].itertuples(index=False, name=None)], dtype="bool"
    )
    # All of a child's links are written together, so that its newest day holds them all.
    changed = frame["child"].isin(frame.loc[new, "child"])
    return frame[changed].reset_index(drop=True)


def listings(answers: Sequence[tuple[str, Listing]], source: str, now: datetime) -> pd.DataFrame:
    """Rows of LISTINGS, one a question."""
    return of_table(
        (
            {
                "parent": parent,
                "asked_at": now,
                "children": len(listing.rows),
                "complete": listing.complete,
                "source": source,
            }
            for parent, listing in answers
        ),
        LISTINGS,
    )


def renames(told: Sequence[ModelRow], known: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """Rows of ARTEFACTS for models that were known by another name."""
    with_id = known[known["hub_id"].notna()].sort_values("last_seen", kind="stable")
    before = dict(zip(with_id["hub_id"], with_id["model_id"], strict=True))
    rows = []
    for row in told:
        old = before.get(row.hub_id or "", row.model_id)
        if old.casefold() != row.model_id.casefold():
            what = f"Renamed: it was {old} before. Its counters went with it"
            rows.append(artefact(now, "rename", row.model_id, what))
    return of_table(rows, ARTEFACTS)


def artefact(now: datetime | pd.Timestamp, kind: str, scope: str, what: str) -> dict[str, object]:
    """One row of ARTEFACTS for one day."""
    day = now.date()
    return {
        "start": day,
        "end": day,
        "kind": kind,
        "scope": scope,
        "what": what,
        "source": "this site's own readings",
    }

"""Artefacts that a roll-up finds, and that nobody has told of yet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from core.measure.rollup_artefacts import FOUND_BY, LOOK_BACK_DAYS, frozen, moves, still
from core.measure.rollup_questions import last_month
from core.schemas import MODEL_DAILY
from core.store.join import joined

if TYPE_CHECKING:
    from core.measure.membership import Membership
    from core.measure.rollup_engine import Engine
    from core.refreshing.daily_run import Result, Run


def found_artefacts(  # noqa: PLR0913, PLR0917 - each is a thing of its own
    engine: Engine,
    run: Run,
    members: Membership,
    result: Result,
    own: pd.DataFrame,
    known: pd.DataFrame,
) -> pd.DataFrame:
    """Rows of ARTEFACTS that the new rows of ``result`` show.

    ``own`` are the store's rows of MODEL_DAILY, ``known`` all rows of ARTEFACTS.
    """
    models = joined([own[own["source"] == run.source], result.models], MODEL_DAILY)
    if models.empty:
        return known.iloc[:0]
    new = result.models["day"]
    # A run of such days may have begun before the first new one.
    since = date.min if result.whole or new.empty else new.min().date() - timedelta(days=7)
    recent = models
    if since > date.min:
        start = pd.Timestamp(since) - pd.Timedelta(days=LOOK_BACK_DAYS)
        recent = models[models["day"] >= start]
    first = max(since, models["day"].min().date())
    found = [moves(recent, first, known), _frozen(engine, run, members, models, result, known)]
    rows = pd.concat(found, ignore_index=True)
    return rows[~_told(rows, known)].reset_index(drop=True)


def _frozen(  # noqa: PLR0913, PLR0917 - each is a thing of its own
    engine: Engine,
    run: Run,
    members: Membership,
    models: pd.DataFrame,
    result: Result,
    known: pd.DataFrame,
) -> pd.DataFrame:
    """Counters that are stuck; of a roll-up that only went on, those that are now."""
    candidates = still(models)
    since = date(1970, 1, 1)
    if not result.whole:
        candidates = candidates[candidates["end"].isna()]
        since = result.state.day - timedelta(days=1)
    if candidates.empty:
        return known.iloc[:0]
    names = pd.Series(members.names[members.ids["model"]], index=members.ids["id"], name="model_id")
    wanted = names[names.isin(candidates["model_id"])]
    read = last_month(engine, run.paths(since), wanted.index.tolist(), since)
    read["model_id"] = read["id"].map(wanted).astype("str")
    return frozen(candidates, read)


def _told(rows: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Which of ``rows`` the store has as they are."""
    own = known[known["source"] == FOUND_BY]
    there = {
        (start, kind, scope, end if pd.notna(end) else None)
        for start, kind, scope, end in zip(
            own["start"], own["kind"], own["scope"], own["end"], strict=True
        )
    }
    return pd.Series(
        [
            (start, kind, scope, end if pd.notna(end) else None) in there
            for start, kind, scope, end in zip(
                rows["start"], rows["kind"], rows["scope"], rows["end"], strict=True
            )
        ],
        index=rows.index,
        dtype="bool",
    )

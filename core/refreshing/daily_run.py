"""One roll-up of one source: from where it stood, or from the first file on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from core.measure.membership import families_in
from core.measure.rollup import State, roll_up
from core.measure.rollup_families import family_days, model_days, no_recent
from core.measure.rollup_questions import checksum, with_readings
from core.store.rolled import Rolled, fingerprints, mark

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from core.measure.membership import Membership
    from core.measure.rollup_engine import Engine


@dataclass(frozen=True)
class Run:
    """What is rolled up: the files of ``source``, oldest month first, for some bases."""

    source: str
    name: str
    bases: tuple[str, ...]
    files: tuple[Path, ...]

    def paths(self, since: date | None = None) -> list[str]:
        """The files from the month of ``since`` on; all without it."""
        return [str(path) for path in self.files if since is None or path.stem >= f"{since:%Y-%m}"]


@dataclass(frozen=True)
class Result:
    """Rows for the store, the state to keep, and whether all files were read."""

    daily: pd.DataFrame
    models: pd.DataFrame
    state: Rolled
    whole: bool


def to_look_at(run: Run, before: Rolled | None, accounts: Sequence[str]) -> list[str]:
    """The files that may hold names that ``before`` does not know."""
    if before is None or before.accounts != tuple(accounts):
        return run.paths()
    now = fingerprints(run.files)
    return [str(path) for path in run.files if before.files.get(key := mark(path)) != now.get(key)]


def rolled(  # noqa: PLR0913, PLR0917 - each is a thing of its own
    engine: Engine,
    run: Run,
    members: Membership,
    own: pd.DataFrame,
    before: Rolled | None,
    today: date,
    accounts: Sequence[str] = (),
) -> Result | None:
    """Roll up what is new of ``run``; None where nothing is.

    ``own`` are the store's rows of DAILY, ``before`` is where an earlier roll-up
    stood. Everything is rolled up again where
    a file of a month that was done has changed, or where the store lacks what
    an earlier roll-up made; the families of a model with earlier readings
    whose name or membership has changed are, and no others. ``accounts`` are those
    in which official models were looked for.
    """
    now = fingerprints(run.files)
    told = _told(members)
    if before is not None and not _still_holds(engine, run, before, own, now):
        before = None
    if before is None:
        return _result(
            engine,
            run,
            today,
            now,
            told,
            [_part(engine, run, members, today)],
            accounts,
            whole=True,
        )
    changed = _changed(before.members, told)
    if before.files == now and not len(changed) and before.rolled_on == today:
        return None
    known = with_readings(engine, run.paths(), changed["id"].tolist(), before.day)
    touched = changed[changed["id"].isin(known)]
    affected = families_in([*touched["signature"].dropna(), *touched["signature_before"].dropna()])
    every = frozenset(members.shares["family"])
    parts = [_part(engine, run, members.of_families(every - affected), today, before)]
    if affected & every:
        parts.append(_part(engine, run, members.of_families(affected), today))
    return _result(engine, run, today, now, told, parts, accounts, whole=False)


@dataclass(frozen=True)
class _Part:
    """The roll-up of some families."""

    daily: pd.DataFrame
    models: pd.DataFrame
    recent: pd.DataFrame
    state: State


def _part(
    engine: Engine, run: Run, members: Membership, today: date, before: Rolled | None = None
) -> _Part:
    """Roll up the families of ``members``, from ``before`` on or from the first file on."""
    earlier = State(before.day, before.counters) if before else None
    recent = no_recent()
    if before is not None:
        recent = before.recent[before.recent["family"].isin(members.shares["family"])]
    paths = run.paths(before.day if before else None)
    sums = roll_up(engine, paths, members, today, earlier)
    days = family_days(sums, members, run.source, today, earlier, recent=recent)
    families = frozenset(members.shares["family"])
    models = model_days(sums, members, run.source, today)
    models = models[models["family"].isin(families)].reset_index(drop=True)
    return _Part(days.daily, models, days.recent, sums.state)


def _result(  # noqa: PLR0913, PLR0917 - each is a thing of its own
    engine: Engine,
    run: Run,
    today: date,
    now: dict[str, tuple[int, int]],
    told: pd.DataFrame,
    parts: list[_Part],
    accounts: Sequence[str],
    *,
    whole: bool,
) -> Result:
    day = max(part.state.day for part in parts)
    counters = pd.concat([part.state.counters for part in parts], ignore_index=True)
    newest = [path for path in run.files if path.stem == f"{day:%Y-%m}"]
    state = Rolled(
        day=day,
        rolled_on=today,
        files=now,
        checksum=checksum(engine, str(newest[0]), day) if newest else (0, 0),
        counters=counters.drop_duplicates("model_id", ignore_index=True),
        recent=pd.concat([part.recent for part in parts], ignore_index=True),
        members=told,
        accounts=tuple(accounts),
    )
    return Result(
        daily=pd.concat([part.daily for part in parts], ignore_index=True),
        models=pd.concat([part.models for part in parts], ignore_index=True),
        state=state,
        whole=whole,
    )


def _still_holds(
    engine: Engine,
    run: Run,
    before: Rolled,
    own: pd.DataFrame,
    now: dict[str, tuple[int, int]],
) -> bool:
    """Whether one can go on from ``before``: the past is as it was, and its rows are stored."""
    month = f"{before.day:%Y-%m}"
    for path in run.files:
        name = mark(path)
        if path.stem < month and before.files.get(name) != now.get(name):
            return False
        if (
            path.stem == month
            and before.files.get(name) != now.get(name)
            and checksum(engine, str(path), before.day) != before.checksum
        ):
            return False
    if any(name not in now for name in before.files):
        return False
    stored = own[(own["source"] == run.source) & own["basis"].isin(run.bases)]
    last = pd.Timestamp(before.day) - pd.Timedelta(days=1)
    return bool(len(stored)) and bool(stored["day"].max() >= last)


def _told(members: Membership) -> pd.DataFrame:
    """Each id with today's name of its model and its signature."""
    ids = members.ids
    return pd.DataFrame(
        {
            "id": ids["id"],
            "model_id": pd.Series(members.names[ids["model"]], dtype="str"),
            "signature": ids["signature"],
        }
    )


def _changed(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Ids that came, went, or have another name or signature: both signatures, null for none."""
    both = before.merge(now, on="id", how="outer", suffixes=("_before", ""))
    same = (both["model_id_before"] == both["model_id"]) & (
        both["signature_before"] == both["signature"]
    )
    changed: pd.DataFrame = both.loc[~same.fillna(value=False).astype("bool")]
    return changed.reset_index(drop=True)

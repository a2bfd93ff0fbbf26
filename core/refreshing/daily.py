"""The counter files of the public histories become rows of DAILY, MODEL_DAILY and ARTEFACTS.

Each source by itself, at the highest level that is there of each month. The
bases with derivatives need months of the level everything; where only accounts
were fetched, families that own their accounts have the basis official and
nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.draw import words
from core.errors import GroundswellError, TableUnreadable
from core.measure.bases import (
    ACCOUNTS_LEVEL,
    DERIVATIVES,
    EVERYTHING_LEVEL,
    LANGUAGE,
    NAMED,
    OFFICIAL,
    OFFICIAL_LEVEL,
    SHARED,
)
from core.measure.families import FamilyRules
from core.measure.membership import MOVED_ACCOUNTS, Membership, of_accounts, of_models
from core.measure.names import current_links, current_names
from core.measure.rollup_engine import opened
from core.measure.rollup_questions import official_names
from core.refreshing.daily_artefacts import found_artefacts
from core.refreshing.daily_run import Run, rolled, to_look_at
from core.schemas import ARTEFACTS, DAILY, LINKS, MODEL_DAILY, MODELS
from core.store.counters import FOLDER, Counters
from core.store.rolled import RolledUp, check

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from core.measure.rollup_engine import Engine
    from core.refreshing.source import Deliver
    from core.schemas import Family
    from core.settings import Settings
    from core.store.rolled import Rolled
    from core.store.store import Store

_OFFICIAL_BASES: Final = (OFFICIAL, LANGUAGE, NAMED)
_DERIVED_BASES: Final = (DERIVATIVES, SHARED)
_Plan = tuple[str, tuple[str, ...], list["Path"]]
_FACTS: Final = ["model_id", "created_on", "task", "format"]


def write_daily(
    store: Store,
    settings: Settings,
    families: Sequence[Family],
    now: datetime,
    deliver: Deliver,
) -> str:
    """Roll up what the counter files hold and ``deliver`` the rows that are new.

    A sentence that says how many those were, "" where nothing was new.

    What was rolled up before is not read again, unless a file of a month that
    was done has changed, or the families of a model have. A source with a file
    that cannot be read is left as it was; the others are rolled up, then its
    error is raised: a ``StoreError``, or a ``SettingError`` of the engine.
    """
    counters = Counters(settings.home)
    sources = _sources(settings.home / FOLDER)
    if not sources:
        return ""
    done = RolledUp(settings.home)
    fault: GroundswellError | None = None
    total, last = 0, pd.Timestamp.min
    with opened(settings.engine, done.scratch()) as engine:
        for source in sources:
            try:
                rows, newest = _Source(store, counters, done, families, now, source).write(
                    engine, deliver
                )
            except GroundswellError as error:
                fault = fault or error
                continue
            total, last = total + rows, max(last, newest)
    done.scratch()
    if fault is not None:
        raise fault
    return f"{total:,} daily figures added up, to {words.day(last)}." if total else ""


class _Source:
    """The counter files of one source."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is a thing of its own
        self,
        store: Store,
        counters: Counters,
        done: RolledUp,
        families: Sequence[Family],
        now: datetime,
        source: str,
    ) -> None:
        self._store = store
        self._counters = counters
        self._done = done
        self._families = families
        self._rules = FamilyRules(families)
        accounts = {name.lower() for family in families for name in family.accounts}
        self._accounts = tuple(sorted(accounts.union(MOVED_ACCOUNTS)))
        self._today = now.date()
        self._source = source

    def write(self, engine: Engine, deliver: Deliver) -> tuple[int, pd.Timestamp]:
        """Deliver what is new; how many daily rows, and the newest day among them."""
        plans = self._plans()
        for _, _, paths in plans:
            check(paths)
        total, newest = 0, pd.Timestamp.min
        for name, bases, paths in plans:
            run = Run(self._source, name, bases, tuple(paths))
            before = self._done.load(self._source, name)
            accounts_only = name == ACCOUNTS_LEVEL
            members = (
                of_accounts(self._families) if accounts_only else self._members(engine, run, before)
            ).of_bases(bases)
            own = self._store.own(DAILY)
            result = rolled(engine, run, members, own, before, self._today, self._accounts)
            if result is None:
                continue
            tables = {DAILY.name: result.daily, MODEL_DAILY.name: result.models}
            if OFFICIAL in bases and not accounts_only:
                tables[ARTEFACTS.name] = found_artefacts(
                    engine,
                    run,
                    members,
                    result,
                    self._store.own(MODEL_DAILY),
                    self._store.load(ARTEFACTS).frame,
                )
            deliver(tables)
            self._done.save(self._source, name, result.state)
            total += len(result.daily)
            newest = max([newest, *result.daily["day"].nlargest(1)])
        return total, newest

    def _plans(self) -> list[_Plan]:
        """What is rolled up: a name, its bases, and its files."""
        every = self._counters.paths(self._source, EVERYTHING_LEVEL)
        best = self._counters.paths(self._source, EVERYTHING_LEVEL, OFFICIAL_LEVEL)
        if every and every == best:
            return [(EVERYTHING_LEVEL, (*_OFFICIAL_BASES, *_DERIVED_BASES), every)]
        plans: list[_Plan] = []
        if best:
            plans.append((OFFICIAL_LEVEL, _OFFICIAL_BASES, best))
        else:
            accounts = self._counters.paths(self._source, ACCOUNTS_LEVEL)
            plans.append((ACCOUNTS_LEVEL, (OFFICIAL,), accounts))
        if every:
            plans.append(("derivatives", _DERIVED_BASES, every))
        return [plan for plan in plans if plan[2]]

    def _members(self, engine: Engine, run: Run, before: Rolled | None) -> Membership:
        models = self._store.load(MODELS).frame
        listed = self._listed()
        names = _renamed(self._renames(), current_names(models))
        ids = official_names(engine, to_look_at(run, before, self._accounts), self._accounts)
        if before is not None:
            ids = [*before.members["id"], *ids]
        newest_first = models.sort_values("last_seen", ascending=False, kind="stable")
        facts = pd.concat([newest_first[_FACTS], listed[_FACTS]], ignore_index=True)
        links = current_links(self._store.load(LINKS).frame, current_names(models))
        declared = listed.explode("base_ids").dropna(subset="base_ids")
        declared = declared.rename(
            columns={"model_id": "child", "base_ids": "parent", "base_relation": "relation"}
        )
        told = ["child", "parent", "relation"]
        return of_models(
            ids,
            facts,
            pd.concat([links[told], declared[told]], ignore_index=True).dropna(
                subset=["child", "parent"]
            ),
            names,
            self._rules,
        )

    def _listed(self) -> pd.DataFrame:
        """What the source knows of each repository; nothing where it does not say."""
        rows = self._read(
            self._counters.models(self._source),
            ["id", "created_at", "pipeline_tag", "is_gguf", "base_relation", "base_ids"],
        )
        if rows is None:
            kinds = {"created_on": "datetime64[ms]", "base_ids": "object"}
            names = [*_FACTS, "base_ids", "base_relation"]
            return pd.DataFrame({n: pd.Series(dtype=kinds.get(n, "str")) for n in names})
        frame = rows.to_pandas()
        created = frame["created_at"].dt.tz_localize(None).dt.floor("D").astype("datetime64[ms]")
        gguf = frame["is_gguf"].fillna(value=False).astype("bool")
        return pd.DataFrame(
            {
                "model_id": frame["id"].astype("str"),
                "created_on": created,
                "task": frame["pipeline_tag"].astype("str"),
                "format": pd.Series("gguf", index=frame.index, dtype="str").where(gguf),
                "base_ids": frame["base_ids"],
                "base_relation": frame["base_relation"].astype("str"),
            }
        )

    def _renames(self) -> dict[str, str]:
        rows = self._read(self._counters.renames(self._source), ["old", "new"])
        if rows is None:
            return {}
        old, new = (map(str, rows[name].to_pylist()) for name in ("old", "new"))
        return dict(zip(old, new, strict=True))

    @staticmethod
    def _read(path: Path, columns: list[str]) -> pa.Table | None:
        """The columns of a small file beside the counters; None where there is none."""
        try:
            return pq.read_table(path, columns=columns)
        except FileNotFoundError:
            return None
        except (OSError, pa.ArrowException) as error:
            sentence = f"{path.name} of the daily history cannot be read: it is cut short."
            raise TableUnreadable(
                FOLDER, sentence, advice="Remove it, then refresh again."
            ) from error


def _sources(folder: Path) -> list[str]:
    """Keys of the sources that have counter files, in alphabetical order."""
    try:
        return sorted(path.name for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []


def _renamed(told: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """For a name the one that followed; what the Hub itself told this site wins."""
    today = {name.casefold() for name in known.values()}
    return {old: new for old, new in told.items() if old.casefold() not in today} | dict(known)

"""Rows of the tables and of counter files that a made-up Hub gives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from bench import hub_world
from core import schemas
from core.counter_schemas import COUNTERS, MODELS
from core.refreshing.rows import of_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bench.hub_links import Numbers
    from bench.hub_world import World
    from core.schemas import Family

_EPOCH: Final = date(1970, 1, 1)
_QUANTIZED: Final = hub_world.RELATIONS.index("quantized")


class Rows:
    """What is told of the models of ``world``, whose history begins on ``first``."""

    def __init__(
        self, world: World, families: Sequence[Family], first: date, chance: np.random.Generator
    ) -> None:
        """Draw by ``chance`` what the world does not say of a model."""
        self._world = world
        self._families = families
        self._first = first
        self._last = first + timedelta(hub_world.DAYS - 1)
        self._licence = chance.integers(0, len(hub_world.LICENCES), world.count)
        self._library = chance.integers(0, len(hub_world.LIBRARIES), world.count)

    def models(self, models: Numbers, seen_first: date, seen: date) -> pd.DataFrame:
        """Rows of MODELS, first seen and last seen on these days."""
        world, count = self._world, len(models)
        family = world.family[models]
        created = np.datetime64(self._last) - world.created[models].astype("timedelta64[D]")
        shape = np.where(world.relation[models] == _QUANTIZED, 1, models % 5)
        return pd.DataFrame(
            {
                "model_id": self._names(models),
                "hub_id": pd.Series([f"{number:024x}" for number in models.tolist()], dtype="str"),
                "family": _chosen([*(each.name for each in self._families), None], family),
                "maker": _chosen([*(each.maker for each in self._families), None], family),
                "created_on": pd.Series(created.astype("datetime64[ms]")),
                "released_on": pd.Series(pd.NaT, index=range(count)).astype("datetime64[ms]"),
                "parameters": pd.array(10 ** (8 + models % 4), dtype="Int64"),
                "task": _chosen(hub_world.TASKS, (models % 7) // 3),
                "licence": _chosen(hub_world.LICENCES, self._licence[models]),
                "library": _chosen(hub_world.LIBRARIES, self._library[models]),
                "gated": pd.array(models % 11 == 0, dtype="boolean"),
                "format": _chosen(hub_world.FORMATS, shape),
                "first_seen": _same_day(seen_first, count),
                "last_seen": _same_day(seen, count),
            }
        )

    def readings(self, models: Numbers, now: datetime) -> pd.DataFrame:
        """Rows of READINGS, all of the moment ``now``."""
        world = self._world
        at = (now - datetime.combine(self._first, datetime.min.time(), UTC)) / timedelta(days=1)
        total = world.total(models, at)
        month = total - world.total(models, max(0.0, at - 30))
        return pd.DataFrame(
            {
                "model_id": self._names(models),
                "read_at": _same_moment(now, len(models)),
                "downloads_30d": pd.array(month, dtype="Int64"),
                "downloads_all_time": pd.array(total, dtype="Int64"),
                "likes": pd.array(np.sqrt(total).astype(np.int64), dtype="Int64"),
                "source": _same(schemas.HUB, len(models)),
            }
        )

    def links(self, models: Numbers, day: date) -> pd.DataFrame:
        """Rows of LINKS: what ``models`` are built on. The Hub tells no self-links."""
        world = self._world
        wanted = np.zeros(world.count, dtype=np.bool_)
        wanted[models] = True
        told = wanted[world.child] & (world.child != world.parent)
        child, parent = world.child[told], world.parent[told]
        rows = pd.DataFrame(
            {
                "child": self._names(child),
                "parent": self._names(parent),
                "relation": _chosen(hub_world.RELATIONS, world.relation[child]),
                "seen_on": _same_day(day, len(child)),
                "source": _same(schemas.HUB, len(child)),
            }
        )
        return rows.drop_duplicates(["child", "parent"], ignore_index=True)

    def listings(self, models: Numbers, now: datetime) -> pd.DataFrame:
        """Rows of LISTINGS: ``models`` were asked about at the moment ``now``."""
        return pd.DataFrame(
            {
                "parent": self._names(models),
                "asked_at": _same_moment(now, len(models)),
                "children": self._world.children[models],
                "complete": np.ones(len(models), dtype=np.bool_),
                "source": _same(schemas.HUB, len(models)),
            }
        )

    def in_order(self, models: Numbers) -> Numbers:
        """``models`` in the order of their ids, as counter files have them."""
        order: Numbers = np.argsort(self._names(models).to_numpy(), kind="stable")
        return models[order]

    def counters(self, models: Numbers, day: date, after: date) -> pa.Table:
        """Counter rows of ``models`` from ``day`` on until the day before ``after``."""
        start, length = (day - self._first).days, (after - day).days
        totals = self._world.totals(models, start, start + length - 1)
        labels = np.repeat(np.arange(len(models), dtype=np.int32), length)
        numbers = np.arange(length, dtype=np.int32) + (day - _EPOCH).days
        month = np.repeat((self._world.rate[models] * 30).astype(np.int64), length)
        ids = _taken(self._world.names, models).cast(pa.string())
        return pa.table(
            [
                pa.DictionaryArray.from_arrays(labels, ids).cast(pa.string()),
                pa.array(np.tile(numbers, len(models))).cast(pa.date32()),
                pa.array(totals.ravel()),
                pa.array(month),
            ],
            schema=COUNTERS,
        )

    def repositories(self) -> pa.Table:
        """One row for every model of the Hub, with the bases that it declares."""
        world, count = self._world, self._world.count
        order = np.argsort(world.child, kind="stable")
        begins = np.zeros(count + 1, dtype=np.int32)
        np.cumsum(np.bincount(world.child, minlength=count), out=begins[1:])
        ids = world.names.cast(pa.string())
        none = np.diff(begins) == 0
        from_arrays: Any = pa.ListArray.from_arrays  # its types know no mask for texts
        bases = from_arrays(pa.array(begins), _taken(ids, world.parent[order]), mask=pa.array(none))
        before = (self._last - _EPOCH).days - world.created
        relation = np.where(none, len(hub_world.RELATIONS), world.relation)
        relations = [*hub_world.RELATIONS, None]
        return pa.table(
            [
                ids,
                pa.nulls(count, pa.string()),
                pa.array(before * 86_400_000).cast(pa.timestamp("ms", tz="UTC")),
                _taken(pa.array(hub_world.TASKS), world.relation),
                pa.array(world.relation == _QUANTIZED),
                _taken(pa.array(relations, type=pa.string()), relation),
                bases,
            ],
            schema=MODELS,
        )

    def _names(self, models: Numbers) -> pd.Series:
        return pd.Series(_taken(self._world.names, models), dtype="str")


def went(source: str, now: datetime, rows: int) -> pd.DataFrame:
    """A row of REFRESHES: it went well."""
    row = {
        "started_at": now,
        "finished_at": now + timedelta(minutes=4),
        "source": source,
        "outcome": schemas.OK,
        "rows": rows,
        "requests": 500,
        "message": "",
    }
    return of_table([row], schemas.REFRESHES)


def _taken(texts: pa.Array[Any], places: npt.NDArray[Any]) -> pa.Array[Any]:
    take: Any = texts.take  # its types want an array of whole numbers, and do not know NumPy's
    taken: pa.Array[Any] = take(pa.array(places))
    return taken


def _chosen(texts: Sequence[str | None], numbers: Numbers) -> pd.Series:
    """``texts`` at ``numbers``; -1 is the last one."""
    places = np.where(numbers < 0, len(texts) - 1, numbers)
    return pd.Series(_taken(pa.array(texts, type=pa.large_string()), places), dtype="str")


def _same(text: str, count: int) -> pd.Series:
    return _chosen([text], np.zeros(count, dtype=np.int64))


def _same_day(day: date, count: int) -> pd.Series:
    return pd.Series(pd.Timestamp(day), index=range(count)).astype("datetime64[ms]")


def _same_moment(now: datetime, count: int) -> pd.Series:
    return pd.Series(pd.Timestamp(now), index=range(count)).astype("datetime64[ms, UTC]")

"""A made-up daily history with everything that is wrong with real ones, from a seed.

The figures are made up; what befalls them has befallen the real histories. What
was published can be had as files, as two public datasets lay them out, and as
rows, from which a test can work out by itself what should be made of them.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tests.fakes.records import declared, relation_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from core.schemas import Family
    from tests.fakes.world import World

PULSE: Final = "modelpulse/model-pulse-data"
MADSYS: Final = "harvardMadsys/hf-hub-characterization"
FLOOR: Final = date(2025, 2, 27)
"""First day with an all-time counter."""

_CARD: Final = "---\nlicense: {licence}\n---\n# Made up\n"
_WEEK: Final = np.array([0.87, 1.0, 1.05, 1.05, 1.05, 1.0, 0.87])
"""Downloads by weekday, Monday first, as share of an ordinary day."""
_UNKNOWN: Final = -1


@dataclass(frozen=True)
class Repository:
    """One repository: ``renamed`` is its earlier name and the day it got its own."""

    id: str
    hub_id: str
    created: date
    rate: float
    bases: tuple[str, ...] = ()
    relation: str = ""
    task: str = "text-generation"
    is_gguf: bool = False
    before: int = 0
    renamed: tuple[str, date] | None = None


@dataclass(frozen=True)
class Faults:
    """What befalls the history, by day; days outside of it do no harm.

    ``gaps`` are first and last days without any row; on ``partial`` days a
    quarter of the repositories has one. On a day of ``stalls`` four in five
    counters stand still and catch up on the next. On ``rollbacks`` seven in
    ten fall by two days' downloads. ``frozen`` and ``doubled`` repositories
    have counters that stop half-way, and every row twice.
    """

    gaps: tuple[tuple[date, date], ...] = (
        (date(2025, 6, 4), date(2025, 7, 8)),
        (date(2026, 4, 2), date(2026, 4, 17)),
    )
    partial: tuple[date, ...] = (date(2025, 11, 24),)
    stalls: tuple[date, ...] = (date(2025, 3, 8), date(2026, 3, 18), date(2026, 7, 7))
    rollbacks: tuple[date, ...] = (date(2025, 5, 20), date(2026, 6, 12))
    frozen: int = 3
    doubled: int = 8
    zeros_before_floor: bool = True


NO_FAULTS: Final = Faults((), (), (), (), 0, 0, zeros_before_floor=False)


@dataclass
class MadeHistory:
    """What was published of ``repositories`` from ``start`` to ``end``.

    Arrays have a row a repository and a column a day: ``downloads`` are the
    true ones, ``counter`` is the published all-time counter and ``month`` the
    published 30-day one, ``present`` whether there is a row at all.
    """

    repositories: tuple[Repository, ...]
    start: date
    end: date
    seed: int = 7
    faults: Faults = field(default_factory=Faults)
    group_rows: int = 200_000

    def __post_init__(self) -> None:
        self.days = [
            self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1)
        ]
        self._random = np.random.default_rng(self.seed)
        self.downloads = self._true_downloads()
        before = np.array([one.before for one in self.repositories], dtype=np.int64)
        self.counter = before[:, None] + self.downloads.cumsum(axis=1)
        padded = np.pad(self.downloads.cumsum(axis=1), ((0, 0), (30, 0)))
        self.month = (padded[:, 30:] - padded[:, :-30]).astype(np.int64)
        self.present = np.ones(self.counter.shape, dtype=bool)
        self._befall()
        self._label()

    @classmethod
    def of_families(  # noqa: PLR0913 - each is a size
        cls,
        families: Sequence[Family],
        *,
        official: int = 4,
        derivatives: int = 40,
        strangers: int = 20,
        start: date = date(2025, 2, 1),
        end: date = date(2025, 8, 31),
        seed: int = 7,
        faults: Faults | None = None,
        group_rows: int = 200_000,
    ) -> Self:
        """So many ``official`` models in each account, and others in all.

        ``strangers`` are built on nothing. One merge in ten derivatives has two
        bases. Models of zai-org were THUDM's until 2025-07-28, and the first
        derivative had another name until the middle of the days.
        """
        random = np.random.default_rng(seed)
        names: list[tuple[str, str]] = []
        for family in families:
            stem = family.pattern.replace("\\", "").strip("^$") or family.name
            letters = [one for one in stem.split("|")[0] if one.isalnum() or one == "-"]
            stem = "".join(letters).strip("-")
            names += [
                (f"{account}/{stem}-{n}-test", account)
                for account in family.accounts
                for n in range(official)
                if account != "THUDM"
            ]
        made = []
        for at, (name, account) in enumerate(names):
            moved = (name.replace("zai-org/", "THUDM/"), date(2025, 7, 28))
            made.append(
                Repository(
                    name,
                    f"{at:024x}",
                    start - timedelta(days=30),
                    float(random.pareto(1.2) * 400 + 30),
                    before=int(random.integers(0, 5_000_000_000)),
                    renamed=moved if account == "zai-org" else None,
                )
            )
        middle = start + (end - start) / 2
        for n in range(derivatives):
            bases = random.choice(len(names), 2 if n % 10 == 9 else 1, replace=False)
            name = f"tuner{n % 17}/made-{n}"
            made.append(
                Repository(
                    name,
                    f"{len(names) + n:024x}",
                    start + timedelta(days=int(random.integers(-20, 40))),
                    float(random.pareto(1.5) * 20),
                    tuple(names[base][0] for base in bases),
                    "merge" if len(bases) > 1 else ("quantized", "finetune", "adapter")[n % 3],
                    is_gguf=n % 3 == 0,
                    renamed=(f"tuner0/was-{n}", middle) if n == 0 else None,
                )
            )
        made += [
            Repository(
                f"stranger{n % 11:02}/own-{n}",
                f"{len(names) + derivatives + n:024x}",
                start - timedelta(days=10),
                float(random.pareto(1.5) * 20),
            )
            for n in range(strangers)
        ]
        return cls(tuple(made), start, end, seed, faults or Faults(), group_rows)

    @classmethod
    def of_world(
        cls,
        world: World,
        *,
        start: date = date(2025, 1, 1),
        end: date | None = None,
        derivatives: int = 1_500,
        group_rows: int = 4_000,
    ) -> Self:
        """The world's official models and its most downloaded derivatives until yesterday."""
        end = end or world.now.date() - timedelta(days=1)
        built = sorted(world.derivatives.values(), key=lambda told: -told["downloads"])
        made = []
        for told in [*world.official.values(), *built[:derivatives]]:
            rate = told["downloads"] / 30
            total = told["downloadsAllTime"] or told["downloads"]
            days = (end - start).days + 1
            made.append(
                Repository(
                    told["id"],
                    told["_id"],
                    datetime.fromisoformat(told["createdAt"]).astimezone(UTC).date(),
                    min(rate, 0.9 * total / days),
                    tuple(declared(told)),
                    relation_of(told) if declared(told) else "",
                    told.get("pipeline_tag") or "",
                    "gguf" in told["tags"],
                    before=int(0.1 * total),
                )
            )
        return cls(tuple(made), start, end, group_rows=group_rows)

    # What befalls it

    def _true_downloads(self) -> NDArray[np.int64]:
        size = (len(self.repositories), len(self.days))
        rate = np.array([one.rate for one in self.repositories])[:, None]
        week = _WEEK[[day.weekday() for day in self.days]][None, :]
        growth = np.linspace(0.7, 1.3, size[1])[None, :]
        noise = self._random.lognormal(0, 0.15, size)
        downloads = (rate * week * growth * noise + self._random.random(size)).astype(np.int64)
        for at, one in enumerate(self.repositories):
            if one.created > self.start:
                downloads[at, : (one.created - self.start).days] = 0
        return downloads

    def _befall(self) -> None:
        size = len(self.repositories)
        for at, day in enumerate(self.days):
            if day in self.faults.rollbacks:
                falls = self._random.random(size) < 0.7
                self.counter[falls, at:] -= 2 * self.downloads[falls, at : at + 1]
            if day in self.faults.stalls and at:
                stands = self._random.random(size) < 0.8
                self.counter[stands, at] = self.counter[stands, at - 1]
            if day in self.faults.partial:
                self.present[self._random.random(size) > 0.25, at] = False
        self.counter = np.maximum(self.counter, 0)
        chosen = self._random.permutation(size)
        self.frozen = sorted(chosen[: self.faults.frozen].tolist())
        self.doubled = (
            sorted(chosen[-self.faults.doubled :].tolist()) if self.faults.doubled else []
        )
        half = len(self.days) // 2
        self.counter[self.frozen, half:] = self.counter[self.frozen, half : half + 1]
        for first, last in self.faults.gaps:
            absent = [first <= day <= last for day in self.days]
            self.present[:, absent] = False
        for at, one in enumerate(self.repositories):
            if one.created > self.start:
                self.present[at, : (one.created - self.start).days] = False

    def _label(self) -> None:
        """Every name that was ever used, sorted, and which one a repository had on a day."""
        old = [one.renamed[0] if one.renamed else one.id for one in self.repositories]
        new = [one.id for one in self.repositories]
        self.names = sorted({*old, *new})
        rank = {name: at for at, name in enumerate(self.names)}
        self._old = np.array([rank[name] for name in old], dtype=np.int64)
        self._new = np.array([rank[name] for name in new], dtype=np.int64)
        never = len(self.days)
        self._since = np.array(
            [
                (one.renamed[1] - self.start).days if one.renamed else never
                for one in self.repositories
            ]
        )

    # What was published

    @property
    def months(self) -> list[str]:
        """Months of which anything was published."""
        held = self.present.any(axis=0)
        return sorted({f"{day:%Y-%m}" for day, here in zip(self.days, held, strict=True) if here})

    def renames(self) -> dict[str, str]:
        """Names of before, and those of today."""
        return {one.renamed[0]: one.id for one in self.repositories if one.renamed}

    def published(self, month: str) -> pa.Table:
        """Rows of a month as they were published: id, day, dl30, dl_all, likes."""
        days = [at for at, day in enumerate(self.days) if f"{day:%Y-%m}" == month]
        first = days[0]
        row, column = np.nonzero(self.present[:, days])
        twice = np.isin(row, self.doubled)
        row, column = np.concatenate([row, row[twice]]), np.concatenate([column, column[twice]])
        day = first + column
        label = np.where(day >= self._since[row], self._new[row], self._old[row])
        order = np.lexsort((day, label))
        row, day, label = row[order], day[order], label[order]
        known = np.array([one >= FLOOR for one in self.days])[day]
        epoch = (self.start - date(1970, 1, 1)).days
        return pa.table(
            {
                "id": pa.array(self.names).take(pa.array(label)),
                "day": pa.array((epoch + day).astype(np.int32)).cast(pa.date32()),
                "dl30": pa.array(np.minimum(self.month[row, day], 2**31 - 1).astype(np.int32)),
                "dl_all": pa.array(self.counter[row, day], mask=~known),
                "likes": pa.array((row % 97).astype(np.int32)),
            }
        )

    def truth(self) -> pd.DataFrame:
        """All published rows: id, day, dl30, dl_all, likes; doubled ones twice."""
        tables = [self.published(month).to_pandas() for month in self.months]
        frame = pd.concat(tables, ignore_index=True)
        frame["day"] = pd.to_datetime(frame["day"])
        frame["dl_all"] = frame["dl_all"].astype("Int64")
        return frame

    def published_by_account(self, month: str) -> pa.Table:
        """Rows of a month by account: author, day, dl30, dl_all, likes, models."""
        rows = self.published(month).to_pandas().drop_duplicates(["id", "day"])
        rows["author"] = rows["id"].str.partition("/")[0]
        rows["dl_all"] = rows["dl_all"].fillna(0).astype("int64")
        sums = rows.groupby(["author", "day"], as_index=False).agg(
            dl30=("dl30", "sum"),
            dl_all=("dl_all", "sum"),
            likes=("likes", "sum"),
            models=("id", "size"),
        )
        if not self.faults.zeros_before_floor:
            sums["dl_all"] = sums["dl_all"].astype("Int64").where(sums["day"] >= FLOOR)
        schema = pa.schema(
            [
                ("author", pa.large_string()),
                ("day", pa.date32()),
                ("dl30", pa.int64()),
                ("dl_all", pa.int64()),
                ("likes", pa.int64()),
                ("models", pa.uint32()),
            ]
        )
        return pa.Table.from_pandas(sums, schema=schema, preserve_index=False)

    # As datasets

    def pulse_files(self) -> dict[str, bytes]:
        """Everything as modelpulse/model-pulse-data lays it out."""
        files = {"README.md": _CARD.format(licence="apache-2.0").encode()}
        for month in self.months:
            files[f"series/{month}.parquet"] = self.parquet(self.published(month))
            by_account = self.published_by_account(month)
            files[f"author_series/{month}.parquet"] = self.parquet(by_account)
        files["models.parquet"] = self.parquet(self._pulse_models())
        renames = self.renames()
        files["renames.parquet"] = self.parquet(
            pa.table(
                {
                    "old": pa.array(list(renames), pa.string()),
                    "new": pa.array(list(renames.values()), pa.string()),
                    "gone": pa.nulls(len(renames), pa.date32()),
                    "came": pa.nulls(len(renames), pa.date32()),
                }
            )
        )
        return files

    def madsys_files(self, *, counter: str = "downloads") -> dict[str, bytes]:
        """Counters on the days they moved, as harvardMadsys/hf-hub-characterization has them."""
        known = np.array([day > FLOOR for day in self.days])
        published = np.where(self.present & known[None, :], self.counter, _UNKNOWN)
        rows: list[tuple[str, date, int]] = []
        for at, one in sorted(enumerate(self.repositories), key=lambda pair: pair[1].hub_id):
            last = _UNKNOWN
            for day, value in zip(self.days, published[at].tolist(), strict=True):
                if value not in {_UNKNOWN, last}:
                    rows.append((one.hub_id, day, value))
                    last = value
        ids, days, values = zip(*rows, strict=True)
        return {
            "README.md": _CARD.format(licence="cc-by-4.0").encode(),
            "models.parquet": self.parquet(
                pa.table(
                    {
                        "hub_id": [one.hub_id for one in self.repositories],
                        "id": [one.id for one in self.repositories],
                        "tags": [["x"] for _ in self.repositories],
                    }
                )
            ),
            "downloads.parquet": self.parquet(
                pa.table({"hub_id": ids, "day": pa.array(days, pa.date32()), counter: values})
            ),
        }

    def serve(self, datasets: Any) -> None:  # noqa: ANN401 - the fake Hub's shelf
        """Put both datasets on the shelf of a fake Hub."""
        datasets.put(PULSE, self.pulse_files())
        datasets.put(MADSYS, self.madsys_files())

    def parquet(self, table: pa.Table) -> bytes:
        """A table as those datasets write theirs: zstd, in row groups with statistics."""
        out = io.BytesIO()
        pq.write_table(table, out, compression="zstd", row_group_size=self.group_rows)
        return out.getvalue()

    def _pulse_models(self) -> pa.Table:
        made = sorted(self.repositories, key=lambda one: one.id)
        moments = [datetime(*one.created.timetuple()[:3], tzinfo=UTC) for one in made]
        return pa.table(
            {
                "id": [one.id for one in made],
                "author": [one.id.partition("/")[0] for one in made],
                "pipeline_tag": [one.task for one in made],
                "is_gguf": [one.is_gguf for one in made],
                "created_at": pa.array(moments, pa.timestamp("us", tz="UTC")),
                "base_relation": [one.relation or None for one in made],
                "base_ids": pa.array([list(one.bases) for one in made], pa.list_(pa.string())),
                "dl30": pa.array([0] * len(made), pa.int64()),
            }
        )


def months_of(files: Mapping[str, bytes], folder: str = "series") -> Iterator[str]:
    """Months of the monthly files in a dataset."""
    for path in sorted(files):
        head, _, name = path.partition("/")
        if head == folder:
            yield name.removesuffix(".parquet")

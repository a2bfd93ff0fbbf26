"""A made-up daily history with everything that is wrong with real ones, from a seed.

The figures are made up; what befalls them has befallen the real histories. What
was published can be had as files, as two public datasets lay them out, and as
rows, from which a test can work out by itself what should be made of them.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tests.fakes import history_layout as layout
from tests.fakes.history_layout import FLOOR
from tests.fakes.history_repositories import Repository, of_families, of_world

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.schemas import Family
    from tests.fakes.world import World

PULSE: Final = "modelpulse/model-pulse-data"
MADSYS: Final = "harvardMadsys/hf-hub-characterization"
_WEEK: Final = np.array([0.87, 1.0, 1.05, 1.05, 1.05, 1.0, 0.87])
"""Downloads by weekday, Monday first, as share of an ordinary day."""


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
        made = of_families(families, official, derivatives, strangers, (start, end), seed)
        return cls(made, start, end, seed, faults or Faults(), group_rows)

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
        return cls(of_world(world, derivatives, (start, end)), start, end, group_rows=group_rows)

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

    # As datasets

    def pulse_files(self) -> dict[str, bytes]:
        """Everything as modelpulse/model-pulse-data lays it out."""
        return layout.pulse_files(self)

    def madsys_files(self, *, counter: str = "downloads") -> dict[str, bytes]:
        """Counters on the days they moved, as harvardMadsys/hf-hub-characterization has them."""
        return layout.madsys_files(self, counter)

    def serve(self, datasets: Any) -> None:  # noqa: ANN401 - the fake Hub's shelf
        """Put both datasets on the shelf of a fake Hub."""
        datasets.put(PULSE, self.pulse_files())
        datasets.put(MADSYS, self.madsys_files())

    def parquet(self, table: pa.Table) -> bytes:
        """A table as those datasets write theirs: zstd, in row groups with statistics."""
        out = io.BytesIO()
        pq.write_table(table, out, compression="zstd", row_group_size=self.group_rows)
        return out.getvalue()

"""A made-up Hub of the real one's size: models, families, links and counters from a seed.

What the site would find there: `bench.hub_store` writes it as refreshes do. Counters
never fall, grow faster on weekdays, and are the same whoever reads them: the daily
history and the site's own readings agree to the last download.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bench.hub_links import Size, cached_links, names
from core.measure.lineage import Lineage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.hub_links import Numbers
    from core.schemas import Family

Reals = npt.NDArray[np.float64]

DAYS: Final = 182
"""Days of the daily history."""

RELATIONS: Final = ("finetune", "adapter", "quantized", "merge")
TASKS: Final = ("text-generation", "image-text-to-text", "feature-extraction", "text-to-image")
LICENCES: Final = ("apache-2.0", "mit", "llama3.1", "other", "cc-by-nc-4.0")
LIBRARIES: Final = ("transformers", "peft", "gguf", "mlx", "diffusers")
FORMATS: Final = ("safetensors", "gguf", "mlx", "awq", "gptq")

_FINETUNE, _ADAPTER, _QUANTIZED, _MERGE = range(4)
_ENDINGS: Final = ("-GGUF", "-AWQ", "-FP8", "-GPTQ-Int4", "-MLX-4bit", "-ONNX", "-1M", "-Preview")
_EVERY_THIRD: Final = 3
"""Of the largest trees every third is a family's: the Hub has other models too."""

_SHARES: Final = 0.5
"""Official models that are roots; the others hang below them."""

_ASKED_ROUNDS: Final = 6
"""Steps down the tree after which a crawl finds next to nothing new."""


@dataclass(frozen=True)
class Scale:
    """How large the Hub is, and how much of it has been read."""

    links: Size
    official: int
    counted: int
    """Models in the daily history."""
    asked: int
    """Models that a week of refreshes asks about."""


HUB: Final = Scale(Size(), official=2_000, counted=274_725, asked=6_000)
SMALL: Final = Scale(
    Size(models=20_000, links=12_000, several=1_500, largest=2_500, depth=30),
    official=120,
    counted=1_600,
    asked=300,
)


class World:
    """The models 0 … ``count`` - 1 of a made-up Hub; arrays have one entry a model.

    - ``names``: ids as large Arrow texts; ``family``: number in ``families``, -1 for none
    - ``child``, ``parent``: links as declared, with self-links, doubles and circles
    - ``relation``: number in ``RELATIONS``; ``created``: days before the last one
    - ``rate``: downloads a day; ``since``: downloads before the history begins
    """

    def __init__(
        self,
        scale: Scale,
        families: Sequence[Family],
        official: Sequence[str],
        of_family: Sequence[int],
        seed: int,
    ) -> None:
        """Make the Hub; ``official`` are ids that exist, each of the family with that number."""
        self.count = count = scale.links.models
        self._chance = np.random.default_rng(seed + 1)
        self.child, self.parent = cached_links(scale.links, seed)
        ids, numbers = _enough(official, of_family, scale.official)
        self._below = Lineage.from_numbers(count, self.child, self.parent)
        places = self._official_places(len(ids), np.array(numbers))
        self.family = np.full(count, -1)
        self.family[places] = numbers
        self.official = np.sort(places)
        self.names = _renamed(names(count, seed), places, ids)
        several = np.bincount(self.child, minlength=count) > 1
        self.relation = self._chance.choice(
            [_FINETUNE, _ADAPTER, _QUANTIZED], count, p=[0.35, 0.3, 0.35]
        )
        self.relation[several] = _MERGE
        self.created = self._chance.integers(0, 900, count)
        self.rate = np.minimum(self._chance.pareto(1.1, count) * 0.4, 5e4)
        order = self._chance.permutation(len(places))
        self.rate[places[order]] = 6e5 / np.arange(1, len(places) + 1) ** 0.9
        self.since = (self.rate * self._chance.uniform(20, 400, count)).astype(np.int64)
        self._phase = self._chance.random(count)
        self._curves = self._growth(len(families))

    def total(self, models: Numbers, at: float | Reals) -> Numbers:
        """All-time downloads of ``models``, ``at`` so many days (each) into the history."""
        at = np.broadcast_to(at, len(models))
        day = np.floor(at).astype(np.int64)
        curve = self._curves[self.family[models]]
        row = np.arange(len(models))
        low, high = curve[row, day], curve[row, np.minimum(day + 1, curve.shape[1] - 1)]
        grown = low + (high - low) * (at - day)
        total: Numbers = self.since[models] + np.floor(
            self.rate[models] * grown + self._phase[models]
        ).astype(np.int64)
        return total

    def totals(self, models: Numbers, first: int, last: int) -> Numbers:
        """All-time downloads of ``models`` (rows) at the start of days ``first`` to ``last``."""
        curve = self._curves[self.family[models]][:, first : last + 1]
        grown = np.floor(self.rate[models, None] * curve + self._phase[models, None])
        totals: Numbers = self.since[models, None] + grown.astype(np.int64)
        return totals

    @cached_property
    def children(self) -> Numbers:
        """How many models declare each as a base."""
        return np.bincount(self.parent, minlength=self.count)

    def crawled(self, asked: int) -> tuple[Numbers, Numbers]:
        """Models that refreshes find, and those they ask about: at most ``asked``.

        As `core.fetch.crawl`: the official ones, then whatever promises most.
        """
        promise = 10.0 * self.children + 0.3 * 30 * self.rate
        chosen = self.official
        found = chosen
        for _ in range(_ASKED_ROUNDS):
            is_asked = np.zeros(self.count, dtype=np.bool_)
            is_asked[chosen] = True
            below = self.child[is_asked[self.parent] & (self.child != self.parent)]
            found = np.union1d(self.official, below)
            others = np.setdiff1d(below, self.official)
            best = others[np.argsort(-promise[others], kind="stable")]
            chosen = np.union1d(self.official, best[: max(0, asked - len(self.official))])
        return found, chosen

    def _official_places(self, count: int, of_family: Numbers) -> Numbers:
        """Where official models are: roots of large trees, and what hangs right below them.

        The largest tree is the first family's.
        """
        below = self._below.descendant_counts().to_numpy()
        is_child = np.zeros(self.count, dtype=np.bool_)
        is_child[self.child[self.child != self.parent]] = True
        roots = np.flatnonzero(~is_child)
        roots = roots[np.argsort(-below[roots], kind="stable")][: count * _EVERY_THIRD]
        chosen = roots[::_EVERY_THIRD][: int(count * _SHARES)]
        order = np.argsort(of_family, kind="stable")
        # The families take turns, the first one first.
        turn = np.empty(count, dtype=np.int64)
        for family in np.unique(of_family):
            mine = order[of_family[order] == family]
            turn[mine] = np.arange(len(mine))
        first = np.lexsort((of_family, turn))[: len(chosen)]
        places = np.full(count, -1)
        places[first] = chosen
        taken = np.zeros(self.count, dtype=np.bool_)
        taken[chosen] = True
        rest = np.flatnonzero(places < 0)
        spare = iter(np.flatnonzero(~taken & (below == 0)).tolist())
        for family in np.unique(of_family[rest]):
            mine = rest[of_family[rest] == family]
            own = places[(of_family == family) & (places >= 0)]
            direct = np.unique(self.child[np.isin(self.parent, own)])
            direct = direct[~taken[direct]]
            direct = direct[np.argsort(-below[direct], kind="stable")][: len(mine)]
            taken[direct] = True
            places[mine[: len(direct)]] = direct
        for at in np.flatnonzero(places < 0).tolist():
            places[at] = next(place for place in spare if not taken[place])
        return places

    def _growth(self, families: int) -> Reals:
        """Days' worth of downloads since the history began, by family (the last: none)."""
        weekday = np.where(np.arange(DAYS + 1) % 7 < 5, 1.12, 0.7)  # noqa: PLR2004 - five days
        trend = np.linspace(1, self._chance.uniform(0.8, 2.2, families + 1), DAYS + 1).T
        noise = self._chance.normal(1, 0.04, trend.shape)
        daily = weekday * trend * np.clip(noise, 0.7, 1.3)
        return np.hstack([np.zeros((families + 1, 1)), daily.cumsum(axis=1)])


def _enough(
    ids: Sequence[str], of_family: Sequence[int], count: int
) -> tuple[list[str], list[int]]:
    """``count`` official ids: those given, then the same with the endings that makers use."""
    every, family = list(ids), list(of_family)
    known = {name.lower() for name in every}
    for ending in _ENDINGS:
        for name, of in zip(ids, of_family, strict=True):
            if len(every) >= count:
                break
            if (name + ending).lower() not in known and not name.endswith(_ENDINGS):
                every.append(name + ending)
                family.append(of)
    return every[:count], family[:count]


def _renamed(texts: pa.Array[Any], places: Numbers, ids: Sequence[str]) -> pa.Array[Any]:
    """``texts`` with ``ids`` at ``places``."""
    source = np.arange(len(texts))
    source[places] = len(texts) + np.arange(len(places))
    both = pa.concat_arrays([texts, pa.array(ids, type=pa.large_string())])
    take: Any = both.take  # its types do not know NumPy's
    renamed: pa.Array[Any] = take(pa.array(source))
    return renamed

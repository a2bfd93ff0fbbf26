"""How a made-up Hub grows: what is published, built on it, and declared wrongly.

Few models have nearly all downloads and nearly all derivatives; most
derivatives are adapters and conversions on which nothing is built.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from tests.fakes import names
from tests.fakes.lines import LINES, Line
from tests.fakes.records import OLDEST, Record, declared, derivative, record, relation_of

if TYPE_CHECKING:
    from random import Random

    from tests.fakes.world import World

DEPTH: Final = 6

_SHARES: Final = (0.72, 0.18, 0.06, 0.025, 0.01, 0.005)
"""Share of the derivatives at each depth."""
_PARENTS: Final = (0.0, 0.0085, 0.0032, 0.0014, 0.0008, 0.0005)
"""Derivatives that have others built on them one level down, as a share of all."""
_STEEPNESS: Final = (1.1, 1.25, 1.25, 1.2, 1.1, 1.0)
"""Zipf exponent of the number of children, by the children's depth."""
_PARENT_KINDS: Final = (("finetune", 92), ("merge", 5), ("adapter", 2), ("quantized", 1))
_LEAF_KINDS: Final = (("adapter", 41), ("finetune", 31), ("quantized", 25), ("merge", 3))
_TAILS: Final = {"finetune": 0.8, "merge": 0.8, "adapter": 0.75, "quantized": 0.5}
"""Pareto exponent of the downloads of what nothing is built on."""
_MOST_PARENTS: Final = 5
_SELF_LINKS: Final = 0.001
_MISSING_PARENTS: Final = 0.004
_ORPHANS: Final = 0.002
_OTHER_SPELLINGS: Final = 0.004
_OLD_NAMES: Final = (
    ("THUDM/glm-4-9b-chat", "zai-org/glm-4-9b-chat"),
    ("THUDM/chatglm2-6b", "zai-org/chatglm2-6b"),
    ("meta-llama/Meta-Llama-3.1-8B-Instruct", "meta-llama/Llama-3.1-8B-Instruct"),
    ("google/codegemma-7b-pt", "google/codegemma-7b"),
)
"""Renamed long ago: some derivatives still declare the old name."""
_STILL_OLD: Final = 12


@dataclass
class _Parent:
    """A model others build on: how often, relative to the rest of its level."""

    told: Record
    weight: float
    root: str


class Growth:
    """Fills a world. The same ``random`` makes the same of it."""

    def __init__(self, world: World, random: Random) -> None:
        self._world = world
        self._random = random
        self._licences: dict[str, str] = {}
        self._accounts: list[str] = []
        self._levels: list[list[_Parent]] = []

    def begin(self, derivatives: int) -> None:
        """Official repositories, ``derivatives`` built on them, and what is not as it should be."""
        self._publish()
        self._publish_others()
        self._grow(derivatives)
        self._rename_some()
        self._name_themselves()
        self._orphan(int(derivatives * _ORPHANS))

    def more(self, count: int, since: datetime) -> None:
        """New derivatives of official models, created since then."""
        self._add_level(1, count, [], since=since)

    def _publish(self) -> None:
        """The families' own repositories."""
        random, now = self._random, self._world.now
        for family in self._world.families:
            line = LINES.get(family.name, Line("", 100_000, "apache-2.0"))
            published = names.official_names(family)
            known = {name.casefold(): name for name in published}
            for rank, model_id in enumerate(published, start=1):
                downloads = int(line.top / rank**1.1 * math.exp(random.gauss(0, 0.4)))
                base, relation = _official_base(model_id, known)
                told = record(
                    random,
                    model_id,
                    OLDEST + (now - OLDEST) * random.uniform(0.3, 0.97),
                    downloads=downloads,
                    now=now,
                    licence=line.licence,
                    task=line.task,
                    gated=line.gated,
                    form="gguf" if "gguf" in model_id.lower() else "safetensors",
                    parameters=names.parameters_in(model_id),
                    parents=[base] if base else (),
                    relation=relation,
                )
                self._world.add(self._world.official, told, depth=0)
                self._world.family[model_id] = family.name
                self._licences[model_id] = line.licence

    def _publish_others(self) -> None:
        """What the families' accounts hold besides."""
        random, now = self._random, self._world.now
        families = self._world.families
        for account in sorted({account for family in families for account in family.accounts}):
            for model_id in names.other_names(account):
                small = "multiberts" in model_id
                downloads = random.paretovariate(0.5) if small else 5e4 * random.paretovariate(0.9)
                told = record(
                    random,
                    model_id,
                    OLDEST + (now - OLDEST) * max(0.0, random.uniform(-0.3, 0.9)),
                    downloads=int(min(downloads, 5_000_000)),
                    now=now,
                    licence="apache-2.0",
                    task=None,
                )
                self._world.add(self._world.others, told)

    def _grow(self, count: int) -> None:
        """Level upon level of derivatives."""
        self._accounts = names.account_names(self._random, max(20, count // 7))
        roots = sorted(
            self._world.official.values(),
            key=lambda told: told["downloads"] * math.exp(self._random.gauss(0, 0.8)),
            reverse=True,
        )
        self._levels = [
            [
                _Parent(told, 1 / rank ** _STEEPNESS[0], told["id"])
                for rank, told in enumerate(roots, start=1)
            ]
        ]
        sizes = [int(count * share) for share in _SHARES]
        sizes[0] += count - sum(sizes)
        for depth, size in enumerate(sizes, start=1):
            parents: list[_Parent] = []
            if depth < DEPTH:
                wanted = min(size, max(1, int(count * _PARENTS[depth])))
                parents = self._add_level(
                    depth, size, _zipf(wanted, _STEEPNESS[depth], sizes[depth])
                )
            else:
                self._add_level(depth, size, [])
            self._levels.append(parents)

    def _add_level(
        self, depth: int, size: int, expected: list[float], since: datetime = OLDEST
    ) -> list[_Parent]:
        """Add ``size`` derivatives, the first of them parents with ``expected`` children each."""
        random = self._random
        pool = self._levels[depth - 1]
        weights = list(accumulate(parent.weight for parent in pool))
        kinds = _chosen(random, _PARENT_KINDS, len(expected))
        kinds += _chosen(random, _LEAF_KINDS, size - len(expected))
        bases = random.choices(pool, cum_weights=weights, k=size)
        if size > 4 * len(pool):
            bases[: len(pool)] = pool  # so that every one has some
        titles = names.derivative_names(random, kinds, self._accounts)
        children = [*expected, *[0.0] * (size - len(expected))]
        made: list[_Parent] = []
        for kind, base, (account, ending), count in zip(
            kinds, bases, titles, children, strict=True
        ):
            parents = self._merged(base, pool, weights) if kind == "merge" else [base]
            newest = datetime.fromisoformat(max(one.told["createdAt"] for one in parents))
            told = derivative(
                random,
                self._free_name(account, names.stem(base.root), ending),
                kind,
                self._as_declared([one.told["id"] for one in parents]),
                downloads=self._downloads(kind, count),
                licence=self._licences.get(base.root, "apache-2.0"),
                after=max(newest, since),
                now=self._world.now,
            )
            self._world.add(self._world.derivatives, told, depth=depth)
            if count:
                made.append(_Parent(told, count, base.root))
        return made

    def _merged(self, base: _Parent, pool: list[_Parent], weights: list[float]) -> list[_Parent]:
        """Two to five different models of one level, ``base`` the first."""
        if len(pool) == 1:
            return [base]
        more = self._random.choices(pool, cum_weights=weights, k=self._random.randint(1, 4))
        parents = list({one.told["_id"]: one for one in (base, *more)}.values())
        return parents if len(parents) > 1 else [base, pool[pool[0] is base]]

    def _downloads(self, kind: str, children: float) -> int:
        """Downloads a month, the more the more is built on it.

        Of the rest, most have hardly any. What many download is seldom left as
        it is, so the widely used among the rest are conversions.
        """
        random = self._random
        if children:
            downloads = 500 * children**0.9 * math.exp(random.gauss(0, 0.8))
        else:
            downloads = 3 * (random.paretovariate(_TAILS[kind]) - 0.5)
        return int(min(downloads, 300_000 * math.exp(random.gauss(0, 0.8))))

    def _as_declared(self, parents: list[str]) -> list[str]:
        """What an author writes: now and then in other letters, or with one that is gone."""
        chance = self._random.random()
        if chance < _OTHER_SPELLINGS:
            lower = parents[0].lower()
            return [lower if lower != parents[0] else lower.title(), *parents[1:]]
        if chance < _OTHER_SPELLINGS + _MISSING_PARENTS and len(parents) < _MOST_PARENTS:
            return [*parents, f"{self._random.choice(self._accounts)}/deleted-{int(chance * 1e6)}"]
        return parents

    def _free_name(self, account: str, beginning: str, ending: str) -> str:
        model_id = f"{account}/{beginning}-{ending}"
        number = 2
        while self._world.find(model_id):
            model_id = f"{account}/{beginning}-{ending}-{number}"
            number = number * 2 if number < 64 else self._random.randint(100, 99_999)
        return model_id

    def _rename_some(self) -> None:
        """Official models that had another name, which some still declare."""
        for old, new in _OLD_NAMES:
            if new not in self._world.official:
                continue
            self._world.renamed[old.casefold()] = new
            faithful = [told for told in self._world.children(new) if relation_of(told) != "merge"]
            for told in faithful[-_STILL_OLD:]:
                self._world.redeclare(
                    told, [old if base == new else base for base in declared(told)]
                )

    def _name_themselves(self) -> None:
        """Derivatives that name themselves as a base as well."""
        everyone = self._world.derivatives.values()
        alone = [told for told in everyone if relation_of(told) != "merge"]
        for told in self._random.sample(alone, int(len(everyone) * _SELF_LINKS)):
            self._world.redeclare(told, [*declared(told), told["id"]])

    def _orphan(self, count: int) -> None:
        for number in range(count):
            account = self._random.choice(self._accounts)
            told = derivative(
                self._random,
                self._free_name(account, "orphan", str(number)),
                "finetune",
                [f"{account}/gone-{number}"],
                downloads=5,
                licence="mit",
                after=OLDEST,
                now=self._world.now,
            )
            self._world.add(self._world.others, told)


def _official_base(model_id: str, known: dict[str, str]) -> tuple[str, str]:
    """What an official model says it is made from, and how; "" where it is a base itself."""
    lower = model_id.lower()
    for ending, relation in (("-gguf", "quantized"), ("-fp8", "quantized"), ("-bf16", "finetune")):
        if lower.endswith(ending) and lower.removesuffix(ending) in known:
            return known[lower.removesuffix(ending)], relation
    for ending in ("-instruct", "-it", "-chat"):
        bare = lower.removesuffix(ending)
        for base in (bare, f"{bare}-base", f"{bare}-pt"):
            if bare != lower and base in known:
                return known[base], "finetune"
    if f"{lower}-base" in known:
        return known[f"{lower}-base"], "finetune"
    return "", ""


def _zipf(count: int, steepness: float, total: int) -> list[float]:
    """``total`` shared out among ``count``, the first with most, nobody with less than one."""
    weights = [1 / rank**steepness for rank in range(1, count + 1)]
    return [max(1.0, total * weight / sum(weights)) for weight in weights]


def _chosen(random: Random, kinds: tuple[tuple[str, int], ...], count: int) -> list[str]:
    return random.choices([kind for kind, _ in kinds], [often for _, often in kinds], k=count)

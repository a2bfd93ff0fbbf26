"""A plausible Hub, grown from a seed: the same seed always gives the same world.

Figures are made up. Shapes follow what is known of the real Hub: few models
have nearly all downloads and nearly all derivatives, most derivatives are
adapters and conversions on which nothing is built, and what authors declare
is not always right.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, Self

from core.store.definitions import load_families
from tests.fakes.growth import Growth
from tests.fakes.records import Record, declared, relation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.schemas import Family

MAKERS: Final = Path(__file__).resolve().parents[2] / "data" / "makers.toml"
NOW: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)

DERIVATIVES: Final = 40_000


class World:
    """Every repository of a made-up Hub and its counters at the moment ``now``.

    ``official`` and ``derivatives`` are by id; ``others`` belong to no family:
    other repositories of the families' accounts, and orphans, which only name
    bases that exist nowhere. ``depth`` is 0 for official models and else the
    number of links down from one, ``family`` is the family's name where the
    model is official, ``renamed`` leads from old names to the name of now.
    Hold ``lock`` while reading what another thread may change.
    """

    def __init__(self, families: Sequence[Family], *, seed: int = 7, now: datetime = NOW) -> None:
        self.families = tuple(families)
        self.now = now
        self.lock = threading.RLock()
        self.official: dict[str, Record] = {}
        self.derivatives: dict[str, Record] = {}
        self.others: dict[str, Record] = {}
        self.depth: dict[str, int] = {}
        self.family: dict[str, str] = {}
        self.renamed: dict[str, str] = {}
        self._random = Random(seed)  # noqa: S311 - a world, not a secret
        self._by_name: dict[str, Record] = {}
        self._by_author: dict[str, dict[str, Record]] = defaultdict(dict)
        self._by_base: dict[str, dict[str, Record]] = defaultdict(dict)
        self._growth = Growth(self, self._random)

    @classmethod
    def demo(
        cls,
        families: Iterable[Family] | None = None,
        derivatives: int = DERIVATIVES,
        seed: int = 7,
        now: datetime = NOW,
    ) -> Self:
        """The families' own repositories, and exactly ``derivatives`` built on them."""
        known = load_families(MAKERS) if families is None else tuple(families)
        world = cls(known, seed=seed, now=now)
        world._growth.begin(derivatives)
        return world

    def find(self, model_id: str) -> Record | None:
        """The repository of this name, in any case; renamed ones have their new name only."""
        return self._by_name.get(model_id.casefold())

    def now_called(self, model_id: str) -> str | None:
        """Today's name of a renamed repository; None where the name is no old one."""
        return self.renamed.get(model_id.casefold())

    def of_author(self, account: str) -> list[Record]:
        """All repositories of an account, in any case."""
        return list(self._by_author.get(account.casefold(), {}).values())

    def everything(self) -> list[Record]:
        """All repositories."""
        return list(self._by_name.values())

    def declaring(self, base: str) -> list[Record]:
        """Repositories that name this base, in any case: itself too, where it does."""
        return list(self._by_base.get(base.casefold(), {}).values())

    def children(self, parent: str) -> list[Record]:
        """Repositories that name this parent, in any case; itself left out."""
        return [
            told for told in self.declaring(parent) if told["id"].casefold() != parent.casefold()
        ]

    def rename(self, old: str, new: str) -> None:
        """Give a repository a new name. What declares the old one goes on declaring it."""
        with self.lock:
            told = self._by_name.pop(old.casefold())
            for shelf in (self.official, self.derivatives, self.others):
                if shelf.pop(told["id"], None):
                    shelf[new] = told
            if told["id"] in self.depth:
                self.depth[new] = self.depth.pop(told["id"])
            if told["id"] in self.family:
                self.family[new] = self.family.pop(told["id"])
            self._by_author[told["author"].casefold()].pop(told["_id"])
            told["id"], told["author"] = new, new.partition("/")[0]
            self._by_name[new.casefold()] = told
            self._by_author[told["author"].casefold()][told["_id"]] = told
            for earlier, later in self.renamed.items():
                if later.casefold() == old.casefold():
                    self.renamed[earlier] = new
            self.renamed[old.casefold()] = new

    def advance(
        self, hours: float, *, new_derivatives: int | None = None, rollback: str | None = None
    ) -> None:
        """Let time pass: counters move, and a few derivatives are published.

        ``new_derivatives`` is one a day for every thousand there are, unless
        given. The all-time counter of the repository ``rollback`` falls
        by a third.
        """
        with self.lock:
            before = self.now
            self.now += timedelta(hours=hours)
            share = hours / 24 / 30
            for told in self._by_name.values():
                month = told["downloads"]
                today = month * share * self._random.uniform(0.6, 1.4)
                gained = int(today + self._random.random())
                if told["downloadsAllTime"] is not None:
                    told["downloadsAllTime"] += gained
                told["downloads"] = max(0, month + int((gained - month * share) * 0.5))
                if told["downloadsAllTime"] is not None:
                    told["downloads"] = min(told["downloads"], told["downloadsAllTime"])
            if rollback is not None:
                told = self._by_name[rollback.casefold()]
                told["downloadsAllTime"] = told["downloadsAllTime"] * 2 // 3
                told["downloads"] = min(told["downloads"], told["downloadsAllTime"])
            count = new_derivatives
            if count is None:
                count = round(len(self.derivatives) * hours / 24 / 1000)
            self._growth.more(count, before)

    def redeclare(self, told: Record, bases: list[str]) -> None:
        """Let a repository name other bases, made in the same way."""
        for base in declared(told):
            self._by_base[base.casefold()].pop(told["_id"], None)
        relation = relation_of(told)
        rest = [tag for tag in told["tags"] if not tag.startswith("base_model:")]
        pairs = [f"base_model:{kind}{base}" for base in bases for kind in ("", f"{relation}:")]
        told["tags"] = [*rest[:2], *pairs, *rest[2:]]
        told["cardData"] = {"base_model": bases}
        self._index_bases(told)

    def _index_bases(self, told: Record) -> None:
        for base in declared(told):
            self._by_base[base.casefold()][told["_id"]] = told

    def add(self, shelf: dict[str, Record], told: Record, *, depth: int | None = None) -> None:
        """Put a repository on a shelf, and where it can be found."""
        model_id = told["id"]
        shelf[model_id] = told
        self._by_name[model_id.casefold()] = told
        self._by_author[told["author"].casefold()][told["_id"]] = told
        self._index_bases(told)
        if depth is not None:
            self.depth[model_id] = depth

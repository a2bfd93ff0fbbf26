"""Repositories of a made-up history: of families from a seed, or of a made-up Hub."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tests.fakes.records import declared, relation_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.schemas import Family
    from tests.fakes.world import World


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


def of_families(  # noqa: PLR0913, PLR0917 - each is a size
    families: Sequence[Family],
    official: int,
    derivatives: int,
    strangers: int,
    days: tuple[date, date],
    seed: int,
) -> tuple[Repository, ...]:
    """So many ``official`` models in each account, and others in all; see ``MadeHistory``."""
    start, end = days
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
    return tuple(made)


def of_world(world: World, derivatives: int, days: tuple[date, date]) -> tuple[Repository, ...]:
    """The world's official models and its most downloaded derivatives."""
    start, end = days
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
    return tuple(made)

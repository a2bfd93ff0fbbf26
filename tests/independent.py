"""Figures worked out a second time, in plain Python from the CSV files."""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
DAYS = (
    "2026-03-21",
    "2026-04-01",
    "2026-04-03",
    "2026-04-15",
    "2026-04-22",
    "2026-04-29",
    "2026-05-06",
    "2026-05-10",
)


def rows(name: str) -> list[dict[str, str]]:
    """Rows of a file of figures, all text."""
    with (DATA / "figures" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def official(day: str) -> dict[str, dict[str, int]]:
    """Downloads of each listed official model on one comparable day, by family."""
    rules = tomllib.loads((DATA / "makers.toml").read_text(encoding="utf-8"))["family"]
    found: dict[str, dict[str, int]] = {}
    for row in rows("readings"):
        if row["read_on"] != day or row["source"] != "llmfit":
            continue
        account, _, name = row["model_id"].partition("/")
        for rule in rules:
            accounts = [known.lower() for known in rule["accounts"]]
            if account.lower() in accounts and re.search(rule["pattern"], name, re.IGNORECASE):
                found.setdefault(rule["name"], {})[row["model_id"]] = int(row["downloads_30d"])
                break
    return found


@dataclass
class Headline:
    """What a headline has to say."""

    leader: str
    downloads: int
    share: float
    total: int
    models: int
    families: int
    biggest: str
    biggest_share: float


def headline(day: str, *, without_biggest: bool = False) -> Headline:
    """The leader of a day, and its figures."""
    families = official(day)
    sums, models = {}, 0
    for family, downloads in families.items():
        counted = sorted(downloads.values(), reverse=True)[without_biggest:]
        sums[family] = sum(counted)
        models += len(counted)
    leader = max((name for name in sums if len(families[name]) >= 5), key=lambda name: sums[name])
    biggest = max(families[leader], key=lambda model: families[leader][model])
    return Headline(
        leader,
        sums[leader],
        sums[leader] / sum(sums.values()),
        sum(sums.values()),
        models,
        len(families),
        biggest,
        families[leader][biggest] / sum(families[leader].values()),
    )

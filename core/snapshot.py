"""Builds the embedded snapshot: ``python -m core.snapshot``.

Reads the figures of ``data/figures`` and the definitions beside them, and
writes the typed tables of ``core.schemas`` to ``data/snapshot`` and the list
of origins to ``data/SOURCES.md``. The result depends on the figures alone.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pandas as pd

from core.errors import GroundswellError
from core.measure.families import FamilyRules
from core.schemas import (
    ARTEFACTS,
    EVENTS,
    LINKS,
    MILESTONES,
    MODELS,
    PRICES,
    READINGS,
    TABLES,
)
from core.store import parquet
from core.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from core.schemas import Family, Source

_COUNTS = ["downloads_30d", "likes", "parameters"]
_DAYS = ["read_on", "created_on", "released_on", "seen_on", "session", "date", "start", "end"]


def build(store: Store) -> dict[str, pd.DataFrame]:
    """The tables of the snapshot, by name, from ``data/figures``."""
    figures = store.embedded / "figures"
    readings = _readings(_figures(figures / "readings.csv"))
    links = _figures(figures / "links.csv")
    events = _figures(figures / "events.csv")
    milestones = _figures(figures / "milestones.csv").rename(columns={"value": "value_text"})
    milestones["value"] = pd.to_numeric(milestones["value_text"], errors="coerce")
    tables = {
        READINGS.name: readings,
        LINKS.name: links,
        MODELS.name: _models(_figures(figures / "models.csv"), readings, links, store.families()),
        PRICES.name: _figures(figures / "prices.csv").astype({"index_100": "float64"}),
        MILESTONES.name: milestones,
        EVENTS.name: events.assign(at=pd.to_datetime(events["at"], utc=True)),
        ARTEFACTS.name: _figures(figures / "artefacts.csv"),
    }
    return {name: _shaped(frame, name) for name, frame in tables.items()}


def origins(sources: Iterable[Source]) -> str:
    """The text of ``data/SOURCES.md``."""
    lines = [
        "# Where the figures come from",
        "",
        "Written by `make snapshot` from `sources.toml`. Rows of `milestones.csv`,",
        "`events.csv` and `artefacts.csv` also name their own source.",
        "",
        "| key | origin | licence | what it holds |",
        "|---|---|---|---|",
    ]
    for source in sources:
        origin = f"[{source.name}]({source.address})" if source.address else source.name
        lines.append(f"| `{source.key}` | {origin} | {source.licence} | {source.holds} |")
    return "\n".join(lines) + "\n"


def _figures(path: Path) -> pd.DataFrame:
    """A CSV of figures: text as it stands, counts and days typed, empty as null."""
    frame = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
    for name in frame.columns.intersection(_COUNTS):
        frame[name] = frame[name].astype("Int64")
    for name in frame.columns.intersection(_DAYS):
        frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d")
    return frame


def _readings(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(read_at=frame["read_on"].dt.tz_localize("UTC"))


def _models(
    known: pd.DataFrame,
    readings: pd.DataFrame,
    links: pd.DataFrame,
    families: tuple[Family, ...],
) -> pd.DataFrame:
    """Every model that a reading or a link names, with what is known of it."""
    seen = pd.concat(
        [
            readings[["model_id", "read_on"]].set_axis(["model_id", "day"], axis=1),
            links[["child", "seen_on"]].set_axis(["model_id", "day"], axis=1),
            links[["parent", "seen_on"]].set_axis(["model_id", "day"], axis=1),
        ]
    )
    days = seen.groupby("model_id")["day"].agg(first_seen="min", last_seen="max")
    models = days.reset_index().merge(known, on="model_id", how="left")
    models["family"] = FamilyRules(families).assign(models["model_id"])
    maker = {family.name: family.maker for family in families}
    return models.assign(maker=models["family"].map(maker))


def _shaped(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """``frame`` with the table's columns, those without figures empty, sorted."""
    table = TABLES[name]
    order = [column.name for column in table.columns]
    unknown = dict.fromkeys([name for name in order if name not in frame.columns])
    frame = frame.assign(**unknown)[order]
    return frame.sort_values(list(table.key), ignore_index=True)


def main() -> int:
    """Build and write everything; 0 when all went well, 1 otherwise."""
    store = Store(home=None)
    try:
        for name, frame in build(store).items():
            table = TABLES[name]
            parquet.write(frame, store.snapshot_file(table), table)
            print(f"{name:<11} {len(frame):>6} rows")
        text = origins(store.sources().values())
        (store.embedded / "SOURCES.md").write_text(text, encoding="utf-8")
    except GroundswellError as error:
        print(error.sentence, error.advice, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

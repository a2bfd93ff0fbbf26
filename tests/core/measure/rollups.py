"""Counter files for roll-ups, written by hand or from a made-up history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.counter_schemas import COUNTERS, MODELS, RENAMES
from core.measure.families import FamilyRules
from core.measure.membership import Membership, of_models
from tests.core.frames import family
from tests.core.measure.rollup_independent import Model
from tests.fakes.history import MadeHistory

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from core.schemas import Family
    from tests.core.measure.rollup_independent import Reading
    from tests.fakes.history import Faults

FAMILIES = (
    family("Qwen", ("Qwen",)),
    family("GLM", ("zai-org", "THUDM"), "glm"),
    family("Gemma", ("google",), "gemma"),
)
RULES = FamilyRules(FAMILIES)
NO_FACTS = pd.DataFrame(
    {
        "model_id": pd.Series(dtype="str"),
        "created_on": pd.Series(dtype="datetime64[ms]"),
        "task": pd.Series(dtype="str"),
        "format": pd.Series(dtype="str"),
    }
)


def write(folder: Path, rows: Iterable[Reading | tuple[str, date, int | None, int]]) -> list[Path]:
    """One file a month, in the order of ``rows``."""
    folder.mkdir(parents=True, exist_ok=True)
    months: dict[str, list[tuple[str, date, int | None, int]]] = {}
    for name, day, counter, *rest in rows:
        months.setdefault(f"{day:%Y-%m}", []).append((name, day, counter, rest[0] if rest else 0))
    for month, held in months.items():
        columns = dict(zip(COUNTERS.names, zip(*held, strict=True), strict=True))
        pq.write_table(pa.table(columns, schema=COUNTERS), folder / f"{month}.parquet")
    return sorted(folder.glob("*.parquet"))


def links(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["child", "parent", "relation"]).astype("str")


def members(*ids: str, declared: pd.DataFrame | None = None, **renamed: str) -> Membership:
    """Membership of ``ids`` in ``FAMILIES``."""
    told = links() if declared is None else declared
    return of_models(ids, NO_FACTS, told, renamed, RULES)


def made_history(start: date, end: date, faults: Faults, families: Sequence[Family]) -> MadeHistory:
    """A history in which a task, an age and a format differ from model to model."""
    made = MadeHistory.of_families(
        families, official=10, start=start, end=end, faults=faults, strangers=5
    )
    repositories = []
    for at, one in enumerate(made.repositories):
        task = ("text-generation", "image-text-to-text", "feature-extraction", "")[at % 4]
        repositories.append(replace(one, task=task, is_gguf=at % 5 == 0))
    # An official model that is built on another family's, and a chain below it.
    first, other = repositories[0], repositories[-12]
    repositories[1] = replace(repositories[1], bases=(repositories[9].id,), relation="finetune")
    repositories[-11] = replace(repositories[-11], bases=(first.id, other.id), relation="merge")
    return MadeHistory(tuple(repositories), start, end, made.seed, faults)


def lay_out(
    history: MadeHistory, folder: Path, level: str = "everything", until: date = date.max
) -> list[Path]:
    """The counter files of ``history`` under ``folder``, with what is known of its models.

    A file that would be the same is left alone.
    """
    paths = []
    (folder / level).mkdir(parents=True, exist_ok=True)
    for month in history.months:
        told = history.published(month).select(["id", "day", "dl_all", "dl30"])
        rows = told.rename_columns(COUNTERS.names).cast(COUNTERS)
        rows = rows.filter(pc.field("day") <= until)
        path = folder / level / f"{month}.parquet"
        if len(rows):
            paths.append(path)
            if not path.exists() or not pq.read_table(path).equals(rows):
                pq.write_table(rows, path)
    renames = history.renames()
    columns = {"old": list(renames), "new": list(renames.values())}
    pq.write_table(pa.table(columns, schema=RENAMES), folder / "renames.parquet")
    pq.write_table(_models(history), folder / "models.parquet")
    return paths


def readings(history: MadeHistory) -> list[Reading]:
    """All that was published, one row after the other."""
    rows = history.truth()
    return [
        (name, day.date(), None if pd.isna(counter) else int(counter))
        for name, day, counter in zip(rows["id"], rows["day"], rows["dl_all"], strict=True)
    ]


def as_models(history: MadeHistory) -> list[Model]:
    """The repositories, with what the two bases of language models ask for, by eye."""
    return [
        Model(
            one.id,
            one.bases,
            language=one.task in {"text-generation", "image-text-to-text"},
            # All were created in 2025, and no name says anything of a format.
            named=one.task in {"text-generation", "image-text-to-text"}
            and not one.is_gguf
            and one.relation != "quantized",
        )
        for one in history.repositories
    ]


def _models(history: MadeHistory) -> pa.Table:
    made = history.repositories
    return pa.table(
        {
            "id": [one.id for one in made],
            "hub_id": [one.hub_id for one in made],
            "created_at": pa.array([pd.Timestamp(one.created, tz="UTC") for one in made]).cast(
                pa.timestamp("ms", tz="UTC")
            ),
            "pipeline_tag": [one.task or None for one in made],
            "is_gguf": [one.is_gguf for one in made],
            "base_relation": [one.relation or None for one in made],
            "base_ids": [list(one.bases) for one in made],
        },
        schema=MODELS,
    )

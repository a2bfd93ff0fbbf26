"""What claims are held against, from a few rows written by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from core.measure.claims_figures import Figures
from core.measure.coverage import Coverage
from core.measure.families import FamilyRules
from core.measure.forest import Forest
from core.measure.history import SOURCE_ORDER, history
from core.measure.model_rows import model_history
from core.schemas import (
    ARTEFACTS,
    EVENTS,
    LINKS,
    LISTINGS,
    MILESTONES,
    MODELS,
    READINGS,
    Claim,
    WorkedExample,
)
from core.store.parquet import empty
from tests.core.frames import family

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.schemas import Table

FIRST = pd.Timestamp("2025-12-01")
TODAY = pd.Timestamp("2026-11-25")
NAMES = ("Qwen", "Llama", "DeepSeek", "GLM")

Counters = dict[str, "Sequence[int | None]"]
"""All-time counters of each family at the end of each day from ``FIRST`` on; None is missing."""


def daily(counters: Mapping[str, Counters]) -> pd.DataFrame:
    """Rows of table ``daily`` by basis: differences of counters, a gap's total after the gap."""
    rows: list[tuple[str, pd.Timestamp, int, str, int, int]] = []
    for basis, families in counters.items():
        for name, values in families.items():
            last, at = values[0], 0
            assert last is not None
            for day, counter in enumerate(values[1:], start=1):
                if counter is None:
                    continue
                when = FIRST + pd.Timedelta(days=day)
                rows.append((name, when, counter - last, basis, day - at, counter))
                last, at = counter, day
    columns = ["family", "day", "downloads", "basis", "days", "all_time"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(model_id=None, source="hand", complete=True)


def model_daily(counters: Mapping[str, Sequence[int]]) -> pd.DataFrame:
    """Rows of table ``model_daily`` of models named family/number."""
    rows = [
        (name, name.partition("/")[0], FIRST + pd.Timedelta(days=day), now - before, 1, now, "hand")
        for name, values in counters.items()
        for day, (before, now) in enumerate(pairwise(values), start=1)
    ]
    columns = ["model_id", "family", "day", "downloads", "days", "all_time", "source"]
    return pd.DataFrame(rows, columns=columns)


def rows(table: Table, *found: Mapping[str, object]) -> pd.DataFrame:
    """Rows of ``table`` of which only some columns matter."""
    if not found:
        return empty(table)
    frame = pd.DataFrame(list(found)).reindex(columns=[column.name for column in table.columns])
    return frame.astype(dict(empty(table).dtypes))


def figures(  # noqa: PLR0913 - each of the tables, where a test needs it
    counters: Mapping[str, Counters] | None = None,
    *,
    models_daily: Mapping[str, Sequence[int]] | None = None,
    official: pd.DataFrame | None = None,
    links: pd.DataFrame | None = None,
    models: pd.DataFrame | None = None,
    coverage: Coverage | None = None,
    levels: pd.DataFrame | None = None,
    artefacts: pd.DataFrame | None = None,
    events: pd.DataFrame | None = None,
    milestones: pd.DataFrame | None = None,
) -> Figures:
    """Figures of four families, of which the tables not given are empty."""
    families = tuple(family(name, (name,)) for name in NAMES)
    held = daily(counters) if counters else None
    histories = {key: history(held, key) for key in counters or {}} if held is not None else {}
    nothing = pd.DataFrame(
        {
            "day": pd.Series(dtype="datetime64[ms]"),
            "family": pd.Series(dtype="str"),
            "model_id": pd.Series(dtype="str"),
            "downloads": pd.Series(dtype="int64"),
            "source": pd.Series(dtype="str"),
        }
    )
    prices = pd.DataFrame(
        {
            "ticker": pd.Series(dtype="str"),
            "session": pd.Series(dtype="datetime64[ms]"),
            "level": pd.Series(dtype="float64"),
            "source": pd.Series(dtype="str"),
        }
    )
    single = model_history(model_daily(models_daily), SOURCE_ORDER) if models_daily else None
    return Figures(
        families=families,
        rules=FamilyRules(families),
        histories=histories,
        single=single,
        official=nothing if official is None else official,
        forest=Forest.of(
            rows(LINKS) if links is None else links,
            rows(MODELS) if models is None else models,
            rows(READINGS),
            rows(LISTINGS),
        ),
        models=rows(MODELS) if models is None else models,
        coverage=coverage or Coverage(0, 0, 0, 0, None),
        levels=prices if levels is None else levels,
        artefacts=rows(ARTEFACTS) if artefacts is None else artefacts,
        events=rows(EVENTS) if events is None else events,
        milestones=rows(MILESTONES) if milestones is None else milestones,
        example=WorkedExample(
            datetime(2026, 1, 12, 16, 8, tzinfo=UTC),
            "BABA",
            165.68,
            "said",
            "source",
            "https://example.org",
            ((date(2026, 1, 9), 150.96), (date(2026, 1, 12), 166.31)),
            "closes",
        ),
        today=TODAY,
    )


def claim(measure: str, relation: str, value: float, **more: object) -> Claim:
    """A claim about Qwen on days of December 2025, unless ``more`` says otherwise."""
    said: dict[str, object] = {
        "key": "one",
        "kind": "measurable",
        "text": "A sentence.",
        "subject": "Qwen",
        "measure": measure,
        "relation": relation,
        "value": value,
        "period": "2025-12-02..2025-12-04",
    }
    return Claim(**(said | more))  # type: ignore[arg-type]

"""Counts of large tables, made once a refresh so that no server reads them whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.errors import TableUnreadable
from core.schemas import MODELS, TABLES
from core.store.counts import Counted, Counts

if TYPE_CHECKING:
    from core.schemas import Table
    from core.store.store import Store

_MEMORY: Final = "400MB"
"""What counting may take; what needs more goes by way of the disk."""


def keep_counts(store: Store) -> bool:
    """Count the rows of the large tables whose files have changed; whether any was counted.

    Raises a ``StoreError`` where a file cannot be read, or the count not written.
    """
    counts = Counts(store)
    wanted = [
        table for table in TABLES.values() if counts.large(table) and counts.read(table) is None
    ]
    for table in wanted:
        counts.write(table, _counted(counts, table))
    return bool(wanted)


def _counted(counts: Counts, table: Table) -> Counted:
    """What the rows of ``table`` are; of rows with one key the newest counts, as in ``joined``.

    What the newest row of a model does not know an older one may.
    """
    import duckdb  # noqa: PLC0415 - only a refresh needs it

    named = {column.name for column in table.columns}
    files = [str(path) for path in counts.files(table)]
    with duckdb.connect(config={"memory_limit": _MEMORY, "threads": 2}) as database:
        database.execute("SET enable_progress_bar = false")
        database.execute("SET TimeZone = 'UTC'")
        try:
            rows = database.read_parquet(files, union_by_name=True)
            here = [name for name in rows.columns if name in named]
            count, *filled = _one(_each_once(rows, table, here))
            first, last = _one(
                rows.aggregate(f'min("{table.when}")::DATE, max("{table.when}")::DATE')
            )
            sources = rows.project('"source"').distinct().fetchall() if "source" in here else []
            (models,) = (
                _one(rows.aggregate('count(DISTINCT "model_id")')) if "model_id" in here else (0,)
            )
        except duckdb.Error as error:
            sentence = f"The rows of the table '{table.name}' could not be counted."
            raise TableUnreadable(table.name, sentence) from error
    return Counted(
        rows=int(count),
        first=first.isoformat() if first else "",
        last=last.isoformat() if last else "",
        sources=tuple(sorted(str(source) for (source,) in sources)),
        models=int(models),
        known={name: int(number) for name, number in zip(here, filled, strict=False)},
    )


def _each_once(rows: Any, table: Table, here: list[str]) -> Any:  # noqa: ANN401 - of DuckDB
    """One row: the number of keys; for models also how many have each column anywhere."""
    key = ", ".join(f'"{name}"' for name in table.key)
    if table is not MODELS:
        return rows.project(key).distinct().aggregate("count(*)")
    knows = ", ".join(f'count("{name}") > 0 AS "{name}"' for name in here)
    each = rows.aggregate(knows, key)
    return each.aggregate(", ".join(["count(*)", *(f'count_if("{name}")' for name in here)]))


def _one(relation: Any) -> tuple[Any, ...]:  # noqa: ANN401 - of DuckDB
    (row,) = relation.fetchall()
    return tuple(row)

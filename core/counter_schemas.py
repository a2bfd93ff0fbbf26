"""The columns of counter files: what a public history becomes on this machine.

Contracts as in ``core/schemas.py``, for files of up to a billion rows that are
read where they lie and never by the site.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pyarrow as pa

_READING: Final[list[pa.Field[Any]]] = [
    pa.field("id", pa.string(), nullable=False),
    pa.field("day", pa.date32(), nullable=False),
    pa.field("all_time", pa.int64()),
    pa.field("downloads_30d", pa.int64()),
]

COUNTERS: Final = pa.schema(_READING)
"""Readings by day, sorted by id and day, each pair once.

``id`` is a model's name on that day, or an account's where the level is
accounts. ``all_time`` is null where the history does not know it, and always
before ``FLOOR``; it is never zero for unknown.
"""

RENAMES: Final = pa.schema(
    [pa.field("old", pa.string(), nullable=False), pa.field("new", pa.string(), nullable=False)]
)
"""A repository's earlier name, and the one that followed."""

_REPOSITORY: Final[list[pa.Field[Any]]] = [
    pa.field("id", pa.string(), nullable=False),
    pa.field("hub_id", pa.string()),
    pa.field("created_at", pa.timestamp("ms", tz="UTC")),
    pa.field("pipeline_tag", pa.string()),
    pa.field("is_gguf", pa.bool_()),
    pa.field("base_relation", pa.string()),
    pa.field("base_ids", pa.list_(pa.string())),
]

MODELS: Final = pa.schema(_REPOSITORY)
"""What membership in a family is worked out from; one row a repository."""

FLOOR: Final = date(2025, 2, 27)
"""First day with an all-time counter in any public history."""

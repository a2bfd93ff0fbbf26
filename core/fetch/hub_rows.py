"""What the Hub says of one model, checked field by field.

Everything in an answer is outside text and may be of any type. A field that
is not what it should be is unknown; a row without a proper id is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

FIELDS: Final = (
    "createdAt",
    "downloads",
    "downloadsAllTime",
    "gated",
    "gguf",
    "library_name",
    "likes",
    "pipeline_tag",
    "safetensors",
    "tags",
)
"""What the Hub is asked for: no more than is stored."""

RELATIONS: Final = ("finetune", "adapter", "quantized", "merge")
UNKNOWN_RELATION: Final = "unknown"

_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,96}/[A-Za-z0-9._-]{1,96}")
_FORMATS: Final = ("gguf", "mlx", "exl2", "exl3", "awq", "gptq", "openvino", "onnx", "safetensors")
"""File formats by their tags, the more telling ones first."""

_LICENCE: Final = "license:"
_LARGEST: Final = 2**53
_LONGEST_TEXT: Final = 200


@dataclass(frozen=True)
class ModelRow:
    """One model as the Hub told of it; None is unknown.

    ``downloads_30d`` is the Hub's trailing counter, ``parents`` are (id,
    relation) pairs as the author declared them, itself left out.
    """

    model_id: str
    hub_id: str | None
    created_on: date | None
    parameters: int | None
    task: str | None
    licence: str | None
    library: str | None
    gated: bool | None
    format: str | None
    downloads_30d: int | None
    downloads_all_time: int | None
    likes: int | None
    parents: tuple[tuple[str, str], ...]


def model_row(told: object) -> ModelRow | None:
    """One row of a listing, or of a model's own page. None where it names no model."""
    if not isinstance(told, dict):
        return None
    model_id = told.get("id")
    if not isinstance(model_id, str) or not _ID.fullmatch(model_id):
        return None
    tags = _tags(told.get("tags"))
    return ModelRow(
        model_id=model_id,
        hub_id=_text(told.get("_id")),
        created_on=_day(told.get("createdAt")),
        parameters=_total(told.get("safetensors")) or _total(told.get("gguf")),
        task=_text(told.get("pipeline_tag")),
        licence=_text(next((tag for tag in tags if tag.startswith(_LICENCE)), "")[len(_LICENCE) :]),
        library=_text(told.get("library_name")),
        gated=_gated(told.get("gated")),
        format=next((name for name in _FORMATS if name in tags), None),
        downloads_30d=_count(told.get("downloads")),
        downloads_all_time=_count(told.get("downloadsAllTime")),
        likes=_count(told.get("likes")),
        parents=tuple(_parents(tags, model_id)),
    )


def _parents(tags: list[str], model_id: str) -> Iterator[tuple[str, str]]:
    """Parents in the order declared. Tags come in pairs, one of them with the relation."""
    relations: dict[str, str] = {}
    for tag in tags:
        if not tag.startswith("base_model:"):
            continue
        parent = tag[len("base_model:") :]
        relation, _, rest = parent.partition(":")
        if rest and relation in RELATIONS:
            relations[rest] = relation
        else:
            relations.setdefault(parent, UNKNOWN_RELATION)
    for parent, relation in relations.items():
        if _ID.fullmatch(parent) and parent.casefold() != model_id.casefold():
            yield parent, relation


def _tags(value: object) -> list[str]:
    if not isinstance(value, list):
        return []
    return [tag for tag in value if isinstance(tag, str) and 0 < len(tag) <= _LONGEST_TEXT]


def _text(value: object) -> str | None:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_TEXT:
        return None
    # What is not a character (half a pair) can be written to no file.
    return value if value.isprintable() else None


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _LARGEST else None


def _total(value: object) -> int | None:
    return _count(value.get("total")) if isinstance(value, dict) else None


def _gated(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return True if value in ("auto", "manual") else None


def _day(value: object) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).date()
    except (ValueError, OverflowError):
        return None

"""What the Hub may be asked about models, how it pages, and how it refuses."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any, Final

from tests.fakes.server import Answer

if TYPE_CHECKING:
    from tests.fakes.records import Record

RELATIONS: Final = ("adapter", "finetune", "merge", "quantized")

LIST_FIELDS: Final = (
    "author",
    "cardData",
    "config",
    "createdAt",
    "disabled",
    "downloads",
    "downloadsAllTime",
    "evalResults",
    "gated",
    "gguf",
    "inference",
    "inferenceProviderMapping",
    "lastModified",
    "library_name",
    "likes",
    "mask_token",
    "model-index",
    "pipeline_tag",
    "private",
    "resourceGroup",
    "safetensors",
    "sha",
    "siblings",
    "spaces",
    "tags",
    "transformersInfo",
    "trendingScore",
    "widgetData",
)
"""What a listing may be asked to expand."""
DETAIL_FIELDS: Final = (*LIST_FIELDS, "baseModels", "childrenModelCount", "usedStorage")
"""What one model's own page may be asked to expand."""

PLAIN_LIST: Final = (
    "createdAt",
    "downloads",
    "library_name",
    "likes",
    "pipeline_tag",
    "private",
    "tags",
    "trendingScore",
)
PLAIN_DETAIL: Final = (
    *PLAIN_LIST,
    "author",
    "cardData",
    "disabled",
    "gated",
    "gguf",
    "lastModified",
    "safetensors",
    "sha",
    "siblings",
    "usedStorage",
)
SORTS: Final = ("trendingScore", "createdAt", "downloads", "lastModified", "likes")


def relation_and_parent(tag: str) -> tuple[str, str]:
    """Both parts of ``base_model:<relation>:<id>``; the relation is "" where none is named."""
    parent = tag.partition(":")[2]
    relation, _, rest = parent.partition(":")
    return (relation, rest) if rest and relation in RELATIONS else ("", parent)


def order(told: Record, sort: str) -> tuple[Any, str]:
    return told[sort], told["_id"]


def write_cursor(after: tuple[Any, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(after).encode()).decode()


def read_cursor(text: str) -> tuple[Any, str] | None:
    try:
        value, hub_id = json.loads(base64.urlsafe_b64decode(text))
    except (binascii.Error, ValueError, TypeError):
        return None
    return value, hub_id


def bad_request(message: str) -> Answer:
    return Answer.of_json({"error": message}, 400, {"X-Error-Message": message})


def refused(fields: list[str], allowed: tuple[str, ...]) -> Answer | None:
    """A 400 for the whole request if one field may not be expanded here."""
    for place, name in enumerate(fields):
        if name not in allowed:
            options = "|".join(f'"{one}"' for one in allowed)
            message = f"Invalid option: expected one of {options} at expand[{place}]"
            return Answer.of_json({"error": message}, 400)
    return None

"""One repository of the fake Hub, as the Hub itself tells of it."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from tests.fakes.names import parameters_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

Record = dict[str, Any]

OLDEST: Final = datetime(2022, 3, 2, 23, 29, 4, tzinfo=UTC)
"""What the Hub gives as the creation of everything older."""

_LIBRARIES: Final = {
    "finetune": (("transformers", 85), (None, 15)),
    "adapter": (("peft", 90), ("transformers", 5), (None, 5)),
    "quantized": (("transformers", 60), (None, 30), ("llama.cpp", 10)),
    "merge": (("transformers", 90), (None, 10)),
}


def moment(at: datetime) -> str:
    """A moment as the Hub writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def hub_id(random: Random, at: datetime) -> str:
    """An id that never changes: seconds, then chance, 24 hexadecimal digits."""
    return f"{int(at.timestamp()):08x}{random.getrandbits(64):016x}"


def base_tags(parents: Sequence[str], relation: str) -> list[str]:
    """Tags of the declared bases, in the Hub's pairs."""
    return [tag for parent in parents for tag in _pair(parent, relation)]


def _pair(parent: str, relation: str) -> tuple[str, str]:
    return f"base_model:{parent}", f"base_model:{relation}:{parent}"


def all_time(random: Random, downloads: int, age_days: float) -> int:
    """All downloads of a repository that has ``downloads`` in its last 30 days."""
    return downloads + int(downloads * max(0.0, age_days - 30) / 30 * random.uniform(0.2, 1.2))


def record(  # noqa: PLR0913 - as many as a repository has facts
    random: Random,
    model_id: str,
    created: datetime,
    *,
    downloads: int,
    now: datetime,
    licence: str | None,
    task: str | None = "text-generation",
    gated: str | bool = False,
    library: str | None = "transformers",
    form: str = "safetensors",
    parameters: int | None = None,
    parents: Sequence[str] = (),
    relation: str = "",
) -> Record:
    """All fields that a listing can be asked for; a field left out is unknown to the Hub.

    ``form`` is "gguf" or "safetensors", ``parents`` as the author wrote them.
    """
    tags = [tag for tag in (library, form, task) if tag]
    if form == "gguf" and library == "transformers":
        tags = ["transformers", "gguf", "text-generation-inference", "en"]
    tags += base_tags(parents, relation)
    if licence:
        tags.append(f"license:{licence}")
    tags += ["endpoints_compatible", "region:us"] if form == "safetensors" else ["region:us"]
    told: Record = {
        "_id": hub_id(random, created),
        "id": model_id,
        "author": model_id.partition("/")[0],
        "createdAt": moment(created),
        "lastModified": moment(min(now, created + timedelta(days=random.uniform(0, 90)))),
        "downloads": downloads,
        "downloadsAllTime": all_time(random, downloads, (now - created).days),
        "likes": int(math.sqrt(downloads) * random.uniform(0, 1.5)),
        "tags": tags,
        "gated": gated,
        "private": False,
        "disabled": False,
        "trendingScore": 0,
        "sha": f"{random.getrandbits(160):040x}",
    }
    if library:
        told["library_name"] = library
    if task:
        told["pipeline_tag"] = task
    if parents:
        told["cardData"] = {"base_model": list(parents)}
    if parameters and form == "gguf":
        told["gguf"] = {"total": parameters, "architecture": "llama", "context_length": 32768}
    elif parameters:
        told["safetensors"] = {"parameters": {"BF16": parameters}, "total": parameters}
    return told


def derivative(  # noqa: PLR0913 - likewise
    random: Random,
    model_id: str,
    relation: str,
    parents: Sequence[str],
    *,
    downloads: int,
    licence: str,
    after: datetime,
    now: datetime,
) -> Record:
    """A repository that someone built on ``parents``, created between ``after`` and ``now``.

    As on the Hub, some tell no licence, no task, no library or no size; one in
    a hundred has no all-time counter.
    """
    chance = random.random()
    created = after + (now - after) * (1 - random.random() ** 1.5)
    names, weights = zip(*_LIBRARIES[relation], strict=True)
    told = record(
        random,
        model_id,
        created,
        downloads=downloads,
        now=now,
        licence=licence
        if chance < 0.7
        else ("apache-2.0", "mit", "cc-by-nc-4.0", None)[int(chance * 1000) % 4],
        task="text-generation" if random.random() < 0.85 else None,
        gated="auto" if random.random() < 0.02 else False,
        library=random.choices(names, weights)[0],
        form="gguf" if "gguf" in model_id.lower() else "safetensors",
        parameters=parameters_in(model_id) if relation != "adapter" and chance < 0.8 else None,
        parents=parents,
        relation=relation,
    )
    if "mlx-community" in model_id:
        told["tags"].insert(0, "mlx")
    if random.random() < 0.01:
        told["downloadsAllTime"] = None
    return told


def declared(told: Record) -> list[str]:
    """Ids that a repository names as its bases, as written, each once."""
    return list(told.get("cardData", {}).get("base_model", ()))


def relation_of(told: Record) -> str:
    """How a repository says it was made, "" where it names no base."""
    for tag in told["tags"]:
        kind = tag.split(":")
        if kind[0] == "base_model" and len(kind) == 3:
            return str(kind[1])
    return ""

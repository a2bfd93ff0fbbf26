"""Thousands of listings of the Hub made up by chance: read right, or refused with a named error.

What is right is read from the same answers a second time, by other means.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SourceUnreadable
from core.fetch.http import Visit
from core.fetch.hub import Hub
from core.measure.families import FamilyRules
from core.refreshing import rows
from core.schemas import LINKS, MODELS, READINGS
from core.store import parquet
from core.store.store import Store
from tests.fakes.hub import HubFake
from tests.fakes.server import Fault
from tests.fakes.world import World
from tests.faults.flood import FEW, MANY, NOW, flood, junk, numbers, or_junk, texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.fetch.hub_rows import ModelRow

AT_ONCE: Final = 40
"""Rows that are written to the tables together."""
SIZES: Final = ("safetensors", "gguf")
FORMATS: Final = ("gguf", "mlx", "exl2", "exl3", "awq", "gptq", "openvino", "onnx", "safetensors")

names = st.from_regex(
    re.compile(r"[A-Za-z0-9._-]{1,8}/[A-Za-z0-9._-]{1,8}", re.ASCII), fullmatch=True
)
tags = st.one_of(
    st.sampled_from(["gguf", "mlx", "onnx", "license:mit", "license:", "base_model:", "awq"]),
    st.builds("base_model:{}".format, names),
    st.builds(
        "base_model:{}:{}".format,
        st.sampled_from(["finetune", "adapter", "quantized", "merge", "stolen"]),
        names,
    ),
    st.builds("license:{}".format, texts),
    texts,
)
days = st.one_of(
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
    st.sampled_from(["", "2026-02-30", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]),
)
totals = st.fixed_dictionaries({}, optional={"total": numbers, "parameters": junk})


models = st.fixed_dictionaries(
    {"id": or_junk(names)},
    optional={
        "_id": or_junk(st.text("0123456789abcdef", min_size=24, max_size=24)),
        "createdAt": or_junk(days),
        "downloads": or_junk(numbers),
        "downloadsAllTime": or_junk(numbers),
        "likes": or_junk(numbers),
        "gated": or_junk(st.sampled_from([False, True, "auto", "manual", "maybe"])),
        "library_name": or_junk(texts),
        "pipeline_tag": or_junk(texts),
        "safetensors": or_junk(totals),
        "gguf": or_junk(totals),
        "tags": or_junk(st.lists(or_junk(tags), max_size=6)),
        "brandNewField": junk,
    },
)
listings = or_junk(st.lists(or_junk(models), max_size=4))


def plain_id(value: object) -> bool:
    """Whether this is the name of a model: account/repository, of letters, digits and ``._-``."""
    if not isinstance(value, str) or value.count("/") != 1:
        return False
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    return all(1 <= len(part) <= 96 and set(part) <= allowed for part in value.split("/"))


def plain_count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= 2**53 else None


def plain_text(value: object) -> str | None:
    fits = type(value) is str and 1 <= len(value) <= 200 and value.isprintable()
    return value if fits else None


def plain_tags(told: dict[str, Any]) -> list[str]:
    value = told.get("tags")
    value = value if type(value) is list else []
    return [tag for tag in value if type(tag) is str and 1 <= len(tag) <= 200]


def plain_parents(told: dict[str, Any]) -> set[tuple[str, str]]:
    """Each declared parent with its relation: the last that is told, "unknown" without one."""
    known = ("finetune", "adapter", "quantized", "merge")
    pairs: dict[str, str] = {}
    for tag in plain_tags(told):
        words = tag.split(":", 2)
        if words[0] != "base_model" or len(words) == 1:
            continue
        if len(words) == 3 and words[1] in known and words[2]:
            pairs[words[2]] = words[1]
        else:
            parent = ":".join(words[1:])
            pairs[parent] = pairs.get(parent, "unknown")
    return {
        (parent, relation)
        for parent, relation in pairs.items()
        if plain_id(parent) and parent.lower() != told["id"].lower()
    }


def plain_day(value: object) -> date | None:
    if type(value) is not str:
        return None
    try:
        told = datetime.fromisoformat(value)
    except ValueError:
        return None
    try:
        return (told.replace(tzinfo=None) - (told.utcoffset() or timedelta())).date()
    except OverflowError:
        return None


def assert_right(row: ModelRow, told: dict[str, Any]) -> None:
    assert row.model_id == told["id"]
    assert row.downloads_30d == plain_count(told.get("downloads"))
    assert row.downloads_all_time == plain_count(told.get("downloadsAllTime"))
    assert row.likes == plain_count(told.get("likes"))
    for name, field in (("hub_id", "_id"), ("task", "pipeline_tag"), ("library", "library_name")):
        assert getattr(row, name) == plain_text(told.get(field))
    assert row.created_on == plain_day(told.get("createdAt"))
    gated = told.get("gated")
    assert row.gated is (
        True if gated in ("auto", "manual") else gated if type(gated) is bool else None
    )
    assert set(row.parents) == plain_parents(told)
    assert len(row.parents) == len(set(row.parents))
    licences = [tag[8:] for tag in plain_tags(told) if tag[:8] == "license:"]
    assert row.licence == (plain_text(licences[0]) if licences else None)
    totals = [size.get("total") if type(size) is dict else None for size in map(told.get, SIZES)]
    first, second = map(plain_count, totals)
    assert row.parameters == (second if first in (None, 0) else first)
    formats = [name for name in FORMATS if name in plain_tags(told)]
    assert row.format == (formats[0] if formats else None)


def store_rows(read: list[ModelRow], folder: Path) -> None:
    """Into the tables and back, as a refresh does."""
    kept = list({row.model_id: row for row in read}.values())
    rules, none = FamilyRules(Store(None).families()), parquet.empty(MODELS)
    tables = {
        MODELS: rows.models(kept, none, rules, {}, NOW),
        LINKS: rows.links(kept, {}, parquet.empty(LINKS), "hub", NOW),
        READINGS: rows.readings(kept, "hub", NOW),
    }
    for table, frame in tables.items():
        path = folder / f"{table.name}.parquet"
        parquet.write(frame, path, table)
        back = parquet.read(path, table)
        assert len(back) == len(frame)
        if table is READINGS:
            counted = (
                back["downloads_30d"].astype(object).where(back["downloads_30d"].notna(), None)
            )
            assert counted.tolist() == [row.downloads_30d for row in kept]
        if table is MODELS:
            born = [None if day is pd.NaT else day.date() for day in back["created_on"]]
            assert born == [row.created_on for row in kept]


@pytest.fixture
def hub() -> Iterator[HubFake]:
    with HubFake(
        World(
            (),
        ),
        quota=10**9,
    ) as fake:
        yield fake


@pytest.mark.parametrize(
    "answers", [FEW, pytest.param(MANY, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_any_listing_of_the_hub_is_read_right_or_refused(
    hub: HubFake, tmp_path: Path, answers: int
) -> None:
    fault = Fault("status", code=200)
    hub.faults.append(fault)
    counts: Counter[str] = Counter()
    unstored: list[ModelRow] = []
    client = Hub(hub.url, "", Visit("Hugging Face", 3_000))

    @flood(answers)
    @given(listings)
    def answer(value: object) -> None:
        fault.body = json.dumps(value)
        told = json.loads(fault.body)
        counts["answers"] += 1
        named = (
            [one for one in told if type(one) is dict and plain_id(one.get("id"))]
            if (type(told) is list)
            else []
        )
        if type(told) is not list or (told and not named):
            with pytest.raises(SourceUnreadable):
                client.of_account("Qwen")
            counts["refused"] += 1
            return
        listing = client.of_account("Qwen")
        assert listing.complete
        assert listing.unreadable == len(told) - len(named)
        for row, one in zip(listing.rows, named, strict=True):
            assert_right(row, one)
        counts["models read"] += len(named)
        unstored.extend(listing.rows)
        if len(unstored) >= AT_ONCE:
            store_rows(unstored, tmp_path)
            unstored.clear()
        hub.forget()

    answer()
    store_rows(unstored, tmp_path)
    print(f"\nHub answers: {dict(counts)}; read wrongly: 0")  # noqa: T201

"""The embedded snapshot against the figures it is made of."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq
import pytest

from core import snapshot
from core.schemas import TABLES
from core.store import parquet
from tests.independent import DATA, rows

if TYPE_CHECKING:
    from pathlib import Path

    from core.store.store import Store

EMBEDDED = ("models", "readings", "links", "prices", "milestones", "events", "artefacts")


def cells(frame: pd.DataFrame, names: list[str]) -> Counter[tuple[str, ...]]:
    """Rows as a CSV would hold them: days as text, null as nothing; with repeats."""
    texts = []
    for name in names:
        column = frame[name]
        if pd.api.types.is_datetime64_any_dtype(column.dtype):
            column = column.dt.strftime("%Y-%m-%d")
        texts.append(["" if pd.isna(value) else str(value) for value in column])
    return Counter(zip(*texts, strict=True))


def figures(name: str, names: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(row[key] for key in names) for row in rows(name))


@pytest.fixture(scope="module")
def committed(store: Store) -> dict[str, pd.DataFrame]:
    return {name: store.load(TABLES[name]).frame for name in EMBEDDED}


@pytest.fixture(scope="module")
def built(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files as they are built here and now."""
    folder = tmp_path_factory.mktemp("built")
    for name, frame in snapshot.build(store).items():
        parquet.write(frame, folder / f"{name}.parquet", TABLES[name])
    return folder


def test_every_embedded_table_has_a_file_and_no_other_has() -> None:
    assert {path.stem for path in (DATA / "snapshot").iterdir()} == set(EMBEDDED)


def test_committed_files_are_what_the_figures_give(built: Path) -> None:
    for name in EMBEDDED:
        file = f"{name}.parquet"
        assert pq.read_table(DATA / "snapshot" / file).equals(pq.read_table(built / file)), name


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("readings", ["model_id", "downloads_30d", "likes", "source"]),
        ("links", ["child", "parent", "relation", "seen_on", "source"]),
        ("prices", ["ticker", "session", "currency", "source"]),
        (
            "events",
            ["date", "date_precision", "subject", "kind", "title", "source_name", "source_url"],
        ),
        ("artefacts", ["start", "end", "kind", "scope", "what", "source"]),
        (
            "milestones",
            [
                "as_of",
                "reported_on",
                "family",
                "subject",
                "metric",
                "unit",
                "source_name",
                "source_url",
                "note",
            ],
        ),
    ],
)
def test_every_row_of_the_figures_arrives(
    committed: dict[str, pd.DataFrame], name: str, columns: list[str]
) -> None:
    assert cells(committed[name], columns) == figures(name, columns)


def test_sums_of_downloads_by_source_and_day(committed: dict[str, pd.DataFrame]) -> None:
    expected: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows("readings"):
        expected[row["source"], row["read_on"]] += int(row["downloads_30d"])
    frame = committed["readings"]
    day = frame["read_at"].dt.strftime("%Y-%m-%d")
    assert frame.groupby(["source", day])["downloads_30d"].sum().to_dict() == expected
    assert len(expected) == 13


def test_a_reading_whose_hour_is_unknown_is_of_midnight_utc(
    committed: dict[str, pd.DataFrame],
) -> None:
    moments = committed["readings"]["read_at"]
    assert str(moments.dtype) == "datetime64[ms, UTC]"
    assert (moments == moments.dt.normalize()).all()


def test_likes_that_nobody_read_are_unknown_not_zero(committed: dict[str, pd.DataFrame]) -> None:
    likes = committed["readings"]["likes"]
    assert likes.isna().sum() == sum(row["likes"] == "" for row in rows("readings")) == 8370
    assert not (likes == 0).any()


def test_price_index_values(committed: dict[str, pd.DataFrame]) -> None:
    expected = {(row["ticker"], row["session"]): float(row["index_100"]) for row in rows("prices")}
    frame = committed["prices"]
    keys = zip(frame["ticker"], frame["session"].dt.strftime("%Y-%m-%d"), strict=True)
    assert dict(zip(keys, frame["index_100"], strict=True)) == expected


def test_no_price_leaves_the_site_as_money(committed: dict[str, pd.DataFrame]) -> None:
    frame = committed["prices"].sort_values("session")
    assert frame[["close", "adjusted_close"]].isna().all(axis=None)
    assert (frame.groupby("ticker")["index_100"].first() == 100).all()


def test_milestones_keep_the_text_and_have_the_number(
    committed: dict[str, pd.DataFrame],
) -> None:
    frame = committed["milestones"]
    texts = Counter(row["value"] for row in rows("milestones"))
    assert Counter(frame["value_text"]) == texts
    numbers = frame[frame["value"].notna()]
    assert (numbers["value"] == numbers["value_text"].map(float)).all()


def test_month_of_overtaking_is_no_number(committed: dict[str, pd.DataFrame]) -> None:
    frame = committed["milestones"]
    without = frame[frame["value"].isna()]
    assert sorted(without["value_text"]) == ["2025-09", "2025-10"]
    assert set(without["metric"]) == {"crossover_month"}


def test_every_model_that_is_named_is_listed_once_with_its_days(
    committed: dict[str, pd.DataFrame],
) -> None:
    days: dict[str, set[str]] = defaultdict(set)
    for row in rows("readings"):
        days[row["model_id"]].add(row["read_on"])
    for row in rows("links"):
        days[row["child"]].add(row["seen_on"])
        days[row["parent"]].add(row["seen_on"])
    expected = Counter((name, min(seen), max(seen)) for name, seen in days.items())
    assert cells(committed["models"], ["model_id", "first_seen", "last_seen"]) == expected


def test_models_have_what_is_known_of_them_and_no_more(
    committed: dict[str, pd.DataFrame],
) -> None:
    names = ["model_id", "created_on", "released_on", "parameters", "task"]
    known = {row["model_id"]: tuple(row[name] for name in names) for row in rows("models")}
    frame = committed["models"]
    expected = Counter(
        known.get(model_id, (model_id, "", "", "", "")) for model_id in frame["model_id"]
    )
    assert cells(frame, names) == expected
    unknown = frame[["hub_id", "licence", "library", "gated", "format"]]
    assert unknown.isna().all(axis=None)


def test_no_model_that_is_known_is_lost(committed: dict[str, pd.DataFrame]) -> None:
    assert {row["model_id"] for row in rows("models")} <= set(committed["models"]["model_id"])


def test_family_and_maker_of_models(committed: dict[str, pd.DataFrame]) -> None:
    frame = committed["models"].set_index("model_id")
    assert frame.loc["Qwen/Qwen3-8B", ["family", "maker"]].tolist() == ["Qwen", "Alibaba Cloud"]
    assert frame.loc["unsloth/Qwen3-8B", ["family", "maker"]].isna().all()
    assert frame["family"].isna().equals(frame["maker"].isna())


@pytest.mark.parametrize("name", EMBEDDED)
def test_key_names_a_row(committed: dict[str, pd.DataFrame], name: str) -> None:
    assert not committed[name].duplicated(list(TABLES[name].key)).any()


@pytest.mark.parametrize("name", ["readings", "links", "prices"])
def test_every_source_of_a_row_is_defined(
    committed: dict[str, pd.DataFrame], store: Store, name: str
) -> None:
    assert set(committed[name]["source"]) <= set(store.sources())


def test_list_of_origins_is_the_committed_one(store: Store) -> None:
    text = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    assert snapshot.origins(store.sources().values()) == text
    toml = (DATA / "sources.toml").read_text(encoding="utf-8")
    keys = re.findall(r"^\[source\.(.+)\]$", toml, re.MULTILINE)
    assert re.findall(r"^\| `(.+?)` \|", text, re.MULTILINE) == keys


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the project without the snapshot."""
    shutil.copytree(DATA.parent / "core", tmp_path / "core")
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("snapshot"))
    (tmp_path / "data" / "SOURCES.md").unlink()
    return tmp_path


def command(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-m", "core.snapshot"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_command_writes_the_same_bytes_anywhere(copied: Path, built: Path) -> None:
    done = command(copied)
    assert (done.returncode, done.stderr) == (0, "")
    assert dict(line.split()[:2] for line in done.stdout.splitlines())["readings"] == "9996"
    written = {path.name: path.read_bytes() for path in (copied / "data" / "snapshot").iterdir()}
    assert written == {path.name: path.read_bytes() for path in built.iterdir()}
    sources = (copied / "data" / "SOURCES.md").read_bytes()
    assert sources == (DATA / "SOURCES.md").read_bytes()


def test_command_says_in_words_what_is_wrong_with_a_definition(copied: Path) -> None:
    (copied / "data" / "makers.toml").write_text("[[family]]\nname = 'Falcon'")
    done = command(copied)
    assert done.returncode == 1
    assert done.stderr.startswith("In makers.toml, the family 'Falcon' lacks 'accounts'.")
    assert "Traceback" not in done.stderr

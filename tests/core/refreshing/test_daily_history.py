"""A public history in a refresh: chosen, fetched, kept up, accounted for."""

from __future__ import annotations

import json
import re
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core import refresh
from core.refreshing.daily_history import chosen_level
from core.schemas import HISTORY_FILES, REFRESHES
from core.store.counters import Counters, Mark
from core.store.store import Store
from tests.core.fetch.histories import FAMILIES
from tests.core.refreshing.daily_histories import NOW, content, run
from tests.fakes.history import PULSE, MadeHistory
from tests.fakes.hub import HubFake
from tests.fakes.world import World

if TYPE_CHECKING:
    from pathlib import Path


def test_chosen_level_is_fetched_marked_and_accounted_for(
    made: MadeHistory, hub: HubFake, tmp_path: Path, rolled: list[Store]
) -> None:
    said = StringIO()
    (told,) = run(hub, tmp_path, "official", said=said).values()
    assert told.outcome == "ok", told.message
    counters = Counters(tmp_path)
    months = counters.months("modelpulse", "official")
    assert list(months) == made.months
    marks = {month: Mark.of(path) for month, path in months.items()}
    assert all(mark and mark.licence == "apache-2.0" for mark in marks.values())
    files = Store(tmp_path).own(HISTORY_FILES).set_index("path").sort_index()
    assert files.index.tolist() == [f"series/{month}.parquet" for month in made.months]
    assert set(files["revision"]) == {hub.datasets.shelf[PULSE].sha}
    assert set(files["licence"]) == {"apache-2.0"}
    assert set(files["level"]) == {"official"}
    assert files["rows"].tolist() == [pq.read_metadata(path).num_rows for path in months.values()]
    assert files.loc["series/2025-08.parquet", "last_day"].date() == date(2025, 8, 10)
    assert files["bytes"].gt(0).all()
    assert rolled == [Store(tmp_path)]
    steps = [json.loads(line) for line in said.getvalue().splitlines()]
    done = [one["done"] for one in steps if one["kind"] == "step"]
    assert done == sorted(done)
    assert done[-1] >= files["bytes"].sum()
    assert not counters.downloads("modelpulse").exists()
    read = counters.read_renames("modelpulse")
    assert read is not None
    assert dict(zip(*(read[name].to_pylist() for name in ("old", "new")), strict=True)) == (
        made.renames()
    )


def test_nothing_is_fetched_that_nobody_chose(
    hub: HubFake, tmp_path: Path, rolled: list[Store]
) -> None:
    assert run(hub, tmp_path) == {}
    assert hub.requests == []
    assert rolled == []


def test_chosen_history_is_kept_up_once_a_day(
    made: MadeHistory, hub: HubFake, tmp_path: Path, rolled: list[Store]
) -> None:
    run(hub, tmp_path, "official")
    assert run(hub, tmp_path, now=NOW.replace(hour=20)) == {}
    later = MadeHistory(made.repositories, made.start, date(2025, 8, 11), group_rows=500)
    files = later.pulse_files()
    hub.datasets.put(PULSE, {"series/2025-08.parquet": files["series/2025-08.parquet"]})
    hub.forget()
    tomorrow = NOW.replace(day=12)
    (told,) = run(hub, tmp_path, now=tomorrow).values()
    assert told.outcome == "ok"
    assert told.message.startswith("1 month read")
    read = {one.path.rpartition("/")[2] for one in hub.requests if "/resolve/" in one.path}
    assert read == {"2025-08.parquet", "renames.parquet"}
    files_read = Store(tmp_path).own(HISTORY_FILES).set_index("path")
    assert files_read.loc["series/2025-08.parquet", "last_day"].date() == date(2025, 8, 11)
    assert len(rolled) == 2


def test_everything_brings_the_lineage(hub: HubFake, tmp_path: Path, rolled: list[Store]) -> None:
    run(hub, tmp_path, "accounts")
    assert chosen_level(Store(tmp_path)) == "accounts"
    (told,) = run(hub, tmp_path, "everything", now=NOW.replace(hour=10)).values()
    assert told.outcome == "ok"
    assert chosen_level(Store(tmp_path)) == "everything"
    models = pq.read_table(Counters(tmp_path).models("modelpulse"))
    assert {"merge", "quantized"} <= set(models["base_relation"].to_pylist())
    assert len(rolled) == 2


def test_sizes_are_told_before_anything_is_fetched(
    hub: HubFake, tmp_path: Path, pulse: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    given = {"GROUNDSWELL_HOME": str(tmp_path), "HF_ENDPOINT": hub.url}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value)
        patch.delenv("GROUNDSWELL_OFFLINE")
        assert refresh.main(["--history-sizes", "--json"]) == 0
    line, end = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["kind"], end["kind"]) == ("sizes", "end")
    for level, folder in (("accounts", "author_series"), ("everything", "series")):
        whole = sum(len(body) for path, body in pulse.items() if path.startswith(f"{folder}/"))
        assert line["levels"][level] == {
            "bytes": whole,
            "months": len([path for path in pulse if path.startswith(f"{folder}/")]),
            "estimated": False,
        }
    assert line["levels"]["official"]["estimated"]
    assert 0 < line["levels"]["official"]["bytes"] < line["levels"]["everything"]["bytes"]
    kept = Counters(tmp_path).read_sizes()
    assert kept["levels"] == line["levels"]
    assert content(tmp_path) == {}


def test_unknown_level_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        refresh.main(["--history", "half"])
    assert ended.value.code == 2
    assert "accounts, official, everything" in capsys.readouterr().err


def test_reader_learns_how_it_went(hub: HubFake, tmp_path: Path, rolled: list[Store]) -> None:
    run(hub, tmp_path, "official")
    (row,) = Store(tmp_path).own(REFRESHES).to_dict("records")
    assert (row["source"], row["outcome"]) == ("modelpulse", "ok")
    assert re.fullmatch(
        r"7 months read, \d+\.\d kB\. "
        r"Left out: of series/2025-08\.parquet \d+ rows of a day that was told twice, "
        r"and rows of 6 other files\. 7 daily figures added up\.",
        row["message"],
    ), row["message"]
    assert rolled


def test_days_to_come_are_told_with_the_name_of_their_file(
    made: MadeHistory, tmp_path: Path, rolled: list[Store]
) -> None:
    rows = made.published("2025-08").to_pandas().drop_duplicates(["id", "day"])
    # The last of ten days becomes one that is still to come, the first one of another month.
    days = {date(2025, 8, 10): date(2025, 8, 30), date(2025, 8, 1): date(2025, 5, 1)}
    counts = [int((rows["day"] == day).sum()) for day in days]
    rows["day"] = rows["day"].replace(days)
    table = pa.Table.from_pandas(rows, made.published("2025-08").schema, preserve_index=False)
    with HubFake(World(FAMILIES)) as hub:
        hub.datasets.put(PULSE, {"series/2025-08.parquet": made.parquet(table)})
        (told,) = run(hub, tmp_path, "everything").values()
    assert told.outcome == "ok"
    assert (
        f"Left out: of series/2025-08.parquet {counts[0]} rows of days still to come and "
        f"{counts[1]} rows of another month."
    ) in told.message
    assert rolled


def test_what_is_left_to_fetch_is_told_anew_once_some_was_fetched(
    hub: HubFake, tmp_path: Path, rolled: list[Store]
) -> None:
    run(hub, tmp_path, "accounts")
    before = Counters(tmp_path).read_sizes()
    assert before["levels"]["accounts"]["bytes"] == 0
    assert before["levels"]["official"]["bytes"] > 0
    run(hub, tmp_path, "official", now=NOW.replace(hour=10))
    after = Counters(tmp_path).read_sizes()
    assert after["name"] == "Model Pulse"
    assert after["asked_at"] == NOW.replace(hour=10).isoformat()
    assert after["levels"]["official"] == {"bytes": 0, "months": 0, "estimated": False}
    assert rolled

"""A public history that cannot be had whole: what was read before stays."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest

from core import refresh
from core.refreshing.announce import Announcer
from core.refreshing.daily_history import chosen_level
from core.schemas import HISTORY_FILES
from core.store.counters import Counters, Mark
from core.store.store import Store
from tests.conftest import ROOT
from tests.core.refreshing.daily_histories import NOW, content, run, settings
from tests.fakes.history import PULSE, MadeHistory
from tests.fakes.server import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.hub import HubFake


def test_next_source_serves_where_the_first_has_another_schema(
    made: MadeHistory, hub: HubFake, tmp_path: Path, rolled: list[Store]
) -> None:
    renamed = made.published("2025-08").rename_columns(["id", "when", "a", "b", "c"])
    hub.datasets.put(PULSE, {"series/2025-08.parquet": made.parquet(renamed)})
    told = run(hub, tmp_path, "official")
    assert told["modelpulse"].outcome == "SourceUnreadable"
    assert "series/2025-08.parquet of Model Pulse has the columns" in told["modelpulse"].message
    assert told["harvardmadsys"].outcome == "ok"
    counters = Counters(tmp_path)
    assert list(counters.months("modelpulse", "official")) == made.months[:-1]
    assert "2025-08" in counters.months("harvardmadsys", "official")
    files = Store(tmp_path).own(HISTORY_FILES)
    assert set(files.loc[files["source"] == "harvardmadsys", "licence"]) == {"cc-by-4.0"}
    assert len(rolled) == 2


def test_dataset_that_is_gone_leaves_what_was_read(
    hub: HubFake, tmp_path: Path, rolled: list[Store]
) -> None:
    run(hub, tmp_path, "official")
    before = content(tmp_path)
    hub.faults.append(Fault("status", code=404, match=lambda one: "modelpulse" in one.path))
    told = run(hub, tmp_path, "official", now=NOW.replace(day=13))
    assert told["modelpulse"].outcome == "SourceRefused"
    assert told["harvardmadsys"].outcome == "ok"
    after = content(tmp_path)
    assert {path: after[path] for path in before} == before  # renames too: none was read
    assert len(rolled) == 2


def test_damaged_month_leaves_the_one_that_was_read(
    made: MadeHistory, hub: HubFake, tmp_path: Path, rolled: list[Store]
) -> None:
    run(hub, tmp_path, "everything")
    before = content(tmp_path)
    whole = made.parquet(made.published("2025-08"))
    hub.datasets.put(PULSE, {"series/2025-08.parquet": whole[: len(whole) // 2]})
    told = run(hub, tmp_path, "everything", now=NOW.replace(day=13))
    assert "series/2025-08.parquet of Model Pulse is cut short" in told["modelpulse"].message
    after = content(tmp_path)
    months = {path: body for path, body in before.items() if "/everything/" in path}
    assert {path: after[path] for path in months} == months
    assert not list(tmp_path.rglob("*.part"))
    assert not Counters(tmp_path).downloads("modelpulse").exists()
    assert rolled


@pytest.mark.slow
def test_what_was_fetched_before_the_deadline_is_kept(
    made: MadeHistory, hub: HubFake, tmp_path: Path, rolled: list[Store]
) -> None:
    slow = Fault("stall", match=lambda one: "series/2025-03" in one.path)
    hub.faults.append(slow)
    short = replace(settings(hub, tmp_path), deadline=4.0)
    announce = Announcer(StringIO(), as_json=True)
    told = refresh.refresh(short, announce, (refresh.DAYS,), level="official", now=NOW)
    assert [one.outcome for one in told] == ["SourceSilent"]
    kept = list(Counters(tmp_path).months("modelpulse", "official"))
    assert kept == [month for month in made.months if month > "2025-03"]
    assert len(Store(tmp_path).own(HISTORY_FILES)) == len(kept)
    assert chosen_level(Store(tmp_path)) == "official"
    hub.faults.clear()
    hub.forget()
    # The next refresh goes on where this one ended.
    (again,) = run(hub, tmp_path, now=NOW.replace(hour=11)).values()
    assert again.outcome == "ok"
    assert list(Counters(tmp_path).months("modelpulse", "official")) == made.months
    read = {one.path.rpartition("/")[2] for one in hub.requests if "/resolve/" in one.path}
    assert "2025-08.parquet" not in read
    assert rolled


def test_account_that_a_killed_refresh_did_not_give_is_made_up_for(
    hub: HubFake, tmp_path: Path, rolled: list[Store]
) -> None:
    run(hub, tmp_path, "official")
    files = Store(tmp_path).own(HISTORY_FILES)
    for path in (tmp_path / "history_files").glob("*.parquet"):
        path.unlink()
    run(hub, tmp_path, "official", now=NOW.replace(hour=12))
    again = Store(tmp_path).own(HISTORY_FILES)
    assert again.sort_values("path", ignore_index=True).equals(
        files.sort_values("path", ignore_index=True)
    )
    assert rolled


def command(hub: HubFake, home: Path, *arguments: str, **options: Any) -> tuple[int, list[Any]]:  # noqa: ANN401
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GROUNDSWELL")},
        "GROUNDSWELL_HOME": str(home),
        "HF_ENDPOINT": hub.url,
    }
    done = subprocess.run(
        [sys.executable, "-m", "core.refresh", "--json", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    assert done.stderr == ""
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_disk_that_fills_half_way_leaves_what_was_there(
    hub: HubFake, made: MadeHistory, tmp_path: Path, rolled: list[Store]
) -> None:
    run(hub, tmp_path, "official")
    months = {path: body for path, body in content(tmp_path).items() if "/official/" in path}
    largest = max(len(made.parquet(made.published(month))) for month in made.months)
    code, lines = command(
        hub,
        tmp_path,
        "--history",
        "everything",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest // 2, largest // 2)),
    )
    assert code == 1
    (told,) = lines[-1]["sources"]
    assert told["outcome"] == "TableUnwritable"
    assert "File too large" in told["message"]
    assert "series/2025-07.parquet of Model Pulse" in told["message"]
    after = content(tmp_path)
    assert {path: after[path] for path in months} == months
    # The newest month is short and had room; it is whole.
    (whole,) = set(Counters(tmp_path).months("modelpulse", "everything").values())
    assert whole.stem == "2025-08"
    assert Mark.of(whole) is not None
    assert not list(tmp_path.rglob("*.part"))
    assert not Counters(tmp_path).downloads("modelpulse").exists()
    assert rolled

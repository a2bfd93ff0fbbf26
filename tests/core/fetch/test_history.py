"""Model Pulse through the real client: what comes of each level, and at what cost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.errors import FetchError, SourceRefused, SourceSilent, SourceUnreachable
from core.fetch.history import Known
from core.fetch.history_pulse import ModelPulse
from tests.core.fetch.histories import (
    FAMILIES,
    expected,
    official,
    read,
    repository,
    same,
    small,
    small_files,
    wish,
)
from tests.fakes.history import PULSE, MadeHistory
from tests.fakes.hub import HubFake
from tests.fakes.server import Fault
from tests.fakes.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEVELS = ("accounts", "official", "everything")


@pytest.fixture(scope="module")
def made() -> MadeHistory:
    return small()


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return small_files()


@pytest.fixture
def hub(files: dict[str, bytes]) -> Iterator[HubFake]:
    with HubFake(World(FAMILIES)) as hub:
        hub.datasets.put(PULSE, files)
        yield hub


def test_everything_is_all_that_was_published(
    made: MadeHistory, hub: HubFake, tmp_path: Path
) -> None:
    got = read(ModelPulse(repository(hub)), wish("everything"), tmp_path)
    assert list(got.rows) == made.months
    same(got.all, expected(made))
    assert got.all["all_time"].max() > 2**32


def test_official_is_the_rows_of_official_models(
    made: MadeHistory, hub: HubFake, tmp_path: Path
) -> None:
    history = ModelPulse(repository(hub))
    got = read(history, wish("official", history.renames()), tmp_path)
    same(got.all, official(expected(made)))
    assert {"THUDM", "zai-org"} <= set(got.all["id"].str.partition("/")[0])


def test_models_that_came_into_an_account_bring_their_past(tmp_path: Path) -> None:
    made = small()
    moved = made.repositories[0].__class__(
        "Qwen/arrived-test", "f" * 24, made.start, 100.0, renamed=("someone/x", date(2025, 5, 1))
    )
    made = MadeHistory((*made.repositories, moved), made.start, made.end)
    with HubFake(World(FAMILIES)) as hub:
        hub.datasets.put(PULSE, made.pulse_files())
        history = ModelPulse(repository(hub))
        got = read(history, wish("official", history.renames()), tmp_path)
    same(got.all, official(expected(made), frozenset({"someone/x"})))
    before = got.all[got.all["id"] == "someone/x"]
    assert before["day"].max() == pd.Timestamp("2025-04-30")


def test_accounts_are_the_families_own(made: MadeHistory, hub: HubFake, tmp_path: Path) -> None:
    got = read(ModelPulse(repository(hub)), wish("accounts"), tmp_path)
    rows = expected(made)
    rows["id"] = rows["id"].str.partition("/")[0]
    accounts = {name for family in FAMILIES for name in family.accounts}
    rows = rows[rows["id"].isin(accounts)]
    sums = rows.groupby(["id", "day"], as_index=False).agg(
        all_time=("all_time", lambda counters: counters.sum(min_count=1)),
        downloads_30d=("downloads_30d", "sum"),
    )
    same(got.all, sums)
    # Early files say 0 before the first day with an all-time counter.
    assert got.all.loc[got.all["day"] < pd.Timestamp("2025-02-27"), "all_time"].isna().all()


def test_official_fetches_far_less_than_everything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = MadeHistory.of_families(
        FAMILIES,
        official=10,
        derivatives=2_000,
        strangers=2_000,
        start=date(2025, 8, 1),
        end=date(2025, 8, 31),
        group_rows=4_000,
    )
    fetched, told = {}, {}
    with HubFake(World(FAMILIES)) as hub:
        hub.datasets.put(PULSE, made.pulse_files())
        for level in LEVELS:
            history = ModelPulse(repository(hub))
            told[level] = history.size(wish(level), {}).bytes
            fetched[level] = read(history, wish(level), tmp_path / level).fetched
    with capsys.disabled():
        for level in LEVELS:
            print(f"\nbytes fetched, {level}: {fetched[level]:,} (told before: {told[level]:,})")  # noqa: T201
    assert fetched["official"] < 0.4 * fetched["everything"]
    assert told["everything"] == fetched["everything"]
    assert told["accounts"] == fetched["accounts"]
    # A footer comes on top of what is needed of a file, and more with a small one.
    assert told["official"] <= fetched["official"] < told["official"] + 2**17


def test_only_ranges_of_one_revision_are_asked_for(hub: HubFake, tmp_path: Path) -> None:
    history = ModelPulse(repository(hub))
    first = history.repository.revision
    hub.datasets.put(PULSE, {"series/2025-03.parquet": b"something else"})
    hub.forget()
    got = read(history, wish("official"), tmp_path)
    asked = [one for one in hub.requests if "/resolve/" in one.path]
    assert asked
    assert all(one.headers["range"].startswith("bytes=") for one in asked)
    assert all(f"/resolve/{first}/" in one.path for one in asked)
    assert "2025-03" in got.rows


def test_what_is_here_is_not_fetched_again(hub: HubFake, files: dict[str, bytes]) -> None:
    history = ModelPulse(repository(hub))
    wanted = wish("everything")
    pieces = history.missing(wanted, {})
    assert [piece.month for piece in pieces][:2] == ["2025-08", "2025-07"]
    then = datetime(2025, 8, 10, 12, tzinfo=UTC)
    known = {one.month: Known(one.file.etag, then, wanted.picks.rule) for one in pieces}
    assert history.missing(wanted, known) == []
    assert history.size(wanted, known).bytes == 0
    # A month that was over when it was read may change without our asking again.
    changed = {f"series/{month}.parquet": files["series/2025-03.parquet"] for month in known}
    hub.datasets.put(PULSE, changed)
    again = ModelPulse(repository(hub)).missing(wanted, known)
    assert [piece.month for piece in again] == ["2025-08"]
    other = {month: Known(one.etag, then, "other families") for month, one in known.items()}
    assert len(ModelPulse(repository(hub)).missing(wanted, other)) == len(pieces)


def test_licence_and_revision_are_read(hub: HubFake) -> None:
    opened = ModelPulse(repository(hub)).repository
    assert opened.licence == "apache-2.0"
    assert opened.revision == hub.datasets.shelf[PULSE].sha


def test_lineage_is_fetched_for_derivatives_only(made: MadeHistory, hub: HubFake) -> None:
    history = ModelPulse(repository(hub))
    assert history.models(wish("official")) is None
    tables = history.models(wish("everything"))
    assert tables is not None
    rows = [row for table in tables for row in table.to_pylist()]
    assert {row["id"]: tuple(row["base_ids"]) for row in rows} == {
        one.id: one.bases for one in made.repositories
    }
    assert {row["base_relation"] for row in rows} == {
        None, "merge", "quantized", "finetune", "adapter",
    }  # fmt: skip
    assert rows[0]["created_at"].tzinfo is not None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("status", code=429, headers={"Retry-After": "290"}), SourceRefused),
        (Fault("status", code=404), SourceRefused),
        (Fault("status", code=500), SourceRefused),
        (Fault("refuse_after_accept"), SourceUnreachable),
        (Fault("stall"), SourceSilent),
        (Fault("html"), FetchError),
    ],
    ids=lambda value: f"{value.kind} {value.code}" if isinstance(value, Fault) else "",
)
def test_hub_that_does_not_answer_is_a_sentence(
    hub: HubFake, fault: Fault, error: type[FetchError]
) -> None:
    hub.faults.append(fault)
    with pytest.raises(error) as caught:
        ModelPulse(repository(hub, seconds=0.4))
    assert "Model Pulse" in caught.value.sentence
    assert "127.0.0.1" not in caught.value.sentence


@pytest.mark.parametrize("level", ["official", "everything"])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("status", code=429, headers={"RateLimit": '"resolvers";r=0;t=290'}), SourceSilent),
        (Fault("status", code=404), SourceRefused),
        (Fault("stall"), SourceSilent),
    ],
    ids=["too many", "gone", "stall"],
)
def test_files_that_do_not_come_end_at_the_deadline(
    hub: HubFake, tmp_path: Path, level: str, fault: Fault, error: type[FetchError]
) -> None:
    history = ModelPulse(repository(hub, seconds=0.4))
    fault.match = lambda request: "/resolve/" in request.path
    hub.faults.append(fault)
    with pytest.raises(error) as caught:
        read(history, wish(level), tmp_path)
    assert "Model Pulse" in caught.value.sentence


def test_closed_port_is_unreachable() -> None:
    with HubFake(World(FAMILIES)) as gone:
        address = gone.url
    closed = repository(type("Gone", (), {"url": address})())  # type: ignore[arg-type]
    with pytest.raises(SourceUnreachable):
        ModelPulse(closed)

"""Recorded partitions in a dataset of the owner, through the real client."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from core.schemas import PRICES, READINGS, TABLES
from tests.fakes.server import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.refreshing.conftest import Site

REPOSITORY = {"GROUNDSWELL_HISTORY_REPO": "me/my-history", "HF_TOKEN": "hf_x"}


@pytest.fixture
def kept(site: Site) -> Site:
    site.extra = dict(REPOSITORY)
    return site


def files(home: Path) -> dict[str, bytes]:
    return {
        f"{path.parent.name}/{path.name}": path.read_bytes() for path in home.rglob("*.parquet")
    }


def test_recorded_partitions_outlive_the_disk(kept: Site) -> None:
    told = kept.refresh(("hub", "prices"))
    assert {one.outcome for one in told.values()} == {"ok"}, told
    before = kept.store.own(READINGS)
    assert len(before)
    shutil.rmtree(kept.home)
    kept.later(0.2)
    back = kept.refresh(("prices",))
    assert back["history-back"].outcome == "ok"
    after = kept.store.own(READINGS)
    assert after.equals(before)


def test_prices_are_never_sent(kept: Site) -> None:
    told = kept.refresh(("hub", "prices"))
    assert told["yahoo"].outcome == "ok", told["yahoo"].message
    assert len(kept.store.own(PRICES))
    sent = [request for request in kept.hub.requests if "commit" in request.path]
    assert sent
    assert not any(b"prices/" in request.body for request in sent)


def test_only_what_is_new_is_sent(kept: Site) -> None:
    kept.refresh()
    kept.hub.forget()
    kept.later(13)
    kept.refresh()
    (sent,) = [request for request in kept.hub.requests if "/commit/" in request.path]
    first = min(path.name for path in kept.store.partitions(TABLES["readings"]))
    assert first.encode() not in sent.body


def test_dataset_that_may_not_be_written_is_said_and_nothing_is_lost(kept: Site) -> None:
    kept.extra["HF_TOKEN"] = "hf_reader"  # noqa: S105 - a planted one
    told = kept.refresh()
    assert told["hub"].outcome == "ok"
    assert len(kept.store.own(READINGS))
    assert told["history"].outcome == "SourceRefused"
    assert "hf_reader" not in told["history"].message + kept.said.getvalue()


def test_history_that_cannot_be_read_is_said_and_the_rest_goes_on(kept: Site) -> None:
    kept.refresh()
    shutil.rmtree(kept.home)

    def spoiled(request: object) -> bool:
        return "/resolve/" in request.path and "/readings/" in request.path  # type: ignore[attr-defined]

    kept.hub.faults.append(Fault("status", code=404, match=spoiled))
    told = kept.refresh(("prices",))
    assert told["history-back"].outcome in {"SourceRefused", "SourceUnreachable"}
    assert told["yahoo"].outcome == "ok"
    assert kept.store.own(READINGS).empty

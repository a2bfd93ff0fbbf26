"""Refreshes of a public history, and what came of them."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING

from core import refresh
from core.refreshing.announce import Announcer
from core.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.hub import HubFake

NOW = datetime(2025, 8, 11, 9, tzinfo=UTC)


def settings(hub: HubFake, home: Path, **extra: str) -> Settings:
    given = {"GROUNDSWELL_HOME": str(home), "HF_ENDPOINT": hub.url}
    return Settings.from_environment(given | extra)


def run(
    hub: HubFake, home: Path, level: str = "", now: datetime = NOW, said: StringIO | None = None
) -> dict[str, refresh.Told]:
    announce = Announcer(said or StringIO(), as_json=True)
    wanted = settings(hub, home)
    told = refresh.refresh(wanted, announce, (refresh.DAYS,), level=level, now=now)
    return {one.key: one for one in told}


def content(home: Path) -> dict[str, bytes]:
    root = home / "counters"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.parquet")}

"""Room on this machine: what the operating system's own tools say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.store import room


def test_free_disk_is_told_of_folders_that_are_not_there_yet(tmp_path: Path) -> None:
    told = room.disk(tmp_path / "not" / "yet")
    assert told is not None
    there = os.statvfs(tmp_path)
    assert abs(told - there.f_bavail * there.f_frsize) < 2**30  # others write meanwhile


def test_memory_is_the_machines_unless_its_container_has_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(room, "_LIMITS", (limit,))
    with Path("/proc/meminfo").open(encoding="ascii") as lines:
        machine = int(next(lines).split()[1]) * 1024
    assert room.memory() == pytest.approx(machine, rel=0.01)
    limit.write_text("max\n")
    assert room.memory() == pytest.approx(machine, rel=0.01)
    limit.write_text("1073741824\n")
    assert room.memory() == 2**30

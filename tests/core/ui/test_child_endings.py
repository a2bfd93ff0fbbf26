"""The process of a refresh: the ways in which it ends."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.core.ui.programs import END, STEP, ended, kept_by, program, until

if TYPE_CHECKING:
    from core.ui.child import Keeper


def test_cancel_lets_the_process_write_what_it_has(keepers: list[Keeper]) -> None:
    then = (
        "def end(*_):\n    print('''"
        + json.dumps(END | {"outcome": "failed", "message": "Cut."})
        + "''', flush=True); sys.exit(1)\n"
        "signal.signal(signal.SIGTERM, end)\nprint('''" + json.dumps(STEP) + "''', flush=True)\n"
        "time.sleep(60)"
    )
    keeper = kept_by(keepers, program(then=then))
    keeper.start(60)
    until(lambda: keeper.progress.requests == 12)
    keeper.cancel()
    assert keeper.stopping
    ended(keeper)
    assert keeper.last is not None
    assert keeper.last.outcome == "cancelled"
    assert "What it had read is kept." in keeper.last.message


@pytest.mark.parametrize("why", ["cancelled", "late"])
def test_process_that_does_not_listen_is_ended_with_all_it_started(
    why: str, keepers: list[Keeper]
) -> None:
    then = (
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nimport subprocess\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        'print(\'{"kind": "step", "requests": %d}\' % child.pid, flush=True)\ntime.sleep(60)'
    )
    keeper = kept_by(keepers, program(then=then), grace=0.05)
    keeper.start(60)
    until(lambda: keeper.progress.requests > 0)
    grandchild = psutil.Process(keeper.progress.requests)
    parent = grandchild.parent()
    assert parent is not None
    if why == "cancelled":
        keeper.cancel()
    else:
        keeper._stop("late")  # noqa: SLF001 - what the timer calls, without waiting for it
    ended(keeper)
    assert keeper.last is not None
    assert keeper.last.outcome == why
    assert not parent.is_running()  # neither at work nor waiting to be buried
    until(lambda: not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE)


def test_deadline_ends_it(keepers: list[Keeper]) -> None:
    keeper = kept_by(keepers, program(STEP, then="time.sleep(60)"))
    began = time.monotonic()
    keeper.start(0.05)
    ended(keeper)
    assert time.monotonic() - began < 20
    assert keeper.last is not None
    assert keeper.last.outcome == "late"
    assert "took too long" in keeper.last.message


def test_no_timer_is_left_and_the_next_refresh_starts_clean(keepers: list[Keeper]) -> None:
    keeper = kept_by(keepers, program(STEP, END))
    for _ in range(2):
        assert keeper.start(60)
        ended(keeper)
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]


def test_process_that_says_nothing_is_lost(
    keepers: list[Keeper], caplog: pytest.LogCaptureFixture
) -> None:
    keeper = kept_by(keepers, program(then="sys.exit('a <b>secret</b> inside')"))
    keeper.start(60)
    ended(keeper)
    assert keeper.last is not None
    assert keeper.last.outcome == "lost"
    assert "code 1" in keeper.last.message
    assert "secret" not in keeper.last.message
    until(lambda: "inside" in caplog.text)


def test_command_that_is_not_there_is_said(keepers: list[Keeper]) -> None:
    keeper = kept_by(keepers, ["/no/such/program"])
    assert not keeper.start(60)
    assert not keeper.running
    assert keeper.last is not None
    assert keeper.last.message == "The refresh could not be started: No such file or directory."


def test_another_refresh_at_work_is_no_failure(keepers: list[Keeper]) -> None:
    keeper = kept_by(keepers, program(END | {"outcome": "busy", "message": "Lock!"}))
    keeper.start(60)
    assert ended(keeper).last is not None
    assert keeper.last.message == (
        "Another refresh is already at work; its figures will be offered here."
    )

"""The process of a refresh, as small real programs that speak as it does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import psutil
import pytest

from core.measure.due import Standing
from core.ui.child import COMMAND, ROOT, Keeper, environment
from core.ui.refresh import moment, stands
from core.ui.refreshes import kept
from core.ui.said import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN = "hf_" + "s3cret" * 5

STEP = {
    "kind": "step",
    "source": "hub",
    "name": "Hugging Face",
    "step": "Official models",
    "done": 3,
    "total": 16,
    "requests": 12,
    "seconds_left": 512,
}
END = {"kind": "end", "outcome": "ok", "sources": [], "message": "All is well."}


def program(*lines: object, then: str = "") -> list[str]:
    """A program that prints these lines, then does something else."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    code = f"import sys, os, time, signal\nfor line in {texts!r}: print(line, flush=True)\n{then}"
    return [sys.executable, "-c", code]


def until(true: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


@pytest.fixture
def keepers() -> Iterator[list[Keeper]]:
    """Keepers whose processes do not outlive the test."""
    made: list[Keeper] = []
    yield made
    for keeper in made:
        keeper.cancel()
        ended(keeper)


def kept_by(made: list[Keeper], command: list[str], grace: float = 10.0) -> Keeper:
    made.append(Keeper(command, grace=grace))
    return made[-1]


def ended(keeper: Keeper) -> Keeper:
    until(lambda: not keeper.running)
    return keeper


def test_progress_and_ending_are_what_the_process_says(keepers: list[Keeper]) -> None:
    keeper = kept_by(keepers, program(STEP, END))
    assert keeper.last is None
    assert keeper.start(60)
    ended(keeper)
    assert keeper.progress.words == "Hugging Face: official models, 3 of 16, 12 requests"
    assert keeper.progress.fraction == 3 / 16
    assert keeper.progress.requests == 12
    assert keeper.progress.seconds_left == 512
    assert keeper.last is not None
    assert (keeper.last.outcome, keeper.last.message) == ("ok", "All is well.")


def test_options_reach_the_process_each_as_one_word(keepers: list[Keeper]) -> None:
    told = r"print(json.dumps({'kind': 'end', 'outcome': 'ok', 'message': '|'.join(sys.argv[1:])}))"
    keeper = kept_by(keepers, [sys.executable, "-c", f"import sys, json; {told}"])
    keeper.start(60, "--history=official", "--tickers=A B;$(x)")
    ended(keeper)
    assert keeper.last is not None
    assert keeper.last.message == "--history=official|--tickers=A B;$(x)"


@pytest.mark.parametrize(
    "garbage",
    [
        "Traceback (most recent call last):",
        "[1, 2]",
        "null",
        "{",
        "[" * 60_000,
        "x" * 100_000,
        json.dumps({"kind": "surprise"}),
        json.dumps({"kind": ["step"]}),
    ],
)
def test_lines_that_are_none_of_ours_are_passed_over(garbage: str, keepers: list[Keeper]) -> None:
    keeper = kept_by(keepers, program(STEP, garbage, END))
    keeper.start(60)
    assert ended(keeper).progress.fraction == 3 / 16
    assert keeper.last is not None
    assert keeper.last.outcome == "ok"


def test_bytes_that_are_no_text_are_passed_over(keepers: list[Keeper]) -> None:
    raw = r"sys.stdout.buffer.write(b'\xff\xfe\x00\n'); sys.stdout.flush()"
    keeper = kept_by(keepers, program(STEP, then=f"{raw}\nprint('''{json.dumps(END)}''')"))
    keeper.start(60)
    assert ended(keeper).last is not None
    assert keeper.last.outcome == "ok"


@pytest.mark.parametrize(
    ("changed", "words", "fraction"),
    [
        ({"done": 20}, "Hugging Face: official models, 20 of 16, 12 requests", 1.0),
        ({"total": 0}, "Hugging Face: official models, 12 requests", 0.0),
        ({"total": None, "requests": 1}, "Hugging Face: official models, 1 request", 0.0),
        ({"done": -1, "total": "many"}, "Hugging Face: official models, 12 requests", 0.0),
        ({"requests": True}, "Hugging Face: official models, 3 of 16", 3 / 16),
        ({"done": float("nan")}, "Hugging Face: official models, 0 of 16, 12 requests", 0.0),
        (
            {"step": "Daily history, bytes", "done": 3_000_000, "total": 12_000_000},
            "Hugging Face: daily history, 3.0 MB of 12.0 MB, 12 requests",
            0.25,
        ),
        ({"step": "GGUF"}, "Hugging Face: GGUF, 3 of 16, 12 requests", 3 / 16),
        ({"step": 7, "name": None}, "Refresh: at work, 3 of 16, 12 requests", 3 / 16),
        ({"step": "a\n\x1b[31mb"}, "Hugging Face: a [31mb, 3 of 16, 12 requests", 3 / 16),
    ],
)
def test_odd_steps_are_said_as_far_as_they_make_sense(
    changed: dict[str, object], words: str, fraction: float
) -> None:
    found = progress(STEP | changed)
    assert (found.words, found.fraction) == (words, fraction)


def test_sentence_without_end_is_cut() -> None:
    assert len(progress(STEP | {"step": "x" * 100_000}).words) < 500


def test_one_refresh_at_a_time(keepers: list[Keeper]) -> None:
    keeper = kept_by(keepers, program(STEP, then="time.sleep(60)"))
    starts = []

    def start() -> None:
        starts.append(keeper.start(60))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(starts) == [False] * 7 + [True]
    assert keeper.running


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


def test_token_and_proxy_password_are_nowhere(
    keepers: list[Keeper], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    step = STEP | {"step": f"with {TOKEN}", "name": "http://me:pass@proxy:1"}
    keeper = kept_by(keepers, program(step, then="sys.exit('no ' + os.environ['HF_TOKEN'])"))
    keeper.start(60)
    ended(keeper)
    until(lambda: "ended with code" in caplog.text)
    said = f"{keeper.progress} {keeper.last} {caplog.text}"
    assert "***" in caplog.text
    assert TOKEN not in said
    assert "pass" not in keeper.progress.words
    keeper = kept_by(keepers, program(END | {"message": f"Denied: {TOKEN}"}))
    keeper.start(60)
    assert ended(keeper).last is not None
    assert keeper.last.message == "Denied: ***"


def test_flood_on_the_error_stream_neither_blocks_nor_fills_memory(keepers: list[Keeper]) -> None:
    then = f"sys.stderr.write('x' * 9_000_000)\nprint('''{json.dumps(END)}''')"
    keeper = kept_by(keepers, program(then=then))
    keeper.start(60)
    assert ended(keeper).last is not None
    assert keeper.last.outcome == "ok"
    assert sum(map(len, keeper._tail)) < 4_000_000  # noqa: SLF001 - nothing else shows it


def test_only_what_is_needed_reaches_the_process() -> None:
    given = {
        "PATH": "/bin",
        "https_proxy": "http://proxy",
        "LC_ALL": "C",
        "GROUNDSWELL_HOME": "/store",
        "HF_TOKEN": TOKEN,
        "AWS_SECRET_ACCESS_KEY": "x",
        "STREAMLIT_SERVER_COOKIE_SECRET": "x",
        "PYTHONSTARTUP": "x",
    }
    passed = environment(given)
    assert set(passed) - {"PYTHONUNBUFFERED", "PYTHONUTF8"} == {
        "PATH",
        "https_proxy",
        "LC_ALL",
        "GROUNDSWELL_HOME",
        "HF_TOKEN",
    }


def test_the_command_is_there() -> None:
    done = subprocess.run(
        [*COMMAND[:3], "--help"],
        cwd=ROOT,
        env=environment(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "--json" in done.stdout


NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("standing", "line"),
    [
        (
            Standing("hub", "Hugging Face", "fresh", datetime(2026, 11, 25, 14, 5, tzinfo=UTC)),
            "Hugging Face: fresh, read today 14:05 UTC",
        ),
        (
            Standing("yahoo", "Yahoo", "fresh", datetime(2026, 11, 24, 22, 5, tzinfo=UTC)),
            "Yahoo: fresh, read 24 November 2026, 22:05 UTC",
        ),
        (
            Standing("yahoo", "Yahoo", "old", date(2026, 8, 20)),
            "Yahoo: from 20 August 2026",
        ),
        (Standing("yahoo", "Yahoo", "never", None), "Yahoo: nothing read yet"),
        (
            Standing("hub", "Hugging Face", "failed", NOW, "Hugging Face does not answer."),
            "Hugging Face: failed today 15:00 UTC. Hugging Face does not answer.",
        ),
        (
            Standing("yahoo", "Yahoo", "failed", NOW, "It is silent.", date(2026, 8, 20)),
            "Yahoo: failed today 15:00 UTC. It is silent. Its figures are from 20 August 2026.",
        ),
    ],
)
def test_how_a_source_stands_in_a_line(standing: Standing, line: str) -> None:
    assert stands(standing, NOW) == line


def test_moment_of_another_day_has_its_day() -> None:
    assert moment(datetime(2026, 11, 25, 14, 5, tzinfo=UTC), NOW) == "14:05 UTC"
    assert moment(datetime(2026, 11, 24, 14, 5, tzinfo=UTC), NOW) == "24 November 2026, 14:05 UTC"


def test_where_own_readings_are_kept() -> None:
    assert kept("me/history") == "New readings are also kept in the dataset me/history on the Hub."
    assert "emptied at every restart and they are lost" in kept("")

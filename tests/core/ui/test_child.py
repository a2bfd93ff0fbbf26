"""The process of a refresh: what reaches it and what is heard of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import pytest

from core.ui.child import COMMAND, ROOT, Keeper, environment
from tests.core.ui.programs import END, STEP, TOKEN, ended, kept_by, program, until


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

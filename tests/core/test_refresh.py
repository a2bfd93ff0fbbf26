"""``python -m core.refresh`` as cron and the site start it: a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from core.schemas import READINGS, REFRESHES
from core.store.lock import locked
from core.store.store import Store
from tests.conftest import ROOT
from tests.fakes.hub import HubFake
from tests.fakes.server import Fault
from tests.fakes.world import World
from tests.fakes.yahoo import YahooFake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "hf_planted_token"  # noqa: S105 - planted, to be looked for


@pytest.fixture(scope="module")
def world() -> World:
    return World.demo(derivatives=500)


@pytest.fixture
def hub(world: World) -> Iterator[HubFake]:
    with HubFake(world) as running:
        yield running


@pytest.fixture
def yahoo() -> Iterator[YahooFake]:
    with YahooFake.demo(datetime.now(UTC)) as running:
        yield running


def environment(
    home: Path, hub: str, yahoo: str = "http://127.0.0.1:9", **more: str
) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if "GROUNDSWELL" not in name}
    return (
        clean
        | {"GROUNDSWELL_HOME": str(home), "HF_ENDPOINT": hub, "GROUNDSWELL_YAHOO_URL": yahoo}
        | more
    )


def run(given: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "core.refresh", *arguments],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_all_well_is_zero_and_each_step_is_a_line(
    tmp_path: Path, hub: HubFake, yahoo: YahooFake
) -> None:
    done = run(environment(tmp_path, hub.url, yahoo.url), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    *steps, end = lines(done.stdout)
    assert {step["source"] for step in steps} == {"hub", "yahoo"}
    for step in steps:
        assert step["kind"] == "step"
        assert 0 <= step["done"] <= step["total"]
        assert 0 <= step["seconds_left"] <= 600
    assert (end["kind"], end["outcome"]) == ("end", "ok")
    assert [source["outcome"] for source in end["sources"]] == ["ok", "ok"]
    assert end["sources"][0]["requests"] == len(hub.requests)
    again = run(environment(tmp_path, hub.url, yahoo.url), "--json", "--only", "prices")
    assert again.returncode == 0
    (only,) = lines(again.stdout)
    assert only["sources"] == []
    assert "nothing was asked" in only["message"]


def test_some_source_failed_is_one_and_the_other_is_stored(
    tmp_path: Path, hub: HubFake, yahoo: YahooFake
) -> None:
    yahoo.faults.append(Fault("status", code=429, body="Too Many Requests"))
    done = run(environment(tmp_path, hub.url, yahoo.url))
    assert done.returncode == 1
    assert "Yahoo: " in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    outcomes = Store(tmp_path).own(REFRESHES).set_index("source")["outcome"]
    assert outcomes.to_dict() == {"hub": "ok", "yahoo": "SourceRefused"}
    assert len(Store(tmp_path).own(READINGS))


@pytest.mark.parametrize(
    ("arguments", "setting", "said"),
    [
        (["--only", "weather"], {}, "weather"),
        pytest.param(*(["--families", "Qwen,Nobody"], {}, "Nobody"), marks=pytest.mark.slow),
        pytest.param(*(["--what"], {}, "--what"), marks=pytest.mark.slow),
        pytest.param(*(["--tickers=A;B"], {}, "not a ticker"), marks=pytest.mark.slow),
        pytest.param(
            *([], {"GROUNDSWELL_DEADLINE": "soon"}, "GROUNDSWELL_DEADLINE"), marks=pytest.mark.slow
        ),
        ([], {"HF_ENDPOINT": "ftp://x"}, "HF_ENDPOINT"),
        pytest.param(
            *([], {"GROUNDSWELL_HISTORY_REPO": "me/x", "HF_TOKEN": ""}, "HF_TOKEN"),
            marks=pytest.mark.slow,
        ),
    ],
    ids=["source", "family", "option", "ticker", "deadline", "address", "history without token"],
)
def test_wrong_usage_is_two_and_says_what_is_wrong(
    tmp_path: Path, arguments: list[str], setting: dict[str, str], said: str
) -> None:
    done = run(environment(tmp_path, "http://127.0.0.1:9") | setting, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_offline_asks_nothing(tmp_path: Path, hub: HubFake) -> None:
    done = run(environment(tmp_path, hub.url, GROUNDSWELL_OFFLINE="1"), "--json")
    assert done.returncode == 0
    assert "GROUNDSWELL_OFFLINE" in lines(done.stdout)[-1]["message"]
    assert hub.requests == []


def test_second_refresh_of_one_store_says_so_and_ends(tmp_path: Path, hub: HubFake) -> None:
    with locked(tmp_path):
        done = run(environment(tmp_path, hub.url), "--json")
    assert done.returncode == 1
    assert lines(done.stdout)[-1]["outcome"] == "busy"
    assert hub.requests == []


def test_lock_of_a_killed_owner_is_free_again(tmp_path: Path, hub: HubFake) -> None:
    hub.faults.append(Fault("stall", times=1))
    with started(environment(tmp_path, hub.url), hub) as child:
        child.kill()
        child.wait(10)
    hub.faults.clear()
    done = run(environment(tmp_path, hub.url), "--only", "hub")
    assert done.returncode == 0, done.stdout + done.stderr


class started:  # noqa: N801 - reads as a sentence
    """A refresh that has made its first request."""

    def __init__(self, given: dict[str, str], hub: HubFake) -> None:
        self._given, self._hub = given, hub

    def __enter__(self) -> subprocess.Popen[str]:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "core.refresh", "--json", "--only", "hub"],
            cwd=ROOT,
            env=self._given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._child.stdout.readline()  # the first step is said before its request
        return self._child

    def __exit__(self, *_: object) -> None:
        self._child.kill()
        self._child.communicate()


def test_cancel_keeps_what_was_found_and_ends(tmp_path: Path, hub: HubFake) -> None:
    hub.faults.append(Fault("drip", match=lambda request: "filter" in request.query))
    with started(environment(tmp_path, hub.url), hub) as child:
        for line in child.stdout:
            if json.loads(line).get("step") == "Models built on them":
                break
        child.send_signal(signal.SIGTERM)
        rest = child.stdout.read()
        assert child.wait(10) == 1
    assert lines(rest)[-1]["message"] == "The refresh was cancelled."
    assert set(Store(tmp_path).own(READINGS)["model_id"]) >= set(hub.world.official)
    assert Store(tmp_path).own(REFRESHES)["outcome"].tolist() == ["Cancelled"]


@pytest.mark.parametrize("kind", ["stall", "drip"])
def test_deadline_holds(tmp_path: Path, hub: HubFake, kind: str) -> None:
    hub.faults.append(Fault(kind, interval=0.02))
    began = time.monotonic()
    done = run(environment(tmp_path, hub.url, GROUNDSWELL_DEADLINE="1.5"), "--only", "hub")
    assert done.returncode == 1
    assert time.monotonic() - began < 1.5 + 8  # with the start of a process, on a busy machine
    assert "Hugging Face" in done.stdout


def test_token_is_used_and_shown_nowhere(tmp_path: Path, hub: HubFake) -> None:
    hub.faults.append(Fault("status", code=401, match=lambda request: "filter" in request.query))
    done = run(environment(tmp_path, hub.url, HF_TOKEN=TOKEN), "--only", "hub")
    assert done.returncode == 1
    sent = {name.lower(): value for name, value in hub.requests[0].headers.items()}
    assert sent["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in done.stdout + done.stderr
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or TOKEN.encode() not in path.read_bytes()


def test_folder_that_cannot_be_written_to_is_said(tmp_path: Path, hub: HubFake) -> None:
    (tmp_path / "file").write_bytes(b"")
    done = run(environment(tmp_path / "file" / "home", hub.url), "--json")
    assert done.returncode == 1
    assert "cannot be written to" in lines(done.stdout)[-1]["message"]
    assert "Traceback" not in done.stderr


def test_server_never_imports_what_only_a_refresh_needs() -> None:
    script = (
        "import sys; from streamlit.testing.v1 import AppTest\n"
        f"app = AppTest.from_file({str(ROOT / 'app.py')!r}, default_timeout=60)\n"
        "pages = ['leaderboard', 'tree', 'prices', 'data']\n"
        "for page in ['app.py', *(f'pages/{name}.py' for name in pages)]:\n"
        "    app.switch_page(page).run()\n"
        "    assert not app.exception\n"
        "heavy = {'yfinance', 'exchange_calendars', 'huggingface_hub', 'curl_cffi', 'httpx2'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"GROUNDSWELL_OFFLINE": "1", "GROUNDSWELL_HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "[]"

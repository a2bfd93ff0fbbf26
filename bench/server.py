"""A Streamlit server for the time of a measurement, which never outlives it."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PROFILED = Path(__file__).with_name("profiled.py")
LOOPBACK = "127.0.0.1"
START_DEADLINE_SECONDS = 60.0
END_DEADLINE_SECONDS = 5.0
TRACEBACK = "(most recent call last)"
SHOWN_OUTPUT_CHARACTERS = 4_000


class ServerFailedError(RuntimeError):
    """The server ended or stayed silent instead of becoming healthy."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens, what it printed, how much memory it holds."""

    port: int
    process: psutil.Process
    log: Path

    def resident_bytes(self) -> int:
        """Return the memory of the server process itself, without any it started."""
        return int(self.process.memory_info().rss)

    def share_bytes(self) -> int:
        """Return the same with its share of what it has in common with others (PSS).

        Pages of a mapped file that only this server looks at count in full. The resident
        memory where the system does not tell.
        """
        told = self.process.memory_full_info()
        return int(getattr(told, "pss", told.rss))

    def tracebacks(self) -> int:
        """Return how many tracebacks the server has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace").count(TRACEBACK)

    def output(self) -> str:
        """Return the end of what the server printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-SHOWN_OUTPUT_CHARACTERS:]


@contextlib.contextmanager
def serving(
    script: Path,
    directory: Path,
    settings: Mapping[str, str] | None = None,
    *,
    stop_watch: Path | None = None,
) -> Iterator[Server]:
    """Run `script` from `directory`, as `streamlit run` would, until the block ends.

    Its store is empty and it uses no network, unless `settings` say otherwise.
    Closed sessions are dropped at once instead of after two minutes, so that one
    measurement does not carry the sessions of the one before it. With ``stop_watch``
    every run's milliseconds are written to that file, see `bench.profiled`.

    Raises
    ------
    ServerFailedError
        The server was not healthy in time; its output is in the text.
    """
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as folder:
        log = Path(folder) / "server.log"
        port = _free_port()
        with log.open("wb") as sink:
            child = subprocess.Popen(  # noqa: S603 - our own interpreter and script
                _command(script, port, stop_watch),
                cwd=directory,
                env=_environment(Path(folder)) | dict(settings or {}),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        server = Server(port, psutil.Process(child.pid), log)
        try:
            _wait_until_healthy(server, child)
            yield server
        finally:
            _end(server.process)
            child.wait()


def _environment(folder: Path) -> dict[str, str]:
    """Our own, with an empty store and without the network."""
    kept = {name: value for name, value in os.environ.items() if "GROUNDSWELL" not in name}
    home = folder / "home"
    home.mkdir()
    return kept | {"GROUNDSWELL_HOME": str(home), "GROUNDSWELL_OFFLINE": "1"}


def _command(script: Path, port: int, stop_watch: Path | None) -> list[str]:
    options = {
        "server.address": LOOPBACK,
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.disconnectedSessionTTL": 0,
        "browser.gatherUsageStats": "false",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    streamlit = ["-m", "streamlit"] if stop_watch is None else [str(PROFILED), str(stop_watch)]
    return [sys.executable, *streamlit, "run", str(script), *flags]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(server: Server, child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if child.poll() is not None:
            message = f"the server ended with {child.returncode}:\n{server.output()}"
            raise ServerFailedError(message)
        if _is_healthy(server.port):
            return
        time.sleep(0.1)
    message = f"the server was silent for {START_DEADLINE_SECONDS:.0f} s:\n{server.output()}"
    raise ServerFailedError(message)


def _is_healthy(port: int) -> bool:
    """Ask over a plain connection, which no proxy of the environment can divert."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(process: psutil.Process) -> None:
    """End the server and all it started, first politely, then surely."""
    tree = []
    with contextlib.suppress(psutil.NoSuchProcess):
        tree = [*process.children(recursive=True), process]
    for member in tree:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.terminate()
    _, stubborn = psutil.wait_procs(tree, timeout=END_DEADLINE_SECONDS)
    for member in stubborn:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()

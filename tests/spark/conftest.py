"""A Spark cluster on this machine: a master and two workers, processes of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_START_SECONDS = 60
_WORKERS = 2


@pytest.fixture(scope="session")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the master of a cluster whose two workers have joined it."""
    pyspark = pytest.importorskip("pyspark", reason="make test-spark installs PySpark")
    home = Path(pyspark.__file__).parent
    folder = tmp_path_factory.mktemp("cluster")
    address = f"spark://127.0.0.1:{_free_port()}"
    surroundings = {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(folder / "work"),
        "PYSPARK_PYTHON": sys.executable,
    }
    deploy = "org.apache.spark.deploy"
    port = address.rpartition(":")[2]
    host = ["--host", "127.0.0.1"]
    master_call = [f"{deploy}.master.Master", *host, "--port", port, "--webui-port", "0"]
    worker_call = [f"{deploy}.worker.Worker", *host, "-c", "1", "-m", "1G", "--webui-port", "0"]
    log = folder / "master.log"
    running: list[subprocess.Popen[bytes]] = []
    with pytest.MonkeyPatch.context() as patch:
        for name, value in surroundings.items():
            patch.setenv(name, value)
        try:
            running.append(_start(home, master_call, log))
            _wait_for(log, "New state: ALIVE", 1)
            for number in range(_WORKERS):
                call = [*worker_call, address]
                running.append(_start(home, call, folder / f"worker-{number}.log"))
            _wait_for(log, "Registering worker", _WORKERS)
            yield address
        finally:
            for process in reversed(running):
                process.terminate()
            for process in running:
                process.wait(30)


def _start(home: Path, call: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [str(home / "bin" / "spark-class"), *call],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ,
        )


def _wait_for(log: Path, text: str, times: int) -> None:
    end = time.monotonic() + _START_SECONDS
    while log.read_text(errors="replace").count(text) < times:
        if time.monotonic() > end:
            pytest.fail(f"The cluster did not start:\n{log.read_text(errors='replace')[-3_000:]}")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])

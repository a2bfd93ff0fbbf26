"""The refresh as a process of its own, and what it says on its way.

The server reads the lines of ``python -m core.refresh --json`` and never does
the work itself. What the process writes to its error stream is for the log.
"""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from core.ui.said import Ending, Progress, progress, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_log = logging.getLogger("groundswell")

COMMAND: Final = (sys.executable, "-m", "core.refresh", "--json")
ROOT: Final = Path(__file__).resolve().parents[2]

_GRACE: Final = 10.0
"""Seconds in which the process may write what it has when it is asked to end."""

_LINE: Final = 65_536
"""Longest line that is read as one, in characters."""

_TAIL: Final = 40
"""Lines of the error stream that are kept for the log."""

_PASSED: Final = frozenset(
    {
        "ALL_PROXY",
        "APPDATA",
        "COMSPEC",
        "CURL_CA_BUNDLE",
        "HF_ENDPOINT",
        "HF_TOKEN",
        "HOME",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "LANG",
        "LANGUAGE",
        "LD_LIBRARY_PATH",
        "LOCALAPPDATA",
        "NO_PROXY",
        "PATH",
        "PATHEXT",
        "PROGRAMDATA",
        "PYTHONPATH",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
        "SYSTEMDRIVE",
        "SYSTEMROOT",
        "TEMP",
        "TMP",
        "TMPDIR",
        "TZ",
        "USERPROFILE",
        "VIRTUAL_ENV",
        "WINDIR",
    }
)
_PASSED_PREFIXES: Final = ("GROUNDSWELL_", "LC_", "XDG_")

_SIGN_IN: Final = re.compile(r"(?<=://)[^/@\s]+@")
"""Name and password in an address, as a proxy may have them."""


class Keeper:
    """Starts the refresh, at most one at a time, and knows how it goes.

    ``command`` is what is started and ``grace`` how many seconds it gets
    between being asked to end and being ended.
    """

    def __init__(self, command: Sequence[str] = COMMAND, *, grace: float = _GRACE) -> None:
        self._command = tuple(command)
        self._grace = grace
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._closing: Ending | None = None
        self._stopped_as = ""
        self._timers: list[threading.Timer] = []
        self._secret = ""
        self._tail: deque[str] = deque(maxlen=_TAIL)
        self.progress = Progress()
        self.last: Ending | None = None
        self.started_at: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether a refresh is at work; once false, ``last`` says how it ended."""
        return self._process is not None

    @property
    def stopping(self) -> bool:
        """Whether the refresh at work has been asked to end."""
        return bool(self._stopped_as)

    def start(self, longest: float, *options: str) -> bool:
        """Start a refresh that is ended after ``longest`` seconds. False if one is at work.

        ``options`` are those of its command line, already checked: what a reader
        typed is only ever the value of an option, as ``--name=value``.
        """
        with self._lock:
            if self._process is not None:
                return False
            self.started_at = datetime.now(UTC)
            self.progress, self._closing, self._stopped_as = Progress(), None, ""
            self._tail.clear()
            self._secret = os.environ.get("HF_TOKEN", "").strip()
            try:
                process = self._open(options)
            except OSError as error:
                reason = error.strerror or type(error).__name__
                self.last = _ending("lost", f"The refresh could not be started: {reason}.")
                return False
            self._process = process
            self._after(longest, "late")
            threading.Thread(target=self._keep, args=(process,), daemon=True).start()
            return True

    def cancel(self) -> None:
        """Ask the refresh to end, and end it where it does not."""
        self._stop("cancelled")

    def _open(self, options: Sequence[str]) -> subprocess.Popen[str]:
        # In a group of its own: Ctrl-C ends the server, not what is being written.
        apart: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        return subprocess.Popen(  # noqa: S603 - our own command
            (*self._command, *options),
            cwd=ROOT,
            env=environment(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            **apart,
        )

    def _keep(self, process: subprocess.Popen[str]) -> None:
        streams = [(process.stdout, self._hear), (process.stderr, self._tail.append)]
        readers = [
            threading.Thread(target=_read, args=(stream, heed), daemon=True)
            for stream, heed in streams
        ]
        for reader in readers:
            reader.start()
        code = process.wait()
        for reader in readers:
            reader.join(2.0)  # something it started may still hold the stream open
        with self._lock:
            for timer in self._timers:
                timer.cancel()
            self._timers.clear()
            self.last = self._how_it_ended(code)
            self._process = None
        if self.last.outcome == "lost":
            tail = self._clean("".join(self._tail))
            _log.warning("the refresh ended with code %s and said:\n%s", code, tail)

    def _hear(self, line: str) -> None:
        try:
            said = json.loads(self._clean(line))
        except (ValueError, RecursionError):
            return
        if not isinstance(said, dict):
            return
        if said.get("kind") == "step":
            self.progress = progress(said)
        elif said.get("kind") == "end":
            outcome = said.get("outcome")
            if outcome == "busy":
                message = "Another refresh is already at work; its figures will be offered here."
            else:
                message = sentence(said, "message")
            self._closing = _ending(
                outcome if outcome in {"ok", "failed", "busy"} else "failed", message
            )

    def _clean(self, text: str) -> str:
        """``text`` without what nobody may read."""
        if self._secret:
            text = text.replace(self._secret, "***")
        return _SIGN_IN.sub("***@", text)

    def _after(self, seconds: float, why: str) -> None:
        timer = threading.Timer(seconds, self._stop, args=(why,))
        timer.daemon = True
        self._timers.append(timer)
        timer.start()

    def _stop(self, why: str) -> None:
        with self._lock:
            process = self._process
            if process is None or self._stopped_as:
                return
            self._stopped_as = why
            with suppress(OSError):
                process.terminate()
            timer = threading.Timer(self._grace, self._kill, args=(process,))
            timer.daemon = True
            self._timers.append(timer)
            timer.start()

    def _kill(self, process: subprocess.Popen[str]) -> None:
        with self._lock, suppress(OSError):
            if process is not self._process:
                return
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)

    def _how_it_ended(self, code: int) -> Ending:
        if self._closing and (self._closing.outcome == "ok" or not self._stopped_as):
            return self._closing
        if self._stopped_as == "cancelled":
            return _ending("cancelled", "The refresh was cancelled. What it had read is kept.")
        if self._stopped_as == "late":
            return _ending(
                "late", "The refresh took too long and was ended. What it had read is kept."
            )
        return _ending(
            "lost",
            f"The refresh ended before it was done (code {code}). "
            "The figures of the last time are shown.",
        )


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """What the refresh needs of ``given``: nothing else of the server's reaches it."""
    passed = {
        name: value
        for name, value in given.items()
        if name.upper() in _PASSED or name.startswith(_PASSED_PREFIXES)
    }
    return passed | {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}


def _read(stream: IO[str] | None, heed: Callable[[str], None]) -> None:
    if stream is None:
        return
    with suppress(OSError, ValueError), stream:
        while line := stream.readline(_LINE):
            heed(line)


def _ending(outcome: str, message: str) -> Ending:
    return Ending(outcome, message, datetime.now(UTC))

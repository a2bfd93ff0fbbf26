"""What every fake service shares: a threaded server on loopback that fails on demand.

A subclass says what is answered, in ``answer``; this module keeps the log of
requests, works off the faults and ends every open connection when it closes.
"""

from __future__ import annotations

import json
import socket
import threading
from abc import ABC, abstractmethod
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fakes.messages import HTML_PAGE, Answer, Fault, Request

__all__ = ["Answer", "FakeServer", "Fault", "Request"]


class FakeServer(ABC):
    """A context manager: inside it, ``url`` answers.

    ``latency`` is how many seconds each answer is held back, so that a person
    can watch; tests leave it at zero. The log of requests may be read at any
    time; faults may be added and removed at any time, the first that matches
    a request is the one that happens.
    """

    def __init__(self, *, port: int = 0, latency: float = 0.0) -> None:
        self.latency = latency
        self.faults: list[Fault] = []
        self.lock = threading.RLock()
        self._port = port
        self._requests: list[Request] = []
        self._closing = threading.Event()
        self._server: _Server | None = None

    @abstractmethod
    def answer(self, request: Request) -> Answer:
        """What is answered to a request. Called by several threads at once."""

    @property
    def url(self) -> str:
        """Address of the running server, without a slash at the end."""
        if self._server is None:
            msg = "the server is not running"
            raise RuntimeError(msg)
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def requests(self) -> list[Request]:
        """Every request so far, oldest first: a list of its own."""
        with self.lock:
            return list(self._requests)

    def forget(self) -> None:
        """Empty the log of requests."""
        with self.lock:
            self._requests.clear()

    def __enter__(self) -> Self:
        self._closing.clear()
        self._server = _Server(self, self._port)
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening, end stalls and drips, and cut every open connection."""
        self._closing.set()
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
            server.cut_connections()

    def log(self, request: Request) -> None:
        """Keep a request."""
        with self.lock:
            self._requests.append(request)

    def next_fault(self, request: Request) -> Fault | None:
        """The fault that happens to this request, counted as used."""
        with self.lock:
            for fault in self.faults:
                spent = fault.times is not None and fault.used >= fault.times
                if not spent and fault.match(request):
                    fault.used += 1
                    return fault
        return None

    def pause(self, seconds: float | None) -> bool:
        """Wait, or until the server closes. True if it closes."""
        return self._closing.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, fake: FakeServer, port: int) -> None:
        self.fake = fake
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as its base
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as its base
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        with self._guard:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as its base
        """Say nothing: clients that hang up are part of the game."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        fake = self.server.fake
        request = self._read()
        fake.log(request)
        fault = fake.next_fault(request)
        if fault is not None and fault.kind in {"refuse_after_accept", "stall"}:
            if fault.kind == "stall":
                fake.pause(None)
            self.close_connection = True
            return
        if fake.latency and fake.pause(fake.latency):
            self.close_connection = True
            return
        self._send(request, self._answer(request, fault), fault)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - names of the base

    def _read(self) -> Request:
        target = urlsplit(self.path)
        return Request(
            self.command,
            unquote(target.path),
            parse_qs(target.query, keep_blank_values=True),
            {name.lower(): value for name, value in self.headers.items()},
            self._body(),
            self.path,
        )

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        pieces = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():  # trailers end with an empty line
            pass
        return b"".join(pieces)

    def _answer(self, request: Request, fault: Fault | None) -> Answer:
        kind = fault.kind if fault else ""
        if fault and kind in {"status", "html"}:
            page = kind == "html"
            body = fault.body or (HTML_PAGE if page else "")
            headers = {"Content-Type": "text/html; charset=utf-8"} if page else {}
            return Answer(
                200 if page else fault.code,
                body.encode() if isinstance(body, str) else body,
                headers | fault.headers,
            )
        try:
            answer = self.server.fake.answer(request)
        except Exception as problem:  # noqa: BLE001 - a bug of the fake must be seen in the test
            return Answer.of_text(f"the fake failed: {problem!r}", 500)
        if fault and kind == "edit":
            headers = dict(answer.headers)
            if fault.edit_headers:
                headers = fault.edit_headers(headers)
            body = answer.body
            if fault.edit:
                body = Answer.of_json(fault.edit(json.loads(body))).body
            return Answer(answer.status, body, headers)
        return answer

    def _send(self, request: Request, answer: Answer, fault: Fault | None) -> None:
        request.status = answer.status
        kind = fault.kind if fault else ""
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        body = b"" if request.method == "HEAD" else answer.body
        if kind == "cut":
            body = body[: len(body) // 2]
            self.close_connection = True
        if fault and kind == "drip":
            self._drip(body, fault.interval)
            return
        self.wfile.write(body)

    def _drip(self, body: bytes, interval: float) -> None:
        self.wfile.flush()
        for place in range(len(body)):
            if self.server.fake.pause(interval):
                self.close_connection = True
                return
            self.wfile.write(body[place : place + 1])
            self.wfile.flush()

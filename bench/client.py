"""A reader without a browser, over Streamlit's own websocket protocol.

The protocol is the one of Streamlit's front end: the reader sends `BackMsg`s, the server
answers with `ForwardMsg`s until `script_finished`. Only what a browser does between a
click and the finished page is timed; drawing is not part of it.
"""

from __future__ import annotations

import asyncio
import random
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from bench.page import Page

if TYPE_CHECKING:
    from types import TracebackType

    from websockets.asyncio.client import ClientConnection

RERUN_DEADLINE_SECONDS = 30.0
VISIT_DEADLINE_SECONDS = 300.0
"""The first visit of all reads the whole store."""
DEFAULT_CACHE_AGE = 2


@dataclass(slots=True)
class Run:
    """One finished script run as its reader saw it."""

    seconds: float = 0.0
    received_bytes: int = 0
    references: int = 0
    """Messages the server replaced by a hash because the reader had them already."""
    errors: list[str] = field(default_factory=list)


class Reader:
    """One session: opens a page once, then changes a control with every click."""

    def __init__(self, port: int, address: str, number: int = 0) -> None:
        """Prepare a visit of `address` (path and query); `number` tells readers apart."""
        parts = urlsplit(address)
        self._port = port
        self._url = f"ws://127.0.0.1:{port}/_stcore/stream"
        self._visited = f"http://127.0.0.1:{port}{address}"
        self._page_name = parts.path.strip("/")
        self._page_hash = ""
        # Seeded by the reader's number: every run of the benchmark clicks alike.
        self._chance = random.Random(number)
        self._cache_age = DEFAULT_CACHE_AGE
        self._connection: ClientConnection | None = None
        self.page = Page(query=parts.query)

    async def __aenter__(self) -> Self:
        """Connect past any proxy of the environment and without compression."""
        self._connection = await connect(
            self._url,
            subprotocols=[Subprotocol("streamlit")],
            compression=None,
            max_size=None,
            max_queue=None,
            open_timeout=RERUN_DEADLINE_SECONDS,
            ping_interval=None,
            proxy=None,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the session as a reader who closes the tab."""
        if self._connection is not None:
            await self._connection.close()

    async def open(self) -> Run:
        """Visit the page by its address, as from a shared link."""
        return await self._rerun("", VISIT_DEADLINE_SECONDS)

    async def go_to(self, address: str) -> Run:
        """Go to another page of the site from the menu, in the same session."""
        parts = urlsplit(address)
        self._visited = f"http://127.0.0.1:{self._port}{address}"
        self._page_name = parts.path.strip("/")
        self._page_hash = ""
        # The browser keeps its cache of messages, but no widget of the page it leaves.
        self.page = Page(query=parts.query, cache=self.page.cache)
        return await self.open()

    async def click(self, deadline: float = RERUN_DEADLINE_SECONDS) -> Run:
        """Change one control and wait for the page; reload where there is no control."""
        controls = self.page.controls
        if not controls:
            return await self._rerun("", deadline)
        control, fragment = self._chance.choice(controls)
        self.page.click(control, self._chance)
        return await self._rerun(fragment, deadline)

    async def _rerun(self, fragment: str, deadline: float) -> Run:
        if self._connection is None:
            message = "a reader must be entered with `async with` before it can click"
            raise RuntimeError(message)
        request = self._request(fragment).SerializeToString()
        run = Run()
        started_at = time.perf_counter()
        async with asyncio.timeout(deadline):
            await self._connection.send(request)
            await self._receive(self._connection, run)
        run.seconds = time.perf_counter() - started_at
        return run

    def _request(self, fragment: str) -> BackMsg:
        """Build the message a browser sends.

        The page goes by name only until the server has told its hash: a name sent later
        is ignored, and a missing hash would run the main page instead.
        """
        request = BackMsg()
        script = request.rerun_script
        script.query_string = self.page.query
        script.widget_states.CopyFrom(self.page.states())
        script.page_script_hash = self._page_hash
        script.page_name = "" if self._page_hash else self._page_name
        script.fragment_id = fragment
        script.cached_message_hashes.extend(self.page.cache.entries)
        script.context_info.timezone = "UTC"
        script.context_info.locale = "en-US"
        script.context_info.url = self._visited
        script.context_info.color_scheme = "light"
        return request

    async def _receive(self, connection: ClientConnection, run: Run) -> None:
        """Read messages until the run that our request started has finished.

        Messages of an earlier run may still be under way (Streamlit reports a failed
        request that way), and a script that calls `st.rerun` finishes early and starts
        again: neither is the end a reader waits for.
        """
        begun = False
        while True:
            _acknowledge_at_once(connection)
            payload = await connection.recv(decode=False)
            run.received_bytes += len(payload)
            message = ForwardMsg.FromString(payload)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                begun = True
                self._page_hash = message.new_session.page_script_hash or self._page_hash
                self._cache_age = message.new_session.config.max_cached_message_age
                self.page.begin()
            elif kind == "navigation":
                self._page_hash = message.navigation.page_script_hash
            elif kind == "page_info_changed":
                self.page.query = message.page_info_changed.query_string
            elif kind in {"delta", "ref_hash"}:
                run.references += kind == "ref_hash"
                run.errors.extend(filter(None, [self.page.receive(message)]))
            elif kind == "script_finished" and begun:
                if self._finished(message, run):
                    return
            else:
                run.errors.extend(filter(None, [_refusal(message)]))

    def _finished(self, message: ForwardMsg, run: Run) -> bool:
        """Take note of the end of a run; say whether it is the end of the click."""
        status = message.script_finished
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return False
        if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            run.errors.append("the script does not compile")
        fragments = frozenset(message.metadata.run.fragment_ids)
        run.errors.extend(self.page.finish(fragments, self._cache_age))
        return True


def _acknowledge_at_once(connection: ClientConnection) -> None:
    """Keep the system from holding back acknowledgements, where it can be asked to.

    The server sends its next small message only once the last is acknowledged, and a
    connection that never rests has each acknowledgement held back for 40 ms. A reader who
    looks at the page between clicks never meets that wait, so it must not hide the page's.
    """
    option = getattr(socket, "TCP_QUICKACK", None)
    link = connection.transport.get_extra_info("socket")
    if option is not None and link is not None:
        link.setsockopt(socket.IPPROTO_TCP, option, 1)


def _refusal(message: ForwardMsg) -> str:
    """Return why the server did not run what was asked, or an empty string."""
    if message.WhichOneof("type") == "page_not_found":
        return "page not found"
    if message.WhichOneof("type") == "session_event":
        failure = message.session_event.script_compilation_exception
        return f"{failure.type}: {failure.message}" if failure.type else ""
    return ""

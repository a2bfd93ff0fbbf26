"""Connections of this process do not hold small messages back."""

from __future__ import annotations

import os
import socket

from core.ui.prompt import send_at_once


def _prompt(connection: socket.socket) -> bool:
    return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


def test_what_is_open_and_what_is_accepted_later_sends_at_once() -> None:
    # As Streamlit makes it: without naming the protocol, so that asyncio leaves it alone.
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        there = listening.getsockname()
        with socket.create_connection(there), listening.accept()[0] as earlier:
            assert not _prompt(earlier)
            send_at_once.clear()
            assert send_at_once() >= 3  # the listening one, and both ends of the connection
            assert _prompt(earlier)
        with socket.create_connection(there), listening.accept()[0] as later:
            assert _prompt(later)


def test_what_is_no_connection_is_left_as_it_is() -> None:
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    try:
        send_at_once.clear()
        before = send_at_once()
        send_at_once.clear()
        assert send_at_once() == before
        ours.sendall(b"whole")
        assert theirs.recv(5) == b"whole"
        os.write(writing, b"too")
        assert os.read(reading, 3) == b"too"
    finally:
        ours.close()
        theirs.close()
        os.close(reading)
        os.close(writing)

"""What a page sends leaves the server at once."""

from __future__ import annotations

import os
import socket
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

import streamlit as st

_OPEN: Final = Path("/dev/fd")
"""What this process holds open, by number, on Linux and macOS; elsewhere all is left as it is."""

_FAMILIES: Final = {socket.AF_INET, socket.AF_INET6}


@st.cache_resource(show_spinner=False)
def send_at_once() -> int:
    """Send a small message without waiting until the one before it is acknowledged.

    A page is dozens of small messages, and a browser may hold back each
    acknowledgement for 40 ms, so that a page that is ready stands still on its
    way. Python's event loop switches that wait (Nagle's algorithm, RFC 896) off
    only for sockets that name their protocol, which Streamlit's do not. What a
    listening socket is told holds for every connection that it accepts later.
    Done once per server process. Returns how many sockets were told.
    """
    told = 0
    numbers = [int(entry.name) for entry in _OPEN.iterdir()] if _OPEN.is_dir() else []
    for number in numbers:
        with suppress(OSError):  # closed meanwhile by the server's own thread
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                told += _tell(number)
    return told


def _tell(number: int) -> bool:
    """Switch the wait off for socket ``number``; False where it is not one of TCP."""
    with socket.socket(fileno=os.dup(number)) as shared:  # closing it leaves the server's open
        if shared.type != socket.SOCK_STREAM or shared.family not in _FAMILIES:
            return False
        shared.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return True

"""Requests as a fake service sees them, its answers, and the faults it can be told to have."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = Literal["refuse_after_accept", "stall", "drip", "status", "html", "cut", "edit"]

HTML_PAGE: Final = (
    "<!doctype html><html><head><title>Sign in</title></head>"
    "<body><h1>Please sign in to this network</h1></body></html>"
)


@dataclass
class Request:
    """One request as the server saw it.

    ``path`` is percent-decoded and without the query; ``target`` is what the
    request line said. Names in ``headers`` are lower case. ``status`` is 0
    until an answer is sent, and stays 0 where none is.
    """

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes = b""
    target: str = ""
    status: int = 0

    def json(self) -> Any:  # noqa: ANN401 - JSON is anything
        """The decoded body. Raises ``ValueError`` if it is not JSON."""
        return json.loads(self.body)

    def first(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]


@dataclass
class Answer:
    """One answer: ``body`` as bytes, headers besides length and connection."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(
        cls,
        value: Any,  # noqa: ANN401 - JSON is anything
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """An answer that carries a JSON value."""
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(
            status, body, {"Content-Type": "application/json; charset=utf-8"} | (headers or {})
        )

    @classmethod
    def of_text(
        cls,
        text: str,
        status: int = 200,
        content_type: str = "text/plain; charset=utf-8",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """An answer that carries text."""
        return cls(status, text.encode(), {"Content-Type": content_type} | (headers or {}))


def _always(_: Request) -> bool:
    return True


@dataclass
class Fault:
    """What goes wrong, for which requests, and how often (None: every time).

    - ``refuse_after_accept``: the connection is closed without a word.
    - ``stall``: nothing is answered until the server closes.
    - ``drip``: the answer comes one byte at a time, ``interval`` seconds apart.
    - ``status``: ``code``, ``body`` and ``headers`` instead of the answer.
    - ``html``: status 200 with a page, ``body`` if it is given.
    - ``cut``: half of the body, though the headers promise all of it.
    - ``edit``: the right answer, changed: ``edit`` receives the decoded JSON
      and returns what is sent; ``edit_headers`` receives a copy of the
      headers and returns those that are sent.
    """

    kind: Kind
    match: Callable[[Request], bool] = _always
    times: int | None = None
    code: int = 500
    body: str | bytes = ""
    headers: dict[str, str] = field(default_factory=dict)
    interval: float = 0.05
    edit: Callable[[Any], Any] | None = None
    edit_headers: Callable[[dict[str, str]], dict[str, str]] | None = None
    used: int = 0

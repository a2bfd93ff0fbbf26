"""The Hugging Face Hub: listings of models, page by page.

The client's own ``list_models`` waits for ever, sleeps up to five minutes
inside a call, and ends a whole listing at one odd row. So its session,
headers and rate-limit reader are used here, and pages are read one by one
within a deadline.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

import httpx2
from huggingface_hub import get_session
from huggingface_hub.errors import OfflineModeIsEnabled
from huggingface_hub.utils import (  # type: ignore[attr-defined]
    build_hf_headers,
    parse_ratelimit_headers,
)

from core.errors import (
    FetchError,
    SourceRefused,
    SourceSilent,
    SourceUnreachable,
    SourceUnreadable,
)
from core.fetch.http import AGENT_NAME, AGENT_VERSION
from core.fetch.hub_rows import FIELDS, ModelRow, model_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.fetch.http import Visit

NAME: Final = "Hugging Face"

ANONYMOUS_REQUESTS: Final = 250
"""Most requests of one refresh: half of what an address may make in five minutes."""
TOKEN_REQUESTS: Final = 500
"""The same for a refresh with a token: half of what an account may make."""

_LONGEST_REST: Final = 60.0
"""Longer than this the Hub is not waited for: the next refresh goes on."""
_RETRY_SECONDS: Final = 0.5
_LARGEST_ANSWER: Final = 64 * 2**20
_SERVER_ERROR: Final = 500
_CLIENT_ERROR: Final = 400


class RequestsSpent(Exception):  # noqa: N818 - not an error: the next refresh goes on
    """All requests of this refresh have been made."""


@dataclass
class Listing:
    """The answer to one question, as far as it was read.

    ``unreadable`` counts rows that name no model; ``complete`` is false where
    there were more pages than could be read.
    """

    rows: list[ModelRow] = field(default_factory=list)
    unreadable: int = 0
    complete: bool = False


class _Answer(NamedTuple):
    """An answer as it came, and the address of the next page, "" for none."""

    status: int
    headers: httpx2.Headers
    body: bytes
    following: str


class Hub:
    """Asks the Hub within one visit.

    ``address`` is the Hub's own or that of a mirror; ``token`` may be empty.
    Every question raises ``FetchError`` where it gets no answer.
    """

    def __init__(
        self,
        address: str,
        token: str,
        visit: Visit,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.visit = visit
        self._address = address
        self._pause = pause
        self._rest = 0.0
        self._headers = build_hf_headers(
            token=token or False, library_name=AGENT_NAME, library_version=AGENT_VERSION
        )

    @property
    def tired(self) -> bool:
        """Whether the Hub would refuse the next request, by its last answer."""
        return self._rest > 0

    @property
    def done(self) -> bool:
        """Whether this visit should ask nothing more and leave the rest to the next one."""
        return self.tired or self.visit.spent() or self.visit.nearly_over()

    def of_account(self, account: str) -> Listing:
        """All public models of an account. Raises ``FetchError``."""
        listing = Listing()
        for _ in self._pages({"author": account}, listing):
            pass
        return listing

    def built_on(self, model_id: str, listing: Listing) -> None:
        """Fill ``listing`` with the models that declare ``model_id`` as their base.

        The most downloaded come first. Raises ``RequestsSpent`` where no
        further page may be asked for, and ``FetchError``; what was read until
        then stays in ``listing``.
        """
        question = {"filter": f"base_model:{model_id}", "sort": "downloads"}
        for _ in self._pages(question, listing):
            if not listing.complete and self.done:
                raise RequestsSpent

    def named(self, model_id: str) -> ModelRow | None:
        """The model that answers to this name now; None where there is none.

        After a renaming the Hub sends on to the new name.
        """
        address = f"{self._address}/api/models/{quote(model_id)}"
        answer = self._get(address, [("expand", name) for name in FIELDS], missing_is_none=True)
        return model_row(answer[0]) if answer else None

    def _pages(self, question: dict[str, str], listing: Listing) -> Iterator[None]:
        """Read a listing into ``listing``; yields after each page."""
        params = [*question.items(), *(("expand", name) for name in FIELDS)]
        address: str | None = f"{self._address}/api/models"
        seen: set[str] = set()
        while address:
            answer = self._get(address, params)
            if answer is None or not isinstance(answer[0], list):
                raise self._unreadable(why="a list of models was expected")
            told, following = answer
            rows = [row for row in map(model_row, told) if row is not None]
            if told and not rows:
                raise self._unreadable(why="no row of its list names a model")
            listing.rows += rows
            listing.unreadable += len(told) - len(rows)
            if following in seen:
                raise self._unreadable(why="its list begins again and again")
            seen.add(following)
            # The address of the next page says all of the question.
            address, params = self._own(following), []
            listing.complete = not address
            yield

    def _own(self, address: str) -> str:
        """The address of a next page at this Hub: a mirror may name the original."""
        if not address:
            return ""
        here, there = urlsplit(self._address), urlsplit(address)
        return urlunsplit((here.scheme, here.netloc, there.path, there.query, ""))

    def _get(
        self, address: str, params: list[tuple[str, str]], *, missing_is_none: bool = False
    ) -> tuple[Any, str] | None:
        """The decoded answer and the address of the next page, "" for none."""
        answer = self._persistently(address, params)
        if answer.status == httpx2.codes.NOT_FOUND and missing_is_none:
            return None
        if answer.status >= _CLIENT_ERROR:
            raise self._refused(answer.status)
        try:
            return json.loads(answer.body), answer.following
        except (ValueError, RecursionError) as error:
            raise self._unreadable(why="it breaks off, or is a page and not data") from error

    def _persistently(self, address: str, params: list[tuple[str, str]]) -> _Answer:
        """An answer, asked for again where the Hub had a short trouble."""
        for last in (False, True):
            self._wait_for_the_hub()
            try:
                answer = self._once(address, params)
            except (SourceSilent, SourceUnreachable):
                if last or self.visit.left() <= _RETRY_SECONDS:
                    raise
                self._pause(_RETRY_SECONDS)
                continue
            limit = parse_ratelimit_headers(answer.headers)
            if limit and limit.remaining <= 0:
                self._rest = float(limit.reset_in_seconds + 1)
            if answer.status == httpx2.codes.TOO_MANY_REQUESTS:
                after = _seconds(answer.headers.get("retry-after"))
                self._rest = self._rest or after or _LONGEST_REST
            elif answer.status < _SERVER_ERROR:
                break
            elif not last:
                self._pause(_RETRY_SECONDS)
        return answer

    def _once(self, address: str, params: list[tuple[str, str]]) -> _Answer:
        """One request, read piece by piece so that the deadline always holds."""
        self.visit.count()
        try:
            with get_session().stream(
                "GET",
                address,
                params=tuple(params) or None,
                headers=self._headers,
                timeout=self.visit.patience(),
            ) as response:
                body = bytearray()
                for piece in response.iter_bytes():
                    body += piece
                    self.visit.check()
                    if len(body) > _LARGEST_ANSWER:
                        raise self._unreadable(why="it does not end")
                following = str(response.links.get("next", {}).get("url", ""))
                return _Answer(response.status_code, response.headers, bytes(body), following)
        except httpx2.TimeoutException as error:
            raise SourceSilent(NAME, f"{NAME} did not answer in time.") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, OfflineModeIsEnabled, OSError) as error:
            self.visit.check()  # what is closed at the deadline may break in any way
            raise SourceUnreachable(NAME, f"{NAME} could not be reached.") from error

    def _wait_for_the_hub(self) -> None:
        """Rest as long as the Hub asks for, or raise ``SourceRefused`` if that is too long."""
        if not self._rest:
            return
        rest, self._rest = self._rest, 0.0
        if rest > min(_LONGEST_REST, self.visit.left()):
            self._rest = rest
            raise self._refused(httpx2.codes.TOO_MANY_REQUESTS)
        self._pause(rest)

    def _refused(self, status: int) -> FetchError:
        if status == httpx2.codes.TOO_MANY_REQUESTS:
            again = datetime.now(UTC) + timedelta(seconds=self._rest)
            return SourceRefused(
                NAME,
                f"{NAME} has had too many requests from this address; it serves us again at "
                f"{again:%H:%M} UTC.",
            )
        if status >= _SERVER_ERROR:
            return SourceUnreachable(
                NAME, f"{NAME} has trouble of its own (status {status}).", advice="Try again later."
            )
        return SourceRefused(NAME, f"{NAME} refused the request (status {status}).")

    def _unreadable(self, *, why: str) -> SourceUnreadable:
        return SourceUnreadable(NAME, f"The answer of {NAME} cannot be understood: {why}.")


def _seconds(text: str | None) -> float:
    return float(text) if text and text.isdecimal() and len(text) < 10 else 0.0  # noqa: PLR2004

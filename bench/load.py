"""One measurement: many readers click on one page of one server for some seconds."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from websockets.exceptions import WebSocketException

from bench.client import RERUN_DEADLINE_SECONDS, VISIT_DEADLINE_SECONDS, Reader, Run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from bench.server import Server

OPENING_AT_ONCE = 8
LONGEST_ERROR = 200


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many readers click, for how long, and how long each looks between clicks."""

    sessions: int
    seconds: float
    pause: float


@dataclass(slots=True)
class Tally:
    """What one measurement found."""

    busy_seconds: float = 0.0
    """From the first click allowed to the last answer, when the server was at rest again."""
    latencies: list[float] = field(default_factory=list)
    rerun_bytes: list[int] = field(default_factory=list)
    visit_bytes: list[int] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    resident_bytes: int = 0

    @property
    def rate(self) -> float:
        """Reruns per second until the last answer.

        Not until a fixed moment: a queue of readers moves in laps, and a window that cuts
        a lap short would count it now whole and now not at all.
        """
        return len(self.latencies) / self.busy_seconds if self.busy_seconds else 0.0

    async def attempt(self, request: Awaitable[Run]) -> Run | None:
        """Await a run and note its errors; None if the session broke."""
        try:
            run = await request
        except (OSError, TimeoutError, WebSocketException) as failure:
            self._note(f"session broke: {type(failure).__name__}: {failure}")
            return None
        if run.errors:
            self._note(run.errors[0])
        return run

    def _note(self, error: str) -> None:
        """Count a failed run once, under the first thing it complained about."""
        self.errors[" ".join(error.split())[:LONGEST_ERROR]] += 1


async def measure(server: Server, address: str | Sequence[str], crowd: Crowd) -> Tally:
    """Let a crowd of readers use the page at `address`; connections end with the call.

    Of several addresses each reader uses one, and they are spread evenly.
    Everybody opens the page and clicks once before the clock starts: what is measured is
    a warm server, and the first visit is reported by its size alone.
    """
    tally = Tally()
    logged_before = server.tracebacks()
    every = [address] if isinstance(address, str) else list(address)
    readers = [
        Reader(server.port, every[number % len(every)], number) for number in range(crowd.sessions)
    ]
    async with AsyncExitStack() as stack:
        door = asyncio.Semaphore(OPENING_AT_ONCE)
        arrived = await asyncio.gather(*(_arrive(stack, door, reader, tally) for reader in readers))
        present = [reader for reader, is_in in zip(readers, arrived, strict=True) if is_in]
        begun = time.perf_counter()
        end = begun + crowd.seconds
        last_answers = await asyncio.gather(
            *(_use(reader, number, crowd, end, tally) for number, reader in enumerate(present))
        )
        tally.busy_seconds = max(filter(None, last_answers), default=begun) - begun
        tally.resident_bytes = server.resident_bytes()
    logged = server.tracebacks() - logged_before
    if logged and not tally.errors:
        tally.errors["a traceback in the server's log that the page does not show"] = logged
    return tally


async def _arrive(
    stack: AsyncExitStack, door: asyncio.Semaphore, reader: Reader, tally: Tally
) -> bool:
    """Connect, open the page and click once; say whether the reader may go on."""
    async with door:
        try:
            await stack.enter_async_context(reader)
        except (OSError, TimeoutError, WebSocketException) as failure:
            tally.errors[f"no connection: {failure}"] += 1
            return False
        visit = await tally.attempt(reader.open())
        if visit is None:
            return False
        tally.visit_bytes.append(visit.received_bytes)
        return await tally.attempt(reader.click(VISIT_DEADLINE_SECONDS)) is not None


async def _use(reader: Reader, number: int, crowd: Crowd, end: float, tally: Tally) -> float | None:
    """Click until `end`; return when the last answer came, if any did.

    Pauses vary by half around their mean, and the first is anywhere within it: people do
    not click in step, and a crowd in step would measure its own queue.
    """
    moods = random.Random(number)
    rest = moods.uniform(0, crowd.pause)
    answered_at = None
    deadline = VISIT_DEADLINE_SECONDS if crowd.sessions == 1 else RERUN_DEADLINE_SECONDS
    while time.perf_counter() + rest < end:
        await asyncio.sleep(rest)
        run = await tally.attempt(reader.click(deadline))
        if run is None:
            return answered_at
        answered_at = time.perf_counter()
        tally.latencies.append(run.seconds)
        tally.rerun_bytes.append(run.received_bytes)
        rest = crowd.pause * moods.uniform(0.5, 1.5)
    return answered_at

"""Memory of a server with 50 readers who have been on every page: `python -m bench.memory`.

The store has the Hub's size. Every reader goes through all pages and clicks on each; all
stay connected. Told is the server's own share of the machine's memory (PSS, where the
system knows it): what it maps counts only as far as it is in memory.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final

from websockets.exceptions import WebSocketException

from bench import stores
from bench.client import VISIT_DEADLINE_SECONDS, Reader
from bench.pages import PROJECT, discovered, end_politely
from bench.server import ServerFailedError, serving

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.server import Server

MOST_MEGABYTES: Final = 500
_AT_ONCE: Final = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the memory step by step; the exit code is 1 after errors, 2 without a server."""
    options = _options(arguments)
    end_politely()
    pages = options.pages or discovered(PROJECT / "app.py")
    try:
        found, errors = _measured(options, pages, stores.settings(options.store))
    except ServerFailedError as failure:
        sys.stderr.write(f"{failure}\n")
        return 2
    if options.json:
        told = {"store": options.store, "readers": options.sessions, "megabytes": found}
        print(json.dumps(told | {"errors": errors}, indent=2))
    else:
        print(f"{'after':<40}{'share MB':>10}{'resident MB':>14}")
        for step, (share, resident) in found.items():
            print(f"{step:<40}{share:>10,.0f}{resident:>14,.0f}")
        print(f"\nAt most {MOST_MEGABYTES} MB are wanted.")
    for error in errors:
        sys.stderr.write(f"{error}\n")
    return 1 if errors else 0


def _measured(
    options: argparse.Namespace, pages: Sequence[str], settings: Mapping[str, str]
) -> tuple[dict[str, tuple[float, float]], list[str]]:
    found: dict[str, tuple[float, float]] = {}
    errors: list[str] = []

    async def crowd(server: Server) -> None:
        readers = [Reader(server.port, pages[0], number) for number in range(options.sessions)]
        door = asyncio.Semaphore(_AT_ONCE)
        async with AsyncExitStack() as stack:
            for reader in readers:
                await stack.enter_async_context(reader)
            first, *others = readers
            for page in pages:  # what a page loads is told apart from what its readers take
                errors.extend(await _use(first, page, options.clicks, door))
                found[f"one reader on {page}"] = _memory(server)
                _say(f"{page}: {found[f'one reader on {page}'][0]:,.0f} MB with one reader")
            for page in pages:
                told = await asyncio.gather(
                    *(_use(reader, page, options.clicks, door) for reader in others)
                )
                errors.extend(error for each in told for error in each)
                found[f"{len(readers)} readers on {page}"] = _memory(server)

    with serving(PROJECT / "app.py", PROJECT, settings) as server:
        found["start"] = _memory(server)
        asyncio.run(crowd(server))
    return found, list(dict.fromkeys(errors))


async def _use(reader: Reader, page: str, clicks: int, door: asyncio.Semaphore) -> list[str]:
    """Go to a page and click; what it complained of."""
    errors: list[str] = []
    async with door:
        try:
            errors += (await reader.go_to(page)).errors
            for _ in range(clicks):
                errors += (await reader.click(VISIT_DEADLINE_SECONDS)).errors
        except (OSError, TimeoutError, WebSocketException) as failure:
            errors.append(f"session broke: {type(failure).__name__}: {failure}")
    return [f"{page}: {error}" for error in errors]


def _memory(server: Server) -> tuple[float, float]:
    return server.share_bytes() / 1e6, server.resident_bytes() / 1e6


def _say(text: str) -> None:
    """Report progress apart from the result, which may be read by a program."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("--sessions", type=int, default=50, help="readers at the same time")
    parser.add_argument("--clicks", type=int, default=5, help="clicks of a reader on a page")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--pages", nargs="+", help="addresses; else every page")
    stores.add_option(parser)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

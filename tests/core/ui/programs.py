"""Small real programs that speak as a refresh does, and keepers of them."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

from core.ui.child import Keeper

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = "hf_" + "s3cret" * 5

STEP = {
    "kind": "step",
    "source": "hub",
    "name": "Hugging Face",
    "step": "Official models",
    "done": 3,
    "total": 16,
    "requests": 12,
    "seconds_left": 512,
}
END = {"kind": "end", "outcome": "ok", "sources": [], "message": "All is well."}


def program(*lines: object, then: str = "") -> list[str]:
    """A program that prints these lines, then does something else."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    code = f"import sys, os, time, signal\nfor line in {texts!r}: print(line, flush=True)\n{then}"
    return [sys.executable, "-c", code]


def until(true: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def kept_by(made: list[Keeper], command: list[str], grace: float = 10.0) -> Keeper:
    made.append(Keeper(command, grace=grace))
    return made[-1]


def ended(keeper: Keeper) -> Keeper:
    until(lambda: not keeper.running)
    return keeper

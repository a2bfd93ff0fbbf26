"""Which store the measured server has: `--store hub`, `small`, `found`, `snapshot` or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import argparse

HUB: Final = "hub"
SNAPSHOT: Final = "snapshot"
MEANINGS: Final = {
    HUB: "three million models, 50 million daily readings rolled up",
    "found": "the same, of which only what a crawl finds is in the tables",
    "small": "twenty thousand models",
    SNAPSHOT: "only what comes with the site",
}


def add_option(parser: argparse.ArgumentParser) -> None:
    """Let the caller choose a store."""
    told = "; ".join(f"{name}: {meaning}" for name, meaning in MEANINGS.items())
    parser.add_argument("--store", default=HUB, help=f"{told}; or the folder of one")


def settings(chosen: str) -> dict[str, str]:
    """The settings of a server with this store, which is made where it is not there yet."""
    if chosen == SNAPSHOT:
        return {}
    if chosen in MEANINGS:
        # Only here: a server that is compared needs nothing of what makes a store.
        from bench.hub_store import hub_store  # noqa: PLC0415

        folder = hub_store(small=chosen == "small", found=chosen == "found")
    else:
        folder = Path(chosen).resolve(strict=True)
    return {"GROUNDSWELL_HOME": str(folder)}

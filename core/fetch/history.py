"""Public daily histories of the Hub's counters, one interface over all of them.

Each is somebody else's dataset: its columns are looked up when it is read,
under the names its makers document, and a file that differs is an error that
names it. Levels, and what each source has of them:

========== ============================== ================================
level      modelpulse/model-pulse-data    harvardMadsys/hf-hub-characterization
========== ============================== ================================
accounts   author_series, whole files     not published
official   parts of series, by id         parts of downloads, by hub_id
everything series, whole files            downloads, needed columns
========== ============================== ================================
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from core.fetch.history_rows import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    import pyarrow as pa

    from core.fetch.history_hub import File, Repository
    from core.fetch.history_rows import Left, Picks

ACCOUNTS: Final = "accounts"
OFFICIAL: Final = "official"
EVERYTHING: Final = "everything"

_SETTLES: Final = timedelta(days=3)
"""So long after its end a month may still be completed by its source."""


@dataclass(frozen=True)
class Known:
    """What is here of a month: the content it was read from, when, and by which rule."""

    etag: str
    read_at: datetime
    picked: str


@dataclass(frozen=True)
class Wish:
    """What is wanted: the level, whose rows, no day after ``today``."""

    level: str
    picks: Picks
    today: date


@dataclass(frozen=True)
class Piece:
    """What is fetched at once: a file, the months in it where they are known before."""

    file: File
    month: str = ""


@dataclass(frozen=True)
class Size:
    """How much a level would take to fetch now, in bytes.

    ``months`` is how many months would come. ``estimated`` where it was worked
    out from one month's file; otherwise it is what the listing says.
    """

    level: str
    bytes: int
    months: int
    estimated: bool


@dataclass(frozen=True)
class Month:
    """Rows of one month, in order, in pieces. ``left`` is filled as they are read."""

    month: str
    rows: Iterator[pa.Table]
    left: Left


class History(Protocol):
    """One public history, opened at one version of it. Every call raises ``FetchError``."""

    repository: Repository

    def missing(self, wish: Wish, known: Mapping[str, Known]) -> list[Piece]:
        """What has to be fetched, the newest month first, given what is known by month."""
        ...

    def size(self, wish: Wish, known: Mapping[str, Known]) -> Size:
        """How much that would be."""
        ...

    def months(self, piece: Piece, wish: Wish, scratch: Path) -> Iterator[Month]:
        """The rows of a piece. ``scratch`` is a folder for what is in the way of being read."""
        ...

    def renames(self) -> pa.Table | None:
        """Rows of ``RENAMES``; None where the source has none."""
        ...

    def models(self, wish: Wish) -> Iterator[pa.Table] | None:
        """Rows of ``MODELS``; None where the source does not say what is built on what."""
        ...


def is_missing(file: File, month: str, known: Known | None, rule: str) -> bool:
    """Whether a month has to be fetched.

    It is not here, was picked by another rule, or was read before it was over
    and has changed since.
    """
    if known is None or known.picked != rule:
        return True
    if known.etag == file.etag:
        return False
    _, end = bounds(month)
    return known.read_at.date() < end + _SETTLES


def needed(files: Sequence[tuple[str, File]], known: Mapping[str, Known], rule: str) -> list[Piece]:
    """The pieces of monthly ``files`` that have to be fetched, the newest first."""
    return [
        Piece(file, month)
        for month, file in sorted(files, reverse=True)
        if is_missing(file, month, known.get(month), rule)
    ]

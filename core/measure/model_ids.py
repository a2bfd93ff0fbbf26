"""What a model's name on the Hub may look like. Names come from anybody."""

from __future__ import annotations

import re
from typing import Final

from core.errors import NothingToShow

_PART: Final = r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_-])?"
_ID: Final = re.compile(f"{_PART}/{_PART}")
_LONGEST: Final = 193

REFUSED: Final = (
    "This is no name of a model on the Hugging Face Hub: account, slash and name, of the letters "
    "A to Z, digits, dots, hyphens and underscores."
)


def well_formed(text: str) -> bool:
    """Whether ``text`` is account/name as the Hub writes it, fit for an address or an option.

    Neither part begins with a dot or a hyphen or ends with a dot, and there are
    no two dots in a row, so that it is never a path, a flag or a pattern.
    """
    return len(text) <= _LONGEST and bool(_ID.fullmatch(text)) and ".." not in text


def checked(text: str) -> str:
    """``text`` where it is ``well_formed``. Raises ``NothingToShow`` where it is not."""
    if not well_formed(text):
        raise NothingToShow(REFUSED)
    return text

"""Short names of shares that readers type: what is one, and where such a share is traded."""

from __future__ import annotations

import re
from typing import Final

from core.errors import NothingToShow

LONGEST: Final = 16

_TICKER: Final = re.compile(r"\^?[A-Z0-9]{1,10}([.-][A-Z0-9]{1,4})?")
_HONG_KONG: Final = re.compile(r"[0-9]{4,5}\.HK")
_EXCHANGES: Final = "New York (such as BABA) or Hong Kong (such as 9988.HK)"


def ticker(text: str) -> str:
    """What was typed, as the exchange writes it; "" where nothing was.

    Raises ``NothingToShow`` where it is no ticker, or one of an exchange whose
    calendar is not known here. The sentence never repeats what was typed.
    """
    found = text.strip().upper()
    if not found:
        return ""
    if not text.isascii() or not _TICKER.fullmatch(found):
        message = (
            "What was typed is not a ticker: a ticker is a share's short name at its exchange, "
            "of letters and digits."
        )
        raise NothingToShow(message, advice=f"Type one of {_EXCHANGES}.")
    if found.endswith(".HK"):
        if not _HONG_KONG.fullmatch(found):
            message = "A ticker of Hong Kong has four or five digits before “.HK”."
            raise NothingToShow(message, advice="Type it in full, such as 0700.HK.")
    elif "." in found:
        message = (
            f"{found} is traded on an exchange whose calendar is not known here, so that nobody "
            "could tell a day without a price from a holiday."
        )
        raise NothingToShow(message, advice=f"Type a share of {_EXCHANGES}.")
    return found


def tickers(text: str) -> tuple[str, ...]:
    """The tickers of a comma-separated list, each once. Raises as ``ticker``."""
    return tuple(dict.fromkeys(found for part in text.split(",") if (found := ticker(part))))

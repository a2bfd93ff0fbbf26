"""The settings: environment variables, checked once, each with a clear error.

An error never quotes a value: a token may have been pasted into the wrong one,
and the error is shown to readers.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from platformdirs import user_data_path

from core.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Mapping

HUB: Final = "https://huggingface.co"
DEADLINE_SECONDS: Final = 600.0
"""Longest time a refresh spends on one source, unless the owner says otherwise."""

DUCKDB: Final = "duckdb"
SPARK: Final = "spark"

_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"", "0", "false", "no", "off"})
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9._-]{1,96}/[A-Za-z0-9._-]{1,96}")
_LONGEST_DEADLINE: Final = 86_400.0
_MASTER: Final = re.compile(
    r"local(\[(\d{1,4}|\*)\])?|local-cluster\[\d{1,4},\d{1,4},\d{1,7}\]|yarn"
    r"|spark://[A-Za-z0-9._-]{1,253}:\d{1,5}(,[A-Za-z0-9._-]{1,253}:\d{1,5}){0,9}"
    r"|k8s://https?://[A-Za-z0-9._-]{1,253}(:\d{1,5})?"
)
"""The addresses of a Spark master, as Spark itself writes them."""


@dataclass(frozen=True)
class Settings:
    """What the owner of this site has set.

    ``home`` is the folder of the store, ``deadline`` is in seconds for each
    source, ``yahoo_url`` is where all traffic for prices goes instead of to
    Yahoo ("" for Yahoo itself), ``history_repo`` is the dataset of the owner
    that keeps what was recorded ("" for none). The token is never printed.
    ``engine`` adds up the daily history: "duckdb", "spark" for Spark on this
    machine, or the address of a Spark master.
    """

    home: Path
    offline: bool
    hub_url: str
    yahoo_url: str
    deadline: float
    history_repo: str
    token: str = field(repr=False)
    engine: str = DUCKDB

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings of this process. Raises ``SettingError``."""
        given = os.environ if environment is None else environment

        def value(name: str) -> str:
            return given.get(name, "").strip()

        return cls(
            home=home(value("GROUNDSWELL_HOME")),
            offline=_switch("GROUNDSWELL_OFFLINE", value("GROUNDSWELL_OFFLINE")),
            hub_url=_address("HF_ENDPOINT", value("HF_ENDPOINT")) or HUB,
            yahoo_url=_address("GROUNDSWELL_YAHOO_URL", value("GROUNDSWELL_YAHOO_URL")),
            deadline=_seconds("GROUNDSWELL_DEADLINE", value("GROUNDSWELL_DEADLINE")),
            history_repo=_repository(value("GROUNDSWELL_HISTORY_REPO"), token=value("HF_TOKEN")),
            token=value("HF_TOKEN"),
            engine=_engine(value("GROUNDSWELL_ENGINE")),
        )


def home(given: str = "") -> Path:
    """The folder of the store: as ``given``, else this person's data folder."""
    if given:
        # Unlike Path.expanduser, this one leaves a "~" that is nobody's as it is.
        return Path(os.path.expanduser(given))  # noqa: PTH111
    return user_data_path("groundswell", appauthor=False)


def _switch(name: str, text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise SettingError(name, f"{name} is 1 or 0, and nothing else.")


def _address(name: str, text: str) -> str:
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        right = parts.scheme in {"http", "https"} and parts.hostname and not parts.query
        _ = parts.port
    except ValueError:
        right = False
    if not right:
        raise SettingError(name, f"{name} is an address that begins with http:// or https://.")
    return text.rstrip("/")


def _seconds(name: str, text: str) -> float:
    if not text:
        return DEADLINE_SECONDS
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST_DEADLINE:
        raise SettingError(name, f"{name} is a number of seconds, more than 0 and at most 86400.")
    return seconds


def _repository(text: str, *, token: str) -> str:
    name = "GROUNDSWELL_HISTORY_REPO"
    if not text:
        return ""
    if not _REPOSITORY.fullmatch(text):
        raise SettingError(name, f"{name} is a dataset of the Hub, written as account/name.")
    if not token:
        raise SettingError(name, f"{name} is set, but there is no HF_TOKEN to write to it with.")
    return text


def _engine(text: str) -> str:
    if text.lower() in {"", DUCKDB}:
        return DUCKDB
    if text.lower() == SPARK:
        return SPARK
    if not _MASTER.fullmatch(text):
        name = "GROUNDSWELL_ENGINE"
        raise SettingError(
            name,
            f"{name} is duckdb, spark, or the address of a Spark master (spark://…, local[2]).",
        )
    return text

"""The files that people edit by hand: makers.toml, sources.toml, claims.toml and the story."""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from core.errors import DefinitionError
from core.schemas import Claim, Family, Source, WorkedExample

if TYPE_CHECKING:
    from pathlib import Path

CLAIM_KINDS = ("measurable", "opinion", "not found", "no public source")
"""What a published sentence can be: one that data could settle, or why none could."""

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def load_families(path: Path) -> tuple[Family, ...]:
    """Families of ``makers.toml`` in the file's order, names unique.

    Raises ``DefinitionError`` naming the family and what is wrong with it.
    """
    entries = _parse(path).get("family")
    if not isinstance(entries, list) or not entries:
        message = f"{path.name} defines no [[family]]."
        raise DefinitionError(message)
    families = tuple(_family(entry, path) for entry in entries)
    names = [family.name.casefold() for family in families]
    for name in names:
        if names.count(name) > 1:
            message = f"{path.name} defines the family '{name}' twice."
            raise DefinitionError(message)
    return families


def load_sources(path: Path) -> dict[str, Source]:
    """Sources of ``sources.toml`` by key. Raises ``DefinitionError``."""
    entries = _parse(path).get("source")
    if not isinstance(entries, dict) or not entries:
        message = f"{path.name} defines no [source]."
        raise DefinitionError(message)
    return {
        key: Source(key=key, **_checked(entry, Source, f"the source '{key}'", path, {"key"}))
        for key, entry in entries.items()
    }


def load_worked_example(path: Path) -> WorkedExample:
    """The news story of ``worked_example.toml``. Raises ``DefinitionError``."""
    content = _parse(path)
    try:
        article, closes = content["article"], dict(content["closes"])
        source = closes.pop("source_name")
        return WorkedExample(
            at=article["at"],
            ticker=article["ticker"],
            price=float(article["price"]),
            said=article["said"],
            source_name=article["source_name"],
            source_url=article["source_url"],
            closes=tuple(
                (date.fromisoformat(session), float(close)) for session, close in closes.items()
            ),
            closes_source=source,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"{path.name} does not tell the story as it should: {error}"
        raise DefinitionError(message) from error


def load_claims(path: Path) -> tuple[Claim, ...]:
    """Claims of ``claims.toml`` in the file's order, keys unique.

    Raises ``DefinitionError`` naming the claim and what is wrong with it.
    """
    entries = _parse(path).get("claim")
    if not isinstance(entries, list) or not entries:
        message = f"{path.name} defines no [[claim]]."
        raise DefinitionError(message)
    claims = tuple(_claim(entry, path) for entry in entries)
    keys = [claim.key for claim in claims]
    for key in keys:
        if keys.count(key) > 1:
            message = f"{path.name} defines the claim '{key}' twice."
            raise DefinitionError(message)
    return claims


def _claim(entry: object, path: Path) -> Claim:
    """One claim; what it does not set keeps its default."""
    key = entry.get("key") if isinstance(entry, dict) else None
    where = f"the claim '{key}'" if isinstance(key, str) else "a claim without key"
    if not isinstance(entry, dict):
        message = f"In {path.name}, {where} is not a table of settings."
        raise DefinitionError(message)
    defaults = {
        field.name: field.default for field in fields(Claim) if field.default is not MISSING
    }
    claim = Claim(**_checked(defaults | entry, Claim, where, path, set()))
    if claim.kind not in CLAIM_KINDS:
        message = f"In {path.name}, {where} has an unknown kind '{claim.kind}'."
        raise DefinitionError(message)
    if claim.address and not claim.address.startswith("https://"):
        message = f"In {path.name}, the address of {where} is not one of the web."
        raise DefinitionError(message)
    return claim


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"{path.name} is missing."
        raise DefinitionError(message) from error
    except (ValueError, RecursionError, OSError) as error:
        message = f"{path.name} cannot be read: {error}"
        raise DefinitionError(message) from error


def _family(entry: object, path: Path) -> Family:
    name = entry.get("name") if isinstance(entry, dict) else None
    where = f"the family '{name}'" if isinstance(name, str) else "a family without name"
    family = Family(**_checked(entry, Family, where, path, set()))
    if not family.name:
        message = f"In {path.name}, a family has an empty name."
        raise DefinitionError(message)
    if not family.accounts:
        message = f"In {path.name}, {where} has no accounts."
        raise DefinitionError(message)
    if bool(family.company) != bool(family.ticker):
        message = f"In {path.name}, {where} has a ticker without a company, or the reverse."
        raise DefinitionError(message)
    if not _COLOUR.fullmatch(family.colour):
        message = f"In {path.name}, the colour of {where} is not of the form #1A2B3C."
        raise DefinitionError(message)
    try:
        re.compile(family.pattern)
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        message = f"In {path.name}, the pattern of {where} is not valid: {error}."
        raise DefinitionError(message) from error
    return family


def _checked(
    entry: object, kind: type[Family | Source | Claim], where: str, path: Path, besides: set[str]
) -> dict[str, Any]:
    """``entry`` with exactly the fields of ``kind``, lists turned into tuples."""
    if not isinstance(entry, dict):
        message = f"In {path.name}, {where} is not a table of settings."
        raise DefinitionError(message)
    expected = {field.name: str(field.type) for field in fields(kind)}
    for name in besides:
        del expected[name]
    if missing := sorted(expected.keys() - entry.keys()):
        message = f"In {path.name}, {where} lacks '{missing[0]}'."
        raise DefinitionError(message)
    if unknown := sorted(entry.keys() - expected.keys()):
        message = f"In {path.name}, {where} has an unknown setting '{unknown[0]}'."
        raise DefinitionError(message)
    values: dict[str, Any] = {}
    for name, wanted in expected.items():
        value = tuple(entry[name]) if isinstance(entry[name], list) else entry[name]
        if not _fits(value, wanted):
            message = f"In {path.name}, '{name}' of {where} has the wrong type."
            raise DefinitionError(message)
        values[name] = value
    return values


def _fits(value: object, wanted: str) -> bool:
    if wanted == "bool":
        return isinstance(value, bool)
    if wanted == "str":
        return isinstance(value, str)
    if wanted in {"float", "int"}:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole or (wanted == "float" and isinstance(value, float))
    return isinstance(value, tuple) and all(isinstance(item, str) for item in value)

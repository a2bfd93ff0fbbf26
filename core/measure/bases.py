"""Bases: which repositories a figure of downloads counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OFFICIAL: Final = "official"
DERIVATIVES: Final = "with_derivatives"
SHARED: Final = "shared"
WITHOUT_BIGGEST: Final = "without_biggest"
LANGUAGE: Final = "language"
NAMED: Final = "atom"

ACCOUNTS_LEVEL: Final = "accounts"
OFFICIAL_LEVEL: Final = "official"
EVERYTHING_LEVEL: Final = "everything"
LEVELS: Final = (ACCOUNTS_LEVEL, OFFICIAL_LEVEL, EVERYTHING_LEVEL)
"""How much of a public history is fetched, the least first; each holds those before it."""


@dataclass(frozen=True)
class Basis:
    """One way to count: its key in links and tables, its name, and what it counts.

    ``level`` is how much of a public history it needs at least. ``stored``
    tells whether table ``daily`` has rows of it; others are worked out from
    those of the models. ``adds_up`` tells whether the families' figures may be
    added, so that shares of their sum add to 100 %.
    """

    key: str
    name: str
    meaning: str
    level: str
    stored: bool = True
    adds_up: bool = True


BASES: Final = {
    basis.key: basis
    for basis in (
        Basis(
            OFFICIAL,
            "Official models only",
            "every repository of the family's own accounts, and nothing else",
            OFFICIAL_LEVEL,
        ),
        Basis(
            DERIVATIVES,
            "Official models and derivatives",
            "official models and every repository that declares one of them, or another "
            "derivative, as its base; each repository once in a family, but a merge of two "
            "families in both",
            EVERYTHING_LEVEL,
            adds_up=False,
        ),
        Basis(
            SHARED,
            "Derivatives shared among their families",
            "official models and derivatives; a repository that descends from several "
            "families counts in equal parts for each of them",
            EVERYTHING_LEVEL,
        ),
        Basis(
            WITHOUT_BIGGEST,
            "Without each family's biggest model",
            "official models except, in each family, the one with the most downloads in the "
            "dates shown",
            OFFICIAL_LEVEL,
            stored=False,
        ),
        Basis(
            LANGUAGE,
            "Language models only",
            "official models whose stated task is to write text, from text alone or from "
            "text with pictures",
            OFFICIAL_LEVEL,
        ),
        Basis(
            NAMED,
            "Language models after ChatGPT, each once",
            "official models that write text and were created on 30 November 2022 or later, "
            "without embedding models and without copies repackaged in another format; the "
            "rule follows the ATOM Project's list",
            OFFICIAL_LEVEL,
        ),
    )
}
"""Every basis by its key, the default first."""

"""A forest as plain arrays and facts, and back: what a file can keep and a server map."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from core.measure import lineage_arrays, traits
from core.measure.accounts import Accounts
from core.measure.forest import Forest, Told
from core.measure.lineage_arrays import Kept
from core.measure.occasions import Occasions
from core.measure.traits import Traits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.measure.graph import Numbers

_READ: Final = ("downloads", "totals", "reads")
_ACCOUNTS: Final = ("numbers", "models")

ARRAYS: Final = (
    *lineage_arrays.ARRAYS,
    *(f"traits.{name}" for name in traits.ARRAYS),
    *(f"read.{name}" for name in _READ),
    *(f"accounts.{name}" for name in _ACCOUNTS),
)
"""The arrays that every kept forest has."""

FACTS: Final = (*lineage_arrays.FACTS, "licences", "formats", "days", "sources", "told")
"""The facts that every kept forest has."""


def to_arrays(forest: Forest) -> tuple[dict[str, Numbers], dict[str, Any]]:
    """Arrays and facts (fit for JSON) that ``from_arrays`` makes the same of."""
    arrays, facts = lineage_arrays.to_arrays(Kept(forest.lineage, {}, forest.search))
    arrays |= {f"traits.{name}": getattr(forest.traits, name) for name in traits.ARRAYS}
    arrays |= {f"read.{name}": getattr(forest.occasions, name) for name in _READ}
    arrays |= {f"accounts.{name}": getattr(forest.accounts, name) for name in _ACCOUNTS}
    facts |= {
        "licences": list(forest.traits.licences),
        "formats": list(forest.traits.formats),
        "days": list(forest.occasions.days),
        "sources": list(forest.occasions.sources),
        "told": asdict(replace(forest.told, renamed={})),  # the lineage knows them
    }
    return arrays, facts


def from_arrays(arrays: Mapping[str, Numbers], facts: Mapping[str, Any]) -> Forest:
    """The forest of which ``to_arrays`` made them. Nothing is copied or worked out.

    Raises ``TypeError`` where its ids are not searched, because they are no texts.
    """
    kept = lineage_arrays.from_arrays(arrays, facts)
    if kept.search is None:
        raise TypeError
    told = facts["told"]
    return Forest(
        kept.lineage,
        Traits(
            **{name: arrays[f"traits.{name}"] for name in traits.ARRAYS},
            licences=list(facts["licences"]),
            formats=list(facts["formats"]),
        ),
        Occasions(
            **{name: arrays[f"read.{name}"] for name in _READ},
            days=list(facts["days"]),
            sources=list(facts["sources"]),
        ),
        Accounts(**{name: arrays[f"accounts.{name}"] for name in _ACCOUNTS}),
        kept.search,
        Told(
            first=told["first"],
            last=told["last"],
            asked=told["asked"],
            sources=tuple(told["sources"]),
            embedded=told["embedded"],
            faults=tuple((table, sentence, advice) for table, sentence, advice in told["faults"]),
            renamed=kept.lineage.known.renames.pairs,
        ),
    )

"""Which rows of a public history are kept: those of the families' official models."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from core.fetch.history_rows import Picks
from core.measure.families import FamilyRules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from core.schemas import Family


def picks(families: Sequence[Family], renames: pa.Table | None = None) -> Picks:
    """The rows of official models, and of names that such a model had before."""
    rules = FamilyRules(families)
    told = [f"{f.name}\n{'/'.join(f.accounts)}\n{f.pattern}" for f in families]
    old: set[str] = set()
    if renames is not None:
        old_names, new_names = (map(str, renames[name].to_pylist()) for name in ("old", "new"))
        names = dict(zip(old_names, new_names, strict=True))
        old = {name for name in names if _leads_to_a_family(name, names, rules)}
    return Picks(
        tuple(dict.fromkeys(name for family in families for name in family.accounts)),
        lambda model_id: rules.family_of(model_id) is not None,
        hashlib.sha256("\n\n".join(told).encode()).hexdigest()[:16],
        frozenset(old),
    )


def _leads_to_a_family(name: str, names: Mapping[str, str], rules: FamilyRules) -> bool:
    """Whether a repository of this earlier name is an official model today."""
    seen = {name}
    while (name := names.get(name, "")) and name not in seen:
        if rules.family_of(name) is not None:
            return True
        seen.add(name)
    return False

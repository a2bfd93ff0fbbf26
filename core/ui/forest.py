"""The family tree of all models, opened once for all readers of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import StoreError
from core.measure import coverage as measure_coverage
from core.measure import forest as measure
from core.measure import tree
from core.measure.families import FamilyRules
from core.measure.forest import Forest
from core.measure.forest_arrays import from_arrays
from core.schemas import LINKS, LISTINGS, MODELS, READINGS, TABLES

if TYPE_CHECKING:
    import pandas as pd

    from core.measure.coverage import Coverage
    from core.measure.forest import Official
    from core.ui.site import Site


def forest(site: Site) -> Forest:
    """The forest of the store: mapped where a refresh has kept it, else made of the tables.

    Raises the ``StoreError`` of the links, or of a store too large to do that.
    """
    return site.once(_forest, site)


def official(site: Site) -> Official:
    """The official models of the forest."""
    return site.once(measure.official, forest(site), rules(site))


def coverage(site: Site) -> Coverage:
    """How much of the tree is known."""
    return site.once(measure_coverage.coverage, forest(site), official(site))


def rules(site: Site) -> FamilyRules:
    """The rules of makers.toml, worked out once."""
    return site.once(FamilyRules, site.families)


def roots(site: Site) -> pd.DataFrame:
    """The official models that much is built on, see ``measure.tree.roots``."""
    return site.once(tree.roots, forest(site), official(site))


def families(site: Site) -> dict[str, list[str]]:
    """The same roots by family, see ``measure.tree.by_family``."""
    return site.once(tree.by_family, roots(site))


def faults(site: Site) -> list[StoreError]:
    """Files that could not be used for the forest although others could."""
    return site.faults(LINKS.name, LISTINGS.name, READINGS.name)


def _forest(site: Site) -> Forest:
    mapped = site.kept
    if mapped is not None:
        return from_arrays(mapped.arrays, mapped.facts)
    models = _rows(site, MODELS.name)
    return Forest.of(
        site.frame(LINKS.name),
        models,
        _rows(site, READINGS.name),
        _rows(site, LISTINGS.name),
        embedded=bool(len(models)) and site.loaded(MODELS.name).embedded,
    )


def _rows(site: Site, name: str) -> pd.DataFrame:
    """Rows of table ``name``; none where it cannot be read: the tree can do without."""
    try:
        return site.frame(name)
    except StoreError:
        return TABLES[name].arrow.empty_table().to_pandas()

"""The family tree of all models, made once a refresh so that no reader waits for it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from core.errors import StoreError
from core.measure.families import FamilyRules
from core.measure.forest import Forest
from core.measure.forest_arrays import ARRAYS, FACTS, to_arrays
from core.measure.names import with_current_names
from core.schemas import LINKS, LISTINGS, MODELS, READINGS
from core.store import lineage_file
from core.store.forests import Forests

if TYPE_CHECKING:
    from core.store.store import Store


def keep_forest(store: Store) -> bool:
    """Make the tree of the tables of ``store`` as they are, and keep it; whether one was made.

    None is made where it is there already, or where the store has no links of its own.
    Raises a ``StoreError`` where a table cannot be read or the file not written.
    """
    forests = Forests(store)
    with suppress(StoreError):  # what cannot be read is made again
        lineage_file.read(forests.path, ARRAYS, FACTS)
        if all(forests.rows(table.name) is not None for table in (MODELS, READINGS)):
            return False
    if not store.partitions(LINKS):
        return False  # the sample is small: the server makes its tree at once
    loaded = {table.name: store.load(table) for table in (LINKS, MODELS, READINGS, LISTINGS)}
    forest = Forest.of(
        *(each.frame for each in loaded.values()),
        embedded=loaded[MODELS.name].embedded,
        faults=tuple(
            (fault.table, fault.sentence, fault.advice)
            for each in loaded.values()
            for fault in each.faults
        ),
    )
    rules, renamed = FamilyRules(store.families()), forest.told.renamed
    rows = {}
    for table in (MODELS, READINGS):
        named = with_current_names(loaded[table.name].frame, ("model_id",), renamed)
        rows[table.name] = named[rules.in_accounts(named["model_id"])]
    forests.write(*to_arrays(forest), rows)
    return True

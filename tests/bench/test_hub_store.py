"""The made-up store is what refreshes would leave: its parts agree with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq
import pytest

from bench import hub_store, hub_world
from core import schemas
from core.measure.families import FamilyRules
from core.measure.lineage_arrays import ARRAYS, FACTS
from core.store import lineage_file
from core.store.counters import Counters
from core.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    patched = pytest.MonkeyPatch()
    patched.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("made")))
    folder = hub_store.hub_store(small=True)
    assert hub_store.hub_store(small=True) == folder  # it is there now
    patched.undo()
    return folder


def test_every_table_can_be_read_and_holds_what_it_should(made: Path) -> None:
    store = Store(made)
    rules = FamilyRules(store.families())
    for table in schemas.TABLES.values():
        assert not store.load(table).faults
    models = store.own(schemas.MODELS)
    assert len(models) == hub_world.SMALL.links.models
    of_rules = rules.assign(models["model_id"])
    told = models["family"]
    assert ((of_rules == told) | (of_rules.isna() & told.isna())).all()
    assert told.notna().sum() == hub_world.SMALL.official
    readings = store.own(schemas.READINGS)
    assert readings["read_at"].nunique() == 2 * 7 * hub_store.WEEKS
    links = store.own(schemas.LINKS)
    assert not (links["child"] == links["parent"]).any()


def test_the_roll_up_has_what_the_counter_files_say(made: Path) -> None:
    store = Store(made)
    paths = Counters(made).paths("modelpulse", "everything")
    counters = pd.concat([pq.read_table(path).to_pandas() for path in paths])
    assert len(counters) == hub_world.SMALL.counted * hub_world.DAYS
    family = FamilyRules(store.families()).assign(counters["id"])
    qwen = counters[family == "Qwen"].pivot_table(index="day", columns="id", values="all_time")
    by_hand = qwen.diff().dropna().sum(axis=1)
    daily = store.own(schemas.DAILY)
    rows = daily[(daily["family"] == "Qwen") & (daily["basis"] == "official")]
    of_history = rows[rows["source"] == "modelpulse"].sort_values("day")
    assert of_history["downloads"].tolist() == by_hand.astype("int64").tolist()
    assert rows["source"].nunique() == 2  # the site's own readings give figures too


def test_the_family_tree_of_all_models_is_kept(made: Path) -> None:
    (tree,) = (made / "lineage").glob("*.bin")
    mapped = lineage_file.read(tree, ARRAYS, FACTS)
    # Those of the site's own snapshot that the made-up Hub does not have are in it too.
    assert mapped.facts["count"] >= hub_world.SMALL.links.models

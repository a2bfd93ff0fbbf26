"""The family tree that a refresh keeps for the server: same answers, never a wrong one."""

from __future__ import annotations

import io
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal

from core.errors import TableMissing, TableUnreadable
from core.measure import built_on, built_shares, coverage, forest, place, tree
from core.measure.families import FamilyRules
from core.measure.forest import Forest
from core.measure.forest_arrays import ARRAYS, FACTS, from_arrays
from core.refreshing.announce import Announcer
from core.refreshing.conductor import Conductor, Stop
from core.refreshing.forest import keep_forest
from core.schemas import LINKS, LISTINGS, MODELS, READINGS, REFRESHES
from core.settings import Settings
from core.store import forests
from core.store.forests import Forests
from core.store.store import Store
from core.ui.forest import forest as opened
from core.ui.site import Site
from tests.independent import DATA

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 25, 14, tzinfo=UTC)
ROOT = "Qwen/Qwen2.5-7B"
FEW = 7


def link(child: str, parent: str = ROOT) -> pd.DataFrame:
    row = {"child": child, "parent": parent, "relation": "adapter", "source": "hub"}
    return pd.DataFrame([row | {"seen_on": pd.Timestamp("2026-11-24")}])


def store(folder: Path) -> Store:
    """A store with one link of its own before the snapshot."""
    own = Store(folder / "home")
    own.add(LINKS, link("somebody/new-one"), NOW)
    return own


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Store:
    own = store(tmp_path_factory.mktemp("kept"))
    assert keep_forest(own)
    return own


def read(own: Store) -> Forest | None:
    mapped = Forests(own).read(ARRAYS, FACTS)
    return None if mapped is None else from_arrays(mapped.arrays, mapped.facts)


def test_what_is_mapped_answers_as_what_was_made(kept: Store) -> None:
    tables = (LINKS, MODELS, READINGS, LISTINGS)
    frames = (kept.load(table).frame for table in tables)
    made, mapped = Forest.of(*frames, embedded=True), read(kept)
    assert mapped is not None
    rules = FamilyRules(kept.families())
    ours, theirs = forest.official(made, rules), forest.official(mapped, rules)
    assert ours.models.tolist() == theirs.models.tolist()
    assert_frame_equal(tree.roots(made, ours), tree.roots(mapped, theirs))
    assert coverage.coverage(made, ours) == coverage.coverage(mapped, theirs)
    for root in tree.roots(made, ours)["root"]:
        for switch in (False, True):
            one = tree.branch(made, root, ours, without_official=switch)
            two = tree.branch(mapped, root, theirs, without_official=switch)
            assert_frame_equal(one.rows(), two.rows())
            assert_series_equal(tree.hanging(one), tree.hanging(two))
        assert place.place(made, root) == place.place(mapped, root)
        first = built_on.built_on(made, (root,), ours, without_official=True)
        second = built_on.built_on(mapped, (root,), theirs, without_official=True)
        assert first.as_of == second.as_of
        found = [built_shares.shares(each, "publisher").rows for each in (first, second)]
        assert_frame_equal(*found)
    assert made.traits.beside.tolist() == mapped.traits.beside.tolist()
    for text in ("qwen", "Phi-4 reason", "somebody/new"):
        assert made.search.find(text).tolist() == mapped.search.find(text).tolist()
    assert "somebody/new-one" in tree.branch(
        mapped, ROOT, theirs, without_official=False
    ).rows()["model_id"].tolist()  # fmt: skip
    assert made.told == mapped.told


def test_tree_is_made_once_for_the_same_tables_and_anew_for_others(kept: Store) -> None:
    assert not keep_forest(kept)
    assert len(forests.files(kept)) == 1


def test_two_newest_trees_are_kept_and_only_the_fitting_one_is_read(tmp_path: Path) -> None:
    own = store(tmp_path)
    for number in range(3):
        own.add(LINKS, link(f"somebody/{number}"), NOW + timedelta(minutes=number))
        assert read(own) is None
        assert keep_forest(own)
        found = read(own)
        assert found is not None
        assert f"somebody/{number}" in found.lineage
    assert len(forests.files(own)) == 2
    assert {path for path, _, _ in own.fingerprint()} >= {*map(str, forests.files(own))}


def test_damaged_tree_is_not_read_and_is_made_again(tmp_path: Path) -> None:
    own = store(tmp_path)
    keep_forest(own)
    (path,) = forests.files(own)
    content = bytearray(path.read_bytes())
    content[-FEW] ^= 1
    path.write_bytes(content)
    assert read(own) is None
    assert "somebody/new-one" in opened(Site(own)).lineage  # made of the tables
    assert keep_forest(own)
    assert read(own) is not None


def test_old_tree_serves_tables_too_large_for_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = store(tmp_path)
    monkeypatch.setattr(forests, "LARGE", FEW)
    with pytest.raises(TableMissing, match="has not been made yet"):
        opened(Site(own))
    keep_forest(own)
    own.add(LINKS, link("somebody/later"), NOW + timedelta(hours=1))
    known = opened(Site(own))
    assert "somebody/new-one" in known.lineage
    assert "somebody/later" not in known.lineage
    (path,) = forests.files(own)
    path.write_bytes(path.read_bytes()[:-FEW])
    with pytest.raises(TableUnreadable, match="cut short or damaged"):
        opened(Site(own))


def test_killed_while_writing_leaves_nothing(tmp_path: Path) -> None:
    own = store(tmp_path)
    keep_forest(own)
    part = forests.folder_of(own) / "tmpabc.part"
    part.write_bytes(b"half a tree")
    own.forget_unfinished()
    assert not part.exists()
    assert read(own) is not None


def test_failure_is_one_sentence_and_loses_no_table(tmp_path: Path) -> None:
    own = store(tmp_path)
    (tmp_path / "home" / "lineage").write_text("a file where the folder should be")
    settings = Settings.from_environment({"GROUNDSWELL_HOME": str(tmp_path / "home")})
    said = io.StringIO()
    conductor = Conductor(own, settings, Announcer(said, as_json=True), Stop())
    conductor.work("tree", "The family tree", lambda: keep_forest(own), NOW)
    (told,) = conductor.told
    assert told.outcome == "TableUnwritable"
    assert told.message.startswith("The family tree could not be written. ")
    assert told.recorded
    assert own.own(REFRESHES)["source"].tolist() == ["tree"]
    assert "somebody/new-one" in own.load(LINKS).frame["child"].tolist()
    assert "somebody/new-one" in opened(Site(own)).lineage


def test_broken_partition_is_told_by_the_tree_too(tmp_path: Path) -> None:
    own = store(tmp_path)
    broken = own.add(LINKS, link("somebody/lost"), NOW + timedelta(hours=1))
    broken.write_bytes(b"no Parquet")
    keep_forest(own)
    known = read(own)
    assert known is not None
    assert [(table, broken.name in sentence) for table, sentence, _ in known.told.faults] == [
        ("links", True)
    ]


def test_store_without_links_of_its_own_needs_no_file(tmp_path: Path) -> None:
    shutil.copytree(DATA / "snapshot", tmp_path / "data" / "snapshot")
    own = Store(tmp_path / "home", tmp_path / "data")
    assert not keep_forest(own)
    assert forests.files(own) == []

"""The file of a lineage: what is written comes back mapped, what is damaged is refused."""

from __future__ import annotations

import json
import os
import tempfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import (
    StoreError,
    TableMismatch,
    TableMissing,
    TableTooNew,
    TableUnreadable,
    TableUnwritable,
)
from core.measure.lineage import Lineage
from core.measure.lineage_arrays import ARRAYS, FACTS, Kept, from_arrays, to_arrays
from core.measure.search import Search
from core.store import lineage_file

ROWS = pd.DataFrame(
    [
        ("me/tuned", "Maker/Base", "finetune"),
        ("me/small", "maker/base", "quantized"),
        ("you/mix", "me/tuned", "merge"),
        ("you/mix", "me/small", "merge"),
        ("a", "b", "soup"),
        ("b", "a", None),
        ("\u202ex/" + "y" * 10_000, "you/mix", "adapter"),
    ],
    columns=["child", "parent", "relation"],
).astype("str")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lineage.bin"


def kept() -> Kept:
    known = Lineage.from_links(ROWS, renames={"me/old": "me/small"})
    downloads = np.array([5, 1, 70, 30, 9, 2, 4])
    totals = known.totals(pd.Series(downloads, index=known.descendant_counts().index))
    return Kept(known, {"downloads": totals.to_numpy()}, Search.of(known.known.ids, downloads))


def save(path: Path, what: Kept) -> bytes:
    lineage_file.write(path, *to_arrays(what))
    return path.read_bytes()


def opened(path: Path) -> Kept:
    mapped = lineage_file.read(path, ARRAYS, FACTS)
    return from_arrays(mapped.arrays, mapped.facts)


def content() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return save(Path(folder) / "lineage.bin", kept())


GOOD = content()


def outcome(data: bytes) -> StoreError | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lineage.bin"
        path.write_bytes(data)
        try:
            opened(path)
        except StoreError as error:
            found = error
        else:
            return None
        assert path.read_bytes() == data
    assert found.sentence.endswith(".")
    assert found.advice
    return found


def test_all_comes_back(path: Path) -> None:
    before = kept()
    save(path, before)
    after = opened(path)
    assert after.lineage.report == before.lineage.report
    counts = before.lineage.descendant_counts()
    pd.testing.assert_series_equal(after.lineage.descendant_counts(), counts)
    for name in counts.index:
        for method in ("parents", "children", "descendants", "path_to_root"):
            found, expected = (getattr(each.lineage, method)(name) for each in (after, before))
            assert list(found) == list(expected)
        for method in ("spelling", "relation", "depth", "count"):
            assert getattr(after.lineage, method)(name) == getattr(before.lineage, method)(name)
        assert after.lineage.relation_counts(name).equals(before.lineage.relation_counts(name))
    assert after.lineage.roots.tolist() == before.lineage.roots.tolist()
    assert after.lineage.stubs.tolist() == before.lineage.stubs.tolist()
    assert after.lineage.spelling("ME/old") == "me/small"
    assert after.totals["downloads"].tolist() == before.totals["downloads"].tolist()
    assert after.search is not None
    assert before.search is not None
    for text in ("me", "small", "mix y", "maker/"):
        assert after.search.find(text).tolist() == before.search.find(text).tolist() != []
    later = after.lineage.extend(ROWS.assign(child="new/one").head(1))
    assert "new/one" in later.descendants("Maker/Base")
    assert later.descendant_counts()["Maker/Base"] == counts["Maker/Base"] + 1
    values = pd.Series(1, index=counts.index)
    assert after.lineage.totals(values).equals(counts.rename("total"))


def test_numbers_as_ids_and_nothing_at_all(path: Path) -> None:
    links = np.array([[1, 0], [2, 1], [3, 1], [3, 2]])
    known = Lineage.from_numbers(5, links[:, 0], links[:, 1])
    save(path, Kept(known))
    assert opened(path).lineage.descendants(0).tolist() == [1, 2, 3]
    assert opened(path).search is None
    frame = pd.DataFrame({"child": [70], "parent": [7], "relation": "merge"})
    save(path, Kept(Lineage.from_links(frame)))
    assert opened(path).lineage.descendants(7).tolist() == [70]
    nothing = Lineage.from_links(ROWS[:0])
    save(path, Kept(nothing, {}, Search.of(nothing.known.ids, np.zeros(0))))
    found = opened(path)
    assert len(found.lineage) == 0
    assert found.search is not None
    assert found.search.find("a").tolist() == []
    assert "new" in found.lineage.extend(ROWS.assign(child="new"))


def test_what_is_mapped_cannot_be_changed(path: Path) -> None:
    save(path, kept())
    mapped = lineage_file.read(path)
    assert set(ARRAYS) < set(mapped.arrays)
    for array in mapped.arrays.values():
        assert not array.flags.writeable
        assert array.ctypes.data % 8 == 0


def test_an_extended_lineage_is_not_kept() -> None:
    with pytest.raises(TypeError, match="built at once"):
        to_arrays(Kept(kept().lineage.extend(ROWS)))


def test_missing_file_is_named(path: Path) -> None:
    with pytest.raises(TableMissing, match=r"lineage\.bin is missing"):
        opened(path)


@pytest.mark.parametrize("length", [0, 1, 8, 15, 16, 100, len(GOOD) // 2, len(GOOD) - 1])
def test_file_that_is_cut_short_is_unreadable(length: int) -> None:
    assert isinstance(outcome(GOOD[:length]), TableUnreadable)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_no_byte_can_change_unseen(at: int, change: int) -> None:
    data = bytearray(GOOD)
    data[at] ^= change
    assert isinstance(outcome(bytes(data)), TableUnreadable)


@given(st.binary(max_size=300))
def test_bytes_of_anything_are_unreadable(data: bytes) -> None:
    assert isinstance(outcome(data), TableUnreadable)
    assert isinstance(outcome(GOOD[:8] + data), TableUnreadable)
    assert isinstance(outcome(GOOD + data), TableUnreadable) or not data


def with_header(**changes: Any) -> bytes:  # noqa: ANN401 - any JSON
    """A file with another header, and the checksums that fit it."""
    length = int.from_bytes(GOOD[8:12], "little")
    header = json.dumps(json.loads(GOOD[16 : 16 + length]) | changes).encode()
    sizes = len(header).to_bytes(4, "little") + zlib.crc32(header).to_bytes(4, "little")
    return GOOD[:8] + sizes + header + GOOD[16 + length :]


@pytest.mark.parametrize(
    "changes",
    [
        {"arrays": None},
        {"arrays": {"x": ["<i4", [10**30], 0]}},
        {"arrays": {"x": ["<i4", [-1], 0]}},
        {"arrays": {"x": ["O", [1], 0]}},
        {"arrays": {"x": ["<i4", [1], 10**9]}},
        {"arrays": {"x": 1}},
        {"facts": None},
        {"size": "much"},
        {"version": "one"},
    ],
)
def test_a_header_that_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    assert isinstance(outcome(with_header(**changes)), StoreError)


def test_a_file_of_a_newer_version_says_so() -> None:
    error = outcome(with_header(version=lineage_file.VERSION + 1))
    assert isinstance(error, TableTooNew)
    assert "newer version of Groundswell" in error.sentence


def test_a_part_that_is_lacking_is_named(path: Path) -> None:
    arrays, facts = to_arrays(kept())
    del arrays["counts"]
    lineage_file.write(path, arrays, facts)
    with pytest.raises(TableMismatch, match="'counts'"):
        opened(path)


def test_a_folder_in_its_place_and_one_that_takes_nothing(path: Path) -> None:
    path.mkdir()
    with pytest.raises(TableUnreadable):
        opened(path)
    with pytest.raises(TableUnwritable, match="could not be written"):
        save(path / "x" / ".." / ".." / "lineage.bin" / "..", kept())
    assert not [*path.parent.glob("*.part")]


def test_a_failed_write_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = save(path, kept())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TableUnwritable, match="No space left on device"):
        save(path, Kept(kept().lineage))
    assert path.read_bytes() == before
    assert [*path.parent.iterdir()] == [path]


def test_an_opened_file_stays_as_it_was_when_a_newer_one_takes_its_place(path: Path) -> None:
    save(path, kept())
    first = opened(path)
    save(path, Kept(Lineage.from_links(ROWS[:1])))
    assert len(first.lineage.descendants("Maker/Base")) == 4
    assert opened(path).lineage.descendants("Maker/Base").tolist() == ["me/tuned"]


def test_opening_takes_little_memory(path: Path) -> None:
    count = 400_000
    child = np.arange(1, count)
    known = Lineage.from_numbers(count, child, child // 2)
    size = len(save(path, Kept(known)))
    del known
    process = psutil.Process()
    before = process.memory_info().rss
    found = opened(path)
    assert found.lineage.children(3).tolist() == [6, 7]
    assert process.memory_info().rss - before < size / 3

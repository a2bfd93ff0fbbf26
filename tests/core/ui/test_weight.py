from __future__ import annotations

import mmap
import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from core.ui.weight import weight


@dataclass(frozen=True)
class Pair:
    first: object
    second: object


def test_text_weighs_what_python_says() -> None:
    assert weight("x" * 1000) == sys.getsizeof("x" * 1000)


@pytest.mark.parametrize(
    "held",
    [
        lambda text: [text],
        lambda text: (1, text),
        lambda text: {"a": {"b": [text]}},
        lambda text: {text: 1},
        lambda text: Pair(text, None),
        lambda text: (Pair([text], None),),
    ],
    ids=["list", "tuple", "dictionary", "key", "object", "all"],
)
def test_what_is_inside_is_counted(held: object) -> None:
    assert callable(held)
    assert 100_000 < weight(held("x" * 100_000)) < 102_000


def test_table_weighs_about_its_cells() -> None:
    frame = pd.DataFrame({name: np.arange(10_000.0) for name in "abc"})
    assert 0.5 < weight(frame) / frame.memory_usage().sum() < 3


def test_same_part_is_counted_once() -> None:
    part = [0.5] * 10_000
    assert weight([part, part, part]) < 1.1 * weight([part])


def test_what_others_hold_is_not_counted() -> None:
    frame = pd.DataFrame({"a": np.arange(100_000)})
    assert weight(Pair(frame, "own"), apart=(frame,)) < 1_000


def test_mapped_array_weighs_nothing() -> None:
    with mmap.mmap(-1, 1 << 20) as memory:
        array = np.frombuffer(memory, dtype=np.uint8)
        assert weight(array) < 1_000
        assert weight(array.copy()) > 1 << 20
        del array


def test_value_that_holds_itself_comes_to_an_end() -> None:
    held: list[object] = ["x" * 1_000]
    held.append(held)
    assert 1_000 < weight(held) < 2_000

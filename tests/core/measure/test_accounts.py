"""Accounts of ids, by hand, and the largest of many values against a plain sort."""

from __future__ import annotations

from random import Random

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from core.measure.accounts import Accounts
from core.measure.ids import TextIds, placed
from core.measure.largest import largest


def test_accounts_are_what_comes_before_the_first_slash_in_order_of_code_points() -> None:
    given = ["a/x/y", "B/one", "b/two", "a", "a-b/c", "a/z", "/odd", "ü/m", "b/\n"]
    ids, _ = placed(pd.Series(given, dtype="str"))
    assert isinstance(ids, TextIds)
    found = Accounts.of(ids)
    names = ids.take(np.arange(len(ids))).tolist()
    account = {name: name.split("/", 1)[0] for name in names}
    order = sorted(set(account.values()))
    assert order == ["", "B", "a", "a-b", "b", "ü"]
    assert [order[number] for number in found.numbers.tolist()] == [account[n] for n in names]
    assert [names.index(next(n for n in names if account[n] == each)) for each in order] == (
        found.models.tolist()
    )


def test_no_ids_no_accounts() -> None:
    found = Accounts.of(TextIds(pa.array([], type=pa.large_string())))
    assert len(found.numbers) == len(found.models) == 0


@pytest.mark.parametrize("most", [1, 5, 50, 500])
@pytest.mark.parametrize("kind", ["int32", "int64", "float64"])
def test_largest_come_first_and_equals_as_they_come(most: int, kind: str) -> None:
    random = Random(most)  # noqa: S311 - numbers, not a secret
    values = [random.choice([0, 1, 1, 1, 2, 7, 9]) for _ in range(200)]
    expected = sorted(range(200), key=lambda place: (-values[place], place))[:most]
    assert largest(np.array(values, dtype=kind), most).tolist() == expected

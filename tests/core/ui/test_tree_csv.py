"""The table of a branch to take away: all rows, each with its origin, nothing that runs."""

from __future__ import annotations

from io import BytesIO, StringIO
from zipfile import ZipFile

import pandas as pd
import pytest

from core.measure import tree
from core.measure.families import FamilyRules
from core.measure.forest import official
from core.ui import tree_csv
from core.ui.export import Facts, csv
from tests.core.measure.forests import forest

FACTS = Facts("=a source", "2026-11-25", "a basis; +1", "a licence", ("one.", "two."))
SPACES = [" ", "\t", "\x0b", "\x1c", "\x85", "\u00a0", "\u2003", "\u3000"]
HOSTILE = [
    "=1+1",
    "+a/b",
    "@a/b",
    "a;=b",
    'a" =b',
    '"=b',
    "\uff1da/b",
    "\tb",
    "a/b\r\n=c",
    *(f"a{space}=b" for space in SPACES),
    *(f"{space}-b" for space in SPACES),
    "a/plain-one",
    "a/b=c",
]


def branch(children: list[str]) -> tree.Branch:
    readings = pd.DataFrame(
        {
            "model_id": children[:1],
            "downloads_30d": 7,
            "read_at": pd.Timestamp("2026-01-01", tz="UTC"),
        }
    )
    known = forest(pd.DataFrame({"child": children, "parent": "r/r"}), readings=readings)
    rules = official(known, FamilyRules([]))
    return tree.branch(known, "r/r", rules, without_official=False)


def frame(content: bytes) -> pd.DataFrame:
    return pd.read_csv(BytesIO(content), encoding="utf-8-sig", dtype=str, keep_default_na=False)


def test_same_cells_as_every_other_table_of_the_site() -> None:
    found = branch(HOSTILE)
    ours = frame(tree_csv.all_rows(found, None, FACTS, "x.csv"))
    theirs = frame(csv(found.rows(), FACTS))
    assert ours.to_dict("list") == theirs.to_dict("list")


@pytest.mark.parametrize("chunk", [3, 1_000])
def test_many_rows_are_packed_and_all_there(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_csv, "ZIPPED_FROM", 5)
    monkeypatch.setattr(tree_csv, "_CHUNK", chunk)
    children = [f"somebody/{number:03}" for number in range(50)]
    found = branch(children)
    content = tree_csv.all_rows(found, tree.download_sizes(found), FACTS, "all.csv")
    with ZipFile(BytesIO(content)) as archive:
        assert archive.namelist() == ["all.csv"]
        text = archive.read("all.csv").decode("utf-8-sig")
    rows = pd.read_csv(StringIO(text))
    assert rows["model_id"].tolist() == children
    assert set(rows["basis"]) == {"a basis; '+1"}
    assert set(rows["source"]) == {"'=a source"}
    assert rows["downloads_30d"].dropna().tolist() == [7]
    assert set(rows["downloads_as_of"]) == {"2026-01-01"}

"""A store that is missing, cut short, of another schema or too new: said, survived, untouched."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.schemas import READINGS, TABLES, VERSION_KEY
from core.store import store as store_module
from tests.conftest import ROOT
from tests.pages.test_pages import PAGES, healthy, opened, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SNAPSHOT = ROOT / "data" / "snapshot"


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def not_parquet(path: Path) -> None:
    path.write_text("<html>Too many requests</html>")


def another_schema(path: Path) -> None:
    rows = pa.table({"model": ["Qwen/Qwen3-8B"]}).replace_schema_metadata({VERSION_KEY: b"1"})
    pq.write_table(rows, path)


def newer(path: Path) -> None:
    rows = pq.read_table(path)
    pq.write_table(rows.replace_schema_metadata({VERSION_KEY: b"999"}), path)


def missing(path: Path) -> None:
    path.unlink()


BREAKAGES = [
    (cut_short, "cut short or is not a Parquet file"),
    (emptied, "cut short or is not a Parquet file"),
    (not_parquet, "cut short or is not a Parquet file"),
    (another_schema, "lacks the column"),
    (newer, "written by a newer version of Groundswell"),
]


@pytest.mark.parametrize(("breakage", "sentence"), BREAKAGES)
def test_broken_file_of_the_own_store_leaves_the_snapshot_in_use(
    breakage: Callable[[Path], None],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))
    own = tmp_path / "readings" / "2026-05-10.parquet"
    own.parent.mkdir()
    shutil.copy(SNAPSHOT / "readings.parquet", own)
    breakage(own)
    before = own.read_bytes()
    for page in PAGES.keys() - {"prices", "reaction", "milestones"}:  # none unless asked to
        app = healthy(opened(page))
        assert sentence in words(app)
        assert "The figures that come with the site are shown in its place." in words(app)
    assert "419.4 million" in opened("overview").subheader[0].value
    assert own.read_bytes() == before


@pytest.mark.parametrize(
    ("breakage", "sentence"), [*BREAKAGES, (missing, "readings.parquet is missing")]
)
@pytest.mark.parametrize("page", PAGES)
def test_broken_snapshot_is_explained_and_left_as_it_is(
    breakage: Callable[[Path], None],
    sentence: str,
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    file = data / "snapshot" / "readings.parquet"
    breakage(file)
    left = file.read_bytes() if file.exists() else None
    # The folder that comes with the project has no setting, and needs none.
    monkeypatch.setattr(store_module, "EMBEDDED", data)
    monkeypatch.setattr(store_module.Store, "__init__", relocated(data))
    app = opened(page)
    assert not app.exception
    assert sentence in words(app)
    assert (file.read_bytes() if file.exists() else None) == left


def relocated(data: Path) -> Callable[..., None]:
    """Store's own ``__init__`` with another folder for what comes with the project."""
    original = store_module.Store.__init__

    def initialise(
        self: object, home: Path | None, embedded: Path = data, listed: object = None
    ) -> None:
        original(self, home, embedded, listed)

    return initialise


def test_every_table_may_be_broken_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))
    for name in TABLES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "2026-11-23.parquet").write_bytes(b"PAR1")
    for page in PAGES:
        app = opened(page)
        assert not app.exception
        assert app.subheader


def test_store_without_a_comparable_reading_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    file = data / "snapshot" / "readings.parquet"
    pq.write_table(pq.read_table(file).slice(0, 0), file)
    monkeypatch.setattr(store_module, "EMBEDDED", data)
    monkeypatch.setattr(store_module.Store, "__init__", relocated(data))
    for page in PAGES:
        app = opened(page)
        assert not app.exception
        assert app.title
        assert "The store holds no reading" in words(app)


def test_rows_of_the_own_store_join_the_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))
    own = tmp_path / READINGS.name
    own.mkdir()
    rows = pq.read_table(SNAPSHOT / "readings.parquet")
    fortnight = pa.scalar(14 * 86_400_000, pa.duration("ms"))
    later = pa.compute.add(rows["read_at"], fortnight).cast(rows["read_at"].type)
    at = rows.schema.get_field_index("read_at")
    pq.write_table(rows.set_column(at, rows.schema.field(at), later), own / "2026-05-24.parquet")
    app = healthy(opened("overview"))
    assert "in the 30 days to 24 May 2026" in app.subheader[0].value
    assert "The snapshot that comes with the site, and what it has read since" in words(app)

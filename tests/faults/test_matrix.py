"""Every cell of the fault matrix: one refresh meets it, then a reader opens every page."""

from __future__ import annotations

import json
import re
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from core.draw import words as said
from core.measure.due import NAMES
from core.schemas import LISTINGS, PRICES, READINGS, REFRESHES, REVENUE, TABLES
from core.store.store import Store
from core.ui import refresh as panel
from core.ui.child import Keeper
from tests.faults.matrix import FAILS, MANY, WELL, cells
from tests.faults.scene import HISTORY, HUB, YAHOO, Good, good_store, scene
from tests.pages.test_pages import PAGES, healthy, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.matrix import Row
    from tests.faults.scene import Ended, Scene

START_SECONDS = 30
"""A process starts in less, on a machine that does much else too."""
LATE_SECONDS = 3
"""By its own account a refresh is never later than this."""
BUDGET = 250
"""Most requests of a refresh without a token."""

WHAT_TO_DO = re.compile(r"\b(again|check|make room)\b", re.IGNORECASE)
CALLED = {HUB: "Hugging Face", YAHOO: "Yahoo", HISTORY: "The history dataset"}

Files = dict[str, bytes]


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Good:
    return good_store(tmp_path_factory.mktemp("good") / "home")


_seen_before: dict[str, str] = {}
"""What each page of the good store says first: filled by the first test that asks."""


def files(store: Store) -> Files:
    """Every partition of the store, by table and name."""
    return {
        f"{name}/{path.name}": path.read_bytes()
        for name, table in TABLES.items()
        for path in store.partitions(table)
    }


def newest_prices(store: Store) -> Any:  # noqa: ANN401 - rows by ticker
    rows = store.own(PRICES)
    return rows[rows["read_at"] == rows.groupby("ticker")["read_at"].transform("max")]


def check_store(at: Scene, old: Files) -> str:
    """The store is readable and holds all it held; what is new is whole. What became of it."""
    store = at.store
    for table in TABLES.values():
        assert store.load(table).faults == ()
    assert [path for path in at.home.rglob("*") if path.suffix == ".part"] == []
    now = files(store)
    assert {name: now.get(name) for name in old} == old
    new = {name.partition("/")[0] for name in now.keys() - old.keys()} - {REFRESHES.name}
    if not new:
        return "unchanged"
    if READINGS.name in new:
        rows = store.own(READINGS)
        last = rows[rows["read_at"] == rows["read_at"].max()]
        assert set(at.hub.world.official) <= set(last["model_id"])
        assert last.loc[last["model_id"].isin(at.hub.world.official), "downloads_30d"].notna().all()
    if PRICES.name in new:
        rows = newest_prices(store)
        was = newest_prices(Store(at.good.home)).groupby("ticker")["session"].count()
        assert (rows.groupby("ticker")["session"].count() >= was).all()
        assert (rows["close"] > 0).all()
        assert (rows["adjusted_close"] > 0).all()
    # Without new figures, only what is built on the models can have been asked on.
    assert new & {READINGS.name, PRICES.name, LISTINGS.name}, new
    return "complete"


def check_sentence(source: str, sentence: str, *, told: bool = True) -> None:
    """It is plain, names the source (or the store) and says what to do."""
    assert CALLED[source].lower() in sentence.lower() or (not told and "store" in sentence), (
        sentence
    )
    assert WHAT_TO_DO.search(sentence), sentence
    assert not re.search(r"Traceback|Error\b|Exception|errno|https?://|0x|\bNone\b", sentence)


def last_row(store: Store, source: str) -> dict[str, Any]:
    rows = store.own(REFRESHES)
    rows = rows[rows["source"] == source].sort_values("started_at", kind="stable")
    row: dict[str, Any] = rows.iloc[-1].to_dict()
    return row


def day_of_figures(good: Good, source: str) -> str:
    """The day that the good refresh's figures are of, as a page writes it."""
    if source == YAHOO:
        return said.day(newest_prices(Store(good.home))["session"].max())
    return said.day(good.moment)


def arranged(row: Row, at: Scene) -> Callable[[Scene], None]:
    arrange = row.at[at.source]
    assert not isinstance(arrange, str)
    return arrange


def named(cell: tuple[Row, str]) -> str:
    return f"{cell[0].fault}, {cell[1]}"


DRAWN = {"data": {"section": "Tables"}, "claims": {"claim": "article-share-price"}}
"""Where these pages draw a figure; they open with text."""


@dataclass
class Reader:
    """Somebody who opens every page of a store."""

    monkeypatch: pytest.MonkeyPatch
    good: Good

    def sees(self, home: Path) -> tuple[dict[str, str], str]:
        """Title and headlines of every page, each of which shows a figure; and the sidebar."""
        self.monkeypatch.setenv("GROUNDSWELL_HOME", str(home))
        found: dict[str, str] = {}
        sidebar = ""
        for page in PAGES:
            app = healthy(opened(page, DRAWN.get(page)))
            assert app.get("vega_lite_chart")
            found[page] = "\n".join(block.value for block in [*app.main.title, *app.main.subheader])
            sidebar = "\n".join(block.value for block in app.sidebar.text)
            assert f"{CALLED[HUB]}: " in sidebar
        return found, sidebar

    def saw(self) -> dict[str, str]:
        """The pages before anything went wrong."""
        if not _seen_before:
            _seen_before.update(self.sees(self.good.home)[0])
        return _seen_before

    def hears(self, output: str) -> None:
        """Let the site's own refresh have been one that said this."""
        keeper = Keeper([sys.executable, "-c", f"print({output!r})"])
        keeper.start(60)
        end = time.monotonic() + 30
        while keeper.running:
            assert time.monotonic() < end
            time.sleep(0.005)
        self.monkeypatch.setattr(panel, "keeper", lambda: keeper)


@pytest.fixture
def reader(good: Good, monkeypatch: pytest.MonkeyPatch) -> Reader:
    return Reader(monkeypatch, good)


@pytest.mark.slow
@pytest.mark.parametrize("cell", cells(), ids=named)
def test_reader_gets_the_last_good_figures_dated_and_one_sentence(
    cell: tuple[Row, str],
    good: Good,
    tmp_path: Path,
    reader: Reader,
    record_property: Callable[[str, object], None],
) -> None:
    row, source = cell
    expected = WELL if source in row.well_at else row.expected
    before = reader.saw()
    with scene(source, good, tmp_path / "home") as at:
        arranged(row, at)(at)
        old = files(at.store)
        # The prices are read before the history, and each has the deadline for itself.
        turns = 2 if source == HISTORY else 1
        deadline = row.deadline * turns
        ended = at.run(deadline)
        noted = note(row, source, ended)
        record_property("fault cell", noted)

        assert "Traceback" not in ended.said + ended.trouble, ended.trouble
        assert ended.seconds < deadline * turns + START_SECONDS
        assert ended.code == (0 if expected == WELL else 1), ended.said
        noted["store"] = check_store(at, old)
        if expected == FAILS and row.told:
            written = last_row(at.store, source)
            took = (written["finished_at"] - written["started_at"]).total_seconds()
            assert took < deadline * turns + LATE_SECONDS

        if not row.told:
            reader.hears(ended.said)
        shown, sidebar = reader.sees(at.home)
        if expected == FAILS:
            if source != HISTORY:
                assert noted["store"] == "unchanged"
                assert shown == before
                assert day_of_figures(good, source) in sidebar
            noted["reader"] = failure_in(sidebar, row, source)
            check_sentence(source, noted["reader"], told=row.told)
        elif source != HISTORY:
            assert f"{NAMES[source]}: fresh" in sidebar
            assert noted["store"] == "complete"
        many = at.hub.world is not good.world
        if many:
            check_budget(at, noted["sentence"])
        asked = len(at.store.own(LISTINGS))

        at.mend()
        old = files(at.store)
        again = at.run()
        assert again.code == 0, again.said
        assert "Traceback" not in again.said + again.trouble
        check_store(at, old)
        check_complete(at)
        assert not many or len(at.store.own(LISTINGS)) > asked
        noted["next"] = "complete"


def note(row: Row, source: str, ended: Ended) -> dict[str, Any]:
    """What the table at the end says of a cell."""
    end = json.loads(ended.said.splitlines()[-1])
    told = {one["source"]: one for one in end["sources"]}.get(source, {})
    return {
        "fault": row.fault,
        "source": source,
        "exit": ended.code,
        "outcome": told.get("outcome", end["outcome"]),
        "seconds": round(ended.seconds, 1),
        "sentence": told.get("message") or end["message"],
    }


def failure_in(sidebar: str, row: Row, source: str) -> str:
    """The line that tells a reader of the failure."""
    begins = f"{NAMES[source]}: failed" if row.told else ""
    lines = [line for line in sidebar.splitlines() if begins in line and WHAT_TO_DO.search(line)]
    assert len(lines) == 1, sidebar
    return lines[0]


def check_budget(at: Scene, sentence: str) -> None:
    """All the many were read within the requests of one refresh, and it said what is left."""
    assert len(at.hub.requests) <= BUDGET
    found = re.search(r"([\d,]+) found; [\d,]+ still to be asked", sentence)
    assert found
    assert int(found[1].replace(",", "")) >= MANY


def check_complete(at: Scene) -> None:
    """Nothing is owed: the last refresh of the source read all that there is."""
    if at.source == HUB:
        rows = at.store.own(READINGS)
        last = rows[rows["read_at"] == rows["read_at"].max()]
        newest = rows[rows["read_at"] > at.good.moment]
        assert set(at.hub.world.official) <= set(newest["model_id"])
        assert len(last)
    elif at.source == YAHOO:
        rows = newest_prices(at.store)
        assert set(rows["ticker"]) >= set(newest_prices(Store(at.good.home))["ticker"])
        assert (rows["read_at"] > at.good.moment).all()
    else:
        kept = at.hub.datasets.shelf["me/my-history"].files
        here = {
            name: content
            for name, content in files(at.store).items()
            if not name.startswith((PRICES.name, REFRESHES.name, REVENUE.name))
        }
        assert {name: kept[name].content for name in here} == here
    assert last_row(at.store, at.source)["outcome"] == "ok"


@pytest.mark.parametrize("cell", cells(quick=True), ids=named)
def test_fault_is_named_and_leaves_the_store_as_it_was(
    cell: tuple[Row, str], good: Good, tmp_path: Path
) -> None:
    row, source = cell
    with scene(source, good, tmp_path / "home") as at:
        arranged(row, at)(at)
        old = files(at.store)
        began = time.monotonic()
        (told,) = at.refresh(deadline=1.0)
        assert time.monotonic() - began < 5.0
        assert told.outcome not in {"ok", "FetchError"}, told
        assert check_store(at, old) == "unchanged"
        written = last_row(at.store, source)
        assert (written["outcome"], written["message"]) == (told.outcome, told.message)
        check_sentence(source, told.message)

"""Daily figures added up from counter files, again and again, against loops over readings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from core.counter_schemas import COUNTERS
from core.refreshing.daily import write_daily
from core.schemas import ARTEFACTS, DAILY, MODEL_DAILY
from tests.core.measure import rollup_independent as independent
from tests.core.measure.rollups import FAMILIES, RULES, lay_out, readings, write
from tests.core.refreshing.rolled_sites import NOON, Site, expected, history, small

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "home")


def test_every_basis_is_what_loops_over_single_readings_make_of_a_history_with_every_fault(
    site: Site,
) -> None:
    made = history(date(2025, 2, 20))
    lay_out(made, site.folder)
    told = site.roll()
    rows = site.daily()
    assert rows == expected(made, NOON.date())
    assert {row[1] for row in rows} == {
        "official",
        "with_derivatives",
        "shared",
        "language",
        "atom",
    }
    assert {row[4] for row in rows} == {True, False}
    assert any(row[3] < 0 for row in rows)
    assert max(row[5] for row in rows) == 8
    assert told == f"{len(rows):,} daily figures added up, to 8 August 2025."
    models = independent.model_rows(
        {
            name: held
            for name, held in independent.by_model(
                readings(made), NOON.date(), made.renames()
            ).items()
            if RULES.family_of(name)
        },
        NOON.date(),
    )
    assert independent.as_model_rows(site.store.own(MODEL_DAILY)) == models
    found = {
        (row.kind, f"{row.start:%m-%d}", f"{row.end:%m-%d}")
        for row in site.store.own(ARTEFACTS).itertuples()
        if row.scope == "downloads_all_time"
    }
    # The fall of 20 May is among the artefacts that come with the site.
    assert found == {
        ("stall", "04-19", "04-19"),
        ("catch-up", "04-20", "04-20"),
        ("stall", "07-02", "07-02"),
        ("catch-up", "07-03", "07-03"),
        ("rollback", "08-04", "08-04"),
    }
    frozen = site.store.own(ARTEFACTS).query("kind == 'frozen'")["scope"].tolist()
    stuck = [made.repositories[at].id for at in made.frozen]
    assert frozen == [name for name in stuck if RULES.family_of(name)]
    assert frozen


def test_nothing_new_is_told_and_nothing_is_delivered(site: Site) -> None:
    assert not site.roll()
    small(site)
    site.roll()
    assert not site.roll()
    assert not site.delivered


def test_a_new_day_makes_rows_of_a_day_and_the_same_figures_as_everything_at_once(
    site: Site, tmp_path: Path
) -> None:
    made = history()
    whole = Site(tmp_path / "whole")
    lay_out(made, whole.folder)
    whole.roll()
    for last in (date(2025, 8, 4), date(2025, 8, 9)):
        lay_out(made, site.folder, until=last)
        site.roll(datetime(last.year, last.month, last.day, 12, tzinfo=UTC))
    # Of the day that was unfinished then, and of the five that are new.
    assert site.new_rows() == 6 * len({row[:2] for row in whole.daily()})
    site.roll()
    assert site.daily() == whole.daily()
    assert site.new_rows() == len({row[:2] for row in whole.daily()})


@pytest.mark.slow
def test_a_month_that_was_read_again_is_rolled_up_again(site: Site) -> None:
    made = history()
    lay_out(made, site.folder)
    site.roll()
    made.counter[0, 20:] += 1_000
    lay_out(made, site.folder)
    site.roll()
    assert site.daily() == expected(made, NOON.date())


def test_a_newly_declared_base_changes_its_families_from_the_first_day_on_and_no_others(
    site: Site,
) -> None:
    made = history()
    lay_out(made, site.folder)
    site.roll()
    stranger = len(made.repositories) - 1
    base = next(one.id for one in made.repositories if one.id.startswith("Qwen/"))
    changed = list(made.repositories)
    changed[stranger] = replace(changed[stranger], bases=(base,), relation="adapter")
    made.repositories = tuple(changed)
    lay_out(made, site.folder)
    site.roll()
    assert site.daily() == expected(made, NOON.date())
    assert {
        family
        for tables in site.delivered
        for family in tables[DAILY.name].query("day < '2025-07-31'")["family"]
    } <= {"Qwen", *(RULES.family_of(one) or "" for one in made.repositories[1].bases)}


def test_rows_that_never_reached_the_store_are_made_again(site: Site) -> None:
    small(site)
    write_daily(site.store, site.settings, FAMILIES, NOON, lambda _: None)
    site.roll()
    assert [row[3] for row in site.daily() if row[1] == "official"] == [10] * 3


def test_official_files_give_the_official_bases_and_accounts_only_those_that_are_a_familys(
    site: Site,
) -> None:
    made = history()
    lay_out(made, site.folder, "official")
    site.roll()
    bases = {"official", "language", "atom"}
    official = [row for row in expected(made, NOON.date()) if row[1] in bases]
    assert site.daily() == official

    other = Site(site.settings.home / "other")
    days = [date(2025, 3, day) for day in (1, 2, 3)]
    rows = [(name, day, 100 * at) for name in ("Qwen", "google") for at, day in enumerate(days)]
    write(other.folder / "accounts", rows)
    other.roll()
    assert other.daily() == [
        ("Qwen", "official", "2025-03-01", 100, True, 1, 100),
        ("Qwen", "official", "2025-03-02", 100, True, 1, 200),
    ]
    assert other.store.own(MODEL_DAILY).empty


def test_an_empty_file_and_days_in_the_future_give_nothing(site: Site) -> None:
    folder = site.folder / "official"
    write(folder, [("Qwen/x", date(2025, 3, day), 10 * day) for day in (1, 2)])
    pq.write_table(COUNTERS.empty_table(), folder / "2025-04.parquet")
    write(folder, [("Qwen/x", date(2093, 1, 1), 5), ("Qwen/x", date(2093, 1, 2), 50)])
    site.roll()
    assert [row[2:4] for row in site.daily() if row[1] == "official"] == [("2025-03-01", 10)]

"""Refreshes from the Hub: what is asked, what is stored, what is left for the next one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.fetch.hub import ANONYMOUS_REQUESTS
from core.measure.families import FamilyRules
from core.schemas import ARTEFACTS, DAILY, LINKS, LISTINGS, MODELS, READINGS, REFRESHES
from tests.fakes.server import Fault

if TYPE_CHECKING:
    from tests.core.refreshing.conftest import Site


def readings(site: Site) -> pd.DataFrame:
    return site.store.own(READINGS)


def test_every_official_model_is_read_with_its_counters(site: Site) -> None:
    told = site.refresh()["hub"]
    assert told.outcome == "ok", told.message
    assert told.requests == len(site.hub.requests) <= ANONYMOUS_REQUESTS
    read = readings(site).set_index("model_id")
    assert set(read.index) >= set(site.hub.world.official)
    for model_id, record in site.hub.world.official.items():
        row = read.loc[model_id]
        assert row["downloads_30d"] == record["downloads"]
        assert row["downloads_all_time"] == record["downloadsAllTime"]
        assert row["read_at"] == pd.Timestamp(site.now)
    assert set(read["source"]) == {"hub"}


def test_other_models_of_a_shared_account_are_not_read(site: Site) -> None:
    site.refresh()
    assert site.hub.world.others
    assert not set(site.hub.world.others) & set(readings(site)["model_id"])


def test_models_are_known_by_what_was_told(site: Site) -> None:
    site.refresh()
    models = site.store.own(MODELS).set_index("model_id")
    for model_id, record in site.hub.world.official.items():
        row = models.loc[model_id]
        assert row["hub_id"] == record["_id"]
        assert row["family"] == site.hub.world.family[model_id]
        licence = [tag[8:] for tag in record["tags"] if tag.startswith("license:")]
        assert row["licence"] == licence[0] if licence else pd.isna(row["licence"])


def test_links_are_those_declared_in_the_spelling_of_the_hub(site: Site) -> None:
    site.refresh()
    world = site.hub.world
    links = site.store.own(LINKS)
    known = {child: set(group) for child, group in links.groupby("child")["parent"]}
    checked = 0
    for model_id, declared in known.items():
        record = world.find(model_id)
        bases = {
            tag.split(":")[-1].casefold() for tag in record["tags"] if tag.startswith("base_model:")
        } - {model_id.casefold()}
        names = {(world.now_called(base) or base).casefold() for base in bases}
        told = {(world.now_called(parent) or parent).casefold() for parent in declared}
        assert told == names
        for parent in declared:
            here = world.find(parent)
            if here is not None and here["id"] in world.official:
                assert parent == here["id"]
                checked += 1
    assert checked > 100


def test_second_refresh_goes_on_where_the_first_ended(site: Site) -> None:
    site.refresh()
    first = site.store.own(LISTINGS)
    before = len(site.hub.requests)
    site.later(0.2)
    site.refresh()
    asked = [request for request in site.hub.requests[before:] if "author" in request.query]
    assert asked == []  # the official models are fresh
    second = site.store.own(LISTINGS)
    new = second[second["asked_at"] == pd.Timestamp(site.now)]
    done = first[first["complete"]]
    assert len(new)
    assert not set(new["parent"]) & set(done["parent"])


def until_nothing_waits(site: Site) -> int:
    """Refresh until nothing is left to be asked about; how often that was."""
    for number in range(1, 20):
        if not site.refresh():
            return number - 1
        site.later(0.2)
    pytest.fail("there is always more to ask about")


def test_fresh_store_asks_nothing(site: Site) -> None:
    until_nothing_waits(site)
    before = len(site.hub.requests)
    assert site.refresh() == {}
    assert len(site.hub.requests) == before
    partitions = len(list(site.home.rglob("*.parquet")))
    site.refresh()
    assert len(list(site.home.rglob("*.parquet"))) == partitions


def test_official_models_are_read_again_after_twelve_hours(site: Site) -> None:
    until_nothing_waits(site)
    read = readings(site)
    official = read["model_id"].isin(site.hub.world.official)
    assert read[official].groupby("model_id").size().eq(1).all()
    site.now = read[official]["read_at"].max().to_pydatetime() + timedelta(hours=11, minutes=59)
    assert site.refresh() == {}
    site.now += timedelta(minutes=1)
    assert site.refresh()["hub"].outcome == "ok"
    official = readings(site)["model_id"].isin(site.hub.world.official)
    assert readings(site)[official].groupby("model_id").size().min() >= 2


def test_two_days_give_the_downloads_between_them(site: Site) -> None:
    site.refresh()
    before = {name: told["downloadsAllTime"] for name, told in site.hub.world.official.items()}
    site.later(24)
    site.refresh()
    daily = site.store.own(DAILY)
    expected: dict[str, int] = {}
    for name, told in site.hub.world.official.items():
        if before[name] is not None and told["downloadsAllTime"] is not None:
            family = site.hub.world.family[name]
            gained = told["downloadsAllTime"] - before[name]
            expected[family] = expected.get(family, 0) + gained
    assert dict(zip(daily["family"], daily["downloads"], strict=True)) == expected
    assert set(daily["day"].dt.date) == {date(2026, 11, 25)}
    assert daily["complete"].all()
    site.later(24)
    site.refresh()
    assert site.store.own(DAILY).groupby("family").size().eq(2).all()


def test_fall_of_a_counter_is_kept_as_read_and_named(site: Site) -> None:
    site.refresh()
    name = max(site.hub.world.official, key=lambda n: site.hub.world.official[n]["downloads"])
    before = site.hub.world.official[name]["downloadsAllTime"]
    site.later(24, rollback=name)
    after = site.hub.world.official[name]["downloadsAllTime"]
    assert after < before
    site.refresh()
    read = readings(site)
    assert read[read["model_id"] == name]["downloads_all_time"].tolist() == [before, after]
    artefacts = site.store.own(ARTEFACTS)
    fallen = artefacts[(artefacts["kind"] == "rollback") & (artefacts["scope"] == name)]
    assert f"fell by {before - after:,} " in fallen["what"].iloc[0]
    family = site.hub.world.family[name]
    daily = site.store.own(DAILY).set_index("family")["downloads"]
    assert daily[family] < 0


def test_rename_is_followed_and_recorded(site: Site) -> None:
    site.refresh()
    old = next(name for name in site.hub.world.official if name.startswith("Qwen/"))
    new = f"{old}-renamed"
    site.later(13)
    site.hub.world.rename(old, new)
    site.refresh()
    artefacts = site.store.own(ARTEFACTS)
    assert artefacts[artefacts["kind"] == "rename"]["scope"].tolist() == [new]
    models = site.store.own(MODELS).set_index("model_id")
    assert models.loc[new, "hub_id"] == models.loc[old, "hub_id"]
    site.later(13)
    site.refresh()
    assert (site.store.own(ARTEFACTS)["kind"] == "rename").sum() == 1


def test_model_that_moved_to_another_account_is_looked_for_by_name(site: Site) -> None:
    site.refresh()
    old = next(name for name in site.hub.world.official if name.startswith("Qwen/"))
    new = f"elsewhere/{old.split('/')[1]}"
    site.later(13)
    site.hub.world.rename(old, new)
    site.refresh()
    renamed = site.store.own(ARTEFACTS)
    assert renamed[renamed["kind"] == "rename"]["scope"].tolist() == [new]
    assert any(request.path.endswith(old) for request in site.hub.requests)


def test_some_families_only_are_read_apart(site: Site) -> None:
    assert list(site.refresh(families=["Qwen", "Llama"])) == ["hub-selected"]
    rules = FamilyRules(site.store.families())
    official = readings(site)[readings(site)["model_id"].map(rules.family_of).notna()]
    named = set(official["model_id"].map(rules.family_of))
    assert {"Qwen", "Llama"} <= named
    accounts = {
        request.query["author"][0] for request in site.hub.requests if "author" in request.query
    }
    assert accounts == {"Qwen", "meta-llama"}
    assert set(readings(site)["source"]) == {"hub-selected"}


def test_official_models_are_written_all_or_not_at_all(site: Site) -> None:
    site.hub.faults.append(
        Fault("status", code=500, match=lambda request: request.first("author") == "google")
    )
    told = site.refresh()["hub"]
    assert told.outcome == "SourceUnreachable"
    assert readings(site).empty
    site.hub.faults.clear()
    assert site.refresh()["hub"].outcome == "ok"
    assert len(readings(site)) >= len(site.hub.world.official)


def test_what_was_found_before_a_trouble_is_kept(site: Site) -> None:
    asked = 0

    def after_ten(request: object) -> bool:
        nonlocal asked
        asked += "filter" in request.query  # type: ignore[attr-defined]
        return asked > 10

    site.hub.faults.append(Fault("status", code=503, match=after_ten))
    told = site.refresh()["hub"]
    assert told.outcome == "SourceUnreachable"
    assert len(site.store.own(LISTINGS)) == 10
    assert len(site.store.own(LINKS)) > 100
    site.hub.faults.clear()
    assert site.refresh()["hub"].outcome == "ok"


def test_account_of_every_refresh_is_kept(site: Site) -> None:
    site.refresh()
    site.hub.faults.append(Fault("html"))
    site.later(13)
    site.refresh()
    kept = site.store.own(REFRESHES)
    assert kept["outcome"].tolist() == ["ok", "SourceUnreadable"]
    assert kept["source"].tolist() == ["hub", "hub"]
    assert kept["started_at"].max() == pd.Timestamp(site.now)
    assert kept["requests"].sum() == len(site.hub.requests)
    assert "Hugging Face" in kept["message"].iloc[1]

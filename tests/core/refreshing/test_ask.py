"""One model asked about at the Hub: what is stored, what is said, what is refused."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from core import refresh
from core.refreshing.announce import Announcer
from core.schemas import LINKS, LISTINGS, MODELS, READINGS
from tests.fakes.server import Fault
from tests.independent import rows

if TYPE_CHECKING:
    from tests.core.refreshing.conftest import Site


def ask(site: Site, model: str) -> refresh.Told:
    announce = Announcer(io.StringIO(), as_json=True)
    (told,) = refresh.refresh(site.settings(), announce, ask=model, now=site.now)
    return told


def children(site: Site, model: str) -> set[str]:
    """Whoever declares ``model`` as a base, looked for in the made-up Hub itself."""
    world = site.hub.world
    wanted = model.casefold()
    return {
        name
        for name, record in (world.official | world.derivatives | world.others).items()
        if name.casefold() != wanted
        and any(
            tag.startswith("base_model:") and tag.rpartition(":")[2].casefold() == wanted
            for tag in record["tags"]
        )
    }


def test_direct_children_are_stored_and_counted(site: Site) -> None:
    root = max(site.hub.world.official, key=lambda model: len(children(site, model)))
    expected = children(site, root)
    told = ask(site, root)
    assert (told.key, told.outcome) == ("hub-asked", "ok"), told.message
    assert f"lists {len(expected):,} models built directly on {root}" in told.message
    before = {link["child"] for link in rows("links") if link["parent"] == root}
    assert f"{len(expected - before):,} of them new here" in told.message
    links = site.store.own(LINKS)
    assert set(links.loc[links["parent"] == root, "child"]) == expected
    assert expected | {root} <= set(site.store.own(MODELS)["model_id"])
    listing = site.store.own(LISTINGS).set_index("parent").loc[root]
    assert listing["complete"]
    assert listing["children"] == len(expected)
    read = site.store.own(READINGS)
    # A day on which one official model was read could be taken for a day of its family.
    assert not set(read["model_id"]) & set(site.hub.world.official)
    assert set(read["source"]) == {"hub-selected"}
    again = ask(site, root)
    assert "0 of them new here" in again.message


def test_model_that_the_hub_does_not_have(site: Site) -> None:
    told = ask(site, "nobody/nothing")
    assert told.outcome == "ok"
    assert told.message == (
        "The Hub shows no model named nobody/nothing, and none that is built on it."
    )


def test_hub_in_trouble_is_a_sentence(site: Site) -> None:
    site.hub.faults.append(Fault("status", code=503))
    told = ask(site, "Qwen/Qwen3-0.6B")
    assert told.outcome == "SourceUnreachable"
    assert "trouble of its own" in told.message


@pytest.mark.parametrize("text", ["../../x", "--only=hub", "a/b;c", "a/\u202eb"])
def test_command_line_refuses_what_is_no_name(
    text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GROUNDSWELL_OFFLINE")
    assert refresh.main([f"--ask={text}", "--json"]) == 2
    assert "no name of a model" in capsys.readouterr().err


def test_what_was_found_is_the_last_line(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GROUNDSWELL_OFFLINE")
    monkeypatch.setenv("GROUNDSWELL_HOME", str(site.home))
    monkeypatch.setenv("HF_ENDPOINT", site.hub.url)
    assert refresh.main(["--ask=nobody/nothing", "--json"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["outcome"] == "ok"
    assert "shows no model named nobody/nothing" in last["message"]

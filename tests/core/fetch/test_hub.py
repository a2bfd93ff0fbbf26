"""The Hub as it is asked: the client's own session over real sockets, every kind of trouble."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import SourceRefused, SourceSilent, SourceUnreachable, SourceUnreadable
from core.fetch.crawl import OFFICIAL, Candidate, Found, crawl
from core.fetch.http import Visit
from core.fetch.hub import Hub, Listing, RequestsSpent
from core.fetch.hub_rows import FIELDS
from tests.fakes.hub import HubFake
from tests.fakes.server import Fault
from tests.fakes.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL = 3_000
"""Derivatives of a world in which the largest model still has more than a page of children."""


@pytest.fixture(scope="module")
def world() -> World:
    return World.demo(derivatives=SMALL)


@pytest.fixture
def fake(world: World) -> Iterator[HubFake]:
    with HubFake(world) as running:
        yield running


def asking(fake: HubFake, *, seconds: float = 30.0, allowed: int | None = None) -> Hub:
    """The Hub of ``fake``, never pausing for real."""
    return Hub(fake.url, "", Visit("Hugging Face", seconds, allowed), pause=fake.pass_time)


def largest(world: World) -> str:
    return max(world.official, key=lambda model_id: len(world.children(model_id)))


def test_account_is_listed_whole_with_all_that_is_stored(fake: HubFake, world: World) -> None:
    listing = asking(fake).of_account("Qwen")
    told = {row.model_id: row for row in listing.rows}
    assert set(told) == {record["id"] for record in world.of_author("Qwen")}
    assert (listing.complete, listing.unreadable) == (True, 0)
    for model_id, row in told.items():
        record = world.find(model_id)
        assert row.hub_id == record["_id"]
        assert row.downloads_30d == record["downloads"]
        assert row.downloads_all_time == record["downloadsAllTime"]


def test_question_asks_for_what_is_stored_and_says_who_asks(fake: HubFake) -> None:
    asking(fake).of_account("Qwen")
    request = fake.requests[0]
    assert sorted(request.query["expand"]) == sorted(FIELDS)
    assert request.headers["user-agent"].startswith("groundswell/0.1.0; hf_hub/")
    assert "authorization" not in {name.lower() for name in request.headers}


def test_token_is_sent_where_there_is_one(fake: HubFake) -> None:
    Hub(fake.url, "hf_x", Visit("Hugging Face", 30)).of_account("Qwen")
    headers = {name.lower(): value for name, value in fake.requests[0].headers.items()}
    assert headers["authorization"] == "Bearer hf_x"


def test_children_come_page_by_page_most_downloaded_first(fake: HubFake, world: World) -> None:
    root, listing = largest(world), Listing()
    asking(fake).built_on(root, listing)
    assert {row.model_id for row in listing.rows} == {c["id"] for c in world.children(root)}
    assert listing.complete
    counters = [row.downloads_30d or 0 for row in listing.rows]
    assert counters == sorted(counters, reverse=True)


def test_next_page_of_a_mirror_that_names_the_original_is_asked_of_the_mirror(
    fake: HubFake, world: World
) -> None:
    def original(headers: dict[str, str]) -> dict[str, str]:
        return {
            name: value.replace(fake.url, "https://huggingface.co")
            for name, value in headers.items()
        }

    pages = few_a_page(fake)
    fake.faults.append(Fault("edit", edit=lambda told: told, edit_headers=original))
    listing = asking(fake).of_account("Qwen")
    assert len(listing.rows) == len(world.of_author("Qwen"))
    assert len(fake.requests) == pages


def few_a_page(fake: HubFake, size: int = 5) -> int:
    """Let pages be small; how many Qwen's account has then."""
    fake.largest_page = size
    return -(-len(fake.world.of_author("Qwen")) // size)


def test_renamed_model_is_found_under_its_new_name(fake: HubFake, world: World) -> None:
    old, new = next(iter(world.renamed.items()))
    assert asking(fake).named(old).model_id == new
    assert asking(fake).named("nobody/nothing") is None


def test_row_that_names_no_model_is_left_out_and_counted(fake: HubFake, world: World) -> None:
    def spoil(told: list[Any]) -> list[Any]:
        return [None, {"id": 5}, "x", *told[:-1], {**told[-1], "downloads": "many"}]

    fake.faults.append(Fault("edit", edit=spoil))
    listing = asking(fake).of_account("Qwen")
    assert listing.unreadable == 3
    assert len(listing.rows) == len(world.of_author("Qwen"))
    assert listing.rows[-1].downloads_30d is None


def without_ids(told: list[Any]) -> list[Any]:
    return [{"name": row["id"]} for row in told]


TROUBLE = {
    "a page": (Fault("html"), SourceUnreadable),
    "half an answer": (Fault("cut"), SourceUnreachable),
    "no list": (Fault("edit", edit=lambda told: {"models": told}), SourceUnreadable),
    "no ids": (Fault("edit", edit=without_ids), SourceUnreadable),
    "error of its own": (Fault("status", code=500), SourceUnreachable),
    "out of service": (Fault("status", code=503), SourceUnreachable),
    "bad request": (Fault("status", code=400, body='{"error":"bad"}'), SourceRefused),
    "no permission": (Fault("status", code=401), SourceRefused),
    "limit": (Fault("status", code=429, headers={"RateLimit": '"api";r=0;t=290'}), SourceRefused),
    "closed at once": (Fault("refuse_after_accept"), SourceUnreachable),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_trouble_has_a_name_and_a_plain_sentence(fake: HubFake, trouble: str) -> None:
    fault, error = TROUBLE[trouble]
    fake.faults.append(fault)
    with pytest.raises(error) as raised:
        asking(fake).of_account("Qwen")
    assert "Hugging Face" in raised.value.sentence
    assert len(fake.requests) <= 2


def test_short_trouble_is_asked_about_once_more(fake: HubFake, world: World) -> None:
    fake.faults.append(Fault("status", code=502, times=1))
    assert len(asking(fake).of_account("Qwen").rows) == len(world.of_author("Qwen"))
    assert [request.status for request in fake.requests] == [502, 200]


def test_short_limit_is_waited_for_and_a_long_one_is_not(fake: HubFake) -> None:
    limit = {"RateLimit": '"api";r=0;t=30'}
    fake.faults.append(Fault("status", code=429, headers=limit, times=1))
    waited: list[float] = []
    hub = Hub(fake.url, "", Visit("Hugging Face", 600), pause=waited.append)
    hub.of_account("Qwen")
    assert waited == [31.0]
    long = {"RateLimit": '"api";r=0;t=290'}
    fake.faults.append(Fault("status", code=429, headers=long))
    with pytest.raises(SourceRefused, match=r"serves us again at \d\d:\d\d UTC"):
        hub.of_account("Qwen")
    assert waited == [31.0]


def test_last_request_of_a_window_is_not_followed_by_one_that_is_refused(world: World) -> None:
    with HubFake(world, quota=3) as fake:
        hub = asking(fake)
        hub.visit.allowed = 100
        found = Found()
        crawl(hub, candidates(world), [], found, lambda *_: None)
        assert hub.tired
        assert [request.status for request in fake.requests] == [200, 200, 200]


@pytest.mark.parametrize("kind", ["stall", "drip"])
def test_deadline_holds_however_slowly_the_hub_answers(fake: HubFake, kind: str) -> None:
    fake.faults.append(Fault(kind, interval=0.02))
    hub = asking(fake, seconds=0.4)
    with pytest.raises(SourceSilent):
        hub.of_account("Qwen")
    assert 0.4 <= time.monotonic() - hub.visit.started < 1.4


def test_nobody_listening_is_said_at_once() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    hub = Hub(f"http://127.0.0.1:{port}", "", Visit("Hugging Face", 30), pause=lambda _: None)
    with pytest.raises(SourceUnreachable):
        hub.of_account("Qwen")


def test_list_that_begins_again_and_again_ends(fake: HubFake) -> None:
    few_a_page(fake)
    again = f'<{fake.url}/api/models?author=Qwen>; rel="next"'
    fake.faults.append(
        Fault("edit", edit=lambda told: told, edit_headers=lambda told: told | {"Link": again})
    )
    with pytest.raises(SourceUnreadable, match="again and again"):
        asking(fake).of_account("Qwen")
    assert len(fake.requests) <= 3


def candidates(world: World) -> list[Candidate]:
    return [
        Candidate(model_id, OFFICIAL, record["downloads"] or 0)
        for model_id, record in world.official.items()
    ]


def test_crawl_finds_what_is_built_on_the_models_and_on_that(world: World) -> None:
    found = Found()
    with HubFake(world, quota=10_000) as fake:
        crawl(asking(fake), candidates(world), [], found, lambda *_: None)
    seen = {row.model_id for _, listing in found.answers for row in listing.rows}
    reachable = {model_id for model_id, depth in world.depth.items() if depth >= 1}
    assert len(seen & reachable) / len(reachable) > 0.95
    assert found.waiting == 0
    asked = [parent.casefold() for parent, _ in found.answers]
    assert len(asked) == len(set(asked))


def test_crawl_stops_at_its_last_request_and_goes_on_from_there(
    fake: HubFake, world: World
) -> None:
    first, second = Found(), Found()
    crawl(asking(fake, allowed=30), candidates(world), [], first, lambda *_: None)
    assert len(fake.requests) == 30
    assert first.waiting > 0
    done = [parent for parent, listing in first.answers if listing.complete]
    crawl(asking(fake, allowed=30), candidates(world), done, second, lambda *_: None)
    assert not set(done) & {parent for parent, _ in second.answers}


def test_answer_that_is_cut_by_the_last_request_says_so(fake: HubFake, world: World) -> None:
    few_a_page(fake)
    listing = Listing()
    with pytest.raises(RequestsSpent):
        asking(fake, allowed=2).built_on(largest(world), listing)
    assert (len(listing.rows), listing.complete) == (10, False)


def test_most_promising_models_are_asked_about_first(fake: HubFake, world: World) -> None:
    found = Found()
    crawl(asking(fake, allowed=5), candidates(world), [], found, lambda *_: None)
    downloads = [world.find(parent)["downloads"] for parent, _ in found.answers]
    assert downloads == sorted(downloads, reverse=True)
    assert downloads[0] == max(record["downloads"] for record in world.official.values())


def test_crawl_ends_by_itself_before_its_time_is_over(fake: HubFake, world: World) -> None:
    hub, found = asking(fake), Found()
    hub.visit.started -= 28  # of 30 seconds
    crawl(hub, candidates(world), [], found, lambda *_: None)
    assert fake.requests == []
    assert found.waiting > 0

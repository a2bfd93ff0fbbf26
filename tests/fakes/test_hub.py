"""The fake Hub answers the real client; its limits and faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest
from huggingface_hub.errors import BadRequestError, RepositoryNotFoundError
from huggingface_hub.utils import parse_ratelimit_headers

from tests.fakes.hub import HubFake
from tests.fakes.server import Fault
from tests.fakes.tags import LARGEST, parents
from tests.fakes.world import World

if TYPE_CHECKING:
    from huggingface_hub import HfApi

    from tests.fakes.server import Request


def test_the_client_lists_an_account_over_two_pages(client: HfApi, hub: HubFake) -> None:
    listed = list(client.list_models(author="google", sort="downloads", expand=["downloads"]))

    assert {one.id for one in listed} == {
        one["id"] for one in hub.world.everything() if one["author"] == "google"
    }
    assert len(listed) == len({one.id for one in listed}) > 1_000
    counts = [one.downloads for one in listed]
    assert counts == sorted(counts, reverse=True)
    assert [request.path for request in hub.requests] == ["/api/models"] * 2
    assert "cursor" not in hub.requests[0].query
    assert hub.requests[1].query["expand"] == ["downloads"]


def test_a_question_is_answered_with_what_was_asked_for(client: HfApi, hub: HubFake) -> None:
    address = f"{hub.url}/api/models"
    params = [("filter", f"base_model:{LARGEST.upper()}"), ("limit", "2")]
    rows = httpx2.get(address, params=[*params, ("expand", "tags"), ("expand", "gated")]).json()

    assert [row.keys() for row in rows] == [{"_id", "id", "tags", "gated"}] * 2
    assert "modelId" in httpx2.get(address, params=params).json()[0]

    of_kind = client.list_models(filter=f"base_model:quantized:{LARGEST}", expand=["tags"])
    quantized = [
        one["id"]
        for one in hub.world.derivatives.values()
        if LARGEST.lower() in parents(one) and "base_model:quantized:" in str(one["tags"])
    ]
    assert sorted(one.id for one in of_kind) == sorted(quantized)
    assert len(list(client.list_models(filter=f"base_model:{LARGEST}", limit=1_500))) == 1_500


@pytest.mark.parametrize("field", ["baseModels", "childrenModelCount", "usedStorage", "nonsense"])
def test_a_listing_refuses_what_only_a_model_tells(client: HfApi, field: str) -> None:
    address = f"{client.endpoint}/api/models"
    params = [("expand", "tags"), ("expand", field)]
    assert httpx2.get(address, params=params).status_code == 400
    if field != "nonsense":
        with pytest.raises(BadRequestError, match=r"expected one of .* at expand\[0\]"):
            list(client.list_models(expand=[field]))
        assert client.model_info(LARGEST, expand=[field]).id == LARGEST


def test_a_renamed_model_answers_under_its_new_name(client: HfApi, hub: HubFake) -> None:
    answer = httpx2.get(f"{hub.url}/api/models/THUDM/glm-4-9b-chat")
    assert (answer.status_code, answer.headers["location"]) == (
        307,
        "/api/models/zai-org/glm-4-9b-chat",
    )
    told = client.model_info("THUDM/glm-4-9b-chat", expand=["downloads"])
    assert told.id == "zai-org/glm-4-9b-chat"
    assert told.downloads == hub.world.official[told.id]["downloads"]
    with pytest.raises(RepositoryNotFoundError):
        client.model_info("THUDM/never-there")


def test_a_rename_keeps_the_id_that_never_changes() -> None:
    world = World.demo(derivatives=400)
    children = len(world.children("Qwen/Qwen3-8B"))
    before = world.official["Qwen/Qwen3-8B"]["_id"]
    world.rename("Qwen/Qwen3-8B", "Qwen/Qwen3-8B-Chat")
    world.rename("Qwen/Qwen3-8B-Chat", "Qwen/Qwen3-8B-Instruct")
    with HubFake(world) as hub:
        told = httpx2.get(f"{hub.url}/api/models/Qwen/Qwen3-8B", follow_redirects=True).json()
    assert (told["id"], told["_id"]) == ("Qwen/Qwen3-8B-Instruct", before)
    assert len(world.children("Qwen/Qwen3-8B")) == children > 0


def test_lineage_of_one_model(client: HfApi, hub: HubFake) -> None:
    root = client.model_info(LARGEST, expand=["childrenModelCount", "baseModels"])
    kinds = [one for one in hub.world.everything() if LARGEST.lower() in parents(one)]
    assert sum(root.children_model_count.values()) == len(kinds)

    merge = next(one for one in kinds if "base_model:merge:" in str(one["tags"]))
    told = client.model_info(merge["id"], expand=["baseModels"]).base_models
    assert told["relation"] == "merge"
    assert {base["id"].lower() for base in told["models"]} <= parents(merge)


def test_too_many_requests_are_refused_until_the_window_ends(world: World) -> None:
    with HubFake(world, quota=2) as hub:
        address = f"{hub.url}/api/models/{LARGEST}?expand=likes"
        first, second, third = (httpx2.get(address) for _ in range(3))
        hub.pass_time(299.5)
        fourth = httpx2.get(address)
        hub.pass_time(0.5)
        fifth = httpx2.get(address)

    assert [one.status_code for one in (first, second, third, fourth, fifth)] == [
        200,
        200,
        429,
        429,
        200,
    ]
    limits = [parse_ratelimit_headers(one.headers) for one in (first, third, fourth, fifth)]
    assert [(one.remaining, one.reset_in_seconds) for one in limits if one] == [
        (1, 300),
        (0, 300),
        (0, 1),
        (1, 300),
    ]
    assert limits[0] is not None
    assert (limits[0].resource_type, limits[0].limit, limits[0].window_seconds) == ("api", 2, 300)


def test_faults_happen_to_those_they_are_meant_for(hub: HubFake) -> None:
    address = f"{hub.url}/api/models/{LARGEST}?expand=likes"

    def meant(request: Request) -> bool:
        return LARGEST in request.path

    def without_likes(told: dict) -> dict:
        return {**told, "likes": None}

    hub.faults = [Fault("status", meant, times=1, code=503, headers={"Retry-After": "7"})]
    assert httpx2.get(f"{hub.url}/api/models/Qwen/Qwen3-8B").status_code == 200
    answers = [httpx2.get(address) for _ in range(2)]
    assert [one.status_code for one in answers] == [503, 200]
    assert answers[0].headers["retry-after"] == "7"

    hub.faults = [Fault("html")]
    assert httpx2.get(address).text.startswith("<!doctype html>")
    hub.faults = [Fault("edit", edit=without_likes, edit_headers=lambda told: told | {"X-A": "b"})]
    answer = httpx2.get(address)
    assert (answer.json()["likes"], answer.headers["x-a"]) == (None, "b")
    hub.faults = [Fault("drip", interval=0.001)]
    assert httpx2.get(address).json()["id"] == LARGEST
    for kind in ("cut", "refuse_after_accept"):
        hub.faults = [Fault(kind)]
        with pytest.raises(httpx2.RemoteProtocolError):
            httpx2.get(address)
    hub.faults = [Fault("stall")]
    with pytest.raises(httpx2.ReadTimeout):
        httpx2.get(address, timeout=0.05)
    hub.faults = [Fault("drip")]
    with httpx2.stream("GET", address) as slow:
        hub.close()  # nobody has to wait for the last byte
        with pytest.raises(httpx2.RemoteProtocolError):
            slow.read()


def test_other_addresses_are_not_found(hub: HubFake) -> None:
    assert httpx2.get(f"{hub.url}/api/agent-harnesses").status_code == 404

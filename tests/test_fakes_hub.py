from __future__ import annotations

import os
import re
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, constants
from huggingface_hub.errors import (
    BadRequestError,
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import parse_ratelimit_headers

from core.store.definitions import load_families
from tests.conftest import ROOT
from tests.fakes.hub import HubFake
from tests.fakes.hub_files import READER, WRITER
from tests.fakes.server import Fault
from tests.fakes.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.server import Request

LARGEST = "meta-llama/Llama-3.2-1B-Instruct"
REPOSITORY = "me/history"
UPLOADING = "ignore:Use 'content=:DeprecationWarning"
"""The client hands a file to its own HTTP library in a way that the library calls old."""


@pytest.fixture(scope="session")
def world() -> World:
    """The demo's world; tests only read it."""
    return World.demo()


@pytest.fixture
def hub(world: World) -> Iterator[HubFake]:
    with HubFake(world) as fake:
        yield fake


@pytest.fixture
def client(hub: HubFake, monkeypatch: pytest.MonkeyPatch) -> HfApi:
    """The real client, as the owner of a token that may write."""
    # These are read at import, so that the environment comes too late.
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    return HfApi(endpoint=hub.url, token=WRITER)


# ---- the world


def parents(record: dict) -> set[str]:
    """Parents by the plain tags of a record, in lower case, itself left out."""
    tags = [tag.split(":") for tag in record["tags"] if tag.startswith("base_model:")]
    return {tag[1].lower() for tag in tags if len(tag) == 2} - {record["id"].lower()}


def test_the_demo_is_16_families_and_40_000_derivatives_to_depth_6(world: World) -> None:
    assert Counter(world.family.values()).keys() == {one.name for one in world.families}
    assert len(world.families) == 16
    assert all(8 <= count <= 30 for count in Counter(world.family.values()).values())
    assert len(world.derivatives) == 40_000

    depths = {model_id.lower(): 0 for model_id in world.official}
    depths |= dict.fromkeys(world.renamed, 0)
    waiting = {record["id"].lower(): parents(record) for record in world.derivatives.values()}
    reached = {}
    for depth in range(1, 9):
        level = [one for one, bases in waiting.items() if any(base in depths for base in bases)]
        depths |= dict.fromkeys(level, depth)
        reached[depth] = len(level)
        for one in level:
            del waiting[one]
    assert not waiting
    assert reached == {1: 28_800, 2: 7_200, 3: 2_400, 4: 1_000, 5: 400, 6: 200, 7: 0, 8: 0}


def test_official_models_are_those_that_makers_toml_describes(world: World) -> None:
    for family in load_families(ROOT / "data" / "makers.toml"):
        accounts = [account.lower() for account in family.accounts]
        described = {
            record["id"]
            for record in world.everything()
            if record["author"].lower() in accounts
            and re.search(family.pattern, record["id"].split("/")[1], re.IGNORECASE)
        }
        assert described == {one for one, name in world.family.items() if name == family.name}


def test_the_same_seed_makes_the_same_world() -> None:
    first, second = World.demo(derivatives=500), World.demo(derivatives=500)
    assert first.derivatives == second.derivatives
    assert first.derivatives != World.demo(derivatives=500, seed=8).derivatives


def test_the_shape_is_that_of_the_hub(world: World) -> None:
    counted = Counter(base for one in world.derivatives.values() for base in parents(one))
    assert counted[LARGEST.lower()] > 3_000  # more than fit on three pages
    assert counted[LARGEST.lower()] == max(counted.values())
    ids = {one.lower() for one in world.derivatives}
    assert 400 < len(ids & counted.keys()) < 1_200  # on nearly all, nothing is built

    kinds = Counter(
        next(tag.split(":")[1] for tag in one["tags"] if tag.count(":") == 2)
        for one in world.derivatives.values()
    )
    assert kinds.keys() == {"adapter", "finetune", "quantized", "merge"}
    assert kinds["merge"] / 40_000 == pytest.approx(0.03, abs=0.005)
    merges = [one for one in world.derivatives.values() if "base_model:merge:" in str(one["tags"])]
    assert {len(parents(one)) for one in merges} == {2, 3, 4, 5}

    records = [*world.official.values(), *world.derivatives.values()]
    downloads = sorted((one["downloads"] for one in records), reverse=True)
    assert sum(downloads[:10]) > 0.2 * sum(downloads)
    assert downloads[len(downloads) // 2] < 100
    known = [one for one in records if one["downloadsAllTime"] is not None]
    assert all(one["downloadsAllTime"] >= one["downloads"] for one in known)
    assert len(known) < len(records)


def test_what_authors_declare_is_not_always_right(world: World) -> None:
    exact = {record["id"] for record in world.everything()}
    lower = {one.lower() for one in exact}
    declared = [
        (one["id"], base)
        for one in world.derivatives.values()
        for base in one["cardData"]["base_model"]
    ]
    assert sum(one == base for one, base in declared) == 40  # itself
    assert sum(base not in exact and base.lower() in lower for _, base in declared) > 50
    assert sum(base.lower() not in lower for _, base in declared) > 50  # gone, or renamed
    assert sum(base.lower() in world.renamed for _, base in declared) > 10


def test_time_passes() -> None:
    world = World.demo(derivatives=400)
    fallen = next(iter(world.official))
    before = {one["id"]: one["downloadsAllTime"] or 0 for one in world.everything()}
    world.advance(24, new_derivatives=3, rollback=fallen)
    after = {one["id"]: one["downloadsAllTime"] or 0 for one in world.everything()}

    assert world.now == datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert len(world.derivatives) == 403
    assert after[fallen] < before[fallen]
    assert all(after[one] >= count for one, count in before.items() if one != fallen)
    assert sum(after.values()) > sum(before.values()) - before[fallen]
    new = [world.derivatives[one] for one in after.keys() - before.keys()]
    assert all(one["createdAt"] >= "2026-11-24T12" for one in new)


# ---- models


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


# ---- limits and faults


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


# ---- the history repository


@pytest.mark.filterwarnings(UPLOADING)
def test_history_goes_up_and_comes_down(client: HfApi, tmp_path: Path) -> None:
    partition = tmp_path / "partition.parquet"
    partition.write_bytes(os.urandom(300_000))
    for _ in range(2):
        url = client.create_repo(REPOSITORY, repo_type="dataset", private=True, exist_ok=True)
        assert url.repo_id == REPOSITORY
    commit = client.create_commit(
        REPOSITORY,
        [
            CommitOperationAdd("readings/2026-11-24/hub.parquet", partition),
            CommitOperationAdd("note.txt", b"hello"),
        ],
        commit_message="Readings",
        repo_type="dataset",
    )
    assert client.list_repo_files(REPOSITORY, repo_type="dataset") == [
        ".gitattributes",
        "note.txt",
        "readings/2026-11-24/hub.parquet",
    ]
    assert client.repo_info(REPOSITORY, repo_type="dataset").sha == commit.oid
    for name, content in (
        ("readings/2026-11-24/hub.parquet", partition.read_bytes()),
        ("note.txt", b"hello"),
    ):
        path = client.hf_hub_download(
            REPOSITORY, name, repo_type="dataset", cache_dir=tmp_path / "cache"
        )
        with open(path, "rb") as file:  # noqa: PTH123 - the client gives a string
            assert file.read() == content

    client.create_commit(
        REPOSITORY,
        [CommitOperationDelete("note.txt")],
        commit_message="Away",
        repo_type="dataset",
    )
    assert "note.txt" not in client.list_repo_files(REPOSITORY, repo_type="dataset")
    with pytest.raises(EntryNotFoundError):
        client.hf_hub_download(REPOSITORY, "note.txt", repo_type="dataset", cache_dir=tmp_path)
    with pytest.raises(RevisionNotFoundError):
        client.list_repo_files(REPOSITORY, repo_type="dataset", revision="other")
    assert client.file_exists(REPOSITORY, "note.txt", repo_type="dataset", revision=commit.oid)


@pytest.mark.filterwarnings(UPLOADING)
def test_large_files_go_their_own_way(client: HfApi, hub: HubFake) -> None:
    client.create_repo(REPOSITORY, repo_type="dataset")
    for _ in range(2):
        client.create_commit(
            REPOSITORY,
            [CommitOperationAdd("a.parquet", b"PAR1"), CommitOperationAdd("a.txt", os.urandom(9))],
            commit_message="Same",
            repo_type="dataset",
        )
    uploads = [request for request in hub.requests if request.method == "PUT"]
    assert [request.body for request in uploads] == [b"PAR1"]
    assert hub.datasets.shelf[REPOSITORY].files["a.parquet"].large
    assert not hub.datasets.shelf[REPOSITORY].files["a.txt"].large


def test_a_commit_on_what_is_no_longer_newest_is_refused(client: HfApi) -> None:
    client.create_repo(REPOSITORY, repo_type="dataset")
    before = client.repo_info(REPOSITORY, repo_type="dataset").sha

    def commit(text: bytes) -> None:
        client.create_commit(
            REPOSITORY,
            [CommitOperationAdd("a.txt", text)],
            commit_message="One",
            repo_type="dataset",
            parent_commit=before,
        )

    commit(b"first")
    with pytest.raises(HfHubHTTPError) as refused:
        commit(b"second")
    assert refused.value.response.status_code == 412


@pytest.mark.parametrize(("token", "status"), [("", 401), (READER, 403), ("hf_wrong", 401)])
def test_only_the_owner_writes(client: HfApi, token: str, status: int) -> None:
    client.create_repo(REPOSITORY, repo_type="dataset", private=True)
    other = HfApi(endpoint=client.endpoint, token=token or False)
    with pytest.raises(HfHubHTTPError) as refused:
        other.create_repo("me/second", repo_type="dataset")
    assert refused.value.response.status_code == status
    with pytest.raises(HfHubHTTPError) as refused:
        other.upload_file(
            path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=REPOSITORY, repo_type="dataset"
        )
    assert refused.value.response.status_code == status
    if not token:
        with pytest.raises(RepositoryNotFoundError):
            other.repo_info(REPOSITORY, repo_type="dataset")


def test_parts_of_a_file(hub: HubFake) -> None:
    hub.datasets.put("someone/figures", {"deep/a.parquet": b"0123456789"})
    address = f"{hub.url}/datasets/someone/figures/resolve/main/deep/a.parquet"
    whole = httpx2.head(address)
    assert (whole.headers["content-length"], whole.headers["accept-ranges"]) == ("10", "bytes")
    # The SHA-256 of the ten digits, by `printf 0123456789 | sha256sum`.
    digest = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"
    assert whole.headers["etag"] == f'"{digest}"'
    for wish, status, content, told in (
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
    ):
        answer = httpx2.get(address, headers={"Range": wish})
        assert (answer.status_code, answer.content) == (status, content)
        assert answer.headers["content-range"] == told


def test_other_addresses_are_not_found(hub: HubFake) -> None:
    assert httpx2.get(f"{hub.url}/api/agent-harnesses").status_code == 404

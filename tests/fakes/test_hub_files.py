"""Datasets of the fake Hub: written and read by the real client."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import (
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tests.fakes.hub_files import READER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.hub import HubFake

REPOSITORY = "me/history"
UPLOADING = "ignore:Use 'content=:DeprecationWarning"
"""The client hands a file to its own HTTP library in a way that the library calls old."""


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

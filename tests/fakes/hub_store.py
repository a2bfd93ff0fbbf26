"""What a dataset of the fake Hub consists of: files, commits, and refusals."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.fakes.server import Answer


class Refusal(Exception):  # noqa: N818 - an answer on its way out
    """What the Hub says instead of doing it."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        headers = {"X-Error-Message": message} | ({"X-Error-Code": code} if code else {})
        self.answer = Answer.of_json({"error": message}, status, headers)


@dataclass(frozen=True)
class Blob:
    """One file's content. Large ones are known by their SHA-256 as well."""

    content: bytes
    large: bool

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def oid(self) -> str:
        """Git's id of the file, or of the pointer that stands for a large one."""
        content = self.content
        if self.large:
            content = self._pointer
        return hashlib.sha1(
            b"blob %d\0" % len(content) + content, usedforsecurity=False
        ).hexdigest()

    @property
    def etag(self) -> str:
        return self.sha256 if self.large else self.oid

    @property
    def _pointer(self) -> bytes:
        return (
            "version https://git-lfs.github.com/spec/v1\n"
            f"oid sha256:{self.sha256}\nsize {len(self.content)}\n"
        ).encode()

    def entry(self, path: str) -> dict[str, Any]:
        """The file as a row of a tree."""
        row: dict[str, Any] = {
            "type": "file",
            "oid": self.oid,
            "size": len(self.content),
            "path": path,
        }
        if self.large:
            row["lfs"] = {
                "oid": self.sha256,
                "size": len(self.content),
                "pointerSize": len(self._pointer),
            }
        return row


@dataclass
class Dataset:
    """A repository: all its commits, oldest first, each a whole tree of files."""

    name: str
    private: bool = False
    commits: list[tuple[str, dict[str, Blob]]] = field(default_factory=list)

    @property
    def files(self) -> dict[str, Blob]:
        """The newest tree."""
        return self.commits[-1][1]

    @property
    def sha(self) -> str:
        """Id of the newest commit."""
        return self.commits[-1][0]

    def commit(self, files: dict[str, Blob]) -> str:
        """Keep a new tree. Its id depends on all that was before."""
        before = self.commits[-1][0] if self.commits else self.name
        listed = json.dumps([(path, blob.oid) for path, blob in sorted(files.items())])
        text = f"{before} {len(self.commits)} {listed}".encode()
        sha = hashlib.sha1(text, usedforsecurity=False).hexdigest()
        self.commits.append((sha, files))
        return sha

    def at(self, revision: str) -> tuple[str, dict[str, Blob]]:
        """Id and tree of a branch or a commit."""
        if revision == "main":
            return self.commits[-1]
        for sha, files in self.commits:
            if sha == revision:
                return sha, files
        raise Refusal(404, f"Invalid rev id: {revision}", "RevisionNotFound")

"""Datasets of the fake Hub: files, commits and large-file uploads, kept in memory."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import threading
from typing import TYPE_CHECKING, Any, Final

from tests.fakes.hub_store import Blob, Dataset, Refusal
from tests.fakes.server import Answer, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from re import Match

WRITER: Final = "hf_x"
"""The token that may write."""
READER: Final = "hf_read"
"""A token that may only read."""

_NAME: Final = r"(?P<name>[^/]+/[^/]+)"
_REVISION: Final = r"(?P<revision>[^/]+)"
_MOMENT: Final = "2026-11-24T12:00:00.000Z"


class Datasets:
    """All datasets; ``answer`` knows the addresses under which they are read and written."""

    def __init__(self) -> None:
        self.shelf: dict[str, Dataset] = {}
        self._uploaded: dict[str, bytes] = {}
        self._lock = threading.RLock()
        api = rf"/api/datasets/{_NAME}"
        routes: list[tuple[str, str, Callable[[Request, Match[str], str], Answer]]] = [
            ("GET", r"/api/whoami-v2", self._who),
            ("POST", r"/api/validate-yaml", self._validate),
            ("POST", r"/api/repos/create", self._create),
            ("GET", rf"{api}(?:/revision/{_REVISION})?", self._info),
            ("GET", rf"{api}/tree/{_REVISION}(?:/(?P<path>.+))?", self._tree),
            ("POST", rf"{api}/paths-info/{_REVISION}", self._paths),
            ("POST", rf"{api}/preupload/{_REVISION}", self._preupload),
            ("POST", rf"{api}/commit/{_REVISION}", self._commit),
            ("POST", rf"/datasets/{_NAME}\.git/info/lfs/objects/batch", self._batch),
            ("PUT", r"/large-files/(?P<oid>[0-9a-f]{64})", self._upload),
            ("POST", r"/large-files/(?P<oid>[0-9a-f]{64})/verify", self._verify),
            ("GET", rf"/datasets/{_NAME}/resolve/{_REVISION}/(?P<path>.+)", self._resolve),
        ]
        self._routes = [(method, re.compile(pattern), act) for method, pattern, act in routes]

    def put(self, name: str, files: Mapping[str, bytes]) -> Dataset:
        """A public dataset with these files besides those it has, as if someone had committed."""
        with self._lock:
            dataset = self.shelf.setdefault(name, Dataset(name))
            before = dataset.files if dataset.commits else {}
            added = {
                path: Blob(content, _is_large(path, len(content)))
                for path, content in files.items()
            }
            dataset.commit(before | added)
            return dataset

    def answer(self, request: Request, url: str) -> Answer | None:
        """What is answered to a request; None if it is about something else."""
        method = "GET" if request.method == "HEAD" else request.method
        for wanted, pattern, act in self._routes:
            found = pattern.fullmatch(request.path)
            if found and wanted == method:
                try:
                    with self._lock:
                        return act(request, found, url)
                except Refusal as refusal:
                    return refusal.answer
        return None

    def _who(self, request: Request, _: Match[str], __: str) -> Answer:
        if not _token(request):
            raise Refusal(401, "Invalid username or password.")
        return Answer.of_json(
            {"type": "user", "name": "someone", "fullname": "Someone", "orgs": []}
        )

    def _validate(self, _: Request, __: Match[str], ___: str) -> Answer:
        return Answer.of_json({"errors": [], "warnings": []})

    def _create(self, request: Request, _: Match[str], url: str) -> Answer:
        _may_write(request)
        wish = request.json()
        name = f"{wish.get('organization') or 'someone'}/{wish['name']}"
        place = f"{url}/datasets/{name}"
        if name in self.shelf:
            message = "You already created this dataset repo"
            return Answer.of_json({"error": message, "url": place}, 409)
        dataset = Dataset(
            name, private=wish.get("visibility") == "private" or bool(wish.get("private"))
        )
        dataset.commit(
            {
                ".gitattributes": Blob(
                    b"*.parquet filter=lfs diff=lfs merge=lfs -text\n", large=False
                )
            }
        )
        self.shelf[name] = dataset
        return Answer.of_json({"url": place, "name": name})

    def _info(self, request: Request, found: Match[str], _: str) -> Answer:
        dataset = self._dataset(request, found)
        sha, files = dataset.at(found["revision"] or "main")
        licence = _licences(files)
        return Answer.of_json(
            {
                "_id": hashlib.sha1(dataset.name.encode(), usedforsecurity=False).hexdigest()[:24],
                "id": dataset.name,
                "author": dataset.name.partition("/")[0],
                "sha": sha,
                "private": dataset.private,
                "gated": False,
                "disabled": False,
                "createdAt": _MOMENT,
                "lastModified": _MOMENT,
                "downloads": 0,
                "likes": 0,
                "tags": ["region:us", *(f"license:{one}" for one in licence)],
                "cardData": {"license": licence[0]} if licence else {},
                "siblings": [{"rfilename": path} for path in sorted(files)],
            }
        )

    def _tree(self, request: Request, found: Match[str], _: str) -> Answer:
        _, files = self._dataset(request, found).at(found["revision"])
        folder = f"{found['path'].strip('/')}/" if found["path"] else ""
        inside = {path: blob for path, blob in sorted(files.items()) if path.startswith(folder)}
        if folder and not inside:
            raise Refusal(404, f"{folder[:-1]} does not exist", "EntryNotFound")
        rows: dict[str, dict[str, Any]] = {}
        deep = request.first("recursive").lower() in {"true", "1"}
        for path, blob in inside.items():
            parts = path[len(folder) :].split("/")
            for length in range(1, len(parts) if deep else min(2, len(parts))):
                name = folder + "/".join(parts[:length])
                oid = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
                rows[name] = {"type": "directory", "oid": oid, "size": 0, "path": name}
            if deep or len(parts) == 1:
                rows[path] = blob.entry(path)
        return Answer.of_json(list(rows.values()))

    def _paths(self, request: Request, found: Match[str], _: str) -> Answer:
        _, files = self._dataset(request, found).at(found["revision"])
        return Answer.of_json(
            [files[path].entry(path) for path in request.json()["paths"] if path in files]
        )

    def _preupload(self, request: Request, found: Match[str], _: str) -> Answer:
        dataset = self._writable(request, found)
        _, files = dataset.at(found["revision"])
        return Answer.of_json(
            {
                "files": [
                    {
                        "path": told["path"],
                        "uploadMode": "lfs" if _is_large(told["path"], told["size"]) else "regular",
                        "shouldIgnore": False,
                        "oid": files[told["path"]].etag if told["path"] in files else None,
                    }
                    for told in request.json()["files"]
                ]
            }
        )

    def _batch(self, request: Request, found: Match[str], url: str) -> Answer:
        self._writable(request, found)
        rows = []
        for told in request.json()["objects"]:
            row = {"oid": told["oid"], "size": told["size"], "authenticated": True}
            if told["oid"] not in self._uploaded:
                place = f"{url}/large-files/{told['oid']}"
                row["actions"] = {
                    "upload": {"href": place, "header": {}},
                    "verify": {"href": f"{place}/verify", "header": {}},
                }
            rows.append(row)
        headers = {"Content-Type": "application/vnd.git-lfs+json"}
        return Answer.of_json({"transfer": "basic", "objects": rows}, headers=headers)

    def _upload(self, request: Request, found: Match[str], _: str) -> Answer:
        """The address itself is the permission, as it is signed at the real store."""
        if hashlib.sha256(request.body).hexdigest() != found["oid"]:
            raise Refusal(400, "The content does not have this SHA-256")
        self._uploaded[found["oid"]] = request.body
        return Answer()

    def _verify(self, request: Request, found: Match[str], _: str) -> Answer:
        if len(self._uploaded.get(found["oid"], b"")) != request.json()["size"]:
            raise Refusal(404, "Object does not exist")
        return Answer.of_json({})

    def _commit(self, request: Request, found: Match[str], url: str) -> Answer:
        dataset = self._writable(request, found)
        if found["revision"] != "main":
            raise Refusal(404, f"Invalid rev id: {found['revision']}", "RevisionNotFound")
        lines = [json.loads(line) for line in request.body.splitlines() if line.strip()]
        header = lines[0]["value"]
        if header.get("parentCommit") not in {None, dataset.sha}:
            raise Refusal(412, "A commit has happened since. Please refresh and try again.")
        files = dict(dataset.files)
        for line in lines[1:]:
            self._apply(files, line["key"], line["value"])
        sha = dataset.commit(files)
        place = f"{url}/datasets/{dataset.name}/commit/{sha}"
        return Answer.of_json(
            {"success": True, "commitOid": sha, "commitUrl": place, "hookOutput": ""}
        )

    def _apply(self, files: dict[str, Blob], key: str, value: dict[str, Any]) -> None:
        """Change a tree by one line of a commit."""
        path = value["path"]
        if key == "file":
            try:
                content = base64.b64decode(value["content"], validate=True)
            except binascii.Error:
                raise Refusal(400, f"{path} is not base64") from None
            files[path] = Blob(content, large=False)
        elif key == "lfsFile":
            if value["oid"] not in self._uploaded:
                raise Refusal(400, f"{path} has not been uploaded")
            files[path] = Blob(self._uploaded[value["oid"]], large=True)
        elif key == "deletedFile":
            if files.pop(path, None) is None:
                raise Refusal(404, "A file with this name doesn't exist", "EntryNotFound")
        elif key == "deletedFolder":
            for inside in [name for name in files if name.startswith(f"{path.rstrip('/')}/")]:
                del files[inside]
        else:
            raise Refusal(400, f"Unknown operation: {key}")

    def _resolve(self, request: Request, found: Match[str], _: str) -> Answer:
        sha, files = self._dataset(request, found).at(found["revision"])
        blob = files.get(found["path"])
        if blob is None:
            refusal = Refusal(404, "Entry not found", "EntryNotFound")
            refusal.answer.headers["X-Repo-Commit"] = sha
            raise refusal
        headers = {
            "Content-Type": "application/octet-stream",
            "Accept-Ranges": "bytes",
            "ETag": f'"{blob.etag}"',
            "X-Repo-Commit": sha,
        }
        if blob.large:
            headers |= {
                "X-Linked-Etag": f'"{blob.etag}"',
                "X-Linked-Size": str(len(blob.content)),
            }
        return _ranged(blob.content, request.headers.get("range", ""), headers)

    def _dataset(self, request: Request, found: Match[str]) -> Dataset:
        """The dataset of an address. Private ones are missing to those who show no token."""
        dataset = self.shelf.get(found["name"])
        if dataset is None or (dataset.private and not _token(request)):
            raise Refusal(404, "Repository not found", "RepoNotFound")
        return dataset

    def _writable(self, request: Request, found: Match[str]) -> Dataset:
        _may_write(request)
        return self._dataset(request, found)


def _licences(files: Mapping[str, Blob]) -> list[str]:
    """The licence that the dataset's card states, as a list of none or one."""
    card = files["README.md"].content.decode() if "README.md" in files else ""
    return re.findall(r"^license: (\S+)$", card, re.MULTILINE)[:1]


def _is_large(path: str, size: int) -> bool:
    return path.endswith(".parquet") or size > 10 * 2**20


def _token(request: Request) -> str:
    """The token of a request, "" without one. Refuses what is no token of this Hub."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token not in {"", READER, WRITER}:
        raise Refusal(401, "Invalid credentials in Authorization header")
    return token


def _may_write(request: Request) -> None:
    token = _token(request)
    if not token:
        raise Refusal(401, "Invalid username or password.")
    if token != WRITER:
        raise Refusal(403, "You don't have the rights to write to this repository")


def _ranged(content: bytes, wish: str, headers: dict[str, str]) -> Answer:
    """All of the content, or the one range that is asked for."""
    asked = re.fullmatch(r"bytes=(\d*)-(\d*)", wish)
    if not asked or asked[0] == "bytes=-":
        return Answer(200, content, headers)
    size = len(content)
    if asked[1]:
        first, last = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
    else:
        first, last = max(0, size - int(asked[2])), size - 1
    if first > last:
        return Answer(416, b"", headers | {"Content-Range": f"bytes */{size}"})
    part = content[first : last + 1]
    return Answer(206, part, headers | {"Content-Range": f"bytes {first}-{last}/{size}"})

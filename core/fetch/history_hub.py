"""One public dataset of the Hub at one version: its listing, whole files, parts of files.

The Hub's client waits long: up to five minutes inside a call, and for ever in
some. So each of its calls runs in a thread that is left to itself when nothing
comes.
"""

from __future__ import annotations

import io
import logging
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import httpx2
from huggingface_hub import HfApi, HfFileSystem
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
from huggingface_hub.hf_api import RepoFile

from core.errors import (
    FetchError,
    SourceRefused,
    SourceSilent,
    SourceUnreachable,
    SourceUnreadable,
    TableUnwritable,
)
from core.fetch.http import AGENT_NAME, AGENT_VERSION, PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.fetch.http import Visit

_Result = TypeVar("_Result")

NONE_STATED: Final = "none stated"

_KIND: Final = "dataset"
_LOOK_SECONDS: Final = 0.5
_MISSING: Final = frozenset({401, 403, 404})


@dataclass(frozen=True)
class File:
    """A file of the dataset: its path, size in bytes, and a name of its content."""

    path: str
    size: int
    etag: str


class Repository:
    """A dataset as it is at one commit, within one visit. Every call raises ``FetchError``.

    ``fetched`` counts bytes of content; ``heard`` is called as they come.
    """

    def __init__(self, name: str, repository: str, address: str, token: str, visit: Visit) -> None:
        self.name = name
        self.visit = visit
        self.fetched = 0
        self.revision = ""
        self.licence = NONE_STATED
        self.heard: Callable[[], None] = lambda: None
        self._repository = repository
        self._moment = time.monotonic()
        self._api = HfApi(
            endpoint=address,
            token=token or False,
            library_name=AGENT_NAME,
            library_version=AGENT_VERSION,
        )
        self._files = HfFileSystem(endpoint=address, token=token or False, skip_instance_cache=True)
        # What it says of each retry is no news to the reader of a log.
        logging.getLogger("huggingface_hub").setLevel(logging.ERROR)

    def listing(self) -> dict[str, File]:
        """All files by path, as of the newest commit; from now on that one is read."""
        told = self.patiently(
            lambda: self._api.dataset_info(self._repository, timeout=self.visit.patience())
        )
        if not told.sha:
            raise SourceUnreadable(self.name, f"{self.name} does not say which version it is.")
        self.revision = told.sha
        self.licence = _licence(told)
        rows = self.patiently(
            lambda: list(
                self._api.list_repo_tree(
                    self._repository, recursive=True, revision=self.revision, repo_type=_KIND
                )
            )
        )
        return {
            row.path: File(row.path, row.size, row.lfs.sha256 if row.lfs else row.blob_id)
            for row in rows
            if isinstance(row, RepoFile)
        }

    def whole(self, file: File, folder: Path) -> Path:
        """Fetch a file into ``folder``, which must be empty of others of its name."""
        before = self.fetched

        def fetch() -> str:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that the disk may be too small: we will see
                return self._api.hf_hub_download(
                    self._repository,
                    file.path,
                    repo_type=_KIND,
                    revision=self.revision,
                    local_dir=folder,
                    tqdm_class=_listener(self),
                )

        path = Path(self.patiently(fetch, file.path))
        if path.stat().st_size != file.size:
            raise SourceUnreadable(self.name, f"{file.path} of {self.name} is cut short.")
        self.fetched = max(self.fetched, before + file.size)
        return path

    def part(self, file: File) -> RemoteFile:
        """A file of which only what is asked for is fetched."""
        address = f"datasets/{self._repository}@{self.revision}/{file.path}"
        opened = self.patiently(
            lambda: self._files.open(address, "rb", cache_type="none"), file.path
        )
        return RemoteFile(self, file, opened)

    def got(self, count: int) -> None:
        """Take note of ``count`` bytes that came. Raises ``SourceSilent`` after the deadline."""
        self.fetched += count
        self._moment = time.monotonic()
        self.visit.check()
        self.heard()

    def patiently(self, call: Callable[[], _Result], path: str = "") -> _Result:
        """What ``call`` returns; an error once nothing has come for a while."""
        self.visit.check()
        self.visit.count()
        self._moment = time.monotonic()
        ended: SimpleQueue[tuple[_Result | None, BaseException | None]] = SimpleQueue()

        def work() -> None:
            try:
                ended.put((call(), None))
            except BaseException as error:  # noqa: BLE001 - handed to who waits
                ended.put((None, error))

        Thread(target=work, daemon=True).start()
        while True:
            try:
                result, error = ended.get(timeout=max(0.01, min(_LOOK_SECONDS, self.visit.left())))
                break
            except Empty:
                self.visit.check()
                if time.monotonic() - self._moment > PATIENCE_SECONDS:
                    raise SourceSilent(
                        self.name,
                        f"Nothing came from {self.name} for {PATIENCE_SECONDS:.0f} seconds.",
                    ) from None
        if error is not None:
            raise self._failed(error, path) from error
        return result  # type: ignore[return-value]  # there is one where there is no error

    def _failed(self, error: BaseException, path: str) -> BaseException:  # noqa: PLR0911 - one a kind
        """The error in our words. The client's own may quote addresses and headers."""
        if isinstance(error, FetchError) or not isinstance(error, Exception):
            return error
        what = f"{path} of {self.name}" if path else self.name
        for cause in (error, error.__cause__, error.__context__):
            status = getattr(getattr(cause, "response", None), "status_code", None)
            if status in _MISSING:
                return SourceRefused(self.name, f"{what} may not be read (status {status}).")
            if status is not None:
                return SourceRefused(self.name, f"{what} was refused (status {status}).")
        if isinstance(error, (httpx2.HTTPError, OfflineModeIsEnabled, HfHubHTTPError)):
            return SourceUnreachable(self.name, f"{self.name} could not be reached.")
        if isinstance(error, FileNotFoundError):
            return SourceRefused(self.name, f"{what} is not there.")
        if isinstance(error, OSError) and error.errno:
            return TableUnwritable(
                "counters", f"{what} could not be put on the disk: {error.strerror}."
            )
        return SourceUnreadable(self.name, f"The answer about {what} cannot be understood.")


class RemoteFile(io.RawIOBase):
    """A remote file as Arrow reads one: each read is one request for that range.

    Its end, which Arrow reads first for the table of contents, is remembered.
    Arrow may hide an error behind one of its own: ``failure`` is the first one.
    """

    def __init__(self, repository: Repository, file: File, opened: Any) -> None:  # noqa: ANN401 - the client's own
        self.file = file
        self.failure: BaseException | None = None
        self.mode = "rb"
        self._repository = repository
        self._opened = opened
        self._place = 0
        self._end_from = file.size
        self._end = b""

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def seekable(self) -> bool:
        """Any place can be asked for."""
        return True

    def writable(self) -> bool:
        """It is not ours."""
        return False

    def tell(self) -> int:
        """The place from which the next read begins."""
        return self._place

    def seek(self, place: int, whence: int = 0, /) -> int:
        """Choose the place from which the next read begins."""
        begin = (0, self._place, self.file.size)[whence]
        self._place = begin + place
        return self._place

    def read(self, count: int = -1, /) -> bytes:
        """The next ``count`` bytes, fewer at the end of the file."""
        left = max(0, self.file.size - self._place)
        count = left if count < 0 else min(count, left)
        if not count:
            return b""
        begin = self._place
        if begin >= self._end_from:
            self._place += count
            return self._end[begin - self._end_from :][:count]

        def fetch() -> bytes:
            self._opened.seek(begin)
            return bytes(self._opened.read(count))

        try:
            content = self._repository.patiently(fetch, self.file.path)
            self._repository.got(len(content))
        except BaseException as error:
            self.failure = self.failure or error
            raise
        if len(content) != count:
            name = self._repository.name
            self.failure = SourceUnreadable(name, f"{self.file.path} of {name} is cut short.")
            raise self.failure
        if not self._end and begin + count == self.file.size:
            self._end_from, self._end = begin, content
        self._place = begin + count
        return content


def _listener(repository: Repository) -> type[Any]:
    """The progress bar that the client is given: it shows nothing and counts bytes."""

    class Listener:
        def __init__(self, *_: object, **__: object) -> None:
            """Whatever a bar is told is not needed."""

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing was opened."""

        def update(self, count: float | None = 1) -> None:
            repository.got(int(count or 0))

    return Listener


def _licence(told: Any) -> str:  # noqa: ANN401 - as the client made it of the answer
    """The licence that the dataset's card states."""
    stated = getattr(told.card_data, "license", None)
    if isinstance(stated, list):
        stated = ", ".join(str(one) for one in stated)
    if not stated:
        tags = [tag for tag in told.tags or () if str(tag).startswith("license:")]
        stated = tags[0].partition(":")[2] if tags else None
    return str(stated)[:80] if stated else NONE_STATED

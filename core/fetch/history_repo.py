"""The owner's dataset on the Hub, where recorded partitions outlive this machine's disk."""

from __future__ import annotations

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import httpx2
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled, RepositoryNotFoundError

from core.errors import FetchError, SourceRefused, SourceUnreachable, SourceUnreadable
from core.fetch.http import AGENT_NAME, AGENT_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.fetch.http import Visit

NAME: Final = "The history dataset"
_KIND: Final = "dataset"
_NOT_UNDERSTOOD: Final = (ValueError, KeyError, TypeError, AttributeError)
"""What the client raises where an answer is not of the form it knows."""
_FAILURES: Final = (
    HfHubHTTPError,
    httpx2.HTTPError,
    OfflineModeIsEnabled,
    OSError,
    *_NOT_UNDERSTOOD,
)


class HistoryRepository:
    """Files of one dataset, by their path in it. Every call raises ``FetchError``."""

    def __init__(self, repository: str, address: str, token: str, visit: Visit) -> None:
        self._repository = repository
        self._visit = visit
        self._api = HfApi(
            endpoint=address, token=token, library_name=AGENT_NAME, library_version=AGENT_VERSION
        )

    def paths(self) -> list[str]:
        """Paths of all files; none where the dataset does not exist yet."""
        self._visit.check()
        self._visit.count()
        try:
            return self._api.list_repo_files(self._repository, repo_type=_KIND)
        except RepositoryNotFoundError:
            return []
        except _FAILURES as error:
            raise self._failed(error) from error

    def content(self, path: str) -> bytes:
        """Content of one file."""
        self._visit.check()
        self._visit.count()
        try:
            with TemporaryDirectory(prefix="groundswell-") as folder:
                file = self._api.hf_hub_download(
                    self._repository, path, repo_type=_KIND, local_dir=folder
                )
                return Path(file).read_bytes()
        except _FAILURES as error:
            raise self._failed(error) from error

    def keep(self, files: Mapping[str, bytes]) -> None:
        """Add ``files`` in one commit; make the dataset, private, where there is none."""
        self._visit.check()
        self._visit.count()
        operations = [CommitOperationAdd(path, content) for path, content in files.items()]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # the client's own affair
                self._api.create_repo(
                    self._repository, repo_type=_KIND, private=True, exist_ok=True
                )
                self._api.create_commit(
                    self._repository,
                    operations,
                    repo_type=_KIND,
                    commit_message=f"Add {len(files)} recorded partitions",
                )
        except _FAILURES as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> FetchError:
        # The client's own words may quote addresses and headers: only the status is told.
        response = getattr(error, "response", None)
        status = getattr(response, "status_code", None)
        if status in {401, 403, 404}:
            return SourceRefused(
                NAME,
                f"{NAME} {self._repository} may not be read or written (status {status}).",
                advice="Check GROUNDSWELL_HISTORY_REPO, and that HF_TOKEN may write to it.",
            )
        if isinstance(error, HfHubHTTPError):
            return SourceRefused(NAME, f"{NAME} refused the request (status {status}).")
        if isinstance(error, _NOT_UNDERSTOOD) and not isinstance(error, OSError):
            return SourceUnreadable(NAME, "The answer of the history dataset cannot be understood.")
        return SourceUnreachable(NAME, f"{NAME} could not be reached.")

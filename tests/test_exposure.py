"""A planted token, looked for wherever something leaves the site.

A real server starts a real refresh with the token. The Hub it asks is a bad
one: it refuses, and says the token back in its answers, headers and errors.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from bench.server import serving
from core.errors import FetchError
from core.fetch.history_repo import HistoryRepository
from core.fetch.http import Visit
from core.fetch.hub import Hub
from core.schemas import REFRESHES
from core.store.store import Store
from core.ui import inventory
from core.ui.child import Keeper
from core.ui.site import Site
from tests.conftest import ROOT
from tests.fakes.server import Answer, FakeServer, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TOKEN: Final = "hf_" + "PlantedT0ken" * 3
SECRETS: Final = {
    "AWS_SECRET_ACCESS_KEY": "planted-cloud-key",
    "DATABASE_URL": "postgres://planted-user@nowhere",
    "GITHUB_TOKEN": "planted-host-token",
    "SECRET_KEY": "planted-secret-key",
    "STREAMLIT_SERVER_COOKIE_SECRET": "planted-cookie-secret",
}
REFUSED: Final = "Hugging Face refused the request (status 401)"
ADDRESSES: Final = (
    "/",
    "/leaderboard",
    "/tree",
    "/prices",
    "/claims",
    "/milestones",
    "/data",
    "/data?section=Tables&tables_tab=Table",
    "/data?section=Sources",
    "/data?section=Take+it+with+you",
)


class BadHub(FakeServer):
    """Refuses everything, and says the token back wherever a client might quote it from."""

    def answer(self, request: Request) -> Answer:
        del request
        echo = f"401: the token {TOKEN} may not do this"
        headers = {"X-Error-Message": echo, "WWW-Authenticate": f'Bearer token="{TOKEN}"'}
        return Answer(401, json.dumps({"error": echo}).encode(), headers)


class Elsewhere(FakeServer):
    """Where nobody should come with a token."""

    def answer(self, request: Request) -> Answer:
        return Answer.of_text(f"nothing at {request.path}", 404)


class SendingOn(FakeServer):
    """Lists a model, names an address elsewhere for the rest, and sends all else there."""

    def __init__(self, elsewhere: str) -> None:
        super().__init__()
        self._elsewhere = elsewhere

    def answer(self, request: Request) -> Answer:
        if request.path != "/api/models":
            return Answer(307, headers={"Location": f"{self._elsewhere}{request.path}"})
        if "cursor" in request.query:
            return Answer.of_json([{"id": "someone/second"}])
        following = f'<{self._elsewhere}/api/models?cursor=x>; rel="next"'
        return Answer.of_json([{"id": "someone/first"}], headers={"Link": following})


def until(true: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def everything_sent(port: int, address: str) -> bytes:
    """All that the server sends to a browser that opens ``address``, to the end of the run."""
    path, _, query = address.partition("?")
    request = BackMsg()
    request.rerun_script.page_name = path.strip("/")
    request.rerun_script.query_string = query
    request.rerun_script.context_info.url = f"http://127.0.0.1:{port}{address}"
    stream = f"ws://127.0.0.1:{port}/_stcore/stream"
    sent = bytearray()
    with connect(
        stream, subprotocols=[Subprotocol("streamlit")], max_size=None, proxy=None
    ) as reader:
        reader.send(request.SerializeToString())
        while True:
            message = reader.recv(timeout=60)
            assert isinstance(message, bytes)
            sent += message
            if ForwardMsg.FromString(message).WhichOneof("type") == "script_finished":
                return bytes(sent)


@dataclass
class Exposed:
    """What a site with a token and a failed refresh has let out."""

    pages: dict[str, bytes]
    log: str
    home: Path
    hub: BadHub


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exposed]:
    home = tmp_path_factory.mktemp("exposed")
    with BadHub() as hub:
        settings = {
            "GROUNDSWELL_HOME": str(home),
            "GROUNDSWELL_OFFLINE": "0",
            "GROUNDSWELL_HISTORY_REPO": "someone/history",
            "GROUNDSWELL_YAHOO_URL": "http://127.0.0.1:9",
            "HF_ENDPOINT": hub.url,
            "HF_TOKEN": TOKEN,
            "STREAMLIT_LOGGER_LEVEL": "debug",
        }
        with serving(ROOT / "app.py", ROOT, SECRETS | settings) as server:
            everything_sent(server.port, "/")  # the first visit starts the refresh
            # The server has heard the end of its process, and tells it.
            until(lambda: len(Store(home).own(REFRESHES)) >= 2)
            until(lambda: not server.process.children())
            pages = {address: everything_sent(server.port, address) for address in ADDRESSES}
            log = server.log.read_text(encoding="utf-8", errors="replace")
        yield Exposed(pages, log, home, hub)


def test_token_was_used_and_the_failure_is_on_the_pages(exposed: Exposed) -> None:
    """Without this, what follows would show nothing."""
    used = {request.headers.get("authorization") for request in exposed.hub.requests}
    assert used == {f"Bearer {TOKEN}"}
    assert any("someone/history" in request.path for request in exposed.hub.requests)
    outcomes = Store(exposed.home).own(REFRESHES).set_index("source")["outcome"]
    assert outcomes["hub"] == "SourceRefused"
    for address, sent in exposed.pages.items():
        assert REFUSED.encode() in sent, address


@pytest.mark.parametrize("secret", [TOKEN, *SECRETS.values()], ids=["HF_TOKEN", *SECRETS])
def test_no_page_sends_a_secret(exposed: Exposed, secret: str) -> None:
    assert [page for page, sent in exposed.pages.items() if secret.encode() in sent] == []


@pytest.mark.parametrize("secret", [TOKEN, *SECRETS.values()], ids=["HF_TOKEN", *SECRETS])
def test_server_logs_no_secret(exposed: Exposed, secret: str) -> None:
    assert "Running script" in exposed.log  # it was asked to tell everything
    assert secret not in exposed.log


def test_export_of_all_tables_holds_no_token(
    exposed: Exposed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    site = Site(Store(exposed.home))
    files = {f"{name} alone": inventory.table_csv(site, name) for name in inventory.readable(site)}
    with zipfile.ZipFile(io.BytesIO(inventory.everything(site))) as archive:
        files |= {name: archive.read(name) for name in archive.namelist()}
    assert REFUSED.encode() in files["groundswell/refreshes.csv"]
    assert [name for name, content in files.items() if TOKEN.encode() in content] == []


def test_store_holds_no_token(exposed: Exposed) -> None:
    files = [path for path in exposed.home.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if TOKEN.encode() in path.read_bytes()] == []


def test_token_is_not_sent_on_to_where_the_hub_points() -> None:
    with Elsewhere() as elsewhere, SendingOn(elsewhere.url) as hub:
        asked = Hub(hub.url, TOKEN, Visit("Hugging Face", 20))
        assert asked.named("someone/model") is None
        listing = asked.of_account("someone")
        history = HistoryRepository("someone/h", hub.url, TOKEN, Visit("History", 20))
        with pytest.raises(FetchError):
            history.paths()
        told = {request.headers.get("authorization") for request in hub.requests}
        assert told == {f"Bearer {TOKEN}"}
        assert [row.model_id for row in listing.rows] == ["someone/first", "someone/second"]
        assert elsewhere.requests  # redirections are followed, without the token
        assert TOKEN not in str([(one.target, one.headers) for one in elsewhere.requests])


def failing() -> None:
    import os  # noqa: PLC0415 - the text of this function is the script

    import streamlit as st  # noqa: PLC0415

    from core.errors import SourceRefused  # noqa: PLC0415
    from core.ui.boundary import boundary  # noqa: PLC0415

    cause = ValueError(f"Authorization: Bearer {os.environ['HF_TOKEN']}")
    expected = SourceRefused("Hugging Face", "Hugging Face refused the request.")
    with boundary():
        raise expected from cause
    with boundary():
        raise cause
    st.text("the end")


def test_error_on_a_page_does_not_quote_its_cause(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    app = AppTest.from_function(failing).run()
    elements = [*app.main, *app.sidebar]
    said = "\n".join(str(element.proto) for element in elements if hasattr(element, "proto"))
    assert not app.exception
    assert app.text[0].value == "Hugging Face refused the request."
    assert app.text[-1].value == "the end"
    assert "refused the request" in said
    assert TOKEN not in said
    expected = [record for record in caplog.records if "SourceRefused" in record.getMessage()]
    assert [record.exc_info for record in expected] == [None]


def test_child_has_what_it_needs_of_the_environment_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = {
        "GROUNDSWELL_HOME": str(tmp_path / "home"),
        "HF_ENDPOINT": "http://127.0.0.1:9",
        "HF_TOKEN": TOKEN,
        "HTTPS_PROXY": "http://127.0.0.1:8",
        "no_proxy": "localhost",
    }
    for name, value in (SECRETS | needed | {"PYTHONSTARTUP": "x.py"}).items():
        monkeypatch.setenv(name, value)
    code = "import json, os, sys; json.dump(dict(os.environ), open(sys.argv[1], 'w'))"
    told = tmp_path / "environment.json"
    keeper = Keeper([sys.executable, "-c", code, str(told)])
    assert keeper.start(60)
    until(lambda: not keeper.running)
    child = json.loads(told.read_text(encoding="utf-8"))
    assert needed.items() <= child.items()
    assert child["PATH"] == os.environ["PATH"]
    assert child.keys() & (SECRETS.keys() | {"PYTHONSTARTUP", "PYTEST_CURRENT_TEST"}) == set()
    assert "planted-" not in json.dumps(child)

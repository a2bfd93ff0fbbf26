"""The fault matrix: what goes wrong, at which source, and how it is brought about for real."""

from __future__ import annotations

import functools
import itertools
import random
import resource
import shutil
import socket
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.fakes.hub_questions import write_cursor
from tests.fakes.records import derivative, record
from tests.fakes.server import Fault, Request
from tests.fakes.world import World
from tests.fakes.yahoo import CHART, CRUMB
from tests.faults.scene import HISTORY, HUB, SOURCES, YAHOO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.faults.scene import Scene

    Arrange = Callable[[Scene], None]

FAILS, WELL = "fails", "well"

MANY: Final = 40_000
_SHORT, _LONG = 3.0, 60.0
"""Seconds: what a refresh that cannot succeed is given, and one that should."""


@dataclass(frozen=True)
class Row:
    """One fault. ``at`` says how it is arranged at a source, or why there is none such.

    It is ``expected`` to fail or to go well; at the sources in ``well_at`` it
    goes well in any case. ``quick`` rows are also tried in every run of the
    tests. ``told`` is false where the disk cannot even take the record of what
    happened: then only the process says it.
    """

    fault: str
    at: Mapping[str, Arrange | str]
    expected: str = FAILS
    deadline: float = _SHORT
    quick: bool = False
    told: bool = True
    well_at: tuple[str, ...] = ()


def everywhere(arrange: Arrange, **besides: str) -> dict[str, Arrange | str]:
    """The same at each source, but for those that have a reason not to."""
    return {source: besides.get(source, arrange) for source in SOURCES}


# Connections


def refused(scene: Scene) -> None:
    """A port that nobody listens at."""
    taken = scene.until.enter_context(socket.socket())
    taken.bind(("127.0.0.1", 0))  # held, so that nobody else begins to listen there
    scene.lead_to(f"http://127.0.0.1:{taken.getsockname()[1]}")


def unresolvable(scene: Scene) -> None:
    """A name that nobody may ever register."""
    scene.lead_to("http://nobody.invalid")


# Answers


def answers(kind: Any, **options: Any) -> Arrange:  # noqa: ANN401 - as a Fault takes them
    """A fault of every answer."""
    return lambda scene: scene.server.faults.append(Fault(kind, **options))


def edited(change: Callable[[Any], Any]) -> Arrange:
    """Every answer that carries figures, changed."""

    def arrange(scene: Scene) -> None:
        scene.server.faults.append(Fault("edit", match=_has_figures, edit=change))

    return arrange


def _has_figures(request: Request) -> bool:
    return request.method == "GET" and request.path.startswith((CHART, "/api/"))


def _is_crumb(request: Request) -> bool:
    return request.path == CRUMB


_TOO_MANY: Final = {
    "code": 429,
    "body": "Too Many Requests",
    "headers": {"RateLimit": '"api";r=0;t=290', "Retry-After": "290"},
}


def wrong_types(told: Any) -> Any:  # noqa: ANN401 - JSON is anything
    """Null or something of another type in every field; the shape stays."""
    wrong = itertools.cycle([None, "many", [[]], {"a": None}, True, -1.5, "\x00", 10**30])

    def change(value: Any) -> Any:  # noqa: ANN401 - likewise
        if isinstance(value, dict):
            return {name: change(one) for name, one in value.items()}
        if isinstance(value, list):
            return [change(one) for one in value]
        return next(one for one in wrong if type(one) is not type(value))

    return change(told)


def wrong_figures(told: Any) -> Any:  # noqa: ANN401 - JSON is anything
    """As ``wrong_types``, but every model and every share still has its name."""
    if isinstance(told, list):  # of models
        return [wrong_types(row) | {"id": row.get("id")} for row in told]
    wrong: dict[str, Any] = wrong_types(told)
    right, result = told["chart"]["result"][0], wrong["chart"]["result"][0]
    result["meta"] = right["meta"]
    wrong["chart"]["error"] = None
    return wrong


def unknown_fields(told: Any) -> Any:  # noqa: ANN401 - JSON is anything
    """Every object says something more."""
    if isinstance(told, dict):
        more = {"somethingNew": {"deep": [1, None, "x"]}, "": 0}
        return {name: unknown_fields(value) for name, value in told.items()} | more
    return [unknown_fields(one) for one in told] if isinstance(told, list) else told


def without(*names: str) -> Arrange:
    """Fields of these names are gone, wherever they are."""

    def change(told: Any) -> Any:  # noqa: ANN401 - JSON is anything
        if isinstance(told, dict):
            return {name: change(value) for name, value in told.items() if name not in names}
        return [change(one) for one in told] if isinstance(told, list) else told

    return edited(change)


def same_cursor(scene: Scene) -> None:
    """Each page says that the next one is a page that it has said before."""
    cursor = write_cursor((10**12, "z"))

    def headers(given: dict[str, str]) -> dict[str, str]:
        path = "datasets/me/my-history/tree/main" if scene.source == HISTORY else "models"
        address = f"{scene.hub.url}/api/{path}?recursive=true&sort=downloads&cursor={cursor}"
        return given | {"Link": f'<{address}>; rel="next"'}

    scene.hub.faults.append(Fault("edit", match=_has_figures, edit_headers=headers))


def forty_thousand(scene: Scene) -> None:
    """A new official model on which 40,000 others are built, each worth asking about."""
    now = datetime.now(UTC)
    chance = random.Random(40)  # noqa: S311 - a world, not a secret
    world = World.demo(derivatives=300, now=scene.good.moment)
    world.advance((now - scene.good.moment).total_seconds() / 3600)
    before = now - timedelta(days=2)
    base = "Qwen/Qwen9-40B-Instruct"
    new = record(chance, base, before, downloads=9_000_000, now=now, licence="apache-2.0")
    world.add(world.official, new, depth=0)
    for number in range(MANY):
        told = derivative(
            chance,
            f"builder-{number % 977}/Qwen9-40B-Instruct-{number}",
            "finetune",
            [base],
            downloads=MANY + 10 - number,
            licence="apache-2.0",
            after=before,
            now=now,
        )
        world.add(world.derivatives, told, depth=1)
    scene.hub.world = world


# Clocks

_MOVED: Final = """
import os, sys
from datetime import UTC, datetime, timedelta
from core.refresh import refresh
from core.refreshing.announce import Announcer
from core.settings import Settings
now = datetime.now(UTC) + timedelta(hours=float(sys.argv[1]))
announce = Announcer(sys.stdout, as_json=True)
code = announce.end(refresh(Settings.from_environment(), announce, (sys.argv[-1],), now=now))
sys.stdout.flush()
os._exit(code)
"""
"""A machine cannot be given another time for one process: the refresh is told it."""


def clock(hours: float) -> Arrange:
    """The clock of this machine is off by so much."""

    def arrange(scene: Scene) -> None:
        scene.program = ("-c", _MOVED, str(hours))

    return arrange


# Disks


def small_disk(scene: Scene) -> None:
    """The store on a file system of its own, of sixteen megabytes, room enough for a refresh."""
    if not shutil.which("mount"):
        pytest.skip("there is no mount on this machine")
    beside = scene.home.with_name("beside")
    scene.home.rename(beside)
    scene.home.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m,mode=0755", "tmpfs", str(scene.home)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")
    scene.until.callback(subprocess.run, ["umount", "--lazy", str(scene.home)], check=True)
    shutil.copytree(beside, scene.home, dirs_exist_ok=True)


def disk_full(scene: Scene) -> None:
    """Not a byte is left."""
    small_disk(scene)
    ballast = scene.home / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            scene.repairs.append(ballast.unlink)


def file_limit(scene: Scene) -> None:
    """No file may grow beyond 6 kB: some partitions fit, others do not."""
    scene.limit = functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (6_144, 6_144))


def read_only(scene: Scene) -> None:
    """Nothing may be written."""
    small_disk(scene)

    def again(how: str) -> None:
        mount = ["mount", "-o", f"remount,{how}", str(scene.home)]
        subprocess.run(mount, check=True)

    again("ro")
    scene.repairs.append(functools.partial(again, "rw"))


_ONE_ANSWER = "Yahoo answers about one share in one piece"
_NO_CRUMB = "only Yahoo hands out crumbs"
_NO_WRITING = "the history is read from the store; what fails to be written is the prices'"
_NO_CLOCK = "no date of its own: partitions keep their names"

MATRIX: Final = (
    Row("refused connection", everywhere(refused), quick=True),
    Row("unresolvable name", everywhere(unresolvable)),
    Row("accept then stall", everywhere(answers("stall")), quick=True),
    Row("hangs up at once", everywhere(answers("refuse_after_accept"))),
    Row("slow drip", everywhere(answers("drip", interval=0.05))),
    Row("429, reset in 290 s", everywhere(answers("status", **_TOO_MANY)), quick=True),
    Row(
        "429 on the crumb only",
        {
            HUB: _NO_CRUMB,
            YAHOO: answers("status", match=_is_crumb, **_TOO_MANY),
            HISTORY: _NO_CRUMB,
        },
        expected=WELL,
        deadline=_LONG,
    ),
    Row("500", everywhere(answers("status", code=500, body="Internal Server Error"))),
    Row("HTML with status 200", everywhere(answers("html")), quick=True),
    Row("JSON cut off", everywhere(answers("cut")), quick=True),
    Row(
        "wrong types, nulls: every field",
        everywhere(edited(wrong_types)),
        quick=True,
        well_at=(HISTORY,),  # it lists no file then, so that all of ours are sent once more
    ),
    Row(
        "wrong types, nulls: all but names",
        everywhere(edited(wrong_figures), history="it holds names and nothing else"),
        quick=True,
    ),
    Row("unknown fields", everywhere(edited(unknown_fields)), expected=WELL, deadline=_LONG),
    Row(
        "required field gone: the name",
        {HUB: without("id"), YAHOO: without("currency"), HISTORY: without("path")},
        quick=True,
    ),
    Row(
        "required field gone: the figure",
        {HUB: without("downloads"), YAHOO: without("close"), HISTORY: without("type")},
        quick=True,
    ),
    Row("page repeats its cursor", everywhere(same_cursor, yahoo=_ONE_ANSWER)),
    Row(
        "40,000 results",
        {HUB: forty_thousand, YAHOO: _ONE_ANSWER, HISTORY: "a partition is one file"},
        expected=WELL,
        deadline=2 * _LONG,
    ),
    Row(
        "clock an hour behind",
        everywhere(clock(-1), history=_NO_CLOCK),
        expected=WELL,
        deadline=_LONG,
    ),
    Row(
        "clock an hour ahead",
        everywhere(clock(1), history=_NO_CLOCK),
        expected=WELL,
        deadline=_LONG,
    ),
    Row("disk full", everywhere(disk_full, history=_NO_WRITING), deadline=_LONG, told=False),
    Row("file size limit", everywhere(file_limit, history=_NO_WRITING), deadline=_LONG),
    Row("store read-only", everywhere(read_only, history=_NO_WRITING), told=False),
)
"""Every fault, with each source."""


def cells(*, quick: bool = False) -> list[tuple[Row, str]]:
    """Fault and source of every cell that can be; ``quick``: those of every run."""
    return [
        (row, source)
        for row in MATRIX
        for source, arrange in row.at.items()
        if not isinstance(arrange, str) and (not quick or (row.quick and source != HISTORY))
    ]

"""What a reader with a browser waits for: `python -m bench.browser`.

- from a click to the last change on the screen, for every control of every page, beside
  an app with a select box and one line of text
- from the address to the first chart, on a server that nobody has visited yet, beside
  the plain app
- how long the browser was too busy to answer (long tasks) at the first visit
- bytes over the websocket, as the browser counts them
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench import stores
from bench.pages import PLAIN_APP, PROJECT, discovered, end_politely
from bench.server import ServerFailedError, serving
from bench.watched import chromium, watched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from playwright.sync_api import Browser

    from bench.server import Server
    from bench.watched import Changed

TEXT_APP: Final = Path(__file__).with_name("text_app.py")
LONGEST_TASK: Final = 200.0
"""Milliseconds that a browser may be busy with one task of ours."""

_VISIT_HEADINGS: Final = (
    "first visit, cold server",
    "ms to first chart",
    "/ plain",
    "kB",
    "longest task ms",
    "longest of charts ms",
    "what kept it busy longest, ms",
)

CHARTS: Final = ("vega", "Vega", "ECharts", "echarts", "DataFrame", "glide")
"""Parts of the names of Streamlit's files that draw charts and tables."""


@dataclass(slots=True)
class Click:
    """One control: milliseconds from click to repainted, and what came for it."""

    page: str
    control: str
    painted: float
    """Until the last change that can be seen in the window."""
    to_text_app: float
    settled: float
    """Until the last change of anything, seen or not."""
    settled_to_text_app: float
    bytes: float


@dataclass(slots=True)
class Visit:
    """First visits of one page on servers that nobody had visited (medians)."""

    page: str
    first_chart: float
    """Milliseconds to the first chart; to rest where there is none."""
    has_chart: bool
    to_plain: float
    bytes: float
    longest_task: float
    longest_chart_script: float
    """Longest that one script of those that draw charts and tables kept the browser busy."""
    scripts: dict[str, float] = field(default_factory=dict)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code is 2 without a server or a browser."""
    options = _options(arguments)
    end_politely()
    pages = options.pages or discovered(PROJECT / "app.py")
    settings = stores.settings(options.store)
    try:
        with chromium() as browser:
            visits = [] if options.no_visits else _visits(browser, pages, settings, options.rounds)
            clicks = [] if options.no_clicks else _clicks(browser, pages, settings, options.clicks)
    except (ServerFailedError, FileNotFoundError) as failure:
        _say(str(failure))
        return 2
    if options.json:
        told = {"store": options.store, "clicks": clicks, "visits": visits}
        print(json.dumps(told, default=asdict, indent=2))
    else:
        print("\n".join([*_visit_table(visits), "", *_click_table(clicks)]))
    return 0


def _visits(
    browser: Browser, pages: Sequence[str], settings: Mapping[str, str], rounds: int
) -> list[Visit]:
    """First visits of every page and the plain app, each on a server of its own, in turns."""
    seen: dict[str, list[dict[str, Any]]] = {page: [] for page in ("plain app", *pages)}
    for _ in range(rounds):
        for page, found in seen.items():
            with _cold(page, settings) as server, watched(browser) as reader:
                address = "/" if page == "plain app" else page
                told = reader.visit(f"http://127.0.0.1:{server.port}{address}")
                told["bytes"] = reader.received
                told["until"] = told["chart"] if told["chart"] > 0 else told["painted"]
                found.append(told)
                _say(f"{page}: {told['until']:,.0f} ms to the first chart")
    plain = statistics.median(each["until"] for each in seen["plain app"])
    return [_visit(page, told, plain) for page, told in seen.items()]


@contextmanager
def _cold(page: str, settings: Mapping[str, str]) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as elsewhere:
        plain = page == "plain app"
        script, folder = (PLAIN_APP, Path(elsewhere)) if plain else (PROJECT / "app.py", PROJECT)
        with serving(script, folder, None if plain else settings) as server:
            yield server


def _visit(page: str, told: Sequence[Mapping[str, Any]], plain: float) -> Visit:
    scripts: dict[str, float] = {}
    for each in told:
        for name, milliseconds in each["scripts"].items():
            scripts[name] = max(scripts.get(name, 0.0), milliseconds)
    until = statistics.median(each["until"] for each in told)
    of_charts = [value for name, value in scripts.items() if any(one in name for one in CHARTS)]
    return Visit(
        page=page,
        first_chart=until,
        has_chart=any(each["chart"] > 0 for each in told),
        to_plain=until / plain,
        bytes=statistics.median(each["bytes"] for each in told),
        longest_task=statistics.median(
            max((length for _, length in each["tasks"]), default=0.0) for each in told
        ),
        longest_chart_script=max(of_charts, default=0.0),
        scripts=dict(sorted(scripts.items(), key=lambda each: -each[1])[:5]),
    )


def _clicks(
    browser: Browser, pages: Sequence[str], settings: Mapping[str, str], clicks: int
) -> list[Click]:
    """Every control of every page, each beside the text app's select box."""
    found = []
    with (
        tempfile.TemporaryDirectory(prefix="groundswell-bench-") as elsewhere,
        serving(TEXT_APP, Path(elsewhere)) as yardstick,
        serving(PROJECT / "app.py", PROJECT, settings) as server,
        watched(browser) as plain,
        watched(browser) as reader,
    ):
        plain.visit(f"http://127.0.0.1:{yardstick.port}/")
        (box,) = plain.controls()
        for page in pages:
            address = f"http://127.0.0.1:{server.port}{page}"
            reader.visit(address)
            for control in reader.controls():
                reader.visit(address)  # what an earlier control changed is not this one's
                beside, own = [], []
                for _ in range(clicks):
                    beside += [plain.change(box)]
                    own += [reader.change(control)]
                told = _click(page, f"{control.kind}: {control.label}", own, beside)
                if told is None:
                    _say(f"{page}: {control.kind} “{control.label}” changed nothing")
                else:
                    found.append(told)
                    _say(f"{page}: {told.control}: {told.painted:,.0f} ms")
        for error in reader.errors:
            _say(error)
    return found


def _click(
    page: str,
    control: str,
    own: Sequence[Changed | None],
    beside: Sequence[Changed | None],
) -> Click | None:
    measured, plain = [each for each in own if each], [each for each in beside if each]
    if not measured or not plain:
        return None
    painted = statistics.median(each.painted for each in measured)
    settled = statistics.median(each.settled for each in measured)
    return Click(
        page=page,
        control=control,
        painted=painted,
        to_text_app=painted / statistics.median(each.painted for each in plain),
        settled=settled,
        settled_to_text_app=settled / statistics.median(each.settled for each in plain),
        bytes=statistics.median(each.bytes for each in measured),
    )


def _visit_table(visits: Sequence[Visit]) -> list[str]:
    lines = [f"| {' | '.join(_VISIT_HEADINGS)} |", "|---|--:|--:|--:|--:|--:|---|"]
    for each in visits:
        busy = ", ".join(f"{name} {value:.0f}" for name, value in list(each.scripts.items())[:3])
        lines.append(
            f"| {each.page}{'' if each.has_chart else ' (no chart: to rest)'} "
            f"| {each.first_chart:,.0f} | {each.to_plain:.2f} | {each.bytes / 1e3:,.1f} "
            f"| {each.longest_task:,.0f} | {each.longest_chart_script:,.0f} | {busy} |"
        )
    return lines


def _click_table(clicks: Sequence[Click]) -> list[str]:
    lines = [
        "| page | control | ms to repainted | / text app | ms to rest | / text app | kB |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {each.page} | {each.control} | {each.painted:,.0f} | {each.to_text_app:.2f} "
        f"| {each.settled:,.0f} | {each.settled_to_text_app:.2f} | {each.bytes / 1e3:,.1f} |"
        for each in clicks
    ]
    if clicks:
        middle = statistics.median(each.to_text_app for each in clicks)
        rest = statistics.median(each.settled_to_text_app for each in clicks)
        worst = max(clicks, key=lambda each: each.to_text_app)
        lines.append(
            f"| all | median; worst: {worst.page} {worst.control} | | {middle:.2f} "
            f"| | {rest:.2f} | |"
        )
    return lines


def _say(text: str) -> None:
    """Report progress apart from the result, which may be read by a program."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.browser", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="first visits of every page")
    parser.add_argument("--clicks", type=int, default=5, help="times a control is changed")
    parser.add_argument("--no-visits", action="store_true", help="leave out first visits")
    parser.add_argument("--no-clicks", action="store_true", help="leave out clicks")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--pages", nargs="+", help="addresses; else every page")
    stores.add_option(parser)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

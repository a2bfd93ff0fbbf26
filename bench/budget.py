"""Where a page's milliseconds go: one reader on a server with a stop-watch in it.

The stop-watch costs a little, so it runs in a server of its own, after the readers that
the figures are about. Times are those of the processor, which a busy machine does not
change; only ``waiting`` is not among them.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from websockets.exceptions import WebSocketException

from bench.client import VISIT_DEADLINE_SECONDS, Reader
from bench.profiled import STAGES
from bench.server import serving

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bench.server import Server

CLICKS: Final = 40
SHOWN_FUNCTIONS: Final = 25


@dataclass(frozen=True, slots=True)
class Budget:
    """Milliseconds by stage of the first visit ever, and of a rerun (medians).

    ``new_view`` is a rerun that shows what nobody has looked at before, ``rerun`` one
    that somebody has. ``process`` is what all threads of the server did for a rerun.
    ``functions`` are the costliest of the reruns, where they were asked for.
    """

    page: str
    first_visit: dict[str, float]
    new_view: dict[str, float]
    rerun: dict[str, float]
    process: float
    new_mean: float
    slowest: float
    """Mean and longest of the reruns that nobody had looked at before."""
    fragments: float
    """Share of the reruns that ran only a part of the page."""
    errors: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()

    def lines(self, plain: float = 0.0) -> list[str]:
        """The budget as text; ``plain`` is ``process`` of the plain app."""
        rest = f"all threads {self.process:.1f} ms; only a part in {self.fragments:.0%}"
        if plain and self.process:
            rest += f"; {plain / self.process:.1f} reruns for one of the plain app"
        means = f"mean {self.new_mean:,.1f} ms, the slowest {self.slowest:,.0f} ms"
        told = [
            f"{self.page}: {_told(self.rerun)}; {rest}",
            f"    new view    {_told(self.new_view)}; {means}",
            f"    first visit {_told(self.first_visit)}",
        ]
        told += [f"    ERROR {error}" for error in self.errors]
        return [*told, *(f"    {function}" for function in self.functions)]


def budgets(
    app: Path,
    settings: Mapping[str, str],
    pages: Sequence[str],
    *,
    clicks: int = CLICKS,
    functions: bool = False,
) -> list[Budget]:
    """The budget of each of ``pages`` of ``app``; by function too, which takes longer."""
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as folder:
        lines = Path(folder) / ("runs.functions" if functions else "runs.json")
        with serving(app, app.parent, settings, stop_watch=lines) as server:
            return [_budget(server, lines, page, clicks) for page in pages]


def as_dicts(found: Iterable[Budget]) -> list[dict[str, Any]]:
    """The budgets, fit for JSON."""
    return [asdict(budget) for budget in found]


def _budget(server: Server, lines: Path, page: str, clicks: int) -> Budget:
    runs, errors = [], []
    for _ in range(2):  # the second reader makes the first one's clicks again
        before = len(_read(lines))
        errors += asyncio.run(_click(server, page, clicks))
        runs.append(_read(lines)[before:])
    (first, *new), (_, *again) = (each or [{"stages": {}, "fragment": False}] for each in runs)
    sums = [sum(run["stages"].values()) for run in new]
    return Budget(
        page=page,
        first_visit=_rounded(first["stages"]),
        new_view=_medians(new),
        rerun=_medians(again),
        process=round(_median(run["process"] for run in again), 2),
        new_mean=round(statistics.fmean(sums) if sums else 0.0, 2),
        slowest=round(max(sums, default=0.0), 1),
        fragments=sum(run["fragment"] for run in again) / max(1, len(again)),
        errors=tuple(dict.fromkeys(errors)),
        functions=_costliest(again),
    )


async def _click(server: Server, page: str, clicks: int) -> list[str]:
    """Open the page and click; what it complained of."""
    errors: list[str] = []
    try:
        async with Reader(server.port, page) as reader:
            errors += (await reader.open()).errors
            for _ in range(clicks):
                errors += (await reader.click(VISIT_DEADLINE_SECONDS)).errors
    except (OSError, TimeoutError, WebSocketException) as failure:
        errors.append(f"session broke: {type(failure).__name__}: {failure}")
    return errors


def _read(lines: Path) -> list[dict[str, Any]]:
    if not lines.exists():
        return []
    return [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]


def _medians(runs: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    return _rounded(
        {stage: _median(run["stages"].get(stage, 0.0) for run in runs) for stage in STAGES}
        | {"sum": _median(sum(run["stages"].values()) for run in runs)}
    )


def _rounded(stages: Mapping[str, float]) -> dict[str, float]:
    told = {stage: round(stages.get(stage, 0.0), 2) for stage in STAGES}
    return told | {"sum": round(stages.get("sum", sum(stages.values())), 2)}


def _median(values: Iterable[float]) -> float:
    known = list(values)
    return statistics.median(known) if known else 0.0


def _told(stages: Mapping[str, float]) -> str:
    parts = " + ".join(f"{stage} {stages[stage]:,.1f}" for stage in STAGES if stages[stage] > 0)
    return f"{stages['sum']:,.1f} ms = {parts}"


def _costliest(runs: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The functions that took most of all runs, a line each: milliseconds a run."""
    spent: dict[str, list[float]] = {}
    for run in runs:
        for name, calls, own, whole in run.get("functions", ()):
            sums = spent.setdefault(name, [0.0, 0.0, 0.0])
            for at, value in enumerate((calls, own, whole)):
                sums[at] += value / len(runs)
    return (
        tuple(
            f"{whole:8.2f} ms in all {own:8.2f} own {calls:8.1f} calls  {_short(name)}"
            for name, (calls, own, whole) in sorted(spent.items(), key=lambda each: -each[1][2])
            if "/core/" in name or "/pages/" in name or name.endswith("app.py:<module>")
        )[:SHOWN_FUNCTIONS]
        + tuple(
            f"{own:8.2f} ms own    {calls:8.1f} calls  {_short(name)}"
            for name, (calls, own, _) in sorted(spent.items(), key=lambda each: -each[1][1])
        )[:SHOWN_FUNCTIONS]
    )


def _short(name: str) -> str:
    for mark in ("/site-packages/", "/core/", "/pages/"):
        before, found, after = name.rpartition(mark)
        if found and before:
            return after if mark == "/site-packages/" else f"{mark[1:]}{after}"
    return name

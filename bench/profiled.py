"""Streamlit with a stop-watch in it: `python bench/profiled.py FILE run app.py ...`.

Started by the benchmark in place of `streamlit`, and by nobody else: the site does not
know that it is measured. Each run of a script adds one line of JSON to FILE:

- ``fragment`` (whether only a part ran), ``stages``: milliseconds of the script's thread,
  each counted in the innermost stage it belongs to, and ``process``: of all threads
  since the line before
- ``functions``, where FILE ends in ``.functions``: calls and milliseconds of each function
"""

from __future__ import annotations

import cProfile
import functools
import gc
import importlib.util
import inspect
import json
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READING: Final = "reading"
MEASURING: Final = "measuring"
ELEMENTS: Final = "elements"
SERIALISING: Final = "serialising"
PAGE: Final = "page"
STREAMLIT: Final = "streamlit"
COLLECTING: Final = "collecting"
STAGES: Final = (READING, MEASURING, PAGE, ELEMENTS, SERIALISING, STREAMLIT, COLLECTING)

_OURS: Final = (
    ("core.store.parquet", "read", READING),
    ("core.store.lineage_file", "read", READING),
    ("core.store.store", "Store.load", READING),
    ("core.store.store", "Store.own", READING),
    ("core.store.store", "Store.gathered", READING),
    ("core.ui.once", "Once.__call__", MEASURING),
    ("core.ui.chart", "arrow", SERIALISING),
)
"""Functions of the site that are a stage of their own; without them their time is the page's."""

_STREAMLITS: Final = (
    ("streamlit.dataframe_util", "convert_arrow_table_to_arrow_bytes", SERIALISING),
    ("streamlit.dataframe_util", "convert_pandas_df_to_arrow_bytes", SERIALISING),
    ("streamlit.dataframe_util", "convert_anything_to_arrow_bytes", SERIALISING),
    (
        "streamlit.runtime.scriptrunner_utils.script_run_context",
        "populate_hash_if_needed",
        SERIALISING,
    ),
)
_MOST_FUNCTIONS: Final = 400


class StopWatch:
    """Milliseconds of one thread by stage, each counted in the innermost one."""

    def __init__(self) -> None:
        """Start with nothing counted and no stage open."""
        self.spent: dict[str, float] = {}
        self._open: list[str] = []
        self._since = time.thread_time()

    def enter(self, stage: str) -> None:
        """Count for ``stage`` from now on."""
        self._count()
        self._open.append(stage)

    def leave(self) -> None:
        """Count for the stage around this one again."""
        self._count()
        self._open.pop()

    def _count(self) -> None:
        now = time.thread_time()
        if self._open:
            stage = self._open[-1]
            self.spent[stage] = self.spent.get(stage, 0.0) + 1e3 * (now - self._since)
        self._since = now


class Bench:
    """The stop-watches of the threads that run scripts, and where the lines go."""

    def __init__(self, file: Path) -> None:
        """Write to ``file``; its name says whether functions are wanted too."""
        self._file = file
        self._by_function = file.suffix == ".functions"
        self._lock = threading.Lock()
        self._threads = threading.local()
        self._process = time.process_time()

    def staged(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """``function``, whose time in a script's thread is counted for ``stage``."""

        @functools.wraps(function)
        def counted(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever it is of
            watch = getattr(self._threads, "watch", None)
            if watch is None:
                return function(*args, **kwargs)
            watch.enter(stage)
            try:
                return function(*args, **kwargs)
            finally:
                watch.leave()

        return counted

    @contextmanager
    def run(self) -> Iterator[dict[str, Any]]:
        """One run of a script; what is put into the dictionary is written with it."""
        told: dict[str, Any] = {}
        watch = self._threads.watch = StopWatch()
        profile = cProfile.Profile(time.thread_time) if self._by_function else None
        watch.enter(STREAMLIT)
        if profile is not None:
            profile.enable()
        try:
            yield told
        finally:
            if profile is not None:
                profile.disable()
                told["functions"] = _functions(profile)
            watch.leave()
            self._threads.watch = None
            self._write(told | {"stages": watch.spent})

    def collecting(self, phase: str, _: dict[str, int]) -> None:
        """Count the garbage collector's work; it calls this before and after."""
        watch = getattr(self._threads, "watch", None)
        if watch is not None:
            (watch.enter(COLLECTING) if phase == "start" else watch.leave())

    def _write(self, told: dict[str, Any]) -> None:
        with self._lock:
            now = time.process_time()
            told["process"] = 1e3 * (now - self._process)
            self._process = now
            with self._file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(told) + "\n")


def install(bench: Bench) -> None:
    """Put the stop-watch into Streamlit, and into the site where that can be imported."""
    for module, name, stage in _STREAMLITS:
        _replace(bench, module, name, stage)
    if importlib.util.find_spec("core") is not None:
        for module, name, stage in _OURS:
            _replace(bench, module, name, stage)
    _into_elements(bench)
    _into_runner(bench)
    gc.callbacks.append(bench.collecting)


def _replace(bench: Bench, module: str, name: str, stage: str) -> None:
    """Put the stop-watch around a function or a method; one that is gone is left out."""
    holder: Any = importlib.import_module(module)
    *path, last = name.split(".")
    for part in path:
        holder = getattr(holder, part, None)
    function = getattr(holder, last, None)
    if function is not None:
        setattr(holder, last, bench.staged(function, stage))


def _into_elements(bench: Bench) -> None:
    """Count what Streamlit does to make an element, wherever it is called from."""
    import streamlit as st  # noqa: PLC0415 - the benchmark itself needs no Streamlit
    from streamlit.delta_generator import DeltaGenerator  # noqa: PLC0415

    for name, function in inspect.getmembers(DeltaGenerator, inspect.isfunction):
        if not name.startswith("_") or name == "_enqueue":
            setattr(DeltaGenerator, name, bench.staged(function, ELEMENTS))
    for name, member in inspect.getmembers(st, inspect.ismethod):
        if isinstance(member.__self__, DeltaGenerator):
            setattr(st, name, getattr(member.__self__, name))


def _into_runner(bench: Bench) -> None:
    """Write a line a run, and tell the page's own time from Streamlit's around it."""
    script_runner: Any = importlib.import_module("streamlit.runtime.scriptrunner.script_runner")
    whole = script_runner.ScriptRunner._run_script  # noqa: SLF001 - there is no other way in
    inner = script_runner.exec_func_with_error_handling

    def run_script(self: Any, rerun: Any) -> None:  # noqa: ANN401 - Streamlit's own
        with bench.run() as told:
            whole(self, rerun)
            told["fragment"] = bool(rerun.fragment_id_queue)

    script_runner.ScriptRunner._run_script = run_script  # noqa: SLF001
    script_runner.exec_func_with_error_handling = bench.staged(inner, PAGE)


def _functions(profile: cProfile.Profile) -> list[list[Any]]:
    """Name, calls, own and cumulative milliseconds of the functions that took longest."""
    rows: list[list[Any]] = []
    for entry in profile.getstats():
        code = entry.code
        name = code if isinstance(code, str) else f"{code.co_filename}:{code.co_qualname}"
        rows.append([name, entry.callcount, 1e3 * entry.inlinetime, 1e3 * entry.totaltime])
    rows.sort(key=lambda row: -float(row[3]))
    return rows[:_MOST_FUNCTIONS]


def main() -> None:
    """Become `streamlit`, with the stop-watch inside."""
    sys.path.pop(0)  # our own folder: its modules have common names
    file, *arguments = sys.argv[1:]
    script = Path(arguments[1]).resolve()
    sys.path.insert(0, str(script.parent))
    install(Bench(Path(file)))
    from streamlit.web import cli  # noqa: PLC0415

    sys.argv = ["streamlit", *arguments]
    cli.main()


if __name__ == "__main__":
    main()

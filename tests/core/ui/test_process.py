"""The collector does not walk what is kept, and still frees what nobody shows any longer."""

from __future__ import annotations

import gc
import weakref

import pytest

from core.ui import process
from core.ui.once import Once
from core.ui.process import keep_what_is_new, let_go_of_the_old


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done twice a minute at most is done whenever it is asked for."""
    monkeypatch.setattr(process, "_EVERY", 0.0)


class Shown:
    """Something that holds itself, as a site does through what it remembers."""

    def __init__(self) -> None:
        self.once = Once()
        self.once(id, self)


def test_what_is_kept_is_out_of_the_collectors_sight() -> None:
    try:
        shown = Shown()
        keep_what_is_new()
        assert not any(one is shown.__dict__ or one is shown for one in gc.get_objects())
    finally:
        gc.unfreeze()


def test_what_nobody_shows_any_longer_is_freed_when_the_next_comes() -> None:
    try:
        let_go_of_the_old()  # before the first site there is none to let go of
        shown = Shown()
        gone = weakref.ref(shown)
        keep_what_is_new()
        del shown
        gc.collect()
        assert gone() is not None  # frozen: the collector does not see it
        let_go_of_the_old()
        assert gone() is None
    finally:
        gc.unfreeze()


def test_what_was_frozen_by_chance_is_freed_once_much_more_is_kept() -> None:
    try:
        let_go_of_the_old()
        keep_what_is_new()
        others = Shown()  # as the run of another reader, that is not done yet
        gone = weakref.ref(others)
        keep_what_is_new()
        del others
        keep_what_is_new()
        assert gone() is not None
        more = [[] for _ in range(gc.get_freeze_count() // 3)]
        keep_what_is_new()
        keep_what_is_new()
        assert gone() is None
        assert more
    finally:
        gc.unfreeze()


def test_it_is_not_done_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        keep_what_is_new()
        monkeypatch.setattr(process, "_EVERY", 3600.0)
        shown = Shown()
        keep_what_is_new()
        assert any(one is shown for one in gc.get_objects())
    finally:
        gc.unfreeze()


def test_growth_is_told_once_for_each_new_result() -> None:
    once = Once()
    once(abs, -1)
    assert once.grown
    once.grown = False
    once(abs, -1)
    assert not once.grown
    once(abs, -2)
    assert once.grown

from __future__ import annotations

import time

import pytest

from core.errors import SourceSilent
from core.fetch.http import PATIENCE_SECONDS, Visit


def begun(seconds_ago: float, *, seconds: float = 100, allowed: int | None = None) -> Visit:
    return Visit("The source", seconds, allowed, started=time.monotonic() - seconds_ago)


def test_visit_ends_at_its_deadline() -> None:
    visit = begun(99)
    visit.check()
    assert 0 < visit.patience() <= 1
    late = begun(101)
    assert late.left() == 0
    for act in (late.check, late.patience):
        with pytest.raises(SourceSilent, match="The source was not done after 100 seconds"):
            act()


def test_nobody_waits_longer_than_patience() -> None:
    assert begun(0, seconds=600).patience() == PATIENCE_SECONDS


def test_visit_is_spent_when_its_requests_are() -> None:
    visit = begun(0, allowed=2)
    visit.count()
    assert not visit.spent()
    visit.count()
    assert visit.spent()
    assert not begun(0).spent()


def test_visit_is_nearly_over_when_hardly_any_time_is_left() -> None:
    assert not begun(89).nearly_over()
    assert begun(91).nearly_over()  # a tenth of the time is left
    assert not begun(570, seconds=600).nearly_over()
    assert begun(581, seconds=600).nearly_over()  # less than one answer may take

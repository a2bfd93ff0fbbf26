"""What a refresh says and where sources stand, in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.measure.due import Standing
from core.ui.refresh import moment, stands
from core.ui.refreshes import kept
from core.ui.said import progress
from tests.core.ui.programs import STEP


@pytest.mark.parametrize(
    ("changed", "words", "fraction"),
    [
        ({"done": 20}, "Hugging Face: official models, 20 of 16, 12 requests", 1.0),
        ({"total": 0}, "Hugging Face: official models, 12 requests", 0.0),
        ({"total": None, "requests": 1}, "Hugging Face: official models, 1 request", 0.0),
        ({"done": -1, "total": "many"}, "Hugging Face: official models, 12 requests", 0.0),
        ({"requests": True}, "Hugging Face: official models, 3 of 16", 3 / 16),
        ({"done": float("nan")}, "Hugging Face: official models, 0 of 16, 12 requests", 0.0),
        (
            {"step": "Daily history, bytes", "done": 3_000_000, "total": 12_000_000},
            "Hugging Face: daily history, 3.0 MB of 12.0 MB, 12 requests",
            0.25,
        ),
        ({"step": "GGUF"}, "Hugging Face: GGUF, 3 of 16, 12 requests", 3 / 16),
        ({"step": 7, "name": None}, "Refresh: at work, 3 of 16, 12 requests", 3 / 16),
        ({"step": "a\n\x1b[31mb"}, "Hugging Face: a [31mb, 3 of 16, 12 requests", 3 / 16),
    ],
)
def test_odd_steps_are_said_as_far_as_they_make_sense(
    changed: dict[str, object], words: str, fraction: float
) -> None:
    found = progress(STEP | changed)
    assert (found.words, found.fraction) == (words, fraction)


def test_sentence_without_end_is_cut() -> None:
    assert len(progress(STEP | {"step": "x" * 100_000}).words) < 500


NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("standing", "line"),
    [
        (
            Standing("hub", "Hugging Face", "fresh", datetime(2026, 11, 25, 14, 5, tzinfo=UTC)),
            "Hugging Face: fresh, read today 14:05 UTC",
        ),
        (
            Standing("yahoo", "Yahoo", "fresh", datetime(2026, 11, 24, 22, 5, tzinfo=UTC)),
            "Yahoo: fresh, read 24 November 2026, 22:05 UTC",
        ),
        (
            Standing("yahoo", "Yahoo", "old", date(2026, 8, 20)),
            "Yahoo: from 20 August 2026",
        ),
        (Standing("yahoo", "Yahoo", "never", None), "Yahoo: nothing read yet"),
        (
            Standing("hub", "Hugging Face", "failed", NOW, "Hugging Face does not answer."),
            "Hugging Face: failed today 15:00 UTC. Hugging Face does not answer.",
        ),
        (
            Standing("yahoo", "Yahoo", "failed", NOW, "It is silent.", date(2026, 8, 20)),
            "Yahoo: failed today 15:00 UTC. It is silent. Its figures are from 20 August 2026.",
        ),
    ],
)
def test_how_a_source_stands_in_a_line(standing: Standing, line: str) -> None:
    assert stands(standing, NOW) == line


def test_moment_of_another_day_has_its_day() -> None:
    assert moment(datetime(2026, 11, 25, 14, 5, tzinfo=UTC), NOW) == "14:05 UTC"
    assert moment(datetime(2026, 11, 24, 14, 5, tzinfo=UTC), NOW) == "24 November 2026, 14:05 UTC"


def test_where_own_readings_are_kept() -> None:
    assert kept("me/history") == "New readings are also kept in the dataset me/history on the Hub."
    assert "emptied at every restart and they are lost" in kept("")

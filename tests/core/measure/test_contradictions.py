"""Published figures that contradict each other."""

from __future__ import annotations

from core.measure.contradictions import contradictions, flagged, who_counts
from core.measure.milestones import of_family
from core.schemas import ARTEFACTS, MILESTONES
from tests.core.measure.claim_figures import rows


def row(as_of: str, value: float, source: str, **more: object) -> dict[str, object]:
    return {
        "as_of": as_of,
        "family": "Qwen",
        "subject": "Qwen",
        "metric": "cumulative_downloads",
        "value": value,
        "unit": "downloads",
        "source_name": source,
        "note": "",
    } | more


def test_pairs_close_in_time_that_differ_by_a_tenth() -> None:
    figures = of_family(
        rows(
            MILESTONES,
            row("2026-01-13", 700.0, "Xinhua", note="supplied by the Qwen team"),
            row("2026-01", 1000.0, "ATOM Report"),
            row("2026-01-20", 720.0, "Near enough"),
            row("2026-01-14", 900.0, "Xinhua"),
            row("2026-08", 2000.0, "Much later"),
            row("2026-01-13", 5.0, "Other", subject="Qwen3"),
        ),
        "Qwen",
    )
    found = contradictions(figures)
    pairs = {frozenset((one["first_by"], one["second_by"])) for _, one in found.iterrows()}
    assert pairs == {
        frozenset(("Xinhua", "ATOM Report")),
        frozenset(("Near enough", "ATOM Report")),
        frozenset(("Near enough", "Xinhua")),
    }
    assert found["times"].iloc[0] == 1000 / 700
    assert "what the maker itself counts" in found["reason"].iloc[0]
    assert "ATOM Project tracks" in found["reason"].iloc[0]


def test_figures_that_stand_out_are_kept_and_labelled() -> None:
    figures = of_family(
        rows(
            MILESTONES,
            row("2025-09-24", 600.0, "A"),
            row("2025-11", 385.0, "B"),
            row("2026-05-07", 187.0, "C", subject="Qwen3-VL", metric="monthly_downloads"),
        ),
        "Qwen",
    )
    artefacts = rows(
        ARTEFACTS,
        {
            "start": figures["last_day"].min().date(),
            "end": figures["last_day"].max().date(),
            "kind": "outlier",
            "scope": "Qwen/Qwen3-VL",
        },
    )
    said = dict(zip(figures["source_name"], flagged(figures, artefacts), strict=True))
    assert said["A"] == ""
    assert "below an earlier figure" in said["B"]
    assert "outlier" in said["C"]
    assert len(said) == len(figures) == 3


def test_who_counts_is_told_from_the_publishers_own_words() -> None:
    assert "Project tracks" in who_counts("Lambert, CSET slides", "ATOM tracker", "downloads")
    assert "other platforms" in who_counts("Digest", "Hugging Face and Kaggle together", "")
    assert "not stated" in who_counts("Somebody", "", "downloads")

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.measure.artefacts import touching

if TYPE_CHECKING:
    from core.ui.site import Site

ARTEFACTS = pd.DataFrame(
    [
        ("over before", "2026-01-01", "2026-01-09", "counter"),
        ("ends on the first day", "2026-01-01", "2026-01-10", "counter"),
        ("within", "2026-01-12", "2026-01-13", "counter"),
        ("all around", "2026-01-01", "2026-02-01", "counter"),
        ("starts on the last day", "2026-01-20", "2026-01-25", "counter"),
        ("only after", "2026-01-21", "2026-01-25", "counter"),
        ("another scope", "2026-01-12", "2026-01-13", "history"),
        ("a model", "2026-01-12", "2026-01-12", "alpha/x"),
        ("open, began before", "2026-01-09", None, "counter"),
        ("open, begins on the first day", "2026-01-10", None, "counter"),
        ("open, begins within", "2026-01-15", None, "counter"),
        ("open, begins after", "2026-01-21", None, "counter"),
    ],
    columns=["what", "start", "end", "scope"],
).astype({"start": "datetime64[ms]", "end": "datetime64[ms]"})


def found(scopes: list[str], start: str = "2026-01-10", end: str = "2026-01-20") -> list[str]:
    rows = touching(ARTEFACTS, scopes, pd.Timestamp(start), pd.Timestamp(end))
    return rows["what"].tolist()


def test_artefacts_that_lie_at_least_partly_in_the_period() -> None:
    assert found(["counter"]) == [
        "ends on the first day",
        "within",
        "all around",
        "starts on the last day",
        "open, begins on the first day",
        "open, begins within",
    ]


def test_only_the_scopes_that_are_drawn() -> None:
    assert found(["alpha/x", "beta/y"]) == ["a model"]
    assert found(["history", "alpha/x"]) == ["another scope", "a model"]
    assert found([]) == []


def test_a_single_day_is_a_period() -> None:
    day = "2026-01-12"
    assert found(["counter", "alpha/x"], day, day) == ["within", "all around", "a model"]


@pytest.mark.parametrize(
    ("day", "touched"), [("2026-04-14", 0), ("2026-04-15", 1), ("2026-05-26", 1), ("2026-05-27", 0)]
)
def test_known_outlier_touches_its_days_only(site: Site, day: str, touched: int) -> None:
    when = pd.Timestamp(day)
    rows = touching(site.artefacts, ["Qwen/Qwen3-VL-2B-Instruct"], when, when)
    assert len(rows) == touched


def test_rule_that_holds_since_last_year_is_not_shaded(site: Site) -> None:
    open_ended = site.artefacts[site.artefacts["end"].isna()]
    assert open_ended["scope"].tolist() == ["downloads_30d"]
    rows = touching(
        site.artefacts, ["downloads_30d"], pd.Timestamp("2026-03-21"), pd.Timestamp("2026-05-10")
    )
    assert rows.empty

"""Verdicts on histories of a few days, worked out by hand."""

from __future__ import annotations

from math import inf

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.measure import claims_terms as terms
from core.measure.bases import DERIVATIVES, NAMED, OFFICIAL, OFFICIAL_LEVEL, WITHOUT_BIGGEST
from core.measure.claims import (
    FAILS,
    HOLDS,
    NO_SOURCE,
    NOT_FOUND,
    OPINION,
    TURNS,
    UNTOLD,
    check,
)
from core.measure.claims_objections import objection
from core.measure.coverage import Coverage
from core.schemas import ARTEFACTS, EVENTS, LINKS, MODELS
from tests.core.measure.claim_figures import claim, figures, rows

# All-time counters at the end of 1, 2, 3, 4 and 5 December 2025.
WHOLE = {
    "Qwen": [1000, 1100, 1300, 1600, 2000],  # days bring 100, 200, 300, 400
    "Llama": [1500, 1560, 1620, 1680, 1740],  # 60 each
    "DeepSeek": [500, 530, 560, 590, 620],  # 30 each
    "GLM": [10, 20, 30, 40, 50],  # 10 each
}


@pytest.mark.parametrize(
    ("measure", "relation", "value", "period", "outcome"),
    [
        (terms.ALL_TIME, terms.MORE, 1299, "2025-12-03", HOLDS),
        (terms.ALL_TIME, terms.MORE, 1300, "2025-12-03", FAILS),
        (terms.ALL_TIME, terms.AT_LEAST, 1300, "2025-12-03", HOLDS),
        (terms.ALL_TIME, terms.LESS, 1300, "2025-12-03", FAILS),
        (terms.ALL_TIME, terms.SAYS, 1300, "2025-12-03", HOLDS),
        (terms.ALL_TIME, terms.SAYS, 1400, "2025-12-03", FAILS),
        (terms.ALL_TIME, terms.ABOUT, 1250, "2025-12-03", HOLDS),
        (terms.ALL_TIME, terms.NEARLY, 1350, "2025-12-03", HOLDS),
        (terms.ALL_TIME, terms.NEARLY, 1250, "2025-12-03", FAILS),
        # 2, 3 and 4 December bring 100 + 200 + 300.
        (terms.PERIOD, terms.SAYS, 600, "2025-12-02..2025-12-04", HOLDS),
        (terms.PERIOD, terms.MORE, 600, "2025-12-02..2025-12-04", FAILS),
        (terms.PERIOD, terms.SAYS, 400, "2025-12-05", HOLDS),
        # Qwen's 600 among 600 + 180 + 90 + 30 = 900.
        (terms.SHARE, terms.SAYS, 66.7, "2025-12-02..2025-12-04", HOLDS),
        (terms.SHARE, terms.MORE, 67, "2025-12-02..2025-12-04", FAILS),
        (terms.RANK, terms.SAYS, 1, "2025-12-02..2025-12-04", HOLDS),
        (terms.RANK, terms.SAYS, 2, "2025-12-02..2025-12-04", FAILS),
    ],
)
def test_verdict_of_a_known_history(
    measure: str, relation: str, value: float, period: str, outcome: str
) -> None:
    verdict = check(claim(measure, relation, value, period=period), figures({OFFICIAL: WHOLE}))
    assert verdict.outcome == outcome


def test_more_than_the_next_families_together() -> None:
    held = figures({OFFICIAL: WHOLE})
    # 600 against 180 + 90 = 270, and against 180 + 90 + 30 = 300.
    for number, times in ((2, 600 / 270), (3, 2.0)):
        verdict = check(claim(terms.PERIOD, terms.MORE, 1, next_families=number), held)
        assert verdict.outcome == HOLDS
        assert verdict.best is not None
        assert verdict.best.figure.low == verdict.best.figure.high == pytest.approx(times)
    assert [name for name, _ in verdict.best.parts] == ["Qwen", "Llama", "DeepSeek", "GLM"]
    twice = claim(terms.PERIOD, terms.MORE, 2, next_families=3)
    assert check(twice, held).outcome == FAILS
    named = claim(terms.PERIOD, terms.LESS, 1, subject="Llama", against=("Qwen", "GLM"))
    assert check(named, held).outcome == HOLDS


def test_month_of_overtaking_is_that_of_the_first_day_ahead() -> None:
    december = float(terms.month_number(pd.Timestamp("2025-12-05")))
    held = figures({OFFICIAL: WHOLE})  # 1600 against 1680 on the 4th, 2000 against 1740 on the 5th
    for month, outcome in ((december, HOLDS), (december - 1, FAILS)):
        said = claim(terms.CROSSING, terms.SAYS, month, against=("Llama",), period="")
        assert check(said, held).outcome == outcome
    never = claim(terms.CROSSING, terms.SAYS, december - 2, subject="GLM", against=("Llama",))
    verdict = check(never, held)
    assert verdict.outcome == FAILS
    assert "was not ahead" in verdict.ways[0].figure.lacks


def test_claim_that_turns_on_the_basis() -> None:
    broad = {name: [2 * value for value in values] for name, values in WHOLE.items()}
    held = figures({OFFICIAL: WHOLE, DERIVATIVES: broad})
    verdict = check(claim(terms.ALL_TIME, terms.MORE, 2000, period="2025-12-03"), held)
    assert verdict.outcome == TURNS
    answers = {way.key: way.outcome for way in verdict.settled}
    assert answers == {OFFICIAL: False, DERIVATIVES: True}
    alone = claim(terms.ALL_TIME, terms.MORE, 2000, period="2025-12-03")
    assert check(alone, held, OFFICIAL).outcome == FAILS
    assert check(alone, held, NAMED).outcome == UNTOLD
    assert check(alone, held, NAMED).needs == (OFFICIAL_LEVEL,)


def test_without_the_biggest_model_is_a_basis_of_its_own() -> None:
    models = {"Qwen/big": [800, 890, 1080, 1370, 1760], "Qwen/small": [200, 210, 220, 230, 240]}
    held = figures({OFFICIAL: WHOLE}, models_daily=models)
    verdict = check(claim(terms.PERIOD, terms.MORE, 500), held)
    by_key = {way.key: way for way in verdict.ways}
    assert by_key[WITHOUT_BIGGEST].figure.value == 30
    assert verdict.outcome == TURNS
    own = claim(terms.PERIOD, terms.SAYS, 30, subject="Qwen/small")
    assert check(own, held).outcome == HOLDS


def test_a_gap_leaves_a_least_and_a_most() -> None:
    # The counter of the 3rd is missing: the 4th's figure covers two days, 500 together.
    gap = {**WHOLE, "Qwen": [1000, 1100, None, 1600, 2000]}
    held = figures({OFFICIAL: gap})
    whole = check(claim(terms.PERIOD, terms.SAYS, 600), held)
    assert whole.outcome == HOLDS  # from the 2nd to the 4th nothing is cut
    cut = claim(terms.PERIOD, terms.MORE, 350, period="2025-12-02..2025-12-03")
    figure = check(cut, held).ways[0].figure
    assert (figure.low, figure.high) == (100, 600)
    assert check(cut, held).outcome == UNTOLD
    sure = claim(terms.PERIOD, terms.MORE, 90, period="2025-12-02..2025-12-03")
    assert check(sure, held).outcome == HOLDS
    beyond = claim(terms.PERIOD, terms.MORE, 601, period="2025-12-02..2025-12-03")
    assert check(beyond, held).outcome == FAILS
    # Of the total on the 3rd it is known that it lies between its neighbours.
    for value, outcome in ((1050, HOLDS), (1700, FAILS), (1300, UNTOLD)):
        said = claim(terms.ALL_TIME, terms.MORE, value, period="2025-12-03")
        assert check(said, held).outcome == outcome


def test_days_outside_the_history_are_not_none() -> None:
    held = figures({OFFICIAL: WHOLE})
    least = check(claim(terms.PERIOD, terms.MORE, 900, period="2025-12"), held)
    assert least.outcome == HOLDS  # 1,000 are sure, the rest of the month is not known
    assert least.ways[0].figure.high == inf
    assert check(claim(terms.PERIOD, terms.LESS, 5000, period="2025-12"), held).outcome == UNTOLD
    before = check(claim(terms.ALL_TIME, terms.MORE, 1, period="2024-08-29"), held)
    assert before.outcome == UNTOLD
    assert "2025-12-02" in before.ways[0].figure.lacks


def test_who_counts_other_places_too_is_not_refuted_by_the_hub() -> None:
    held = figures({OFFICIAL: WHOLE})
    for value, outcome in ((1200, HOLDS), (5000, UNTOLD)):
        said = claim(terms.ALL_TIME, terms.MORE, value, period="2025-12-03", basis=terms.BEYOND)
        assert check(said, held).outcome == outcome
    fewer = claim(terms.ALL_TIME, terms.LESS, 1000, period="2025-12-03", basis=terms.BEYOND)
    assert check(fewer, held).outcome == FAILS


def test_a_counter_of_30_days_never_settles_a_total() -> None:
    day = pd.Timestamp("2025-12-03")
    row = {"day": day, "family": "Qwen", "model_id": "Qwen/1", "downloads": 9999, "source": "hand"}
    held = figures(official=pd.DataFrame([row]))
    for measure in (terms.ALL_TIME, terms.PERIOD, terms.RANK, terms.SHARE):
        verdict = check(claim(measure, terms.AT_LEAST, 1), held)
        assert verdict.outcome == UNTOLD
        assert not any(way.figure.known for way in verdict.ways)
    counter = claim(terms.COUNTER, terms.SAYS, 9999, subject="Qwen/1", period="2025-12-03")
    assert check(counter, held).outcome == HOLDS
    other_day = claim(terms.COUNTER, terms.SAYS, 9999, subject="Qwen/1", period="2025-12-04")
    assert check(other_day, held).outcome == UNTOLD
    family = claim(terms.COUNTER, terms.LESS, 20_000, period="2025-12-03")
    assert check(family, held).outcome == UNTOLD  # the day's list need not have all its models


def test_declared_links_are_a_least_until_all_have_been_asked() -> None:
    seen = pd.Timestamp("2025-11-01").date()
    links = rows(
        LINKS,
        *(
            {"child": f"x/{n}", "parent": "Qwen/1", "relation": "finetune", "seen_on": seen}
            for n in range(3)
        ),
        {"child": "y/1", "parent": "x/0", "relation": "merge", "seen_on": seen},
    )
    day = "2026-11-20"
    few, many, exact = (
        claim(terms.DERIVATIVES, terms.MORE, 3, period=day),
        claim(terms.DERIVATIVES, terms.MORE, 100_000, period=day),
        claim(terms.DERIVATIVES, terms.SAYS, 4, period=day),
    )
    sample = figures(links=links)
    assert [check(one, sample).outcome for one in (few, many, exact)] == [HOLDS, UNTOLD, UNTOLD]
    asked = Coverage(1, 1, 4, 4, pd.Timestamp("2026-11-22"))
    complete = figures(links=links, coverage=asked)
    assert [check(one, complete).outcome for one in (few, many, exact)] == [HOLDS, FAILS, HOLDS]
    long_ago = claim(terms.DERIVATIVES, terms.MORE, 0, period="2025-06-01")
    assert check(long_ago, complete).outcome == UNTOLD


def test_change_of_a_share_from_close_to_close() -> None:
    sessions = pd.to_datetime(["2026-01-08", "2026-01-09", "2026-01-12", "2026-01-13"])
    levels = pd.DataFrame(
        {"ticker": "BABA", "session": sessions, "level": [100.0, 100.0, 110.17, 99.153]}
    ).assign(source="hand")
    held = figures(levels=levels)
    jump = {"subject": "BABA", "period": "2026-01-12"}
    assert check(claim(terms.PRICE, terms.SAYS, 10.2, **jump), held).outcome == HOLDS
    fall = {"subject": "BABA", "period": "2026-01-13"}
    assert check(claim(terms.PRICE, terms.SAYS, -10.0, **fall), held).outcome == HOLDS
    # 165.68 / 150.96 - 1 = 9.75 %: during trading it fits, at the close it does not.
    named = check(claim(terms.PRICE, terms.NEARLY, 9.8, price=165.68, **jump), held)
    assert named.outcome == TURNS
    assert [way.outcome for way in named.ways] == [False, True]
    assert named.ways[1].figure.low == pytest.approx(9.7509, abs=1e-4)
    moment = claim(terms.PRICE, terms.SAYS, 9.8, unit="% intraday", **jump)
    assert check(moment, held).outcome == UNTOLD
    sunday = claim(terms.PRICE, terms.SAYS, 1, subject="BABA", period="2026-01-11")
    assert check(sunday, held).outcome == UNTOLD


def test_what_no_figure_can_settle() -> None:
    held = figures(
        models=rows(MODELS, {"model_id": "DeepSeek/R1", "family": "DeepSeek"}),
        events=rows(EVENTS, {"subject": "DeepSeek", "title": "DeepSeek-R1 and six models"}),
    )
    for kind, outcome in (("opinion", OPINION), ("no public source", NO_SOURCE)):
        verdict = check(claim("", "", 0, kind=kind, why="Because."), held)
        assert (verdict.outcome, verdict.reason) == (outcome, "Because.")
    missing = {"kind": "not found", "subject": "DeepSeek", "why": "None is."}
    assert check(claim("", "", 0, word="R3", **missing), held).outcome == NOT_FOUND
    assert check(claim("", "", 0, word="R1", **missing), held).outcome == UNTOLD


def test_artefacts_inside_the_dates_are_named() -> None:
    day = pd.Timestamp("2025-12-03").date()
    artefacts = rows(
        ARTEFACTS,
        {"start": day, "end": day, "kind": "catch-up", "scope": "downloads_all_time"},
        {"start": pd.Timestamp("2026-01-01").date(), "kind": "gap", "scope": "history"},
    )
    verdict = check(claim(terms.PERIOD, terms.MORE, 1), figures(artefacts=artefacts))
    assert verdict.artefacts["kind"].tolist() == ["catch-up"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"subject": ""}, "names no family"),
        ({"period": "nonsense"}, "no dates that can be understood"),
        ({"period": "2026-07..2026-01"}, "no dates that can be understood"),
        ({"period": "2026-12"}, "have not come yet"),
        ({"against": ("Qwen",)}, "set against itself"),
        ({"against": ("Falcon",)}, "does not follow Falcon"),
        ({"next_families": 9}, "There are no 9 families beside Qwen"),
        ({"measure": terms.RANK, "value": 0.5}, "whole number"),
        ({"measure": terms.SHARE, "value": 101}, "between 0 and 100"),
        ({"measure": terms.CROSSING}, "no other family"),
        ({"measure": terms.PRICE}, "No listed share"),
        ({"value": -1}, "not below zero"),
    ],
)
def test_what_cannot_be_a_claim_is_said_in_a_sentence(more: dict[str, object], said: str) -> None:
    held = figures({OFFICIAL: WHOLE})
    made = claim(terms.PERIOD, terms.MORE, 1)
    odd = type(made)(**(vars(made) | more))
    assert said in objection(odd, held)
    verdict = check(odd, held)
    assert (verdict.outcome, verdict.ways) == (UNTOLD, ())


counter = st.lists(st.integers(0, 500), min_size=4, max_size=4)


@settings(max_examples=20)
@given(
    days=st.fixed_dictionaries(dict.fromkeys(WHOLE, counter)),
    missing=st.sets(st.integers(1, 3), max_size=2),
    relation=st.sampled_from(terms.RELATIONS),
    value=st.integers(0, 1500),
    measure=st.sampled_from([terms.ALL_TIME, terms.PERIOD, terms.SHARE, terms.RANK]),
)
def test_a_verdict_never_contradicts_its_own_figures(
    days: dict[str, list[int]], missing: set[int], relation: str, value: int, measure: str
) -> None:
    counters: dict[str, list[int | None]] = {}
    for name, figures_of in days.items():
        sums: list[int | None] = [100]
        for figure in figures_of:
            sums.append((sums[-1] or 0) + figure)
        counters[name] = sums
    truth = {name: values[3] - values[1] for name, values in counters.items()}  # type: ignore[operator]
    holed = {
        name: [None if at in missing else one for at, one in enumerate(values)]
        for name, values in counters.items()
    }
    value = {terms.SHARE: value % 100, terms.RANK: 1 + value % 4}.get(measure, value)
    period = "2025-12-03..2025-12-04"
    said = claim(measure, relation, value, period=period)
    verdict = check(said, figures({OFFICIAL: holed}))
    everyone = sum(truth.values())
    real: float = {
        terms.ALL_TIME: float(counters["Qwen"][2] or 0),  # somewhere in the days: the first is one
        terms.PERIOD: truth["Qwen"],
        terms.SHARE: 100 * truth["Qwen"] / everyone if everyone else 0.0,
        terms.RANK: 1 + sum(other > truth["Qwen"] for other in truth.values()),
    }[measure]
    band = terms.band(relation, value, whole=measure == terms.RANK)
    for way in verdict.ways:
        figure = way.figure
        if figure.known:
            assert figure.low - 1e-9 <= real <= figure.high + 1e-9
        if way.outcome is not None and not (measure == terms.ALL_TIME and missing):
            assert band.has(figure.low) == band.has(figure.high) == way.outcome
    if verdict.outcome == HOLDS:
        assert band.has(real)
    if verdict.outcome == FAILS:
        assert not band.has(real)

"""Claims and verdicts in words, and the chart they are drawn in."""

from __future__ import annotations

import pandas as pd
import pytest

from core.draw import claims as said
from core.draw.claims_chart import chart_data, claim_chart
from core.draw.claims_over_time import measured_lines, over_time
from core.draw.claims_steps import steps as steps_of
from core.draw.claims_truth import truth_rows, truth_sentence
from core.measure import claims_terms as terms
from core.measure.bases import DERIVATIVES, OFFICIAL
from core.measure.claims import check
from core.schemas import MILESTONES
from tests.core.measure.claim_figures import FIRST, claim, figures, rows

WHOLE = {"Qwen": [1000, 1100, 1300], "Llama": [1500, 1560, 1620]}


@pytest.mark.parametrize(
    ("measure", "relation", "value", "words"),
    [
        (terms.ALL_TIME, terms.MORE, 700e6, "more than 700.0 million downloads"),
        (terms.ALL_TIME, terms.SAYS, 1.2e9, "1.20 billion downloads"),
        (terms.DERIVATIVES, terms.MORE, 1e5, "more than 100,000 models"),
        (terms.PRICE, terms.NEARLY, 9.8, "nearly +9.8%"),
        (terms.SHARE, terms.AT_LEAST, 44.6, "at least 44.6%"),
        (terms.RANK, terms.SAYS, 1, "place 1"),
        (terms.CROSSING, terms.SAYS, 24308, "September 2025"),
    ],
)
def test_claimed_figure_in_words(measure: str, relation: str, value: float, words: str) -> None:
    assert said.claimed(claim(measure, relation, value)) == words


def test_comparisons_in_words() -> None:
    eight = claim(terms.PERIOD, terms.MORE, 1, next_families=8)
    assert said.claimed(eight) == "more than the next 8 families together"
    twice = claim(terms.PERIOD, terms.ABOUT, 2.2, against=("Llama", "GLM"))
    assert said.claimed(twice) == "about 2.20 times those of Llama and GLM together"


def test_headline_counts_every_verdict_once() -> None:
    held = figures({OFFICIAL: WHOLE})
    day = {"period": "2025-12-02"}
    every = [
        check(claim(terms.ALL_TIME, terms.MORE, 1, **day), held),
        check(claim(terms.ALL_TIME, terms.LESS, 1, **day), held),
        check(claim(terms.ALL_TIME, terms.MORE, 1, period="2024"), held),
        check(claim("", "", 0, kind="opinion"), held),
    ]
    assert said.headline(every) == (
        "Of 4 published claims, 1 holds, 1 does not, 1 cannot be told and 1 is an opinion."
    )
    assert truth_sentence(every[:3]) == (
        "Of 3 published figures the loaded data settle 2: 1 hold and 1 do not. The other 1 cannot "
        "be told from them."
    )
    rows_of_truth = truth_rows(every[:2])
    assert rows_of_truth["measured"].tolist() == ["1,100 downloads", "1,100 downloads"]
    assert rows_of_truth["reason"].str.contains("within|outside").all()


def test_sentence_and_steps_name_figures_dates_and_tolerance() -> None:
    held = figures({OFFICIAL: WHOLE, DERIVATIVES: {"Qwen": [2000, 2200, 2600]}})
    verdict = check(claim(terms.ALL_TIME, terms.MORE, 2000, period="2025-12-02"), held)
    sentence = said.sentence(verdict)
    assert "It holds for “Official models and derivatives” (2,200 downloads)." in sentence
    assert "It does not for “Official models only” (1,100 downloads)." in sentence
    steps = " ".join(steps_of(verdict))
    assert "as of 2 December 2025" in steps
    assert "“More than” is taken at its word: above 2,000 downloads." in steps
    assert "Our data are of 2 December 2025." in steps
    quote = said.citation(verdict, "https://example.org/claims", pd.Timestamp("2026-11-25"))
    for part in ("“A sentence.”", "Holds only on some bases", "25 November 2026", "example.org"):
        assert part in quote


def test_nothing_is_drawn_where_nothing_is_known() -> None:
    verdict = check(claim(terms.ALL_TIME, terms.MORE, 7e8), figures())
    data = chart_data(verdict, rows(MILESTONES), "#112233")
    assert data["rows"].empty
    assert "30-day counters at hand are not used" in " ".join(steps_of(verdict))


def test_chart_has_a_row_for_every_known_way_and_for_what_others_published() -> None:
    published = rows(
        MILESTONES,
        {
            "as_of": "2026-01",
            "subject": "Qwen",
            "metric": "cumulative_downloads",
            "value": 5000.0,
            "source_name": "Somebody",
        },
        {"as_of": "2026-01", "subject": "Llama", "metric": "cumulative_downloads", "value": 1.0},
    )
    held = figures({OFFICIAL: WHOLE})
    verdict = check(claim(terms.ALL_TIME, terms.MORE, 900, period="2025-12"), held)
    data = chart_data(verdict, published, "#112233")
    assert data["rows"]["label"].tolist() == ["Published: 5,000, Somebody, 2026-01"]
    day = check(claim(terms.ALL_TIME, terms.MORE, 900, period="2025-12-02"), held)
    drawn = chart_data(day, published, "#112233")["rows"]
    assert drawn["label"].tolist()[0] == "Official models only: 1,100 downloads"
    assert drawn["dot"].tolist() == [1100, 5000]
    assert not drawn["open"].any()


def test_a_least_is_drawn_open_to_the_edge_and_the_claim_across() -> None:
    held = figures({OFFICIAL: WHOLE})
    verdict = check(claim(terms.PERIOD, terms.MORE, 900, period="2025-12"), held)
    data = chart_data(verdict, rows(MILESTONES), "#112233")
    (row,) = data["rows"].to_dict("records")
    assert (row["from"], row["open"]) == (300, True)  # 100 + 200 are sure
    assert row["to"] == data["claimed"]["to"].iloc[0] > 900
    assert data["claimed"]["value"].tolist() == [900]


def test_specifications_name_their_data() -> None:
    spec = claim_chart(2, months=False, signed=False)
    assert spec is claim_chart(2, months=False, signed=False)
    names = {layer["data"]["name"] for layer in spec["layer"]}
    assert names == {"rows", "claimed"}
    assert {layer["data"]["name"] for layer in over_time("#112233", "x", ("A",))["layer"]} == {
        "rows",
        "lines",
    }


def test_measured_line_never_crosses_a_gap() -> None:
    gap = {"Qwen": [10, 20, 30, None, 50, 60]}
    lines = measured_lines(figures({OFFICIAL: gap}).histories, "Qwen")
    assert lines["value"].tolist() == [20, 30, 50, 60]
    assert lines["segment"].tolist() == [0, 0, 1, 1]
    assert pd.Timestamp(lines["day"].iloc[0]) == FIRST + pd.Timedelta(days=1)
    assert lines["basis"].eq("Official models only").all()


def test_axis_of_months_reaches_two_months_beyond_either_side() -> None:
    held = figures({OFFICIAL: {"Qwen": [10, 20, 40], "Llama": [15, 25, 35]}})
    said_in = claim(terms.CROSSING, terms.SAYS, 24308, against=("Llama",), period="")
    mark = chart_data(check(said_in, held), rows(MILESTONES), "#112233")["claimed"]
    # Claimed is September 2025 (24308), measured December 2025 (24311).
    assert (mark["first"].iloc[0], mark["last"].iloc[0]) == (24306, 24313)

"""Published figures as claims: which the tables reach, and why not the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.measure import claims_terms as terms
from core.measure.claims_published import NEXT_EIGHT, from_milestones
from core.schemas import MILESTONES
from core.ui.claims_data import figures as of_site
from tests.core.measure.claim_figures import figures, rows
from tests.independent import rows as csv_rows

if TYPE_CHECKING:
    from core.schemas import Claim
    from core.ui.site import Site


def made(**more: object) -> Claim:
    row = {
        "as_of": "2025-12",
        "reported_on": "2026-01-13",
        "family": "Qwen",
        "subject": "Qwen",
        "metric": "cumulative_downloads",
        "value": 700e6,
        "value_text": "700000000",
        "unit": "downloads",
        "source_name": "Xinhua",
        "source_url": "https://example.org",
    }
    (claim,) = from_milestones(figures(milestones=rows(MILESTONES, row | more)))
    return claim


@pytest.mark.parametrize(
    ("more", "measure", "relation", "period"),
    [
        ({}, terms.ALL_TIME, terms.SAYS, "2025-12"),
        ({"unit": "downloads (more than)"}, terms.ALL_TIME, terms.MORE, "2025-12"),
        (
            {"metric": "derivative_count", "unit": "models"},
            terms.DERIVATIVES,
            terms.SAYS,
            "2025-12",
        ),
        (
            {"metric": "downloads_in_period", "unit": "downloads, January to July 2026"},
            terms.PERIOD,
            terms.SAYS,
            "2026-01..2026-07",
        ),
        (
            {"metric": "downloads_in_period", "unit": "downloads, August 2025 to March 2026"},
            terms.PERIOD,
            terms.SAYS,
            "2025-08..2026-03",
        ),
        (
            {"metric": "monthly_downloads", "as_of": "2024-08-29"},
            terms.PERIOD,
            terms.SAYS,
            "2024-07-31..2024-08-29",
        ),
        (
            {
                "metric": "monthly_downloads",
                "as_of": "2026-05-10",
                "unit": "downloads, trailing 30 days",
            },
            terms.COUNTER,
            terms.SAYS,
            "2026-05-10",
        ),
    ],
)
def test_figure_becomes_a_claim(
    more: dict[str, object], measure: str, relation: str, period: str
) -> None:
    claim = made(**more)
    assert (claim.measure, claim.relation, claim.period) == (measure, relation, period)
    assert (claim.subject, claim.value, claim.why) == ("Qwen", 700e6, "")


def test_figure_of_more_than_the_hub_is_marked_so() -> None:
    assert made(note="Hugging Face and Kaggle together").basis == terms.BEYOND
    assert made(note="Said to be Hugging Face alone").basis == ""


def test_comparisons_and_shares() -> None:
    eight = made(
        metric="monthly_downloads_ratio",
        subject="Qwen vs next eight",
        value=1.0,
        value_text="1",
        unit="times (greater than)",
    )
    assert (eight.measure, eight.relation, eight.value) == (terms.PERIOD, terms.MORE, 1.0)
    assert eight.against == NEXT_EIGHT
    month = made(
        metric="crossover_month",
        subject="Qwen vs Llama",
        value=None,
        value_text="2025-09",
        unit="month",
    )
    assert (month.measure, month.value, month.against) == (terms.CROSSING, 24308.0, ("Llama",))
    share = made(
        metric="share_price_change", subject="Alibaba (BABA)", value=9.8, unit="% intraday"
    )
    assert (share.measure, share.subject) == (terms.PRICE, "BABA")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"subject": "Qwen3"}, "a part of the family"),
        ({"subject": "China"}, "none of the families"),
        ({"metric": "share_of_downloads"}, "the whole is not in its tables"),
        ({"metric": "user_count"}, "A download is not a user"),
        ({"metric": "something new"}, "what no table of the site counts"),
        ({"value": None, "value_text": "many"}, "no number"),
        ({"metric": "downloads_in_period", "unit": "downloads"}, "not stated"),
        ({"metric": "downloads_first_week"}, "day of release"),
    ],
)
def test_figure_out_of_reach_says_why(more: dict[str, object], why: str) -> None:
    claim = made(**more)
    assert claim.measure == ""
    assert why in claim.why


def test_every_published_figure_becomes_one_claim(site: Site) -> None:
    found = from_milestones(of_site(site))
    assert len(found) == len(csv_rows("milestones")) == 131
    assert all(bool(claim.measure) != bool(claim.why) for claim in found)

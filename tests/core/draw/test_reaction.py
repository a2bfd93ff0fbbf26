"""Sentences and charts of the reaction page, from studies written by hand."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pandas as pd
import pytest

from core.draw import reaction as draw
from core.draw import reaction_headlines as headlines
from core.errors import NothingToShow
from core.measure.event_reactions import EventReactions, MeanReaction
from core.measure.event_study import MARKET_ADJUSTED, MARKET_MODEL, EventStudy
from core.measure.events import InView
from core.measure.reaction import Reaction

DAY = pd.Timestamp("2026-01-12")
FUNDS = (("market", "SPY"), ("sector", "KWEB"))
ONE = EventStudy(
    model=MARKET_MODEL,
    raw_return=log(1.102),
    benchmark_return=log(1.051),
    abnormal_return=log(1.098),
    standard_error=0.03,
    t=3.1,
    freedom=248,
    alpha=0.0,
    beta=1.0,
    r_squared=0.5,
    placebo=np.linspace(-0.1, 0.1, 250),
    placebo_count=3,
    window=(0, 0),
    day=DAY,
    estimation_dates=(DAY, DAY),
    window_dates=(DAY, DAY),
    sessions=250,
    skipped=0,
    splits=(),
)
OTHER = replace(ONE, abnormal_return=log(1.033), placebo_count=11)


def reaction(raw: float, **studies: EventStudy) -> Reaction:
    return Reaction("BABA", DAY, (0, 0), (DAY, DAY), log(raw), FUNDS, studies, {})


def test_headline_of_a_rise_beyond_both() -> None:
    assert headlines.headline(reaction(1.102, market=ONE, sector=OTHER), "Alibaba") == (
        "Alibaba rose 10.2% on 12 January 2026; shares of Chinese internet companies as a whole "
        "rose 5.1%. Alibaba's own rise was 9.8% beyond what the whole market explains: a surprise "
        "this large came on 3 of 250 ordinary days. It was 3.3% beyond what its sector explains: "
        "11 of 250 ordinary days."
    )


@pytest.mark.parametrize(
    ("raw", "own", "said"),
    [
        (0.98, 0.97, "Alibaba's own fall was 3.0% beyond what the whole market explains"),
        (0.98, 0.97, "fell 2.0% on 12 January 2026; the US market as a whole rose 5.1%."),
        (0.98, 1.01, "The share did 1.0% better than the whole market explains"),
        (1.02, 0.99, "The share did 1.0% worse than the whole market explains"),
        (1.0, 0.99, "Alibaba did not move on 12 January 2026"),
    ],
)
def test_headline_of_other_days(raw: float, own: float, said: str) -> None:
    found = reaction(raw, market=replace(ONE, abnormal_return=log(own)))
    assert said in headlines.headline(found, "Alibaba")


def test_headline_without_a_comparison_is_the_move_alone() -> None:
    assert headlines.headline(reaction(0.5), "Alibaba") == (
        "Alibaba fell 50.0% on 12 January 2026."
    )


def test_rare_in_words() -> None:
    assert headlines.rare(replace(ONE, placebo_count=0)) == "none of 250 ordinary days"
    longer = replace(ONE, window=(-1, 1), placebo=np.zeros(248))
    assert headlines.rare(longer) == "3 of 248 ordinary stretches of 3 sessions"


def test_window_of_several_sessions_is_named() -> None:
    found = replace(
        reaction(1.1, market=replace(ONE, window=(0, 1))),
        window=(0, 1),
        window_dates=(DAY, DAY + pd.Timedelta(days=1)),
    )
    said = headlines.headline(found, "Alibaba")
    assert said.startswith("Alibaba rose 10.0% over 2 sessions, 12 January 2026 to 13 January 2026")


def test_cautions_name_everything_that_is_not_as_it_seems() -> None:
    odd = replace(ONE, model=MARKET_ADJUSTED, sessions=111, skipped=2, splits=(DAY,))
    found = replace(
        reaction(1.1, sector=odd), refused={"market": NothingToShow("No prices of SPY.")}
    )
    said = " ".join(headlines.cautions(found, "Alibaba"))
    assert "KWEB, the fund for its sector, holds about a tenth of its weight in Alibaba" in said
    assert "no comparison with the whole market (SPY). No prices of SPY." in said
    assert "Only 111 earlier sessions" in said
    assert "market-adjusted" in said
    assert "2 sessions in between are missing" in said
    assert "On 12 January 2026 the price changes by a whole factor" in said
    assert headlines.cautions(replace(reaction(1.1), benchmarks=()), "Alibaba") == [
        "No fund is known here that Alibaba could be compared with."
    ]


def test_mean_in_words() -> None:
    mean = MeanReaction(8, log(1.002), 0.01, 0.2, 5, 0.7266)
    assert headlines.launches(mean, "Alibaba", "market", "launches") == (
        "Around 8 launches, Alibaba did 0.2% better than the whole market explains, on average. "
        "It did better 5 times and worse 3 times; a fair coin is at least as one-sided in 73 of "
        "100 tries."
    )
    assert "no more than chance usually makes (t = 0.20" in headlines.mean_in_figures(mean)
    assert "is more than chance" in headlines.mean_in_figures(replace(mean, t=-2.5))
    alone = replace(mean, number=1, mean=log(0.97))
    assert "did 3.0% worse than" in headlines.launches(alone, "Alibaba", "sector", "launches")


def test_bars_of_the_days_around() -> None:
    frame = pd.DataFrame(
        {
            "session": [DAY, DAY + pd.Timedelta(days=1)],
            "relative": [0, 1],
            "raw": [log(1.1), log(0.9)],
            "market": [log(1.05), np.nan],
        }
    )
    data = draw.around_data(frame)
    told = data["rows"][["day", "what", "words"]].to_numpy().tolist()
    assert told == [
        ["2026-01-12", "The share itself", "+10.0%"],
        ["2026-01-12", "Beyond the whole market", "+5.0%"],
        ["2026-01-13", "The share itself", "−10.0%"],
    ]
    assert data["marked"]["day"].tolist() == ["2026-01-12"]


@pytest.mark.parametrize("own", [log(1.098), log(0.93), log(1.3), 1e-4])
def test_every_ordinary_day_is_in_one_bar_and_the_large_ones_are_coloured(own: float) -> None:
    random = np.random.default_rng(1)
    placebo = random.normal(0, 0.03, 250)
    one = replace(
        ONE, abnormal_return=own, placebo=placebo, placebo_count=int((abs(placebo) >= own).sum())
    )
    data = draw.ordinary_data(one)
    rows = data["rows"]
    large = rows["what"] == "at least as large"
    assert rows["count"].sum() == 250
    assert rows.loc[large, "count"].sum() == (abs(placebo) >= abs(own)).sum()
    assert (rows["top"] - rows["bottom"]).tolist() == rows["count"].tolist()
    assert rows["top"].max() < data["marked"]["ceiling"].item()
    assert data["marked"]["at"].item() == pytest.approx(100 * (np.exp(own) - 1))
    assert data["marked"]["align"].item() == ("right" if own > 0.08 else "left") or abs(own) < 0.08


def test_dots_of_events_and_the_mean_of_those_counted() -> None:
    days = [DAY, DAY, DAY + pd.Timedelta(days=1), DAY]
    frame = pd.DataFrame({"title": ["A", "<b>B</b>", "C", "D"]})
    events = InView(frame, np.arange(4), np.array(days, "datetime64[s]"), list("ABCD"))
    own = np.array([log(1.1), log(1.1), log(1.02), np.nan])
    errors = np.array([0.02, 0.02, 0.02, np.nan])
    refused, overlaps = ("", "", "", "Too few."), ("", "A", "", "")
    found = EventReactions(events, own, errors, own, own, own, refused, overlaps)
    data = draw.event_data(found, "#773EEA", left_out=True)
    every = draw.event_data(found, "#773EEA", left_out=False)
    assert every["rows"]["fill"].tolist() == ["#773EEA"] * 3
    assert every["mean"]["at"].item() == pytest.approx(100 * ((1.1**2 * 1.02) ** (1 / 3) - 1))
    assert data["rows"]["label"].tolist() == [
        "12 January 2026",
        "12 January 2026 (2)",
        "13 January 2026",
    ]
    assert data["rows"]["fill"].tolist() == ["#773EEA", "#FFFFFF", "#773EEA"]
    assert data["mean"]["at"].item() == pytest.approx(100 * (np.sqrt(1.1 * 1.02) - 1))


def test_specifications_hold_no_data_and_no_outside_text() -> None:
    for spec in (draw.around_days("#773EEA"), draw.ordinary_days(), draw.event_dots(3)):
        assert "datasets" not in spec
        for layer in spec["layer"]:
            assert set(layer["data"]) == {"name"}

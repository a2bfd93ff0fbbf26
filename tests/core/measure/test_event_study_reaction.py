"""A share beside market and sector, and several events at once."""

from __future__ import annotations

from math import comb, log, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from core.errors import NothingToShow
from core.measure import events as measure_events
from core.measure.event_reactions import event_reactions, mean_reaction, sign_share
from core.measure.event_study import study
from core.measure.overlay import levels as levels_of
from core.measure.reaction import (
    around,
    benchmarks,
    change,
    news_on,
    reaction,
    series_of,
)
from core.schemas import EVENTS, PRICES
from core.store.store import Store
from tests.independent import rows

STORE = Store(None)
LEVELS = levels_of(STORE.load(PRICES).frame)
FAMILIES = STORE.families()
EVERY = measure_events.named(STORE.load(EVENTS).frame, [family.name for family in FAMILIES])
DAY = pd.Timestamp("2026-01-12")
FUNDS = (("market", "SPY"), ("sector", "KWEB"))


def closes(ticker: str) -> dict[str, float]:
    return {r["session"]: float(r["index_100"]) for r in rows("prices") if r["ticker"] == ticker}


@pytest.mark.parametrize(
    ("ticker", "expected"),
    [
        ("BABA", FUNDS),
        ("META", (("market", "SPY"), ("sector", "QQQ"))),
        ("0700.HK", (("market", "2800.HK"), ("sector", "3033.HK"))),
        # Closes in Hong Kong, hours before the family's own funds in New York open.
        ("9988.HK", (("market", "2800.HK"), ("sector", "3033.HK"))),
    ],
)
def test_funds_that_close_together_with_the_share(
    ticker: str, expected: tuple[tuple[str, str], ...]
) -> None:
    assert benchmarks(ticker, FAMILIES) == expected


def test_no_fund_is_made_up() -> None:
    new_york = [family for family in FAMILIES if not family.market_benchmark.endswith(".HK")]
    assert benchmarks("9988.HK", new_york) == ()


def test_reaction_holds_both_studies_and_the_raw_change() -> None:
    found = reaction(LEVELS, "BABA", DAY, FUNDS, (0, 0))
    own = closes("BABA")
    assert change(found.raw_return) == pytest.approx(own["2026-01-12"] / own["2026-01-09"] - 1)
    assert found.studies["market"].abnormal_return == pytest.approx(0.0937, abs=5e-5)
    assert found.studies["sector"].abnormal_return == pytest.approx(0.0323, abs=5e-5)
    assert found.refused == {}


def test_missing_fund_is_told_and_the_rest_stays() -> None:
    found = reaction(LEVELS, "BABA", DAY, (("market", "SPY"), ("sector", "NONE")), (0, 0))
    assert set(found.studies) == {"market"}
    assert found.refused["sector"].sentence == "The data hold no prices of NONE."


def test_reaction_without_prices_is_refused() -> None:
    with pytest.raises(NothingToShow, match="no session of BABA on 2026-01-10"):
        reaction(LEVELS, "BABA", pd.Timestamp("2026-01-10"), FUNDS, (0, 0))
    with pytest.raises(NothingToShow, match="reaches beyond the prices"):
        reaction(LEVELS, "BABA", pd.Timestamp("2026-08-20"), FUNDS, (0, 1))
    with pytest.raises(NothingToShow, match="no session of NONE"):
        reaction(LEVELS, "NONE", DAY, FUNDS, (0, 0))


def test_days_around_follow_the_fit_of_the_day() -> None:
    found = reaction(LEVELS, "BABA", DAY, FUNDS, (0, 0))
    frame = around(LEVELS, found, 5)
    assert frame["relative"].tolist() == list(range(-5, 6))
    assert frame["session"].iloc[[0, 5, 10]].dt.strftime("%m-%d").tolist() == [
        "01-05",
        "01-12",
        "01-20",
    ]
    own, fund = closes("BABA"), closes("SPY")
    raw = log(own["2026-01-13"] / own["2026-01-12"])
    one = found.studies["market"]
    expected = one.alpha + one.beta * log(fund["2026-01-13"] / fund["2026-01-12"])
    assert frame["raw"].iloc[6] == pytest.approx(raw)
    assert frame["market"].iloc[6] == pytest.approx(raw - expected)
    assert frame["sector"].iloc[5] == pytest.approx(found.studies["sector"].abnormal_return)
    late = reaction(LEVELS, "BABA", pd.Timestamp("2026-08-20"), FUNDS, (0, 0))
    assert around(LEVELS, late, 5)["relative"].tolist() == [-5, -4, -3, -2, -1, 0]


def test_news_of_the_day() -> None:
    known = pd.DatetimeIndex(series_of(LEVELS, "BABA").index)
    found = reaction(LEVELS, "BABA", DAY, FUNDS, (0, 0))
    titles = news_on(EVERY, known, found).rows["title"].tolist()
    assert "700M downloads reported; Alibaba shares up nearly 10% in the day" in titles
    assert sorted(titles) == sorted(r["title"] for r in rows("events") if r["date"] == "2026-01-12")
    wider = reaction(LEVELS, "BABA", DAY, FUNDS, (-1, 1))
    expected = [r["title"] for r in rows("events") if "2026-01-09" <= r["date"] <= "2026-01-13"]
    assert sorted(news_on(EVERY, known, wider).rows["title"]) == sorted(expected)


def events(*days: str) -> pd.DataFrame:
    """Events named A, B ... on these days."""
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(list(days)),
            "date_precision": "day",
            "at": pd.Series(pd.NaT, range(len(days)), dtype="datetime64[ms, UTC]"),
            "subject": "Qwen",
            "kind": "model release",
            "title": [chr(65 + at) for at in range(len(days))],
            "source_name": "hand",
            "source_url": "https://example.org",
        }
    )
    return measure_events.named(frame, ["Qwen"])


def test_several_events_each_with_its_own_study_and_what_overlaps() -> None:
    # A and B share a Monday; C is a day later, D far away, E before all prices.
    given = events("2026-01-10", "2026-01-12", "2026-01-13", "2026-03-02", "2020-01-02")
    found = event_reactions(LEVELS, "BABA", "KWEB", given, (0, 1)).rows.set_index("title")
    for title in "ABCD":
        one = study(
            series_of(LEVELS, "BABA"),
            series_of(LEVELS, "KWEB"),
            found.loc[title, "session"],
            window=(0, 1),
        )
        assert found.loc[title, "abnormal_return"] == one.abnormal_return
        assert found.loc[title, "standard_error"] == one.standard_error
    first = found.loc["A", "name"]
    assert found["overlaps"][list("ABCDE")].tolist() == ["", first, first, "", ""]
    assert "no session" in found.loc["E", "refused"]
    assert found["refused"][list("ABCD")].eq("").all()
    alone = event_reactions(LEVELS, "BABA", "KWEB", given, (0, 0)).rows.set_index("title")
    assert alone["overlaps"][list("ABC")].tolist() == ["", first, ""]


def test_mean_reaction_by_hand() -> None:
    returns, errors = np.array([0.04, -0.01, 0.03]), np.array([0.02, 0.01, 0.02])
    found = mean_reaction(returns, errors)
    assert (found.number, found.up) == (3, 2)
    assert found.mean == pytest.approx(0.02)
    assert found.standard_error == pytest.approx(sqrt(0.0009) / 3)
    assert found.t == pytest.approx(2.0)
    assert found.sign_share == 1.0
    with pytest.raises(NothingToShow, match="None of these events"):
        mean_reaction(returns[:0], errors[:0])


def test_sign_test_is_exact() -> None:
    assert sign_share(5, 5) == 2 / 32
    assert sign_share(1, 8) == pytest.approx(2 * (1 + comb(8, 1)) / 256)
    for number in (1, 2, 7, 19, 60):
        for up in range(number + 1):
            expected = binomtest(up, number).pvalue
            assert sign_share(up, number) == pytest.approx(expected), (up, number)


def test_mean_of_noise_is_unusual_one_time_in_twenty() -> None:
    random = np.random.default_rng(5)
    unusual = 0
    for _ in range(1000):
        errors = random.uniform(0.01, 0.03, 12)
        unusual += abs(mean_reaction(random.normal(0, errors), errors).t) > 1.96
    assert unusual / 1000 == pytest.approx(0.05, abs=0.021)

"""The event study against hand, statsmodels, known shocks, noise, and the case itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from math import exp, log, sqrt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student
from statsmodels.api import OLS, add_constant

from core.errors import NothingToShow
from core.measure.event_study import MARKET_ADJUSTED, MARKET_MODEL, study
from tests.independent import rows

START = "2024-01-01"


def series(returns: np.ndarray, name: str = "X", start: str = START) -> pd.Series:
    """Levels on weekdays whose log returns are these."""
    levels = 100 * np.exp(np.concatenate([[0.0], np.cumsum(returns)]))
    return pd.Series(levels, pd.bdate_range(start, periods=len(levels)), name=name)


def embedded(ticker: str) -> pd.Series:
    """A ticker's index, in plain Python from the CSV file."""
    found = {r["session"]: float(r["index_100"]) for r in rows("prices") if r["ticker"] == ticker}
    return pd.Series(found, name=ticker)


def noise(
    seed: int, number: int, beta: float = 1.3, shock: float = 0.0, at: int = -1
) -> tuple[pd.Series, pd.Series]:
    """A share that follows a benchmark by ``beta``, with a shock in one return."""
    random = np.random.default_rng(seed)
    benchmark = random.normal(0.0003, 0.01, number)
    own = 0.0002 + beta * benchmark + random.normal(0, 0.02, number)
    own[at] += shock
    return series(own, "SHARE"), series(benchmark, "FUND")


NEWS = {
    # abnormal log return, t, days at least as large
    "SPY": (0.0937, 3.26, 3),
    "KWEB": (0.0323, 1.98, 11),
}


@pytest.mark.parametrize("fund", NEWS)
def test_the_day_of_the_news_from_the_embedded_index(fund: str) -> None:
    abnormal, t, count = NEWS[fund]
    found = study(embedded("BABA"), embedded(fund), date(2026, 1, 12))
    assert found.model == MARKET_MODEL
    assert found.abnormal_return == pytest.approx(abnormal, abs=5e-5)
    assert found.t == pytest.approx(t, abs=5e-3)
    assert (found.placebo_count, found.placebo_windows) == (count, 250)
    assert found.placebo_share == count / 250
    assert exp(found.raw_return) - 1 == pytest.approx(0.1017, abs=1e-4)
    assert [f"{day:%Y-%m-%d}" for day in found.estimation_dates] == ["2024-12-26", "2025-12-24"]
    assert found.window_dates == (pd.Timestamp("2026-01-12"),) * 2
    assert (found.skipped, found.splits) == (0, ())


@pytest.mark.parametrize("window", [(0, 0), (0, 1), (-1, 1), (-5, 5)])
@pytest.mark.parametrize("fund", ["SPY", "KWEB"])
def test_every_figure_agrees_with_statsmodels(fund: str, window: tuple[int, int]) -> None:
    found = study(embedded("BABA"), embedded(fund), "2026-01-12", window=window)
    both = pd.concat([embedded("BABA"), embedded(fund)], axis=1, join="inner").sort_index()
    returns = np.log(both).diff().iloc[1:]
    at = returns.index.get_loc("2026-01-12")
    first = at + window[0]
    inside = returns.iloc[first : at + window[1] + 1]
    ordinary = returns.iloc[first - 10 - 250 : first - 10]
    fit = OLS(ordinary["BABA"], add_constant(ordinary[fund])).fit()
    design = add_constant(inside[fund], has_constant="add")
    abnormal = inside["BABA"] - fit.predict(design)
    summed = design.sum().to_numpy()
    variance = fit.mse_resid * (len(inside) + summed @ fit.normalized_cov_params @ summed)
    assert found.alpha == pytest.approx(fit.params["const"])
    assert found.beta == pytest.approx(fit.params[fund])
    assert found.r_squared == pytest.approx(fit.rsquared)
    assert found.freedom == fit.df_resid
    assert found.abnormal_return == pytest.approx(abnormal.sum())
    assert found.standard_error == pytest.approx(sqrt(variance))
    assert found.t == pytest.approx(abnormal.sum() / sqrt(variance))
    assert found.raw_return == pytest.approx(inside["BABA"].sum())
    assert found.benchmark_return == pytest.approx(inside[fund].sum())
    sums = fit.resid.rolling(len(inside)).sum().dropna()
    assert found.placebo == pytest.approx(sums.to_numpy())
    assert found.placebo_count == (sums.abs() >= abs(abnormal.sum())).sum()
    if window == (0, 0):
        assert found.standard_error == pytest.approx(
            fit.get_prediction(design).se_obs[0]  # its own formula for one new observation
        )


def hand_worked(sessions: int = 60, gap: int = 10) -> tuple[pd.Series, pd.Series, pd.Timestamp]:
    """Benchmark +1 %, −1 % ...; share twice that, and +3 %, +3 %, −3 %, −3 % of its own.

    The own part is 0 on average and has nothing to do with the benchmark, so
    beta is 2 and alpha 0. On the day the benchmark rises by 2 %, the share by 9 %.
    """
    benchmark = np.tile([0.01, -0.01], sessions // 2)
    own = 2 * benchmark + np.tile([0.03, 0.03, -0.03, -0.03], sessions // 4)
    benchmark = np.concatenate([benchmark, np.full(gap, 0.004), [0.02]])
    own = np.concatenate([own, np.full(gap, -0.1), [0.09]])
    share = series(own, "SHARE")
    return share, series(benchmark, "FUND"), share.index[-1]


def test_hand_worked_case() -> None:
    share, fund, day = hand_worked()
    found = study(share, fund, day, estimation=60)
    assert found.model == MARKET_MODEL
    assert (found.alpha, found.beta) == pytest.approx((0, 2), abs=1e-12)
    # 9 % less twice 2 %.
    assert found.abnormal_return == pytest.approx(0.05)
    # Sum of squares 60 · 0.03² over 58; the benchmark's is 60 · 0.01².
    error = 60 * 0.0009 / 58 * (1 + 1 / 60 + 0.02**2 / (60 * 0.0001))
    assert found.standard_error == pytest.approx(sqrt(error))
    assert found.r_squared == pytest.approx(4 / (4 + 9))
    # All sixty ordinary days are 3 % off, none 5 %.
    assert (found.placebo_count, found.placebo_windows) == (0, 60)
    assert found.raw_return == pytest.approx(0.09)


def test_market_adjusted_by_hand_where_history_is_short() -> None:
    share, fund, day = hand_worked()
    found = study(share, fund, day)
    assert found.model == MARKET_ADJUSTED
    assert (found.alpha, found.beta, found.sessions, found.freedom) == (0, 1, 60, 60)
    assert np.isnan(found.r_squared)
    assert found.abnormal_return == pytest.approx(0.07)
    # Own less benchmark's: +4, +2, −2, −4 percent again and again: mean square 0.001.
    assert found.standard_error == pytest.approx(sqrt(0.001))
    assert found.t == pytest.approx(0.07 / sqrt(0.001))


@pytest.mark.parametrize(
    ("sessions", "model"), [(60, MARKET_ADJUSTED), (249, MARKET_ADJUSTED), (250, MARKET_MODEL)]
)
def test_method_by_length_of_history(sessions: int, model: str) -> None:
    share, fund = noise(1, sessions + 10 + 1)
    assert study(share, fund, share.index[-1]).model == model


def test_too_little_history_is_refused() -> None:
    share, fund = noise(1, 59 + 10 + 1)
    with pytest.raises(NothingToShow, match="Only 59 sessions"):
        study(share, fund, share.index[-1])


@pytest.mark.parametrize("shock", [0.12, -0.08, 0.0])
def test_known_beta_and_shock_are_found(shock: float) -> None:
    share, fund = noise(7, 1200, beta=1.7, shock=shock)
    found = study(share, fund, share.index[-1], estimation=1000)
    assert found.beta == pytest.approx(1.7, abs=0.2)
    # One day's own noise is 2 %: four times that is generous, and still tells the shock.
    assert found.abnormal_return == pytest.approx(shock, abs=0.08)
    quiet = study(*noise(7, 1200, beta=1.7), share.index[-1], estimation=1000)
    assert found.abnormal_return - quiet.abnormal_return == pytest.approx(shock)
    assert (abs(found.t) > 3) == (shock != 0)


def called_unusual(number: int, seed: int) -> tuple[float, float]:
    """Part of days without news that are unusual at the 5 % level, by t and by placebo."""
    days = 261
    random = np.random.default_rng(seed)
    benchmark = series(random.normal(0, 0.01, days))
    index, market = benchmark.index, np.diff(np.log(benchmark.to_numpy()))
    own = 1.2 * market + random.standard_t(8, (number, days)) * 0.02
    levels = 100 * np.exp(np.cumsum(np.insert(own, 0, 0, axis=1), axis=1))
    by_t = by_placebo = 0
    edge = student.ppf(0.975, 248)
    for one in levels:
        found = study(pd.Series(one, index, name="S"), benchmark, index[-1])
        by_t += abs(found.t) > edge
        by_placebo += (1 + found.placebo_count) / 251 <= 0.05
    return by_t / number, by_placebo / number


def test_ordinary_days_are_called_unusual_one_time_in_twenty() -> None:
    by_t, by_placebo = called_unusual(600, 20260112)
    # Three standard errors of a share of 5 % of 600.
    assert by_t == pytest.approx(0.05, abs=3 * sqrt(0.05 * 0.95 / 600))
    assert by_placebo == pytest.approx(0.05, abs=3 * sqrt(0.05 * 0.95 / 600))


@pytest.mark.slow
def test_calibration_on_many_days() -> None:
    by_t, by_placebo = called_unusual(30_000, 1)
    assert by_t == pytest.approx(0.05, abs=0.008)
    assert by_placebo == pytest.approx(0.05, abs=0.005)


def test_only_sessions_of_both_count_and_a_gap_is_one_change() -> None:
    share, fund = noise(3, 400)
    day = share.index[-1]
    halted = share.drop(share.index[[-2, -3, 100]])
    found = study(halted, fund, day)
    assert found.skipped == 2
    before = share.index[-4]
    assert found.raw_return == pytest.approx(log(share[day] / share[before]))
    assert found.benchmark_return == pytest.approx(log(fund[day] / fund[before]))
    assert found.sessions == 250


def test_a_split_that_is_adjusted_for_changes_nothing_and_one_that_is_not_is_named() -> None:
    share, fund = noise(4, 400)
    day = share.index[-1]
    plain = study(share, fund, day)
    assert study(share / 10, fund * 3, day).t == pytest.approx(plain.t)
    torn = share.copy()
    torn.iloc[-1] /= 4
    assert study(torn, fund, day).splits == (day,)
    torn = share.copy()
    torn.iloc[-100:] *= 5
    assert study(torn, fund, day).splits == (share.index[-100],)


def test_order_zones_and_kinds_of_dates_do_not_matter() -> None:
    share, fund = noise(5, 300)
    plain = study(share, fund, share.index[-1])
    shuffled = share.sample(frac=1, random_state=1)
    aware = fund.tz_localize("America/New_York")
    for day in (
        share.index[-1].date(),
        str(share.index[-1].date()),
        share.index[-1].tz_localize("Asia/Hong_Kong"),
        share.index[-1].to_pydatetime().replace(hour=20, tzinfo=ZoneInfo("America/New_York")),
    ):
        found = study(shuffled, aware, day)
        assert found.t == plain.t
        assert found.window_dates == plain.window_dates
    as_dates = pd.Series(share.to_numpy(), [moment.date() for moment in share.index], name="S")
    as_text = pd.Series(fund.to_numpy(), [f"{moment:%Y-%m-%d}" for moment in fund.index])
    assert study(as_dates, as_text, share.index[-1]).t == plain.t
    mixed = [
        moment.tz_localize("UTC" if at % 2 else "Asia/Tokyo")
        for at, moment in enumerate(fund.index)
    ]
    odd = pd.Series(fund.to_numpy(), pd.Index(mixed, dtype=object), name="F")
    assert study(share, odd, share.index[-1]).t == plain.t


def test_values_that_are_no_prices_are_left_out() -> None:
    share, fund = noise(6, 400)
    plain = study(share, fund, share.index[-1])
    dirty = share.copy()
    dirty.iloc[:4] = [np.nan, np.inf, 0.0, -5.0]
    assert study(dirty, fund, share.index[-1]).t == plain.t
    same_twice = pd.concat([share, share.iloc[50:60]])
    assert study(same_twice, fund, share.index[-1]).t == plain.t


def refused(message: str, *arguments: object, **options: object) -> None:
    with pytest.raises(NothingToShow, match=message) as answer:
        study(*arguments, **options)
    assert answer.value.sentence.endswith((".", "."))


def test_bad_input_is_refused_in_plain_words() -> None:
    share, fund = noise(8, 400)
    days, last = share.index, share.index[-1]
    refused("begin on 2024-01-01", share, fund, "2020-01-01")
    refused("begin on 2024-01-01", share, fund, days[0])
    refused("no session of SHARE on 2024-06-01", share, fund, date(2024, 6, 1))  # a Saturday
    refused("no session of SHARE on 2099-01-01", share, fund, "2099-01-01")
    refused("no session of SHARE on", share.drop(last), fund, last)
    refused("no session of FUND on", share, fund.drop(last), last)
    refused("not traded", share.drop(days[-5]), fund, days[-5])
    refused("no session of SHARE on", share.replace(share.iloc[-1], np.nan), fund, last)
    refused("no prices of SHARE", share.iloc[:0], fund, last)
    refused("no prices of FUND", share, fund * np.nan, last)
    refused("Only 0 sessions", share.iloc[-3:], fund.iloc[-3:], last)
    refused("same series", share, share.rename("TWIN"), last)
    refused("same series", share, share * 7, last)
    refused("never changes", share, fund * 0 + 100, last)
    refused("never changes", share * 0 + 3, fund, last)
    refused("moves exactly as", series(2 * np.diff(np.log(fund))), fund, last)
    refused("two different values of 2024-01-15", pd.concat([share, share[10:11] * 2]), fund, last)
    refused("ends before it begins", share, fund, days[-9], window=(1, 0))
    refused("overlap", share, fund, last, gap=-1)
    refused("reaches 3 sessions beyond", share, fund, days[-2], window=(0, 3))
    refused("too long", share, fund, days[-2], window=(-70, 0))
    refused("fewer than 60", share, fund, last, estimation=3)
    refused("no date", pd.Series([1.0, 2.0], ["yesterday", "today"]), fund, last)
    refused("no date", pd.Series([1.0, 2.0], [1, 2]), fund, last)
    refused("no date", share, fund, "'; DROP TABLE prices; --")
    refused("no date", pd.Series([1.0], pd.DatetimeIndex([pd.NaT])), fund, last)


def test_names_that_are_attacks_are_only_quoted() -> None:
    share, fund = noise(9, 300)
    attack = "'; DROP TABLE prices; --<script>alert(1)</script>"
    with pytest.raises(NothingToShow) as answer:
        study(share.rename(attack), fund, date(2024, 6, 1))
    assert f"There is no session of {attack} on" in answer.value.sentence


def test_given_series_are_left_as_they_were() -> None:
    share, fund = noise(10, 300)
    copies = share.copy(), fund.copy()
    study(share, fund, datetime(2025, 2, 3, tzinfo=UTC))
    pd.testing.assert_series_equal(share, copies[0])
    pd.testing.assert_series_equal(fund, copies[1])

"""Correlation of changes: against scipy-free arithmetic, on noise, and on a known lag."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.errors import NothingToShow
from core.measure.session_sums import SessionSums
from core.measure.together import FEWEST, Together, changes, circular, together

SESSIONS = pd.bdate_range("2025-01-02", periods=700).as_unit("s")


def sums(per_day: list[float], skip: frozenset[int] = frozenset()) -> SessionSums:
    """Downloads a day by session, as ``session_sums`` gives them."""
    kept = [at for at in range(len(per_day)) if at not in skip]
    rows = pd.DataFrame({"session": SESSIONS[kept], "per_day": [float(per_day[at]) for at in kept]})
    return SessionSums("A", rows, (), ())


def share(levels: list[float]) -> pd.Series:
    return pd.Series(levels, SESSIONS[: len(levels)], name="S", dtype="float64")


def walks(size: int, lag: int = 0, part: float = 0.0, seed: int = 0) -> Together:
    """Two made-up histories; the share follows ``part`` of the downloads ``lag`` sessions later."""
    chance = np.random.default_rng(seed)
    first = chance.standard_normal(size + 40)
    second = chance.standard_t(4, size)
    second += part * first[20 - lag : size + 20 - lag]
    downloads = 1e6 * np.exp(np.cumsum(0.05 * first[20 : size + 20]))
    price = 100 * np.exp(np.cumsum(0.02 * second))
    return together(sums(downloads.tolist()), share(price.tolist()))


def test_changes_are_of_rates_between_sessions_that_both_have() -> None:
    pairs, left_out = changes(
        sums([1, 2, 4, 8, 16, 32], frozenset({3})), share([10, 20, 10, 10, 5, 10])
    )
    assert pairs["session"].tolist() == [SESSIONS[1], SESSIONS[2], SESSIONS[5]]
    assert np.exp(pairs["downloads"]).tolist() == pytest.approx([2, 2, 2])
    assert np.exp(pairs["share"]).tolist() == pytest.approx([2, 0.5, 2])
    assert left_out == 2


def test_downloads_below_zero_have_no_change() -> None:
    pairs, left_out = changes(sums([1, -2, 4, 8]), share([1, 2, 3, 4]))
    assert pairs["session"].tolist() == [SESSIONS[3]]
    assert left_out == 2


def ranks(values: np.ndarray) -> list[float]:
    """Ranks with ties shared, one by one."""
    return [float((values < value).sum() + ((values == value).sum() + 1) / 2) for value in values]


def test_correlation_is_spearmans_on_changes() -> None:
    chance = np.random.default_rng(3)
    moves = chance.normal(0, 0.02, (2, 120))
    found = together(
        sums((1e6 * np.cumprod(1 + moves[0])).tolist()),
        share((100 * np.cumprod(1 + moves[1])).tolist()),
    )
    first, second = (np.array(ranks(row[1:])) for row in moves)
    expected = np.corrcoef(first, second)[0, 1]
    assert found.correlation == pytest.approx(expected)
    by_lag = found.lags.set_index("lag")["correlation"]
    assert by_lag[0] == pytest.approx(expected)
    # Three sessions earlier, around the circle.
    assert by_lag[3] == pytest.approx(np.corrcoef(np.roll(first, 3), second)[0, 1])
    assert by_lag[-2] == pytest.approx(np.corrcoef(np.roll(first, -2), second)[0, 1])


def test_all_shifts_at_once_are_each_by_itself() -> None:
    chance = np.random.default_rng(1)
    first, second = chance.standard_normal((2, 31))
    expected = [np.roll(first, at) @ second / 31 for at in range(31)]
    assert circular(first, second).tolist() == pytest.approx(expected)


def test_noise_is_as_strong_as_chance_in_five_of_a_hundred() -> None:
    found = [walks(size, seed=1000 * size + at) for size in (80, 120) for at in range(75)]
    # 5 % of 150 are 7 or 8; more than 17 come once in 1,000 tries.
    same = sum((1 + one.as_strong) / (1 + one.histories) <= 0.05 for one in found)
    lags = sum((1 + one.best_as_strong) / (1 + one.shuffled) <= 0.05 for one in found)
    assert 1 <= same <= 17
    assert 1 <= lags <= 17
    inside = sum(one.low <= one.correlation <= one.high for one in found)
    assert 0.87 < inside / len(found) < 0.995


@pytest.mark.slow
def test_noise_is_calibrated_closely() -> None:
    found = [walks(size, seed=10**6 * size + at) for size in (65, 250, 450) for at in range(1000)]
    same = np.mean([(1 + one.as_strong) / (1 + one.histories) <= 0.05 for one in found])
    lags = np.mean([(1 + one.best_as_strong) / (1 + one.shuffled) <= 0.05 for one in found])
    assert 0.036 < same < 0.064
    assert 0.036 < lags < 0.064


@pytest.mark.parametrize("lag", [-4, 0, 3, 10])
def test_known_lag_is_found_and_beyond_chance(lag: int) -> None:
    found = walks(300, lag=lag, part=1.0, seed=5)
    assert found.best == lag
    assert found.best_as_strong <= 10
    row = found.lags.set_index("lag")["correlation"]
    assert row[lag] > found.band
    assert (row.drop(lag).abs() < 0.5 * row[lag]).all()
    assert (found.as_strong <= 5) == (lag == 0)


def test_two_series_that_both_rise_are_not_related_by_that() -> None:
    chance = np.random.default_rng(2)
    rising = np.exp(np.linspace(0, 3, 300))
    first, second = (rising * np.exp(chance.normal(0, 0.02, 300)) for _ in range(2))
    assert np.corrcoef(first, second)[0, 1] > 0.99
    found = together(sums(first.tolist()), share(second.tolist()))
    assert abs(found.correlation) < 0.15


@pytest.mark.parametrize(
    ("number", "said"), [(0, "no session has"), (FEWEST, f"only {FEWEST - 1} sessions have")]
)
def test_too_few_sessions_are_refused_in_words(number: int, said: str) -> None:
    levels = [float(1 + at % 7) for at in range(number)]
    with pytest.raises(NothingToShow) as caught:
        together(sums(levels), share(levels))
    assert said in caught.value.sentence
    assert "Choose longer dates" in caught.value.advice


def test_series_that_never_changes_is_refused() -> None:
    wandering = [float(1 + at % 7) for at in range(100)]
    with pytest.raises(NothingToShow, match="A's downloads never change"):
        together(sums([5.0] * 100), share(wandering))
    with pytest.raises(NothingToShow, match="S's price never change"):
        together(sums(wandering), share([5.0] * 100))


def test_same_input_gives_the_same_answer() -> None:
    one, other = walks(120, seed=9), walks(120, seed=9)
    assert (one.band, one.best_as_strong, one.as_strong) == (
        other.band,
        other.best_as_strong,
        other.as_strong,
    )
